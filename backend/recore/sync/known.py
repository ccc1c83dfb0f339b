"""What the extension need not send again: a digest per row that we know, and the rows that it found to be like that.

Cost grows with change, plus the list pages (extension.md, "Incremental"; B7). An offer counts as known as the last complete
run left it: what a run that broke off had seen is read and sent once more, so no later page is taken for seen. Orders are
known as they stand now; their lists are always read to the end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import accumulate, pairwise
from typing import TypedDict

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.listings.models import ListingExternalId, ListingSeen, ObservedListing
from recore.listings.service import AUCTION
from recore.orders.models import Order, OrderLine
from recore.orders.numbered import numbers_of, orders_by_number
from recore.orders.rules import LineStock
from recore.orders.winners import auction_of
from recore.platform.bulk import among
from recore.platform.db import UnitOfWork
from recore.platform.errors import Invalid
from recore.platform.paging import AnyRow
from recore.sync.models import SyncRun
from recore.sync.rules import Phase, RunState
from recore.sync.schemas import MAX_ROWS

CLOSED_KNOWN = 2_000  # the newest: reading goes back to the first page that holds nothing new


class KnownRow(TypedDict):
    """`id` is our number of the row, `digest` over what the marketplace shows of it."""

    id: int
    auction_id: str
    digest: str


def digest(*content: str | int | None) -> str:
    """16 hex digits over the row's members as compact JSON; the extension computes the same (core/sync/known.ts)."""
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:16]


def known_rows(
    session: Session, account_id: int, phase: Phase, in_lists: Callable[[str], str]
) -> list[KnownRow]:
    """The rows of a list that are known; none before the first complete run. `in_lists`: how lists write a status."""
    last = _last_complete(session, account_id)
    if last is None:
        return []
    match phase:
        case Phase.WON:
            return _orders(session, account_id)
        case Phase.NUMBERED:
            return _numbers(session, account_id, in_lists)
        case _:
            return _listings(session, account_id, phase, last)


def _last_complete(session: Session, account_id: int) -> int | None:
    return session.scalar(
        sa.select(sa.func.max(SyncRun.number)).where(
            SyncRun.account_id == account_id, SyncRun.state == RunState.COMPLETE
        )
    )


def _listings(session: Session, account_id: int, phase: Phase, last: int) -> list[KnownRow]:
    row = ObservedListing
    statement = (
        sa.select(
            row.id, row.external_id, row.management_number, row.title, row.current_price, row.bid_count, row.ends_at,
            row.result,
        )
        .where(row.account_id == account_id, row.seen_phase == phase, row.changed_run <= last)
        .order_by(row.ends_at.desc(), row.id.desc())
    )  # fmt: skip
    if phase is Phase.SELLING:  # of the others only those still there are of use
        seen = sa.exists().where(
            ListingSeen.tenant_id == row.tenant_id,
            ListingSeen.account_id == row.account_id,
            ListingSeen.external_id == row.external_id,
            ListingSeen.run_number >= last,
        )
        statement = statement.where(seen)
    else:
        statement = statement.limit(CLOSED_KNOWN)
    return [
        KnownRow(id=each.id, auction_id=each.external_id, digest=_listing_digest(each))
        for each in session.execute(statement)
    ]


def _listing_digest(row: AnyRow) -> str:
    return digest(
        row.external_id, row.management_number, row.title, row.current_price, row.bid_count, _epoch(row.ends_at),
        row.result,
    )  # fmt: skip


def _epoch(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _orders(session: Session, account_id: int) -> list[KnownRow]:
    """Rows of 落札管理 that say nothing new (observe.take_rows): same winner and status, and nothing to be made good."""
    adopted = sa.exists().where(
        ListingExternalId.tenant_id == OrderLine.tenant_id,
        ListingExternalId.account_id == Order.account_id,
        ListingExternalId.kind == AUCTION,
        ListingExternalId.external_id == OrderLine.external_id,
    )
    rows = session.execute(
        sa.select(OrderLine.id, OrderLine.external_id, Order.buyer_label, OrderLine.raw_status)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.account_id == account_id,
            OrderLine.stock_state != LineStock.OVERSOLD,
            # Of a further winner (orders/winners.py) the auction is only a part of the key: read once more.
            sa.or_(
                OrderLine.stock_state != LineStock.UNLINKED,
                sa.and_(~adopted, OrderLine.external_id.not_like("%/%")),
            ),
        )
    )
    return [
        KnownRow(id=row.id, auction_id=auction, digest=digest(auction, row.buyer_label, row.raw_status))
        for row in rows
        for auction in (auction_of(row.external_id),)
    ]


def _numbers(session: Session, account_id: int, in_lists: Callable[[str], str]) -> list[KnownRow]:
    return [
        KnownRow(
            id=row.id,
            auction_id=row.external_id,
            digest=digest(row.external_id, in_lists(row.raw_status)),
        )
        for row in orders_by_number(session, account_id)
    ]


# --- what the extension found unchanged --------------------------------------------------------------------------


def expand(runs: Sequence[int]) -> list[int]:
    """Our numbers of rows from run lengths: so many numbers passed over, so many meant, and so on, from 1.

    >>> expand([2, 3, 4, 1])
    [3, 4, 5, 10]
    """
    if sum(runs[1::2]) > MAX_ROWS or len(runs) % 2:
        raise _refused()
    edges = list(accumulate(runs, initial=1))
    return [number for start, end in list(pairwise(edges))[1::2] for number in range(start, end)]


def unchanged_listings(
    uow: UnitOfWork, account_id: int, phase: Phase, runs: Sequence[int]
) -> dict[str, int | None]:
    """auction id → our listing, of the rows meant. Raises Invalid BODY unless all of them are known from that list."""
    numbers = expand(runs)
    if not numbers:
        return {}
    rows = uow.session.execute(
        sa.select(ObservedListing.external_id, ObservedListing.listing_id).where(
            among(uow.session, ObservedListing.id, numbers),
            ObservedListing.account_id == account_id,
            ObservedListing.seen_phase == phase,
        )
    ).all()
    if len(rows) != len(numbers):
        raise _refused()
    return {row.external_id: row.listing_id for row in rows}


def unchanged_orders(uow: UnitOfWork, account_id: int, runs: Sequence[int]) -> dict[str, int]:
    """auction id → order, of the order lines meant. Raises Invalid BODY unless all of them are the account's."""
    numbers = expand(runs)
    if not numbers:
        return {}
    rows = uow.session.execute(
        sa.select(OrderLine.external_id, OrderLine.order_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(among(uow.session, OrderLine.id, numbers), Order.account_id == account_id)
    ).all()
    if len(rows) != len(numbers):
        raise _refused()
    return {row.external_id: row.order_id for row in rows}


def unchanged_numbers(uow: UnitOfWork, account_id: int, runs: Sequence[int]) -> dict[str, str]:
    """order number → status as known, of the numbers meant. Raises Invalid BODY unless all of them are the account's."""
    numbers = expand(runs)
    found = numbers_of(uow, account_id, numbers) if numbers else {}
    if len(found) != len(numbers):
        raise _refused()
    return found


def _refused() -> Invalid:
    return Invalid(
        "BODY",
        "拡張機能から届いたデータの形が違います。",
        field="unchanged",
        remedy="もう一度【同期開始】を押してください。",
    )
