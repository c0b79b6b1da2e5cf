"""The app without rate limits: with them a scanner would see little but "too fast"."""

from webapp.factory import create_app
from webapp.security.limits import limiter

app = create_app()
limiter.enabled = False
