"""Stock rules without I/O: where an item may be sold (R5) and what moves the ledger (R6)."""

from __future__ import annotations

from enum import StrEnum


class SalesRoute(StrEnum):
    """販路, chosen at 買取."""

    STORE_ONLY = "STORE_ONLY"
    BOTH = "BOTH"
    EC_ONLY = "EC_ONLY"

    @property
    def label(self) -> str:
        return {"STORE_ONLY": "店頭のみ", "BOTH": "併売", "EC_ONLY": "ECのみ"}[self.value]

    @property
    def sells_online(self) -> bool:
        return self is not SalesRoute.STORE_ONLY

    @property
    def sells_in_shop(self) -> bool:
        return self is not SalesRoute.EC_ONLY


class ReservationKind(StrEnum):
    """What the units are held for; ordered by strength: an order takes over a bid's units."""

    BID = "BID"
    ORDER = "ORDER"


class ReservationState(StrEnum):
    HELD = "HELD"
    RELEASED = "RELEASED"
    CONSUMED = "CONSUMED"


class Movement(StrEnum):
    """Why a ledger row was written."""

    BUYIN = "BUYIN"
    COUNTER_SALE = "COUNTER_SALE"
    COUNTER_SALE_UNDONE = "COUNTER_SALE_UNDONE"
    RESERVE = "RESERVE"
    RELEASE = "RELEASE"
    SHIP = "SHIP"
    RETURN = "RETURN"
    ADJUST = "ADJUST"
