"""The WSGI entry: `gunicorn app:app`, `flask --app app ...`."""

from webapp.factory import create_app

app = create_app()
