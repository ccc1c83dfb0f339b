"""Background work of the sync."""

from __future__ import annotations

from datetime import timedelta

from recore.platform.db import unit_of_work
from recore.platform.jobs import JobRun
from recore.sync.overdue import doubt_unseen
from recore.wiring import Services

OVERDUE = "sync.overdue"


def register(wired: Services) -> None:
    wired.jobs.add(OVERDUE, overdue, every=timedelta(minutes=1))


def overdue(run: JobRun) -> None:
    """Move what never appeared to 要確認."""
    with unit_of_work(run.actor) as uow:
        doubt_unseen(uow)
