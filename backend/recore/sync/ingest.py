"""One page of a sync → what we know of the marketplace (rule 7, B1).

The page's run row is locked, so the pages of an account are taken in one after the other; what is older than what we
know of a row, by (run, seq), is left out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from zlib import crc32

import msgspec
import sqlalchemy as sa
from xxhash import xxh3_64_intdigest

from recore.channels.base import PageReader
from recore.listings.models import ListingSeen, ObservedListing
from recore.orders import observe
from recore.orders.numbered import wanted_numbers
from recore.orders.rules import Buyer, SeenDetail, SeenItem, SeenRow, Sighting
from recore.platform.bulk import BulkUpsert, among, pairs
from recore.platform.crypto import Keyring
from recore.platform.db import UnitOfWork
from recore.sync import matching
from recore.sync.known import unchanged_listings, unchanged_numbers, unchanged_orders
from recore.sync.matching import Sighted
from recore.sync.rules import Phase
from recore.sync.schemas import ListingRow, OrderDetail, OrderItem, Page, listing_rows, moment

_CONTENT = ("management_number", "title", "current_price", "bid_count", "ends_at", "seen_phase", "result")
_KEY = ("tenant_id", "account_id", "external_id")

OBSERVED = BulkUpsert(
    table=ObservedListing.__table__,  # type: ignore[arg-type]
    columns=(*_KEY, *_CONTENT, "content_hash", "first_run", "changed_run"),
    key=_KEY,
    update=(*_CONTENT, "content_hash", "changed_run"),
    condition="observed_listings.content_hash <> excluded.content_hash",
)
SEEN = BulkUpsert(
    table=ListingSeen.__table__,  # type: ignore[arg-type]
    columns=(*_KEY, "run_number", "seq"),
    key=_KEY,
    update=("run_number", "seq"),
    condition="(excluded.run_number, excluded.seq) > (listing_seen.run_number, listing_seen.seq)",
)


@dataclass
class Counts:
    """What a page did; `summary` goes into the run's totals."""

    stored: int
    unchanged: int
    wanted: list[str] = field(default_factory=list)
    summary: dict[str, int] = field(default_factory=dict)


# --- selling and closed ------------------------------------------------------------------------------------------


def take_listings(
    uow: UnitOfWork, account_id: int, at: Sighting, page: Page, auction_ids: Sequence[str], reader: PageReader
) -> Counts:
    """Take in a page of the selling or the ended list. Of an auction that stands there twice the last row counts."""
    shown = dict(zip(auction_ids, page.listings, strict=True))
    hashes = dict(zip(shown, content_hashes(shown.values(), page.phase), strict=True))
    as_known = unchanged_listings(uow, account_id, page.phase, page.unchanged)
    seen = shown.keys() | as_known.keys()
    new, changed, linked = _compare(uow, account_id, at, hashes)
    rows = listing_rows(shown[key] for key in chain(new, changed))
    _write(uow, account_id, at, page.phase, rows, [hashes[row.auction_id] for row in rows])
    _mark_seen(uow, account_id, at, list(seen - set(new)), new)
    linked |= {key: listing_id for key, listing_id in as_known.items() if listing_id is not None}
    linked |= _link_new(uow, account_id, rows[: len(new)], page.phase, reader)
    _settle(uow, account_id, page.phase, linked, {row.auction_id for row in rows}, reader)
    counts = {str(page.phase): len(seen)}
    if page.phase is Phase.SELLING:
        counts["unlinked"] = len(seen) - len(linked)
    return Counts(stored=len(rows), unchanged=len(seen) - len(rows), summary=counts)


def _settle(
    uow: UnitOfWork, account_id: int, phase: Phase, linked: dict[str, int], news: set[str], reader: PageReader
) -> None:
    """Listings whose auction shows something new; of the others those that are not where it says they should be."""
    moved = {listing_id for key, listing_id in linked.items() if key in news}
    rest = set(linked.values()) - moved
    matching.settle(uow, account_id, moved | matching.unsettled(uow, account_id, phase, rest), reader)


def content_hashes(rows: Iterable[msgspec.Raw], phase: Phase) -> Sequence[int]:
    """64 bits, signed as the column is, over each row as it came and the list that it stands in."""
    list_name = crc32(phase.encode())
    digests = [xxh3_64_intdigest(row, list_name) for row in rows]
    return struct.unpack(f"<{len(digests)}q", struct.pack(f"<{len(digests)}Q", *digests))


