"""A bare app that asks and says "saved" without doing anything: the limit of this machine."""

from flask import Flask

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Bare</title>
<link rel="icon" href="data:,">
</head>
<body><h1>{heading}</h1><p>{filling}</p><form method="post"><button>Yes</button></form></body>
</html>
"""
SIZE = 1024
QUESTION, SAVED = "Did you talk?", "Saved"

app = Flask(__name__)


@app.get("/")
def ask() -> str:
    """Ask, on a page of 1 KB."""
    return _page(QUESTION)


@app.post("/")
def save() -> str:
    """Say it is saved, on a page of 1 KB."""
    return _page(SAVED)


def _page(heading: str) -> str:
    rest = SIZE - len(PAGE.format(heading=heading, filling=""))
    return PAGE.format(heading=heading, filling="." * rest)
