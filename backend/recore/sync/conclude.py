"""What only a complete run can tell: what is no longer there, and what is there twice (rule 7).

Lists shift while they are read, so "no longer there" needs two complete runs in a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from recore.channels.base import PageReader
from recore.listings.models import Listing, ListingSeen, ObservedListing
from recore.listings.rules import CLOSED_UNSOLD_STATES, ListingState
from recore.listings.service import move
from recore.orders.models import Order, OrderLine
from recore.orders.rules import WAITING_STATES, LineStock
from recore.platform.db import UnitOfWork
from recore.platform.paging import AnyRow
from recore.stock import service as stock
from recore.stock.models import Reservation
from recore.stock.rules import ReservationKind, ReservationState
from recore.sync.models import SyncRun
from recore.sync.rules import DOUBLE_REASON, OfferEnd, Phase, RunState

SHOWN = 5  # how many 管理番号 a message names


@dataclass(frozen=True)
class Findings:
    """管理番号 of listings that are on the marketplace twice, and of those whose bids have too little stock."""

    doubled: list[str]
    short: list[str]


def conclude(uow: UnitOfWork, run: SyncRun, reader: PageReader) -> Findings:
    """Draw the conclusions of `run`, which has just read every list to its end."""
    previous = last_complete_before(uow, run.account_id, run.number)
    if previous is not None:
        _vanished(uow, run, previous.number, previous.started_at, reader)
    _half_sold(uow, run.account_id, reader)
    doubled = _doubled(uow, run)
    _release_idle_bids(uow, run.account_id)
    return Findings(doubled, _short_of_stock(uow, run))


def _selling_since(run_number: int) -> sa.Exists:
    """Whether an auction of the Listing row was on the selling list in `run_number` or later."""
    return (
        sa.exists()
        .where(
            ObservedListing.tenant_id == Listing.tenant_id,
            ObservedListing.listing_id == Listing.id,
            ObservedListing.seen_phase == Phase.SELLING,
            ListingSeen.tenant_id == ObservedListing.tenant_id,
            ListingSeen.account_id == ObservedListing.account_id,
            ListingSeen.external_id == ObservedListing.external_id,
            ListingSeen.run_number >= run_number,
        )
        .correlate(Listing)
    )


def _not_selling(account_id: int, since_run: int, started_at: datetime) -> sa.Select[int]:
    """ACTIVE listings, known as such when a run started, that no run since then saw selling."""
    return sa.select(Listing.id).where(
        Listing.account_id == account_id,
        Listing.state == ListingState.ACTIVE,
        Listing.activated_at < started_at,
        ~_selling_since(since_run),
    )


def last_complete_before(uow: UnitOfWork, account_id: int, number: int | None = None) -> AnyRow | None:
    """(number, started_at, summary) of the account's last complete run, before run `number` where one is given."""
    statement = sa.select(SyncRun.number, SyncRun.started_at, SyncRun.summary).where(
        SyncRun.account_id == account_id, SyncRun.state == RunState.COMPLETE
    )
    if number is not None:
        statement = statement.where(SyncRun.number < number)
    return uow.session.execute(statement.order_by(SyncRun.number.desc()).limit(1)).one_or_none()


def misses_listings(uow: UnitOfWork, account_id: int) -> bool:
    """Whether something of ours was not selling in the last complete run, and nothing says how it ended."""
    last = last_complete_before(uow, account_id)
    if last is None:
        return False
    missing = _not_selling(account_id, last.number, last.started_at)
    ends = sa.exists().where(
        ObservedListing.tenant_id == Listing.tenant_id,
        ObservedListing.listing_id == Listing.id,
        ObservedListing.seen_phase == Phase.CLOSED,
    )
    return uow.session.scalar(missing.where(~ends).limit(1)) is not None


def _vanished(uow: UnitOfWork, run: SyncRun, previous: int, started_at: datetime, reader: PageReader) -> None:
    """ACTIVE listings that neither this run nor the complete one before it saw selling.

    That one is nowhere only a run can say that read the ended list to its end.
    """
    for listing_id in uow.session.scalars(_not_selling(run.account_id, previous, started_at)).all():
        last = _last_offer(uow, listing_id)
        if last is None or last.seen_phase == Phase.SELLING:
            if run.is_full:
                reason = "2回の同期で、出品中の一覧にも終了の一覧にも見つかりませんでした。"
                move(uow, listing_id, ListingState.NEEDS_REVIEW, "一覧から消えた", reason=reason)
        elif last.changed_run <= previous:
            _ended_without_sequel(uow, listing_id, reader.ended_result(last.result or ""))


