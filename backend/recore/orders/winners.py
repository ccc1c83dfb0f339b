"""Which win is meant: an auction of several units may have several winners, each with an order of their own (R26).

The first order of an auction owns the auction's id, every further one that id with a number behind it (「x123/2」): an own key
for orders and lines, under which all else goes on as for one winner. Winners are told apart by what the marketplace tells
of them: their id there (classic tool), or the order's number (current tool). Callers hold the account's sync run.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.listings.models import Listing, ListingExternalId
from recore.orders.models import Order, OrderExternalId, OrderLine
from recore.orders.rules import AUCTION, ORDER_NUMBER, OrderState, SeenDetail, SeenRow
from recore.platform.bulk import among

MOST = 99  # winners of one auction; it has far fewer units
MOST_KEY = 80  # characters that name a page to the extension
ONE_WORD = re.compile(r"[^/\s]+")


@dataclass(frozen=True)
class Win:
    """An order of an auction as we know it. `seen_run`: the last run that showed it."""

    key: str
    label: str
    state: OrderState
    seen_run: int
    numbers: frozenset[str]


def auction_of(key: str) -> str:
    """
    >>> auction_of("x123/2")
    'x123'
    """
    return key.partition("/")[0]


def keyed_rows(
    session: Session, account_id: int, run: int, rows: Sequence[SeenRow], shown: Collection[str]
) -> list[SeenRow]:
    """The rows of a page, each under the key of its win. `shown`: the keys that the page shows as they are known."""
    groups: dict[str, list[SeenRow]] = {}
    for row in rows:
        groups.setdefault(row.auction_id, []).append(row)
    known = _wins(session, account_id, groups)
    # One row of an auction that is new, or whose winner is known: by far the most.
    plain = {key for key, group in groups.items() if len(group) == 1 and not known.get(key)}
    lots = _units(session, account_id, groups.keys() - plain)
    found: list[SeenRow] = []
    for auction, group in groups.items():
        wins = known.get(auction, [])
        taken = {each.key for each in wins if each.key in shown}
        by_label: dict[str, str] = {}
        for row in _named_first(group, wins):
            key = by_label.get(row.buyer_label) or _key_of_row(row, wins, taken, run, lots.get(auction))
            taken.add(key)
            if row.buyer_label:  # one winner, however often
                by_label[row.buyer_label] = key
            found.append(replace(row, auction_id=key))
    return found


def _named_first(group: Sequence[SeenRow], wins: Sequence[Win]) -> list[SeenRow]:
    """Winners that are known keep their order; only then do new ones look for theirs."""
    labels = {each.label for each in wins}
    return sorted(group, key=lambda row: (row.buyer_label[:120] not in labels, row.won_at, row.buyer_label))


def _key_of_row(row: SeenRow, wins: Sequence[Win], taken: set[str], run: int, units: int | None) -> str:
    auction, label = row.auction_id, row.buyer_label[:120]
    is_lot = units is not None and units > 1
    free = [each for each in wins if each.key not in taken]
    if not label:
        if not is_lot:
            return auction  # it says nothing of whose it is: the auction's one order
        unnumbered = [each for each in free if not each.numbers]
        return unnumbered[0].key if unnumbered else _new_key(auction, wins, taken)
    by_label = [each for each in wins if each.label == label]
    unnamed = [each for each in free if not each.label]
    if by_label or unnamed:
        return (by_label or unnamed)[0].key
    # The next bidder takes the place of a winner who is not there any more; of a lot, several may win.
    gone = [] if is_lot else [each for each in free if each.seen_run < run]
    return gone[0].key if gone else _new_key(auction, wins, taken)


def keyed_detail(session: Session, account_id: int, run: int, detail: SeenDetail) -> SeenDetail:
    """An order's own page under the keys of its wins; a repeat changes nothing."""
    auctions = {auction_of(key) for key in (detail.auction_id, *(item.auction_id for item in detail.items))}
    named = keys_of(
        session, account_id, auctions, label=detail.buyer_label, number=detail.order_number, run=run
    )
    items = tuple(replace(item, auction_id=named[auction_of(item.auction_id)]) for item in detail.items)
    return replace(detail, auction_id=named[auction_of(detail.auction_id)], items=items)


def keys_of(
    session: Session,
    account_id: int,
    auctions: Iterable[str],
    *,
    label: str,
    number: str | None,
    run: int | None = None,
) -> dict[str, str]:
    """auction → the key under which one winner's order has it."""
    wanted = sorted(set(auctions))
    known = _wins(session, account_id, wanted)
    lots = _units(session, account_id, known)
    told = label[:120] or _label_of_bundle(known)
    return {
        each: _key_of_order(each, known.get(each, []), lots.get(each), told, number, run) for each in wanted
    }


def _label_of_bundle(known: Mapping[str, Sequence[Win]]) -> str:
    """Whose order it is that does not say it: the one winner of its other auctions."""
    labels = {wins[0].label for wins in known.values() if len(wins) == 1}
    return labels.pop() if len(labels) == 1 and any(len(wins) > 1 for wins in known.values()) else ""


