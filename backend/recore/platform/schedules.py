"""What is done regularly for every tenant: one row per tenant and kind says when it is due next.

Whoever moves the row on writes the job in the same commit, so each period has one job, however many workers look and
however often they are started. A job that still waits stands for the missed ones, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Mapped, Session, mapped_column

from recore.platform import clock
from recore.platform.db import Base, TenantScoped, UnitOfWork, db, tenant_args, unit_of_work, upsert
from recore.platform.jobs import JobRegistry, enqueue, worker_actor
from recore.platform.tenancy import system_scope, tenant_scope
from recore.platform.tenants import Tenant

PERIODIC = "periodic"


class JobSchedule(TenantScoped, Base):
    __tablename__ = "job_schedules"
    kind: Mapped[str] = mapped_column(sa.String(60))
    next_at: Mapped[datetime]
    __table_args__ = tenant_args(sa.UniqueConstraint("tenant_id", "kind"), sa.Index(None, "next_at"))


def enqueue_periodic(app: Flask, registry: JobRegistry) -> None:
    """Put in line what is due, for every tenant. Any number of processes may do this at the same time."""
    periodic = registry.periodic
    with app.app_context():
        with system_scope():
            tenants = _tenants_with_work(db.session(), list(periodic), clock.now())
            db.session.rollback()
        for tenant_id in tenants:
            with tenant_scope(tenant_id), unit_of_work(worker_actor()) as uow:
                _enqueue_due(uow, periodic)
        db.session.remove()


def _tenants_with_work(session: Session, kinds: list[str], at: datetime) -> list[int]:
    """Those with something due, and those that are new or have not heard of a kind yet."""
    mine = sa.and_(JobSchedule.tenant_id == Tenant.id, JobSchedule.kind.in_(kinds))
    is_due = sa.select(JobSchedule.id).where(mine, JobSchedule.next_at <= at).exists()
    known = sa.select(sa.func.count(JobSchedule.id)).where(mine).scalar_subquery()
    statement = sa.select(Tenant.id).where(sa.or_(is_due, known < len(kinds)))
    return list(session.scalars(statement.order_by(Tenant.id)))


def _enqueue_due(uow: UnitOfWork, periodic: Mapping[str, timedelta]) -> None:
    rows = [{"tenant_id": uow.tenant_id, "kind": kind, "next_at": uow.at} for kind in sorted(periodic)]
    uow.session.execute(upsert(uow.session, JobSchedule).values(rows).on_conflict_do_nothing())
    due = sa.select(JobSchedule.kind, JobSchedule.next_at).where(
        JobSchedule.kind.in_(list(periodic)), JobSchedule.next_at <= uow.at
    )
    for kind, was in uow.session.execute(due.order_by(JobSchedule.kind)).all():
        moved = uow.execute_one(
            sa.update(JobSchedule)
            .where(JobSchedule.kind == kind, JobSchedule.next_at == was)
            .values(next_at=_following(was, periodic[kind], uow.at))
        )
        if moved:
            enqueue(uow, kind, {}, dedupe_key=PERIODIC)


def _following(was: datetime, every: timedelta, now: datetime) -> datetime:
    """Keeps the beat, unless a whole period or more was missed."""
    return was + every if was + every > now else now + every
