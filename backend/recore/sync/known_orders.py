"""What we know of the orders that records tell of, and each record completed by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.channels.base import OrderRecord, OrderWords, RecordItem
from recore.listings.models import Listing, ListingExternalId
from recore.listings.service import AUCTION
from recore.orders import buyers, winners
from recore.orders.models import Order, OrderExternalId, OrderLine
from recore.orders.rules import (
    ORDER_NUMBER,
    Buyer,
)
from recore.orders.winners import auction_of
from recore.platform.bulk import among
from recore.platform.crypto import Keyring


@dataclass(frozen=True)
class Known:
    """An order as we know it; `lines` by auction id."""

    order: Order
    lines: Mapping[str, OrderLine]
    numbers: frozenset[str]
    buyer: Buyer | None


def ids_of(record: OrderRecord, words: OrderWords) -> list[tuple[str, str]]:
    numbers = (record.order_number, *record.other_numbers) if record.order_number else ()
    auctions = () if words.names_offers else record.items
    return [
        *((AUCTION, item.auction_id) for item in auctions),
        *((ORDER_NUMBER, number[:80]) for number in numbers),
    ]


def known_orders(
    session: Session, keyring: Keyring, account_id: int, wanted: set[tuple[str, str]]
) -> dict[tuple[str, str], Known]:
    """(kind, external id) → the order that owns it."""
    owners = session.execute(
        sa.select(OrderExternalId.kind, OrderExternalId.external_id, OrderExternalId.order_id).where(
            OrderExternalId.account_id == account_id,
            among(session, OrderExternalId.external_id, sorted({key for _, key in wanted})),
        )
    ).all()
    owned = {
        (row.kind, row.external_id): row.order_id for row in owners if (row.kind, row.external_id) in wanted
    }
    orders = _orders(session, keyring, sorted(set(owned.values())))
    return {key: orders[order_id] for key, order_id in owned.items()}


def _orders(session: Session, keyring: Keyring, order_ids: list[int]) -> dict[int, Known]:
    fresh = {"populate_existing": True}
    lines: dict[int, dict[str, OrderLine]] = {}
    for line in session.scalars(
        sa.select(OrderLine).where(among(session, OrderLine.order_id, order_ids)), execution_options=fresh
    ):
        lines.setdefault(line.order_id, {})[line.external_id] = line
    numbers: dict[int, set[str]] = {}
    for row in session.execute(
        sa.select(OrderExternalId.order_id, OrderExternalId.external_id).where(
            among(session, OrderExternalId.order_id, order_ids), OrderExternalId.kind == ORDER_NUMBER
        )
    ):
        numbers.setdefault(row.order_id, set()).add(row.external_id)
    people = buyers.read(session, keyring, order_ids)
    return {
        order.id: Known(
            order,
            lines.get(order.id, {}),
            frozenset(numbers.get(order.id, ())),
            people[order.id][0] if order.id in people else None,
        )
        for order in session.scalars(
            sa.select(Order).where(among(session, Order.id, order_ids)), execution_options=fresh
        )
    }


def of_one_winner(
    session: Session, account_id: int, run: int | None, record: OrderRecord, words: OrderWords
) -> OrderRecord | None:
    """The record under the keys of its wins (orders/winners.py), where auctions are what it names."""
    whole = _with_all_auctions(session, account_id, record)
    if whole is None or words.names_offers:
        return whole
    keyed = winners.keys_of(
        session, account_id, [auction_of(item.auction_id) for item in whole.items],
        label=whole.buyer_label, number=whole.order_number, run=run,
    )  # fmt: skip
    items = [replace(item, auction_id=keyed[auction_of(item.auction_id)]) for item in whole.items]
    return replace(whole, items=tuple(items))


def _with_all_auctions(session: Session, account_id: int, record: OrderRecord) -> OrderRecord | None:
    """管理番号 without an auction of their own get the one of our listing under it; None where there is none."""
    if not record.more_numbers:
        return record
    rows = session.execute(
        sa.select(Listing.management_number, ListingExternalId.external_id)
        .join(ListingExternalId, ListingExternalId.listing_id == Listing.id)
        .where(
            Listing.account_id == account_id,
            ListingExternalId.kind == AUCTION,
            among(session, Listing.management_number, record.more_numbers),
        )
        .order_by(Listing.id, ListingExternalId.id)
    )
    auctions = {row.management_number: row.external_id for row in rows}  # the newest of each
    first = record.items[0]
    if set(record.more_numbers) != auctions.keys() or first.auction_id not in auctions.values():
        return None
    items = [RecordItem(auctions[number], number, first.title, 1, None) for number in record.more_numbers]
    return replace(record, items=tuple(items), more_numbers=())


def completed(record: OrderRecord, found: Sequence[Known]) -> OrderRecord:
    """The record with what is known of its order where the file says the same in another way, or only a part of it."""
    known_numbers = {number for known in found for number in known.numbers}
    if record.order_number not in known_numbers:
        other = next((each for each in record.other_numbers if each in known_numbers), record.order_number)
        record = replace(record, order_number=other)
    return _priced(_with_full_status(record, found), found)


def _with_full_status(record: OrderRecord, found: Sequence[Known]) -> OrderRecord:
    """A file without the column for it leaves off what an order's page adds to a status (2-0-1, then -後払い)."""
    lines = {key: line for known in found for key, line in known.lines.items()}
    words = {lines[item.auction_id].raw_status if item.auction_id in lines else "" for item in record.items}
    if record.asked_at is None and len(words) == 1 and (word := words.pop()).startswith(f"{record.status}-"):
        return replace(record, status=word)
    return record


def _priced(record: OrderRecord, found: Sequence[Known]) -> OrderRecord:
    """A sum for several items: their known prices where those make the sum, else equal parts, the rest on the first. Without
    a sum: a price that the marketplace itself does not tell (yet, or any more) stays as it is known.
    """
    lines = {key: line for known in found for key, line in known.lines.items()}
    if record.items_total is None:
        return replace(record, items=tuple(_with_known_price(item, lines) for item in record.items))
    known_items = [
        replace(item, quantity=lines[item.auction_id].quantity, unit_price=lines[item.auction_id].unit_price)
        for item in record.items
        if item.auction_id in lines
    ]
    if len(known_items) == len(record.items) and record.items_total == sum(
        item.quantity * (item.unit_price or 0) for item in known_items
    ):
        return replace(record, items=tuple(known_items))
    share, rest = divmod(record.items_total, len(record.items))
    parts = [
        replace(item, quantity=1, unit_price=share + (rest if index == 0 else 0))
        for index, item in enumerate(record.items)
    ]
    return replace(record, items=tuple(parts))


def _with_known_price(item: RecordItem, lines: Mapping[str, OrderLine]) -> RecordItem:
    if item.unit_price is not None:
        return item
    known = lines.get(item.auction_id)
    return replace(item, unit_price=known.unit_price if known else 0)
