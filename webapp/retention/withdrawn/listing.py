"""The list beside the database: appended to at once, and made whole by the worker."""

import logging
import os
from collections.abc import Iterable
from pathlib import Path

from flask import current_app, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Session

from webapp.core.db import RequestSession
from webapp.core.files import open_ours
from webapp.core.urls import config
from webapp.retention.withdrawn.queries import all_withdrawals, told_by
from webapp.retention.withdrawn.rules import Withdrawal, missing, standing

log = logging.getLogger(__name__)

TOLD = "bowline_withdrawn"


def read(files: Iterable[Path]) -> dict[tuple[str, ...], Withdrawal]:
    """Return what holds by the lists of one or more machines; the later word counts."""
    lines = [line for file in files if file.exists() for line in file.read_text().splitlines()]
    found = sorted(filter(None, map(Withdrawal.read, lines)), key=lambda one: one.at)
    return standing(one.line() for one in found)


def append(file: Path, withdrawals: Iterable[Withdrawal]) -> None:
    """Write lines that outlast a power cut; a line that was cut short before stays alone."""
    text = "".join(one.line() for one in withdrawals)
    if not text:
        return
    target = open_ours(file, os.O_RDWR | os.O_APPEND)
    try:
        size = os.fstat(target).st_size
        is_cut = size > 0 and os.pread(target, 1, size - 1) != b"\n"
        os.write(target, (("\n" if is_cut else "") + text).encode())
        os.fsync(target)
    finally:
        os.close(target)


def complete(session: Session, file: Path) -> int:
    """Add what the database knows and the list does not; returns how much that was."""
    news = missing(read([file]), all_withdrawals(session))
    append(file, news)
    return len(news)


@event.listens_for(RequestSession, "before_flush")
def _collect(session: RequestSession, *_: object) -> None:
    told = list(told_by(session))
    if told:
        session.info.setdefault(TOLD, []).extend(told)


@event.listens_for(RequestSession, "after_commit")
def _write(session: RequestSession) -> None:
    """Write down what was taken back; if there is no room, the worker does it later."""
    if session.get_nested_transaction() is not None:
        return
    told = session.info.pop(TOLD, [])
    if not told or not has_app_context() or "bowline" not in current_app.extensions:
        return
    try:
        append(config().withdrawn_file, told)
    except OSError:
        log.exception("what was taken back could not be written down; the worker tries again")


@event.listens_for(RequestSession, "after_rollback")
def _forget(session: RequestSession) -> None:
    session.info.pop(TOLD, None)
