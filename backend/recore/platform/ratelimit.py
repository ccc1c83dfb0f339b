"""How often something outside may be called: token buckets in the database, shared by every worker of a tenant.

A bucket is one row that says when it will be full of the calls that were already let go (GCRA's theoretical arrival
time). Taking a turn is one upsert that reserves the next free moment; waiting for it happens outside of any transaction.
A worker that dies after it took a turn wastes that one. Hosts of one installation are expected to keep their clocks together.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform import clock
from recore.platform.actor import Actor
from recore.platform.db import Base, TenantScoped, UnitOfWork, tenant_args, unit_of_work, upsert
from recore.platform.errors import NotYet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
PATIENCE = timedelta(seconds=10)


class RateBucket(TenantScoped, Base):
    """`busy_until`: microseconds since 1970; whole numbers, so that both databases compare and add alike."""

    __tablename__ = "rate_buckets"
    name: Mapped[str] = mapped_column(sa.String(120))
    busy_until: Mapped[int]
    __table_args__ = tenant_args(sa.UniqueConstraint("tenant_id", "name"))


@dataclass(frozen=True)
class Rate:
    """So many calls per second on average, and so many at once after a pause.

    `leeway`: by so many seconds one call may take longer to arrive than another. The other side counts from when the first
    of a burst arrived, not from when it was sent: without it the ones after the burst may come too early.
    """

    per_second: float
    burst: int = 1
    leeway: float = 0

    @property
    def interval(self) -> int:
        """Microseconds between two calls; rounded up, so never too fast."""
        return math.ceil(1_000_000 / self.per_second)

    @property
    def slack(self) -> int:
        """Microseconds that calls may run ahead of the rate."""
        return max(0, (self.burst - 1) * self.interval - math.ceil(self.leeway * 1_000_000))


def take_turn(uow: UnitOfWork, name: str, rate: Rate, *, patience: timedelta = PATIENCE) -> datetime:
    """Reserve the next call under `name`: when it may be made. Raises NotYet BUSY, and reserves nothing, when that
    is further away than `patience`.
    """
    now = _ticks(uow.at)
    busy = RateBucket.busy_until
    later = sa.case((busy > now, busy), else_=now) + rate.interval
    statement = (
        upsert(uow.session, RateBucket)
        .values(tenant_id=uow.tenant_id, name=name, busy_until=now + rate.interval)
        .on_conflict_do_update(
            index_elements=["tenant_id", "name"],
            set_={"busy_until": later},
            where=busy <= now + rate.slack + patience // MICROSECOND,
        )
        .returning(RateBucket.busy_until)
    )
    until: int | None = uow.session.execute(statement).scalar_one_or_none()
    if until is None:
        raise _busy(uow, name, rate, now)
    return EPOCH + timedelta(microseconds=max(now, until - rate.interval - rate.slack))


def hold_off(uow: UnitOfWork, name: str, rate: Rate, pause: timedelta) -> None:
    """The other side said that it is too much: nobody calls for `pause`."""
    until = _ticks(uow.at + pause) + rate.slack
    uow.session.execute(
        upsert(uow.session, RateBucket)
        .values(tenant_id=uow.tenant_id, name=name, busy_until=until)
        .on_conflict_do_update(
            index_elements=["tenant_id", "name"],
            set_={"busy_until": until},
            where=RateBucket.busy_until < until,
        )
    )


def wait_for_turn(
    actor: Actor,
    name: str,
    rate: Rate,
    *,
    patience: timedelta = PATIENCE,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Take a turn in a transaction of its own, then wait for it. Raises NotYet BUSY."""
    with unit_of_work(actor) as uow:
        turn = take_turn(uow, name, rate, patience=patience)
    pause = (turn - clock.now()).total_seconds()
    if pause > 0:
        sleep(pause)


def _busy(uow: UnitOfWork, name: str, rate: Rate, now: int) -> NotYet:
    until = uow.session.scalars(sa.select(RateBucket.busy_until).where(RateBucket.name == name)).one()
    seconds = max(1, math.ceil((until - rate.slack - now) / 1_000_000))
    return NotYet(
        "BUSY",
        "ほかの問い合わせが続いているため、順番を待っています。",
        retry_after_seconds=seconds,
        item=name,
    )


def _ticks(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND
