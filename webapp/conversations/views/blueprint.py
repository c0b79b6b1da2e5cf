"""The blueprint all these views hang on."""

from flask import Blueprint

bp = Blueprint("conversations", __name__)
