"""The queue between the web and the worker, and the worker itself, by huey.

The queue only says that there is something to do; what that is stands in the database. A queue
that is lost, or a job done twice, costs nothing but the wait for the next round.
"""

import logging
import threading
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp.core.config import Config
from webapp.mail.tasks import deliver_due
from webapp.worker.tasks import DELIVERY, TASKS, Task, run_if_due

if TYPE_CHECKING:
    from huey import Huey

log = logging.getLogger(__name__)

JOBS = "bowline-jobs"
DELIVERING = 4
"""How many threads may deliver at once: a slow mail server leaves one for everything else."""
MOST_WAITING = 100
"""More wake-ups than that tell the worker nothing new."""


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
    def huey(self) -> "Huey":
        """The queue, opened by the first who has something for it."""
        from webapp.worker import queue  # noqa: PLC0415

        huey = queue.opened(self._config)
        self._add_jobs(huey, expires=queue.ROUND_SECONDS)
        return huey

    def _add_jobs(self, huey: "Huey", *, expires: int) -> None:
        self._deliver = huey.task(name="deliver")(self._deliver_now)
        for task in TASKS:
            rhythm = huey.periodic_task(_always, name=task.name, expires=expires)
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
        from webapp.worker import queue  # noqa: PLC0415

        self._stopping = stopping
        worker = queue.start_worker(self.huey, self._config)
        for _ in range(DELIVERING):
            self.wake()
        while not stopping.wait(1):
            worker.check_worker_health()
            if not queue.is_there(self.huey):
                self._go_round()
        worker.stop(graceful=True)
        self.huey.storage.close()

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
