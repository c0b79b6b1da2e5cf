"""The WSGI entry: `gunicorn app:app`, `flask --app app ...`."""

import gc

gc.disable()  # nothing that is loaded here ever goes: looking for garbage takes a quarter of it

from webapp.factory import create_app  # noqa: E402

app = create_app()
gc.freeze()
gc.enable()
