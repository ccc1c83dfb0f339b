"""What is kept only for a while: finished jobs and receipts, which grow with every minute and every request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa

from recore.platform.db import UnitOfWork, unit_of_work
from recore.platform.jobs import Job, JobRegistry, JobRun, JobState
from recore.platform.receipts import Receipt

PURGE = "platform.purge"
AT_ONCE = 1000
DONE_JOBS_FOR = timedelta(days=2)
FAILED_JOBS_FOR = timedelta(days=90)
RECEIPTS_FOR = timedelta(days=30)  # far longer than any client repeats a request


def register(jobs: JobRegistry) -> None:
    jobs.add(PURGE, purge, "古い記録の整理", every=timedelta(hours=1))


def purge(run: JobRun) -> None:
    repeat(purge_some, run)


def repeat(some: Callable[[UnitOfWork], int], run: JobRun) -> None:
    """Until nothing is left, a bounded number of rows per transaction; `some` says how many they were."""
    while True:
        with unit_of_work(run.actor) as uow:
            if some(uow) == 0:
                return
        run.heartbeat()


def purge_some(uow: UnitOfWork) -> int:
    """Delete the tenant's oldest finished jobs and receipts whose time is over, at most 1,000 of each kind; how many."""
    return sum(
        _delete(uow, table, over)
        for table, over in (
            (Job, _finished(JobState.DONE, uow.at - DONE_JOBS_FOR)),
            (Job, _finished(JobState.FAILED, uow.at - FAILED_JOBS_FOR)),
            (Receipt, Receipt.at < uow.at - RECEIPTS_FOR),
        )
    )


def _finished(state: JobState, before: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(Job.state == state, Job.finished_at < before)


def _delete(uow: UnitOfWork, table: type[Job] | type[Receipt], over: sa.ColumnElement[bool]) -> int:
    oldest = sa.select(table.id).where(over).order_by(table.id).limit(AT_ONCE)
    deleted = uow.session.execute(
        sa.delete(table).where(table.id.in_(oldest)), execution_options={"synchronize_session": False}
    )
    return cast("sa.CursorResult[tuple[()]]", deleted).rowcount
