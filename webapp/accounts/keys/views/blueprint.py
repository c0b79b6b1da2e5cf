"""The blueprint of keys."""

from flask import Blueprint

bp = Blueprint("keys", __name__)
