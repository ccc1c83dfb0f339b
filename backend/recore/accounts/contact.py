"""When a marketplace was last sent something, and which PC means to read it next (R28)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts.models import MarketplaceAccount, PullPlan
from recore.accounts.queries import account
from recore.identity.models import Device
from recore.platform.db import UnitOfWork, upsert


def note_push(uow: UnitOfWork, account_id: int) -> None:
    """Something of ours was certainly taken by the marketplace just now."""
    uow.session.execute(
        sa.update(MarketplaceAccount).where(MarketplaceAccount.id == account_id).values(last_push_at=uow.at)
    )


def tell_plan(uow: UnitOfWork, account_id: int, next_at: datetime | None) -> None:
    """The acting device reads the account next at `next_at`; None: by hand only. Raises NotFound."""
    account(uow.session, account_id)
    told = upsert(uow.session, PullPlan).values(
        tenant_id=uow.tenant_id, account_id=account_id, device_id=uow.actor.id, next_at=next_at
    )
    uow.session.execute(
        told.on_conflict_do_update(
            index_elements=["tenant_id", "account_id", "device_id"],
            set_={"next_at": told.excluded.next_at},
        )
    )


@dataclass(frozen=True)
class NextPull:
    """`is_overdue`: the time is over and nobody came; that PC's browser may be closed."""

    at: datetime
    device: str
    is_overdue: bool


def next_pulls(session: Session, now: datetime) -> dict[int, NextPull]:
    """account id → the soonest planned reading, or the latest that did not happen; none where all go by hand."""
    rows = session.execute(
        sa.select(PullPlan.account_id, PullPlan.next_at, Device.name)
        .join(Device, Device.id == PullPlan.device_id)
        .where(Device.revoked_at.is_(None))
        .order_by(PullPlan.next_at)
    ).all()
    found: dict[int, NextPull] = {}
    for account_id, at, device in rows:
        if at is not None and (account_id not in found or found[account_id].is_overdue):
            found[account_id] = NextPull(at, device, is_overdue=at < now)
    return found
