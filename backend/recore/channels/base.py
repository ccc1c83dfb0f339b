"""What a marketplace is to the features: data about its form, and pure functions over it.

A channel is registered in `registry.py`. Features know no marketplace by name; they ask the registry by the name stored in
`MarketplaceAccount.channel`. Everything here is free of I/O, so it may be called inside a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, BinaryIO, Protocol, cast

from recore.platform.errors import Conflict
from recore.platform.tables import Table

Values = Mapping[str, Any]


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class FieldProblem:
    """One thing wrong with a form: which field (its key, or `photos`), what, and what to do about it."""

    field: str
    label: str
    message: str
    remedy: str = ""
    severity: Severity = Severity.ERROR


@dataclass(frozen=True)
class FormField:
    """One field of a listing form; page, validation, API and file are generated from it (R10).

    kind: text | html | yen | yen_or_none | int | choice | category | catalog_id (found in the marketplace's own catalogue) |
    management_number | saved_choices | saved_choice.
    `max_half_widths` counts half-width units (full-width 2); `saved` names the account's list of saved choices;
    `is_shop_default`: the same for most items of a shop, so the account may hold a value for it.
    """

    key: str
    label: str
    kind: str
    group: str
    required: bool
    choices: tuple[str, ...] = ()
    choice_labels: Mapping[str, str] = field(default_factory=dict)
    default: Any = None
    prefill: str | None = None
    saved: str | None = None
    help: str = ""
    none_label: str = ""
    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    max_half_widths: int | None = None
    max_characters: int | None = None
    is_shop_default: bool = False


@dataclass(frozen=True)
class FormGroup:
    key: str
    label: str
    collapsed: bool = False


@dataclass(frozen=True)
class FormDefinition:
    channel: str
    profile: str
    groups: tuple[FormGroup, ...]
    fields: tuple[FormField, ...]

    def in_group(self, key: str) -> list[FormField]:
        return [each for each in self.fields if each.group == key]

    def field(self, key: str) -> FormField:
        return next(each for each in self.fields if each.key == key)

    def shop_defaults(self) -> list[FormField]:
        """The fields for which an account may hold a value."""
        return [each for each in self.fields if each.is_shop_default]

    def saved_lists(self) -> dict[str, str]:
        """Name → label of every list of saved choices that the form draws on."""
        return {each.saved: each.label for each in self.fields if each.saved}


@dataclass(frozen=True)
class PhotoFact:
    """A photo as the marketplace would get it."""

    media_type: str
    size_bytes: int


@dataclass(frozen=True)
class PrefillSource:
    """What 買取 and catalogue know of an item; `price` in yen, `units` still to be offered."""

    name: str
    grade: str
    price: int
    jan: str | None
    units: int
    management_number: str


@dataclass(frozen=True, slots=True)
class Category:
    """A node of a marketplace's tree; only a leaf may be listed in. `path`: the names from the top, between ` > `."""

    id: str
    name: str
    path: str
    is_leaf: bool


@dataclass(frozen=True)
class FormContext:
    """What validation looks at beside the values: the photos, how many units there are to offer, and by its number each
    category of the values that is known.
    """

    photos: Sequence[PhotoFact]
    units: int
    saved_choices: Mapping[str, Sequence[str]]
    categories: Mapping[str, Category] = field(default_factory=dict)


@dataclass(frozen=True)
class FilePhoto:
    """A photo to pack: its size in bytes and how to open it for reading."""

    size_bytes: int
    open: Callable[[], BinaryIO]


@dataclass(frozen=True)
class FileItem:
    """One row of an upload file: the frozen form values and the photos in order."""

    values: Values
    photos: Sequence[FilePhoto]

    @property
    def size_bytes(self) -> int:
        """About what the item adds to the file."""
        return (
            sum(photo.size_bytes for photo in self.photos)
            + 2 * len(str(self.values.get("description", "")))
            + 2048
        )


@dataclass(frozen=True)
class RecordItem:
    """One auction, or other item, of an order. `unit_price` None: only the sum of all of the order's items is known, or no
    price yet. `status`: its own word, where it has another one than the order.
    """

    auction_id: str
    management_number: str | None
    title: str
    quantity: int
    unit_price: int | None
    status: str | None = None


@dataclass(frozen=True)
class Recipient:
    """Where an order goes. Its repr shows nothing, so that no log can."""

    name: str | None
    kana: str | None
    postal_code: str | None
    address: str | None
    phone: str | None

    def __repr__(self) -> str:
        return "<Recipient>"


@dataclass(frozen=True)
class OrderRecord:
    """One order as the marketplace's file tells it. What is None is not told, which does not mean empty.

    `other_numbers`: how else the marketplace writes its order number.
    `rows`: the file's row numbers. `updated_at`: the marketplace's own time of the last change. `more_numbers`: 管理番号
    of further items whose auctions are not named. `items_total` in yen, where items have no price of their own. `asked_at`:
    when the marketplace itself was asked, by our clock; None for a file. `asks_to_cancel`: the buyer wants it (in part) no more.
    """

    rows: tuple[int, ...]
    order_number: str | None
    status: str
    ordered_at: datetime
    updated_at: datetime | None
    items: tuple[RecordItem, ...]
    other_numbers: tuple[str, ...] = ()
    more_numbers: tuple[str, ...] = ()
    items_total: int | None = None
    buyer_label: str = ""
    recipient: Recipient | None = None
    shipping_method: str | None = None
    payment_method: str | None = None
    shipping_fee: int | None = None
    total: int | None = None
    message: str | None = field(default=None, repr=False)
    asked_at: datetime | None = None
    asks_to_cancel: bool = False


@dataclass(frozen=True)
class RowProblem:
    """Why rows of a file cannot be read; never quotes a cell, which may be a buyer's data."""

    rows: tuple[int, ...]
    column: str
    message: str
    remedy: str


@dataclass(frozen=True)
class OrderFile:
    """An order file as read. `understood`: (the file's heading, what it is to us); `outside`: rows of other orders."""

    understood: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...]
    records: tuple[OrderRecord, ...]
    problems: tuple[RowProblem, ...]
    outside: tuple[int, ...]


