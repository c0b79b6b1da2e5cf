"""A bare app that writes one row for each form, as durably as Bowline: the limit for a claim."""

import os
import sqlite3

import sqlalchemy as sa
from flask import Flask, request
from sqlalchemy.pool import ConnectionPoolEntry

engine = sa.create_engine(os.environ["DATABASE_URL"], pool_size=8, max_overflow=120)
said = sa.Table("said", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))
said.append_column(sa.Column("words", sa.Text, nullable=False))
app = Flask(__name__)


@sa.event.listens_for(engine, "connect")
def _keep_over_a_power_cut(connection: object, _: ConnectionPoolEntry) -> None:
    if isinstance(connection, sqlite3.Connection):
        for pragma in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")


with engine.begin() as first:
    said.create(first, checkfirst=True)


@app.get("/")
def hello() -> str:
    """Say hello."""
    return "Hello"


@app.post("/")
def save() -> tuple[str, int, dict[str, str]]:
    """Keep a row, and send people on."""
    with engine.begin() as connection:
        connection.execute(said.insert().values(words=request.form["words"]))
    return "", 303, {"Location": "/"}
