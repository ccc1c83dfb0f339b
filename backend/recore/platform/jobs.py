"""Jobs: the transactional outbox (architecture rule 4).

A job row is written in the same commit as its cause. The table is the truth: state, lease, attempts, not_before,
dedupe_key. Handlers are idempotent, load by id, and open their own units of work: claim-commit → work without a
transaction → result-commit. Embedded, `Worker` runs them in a thread of this process; other engines will call `run_next`.
"""

from __future__ import annotations

import os
import random
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform.actor import Actor, ActorKind
from recore.platform.db import Base, TenantScoped, UnitOfWork, db, tenant_args, unit_of_work, upsert
from recore.platform.errors import RecoreError, Retryable
from recore.platform.tenancy import system_scope, tenant_scope
from recore.platform.tenants import Tenant

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
AFTER_DEATH = timedelta(seconds=5)
MAX_ATTEMPTS = 8


class JobState(StrEnum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class Job(TenantScoped, Base):
    __tablename__ = "jobs"
    kind: Mapped[str] = mapped_column(sa.String(60))
    payload: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    dedupe_key: Mapped[str | None] = mapped_column(sa.String(120))
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(sa.String(120))
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(sa.String(500))
    __table_args__ = tenant_args(
        sa.Index(None, "state", "not_before"),
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


@dataclass(frozen=True)
class JobRun:
    """What a handler gets. `heartbeat()` keeps the lease during long work and raises LeaseLost when it is gone."""

    job_id: int
    tenant_id: int
    kind: str
    payload: dict[str, Any]
    attempt: int
    owner: str

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.JOB, self.job_id, "自動処理")

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


@dataclass
class JobRegistry:
    """kind → handler, and kinds to run regularly for every tenant."""

    handlers: dict[str, Handler] = field(default_factory=dict)
    given_up: dict[str, OnGivenUp] = field(default_factory=dict)
    periodic: dict[str, timedelta] = field(default_factory=dict)

    def add(
        self,
        kind: str,
        handler: Handler,
        *,
        every: timedelta | None = None,
        given_up: OnGivenUp | None = None,
    ) -> None:
        """`given_up` runs in the commit in which a job ends FAILED: nothing waits for ever for a job that is dead."""
        if kind in self.handlers:
            raise ValueError(f"job kind {kind} is registered twice")
        self.handlers[kind] = handler
        if given_up is not None:
            self.given_up[kind] = given_up
        if every is not None:
            self.periodic[kind] = every


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
    uow.session.execute(statement.on_conflict_do_nothing())
    uow.after_commit(_wake.set)


_wake = threading.Event()


def run_next(app: Flask, registry: JobRegistry, *, after_tenant: int = 0) -> int | None:
    """Claim and run one due job, tenants in turn after `after_tenant`; the tenant served, or None when nothing is due."""
    owner = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
    with app.app_context():
        run = _claim(owner, after_tenant)
        if run is None:
            return None
        with tenant_scope(run.tenant_id):
            _perform(registry, run)
        return run.tenant_id


def _claim(owner: str, after_tenant: int) -> JobRun | None:
    with system_scope(), unit_of_work(Actor(ActorKind.JOB, None, "自動処理")) as uow:
        uow.session.execute(  # sweep: a dead worker's jobs wait again
            sa.update(Job)
            .where(Job.state == JobState.RUNNING, Job.lease_until < uow.at)
            .values(
                state=JobState.QUEUED,
                lease_owner=None,
                dedupe_key=None,
                not_before=sa.case((Job.attempts > 1, uow.at + AFTER_DEATH), else_=Job.not_before),
            ),
            execution_options={"synchronize_session": False},
        )
        due = sa.select(Job.id).where(Job.state == JobState.QUEUED, Job.not_before <= uow.at)
        turn = sa.case((Job.tenant_id > after_tenant, 0), else_=1)
        chosen = due.order_by(turn, Job.tenant_id, Job.not_before, Job.id).limit(1)
        if uow.session.get_bind().dialect.name == "postgresql":
            chosen = chosen.with_for_update(skip_locked=True)
        row = uow.session.execute(
            sa.update(Job)
            .where(Job.id == chosen.scalar_subquery(), Job.state == JobState.QUEUED)
            .values(
                state=JobState.RUNNING,
                attempts=Job.attempts + 1,
                lease_owner=owner,
                lease_until=uow.at + LEASE,
            )
            .returning(Job.id, Job.tenant_id, Job.kind, Job.payload, Job.attempts),
            execution_options={"synchronize_session": False},
        ).one_or_none()
    return JobRun(row.id, row.tenant_id, row.kind, row.payload, row.attempts, owner) if row else None


def _perform(registry: JobRegistry, run: JobRun) -> None:
    logger = log.bind(job=run.job_id, kind=run.kind, tenant=run.tenant_id, attempt=run.attempt)
    if run.attempt > MAX_ATTEMPTS:  # it ended its process every time
        logger.error("job given up")
        _finish(registry, run, error="処理が繰り返し途中で止まりました。", retry_in=None)
        db.session.remove()
        return
    try:
        registry.handlers[run.kind](run)
    except LeaseLost:
        logger.warning("job lease lost")
        return
    except Retryable as error:
        delay = (
            timedelta(seconds=error.retry_after_seconds)
            if error.retry_after_seconds
            else _backoff(run.attempt)
        )
        _finish(registry, run, error=error.message, retry_in=delay)
    except RecoreError as error:
        logger.warning("job failed for good", code=error.code)
        _finish(registry, run, error=error.message, retry_in=None)
    except (
        Exception
    ) as error:  # the worker must survive a faulty handler; the job keeps the trace's last line
        logger.exception("job raised")
        _finish(registry, run, error=f"{type(error).__name__}: {error}", retry_in=_backoff(run.attempt))
    else:
        _finish(registry, run, error=None, retry_in=None)
    finally:
        db.session.remove()


def _backoff(attempt: int) -> timedelta:
    return timedelta(seconds=min(3600, 5 * 2**attempt) * random.uniform(0.8, 1.2))  # noqa: S311 - jitter


def _finish(registry: JobRegistry, run: JobRun, *, error: str | None, retry_in: timedelta | None) -> None:
    db.session.rollback()
    with unit_of_work(run.actor) as uow:
        again = retry_in is not None and run.attempt < MAX_ATTEMPTS
        state = JobState.DONE if error is None else JobState.QUEUED if again else JobState.FAILED
        values: dict[str, Any] = {"state": state, "last_error": error and error[:500], "lease_owner": None}
        if again and retry_in is not None:
            values |= {"not_before": uow.at + retry_in, "dedupe_key": None}
        else:
            values |= {"finished_at": uow.at}
        finished = uow.execute_one(
            sa.update(Job)
            .where(Job.id == run.job_id, Job.state == JobState.RUNNING, Job.lease_owner == run.owner)
            .values(**values)
        )
        if finished and state is JobState.FAILED and run.kind in registry.given_up:
            registry.given_up[run.kind](uow, run.payload, error or "")


def enqueue_periodic(app: Flask, registry: JobRegistry, kinds: list[str]) -> None:
    """Put one job of each of `kinds` in line for every tenant."""
    with app.app_context():
        with system_scope():
            tenants = db.session.scalars(sa.select(Tenant.id)).all()
            db.session.rollback()
        for tenant_id in tenants:
            with tenant_scope(tenant_id), unit_of_work(Actor(ActorKind.JOB, None, "自動処理")) as uow:
                for kind in kinds:
                    enqueue(uow, kind, {}, dedupe_key="periodic")
        db.session.remove()


class Worker(threading.Thread):
    """The embedded worker: one thread, woken by `enqueue`, polling every `poll_seconds` besides."""

    def __init__(self, app: Flask, registry: JobRegistry, *, poll_seconds: float = 2.0) -> None:
        super().__init__(name="recore-worker", daemon=True)
        self._app, self._registry, self._poll = app, registry, poll_seconds
        self._stopped = threading.Event()
        self._last_periodic: dict[str, float] = {}

    def run(self) -> None:
        tenant = 0
        while not self._stopped.is_set():
            try:
                self._enqueue_due()
                while not self._stopped.is_set():
                    served = run_next(self._app, self._registry, after_tenant=tenant)
                    if served is None:
                        break
                    tenant = served
            except Exception:  # database away: say so and go on polling
                log.exception("worker loop")
            _wake.wait(self._poll)
            _wake.clear()

    def stop(self) -> None:
        """Finish the job at hand and end; waits up to ten seconds."""
        self._stopped.set()
        _wake.set()
        self.join(10)

    def _enqueue_due(self) -> None:
        now = time.monotonic()
        due = [
            kind
            for kind, every in self._registry.periodic.items()
            if now - self._last_periodic.get(kind, float("-inf")) >= every.total_seconds()
        ]
        if due:
            enqueue_periodic(self._app, self._registry, due)
            self._last_periodic |= dict.fromkeys(due, now)