def _key_of_order(
    auction: str, wins: Sequence[Win], units: int | None, label: str, number: str | None, run: int | None
) -> str:
    if not wins:
        return auction
    if number:
        own = [each for each in wins if any(_is_same_number(number, other) for other in each.numbers)]
        unnumbered = [each for each in wins if not each.numbers]
        named = [each for each in unnumbered if label and each.label == label]
        if own or unnumbered:
            return (own or named or unnumbered)[0].key
        is_lot = units > 1 if units is not None else wins[0].state is not OrderState.CANCELLED
        return _new_key(auction, wins, set()) if is_lot else wins[0].key
    by_label = [each for each in wins if each.label == label] or [each for each in wins if not each.label]
    if not label or by_label:
        return (by_label or wins)[0].key
    gone = [] if (units or 1) > 1 else [each for each in wins if run is None or each.seen_run < run]
    return gone[0].key if gone else _new_key(auction, wins, set())


def _is_same_number(one: str, other: str) -> bool:
    """Some tools put the store before it: mystore-10000001 is 10000001."""
    return one == other or one.endswith(f"-{other}") or other.endswith(f"-{one}")


def _new_key(auction: str, wins: Sequence[Win], taken: set[str]) -> str:
    known = taken | {each.key for each in wins}
    return next((key for key in _keys(auction, 1, MOST) if key not in known), f"{auction}/{MOST}")


def _keys(auction: str, first: int, last: int) -> list[str]:
    return [auction if number == 1 else f"{auction}/{number}" for number in range(first, last + 1)]


def _wins(session: Session, account_id: int, auctions: Iterable[str]) -> dict[str, list[Win]]:
    """auction → its orders, the first one first."""
    found = _orders_of(session, account_id, [key for each in auctions for key in _keys(each, 1, 2)])
    several = [auction for auction, wins in found.items() if any(each.key != auction for each in wins)]
    if several:
        more = _orders_of(session, account_id, [key for each in several for key in _keys(each, 3, MOST)])
        for auction, wins in more.items():
            found[auction] += wins
    return found


def _orders_of(session: Session, account_id: int, wanted: Sequence[str]) -> dict[str, list[Win]]:
    rows = session.execute(
        sa.select(
            OrderExternalId.external_id, OrderExternalId.order_id, Order.buyer_label, Order.state, Order.observed_run,
            OrderLine.seen_run,
        )
        .join(Order, Order.id == OrderExternalId.order_id)
        .outerjoin(
            OrderLine,
            sa.and_(OrderLine.order_id == Order.id, OrderLine.external_id == OrderExternalId.external_id),
        )
        .where(
            OrderExternalId.account_id == account_id,
            OrderExternalId.kind == AUCTION,
            among(session, OrderExternalId.external_id, sorted(wanted)),
        )
    ).all()  # fmt: skip
    numbers: dict[int, set[str]] = {}
    for owned in session.execute(
        sa.select(OrderExternalId.order_id, OrderExternalId.external_id).where(
            among(session, OrderExternalId.order_id, {row.order_id for row in rows}),
            OrderExternalId.kind == ORDER_NUMBER,
        )
    ):
        numbers.setdefault(owned.order_id, set()).add(owned.external_id)
    wins: dict[str, list[Win]] = {}
    for row in sorted(rows, key=lambda each: (len(each.external_id), each.external_id)):
        seen_run = max(row.observed_run, row.seen_run or 0)
        win = Win(
            row.external_id, row.buyer_label, row.state, seen_run, frozenset(numbers.get(row.order_id, ()))
        )
        wins.setdefault(auction_of(row.external_id), []).append(win)
    return wins


def _units(session: Session, account_id: int, auctions: Collection[str]) -> dict[str, int]:
    """auction → how many units our listing of it offers; nothing of an auction that is not ours."""
    if not auctions:
        return {}
    rows = session.execute(
        sa.select(ListingExternalId.external_id, Listing.quantity)
        .join(Listing, Listing.id == ListingExternalId.listing_id)
        .where(
            ListingExternalId.account_id == account_id,
            ListingExternalId.kind == AUCTION,
            among(session, ListingExternalId.external_id, sorted(auctions)),
        )
    )
    return {row.external_id: row.quantity for row in rows}


def page_keys(session: Session, account_id: int, labels: dict[str, str]) -> dict[str, str]:
    """key → how the extension finds its order's page: 「auction/winner」 where the auction may have several winners.

    `labels`: key → the winner's id there.
    """
    auctions = {auction_of(key) for key in labels}
    several = {
        auction_of(key)
        for key in session.scalars(
            sa.select(OrderExternalId.external_id).where(
                OrderExternalId.account_id == account_id,
                OrderExternalId.kind == AUCTION,
                among(session, OrderExternalId.external_id, sorted(f"{each}/2" for each in auctions)),
            )
        )
    } | {auction for auction, units in _units(session, account_id, auctions).items() if units > 1}
    found = {}
    for key, label in labels.items():
        auction = auction_of(key)
        of_winner = f"{auction}/{label}"
        is_named = auction in several and ONE_WORD.fullmatch(label) and len(of_winner) <= MOST_KEY
        found[key] = of_winner if is_named else auction
    return found
