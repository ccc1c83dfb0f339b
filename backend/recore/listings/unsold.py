"""Reads for 落札者なし (R36): items whose last attempt on an account ended unsold and that may be offered again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from recore.accounts.models import MarketplaceAccount
from recore.channels.base import Channel, FormDefinition
from recore.listings.models import Listing, ListingExternalId, ObservedListing
from recore.listings.queries import units_to_offer
from recore.listings.rules import ListingState
from recore.platform.paging import PAGE_SIZE, AnyRow, AnySelect, like_all_words
from recore.platform.text_ja import fold
from recore.stock.models import StockItem
from recore.stock.rules import SalesRoute

UNSOLD_STATES = (ListingState.ENDED, ListingState.WITHDRAWN)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"([0-9]{1,18})_([0-9]{1,18})")


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    OFTEN = "often"
    DEAR = "dear"
    CHEAP = "cheap"

    @property
    def label(self) -> str:
        return ORDER_LABELS[self]


ORDER_LABELS = {
    Order.NEWEST: "終了が新しい順",
    Order.OLDEST: "終了が古い順",
    Order.OFTEN: "出品回数が多い順",
    Order.DEAR: "価格が高い順",
    Order.CHEAP: "価格が安い順",
}


@dataclass(frozen=True)
class UnsoldPage:
    """As `platform.paging.Page`, for any order: `older` is the cursor of the next page, None on the last."""

    rows: Sequence[AnyRow]
    older: str | None
    is_first: bool


@dataclass(frozen=True)
class PriceFields:
    """Keys of the start price and of 即決 in a marketplace's form; `buyout` None where it has none."""

    start: str
    buyout: str | None


def price_fields(form: FormDefinition) -> PriceFields:
    """The start price is the field that the price of 買取 fills in, 即決 the one that may be left unset."""
    start = next(each.key for each in form.fields if each.prefill == "price")
    return PriceFields(start, next((each.key for each in form.fields if each.kind == "yen_or_none"), None))


def unsold(
    session: Session,
    channels: Mapping[str, Channel],
    *,
    state: ListingState = ListingState.ENDED,
    text: str = "",
    account_id: int | None = None,
    order: Order = Order.NEWEST,
    before: str | None = None,
) -> UnsoldPage:
    """The last attempts in `state` of items that may be offered again; `text` is width- and kana-insensitive."""
    statement = _attempts(channels).where(
        *_is_free(), Listing.state == state, *like_all_words(Listing.search_text, fold(text))
    )
    if account_id is not None:
        statement = statement.where(Listing.account_id == account_id)
    return _sorted_page(session, statement, order, channels, before)


def attempts(session: Session, channels: Mapping[str, Channel], ids: Sequence[int]) -> Sequence[AnyRow]:
    """The attempts with these ids as they are now, free or not; `newer_id` is the later attempt, where there is one."""
    return session.execute(_attempts(channels).where(Listing.id.in_(ids)).order_by(Listing.id)).all()


def among(session: Session, stock_item_ids: Sequence[int]) -> dict[int, ListingState]:
    """Those of the items that stand in this list, with the state (the tab) they stand under."""
    statement = (
        sa.select(Listing.stock_item_id, Listing.state)
        .join(MarketplaceAccount, MarketplaceAccount.id == Listing.account_id)
        .join(StockItem, StockItem.id == Listing.stock_item_id)
        .where(*_is_free(), Listing.state.in_(UNSOLD_STATES), Listing.stock_item_id.in_(stock_item_ids))
    )
    return {row.stock_item_id: row.state for row in session.execute(statement.order_by(Listing.id))}


def counts(session: Session) -> dict[ListingState, int]:
    """How many rows the list has per state, whatever the filters."""
    statement = (
        sa.select(Listing.state, sa.func.count(Listing.id))
        .join(MarketplaceAccount, MarketplaceAccount.id == Listing.account_id)
        .join(StockItem, StockItem.id == Listing.stock_item_id)
        .where(*_is_free(), Listing.state.in_(UNSOLD_STATES))
    )
    return {row[0]: row[1] for row in session.execute(statement.group_by(Listing.state))}


def _attempts(channels: Mapping[str, Channel]) -> AnySelect:
    start, buyout = _prices(channels)
    bids = _observed(sa.func.max(ObservedListing.bid_count)).scalar_subquery()
    return (
        sa.select(
            Listing.id, Listing.stock_item_id, Listing.account_id, Listing.management_number, Listing.title,
            Listing.state, Listing.quantity, Listing.sold_quantity, StockItem.it_code,
            MarketplaceAccount.name.label("account_name"), units_to_offer().label("units"),
            start.label("start_price"), buyout.label("buyout_price"), _times().label("times"),
            sa.func.coalesce(bids, 0).label("bids"), _ended_at().label("ended_at"), _newer().label("newer_id"),
        )
        .join(MarketplaceAccount, MarketplaceAccount.id == Listing.account_id)
        .join(StockItem, StockItem.id == Listing.stock_item_id)
    )  # fmt: skip


