"""Bodies of the sync in msgspec: a page holds up to 5,000 rows, which a JSON Schema validator takes seconds for.

They accept and refuse what `shared_schemas/api/page.schema.json` does; a test runs both over the same instances. Rows of
the selling and ended lists stay as they came until one is needed: most are, byte for byte, what is known already (B1).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from recore.platform.errors import Invalid
from recore.platform.text_ja import holds_nul
from recore.sync.rules import Phase

MAX_ROWS = 5000
END = r"\Z"
MAX_ID = 40
AuctionId = Annotated[str, Meta(min_length=1, max_length=MAX_ID, pattern=rf"^[A-Za-z0-9]+{END}")]
Label = Annotated[str, Meta(min_length=1, max_length=100)]
Title = Annotated[str, Meta(max_length=500)]
Yen = Annotated[int, Meta(ge=0, le=10**12)]
WireTime = Annotated[
    str,
    Meta(
        max_length=27,
        pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
        rf"(\.[0-9]{{1,6}})?Z{END}",
    ),
]


class Wire(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """No cycles: the collector need not look at 100,000 rows."""


class ListingRow(Wire):
    """Decoded by `listing_rows`, which looks at `ends_at`; `auction_ids` has looked at every id."""

    auction_id: str
    management_number: Label | None
    title: Title
    current_price: Yen
    bid_count: Annotated[int, Meta(ge=0, le=10**6)]
    ends_at: str | None
    result: Label | None


class OrderRow(Wire):
    auction_id: AuctionId
    management_number: Label | None
    title: Title
    winner: Annotated[str, Meta(max_length=200)]
    amount: Yen
    won_at: WireTime
    status: Label


class NumberRow(Wire):
    """An order as a list shows it that names no auctions."""

    order_number: Annotated[str, Meta(min_length=1, max_length=80, pattern=rf"^[A-Za-z0-9_-]+{END}")]
    status: Label


class OrderItem(Wire):
    auction_id: AuctionId
    management_number: Label | None
    title: Title
    quantity: Annotated[int, Meta(ge=1, le=10_000)]
    unit_price: Yen


class BuyerData(Wire):
    name: Annotated[str, Meta(min_length=1, max_length=200)] | None
    kana: Annotated[str, Meta(min_length=1, max_length=200)] | None
    postal_code: Annotated[str, Meta(min_length=1, max_length=20)] | None
    address: Annotated[str, Meta(min_length=1, max_length=1000)] | None
    phone: Annotated[str, Meta(min_length=1, max_length=40)] | None


class OrderDetail(Wire):
    auction_id: AuctionId
    order_number: Label | None
    status: Label
    status_options: Annotated[list[Label], Meta(max_length=100)]
    ordered_at: WireTime | None
    items: Annotated[list[OrderItem], Meta(max_length=500)]
    buyer: BuyerData | None
    shipping_method: Annotated[str, Meta(min_length=1, max_length=300)] | None
    payment_method: Annotated[str, Meta(min_length=1, max_length=300)] | None
    shipping_fee: Yen | None
    total: Yen | None
    message: Annotated[str, Meta(min_length=1, max_length=5000)] | None
    winner: Annotated[str, Meta(max_length=200)] = ""


class Page(Wire):
    seq: Annotated[int, Meta(ge=1, le=10**6)]
    phase: Phase
    page: Annotated[int, Meta(ge=1, le=10**5)]
    contract: Annotated[str, Meta(min_length=1, max_length=60, pattern=rf"^[a-z][a-z0-9_]*@[1-9][0-9]*{END}")]
    observed_at: WireTime
    last_page: bool
    listings: Annotated[list[msgspec.Raw], Meta(max_length=MAX_ROWS)]
    orders: Annotated[list[OrderRow], Meta(max_length=MAX_ROWS)]
    numbers: Annotated[list[NumberRow], Meta(max_length=MAX_ROWS)]
    details: Annotated[list[OrderDetail], Meta(max_length=MAX_ROWS)]
    unchanged: Annotated[list[Annotated[int, Meta(ge=0, le=2**53)]], Meta(max_length=2 * MAX_ROWS)]


class _Head(msgspec.Struct):
    seq: Annotated[int, Meta(ge=1, le=10**6)]


class _Named(msgspec.Struct, gc=False):
    auction_id: str


class _Names(msgspec.Struct):
    listings: list[_Named]


_page = msgspec.json.Decoder(Page)
_head = msgspec.json.Decoder(_Head)
_names = msgspec.json.Decoder(_Names)
_rows = msgspec.json.Decoder(list[ListingRow])
_time = msgspec.json.Decoder(WireTime)
T = TypeVar("T")


def page_seq(body: bytes) -> int:
    """The place of a page in its run, without a look at the rest. Raises Invalid BODY."""
    return _decode(_head, body).seq


def auction_ids(body: bytes) -> list[str]:
    """The auction ids of a page's listings, in their order: letters and digits. Raises Invalid BODY."""
    ids = [row.auction_id for row in _decode(_names, body).listings]
    if not (
        all(map(str.isalnum, ids)) and "".join(ids).isascii() and max(map(len, ids), default=0) <= MAX_ID
    ):
        raise _refused(
            "listings.auction_id"
        )  # at once for all: a pattern per row took a tenth of a page's time (B1)
    return ids


def listing_rows(raw: Iterable[msgspec.Raw]) -> list[ListingRow]:
    """Rows of a page that are needed in full. Raises Invalid BODY."""
    rows = _decode(_rows, b"[" + b",".join(raw) + b"]", "listings")
    for text in {row.ends_at for row in rows} - {None}:  # ends repeat: closing hours are whole hours
        _decode(_time, msgspec.json.encode(text), "listings.ends_at")
    return rows


def _decode(decoder: msgspec.json.Decoder[T], body: bytes, inside: str = "") -> T:
    try:
        return decoder.decode(body)
    except (msgspec.ValidationError, msgspec.DecodeError, RecursionError) as error:
        raise _refused(inside + _place(str(error))) from None


def decode_page(body: bytes) -> Page:
    """A page from its JSON; its listings as they came. Raises Invalid BODY naming the place, never the value (it may be a
    buyer's).
    """
    if holds_nul(body):
        raise _refused("(NUL)")
    page = _decode(_page, body)
    lists = {
        Phase.SELLING: page.listings,
        Phase.CLOSED: page.listings,
        Phase.WON: page.orders,
        Phase.NUMBERED: page.numbers,
        Phase.DETAIL: page.details,
    }
    if any(rows and rows is not lists[page.phase] for rows in lists.values()):
        raise _refused("phase")
    if page.phase is Phase.DETAIL and page.unchanged:
        raise _refused("unchanged")
    return page


def _place(message: str) -> str:
    """`… - at `$.listings[0].title`` → `listings[0].title`."""
    _, found, place = message.rpartition(" - at ")
    return place.strip("`").removeprefix("$").removeprefix(".")[:200] if found else "(body)"


def moment(text: str) -> datetime:
    """A wire time (`WireTime`) as an aware datetime. Raises Invalid BODY for a day that does not exist."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise _refused("date") from None


def _refused(place: str) -> Invalid:
    return Invalid(
        "BODY",
        "拡張機能から届いたデータの形が違います。",
        field=place,
        remedy="拡張機能を最新の版にしてください。",
    )
