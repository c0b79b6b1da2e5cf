"""Rows put aside as JSON, and put back."""

import base64
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from webapp.core.db import UtcDateTime

Row = dict[str, Any]


def as_json(value: Any) -> Any:
    """Return what JSON can hold of one cell: ISO 8601 with zone, and the values of words."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def packed(row: sa.RowMapping) -> Row:
    """Return one row as JSON can hold it."""
    return {str(column): as_json(value) for column, value in row.items()}


def unpacked(table: sa.Table, row: Row) -> Row:
    """Return a row as the database takes it."""
    return {name: _cell(table.c[name].type, value) for name, value in row.items()}


def _cell(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    return base64.b64decode(value) if isinstance(kind, sa.LargeBinary) else value
