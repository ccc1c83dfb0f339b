"""What to do next about an offer that the server keeps on a marketplace through its API; no I/O.

A write that went out and was not answered is read back before anything is sent again. Values are absolute: more units than are
shown there would undo a sale that we have not heard of, so more is sent only when all orders are known up to when that was
first wanted and a look just before shows no fewer than we know of; fewer at once. 出品中 is only what the marketplace shows as buyable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from recore.channels.offer_api import Amounts, SeenOffer
from recore.listings.rules import OPEN_STATES, ListingState

MOST_SENDINGS = (
    3  # each after the first only when a read-back has shown, after the settle time, that nothing was there
)
SOON, SELDOM = timedelta(seconds=20), timedelta(minutes=15)
IN_REVIEW, WHILE_ACTIVE = timedelta(hours=1), timedelta(hours=6)
CHANGING, OFF = timedelta(minutes=1), timedelta(minutes=5)
JUST_NOW = timedelta(minutes=1)

S = ListingState


class Step(StrEnum):
    PUT = "PUT"
    LOOK = "LOOK"
    SET_QUANTITY = (
        "SET_QUANTITY"  # apart from the price: a price that is refused must not keep the units on sale
    )
    SET_PRICE = "SET_PRICE"
    NOTE_RISE = "NOTE_RISE"  # it is to show more from now on, or not any more
    WITHDRAW = "WITHDRAW"
    END = "END"  # nothing of it is on the marketplace, and nothing shall be
    REST = "REST"


@dataclass(frozen=True)
class Waits:
    """`settle`: within it what was sent may still show up; `deadline`: from the first sending to 要確認."""

    settle: timedelta
    deadline: timedelta


@dataclass(frozen=True)
class Standing:
    """An offer as it stands at `at`. `wanted`: what it shall show; `pushed_*`: what was last sent, None: a change was not answered.

    `mark` is the end of the lease of whoever works on it. `heard_until`: all orders there of this
    offer are known as they were then.
    """

    at: datetime
    mark: datetime
    waits: Waits
    listing_id: int
    account_id: int
    channel: str
    seller_id: str
    item: str
    number: str
    values: Mapping[str, Any]
    state: ListingState
    on_hand: int
    wanted: Amounts
    ends_as: ListingState | None
    ends_because: str
    sendings: int
    put_at: datetime | None
    sent_at: datetime | None
    answered_at: datetime | None
    pushed_quantity: int | None
    pushed_price: int | None
    pushed_at: datetime | None
    gone_asked_at: datetime | None
    looked_at: datetime | None
    seen_quantity: int | None
    seen_price: int | None
    off_since: datetime | None
    raise_to: int | None
    raise_since: datetime | None
    heard_until: datetime | None
    failing_since: datetime | None

    @property
    def is_settled(self) -> bool:
        """The last sending has had its time, and a look came after that."""
        return self.put_at is not None and _later(self.looked_at, self.put_at + self.waits.settle)

    @property
    def is_shown(self) -> bool:
        """The last read-back shows what was pushed."""
        return (self.seen_quantity, self.seen_price) == (self.pushed_quantity, self.pushed_price)

    @property
    def shown(self) -> int:
        """How many it shows, as far as we know."""
        return (self.pushed_quantity if self.pushed_quantity is not None else self.seen_quantity) or 0

    @property
    def rise(self) -> int | None:
        """How many it is to show, if that is more than it may show now."""
        return self.wanted.quantity if self.wanted.quantity > self.shown else None

    @property
    def waits_for_orders(self) -> bool:
        return self.raise_since is not None and not _later(self.heard_until, self.raise_since)

    @property
    def is_to_be_withdrawn(self) -> bool:
        """It was not asked for yet, or a look after the settle time still shows the offer."""
        if self.gone_asked_at is None:
            return True
        last = max(each for each in (self.gone_asked_at, self.pushed_at) if each)
        return _later(self.looked_at, last + self.waits.settle)

    @property
    def is_overdue(self) -> bool:
        return self.sent_at is not None and self.at >= self.sent_at + self.waits.deadline


def next_step(offer: Standing) -> Step:
    if offer.state not in OPEN_STATES:
        return Step.REST
    if offer.sendings == 0:
        return Step.END if offer.ends_as or offer.wanted.quantity <= 0 else Step.PUT
    if offer.answered_at is None:
        return _of_unanswered(offer)
    if offer.ends_as is not None:
        return Step.WITHDRAW if offer.is_to_be_withdrawn else _look_or_rest(offer)
    return _of_wanted(offer)


def _of_wanted(offer: Standing) -> Step:
    if None in (offer.pushed_quantity, offer.pushed_price) and offer.looked_at is None:
        return Step.LOOK  # a change went out and was not answered
    if offer.rise != offer.raise_to:
        return Step.NOTE_RISE
    if offer.pushed_quantity != offer.wanted.quantity and not offer.waits_for_orders:
        is_safe = offer.rise is None or _later(offer.looked_at, offer.at - JUST_NOW)
        return Step.SET_QUANTITY if is_safe else Step.LOOK
    if offer.pushed_price != offer.wanted.price:
        return Step.SET_PRICE
    return _look_or_rest(offer)


def _of_unanswered(offer: Standing) -> Step:
    if not offer.is_settled:
        return _look_or_rest(offer)
    if offer.ends_as is not None:
        return Step.END if offer.gone_asked_at is not None else Step.WITHDRAW
    if offer.sendings < MOST_SENDINGS and offer.state is S.PROCESSING:
        return Step.PUT
    return _look_or_rest(offer)


def _look_or_rest(offer: Standing) -> Step:
    return Step.LOOK if next_look(offer) <= offer.at else Step.REST


def next_look(offer: Standing) -> datetime:
    """When the offer is to be read back, of one that was sent."""
    begun = max(
        each for each in (offer.put_at, offer.pushed_at, offer.gone_asked_at, offer.at - WHILE_ACTIVE) if each
    )
    if offer.looked_at is None or offer.looked_at < begun:
        return begun if offer.answered_at is None else begun + SOON
    return offer.looked_at + _pause(offer)


def _pause(offer: Standing) -> timedelta:
    if offer.ends_as is not None or offer.state is S.PROCESSING:
        since = offer.gone_asked_at or offer.put_at or offer.at
        return min(max((offer.at - since) / 4, SOON), SELDOM)
    if offer.state is S.NEEDS_REVIEW:
        return IN_REVIEW
    if offer.off_since is not None:
        return OFF
    if (
        not offer.is_shown
        and offer.pushed_at is not None
        and offer.at < offer.pushed_at + 2 * offer.waits.settle
    ):
        return CHANGING
    return WHILE_ACTIVE


class Finding(StrEnum):
    ON_SALE = "ON_SALE"
    WAITING = "WAITING"
    GONE = "GONE"
    REFUSED = "REFUSED"  # shown, not on sale, and the marketplace says why
    DOUBTFUL = "DOUBTFUL"


def judge(offer: Standing, seen: SeenOffer | None) -> Finding:
    """What a read-back says about the listing."""
    if offer.ends_as is not None:
        return _judge_ending(offer, seen)
    if seen is not None and seen.is_buyable:
        return Finding.ON_SALE
    if offer.state is S.ACTIVE:
        return _judge_active(offer, seen)
    if seen is not None and seen.is_refused and offer.state is S.PROCESSING and offer.wanted.quantity:
        return Finding.REFUSED
    return Finding.DOUBTFUL if offer.is_overdue else Finding.WAITING


def _judge_ending(offer: Standing, seen: SeenOffer | None) -> Finding:
    """A withdrawal takes a while, and may be lost: what is still shown may come on sale again."""
    is_buyable = seen is not None and seen.is_buyable
    asked_at = offer.gone_asked_at
    if asked_at is not None and seen is None:
        return Finding.GONE
    if asked_at is None or offer.at < asked_at + offer.waits.deadline:
        return Finding.ON_SALE if is_buyable else Finding.WAITING
    return Finding.DOUBTFUL if is_buyable else Finding.GONE


def _judge_active(offer: Standing, seen: SeenOffer | None) -> Finding:
    """Not on sale any more: what has nothing to sell may be so; the rest is given time, for reads lag behind."""
    if seen is not None and (seen.quantity == 0 or offer.wanted.quantity == 0):
        return Finding.GONE if offer.on_hand == 0 and seen.quantity == 0 else Finding.ON_SALE
    since = offer.off_since or offer.at
    if offer.at < since + offer.waits.settle:
        return Finding.WAITING
    if seen is None:
        return Finding.GONE
    if seen.is_refused:
        return Finding.REFUSED
    return Finding.DOUBTFUL if offer.at >= since + offer.waits.deadline else Finding.WAITING


def acknowledged(offer: Standing, seen: SeenOffer) -> dict[str, int]:
    """Of a change that was not answered: what the read-back shows to have been taken, so that it is not sent again."""
    found: dict[str, int] = {}
    if offer.pushed_quantity is None and seen.quantity == offer.wanted.quantity:
        found["pushed_quantity"] = offer.wanted.quantity
    if offer.pushed_price is None and seen.price == offer.wanted.price:
        found["pushed_price"] = offer.wanted.price
    return found


def is_stale(offer: Standing, seen: SeenOffer) -> bool:
    """Other units are shown than were sent, and not only because it takes a while: the change was lost, or somebody else made
    one. Fewer than wanted may be a sale that we have not heard of: that is a rise like any other, which waits for the orders.
    """
    if (
        offer.pushed_quantity is None
        or offer.pushed_at is None
        or offer.at < offer.pushed_at + offer.waits.settle
    ):
        return False
    return seen.quantity is not None and (
        seen.quantity > offer.pushed_quantity
        or seen.quantity < min(offer.pushed_quantity, offer.wanted.quantity)
    )


def has_sold_since(offer: Standing, seen: SeenOffer) -> bool:
    """Before it is to show more, fewer are there than we know of: a sale that no list of orders tells yet."""
    return offer.rise is not None and seen.quantity is not None and seen.quantity < offer.shown


def _later(moment: datetime | None, than: datetime) -> bool:
    return moment is not None and moment >= than
