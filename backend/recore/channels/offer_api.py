"""A marketplace's official API for offers: what the features ask of it, and what it may answer.

Every method takes seconds and may fail at any point: never inside a transaction. Reads may be repeated. A write sends absolute
values under the seller's own number, so a second one changes nothing more; but what it answers may be lost: `OutcomeUnknown`
says that it may have happened, and whoever gets it reads back (`look`) before anything is sent again. Every other error of a
write means that it was not taken: `Retryable` (it may pass), `AccessExpired` (a new access token), `ConsentOver` and
`NotAllowed` (a person has to act for the whole account), other `Terminal` (this one offer was refused).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from recore.channels.base import FieldProblem, Severity, Values
from recore.channels.order_api import Client, Tokens
from recore.platform.errors import Retryable, Terminal
from recore.platform.ratelimit import Rate


class OutcomeUnknown(Retryable):
    """A write went out, and nobody knows what became of it."""


class NotAllowed(Terminal):
    """The account as a whole may not do this; nothing about the one offer."""


class Operation(StrEnum):
    FIND = "FIND"
    RESTRICTIONS = "RESTRICTIONS"
    CHECK = "CHECK"
    PUT = "PUT"
    CHANGE = "CHANGE"
    WITHDRAW = "WITHDRAW"
    LOOK = "LOOK"


@dataclass(frozen=True)
class Key:
    """One secret that the shop enters: under which name it is kept, and how staff know it."""

    name: str
    label: str
    help: str


@dataclass(frozen=True)
class Seller:
    """Whose offers: an access token, and the seller's id at the marketplace."""

    access: str = field(repr=False)
    id: str


@dataclass(frozen=True)
class CatalogItem:
    """A product of the marketplace's catalogue that an offer can be attached to."""

    id: str
    title: str
    brand: str


@dataclass(frozen=True)
class Amounts:
    """What an offer shall show, in all: units and yen."""

    quantity: int
    price: int


@dataclass(frozen=True)
class Submitted:
    """`is_accepted` False: refused, nothing was changed. Accepted is not yet on sale."""

    is_accepted: bool
    problems: tuple[FieldProblem, ...]


@dataclass(frozen=True)
class SeenOffer:
    """An offer as the marketplace shows it. `quantity`, `price`: None where it does not say."""

    is_buyable: bool
    quantity: int | None
    price: int | None
    problems: tuple[FieldProblem, ...]

    @property
    def is_refused(self) -> bool:
        """A warning keeps nothing off the market."""
        return any(each.severity is Severity.ERROR for each in self.problems)


class OfferApi(Protocol):
    """`keys`: the secrets that let us in, in the order of the page; `where`: in words, where the shop finds them."""

    label: str
    keys: tuple[Key, ...]
    where: str

    def limit(self, operation: Operation) -> tuple[str, Rate]:
        """Which bucket a call takes from, and how often it may."""
        ...

    def new_tokens(self, client: Client, refresh: str) -> Tokens: ...

    def try_out(self, seller: Seller) -> None:
        """The smallest read that shows that keys, seller and marketplace belong together."""
        ...

    def find(self, seller: Seller, text: str) -> list[CatalogItem]:
        """By a JAN, else by words; best first."""
        ...

    def restrictions(self, seller: Seller, values: Values) -> list[FieldProblem]:
        """Why the seller may not offer this product in this condition."""
        ...

    def check(self, seller: Seller, number: str, values: Values) -> list[FieldProblem]:
        """What `put` would be refused for; nothing is changed."""
        ...

    def put(self, seller: Seller, number: str, values: Values, amounts: Amounts) -> Submitted:
        """Offer it, or replace the whole offer of that number."""
        ...

    def change(
        self,
        seller: Seller,
        number: str,
        values: Values,
        *,
        quantity: int | None = None,
        price: int | None = None,
    ) -> Submitted:
        """Set the one or the other, in all; None leaves it as it is."""
        ...

    def withdraw(self, seller: Seller, number: str) -> Submitted: ...

    def look(self, seller: Seller, number: str) -> SeenOffer | None:
        """None: the marketplace does not show it (yet, or any more)."""
        ...


OfferApis = Mapping[str, OfferApi]
