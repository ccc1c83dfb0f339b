"""Reads for 自動処理. Never the payload: what a job is about is not for this page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.platform.jobs import Job, JobState
from recore.platform.paging import AnyRow, Page, newest_first
from recore.platform.schedules import JobSchedule

WAITS_LONG = timedelta(minutes=5)

SHOWN: Mapping[JobState, sa.ColumnElement[bool]] = {
    JobState.QUEUED: Job.state == JobState.QUEUED,
    JobState.RUNNING: Job.state == JobState.RUNNING,
    JobState.FAILED: sa.and_(Job.state == JobState.FAILED, Job.dismissed_at.is_(None)),
}


def counts(session: Session) -> dict[JobState, int]:
    """How many of each state that the page shows."""
    statement = sa.select(Job.state, sa.func.count(Job.id)).where(sa.or_(*SHOWN.values()))
    found = dict(session.execute(statement.group_by(Job.state)).all())
    return {state: found.get(state, 0) for state in SHOWN}


def jobs(session: Session, state: JobState, *, before: int | None = None) -> Page[Any]:
    """Jobs of a state, newest first."""
    statement = sa.select(
        Job.id, Job.kind, Job.attempts, Job.deaths, Job.created_at, Job.started_at, Job.finished_at, Job.not_before,
        Job.last_error,
    ).where(SHOWN[state])  # fmt: skip
    return newest_first(session, statement, Job.id, before=before)


def schedules(session: Session) -> list[AnyRow]:
    """(kind, next_at) of what is done regularly, the next one first."""
    statement = sa.select(JobSchedule.kind, JobSchedule.next_at)
    return list(session.execute(statement.order_by(JobSchedule.next_at, JobSchedule.kind)))


def seems_stopped(session: Session, at: datetime) -> bool:
    """Whether a job could have started long ago and none is running: nobody works."""
    waits_long = (
        sa.select(Job.id).where(Job.state == JobState.QUEUED, Job.not_before < at - WAITS_LONG).limit(1)
    )
    running = sa.select(Job.id).where(Job.state == JobState.RUNNING, Job.lease_until >= at).limit(1)
    return session.scalar(waits_long) is not None and session.scalar(running) is None
