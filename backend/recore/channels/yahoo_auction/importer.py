"""What the extension reads off Yahoo's pages, in our words: the `PageReader` of both generations of the store tool."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from recore.channels.base import Values
from recore.channels.yahoo_auction.states import (
    cancel_status,
    classic_order_state,
    current_order_state,
    ended_result,
    state_before_ordering,
)

# 「2-1-1」: OrderStatus-PayStatus-ShipStatus, a trailing 後払い where the order is paid later.
_TRIPLE = re.compile(r"(\d+)-(\d+)-(\d+)(-後払い)?")


@dataclass(frozen=True)
class YahooPages:
    """`profile`: classic or current."""

    profile: str
    label = "ヤフオク!"
    goes_back = True
    names_offers = False

    def order_state(self, status: str) -> str | None:
        if self.profile == "classic":
            return classic_order_state(status)
        triple = _TRIPLE.fullmatch(status.strip())
        if triple is None:
            return state_before_ordering(status)
        order, pay, ship = (int(part) for part in triple.groups()[:3])
        return current_order_state(order, pay, ship, pay_later=triple[4] is not None)

    @property
    def details_by_number(self) -> bool:
        return self.profile == "current"

    def status_in_lists(self, status: str) -> str:
        return status.removesuffix("-後払い")

    def ended_result(self, word: str) -> str | None:
        return ended_result(word)

    def missing_status(self, options: Sequence[str]) -> str | None:
        """Classic stores create キャンセル themselves. A page without any options shows nothing of that."""
        wanted = cancel_status()
        lacks = (
            self.profile == "classic"
            and bool(options)
            and wanted not in {option.strip() for option in options}
        )
        return wanted if lacks else None

    def earliest_end(self, fields: Values, sent_at: datetime) -> datetime:
        """An auction of 5 days ends on the fifth day after its start at the closing hour: not within the first four."""
        days = fields.get("duration")
        return sent_at + timedelta(days=max(0, days - 1)) if isinstance(days, int) else sent_at

    def relists(self, fields: Values) -> int:
        times = fields.get("auto_relist")
        return times if isinstance(times, int) else 0
