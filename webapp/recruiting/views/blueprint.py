"""The blueprint all routes of this feature stand on."""

from flask import Blueprint

bp = Blueprint("recruiting", __name__)
