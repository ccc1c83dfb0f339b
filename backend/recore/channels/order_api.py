"""A marketplace's official API for orders: what the features ask of it, and what it may answer.

Every method that talks to the marketplace takes seconds and may fail at any point: never inside a transaction. They read only,
so each may be repeated. Errors: `AccessExpired` (get a new access token and ask again), `ConsentOver` (only a person can go
on), `UnreadableOrder` (this one order cannot be understood), other `Terminal` (refused for a reason that staff must settle),
`Retryable` (it may pass).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, cast

from recore.channels.base import OrderRecord
from recore.platform.errors import Conflict, Retryable, Terminal
from recore.platform.ratelimit import Rate


class AccessExpired(Retryable):
    """The access token is not good any more; a new one may be."""


class ConsentOver(Terminal):
    """The shop has to let us in again."""


class UnreadableOrder(Terminal):
    """One order that cannot be taken in; the message is for staff and quotes no buyer's data. `numbers`: our own numbers (SKU) of
    what was ordered, as far as they can be read.
    """

    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Client:
    """What the marketplace gave the shop for this program."""

    id: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Tokens:
    """`refresh` None: the one that we have stays."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    lasts: timedelta


@dataclass(frozen=True)
class StoreKey:
    """A public key that the marketplace made for a store; `version` is its number there, `pem` its text. Only the marketplace can
    read what is encrypted with it.
    """

    store_id: str
    version: str
    pem: str = field(repr=False)


@dataclass(frozen=True)
class KeyHeard:
    """What the marketplace said of our key last; `problem`: why it did not take it, and what to do, for staff."""

    problem: str | None = None


class OrderOperation(StrEnum):
    LIST = "LIST"
    ORDER = "ORDER"
    SHIP = "SHIP"


@dataclass(frozen=True)
class Place:
    """Where a page of a list begins: of the orders changed from `since` to `until` (None: by now), the `start`-th (1 is the
    first), or where `token` of the page before says.
    """

    since: datetime
    until: datetime | None = None
    start: int = 1
    token: str | None = None


@dataclass(frozen=True)
class ChangedOrder:
    """`changed_at` by the marketplace's clock, None where it says nothing of use; `status` its own word. `record`: the order,
    where the list tells it whole; else it has to be asked for.
    """

    number: str
    changed_at: datetime | None
    status: str
    record: OrderRecord | None = None


@dataclass(frozen=True)
class ChangedOrders:
    """One page. `total`: of all pages, as of now, None where pages are chained by tokens; `count`: rows of this page, also those
    that are not for us; `token`: the next page's, None on the last.
    """

    total: int | None
    count: int
    orders: tuple[ChangedOrder, ...]
    token: str | None = None


class OrderApi(Protocol):
    """`profiles`: the generations of the store's tool that have it. `by_consent`: a person lets us in there (`ConsentApi`); else
    by keys that the shop enters. `overlap`: how far before the last known change the next list begins; `first_look`: how far back
    the first one goes; `behind`: how far in the past a list has to end, None: it has no end.
    """

    label: str
    profiles: frozenset[str]
    by_consent: bool
    overlap: timedelta
    first_look: timedelta
    behind: timedelta | None

    def limit(self, operation: OrderOperation) -> tuple[str, Rate]:
        """Which bucket a call takes from, and how often it may."""
        ...

    def new_tokens(self, client: Client, refresh: str) -> Tokens: ...

    def try_out(self, access: str, store_id: str) -> str:
        """The smallest read that shows that orders may be read; what it found, for staff."""
        ...

    def changed_orders(self, access: str, store_id: str, place: Place) -> ChangedOrders:
        """A page of a list. Raises Terminal for a token that is not good any more, as for other refusals."""
        ...

    def order(self, access: str, store_id: str, number: str) -> OrderRecord:
        """One order, whole."""
        ...


class ConsentApi(OrderApi, Protocol):
    """One that a person lets us into. `consent_lasts`: how long a consent holds at most, `keyed_lasts`: where our calls carry the
    store's key; None: not known, or no such key. `key_heard`: what was said of the key of `with_key`, None: nothing yet.
    """

    consent_lasts: timedelta | None
    keyed_lasts: timedelta | None
    key_heard: KeyHeard | None

    def with_key(self, key: StoreKey) -> ConsentApi:
        """The same, but every call for that store carries proof of the key. Raises Invalid BAD_KEY for a text that is none."""
        ...

    def consent_url(self, client_id: str, redirect_uri: str, state: str, challenge: str) -> str:
        """Where the shop says yes; `challenge` is S256 of a verifier that `tokens_for_code` names. Asks nobody."""
        ...

    def tokens_for_code(self, client: Client, code: str, redirect_uri: str, verifier: str) -> Tokens: ...


@dataclass(frozen=True)
class ShippedOrder:
    """An order as it stands: what is `left` to be shipped (item id → units), and the references of parcels that are known there."""

    record: OrderRecord
    left: Mapping[str, int]
    parcels: frozenset[str]


@dataclass(frozen=True)
class Parcel:
    """`reference`: our own number of it, good once per order; `items`: item id → units."""

    reference: str
    carrier: str
    tracking_number: str
    shipped_at: datetime
    items: Mapping[str, int]


class ShipmentApi(OrderApi, Protocol):
    """One that is told of parcels. `confirm` is a write, with the errors of `channels/offer_api.py`."""

    def shipped_order(self, access: str, store_id: str, number: str) -> ShippedOrder: ...

    def confirm(self, access: str, store_id: str, number: str, parcel: Parcel) -> None: ...


def shipment_api(api: OrderApi) -> ShipmentApi:
    """Of a marketplace whose `ShippingForm` says `by_api`."""
    return cast(ShipmentApi, api)


def consent_api(api: OrderApi) -> ConsentApi:
    """Raises Conflict NO_CONSENT for one that is opened by keys."""
    if not api.by_consent:
        raise Conflict(
            "NO_CONSENT", f"{api.label}の受注は、登録した鍵で取り込みます。", item=api.label,
            remedy="公式APIの欄で、鍵を登録してください。",
        )  # fmt: skip
    return cast(ConsentApi, api)
