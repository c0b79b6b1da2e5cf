"""What the worker did last."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base


class TaskRun(Base):
    """The last run of one periodic task, by whichever worker."""

    __tablename__ = "task_run"

    name: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    """None while it runs, and for good if its worker was killed."""
    problem: Mapped[str | None]
    """What went wrong, if something did."""
