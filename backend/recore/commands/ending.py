"""Which auctions are to be ended because their stock is gone, and when that is over (R27).

Never one that has bids or holds units: what is known here is checked when a command is put in line, handed out and sent, and
the page itself by the extension before its click.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from recore.commands.models import MarketplaceCommand
from recore.commands.rules import CommandState
from recore.identity.settings import setting
from recore.listings import queries as listings
from recore.listings.models import Listing, ObservedListing
from recore.listings.rules import ListingState
from recore.platform.db import UnitOfWork
from recore.stock.models import Reservation, StockItem
from recore.stock.rules import ReservationKind, ReservationState

ALLOWED = "yahoo.end_auctions"


@dataclass(frozen=True)
class Over:
    """How a command ends without being sent (again), and why, for staff."""

    target: CommandState
    reason: str


def is_allowed(uow: UnitOfWork) -> bool:
    return bool(setting(uow.session, ALLOWED))


def without_stock(uow: UnitOfWork, stock_item_ids: Iterable[int] | None = None) -> list[listings.Endable]:
    """Auctions to end: none where the shop does not want that."""
    return listings.without_stock(uow.session, stock_item_ids) if is_allowed(uow) else []


def ended_by_now(uow: UnitOfWork, command: MarketplaceCommand) -> Over | None:
    """What the last sync says of the listing, where that is an end."""
    state = uow.session.scalar(sa.select(Listing.state).where(Listing.id == command.listing_id))
    match state:
        case ListingState.WITHDRAWN:
            return Over(CommandState.DONE, "取り下げたことを、同期で確認しました。")
        case ListingState.ENDED | ListingState.FAILED:
            return Over(CommandState.CANCELLED, "すでに終了していたため、取り下げは不要でした。")
        case ListingState.SOLD_OUT:
            return Over(CommandState.CANCELLED, "落札されていたため、取り下げませんでした。")
    return None


def over_by_now(uow: UnitOfWork, command: MarketplaceCommand) -> Over | None:
    """Why a command that was not sent is not to be sent any more."""
    ended = ended_by_now(uow, command)
    if ended is not None:
        return ended
    if not is_allowed(uow):
        return Over(
            CommandState.CANCELLED, "設定でオークションを取り下げないことになったため、取りやめました。"
        )
    bids, is_selling = _as_seen(uow, command)
    if bids or _holds_units(uow, command):
        return Over(CommandState.CANCELLED, "入札があるため、取り下げを取りやめました。")
    if not is_selling:
        return Over(CommandState.CANCELLED, "オークションが入れ替わったため、取り下げを取りやめました。")
    if command.is_automatic and _has_stock(uow, command):
        return Over(CommandState.CANCELLED, "在庫が戻ったため、取り下げを取りやめました。")
    return None


def _as_seen(uow: UnitOfWork, command: MarketplaceCommand) -> tuple[int, bool]:
    """(bids on the auction, whether it sells), as last seen."""
    row = uow.session.execute(
        sa.select(ObservedListing.bid_count, ObservedListing.seen_phase).where(
            ObservedListing.account_id == command.account_id, ObservedListing.external_id == command.key
        )
    ).one_or_none()
    return (row.bid_count, row.seen_phase == listings.SELLING) if row else (0, False)


def _holds_units(uow: UnitOfWork, command: MarketplaceCommand) -> bool:
    held = sa.select(Reservation.id).where(
        Reservation.kind == ReservationKind.BID,
        Reservation.source_id == command.listing_id,
        Reservation.state == ReservationState.HELD,
    )
    return uow.session.scalar(held) is not None


def _has_stock(uow: UnitOfWork, command: MarketplaceCommand) -> bool:
    available = (
        sa.select(StockItem.available)
        .join(Listing, Listing.stock_item_id == StockItem.id)
        .where(Listing.id == command.listing_id)
    )
    return (uow.session.scalar(available) or 0) > 0
