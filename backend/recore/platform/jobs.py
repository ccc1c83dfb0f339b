"""Jobs: the transactional outbox (architecture rule 4).

A job row is written in the same commit as its cause. The table is the truth: state, lease, attempts, not_before,
dedupe_key. Handlers are idempotent, load by id, and open their own units of work: claim-commit → work without a
transaction → result-commit. `job_runner` runs them; what calls it is an engine: a thread of this process (`worker`) or
Celery (`celery_engine`). An engine is told of a job after the commit and must do without: it looks for work besides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Mapped, Session, mapped_column

from recore.platform.actor import Actor, ActorKind
from recore.platform.db import Base, TenantScoped, UnitOfWork, tenant_args, unit_of_work, upsert

LEASE = timedelta(seconds=60)
ENGINE = "recore.job_engine"


class JobState(StrEnum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class Job(TenantScoped, Base):
    """`deaths`: how often its worker was gone before it ended. `dismissed_at`: somebody has seen why it failed."""

    __tablename__ = "jobs"
    kind: Mapped[str] = mapped_column(sa.String(60))
    payload: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    dedupe_key: Mapped[str | None] = mapped_column(sa.String(120))
    attempts: Mapped[int] = mapped_column(default=0)
    deaths: Mapped[int] = mapped_column(default=0, server_default="0")
    not_before: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(sa.String(120))
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(sa.String(500))
    __table_args__ = tenant_args(
        sa.Index(None, "state", "not_before"),
        sa.Index("ix_jobs_in_line", "tenant_id", "state", "not_before"),
        sa.Index(
            "uq_jobs_waiting",
            "tenant_id",
            "kind",
            "dedupe_key",
            unique=True,
            sqlite_where=sa.text("state = 'QUEUED' AND dedupe_key IS NOT NULL"),
            postgresql_where=sa.text("state = 'QUEUED' AND dedupe_key IS NOT NULL"),
        ),
    )


def worker_actor(job_id: int | None = None) -> Actor:
    return Actor(ActorKind.JOB, job_id, "自動処理")


@dataclass(frozen=True)
class JobRun:
    """What a handler gets. `heartbeat()` keeps the lease during long work and raises LeaseLost when it is gone."""

    job_id: int
    tenant_id: int
    kind: str
    payload: dict[str, Any]
    attempt: int
    deaths: int
    owner: str

    @property
    def actor(self) -> Actor:
        return worker_actor(self.job_id)

    def heartbeat(self) -> None:
        with unit_of_work(self.actor) as uow:
            kept = uow.execute_one(
                sa.update(Job)
                .where(Job.id == self.job_id, Job.state == JobState.RUNNING, Job.lease_owner == self.owner)
                .values(lease_until=uow.at + LEASE)
            )
        if not kept:
            raise LeaseLost(self.job_id)


class LeaseLost(RuntimeError):
    """Another worker took the job over; stop without writing a result."""


Handler = Callable[[JobRun], None]
OnGivenUp = Callable[[UnitOfWork, dict[str, Any], str], None]
"""(unit of work, payload, why)"""


@dataclass(frozen=True)
class JobKind:
    """`label`: what staff read. `every`: run regularly for every tenant."""

    handler: Handler
    label: str
    every: timedelta | None
    given_up: OnGivenUp | None


@dataclass
class JobRegistry:
    """What each kind of job is; features add theirs at start-up."""

    kinds: dict[str, JobKind] = field(default_factory=dict)

    def add(
        self,
        kind: str,
        handler: Handler,
        label: str = "",
        *,
        every: timedelta | None = None,
        given_up: OnGivenUp | None = None,
    ) -> None:
        """`given_up` runs in the commit in which a job ends FAILED: nothing waits for ever for a job that is dead.
        Such a job may also be called off while it waits.
        """
        if kind in self.kinds:
            raise ValueError(f"job kind {kind} is registered twice")
        self.kinds[kind] = JobKind(handler, label or kind, every, given_up)

    @property
    def periodic(self) -> dict[str, timedelta]:
        return {kind: each.every for kind, each in self.kinds.items() if each.every is not None}


class JobEngine(Protocol):
    """What makes jobs run."""

    def announce(self, tenant_id: int, job_id: int) -> None:
        """A job that is due was committed. Never raises and never waits long: who is not told finds it anyway."""

    def work(self, app: Flask, registry: JobRegistry) -> None:
        """Run jobs in this process until it is told to end (TERM, INT)."""

    def problem(self) -> str | None:
        """Why it cannot work just now, for the operator; None when it can."""


def enqueue(
    uow: UnitOfWork,
    kind: str,
    payload: dict[str, Any],
    *,
    dedupe_key: str | None = None,
    not_before: datetime | None = None,
) -> None:
    """Write a job in this commit. While one with the same (kind, dedupe_key) still waits, this is a no-op."""
    statement = upsert(uow.session, Job).values(
        tenant_id=uow.tenant_id,
        kind=kind,
        payload=payload,
        state=JobState.QUEUED,
        dedupe_key=dedupe_key,
        attempts=0,
        not_before=not_before or uow.at,
        created_at=uow.at,
    )
    job_id = uow.session.execute(statement.on_conflict_do_nothing().returning(Job.id)).scalar_one_or_none()
    if job_id is not None and (not_before is None or not_before <= uow.at):
        announce_after(uow, job_id)


def announce_after(uow: UnitOfWork, job_id: int) -> None:
    """Tell the engine of a due job once it is committed."""
    tenant_id = uow.tenant_id
    uow.after_commit(lambda: engine().announce(tenant_id, job_id))


def engine() -> JobEngine:
    """The engine of the current application."""
    found: JobEngine = current_app.extensions[ENGINE]
    return found


def is_due(at: datetime, kinds: Collection[str]) -> sa.ColumnElement[bool]:
    """Waits and may start, or its worker is dead; only of kinds that this version of the code knows."""
    return sa.and_(
        Job.kind.in_(kinds),
        sa.or_(
            sa.and_(Job.state == JobState.QUEUED, Job.not_before <= at),
            sa.and_(Job.state == JobState.RUNNING, Job.lease_until < at),
        ),
    )


def due_jobs(session: Session, at: datetime, kinds: Collection[str], limit: int) -> list[tuple[int, int]]:
    """(tenant id, job id) of at most `limit` due jobs of all tenants, the longest waiting first; in `system_scope()`."""
    statement = sa.select(Job.tenant_id, Job.id).where(is_due(at, kinds)).order_by(Job.not_before, Job.id)
    return [(row.tenant_id, row.id) for row in session.execute(statement.limit(limit))]