def _is_free() -> tuple[sa.ColumnElement[bool], ...]:
    """The last attempt of its item on an enabled account, of which there are units to offer."""
    return (
        _was_offered(Listing),
        _newer().is_(None),
        MarketplaceAccount.is_enabled.is_(True),
        StockItem.sales_route != SalesRoute.STORE_ONLY,
        StockItem.on_hand > 0,
        units_to_offer() > 0,
    )


def _was_offered(attempt: Any) -> sa.ColumnElement[bool]:
    """An attempt that was taken back before the marketplace showed it counts as if it had never been."""
    shown = sa.exists().where(
        ListingExternalId.tenant_id == attempt.tenant_id, ListingExternalId.listing_id == attempt.id
    )
    return sa.or_(attempt.state != ListingState.WITHDRAWN, shown.correlate(attempt))


def _newer() -> sa.ScalarSelect[Any]:
    """The newest later attempt of the Listing row's item on its account; NULL for the last one."""
    newer = aliased(Listing)
    statement = sa.select(sa.func.max(newer.id)).where(
        newer.tenant_id == Listing.tenant_id,
        newer.stock_item_id == Listing.stock_item_id,
        newer.account_id == Listing.account_id,
        newer.id > Listing.id,
        _was_offered(newer),
    )
    return statement.correlate(Listing).scalar_subquery()


def _times() -> sa.ScalarSelect[Any]:
    """How many offers of the item the marketplace showed on this account, its automatic relists among them."""
    attempt = aliased(Listing)
    of_attempt = sa.select(sa.func.count(ListingExternalId.id)).where(
        ListingExternalId.tenant_id == attempt.tenant_id, ListingExternalId.listing_id == attempt.id
    )
    statement = sa.select(
        sa.cast(sa.func.sum(of_attempt.correlate(attempt).scalar_subquery()), sa.Integer)
    ).where(
        attempt.tenant_id == Listing.tenant_id,
        attempt.stock_item_id == Listing.stock_item_id,
        attempt.account_id == Listing.account_id,
    )
    return statement.correlate(Listing).scalar_subquery()


def _observed(column: Any) -> sa.Select[tuple[Any]]:
    statement = sa.select(column).where(
        ObservedListing.tenant_id == Listing.tenant_id, ObservedListing.listing_id == Listing.id
    )
    return statement.correlate(Listing)


def _ended_at() -> sa.ColumnElement[Any]:
    """When its last offer ended; for one that was withdrawn, when that was seen."""
    last = _observed(sa.func.max(ObservedListing.ends_at)).scalar_subquery()
    by_itself = sa.case((Listing.state == ListingState.ENDED, last))
    return sa.func.coalesce(by_itself, Listing.state_at)


def _prices(channels: Mapping[str, Channel]) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """(start, 即決 as text) of the form as it was sent. An adopted offer has none: the price it was seen with."""
    forms = (channel.form(profile) for channel in channels.values() for profile in channel.profiles)
    known = sorted({price_fields(form) for form in forms}, key=lambda each: each.start)
    seen = _observed(ObservedListing.current_price).order_by(ObservedListing.id.desc()).limit(1)
    starts = [Listing.fields[each.start].as_integer() for each in known]
    buyouts = [Listing.fields[each.buyout].as_string() for each in known if each.buyout]
    return sa.func.coalesce(*starts, seen.scalar_subquery(), 0), sa.func.coalesce(*buyouts, "")


def _sorted_page(
    session: Session,
    statement: AnySelect,
    order: Order,
    channels: Mapping[str, Channel],
    before: str | None,
) -> UnsoldPage:
    """Keyset paging by (the order's value, id); a cursor that is none of ours starts from the top."""
    name, key = {
        Order.OFTEN: ("times", _times()),
        Order.DEAR: ("start_price", _prices(channels)[0]),
        Order.CHEAP: ("start_price", _prices(channels)[0]),
    }.get(order, ("ended_at", _ended_at()))
    falls = order not in (Order.OLDEST, Order.CHEAP)
    cursor = _CURSOR.fullmatch(before or "")
    if cursor is not None:
        number, last_id = int(cursor[1]), int(cursor[2])
        value = _EPOCH + timedelta(microseconds=number) if name == "ended_at" else number
        beyond = key < value if falls else key > value
        statement = statement.where(sa.or_(beyond, sa.and_(key == value, Listing.id < last_id)))
    statement = statement.order_by(key.desc() if falls else key.asc(), Listing.id.desc())
    rows = session.execute(statement.limit(PAGE_SIZE + 1)).all()
    more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    older = f"{_as_number(getattr(rows[-1], name))}_{rows[-1].id}" if more else None
    return UnsoldPage(rows, older, cursor is None)


def _as_number(value: datetime | int) -> int:
    return (value - _EPOCH) // timedelta(microseconds=1) if isinstance(value, datetime) else value