def _compare(
    uow: UnitOfWork, account_id: int, at: Sighting, hashes: dict[str, int]
) -> tuple[list[str], list[str], dict[str, int]]:
    """Auctions that no page showed before; those that look different now and were not seen later than `at`; and auction
    id → our listing of those that have one.

    The database compares, and answers with a text for each (an id holds neither comma nor colon): a row per auction
    would cost more (B1). It looks each auction up by its key; an index on `listing_id` would be walked through all.
    """
    given = pairs(uow.session, hashes)
    observed, seen = OBSERVED.table.c, SEEN.table.c  # tables, not entities: they are compiled once
    is_changed = sa.and_(
        observed.content_hash != given.c.value,
        sa.exists().where(*(seen[name] == observed[name] for name in _KEY), _seen_before(at)),
    )
    link = given.c.key + ":" + sa.cast(observed.listing_id, sa.Text())
    found = uow.session.execute(
        sa.select(
            sa.func.aggregate_strings(given.c.key, ",").filter(observed.external_id.is_(None)),
            sa.func.aggregate_strings(given.c.key, ",").filter(is_changed),
            sa.func.aggregate_strings(link, ",").filter(observed.listing_id.is_not(None)),
        ).select_from(
            given.outerjoin(
                OBSERVED.table,
                sa.and_(
                    observed.tenant_id == uow.tenant_id,
                    observed.account_id == account_id,
                    observed.external_id == given.c.key,
                ),
            )
        )
    ).one()
    new, changed, links = (text.split(",") if text else [] for text in found)
    linked = (link.split(":") for link in links)
    return new, changed, {key: int(listing_id) for key, listing_id in linked}


def _seen_before(at: Sighting) -> sa.ColumnElement[bool]:
    seen = SEEN.table.c
    return sa.tuple_(seen.run_number, seen.seq) < sa.tuple_(sa.literal(at.run), sa.literal(at.seq))


def _mark_seen(uow: UnitOfWork, account_id: int, at: Sighting, known: list[str], new: list[str]) -> None:
    """One statement for the rows that are there already, whose newer sightings stay; an upsert for the others."""
    if known:
        seen = SEEN.table.c
        uow.session.execute(
            sa.update(SEEN.table)
            .where(
                seen.tenant_id == uow.tenant_id,
                seen.account_id == account_id,
                among(uow.session, seen.external_id, known),
                _seen_before(at),
            )
            .values(run_number=at.run, seq=at.seq)
        )
    if new:
        mark = {"tenant_id": uow.tenant_id, "account_id": account_id, "run_number": at.run, "seq": at.seq}
        SEEN.run(uow.session, {**mark, "external_id": new})


def _write(
    uow: UnitOfWork, account_id: int, at: Sighting, phase: Phase, rows: list[ListingRow], hashes: list[int]
) -> None:
    if not rows:
        return
    OBSERVED.run(
        uow.session,
        {
            "tenant_id": uow.tenant_id,
            "account_id": account_id,
            "external_id": [row.auction_id for row in rows],
            "management_number": [row.management_number and row.management_number[:60] for row in rows],
            "title": [row.title for row in rows],
            "current_price": [row.current_price for row in rows],
            "bid_count": [row.bid_count for row in rows],
            "ends_at": _moments([row.ends_at for row in rows]),
            "seen_phase": str(phase),
            "result": [row.result and row.result[:60] for row in rows],
            "content_hash": hashes,
            "first_run": at.run,
            "changed_run": at.run,
        },
    )


def _moments(texts: list[str | None]) -> list[object]:
    """Ends repeat (closing hours are whole hours): each is parsed once."""
    parsed = {text: moment(text) if text else None for text in set(texts)}
    return [parsed[text] for text in texts]


def _link_new(
    uow: UnitOfWork, account_id: int, rows: list[ListingRow], phase: Phase, reader: PageReader
) -> dict[str, int]:
    """The listings of auctions that are on a list for the first time."""
    if not rows:
        return {}
    owned = matching.owners(uow, account_id, [row.auction_id for row in rows])
    attempts = matching.sent_attempts(uow, account_id, {row.management_number for row in rows})
    rest = [
        Sighted(
            row.auction_id,
            row.management_number,
            moment(row.ends_at) if row.ends_at else None,
            phase is Phase.SELLING,
        )
        for row in rows
        if row.management_number in attempts and row.auction_id not in owned
    ]
    links = owned | matching.adopt(uow, account_id, rest, attempts, reader)
    matching.link_observed(uow, account_id, links)
    return links