def _ended_without_sequel(uow: UnitOfWork, listing_id: int, result: str | None) -> None:
    """An end that something should have followed by now: a relisted auction, or an order."""
    if result == OfferEnd.UNSOLD:
        move(uow, listing_id, ListingState.ENDED, "落札者なしで終了し、再出品されなかった")
    elif result == OfferEnd.SOLD:
        reason = (
            "「落札者あり」で終了しましたが、受注が見つかりません。ヤフオク!で落札の内容を確かめてください。"
        )
        move(uow, listing_id, ListingState.NEEDS_REVIEW, "受注が見つからない", reason=reason)


def _last_offer(uow: UnitOfWork, listing_id: int) -> AnyRow | None:
    statement = (
        sa.select(ObservedListing.seen_phase, ObservedListing.result, ObservedListing.changed_run)
        .where(ObservedListing.listing_id == listing_id)
        .order_by(
            (ObservedListing.seen_phase == Phase.SELLING).desc(),
            ObservedListing.ends_at.desc(),
            ObservedListing.id.desc(),
        )
    )
    return uow.session.execute(statement.limit(1)).one_or_none()


def _half_sold(uow: UnitOfWork, account_id: int, reader: PageReader) -> None:
    """A lot whose auction is over with only some units sold: the rest is back in 出品待ち. Not while an order of it is known from
    a list alone, which does not say how many units it is of.
    """
    is_unread = (
        sa.exists()
        .where(
            OrderLine.tenant_id == Listing.tenant_id,
            OrderLine.listing_id == Listing.id,
            Order.tenant_id == OrderLine.tenant_id,
            Order.id == OrderLine.order_id,
            Order.state.in_(WAITING_STATES),
            Order.detail_digest.is_(None),
        )
        .correlate(Listing)
    )
    listing_ids = uow.session.scalars(
        sa.select(Listing.id).where(
            Listing.account_id == account_id,
            Listing.state == ListingState.ACTIVE,
            Listing.sold_quantity > 0,
            ~_selling_since(0),
            ~is_unread,
        )
    ).all()
    for listing_id in listing_ids:
        last = _last_offer(uow, listing_id)
        if last is not None and reader.ended_result(last.result or "") == OfferEnd.SOLD:
            move(uow, listing_id, ListingState.ENDED, "一部が落札されて終了")


def _doubled(uow: UnitOfWork, run: SyncRun) -> list[str]:
    """管理番号 under which this run saw more than one auction of ours selling, or beside which a given up attempt sells for which
    there are no units; in 要確認 until one is left.
    """
    counts = dict(
        uow.session.execute(
            sa.select(Listing.management_number, sa.func.count(ObservedListing.id))
            .join(ObservedListing, ObservedListing.listing_id == Listing.id)
            .join(
                ListingSeen,
                sa.and_(
                    ListingSeen.account_id == ObservedListing.account_id,
                    ListingSeen.external_id == ObservedListing.external_id,
                ),
            )
            .where(
                Listing.account_id == run.account_id,
                ObservedListing.seen_phase == Phase.SELLING,
                ListingSeen.run_number == run.number,
            )
            .group_by(Listing.management_number)
            .having(sa.func.count(ObservedListing.id) > 1)
        ).all()
    )
    doubled = sorted(counts.keys() | _beside_given_up(uow, run))
    active = uow.session.scalars(
        sa.select(Listing.id).where(
            Listing.account_id == run.account_id,
            Listing.management_number.in_(doubled),
            Listing.state == ListingState.ACTIVE,
        )
    ).all()
    for listing_id in active:
        move(uow, listing_id, ListingState.NEEDS_REVIEW, "二重出品", reason=DOUBLE_REASON)
    _resolved(uow, run, doubled)
    return doubled


