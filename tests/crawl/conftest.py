"""The crawl is done once for each database; its tests look at what came back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa
import time_machine
from crawl.crawler import Crawl, Crawler, no_limits, templates_of
from crawl.world import make_world
from flask import Flask

from people import EVENING
from webapp.core import db as database
from webapp.core.db import Base


@contextmanager
def crawler_of(app: Flask) -> Iterator[Crawler]:
    """A crawler over a fresh world, on a frozen evening; afterwards the tables are empty."""
    with time_machine.travel(EVENING, tick=False), app.app_context(), no_limits():
        plain = app.extensions["bowline"]
        world = make_world(database.session())
        app.extensions["bowline"] = replace(plain, operators=world.operators)
        crawler = Crawler(app, database.session(), world)
        try:
            yield crawler
        finally:
            crawler.watch.close()
            app.extensions["bowline"] = plain
            database.db.session.remove()
            with database.db.engine.begin() as connection:
                for table in reversed(Base.metadata.sorted_tables):
                    connection.execute(sa.delete(table))


def _crawl(app: Flask, do: Callable[[Crawler], Crawl]) -> Crawl:
    names: set[str] = set()
    with crawler_of(app) as crawler, templates_of(app, names):
        crawl = do(crawler)
    crawl.templates = names
    return crawl


@pytest.fixture(scope="session")
def reading(app: Flask) -> Crawl:
    """What everybody got for reading everything."""
    return _crawl(app, Crawler.read_everything)


@pytest.fixture(scope="session")
def writing(app: Flask) -> Crawl:
    """What everybody got for sending every form."""
    return _crawl(app, Crawler.write_everything)
