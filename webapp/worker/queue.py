"""The queue itself, in Redis or in a file, and who works it off, by huey."""

import sqlite3

from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer, Scheduler
from huey.serializer import SignedSerializer
from redis.exceptions import RedisError

from webapp.core import redis
from webapp.core.config import Config

THREADS = 5
LOOK_SECONDS = 0.5
AWAY_SECONDS = 10.0
ROUND_SECONDS = 10
"""How often the worker looks which periodic task is due."""
REDIS_SECONDS = 3.0
"""How long a request that wakes the worker waits for Redis."""


class Rounds(Scheduler):  # type: ignore[misc]  # huey publishes no types
    """Huey's scheduler, which looks for periodic tasks more often than once a minute."""

    periodic_task_seconds = ROUND_SECONDS


class Worker(Consumer):  # type: ignore[misc]
    """Huey's consumer in threads of a process that listens to signals itself."""

    scheduler_class = Rounds


def opened(config: Config) -> Huey:
    """Return the queue of an installation; what lies in it is signed."""
    signed = SignedSerializer(secret=config.secret_key, salt="jobs")
    options = {"results": False, "serializer": signed}
    if config.redis_url:
        connections = redis.pool(config.redis_url, seconds=REDIS_SECONDS)
        return RedisHuey("bowline", connection_pool=connections, **options)
    return SqliteHuey("bowline", filename=str(config.jobs_file), **options)


def start_worker(huey: Huey, config: Config) -> Worker:
    """Start the threads that work a queue off."""
    worker = Worker(
        huey,
        workers=THREADS,
        max_delay=AWAY_SECONDS if config.redis_url else LOOK_SECONDS,
        scheduler_interval=ROUND_SECONDS,
    )
    worker.scheduler.start()
    for _, thread in worker.worker_threads:
        thread.start()
    return worker


def is_there(huey: Huey) -> bool:
    """Tell whether a queue answers."""
    try:
        huey.storage.queue_size()
    except (RedisError, OSError, sqlite3.Error):
        return False
    return True
