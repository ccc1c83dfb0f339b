"""Running jobs: one claim, one handler, one result; whatever engine calls it, and however often."""

from __future__ import annotations

import os
import random
import socket
import threading
from datetime import timedelta

import sqlalchemy as sa
import structlog
from flask import Flask

from recore.platform.db import UnitOfWork, db, unit_of_work
from recore.platform.errors import NotYet, RecoreError, Retryable
from recore.platform.jobs import LEASE, Job, JobRegistry, JobRun, JobState, LeaseLost, worker_actor
from recore.platform.tenancy import system_scope, tenant_scope
from recore.platform.tenants import Tenant

log = structlog.get_logger(__name__)

AFTER_DEATH = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
MAX_DEATHS = 8  # a restart for a new version is one, too
MAX_ATTEMPTS = 8  # where the handler is at fault
MAX_RETRIES = 30  # where the other side is: about a day
FELL_OVER = "処理が繰り返し途中で止まりました。"


def run_next(app: Flask, registry: JobRegistry, *, after_tenant: int = 0) -> int | None:
    """Claim and run one due job, tenants in turn after `after_tenant`; the tenant served, or None when nothing is due."""
    owner = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
    with app.app_context():
        run = _claim(owner, after_tenant, registry)
        if run is None:
            return None
        with tenant_scope(run.tenant_id):
            _perform(registry, run)
        return run.tenant_id


def _claim(owner: str, after_tenant: int, registry: JobRegistry) -> JobRun | None:
    with system_scope(), unit_of_work(worker_actor()) as uow:
        _wake_the_dead(uow)
        is_due = sa.and_(
            Job.state == JobState.QUEUED, Job.not_before <= uow.at, Job.kind.in_(list(registry.kinds))
        )
        for tenant_id in _tenants_in_turn(uow, is_due, after_tenant):
            chosen = sa.select(Job.id).where(Job.tenant_id == tenant_id, is_due)
            chosen = chosen.order_by(Job.not_before, Job.id).limit(1)
            if uow.session.get_bind().dialect.name == "postgresql":
                chosen = chosen.with_for_update(skip_locked=True)
            row = uow.session.execute(
                sa.update(Job)
                .where(Job.id == chosen.scalar_subquery(), Job.state == JobState.QUEUED)
                .values(
                    state=JobState.RUNNING,
                    attempts=Job.attempts + 1,
                    started_at=uow.at,
                    lease_owner=owner,
                    lease_until=uow.at + LEASE,
                )
                .returning(Job.id, Job.tenant_id, Job.kind, Job.payload, Job.attempts, Job.deaths),
                execution_options={"synchronize_session": False},
            ).one_or_none()
            if row is not None:  # None: other workers were faster; the next tenant may have one
                return JobRun(row.id, row.tenant_id, row.kind, row.payload, row.attempts, row.deaths, owner)
    return None


def _wake_the_dead(uow: UnitOfWork) -> None:
    """The sweep: what a worker held that is gone waits again."""
    uow.session.execute(
        sa.update(Job)
        .where(Job.state == JobState.RUNNING, Job.lease_until < uow.at)
        .values(
            state=JobState.QUEUED,
            lease_owner=None,
            dedupe_key=None,
            deaths=Job.deaths + 1,
            not_before=sa.case((Job.deaths > 0, uow.at + AFTER_DEATH), else_=Job.not_before),
        ),
        execution_options={"synchronize_session": False},
    )


def _tenants_in_turn(uow: UnitOfWork, is_due: sa.ColumnElement[bool], after_tenant: int) -> list[int]:
    """Those for whom fewest workers are busy first, so that no tenant's thousand long jobs take them all; then in turn."""
    has_due = sa.select(Job.id).where(Job.tenant_id == Tenant.id, is_due).exists()
    busy = (
        sa.select(sa.func.count(Job.id))
        .where(Job.tenant_id == Tenant.id, Job.state == JobState.RUNNING)
        .scalar_subquery()
    )
    turn = sa.case((Tenant.id > after_tenant, 0), else_=1)
    return list(uow.session.scalars(sa.select(Tenant.id).where(has_due).order_by(busy, turn, Tenant.id)))


def _perform(registry: JobRegistry, run: JobRun) -> None:
    logger = log.bind(job=run.job_id, kind=run.kind, tenant=run.tenant_id, attempt=run.attempt)
    try:
        if run.deaths >= MAX_DEATHS:
            logger.error("job given up: it ends its worker")
            _fail(registry, run, FELL_OVER)
            return
        registry.kinds[run.kind].handler(run)
    except LeaseLost:
        logger.warning("job lease lost")
    except NotYet as error:
        _again(run, error.message, _told(error), is_attempt=False)
    except Retryable as error:
        if run.attempt >= MAX_RETRIES:
            logger.warning("job given up", code=error.code)
            _fail(registry, run, error.message)
        else:
            _again(run, error.message, max(_told(error), _backoff(run.attempt)))
    except RecoreError as error:
        logger.warning("job failed for good", code=error.code)
        _fail(registry, run, f"{error.message}{error.remedy or ''}")
    except Exception as error:  # the worker must survive a faulty handler
        logger.exception("job raised")
        reason = f"思わぬ理由で止まりました（{type(error).__name__}）。"  # its text may hold buyers' data
        if run.attempt >= MAX_ATTEMPTS:
            _fail(registry, run, reason)
        else:
            _again(run, reason, _backoff(run.attempt))
    else:
        _done(run)
    finally:
        db.session.remove()


def _told(error: Retryable) -> timedelta:
    return timedelta(seconds=error.retry_after_seconds or 1)


def _backoff(attempt: int) -> timedelta:
    seconds = min(5 * 2**attempt, LONGEST_PAUSE.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - jitter


# --- results: only of who still holds the lease ------------------------------------------------------------------


def _done(run: JobRun) -> None:
    db.session.rollback()
    with unit_of_work(run.actor) as uow:
        uow.execute_one(
            _held(run).values(state=JobState.DONE, finished_at=uow.at, last_error=None, lease_owner=None)
        )


def _again(run: JobRun, reason: str, pause: timedelta, *, is_attempt: bool = True) -> None:
    db.session.rollback()
    with unit_of_work(run.actor) as uow:
        uow.execute_one(
            _held(run).values(
                state=JobState.QUEUED,
                attempts=Job.attempts if is_attempt else Job.attempts - 1,
                not_before=uow.at + pause,
                dedupe_key=None,
                last_error=reason[:500],
                lease_owner=None,
            )
        )


def _fail(registry: JobRegistry, run: JobRun, reason: str) -> None:
    db.session.rollback()
    with unit_of_work(run.actor) as uow:
        failed = uow.execute_one(
            _held(run).values(
                state=JobState.FAILED, finished_at=uow.at, last_error=reason[:500], lease_owner=None
            )
        )
        given_up = registry.kinds[run.kind].given_up
        if failed and given_up is not None:
            given_up(uow, run.payload, reason)


def _held(run: JobRun) -> sa.Update:
    return sa.update(Job).where(
        Job.id == run.job_id, Job.state == JobState.RUNNING, Job.lease_owner == run.owner
    )