# --- orders ------------------------------------------------------------------------------------------------------


def take_orders(
    uow: UnitOfWork, keyring: Keyring, account_id: int, at: Sighting, page: Page, reader: PageReader
) -> Counts:
    """Take in a page of the order list, or pages of single orders."""
    if page.phase is Phase.DETAIL:
        return _take_details(uow, keyring, account_id, at, page, reader)
    if page.phase is Phase.NUMBERED:
        return _take_numbers(uow, account_id, page, reader)
    return _take_rows(uow, account_id, at, page, reader)


def _take_numbers(uow: UnitOfWork, account_id: int, page: Page, reader: PageReader) -> Counts:
    """Orders by their number: nothing is taken over from such a list, but it tells which pages to read."""
    shown = {row.order_number: row.status for row in page.numbers}
    as_known = unchanged_numbers(uow, account_id, page.unchanged)
    told = {number: reader.status_in_lists(word) for number, word in as_known.items()} | shown
    wanted = wanted_numbers(uow, account_id, told, reader.status_in_lists)
    summary = {"orders": len(told)}
    return Counts(stored=0, unchanged=len(told) - len(wanted), wanted=wanted, summary=summary)


def _take_rows(uow: UnitOfWork, account_id: int, at: Sighting, page: Page, reader: PageReader) -> Counts:
    rows = [
        SeenRow(
            row.auction_id,
            row.management_number,
            row.title,
            row.winner,
            row.amount,
            moment(row.won_at),
            row.status,
        )
        for row in page.orders
    ]
    won = [Sighted(row.auction_id, row.management_number, row.won_at, is_selling=False) for row in rows]
    links = matching.won_links(uow, account_id, won, reader)
    as_known = unchanged_orders(uow, account_id, page.unchanged)
    taken = observe.take_rows(uow, observe.Source(account_id, at, reader, links), rows, as_known)
    matching.link_observed(uow, account_id, links)
    auctions = {row.auction_id for row in rows} | as_known.keys()
    summary = {"orders": len(auctions), "orders_new": taken.new}
    wanted = [] if reader.details_by_number else taken.wanted
    return Counts(taken.new + taken.changed, taken.unchanged, wanted, summary)


def _take_details(
    uow: UnitOfWork, keyring: Keyring, account_id: int, at: Sighting, page: Page, reader: PageReader
) -> Counts:
    details = [_detail(each) for each in page.details]
    won = [
        Sighted(item.auction_id, item.management_number, each.ordered_at, is_selling=False)
        for each in details
        for item in each.items
    ]
    links = matching.won_links(uow, account_id, won, reader)
    taken = observe.take_details(uow, keyring, observe.Source(account_id, at, reader, links), details)
    matching.link_observed(uow, account_id, links)
    return Counts(taken.new + taken.changed, taken.unchanged, summary={"orders_new": taken.new})


def _detail(detail: OrderDetail) -> SeenDetail:
    buyer = detail.buyer
    return SeenDetail(
        auction_id=detail.auction_id,
        order_number=detail.order_number,
        status=detail.status,
        ordered_at=moment(detail.ordered_at) if detail.ordered_at else None,
        items=_items(detail.items),
        buyer=Buyer(buyer.name, buyer.kana, buyer.postal_code, buyer.address, buyer.phone) if buyer else None,
        shipping_method=detail.shipping_method,
        payment_method=detail.payment_method,
        shipping_fee=detail.shipping_fee,
        total=detail.total,
        message=detail.message,
        buyer_label=detail.winner[:120],
    )


def _items(items: Sequence[OrderItem]) -> tuple[SeenItem, ...]:
    """An auction shown in several lines is one line with their units."""
    merged: dict[str, SeenItem] = {}
    for item in items:
        before = merged.get(item.auction_id)
        quantity = item.quantity + (before.quantity if before else 0)
        merged[item.auction_id] = SeenItem(
            item.auction_id, item.management_number, item.title, quantity, item.unit_price
        )
    return tuple(merged.values())


def missing_statuses(page: Page, reader: PageReader) -> tuple[bool, str | None]:
    """(whether the page shows the shop's statuses at all, the one that it must still create)."""
    options = list(chain.from_iterable(detail.status_options for detail in page.details))
    return bool(options), reader.missing_status(options)