def _beside_given_up(uow: UnitOfWork, run: SyncRun) -> set[str]:
    """管理番号 of open attempts whose item this run saw selling under an attempt that is over too (matching.py reopens those for
    which there are units).
    """
    given_up = sa.orm.aliased(Listing)
    numbers = uow.session.scalars(
        sa.select(Listing.management_number)
        .join(
            given_up,
            sa.and_(
                given_up.account_id == Listing.account_id,
                given_up.stock_item_id == Listing.stock_item_id,
                given_up.state.in_(CLOSED_UNSOLD_STATES),
            ),
        )
        .join(ObservedListing, ObservedListing.listing_id == given_up.id)
        .join(
            ListingSeen,
            sa.and_(
                ListingSeen.account_id == ObservedListing.account_id,
                ListingSeen.external_id == ObservedListing.external_id,
            ),
        )
        .where(
            Listing.account_id == run.account_id,
            Listing.state.in_([ListingState.ACTIVE, ListingState.NEEDS_REVIEW]),
            ObservedListing.seen_phase == Phase.SELLING,
            ListingSeen.run_number == run.number,
        )
    )
    return set(numbers)


def _resolved(uow: UnitOfWork, run: SyncRun, doubled: list[str]) -> None:
    """要確認 for a double that is none any more: its one auction was seen selling in this run."""
    listing_ids = uow.session.scalars(
        sa.select(Listing.id).where(
            Listing.account_id == run.account_id,
            Listing.state == ListingState.NEEDS_REVIEW,
            Listing.management_number.not_in(doubled),
            _selling_since(run.number),
        )
    ).all()
    for listing_id in listing_ids:
        move(uow, listing_id, ListingState.ACTIVE, "二重出品が解消した")


def _release_idle_bids(uow: UnitOfWork, account_id: int) -> None:
    """Units held for bids on listings that are over, however they ended."""
    over = (*CLOSED_UNSOLD_STATES, ListingState.SOLD_OUT)
    rows = uow.session.scalars(
        sa.select(Reservation.source_id)
        .join(Listing, Listing.id == Reservation.source_id)
        .where(
            Reservation.kind == ReservationKind.BID,
            Reservation.state == ReservationState.HELD,
            Listing.account_id == account_id,
            Listing.state.in_(over),
            ~_selling_since(0),
        )
    ).all()
    for listing_id in rows:
        stock.release(uow, ReservationKind.BID, listing_id)


def _short_of_stock(uow: UnitOfWork, run: SyncRun) -> list[str]:
    """管理番号 of auctions with bids for which not every unit could be held."""
    statement = (
        sa.select(Listing.management_number)
        .join(ObservedListing, ObservedListing.listing_id == Listing.id)
        .outerjoin(
            Reservation,
            sa.and_(
                Reservation.kind == ReservationKind.BID,
                Reservation.source_id == Listing.id,
                Reservation.state == ReservationState.HELD,
            ),
        )
        .where(
            Listing.account_id == run.account_id,
            ObservedListing.seen_phase == Phase.SELLING,
            ObservedListing.bid_count > 0,
            sa.func.coalesce(Reservation.quantity, 0) < Listing.quantity - Listing.sold_quantity,
        )
        .distinct()
        .order_by(Listing.management_number)
    )
    return list(uow.session.scalars(statement))


def open_questions(uow: UnitOfWork, account_id: int) -> tuple[int, int]:
    """(orders and listings of the account in 要確認, order lines without our stock)"""
    flagged = uow.session.scalar(
        sa.select(sa.func.count(Order.id)).where(Order.account_id == account_id, Order.needs_review)
    )
    doubtful = uow.session.scalar(
        sa.select(sa.func.count(Listing.id)).where(
            Listing.account_id == account_id, Listing.state == ListingState.NEEDS_REVIEW
        )
    )
    unlinked = uow.session.scalar(
        sa.select(sa.func.count(OrderLine.id))
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.account_id == account_id, OrderLine.stock_state == LineStock.UNLINKED)
    )
    return (flagged or 0) + (doubtful or 0), unlinked or 0


def named(numbers: list[str]) -> str:
    """The first few 管理番号 for a message."""
    more = f" ほか{len(numbers) - SHOWN}件" if len(numbers) > SHOWN else ""
    return "、".join(numbers[:SHOWN]) + more
