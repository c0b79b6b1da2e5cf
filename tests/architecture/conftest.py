from dataclasses import replace

import pytest
from flask import Flask

from conftest import make_config
from webapp.core.config import Mode
from webapp.factory import create_app


@pytest.fixture(scope="session")
def whole_app(tmp_path_factory) -> Flask:
    """The app with every route there is: the demo has some of its own."""
    folder = tmp_path_factory.mktemp("whole")
    url = f"sqlite:///{folder / 'whole.sqlite'}"
    return create_app(replace(make_config(folder, url), mode=Mode.DEMO))
