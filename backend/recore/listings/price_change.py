"""Another price for goods that were not sold (R36); no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PriceChange(StrEnum):
    SAME = "SAME"
    PERCENT = "PERCENT"
    YEN = "YEN"
    FIXED = "FIXED"


@dataclass(frozen=True)
class PriceRule:
    """`amount`: percent or yen to take off, or the new price; `unit` and `floor` in yen.

    A reduced price is rounded down to `unit`, and stops at `floor`.
    """

    change: PriceChange = PriceChange.SAME
    amount: int = 0
    unit: int = 1
    floor: int | None = None

    @property
    def label(self) -> str:
        """`20％引き`, as a clerk would say it."""
        match self.change:
            case PriceChange.SAME:
                return "同じ価格"
            case PriceChange.PERCENT:
                return f"{self.amount}％引き"
            case PriceChange.YEN:
                return f"{self.amount:,}円引き"
            case PriceChange.FIXED:
                return f"どれも{self.amount:,}円"

    def of(self, price: int) -> int:
        """The new price; 0 or less where nothing is left of it, which no marketplace takes."""
        match self.change:
            case PriceChange.SAME:
                return price
            case PriceChange.FIXED:
                return self.amount
            case PriceChange.PERCENT:
                reduced = price * (100 - self.amount) // 100
            case PriceChange.YEN:
                reduced = price - self.amount
        rounded = reduced // self.unit * self.unit
        return rounded if self.floor is None else max(rounded, self.floor)

    def refuses(self, price: int) -> bool:
        """Whether `price` is below the floor already: a reduction would raise it, so a person has to look."""
        return self.change is not PriceChange.FIXED and self.floor is not None and price < self.floor
