"""Reads for the extension's context and for account health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts.models import MarketplaceAccount
from recore.catalog.models import Product
from recore.identity.models import Device
from recore.listings.models import Listing, ObservedListing
from recore.listings.rules import ListingState
from recore.orders.models import Order
from recore.orders.rules import OrderState
from recore.platform.paging import AnyRow, Page, newest_first
from recore.stock.models import StockItem
from recore.sync.models import DriftReport, SyncRun
from recore.sync.rules import Phase, RunState

_UNLINKED = (ObservedListing.listing_id.is_(None), ObservedListing.seen_phase == Phase.SELLING)


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


def unlinked(session: Session, *, text: str = "", before: int | None = None) -> Page[Any]:
    """Auctions that are selling and belong to no listing of ours, newest first."""
    statement = sa.select(
        ObservedListing.id, ObservedListing.external_id, ObservedListing.management_number, ObservedListing.title,
        ObservedListing.current_price, ObservedListing.bid_count, ObservedListing.ends_at,
        MarketplaceAccount.name.label("account_name"),
    ).join(MarketplaceAccount, MarketplaceAccount.id == ObservedListing.account_id)  # fmt: skip
    for word in text.split():
        columns = (ObservedListing.title, ObservedListing.management_number, ObservedListing.external_id)
        statement = statement.where(sa.or_(*(each.icontains(word, autoescape=True) for each in columns)))
    return newest_first(session, statement.where(*_UNLINKED), ObservedListing.id, before=before, size=200)


def unlinked_count(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count(ObservedListing.id)).where(*_UNLINKED)) or 0


def items_by_code(session: Session, codes: set[str]) -> dict[str, AnyRow]:
    """IT code → (id, it_code, name) of the stock that there is."""
    statement = sa.select(StockItem.id, StockItem.it_code, Product.name).join(
        Product, Product.id == StockItem.product_id
    )
    return {row.it_code: row for row in session.execute(statement.where(StockItem.it_code.in_(codes)))}


def runs(session: Session, account_id: int, *, before: int | None) -> Page[AnyRow]:
    """The passes over an account, newest first, with the PC of each."""
    statement = (
        sa.select(
            SyncRun.id, SyncRun.number, SyncRun.started_at, SyncRun.trigger, SyncRun.is_full, SyncRun.state, SyncRun.phases,
            SyncRun.error_code, Device.name.label("device_name"),
        )
        .join(Device, Device.id == SyncRun.device_id)
        .where(SyncRun.account_id == account_id)
    )  # fmt: skip
    return newest_first(session, statement, SyncRun.id, before=before)


def drifts(session: Session, run_ids: Sequence[int]) -> dict[int, list[AnyRow]]:
    """run → its reports of pages that could not be read: (run_id, contract, missing, skeleton)."""
    found: dict[int, list[AnyRow]] = {}
    statement = sa.select(
        DriftReport.run_id, DriftReport.contract, DriftReport.missing, DriftReport.skeleton
    ).where(DriftReport.run_id.in_(list(run_ids)))
    for row in session.execute(statement.order_by(DriftReport.id)):
        found.setdefault(row.run_id, []).append(row)
    return found
