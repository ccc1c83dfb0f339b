"""A marketplace's official API for orders: what the features ask of it, and what it may answer.

Every method that talks to the marketplace takes seconds and may fail at any point: never inside a transaction. They read only,
so each may be repeated. Errors: `AccessExpired` (get a new access token and ask again), `ConsentOver` (only a person can go
on), `UnreadableOrder` (this one order cannot be understood), other `Terminal` (refused for a reason that staff must settle),
`Retryable` (it may pass).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from recore.channels.base import OrderRecord
from recore.platform.errors import Retryable, Terminal
from recore.platform.ratelimit import Rate


class AccessExpired(Retryable):
    """The access token is not good any more; a new one may be."""


class ConsentOver(Terminal):
    """The shop has to let us in again."""


class UnreadableOrder(Terminal):
    """One order that cannot be taken in; the message is for staff and quotes no buyer's data."""


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
class ChangedOrder:
    """`changed_at` by the marketplace's clock, None where it says nothing of use; `status` its own word."""

    number: str
    changed_at: datetime | None
    status: str


@dataclass(frozen=True)
class ChangedOrders:
    """One page. `total`: of all pages, as of now; `count`: rows of this page, also those that are not for us."""

    total: int
    count: int
    orders: tuple[ChangedOrder, ...]


class OrderApi(Protocol):
    """`profiles`: the generations of the store's tool that have it. `rate`: how often the shop's account may ask. `consent_lasts`: how long a consent holds at most, None: not known.
    `overlap`: how far before the last known change the next list begins; `first_look`: how far back the first one goes.
    """

    label: str
    profiles: frozenset[str]
    rate: Rate
    consent_lasts: timedelta | None
    overlap: timedelta
    first_look: timedelta

    def consent_url(self, client_id: str, redirect_uri: str, state: str, challenge: str) -> str:
        """Where the shop says yes; `challenge` is S256 of a verifier that `tokens_for_code` names. Asks nobody."""
        ...

    def tokens_for_code(self, client: Client, code: str, redirect_uri: str, verifier: str) -> Tokens: ...

    def new_tokens(self, client: Client, refresh: str) -> Tokens: ...

    def changed_orders(self, access: str, store_id: str, since: datetime, start: int) -> ChangedOrders:
        """A page of the orders changed since, from the `start`-th (1 is the first), in the sequence of ordering."""
        ...

    def order(self, access: str, store_id: str, number: str) -> OrderRecord:
        """One order, whole."""
        ...
