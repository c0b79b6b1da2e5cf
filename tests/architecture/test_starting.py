"""What a web process loads before its first request: each start after a kill waits for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from webapp.operating.serving import LIBRARIES

ROOT = Path(__file__).resolve().parents[2]
LATER = (
    "alembic",
    "authlib",
    "huey",
    "numpy",
    "openpyxl",
    "psycopg",
    "pytest",
    "redis",
    "requests",
)
"""Weighs a lot, and what people do most needs none of it on the embedded default."""
SAY = "import app, gc, sys; print(gc.isenabled(), gc.get_freeze_count() > 0, *sys.modules)"


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    env = {"PATH": os.environ["PATH"], "BOWLINE_DATA": str(tmp_path_factory.mktemp("data"))}
    done = subprocess.run(
        [sys.executable, "-c", SAY], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_what_only_commands_need_is_not_loaded(said):
    assert "webapp.factory" in said
    assert [one for one in LATER if one in said] == []


def test_what_gunicorn_loads_beforehand_is_what_the_app_needs(said):
    assert [one for one in LIBRARIES if one not in said] == []


def test_garbage_is_looked_for_again_once_it_has_started(said):
    assert said[:2] == ["True", "True"]
