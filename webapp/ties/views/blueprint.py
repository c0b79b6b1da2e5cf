"""The blueprint all screens of ties hang on."""

from flask import Blueprint

bp = Blueprint("ties", __name__)
