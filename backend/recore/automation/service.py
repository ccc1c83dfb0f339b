"""What staff can do to a job: run a failed one again, call a waiting one off, put a failure aside."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.platform import audit
from recore.platform.db import UnitOfWork
from recore.platform.errors import Conflict, NotFound
from recore.platform.jobs import Job, JobKind, JobRegistry, JobState, announce_after

FAILED = (Job.state == JobState.FAILED, Job.dismissed_at.is_(None))


def can_run_again(kind: JobKind) -> bool:
    """What was put back in order when it failed is begun anew where it was begun."""
    return kind.given_up is None


def can_call_off(kind: JobKind) -> bool:
    """Harmless where whoever waits for the job is told."""
    return kind.given_up is not None


def run_again(uow: UnitOfWork, jobs: JobRegistry, job_id: int) -> str:
    """Put a failed job in line once more, as if it were new; its label. Raises NotFound, Conflict JOB_MOVED_ON."""
    kind = _kind(uow.session, jobs, job_id)
    anew = {"state": JobState.QUEUED, "attempts": 0, "deaths": 0, "not_before": uow.at, "finished_at": None}
    _move(uow, job_id, anew | {"dedupe_key": None}, *FAILED, is_allowed=can_run_again(kind))
    announce_after(uow, job_id)
    audit.record(uow, "automation.run_again", "job", job_id, kind.label)
    return kind.label


def call_off(uow: UnitOfWork, jobs: JobRegistry, job_id: int) -> str:
    """End a job that waits; what waits for it is told. Its label. Raises NotFound, Conflict JOB_MOVED_ON."""
    kind = _kind(uow.session, jobs, job_id)
    reason = f"取りやめました（{uow.actor.label}）。"
    ended = {"state": JobState.FAILED, "finished_at": uow.at, "dismissed_at": uow.at, "last_error": reason}
    _move(uow, job_id, ended, Job.state == JobState.QUEUED, is_allowed=can_call_off(kind))
    if kind.given_up is not None:
        payload = uow.session.scalars(sa.select(Job.payload).where(Job.id == job_id)).one()
        kind.given_up(uow, payload, reason)
    audit.record(uow, "automation.call_off", "job", job_id, kind.label)
    return kind.label


def put_aside(uow: UnitOfWork, jobs: JobRegistry, job_id: int) -> str:
    """Somebody has seen why it failed; its label. Raises NotFound, Conflict JOB_MOVED_ON."""
    kind = _kind(uow.session, jobs, job_id)
    _move(uow, job_id, {"dismissed_at": uow.at}, *FAILED)
    audit.record(uow, "automation.put_aside", "job", job_id, kind.label)
    return kind.label


def _kind(session: Session, jobs: JobRegistry, job_id: int) -> JobKind:
    name = session.scalars(sa.select(Job.kind).where(Job.id == job_id)).one_or_none()
    if name is None or name not in jobs.kinds:
        raise NotFound("NO_SUCH_JOB", "この処理は見つかりません。", remedy="一覧を開き直してください。")
    return jobs.kinds[name]


def _move(
    uow: UnitOfWork,
    job_id: int,
    values: dict[str, Any],
    *still: sa.ColumnElement[bool],
    is_allowed: bool = True,
) -> None:
    if not is_allowed or not uow.execute_one(sa.update(Job).where(Job.id == job_id, *still).values(**values)):
        raise Conflict(
            "JOB_MOVED_ON", "この処理は、もうその操作ができる状態ではありません。",
            remedy="一覧を開き直して、今の状態を確かめてください。",
        )  # fmt: skip
