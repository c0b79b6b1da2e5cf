"""The queue between the web and the worker, and the worker itself, by huey.

The queue only says that there is something to do; what that is stands in the database. A queue
that is lost, or a job done twice, costs nothing but the wait for the next round.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable
from functools import cached_property, partial

from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer, Scheduler
from huey.serializer import SignedSerializer
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy.exc import SQLAlchemyError

from webapp.core.config import Config
from webapp.mail.tasks import deliver_due
from webapp.worker.tasks import DELIVERY, TASKS, Task, run_if_due

log = logging.getLogger(__name__)

JOBS = "bowline-jobs"
THREADS = 5
DELIVERING = 4
"""How many threads may deliver at once: a slow mail server leaves one for everything else."""
MOST_WAITING = 100
"""More wake-ups than that tell the worker nothing new."""
LOOK_SECONDS = 0.5
AWAY_SECONDS = 10.0
ROUND_SECONDS = 10
"""How often the worker looks which periodic task is due."""
REDIS_SECONDS = 3.0


class Rounds(Scheduler):  # type: ignore[misc]  # huey publishes no types
    """Huey's scheduler, which looks for periodic tasks more often than once a minute."""

    periodic_task_seconds = ROUND_SECONDS


class Worker(Consumer):  # type: ignore[misc]
    """Huey's consumer in threads of a process that listens to signals itself."""

    scheduler_class = Rounds


class Jobs:
    """The queue of one app."""

    def __init__(self, app: Flask, config: Config) -> None:
        self._app, self._config = app, config
        self._stopping = threading.Event()
        self._is_woken = threading.Event()
        self._delivering = threading.Semaphore(DELIVERING)
        self.may_run: Callable[[Task], bool] = lambda _task: True
        """Lets a demo hold tasks back until its stage is set."""

    @cached_property
    def huey(self) -> Huey:
        """The queue, made at its first use; what lies in it is signed."""
        signed = SignedSerializer(secret=self._config.secret_key, salt="jobs")
        options = {"results": False, "serializer": signed}
        if self._config.redis_url:
            huey = RedisHuey("bowline", connection_pool=_pool(self._config.redis_url), **options)
        else:
            huey = SqliteHuey("bowline", filename=str(self._config.jobs_file), **options)
        self._add_jobs(huey)
        return huey

    def _add_jobs(self, huey: Huey) -> None:
        self._deliver = huey.task(name="deliver")(self._deliver_now)
        for task in TASKS:
            rhythm = huey.periodic_task(_always, name=task.name, expires=ROUND_SECONDS)
            rhythm(partial(self._run, task))

    def wake(self) -> None:
        """Tell the worker that mail waits; if that fails, it finds the mail by itself."""
        try:
            if self.huey.storage.queue_size() < MOST_WAITING:
                self._deliver()
        except Exception:  # a request must not fail because of this
            log.warning("the worker could not be woken; it looks by itself", exc_info=True)

    def _deliver_now(self) -> None:
        """Deliver what is due, unless enough threads do; those go on until nothing is left."""
        self._is_woken.set()
        while self._is_woken.is_set() and self._delivering.acquire(blocking=False):
            try:
                self._is_woken.clear()
                with self._app.app_context():
                    deliver_due(may_go_on=lambda: not self._stopping.is_set())
            finally:
                self._delivering.release()

    def _run(self, task: Task) -> None:
        if self.may_run(task) and not self._stopping.is_set():
            with self._app.app_context():
                run_if_due(task, by=self._deliver_now if task is DELIVERY else task.run)

    def work_until(self, stopping: threading.Event) -> None:
        """Deliver mail and run what is due until told to stop; what has begun is finished."""
        self._stopping = stopping
        consumer = Worker(
            self.huey,
            workers=THREADS,
            max_delay=AWAY_SECONDS if self._config.redis_url else LOOK_SECONDS,
            scheduler_interval=ROUND_SECONDS,
        )
        consumer.scheduler.start()
        for _, thread in consumer.worker_threads:
            thread.start()
        for _ in range(DELIVERING):
            self.wake()
        while not stopping.wait(1):
            consumer.check_worker_health()
            if not self._is_there():
                self._go_round()
        consumer.stop(graceful=True)
        self.huey.storage.close()

    def _is_there(self) -> bool:
        """Tell whether the queue answers."""
        try:
            self.huey.storage.queue_size()
        except (RedisError, OSError, sqlite3.Error):
            return False
        return True

    def _go_round(self) -> None:
        """Do without a queue: look at everything ourselves."""
        try:
            self._deliver_now()
            for task in TASKS:
                self._run(task)
        except SQLAlchemyError:
            log.exception("the database did not answer; trying again")


def init_app(app: Flask, config: Config) -> None:
    """Give the app its queue."""
    app.extensions[JOBS] = Jobs(app, config)


def jobs_of(app: Flask) -> Jobs:
    """Return the queue of an app."""
    found = app.extensions[JOBS]
    assert isinstance(found, Jobs)  # noqa: S101  # set by the factory, once
    return found


def wake(_sender: object) -> None:
    """Tell the worker that mail waits; called after the commit that queued it."""
    jobs_of(current_app).wake()


def _always(_now: object) -> bool:
    """Leave it to the database when a task is due: every worker asks."""
    return True


def _pool(url: str) -> ConnectionPool:
    """Return connections that give up soon: nobody's request waits for a Redis that is away."""
    return ConnectionPool.from_url(
        url,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
