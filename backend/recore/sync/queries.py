"""Reads for the extension's context and for account health."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts.models import MarketplaceAccount
from recore.identity.models import Device
from recore.listings.models import Listing
from recore.listings.rules import ListingState
from recore.orders.models import Order
from recore.orders.rules import OrderState
from recore.sync.models import SyncRun
from recore.sync.rules import RunState


@dataclass(frozen=True)
class Running:
    run_id: int
    number: int
    device_id: int
    device_name: str


def accounts(session: Session, channel: str) -> list[MarketplaceAccount]:
    """Every account of a channel, disabled ones too."""
    statement = sa.select(MarketplaceAccount).where(MarketplaceAccount.channel == channel)
    return list(session.scalars(statement.order_by(MarketplaceAccount.id)))


def queued_counts(session: Session) -> dict[int, int]:
    """account id → listings that wait for a file."""
    statement = sa.select(Listing.account_id, sa.func.count(Listing.id)).where(
        Listing.state == ListingState.QUEUED, Listing.batch_id.is_(None)
    )
    return dict(session.execute(statement.group_by(Listing.account_id)).all())


def running(session: Session, at: datetime) -> dict[int, Running]:
    """account id → the run that holds it."""
    statement = (
        sa.select(SyncRun.account_id, SyncRun.id, SyncRun.number, SyncRun.device_id, Device.name)
        .join(Device, Device.id == SyncRun.device_id)
        .where(SyncRun.state == RunState.RUNNING, SyncRun.lease_until > at)
    )
    return {
        row.account_id: Running(row.id, row.number, row.device_id, row.name)
        for row in session.execute(statement)
    }


def orders_waiting(session: Session) -> int:
    """Orders that are paid and wait to be sent."""
    return session.scalar(sa.select(sa.func.count(Order.id)).where(Order.state == OrderState.UNSHIPPED)) or 0