@dataclass(frozen=True)
class Carrier:
    """`code` is the marketplace's; `pattern` what its tracking numbers look like, `hint` the same in words for staff."""

    code: str
    label: str
    pattern: str
    hint: str


@dataclass(frozen=True)
class ShippingForm:
    """What a marketplace asks for when an order is marked as shipped. `takes_number`: it has a place for the tracking number.
    `by_api`: the server tells it (`ShipmentApi`); else the extension does on the store tool's pages.
    """

    carriers: tuple[Carrier, ...]
    takes_number: bool
    needs_number: bool
    by_api: bool = False

    def carrier(self, code: str) -> Carrier | None:
        return next((each for each in self.carriers if each.code == code), None)


class Channel(Protocol):
    """One marketplace.

    `profiles`: the generations of its tool (profile → label). `photo_spec`: the key of photo_limits.json that its copies meet,
    None where an offer takes no photos. `lists_by_api`: the server offers through an `OfferApi`, and a management number is used
    once and never again; else it is a `StoreTool`. `store_id_label`: what the marketplace calls the id of a store.
    """

    name: str
    label: str
    profiles: Mapping[str, str]
    lists_by_api: bool
    store_id_label: str

    @property
    def photo_spec(self) -> str | None: ...

    def form(self, profile: str) -> FormDefinition:
        """The form of a profile; KeyError for an unknown one."""
        ...

    def prefill(self, profile: str, source: PrefillSource, defaults: Values) -> dict[str, Any]:
        """First values: the item's, then the account's `defaults`, then the field's default."""
        ...

    def validate(self, profile: str, values: Values, context: FormContext) -> list[FieldProblem]:
        """Everything that is known to be refused, all at once; [] means it may be sent."""
        ...

    def own_categories(self) -> Sequence[Category]:
        """The small tree that counts until the shop imports a whole one."""
        ...

    def preview(self, html: str) -> str:
        """A description as the marketplace would show it: cleaned HTML."""
        ...

    def shipping(self, profile: str) -> ShippingForm:
        """How an order of this profile is marked as shipped; KeyError for an unknown one."""
        ...

    def order_words(self, profile: str) -> OrderWords:
        """How to understand what is told of this profile's orders; KeyError for an unknown one."""
        ...


class StoreTool(Channel, Protocol):
    """A marketplace that is worked in its store's own pages: by upload files, by downloads, and by the extension."""

    @property
    def photo_spec(self) -> str: ...

    def write_file(
        self, profile: str, items: Sequence[FileItem], *, progress: Callable[[int], None]
    ) -> Iterator[bytes]:
        """The upload file as chunks, in flat memory; `progress(n)` after the n-th item."""
        ...

    def file_name(self, at: datetime, number: int, part: int) -> str:
        """A file name that the marketplace takes, unique per (number, part); `at` in Japan's time."""
        ...

    def order_file_columns(self, profile: str) -> list[tuple[str, str, bool]]:
        """(heading, what it is to us, whether it must be there) of the columns that an order file may have."""
        ...

    def read_order_file(self, profile: str, store_id: str, table: Table) -> OrderFile:
        """The orders of a file that the store downloaded; columns are found by name.

        Raises Invalid MISSING_COLUMNS or DOUBLE_COLUMNS, which name them.
        """
        ...

    def pages(self, profile: str) -> PageReader:
        """How to understand what the extension reads off this profile's pages; KeyError for an unknown one."""
        ...


def store_tool(channel: Channel) -> StoreTool:
    """Raises Conflict NO_STORE_TOOL for a marketplace that is worked through its API."""
    if channel.lists_by_api:
        raise Conflict(
            "NO_STORE_TOOL", f"{channel.label}では、ファイルも拡張機能も使いません。", item=channel.label,
            remedy="出品と受注は、サーバーが自動で送り、取り込みます。",
        )  # fmt: skip
    return cast(StoreTool, channel)


class OrderWords(Protocol):
    """What a marketplace's own words for orders mean in ours. Pure; a word that nobody mapped is None, never a guess (rule 12).

    `label`: the marketplace's name in texts to staff. `goes_back`: there an order may really turn back; else a step back
    is something that was told late. `names_offers`: an item names the offer by our own number (SKU), and its id is good within
    its order only; else an item is an auction with an id of its own.
    """

    label: str
    goes_back: bool
    names_offers: bool

    def order_state(self, status: str) -> str | None:
        """A state of `orders.rules.OrderState` for the status of an order."""
        ...


class PageReader(OrderWords, Protocol):
    """What the words on a store tool's pages mean in ours."""

    @property
    def details_by_number(self) -> bool:
        """Whether an order's own page is found by its order number only, not by an auction's id."""
        ...

    def status_in_lists(self, status: str) -> str:
        """How a list writes a status that an order's own page tells in full."""
        ...

    def ended_result(self, word: str) -> str | None:
        """A value of `sync.rules.OfferEnd` for the word of an ended offer."""
        ...

    def missing_status(self, options: Sequence[str]) -> str | None:
        """The status that the shop must still create there itself, given those it has; None when nothing is missing."""
        ...

    def earliest_end(self, fields: Values, sent_at: datetime) -> datetime:
        """Before when an offer with these form values, sent at `sent_at`, cannot be over by itself."""
        ...

    def relists(self, fields: Values) -> int:
        """How often the marketplace puts the offer up again when it ends unsold."""
        ...
