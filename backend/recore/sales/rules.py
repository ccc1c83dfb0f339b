"""The book of sales without I/O (R30): which entry brings a line's booking to what was sold, and on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class SaleKind(StrEnum):
    SALE = "SALE"
    CANCEL = "CANCEL"
    CORRECTION = "CORRECTION"

    @property
    def label(self) -> str:
        return {"SALE": "売上", "CANCEL": "取消", "CORRECTION": "訂正"}[self.value]


@dataclass(frozen=True)
class Total:
    """What is sold of one line: units, and yen without shipping, tax included. Nothing: `Total(0, 0)`."""

    quantity: int
    amount: int


NOTHING = Total(0, 0)


@dataclass(frozen=True)
class Booked:
    """What stands in the book for a line: the sum so far, the day of its sale, and the day that was written."""

    total: Total
    on: date
    written_on: date


@dataclass(frozen=True)
class Step:
    """The entry to write: `change` is added to what is booked."""

    kind: SaleKind
    change: Total
    on: date


def next_step(booked: Booked | None, wanted: Total, *, sold_on: date, today: date) -> Step | None:
    """The entry that turns what is booked into `wanted`; None when it says so already.

    What was written stays: a sale that is off is a 取消 of today, so no earlier day or month changes behind anybody's back.
    A correction of an entry that was written today belongs to that sale's own day: the list of orders comes before the
    page that knows the units.
    """
    have = booked.total if booked else NOTHING
    if wanted == have:
        return None
    change = Total(wanted.quantity - have.quantity, wanted.amount - have.amount)
    if booked is None or have == NOTHING:
        return Step(SaleKind.SALE, change, sold_on)
    if wanted == NOTHING:
        return Step(SaleKind.CANCEL, change, today)
    return Step(SaleKind.CORRECTION, change, booked.on if booked.written_on == today else today)
