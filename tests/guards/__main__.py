"""`python -m tests.guards`: takes each guard away once and looks whether a test notices."""

import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
runpy.run_module("guards.command", run_name="__main__")
