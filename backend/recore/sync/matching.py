"""Which of our listings an auction is, and what it means for that listing (product.md, "Matching what is seen…").

By external id first. By 管理番号 only when the auction is seen for the first time, and only to an attempt that was sent
before: an auction that we knew before the sending cannot be ours. Callers hold the account's sync run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa

from recore.channels.base import PageReader
from recore.commands.asking import end_without_stock
from recore.listings.models import Listing, ListingExternalId, ObservedListing
from recore.listings.rules import CLOSED_UNSOLD_STATES, OPEN_STATES, ListingState
from recore.listings.service import AUCTION, move, own_external_id
from recore.orders.models import OrderExternalId
from recore.platform.bulk import among
from recore.platform.db import UnitOfWork
from recore.platform.paging import AnyRow
from recore.stock import service as stock
from recore.stock.models import Reservation, StockItem
from recore.stock.rules import ReservationKind, ReservationState
from recore.sync.rules import DOUBLE_REASON, OVER_NOW, Bids, Offer, OfferEnd, Phase, judge, may_be_ours

OBSERVED = cast(sa.Table, ObservedListing.__table__)


@dataclass(frozen=True)
class Sighted:
    """An auction seen for the first time; `ends_at` is when it ends, or ended."""

    external_id: str
    management_number: str | None
    ends_at: datetime | None
    is_selling: bool


def owners(uow: UnitOfWork, account_id: int, external_ids: Sequence[str]) -> dict[str, int]:
    """auction id → listing that owns it."""
    rows = uow.session.execute(
        sa.select(ListingExternalId.external_id, ListingExternalId.listing_id).where(
            ListingExternalId.account_id == account_id,
            ListingExternalId.kind == AUCTION,
            among(uow.session, ListingExternalId.external_id, external_ids),
        )
    ).all()
    return {row.external_id: row.listing_id for row in rows}


def sent_attempts(uow: UnitOfWork, account_id: int, numbers: Iterable[str | None]) -> dict[str, list[AnyRow]]:
    """管理番号 → the attempts that were sent under it and may be on the marketplace, newest first."""
    rows = uow.session.execute(
        sa.select(Listing.id, Listing.management_number, Listing.sent_at, Listing.fields)
        .where(
            Listing.account_id == account_id,
            among(uow.session, Listing.management_number, sorted({each for each in numbers if each})),
            Listing.sent_at.is_not(None),
            Listing.state.not_in([ListingState.QUEUED, ListingState.SOLD_OUT]),
        )
        .order_by(Listing.id.desc())
    ).all()
    attempts: dict[str, list[AnyRow]] = {}
    for row in rows:
        attempts.setdefault(row.management_number, []).append(row)
    return attempts


def adopt(
    uow: UnitOfWork,
    account_id: int,
    seen: Iterable[Sighted],
    attempts: Mapping[str, Sequence[AnyRow]],
    reader: PageReader,
) -> dict[str, int]:
    """Give auctions seen for the first time to the attempts that were sent under their 管理番号; the newest that fits."""
    adopted: dict[str, int] = {}
    for each in seen:
        for attempt in attempts.get(each.management_number or "", ()):
            if _fits(attempt, each, reader):
                if own_external_id(uow, attempt.id, account_id, each.external_id):
                    adopted[each.external_id] = attempt.id
                break
    return adopted


def _fits(attempt: AnyRow, seen: Sighted, reader: PageReader) -> bool:
    earliest = reader.earliest_end(attempt.fields, attempt.sent_at)
    return may_be_ours(attempt.sent_at, seen.ends_at, is_selling=seen.is_selling, earliest_end=earliest)


def won_links(uow: UnitOfWork, account_id: int, won: Sequence[Sighted], reader: PageReader) -> dict[str, int]:
    """auction id → listing, for won auctions; one that neither a list nor an order showed before may be adopted."""
    auction_ids = [each.external_id for each in won]
    known = owners(uow, account_id, auction_ids)
    seen_before = set(
        uow.session.scalars(
            sa.select(ObservedListing.external_id).where(
                ObservedListing.account_id == account_id,
                among(uow.session, ObservedListing.external_id, auction_ids),
            )
        )
    ) | set(
        uow.session.scalars(
            sa.select(OrderExternalId.external_id).where(
                OrderExternalId.account_id == account_id,
                OrderExternalId.kind == AUCTION,
                among(uow.session, OrderExternalId.external_id, auction_ids),
            )
        )
    )
    first = [each for each in won if each.external_id not in known and each.external_id not in seen_before]
    attempts = sent_attempts(uow, account_id, [each.management_number for each in first])
    return known | adopt(uow, account_id, first, attempts, reader)


def link_observed(uow: UnitOfWork, account_id: int, links: dict[str, int]) -> None:
    """Write the listing into the observed rows of its auctions where it is not there yet."""
    if not links:
        return
    rows = uow.session.execute(
        sa.select(ObservedListing.id, ObservedListing.external_id, ObservedListing.listing_id).where(
            ObservedListing.account_id == account_id,
            among(uow.session, ObservedListing.external_id, sorted(links)),
        )
    )
    unlinked = [
        row for row in rows if row.listing_id is None
    ]  # in SQL it would walk through every auction of others
    if unlinked:
        table = OBSERVED.c
        statement = (
            sa.update(OBSERVED)
            .where(
                table.tenant_id == uow.tenant_id, table.id == sa.bindparam("row"), table.listing_id.is_(None)
            )
            .values(listing_id=sa.bindparam("listing"))
        )
        given = [{"row": row.id, "listing": links[row.external_id]} for row in unlinked]
        uow.session.connection().execute(statement, given)


@dataclass(frozen=True)
class Seen:
    """A listing with everything that its auctions show."""

    row: AnyRow
    offers: list[Offer]
    live_under_number: int
    held: int


def settle(uow: UnitOfWork, account_id: int, listing_ids: Iterable[int], reader: PageReader) -> None:
    """Bring listings and the units held for their bids to what their auctions show; repeating it changes nothing."""
    for seen in _load(uow, account_id, sorted(set(listing_ids)), reader):
        relists = _relists(uow, seen, reader)
        verdict = judge(seen.row.state, seen.offers, relists, seen.live_under_number)
        if verdict.target is not None and _may_enter(uow, account_id, seen.row, verdict.target):
            move(uow, seen.row.id, verdict.target, verdict.cause, reason=verdict.reason)
        _settle_bids(uow, seen, verdict.bids)


STEADY = {
    Phase.SELLING: frozenset({ListingState.ACTIVE}),
    Phase.CLOSED: frozenset(ListingState) - OVER_NOW,
}


def unsettled(uow: UnitOfWork, account_id: int, phase: Phase, listing_ids: Iterable[int]) -> set[int]:
    """Of listings whose auction in `phase` looks as it did: those in a state that it may change, and those with bids, for
    which units may be there by now.
    """
    chosen = sorted(set(listing_ids))
    if not chosen:
        return set()
    state = ~Listing.state.in_(STEADY[phase])
    has_bids = sa.exists().where(
        ObservedListing.account_id == account_id,
        ObservedListing.listing_id == Listing.id,
        ObservedListing.seen_phase == Phase.SELLING,
        ObservedListing.bid_count > 0,
    )
    statement = sa.select(Listing.id).where(among(uow.session, Listing.id, chosen), sa.or_(state, has_bids))
    return set(uow.session.scalars(statement))


def _load(uow: UnitOfWork, account_id: int, listing_ids: list[int], reader: PageReader) -> list[Seen]:
    if not listing_ids:
        return []
    listings = list(uow.session.execute(
        sa.select(
            Listing.id, Listing.state, Listing.quantity, Listing.sold_quantity, Listing.stock_item_id,
            Listing.management_number,
        ).where(among(uow.session, Listing.id, listing_ids))
    ))  # fmt: skip
    offers: dict[int, list[Offer]] = {}
    for row in uow.session.execute(
        sa.select(
            ObservedListing.listing_id, ObservedListing.external_id, ObservedListing.seen_phase,
            ObservedListing.bid_count, ObservedListing.ends_at, ObservedListing.result,
        ).where(ObservedListing.account_id == account_id, among(uow.session, ObservedListing.listing_id, listing_ids))
    ).all():  # fmt: skip
        offers.setdefault(row.listing_id, []).append(_offer(row, reader))
    held = dict(
        uow.session.execute(
            sa.select(Reservation.source_id, Reservation.quantity).where(
                Reservation.kind == ReservationKind.BID,
                Reservation.state == ReservationState.HELD,
                among(uow.session, Reservation.source_id, listing_ids),
            )
        ).all()
    )
    live = _live_by_number(uow, account_id, sorted({row.management_number for row in listings}))
    listings.sort(
        key=lambda row: (row.stock_item_id, row.id)
    )  # two accounts lock the same stock in one order
    return [
        Seen(row, offers[row.id], live.get(row.management_number, 0), held.get(row.id, 0))
        for row in listings
        if row.id in offers
    ]


def _offer(row: AnyRow, reader: PageReader) -> Offer:
    result = reader.ended_result(row.result) if row.result else None
    return Offer(
        external_id=row.external_id,
        is_selling=row.seen_phase == Phase.SELLING,
        bids=row.bid_count,
        ends_at=row.ends_at,
        word=row.result,
        end=OfferEnd(result) if result else None,
    )


def _live_by_number(uow: UnitOfWork, account_id: int, numbers: list[str]) -> dict[str, int]:
    """管理番号 → auctions of ours under it that are selling, as last seen."""
    rows = uow.session.execute(
        sa.select(Listing.management_number, sa.func.count(ObservedListing.id))
        .join(ObservedListing, ObservedListing.listing_id == Listing.id)
        .where(
            Listing.account_id == account_id,
            among(uow.session, Listing.management_number, numbers),
            ObservedListing.seen_phase == Phase.SELLING,
        )
        .group_by(Listing.management_number)
    )
    return dict(rows.all())


def _relists(uow: UnitOfWork, seen: Seen, reader: PageReader) -> int:
    """Only an auction that ended unsold asks for it: the form is a large value."""
    if any(offer.is_selling for offer in seen.offers) or seen.row.state not in OPEN_STATES:
        return 0
    fields = uow.session.scalar(sa.select(Listing.fields).where(Listing.id == seen.row.id))
    return reader.relists(fields or {})


def _may_enter(uow: UnitOfWork, account_id: int, listing: AnyRow, target: ListingState) -> bool:
    """Reopening what was given up: a newer attempt that was not sent is withdrawn; one that was is a 二重出品. Attempts under
    numbers of their own, for all of which there are units, sell side by side: they are parts of a lot.
    """
    if target is not ListingState.ACTIVE or listing.state not in CLOSED_UNSOLD_STATES:
        return True
    rivals = uow.session.execute(
        sa.select(
            Listing.id, Listing.state, Listing.batch_id, Listing.management_number, Listing.stock_item_id, Listing.quantity,
            Listing.sold_quantity,
        ).where(
            Listing.account_id == account_id,
            sa.or_(
                Listing.management_number == listing.management_number,
                Listing.stock_item_id == listing.stock_item_id,
            ),
            Listing.id != listing.id,
            Listing.state.in_(OPEN_STATES),
        )
    ).all()  # fmt: skip
    if _have_units(uow, listing, [each for each in rivals if each.stock_item_id == listing.stock_item_id]):
        rivals = [each for each in rivals if each.management_number == listing.management_number]
    free = True
    for rival in rivals:
        if rival.state is ListingState.QUEUED and rival.batch_id is None:
            cause = "前の出品が出品中と分かった"
            move(
                uow,
                rival.id,
                ListingState.WITHDRAWN,
                cause,
                reason="前の出品がヤフオク!で見つかったため、取り下げました。",
            )
            continue
        free = False
        if rival.state in (ListingState.PROCESSING, ListingState.ACTIVE):
            move(uow, rival.id, ListingState.NEEDS_REVIEW, "二重出品の疑い", reason=DOUBLE_REASON)
    return free


def _have_units(uow: UnitOfWork, listing: AnyRow, rivals: Sequence[AnyRow]) -> bool:
    """Whether there is stock for the listing beside the others of its item on the account."""
    sold = (
        sa.select(sa.func.coalesce(sa.func.sum(Reservation.quantity), 0))
        .where(
            Reservation.stock_item_id == listing.stock_item_id,
            Reservation.kind == ReservationKind.ORDER,
            Reservation.state == ReservationState.HELD,
        )
        .scalar_subquery()
    )
    units = uow.session.scalar(
        sa.select(StockItem.on_hand - sold).where(StockItem.id == listing.stock_item_id)
    )
    offered = sum(each.quantity - each.sold_quantity for each in (listing, *rivals))
    return bool((units or 0) >= offered)


def _settle_bids(uow: UnitOfWork, seen: Seen, bids: Bids) -> None:
    """A bid holds every unit that the offer still has: the lists do not say how many were bid for, and a unit sold twice
    is worse than one that waits (R20, R27).
    """
    wanted = seen.row.quantity - seen.row.sold_quantity
    if bids is Bids.HOLD and seen.held != wanted:
        stock.hold(uow, seen.row.stock_item_id, ReservationKind.BID, seen.row.id, wanted)
        end_without_stock(uow, [seen.row.stock_item_id])
    elif bids is Bids.RELEASE and seen.held:
        stock.release(uow, ReservationKind.BID, seen.row.id)
