"""A pooler such as PgBouncer between us and PostgreSQL: it is noticed, not configured.

It lends a connection of the server for one transaction at a time. What a session keeps, a lock or
a setting, stays behind for whoever gets that connection next, and we have it no longer. So behind
a pooler what we need is asked for in each transaction.
"""

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

if TYPE_CHECKING:  # it is loaded where a database of it is used
    import psycopg

BETWEEN = "is-behind-a-pooler"
SERVER = "SELECT pg_backend_pid()"
PLANS = "set_config('plan_cache_mode', 'force_custom_plan', {})"
"""Each statement is planned anew.

A plan kept from when a table was empty reads all of it for as long as the connection lives, and an
event's tables begin empty. This holds for the server's own checks of foreign keys too, of which an
import of guests makes thousands.
"""
PLANS_OF_SESSION, PLANS_OF_TRANSACTION = PLANS.format("false"), PLANS.format("true")


def look_for(engine: sa.Engine) -> None:
    """Let each new connection to PostgreSQL find out whether a pooler stands between."""

    def look(connection: "psycopg.Connection[Any]", record: ConnectionPoolEntry) -> None:
        connection.autocommit = True
        record.info[BETWEEN] = is_between(connection)
        if not record.info[BETWEEN]:
            connection.execute(f"SELECT {PLANS_OF_SESSION}")
        connection.autocommit = False

    event.listen(engine, "connect", look)


def is_between(connection: "psycopg.Connection[Any]") -> bool:
    """Tell whether a pooler answered: the process it named is not the one that works for us."""
    found = connection.execute(SERVER).fetchone()
    return found is not None and found[0] != connection.info.backend_pid


def stands_before(url: str) -> bool:
    """Tell whether a pooler answers at a URL."""
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        return is_between(raw)
