"""Order states (R18, R25) and what a change of state does to stock; no I/O.

The state follows the marketplace, also backwards, so every state may follow every other.
"""

from __future__ import annotations

from enum import StrEnum

from recore.platform.states import StateMachine


class OrderState(StrEnum):
    ON_HOLD = "ON_HOLD"
    UNSHIPPED = "UNSHIPPED"
    SHIPPED = "SHIPPED"
    CANCELLED = "CANCELLED"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    OrderState.ON_HOLD: "保留中",
    OrderState.UNSHIPPED: "未出荷",
    OrderState.SHIPPED: "出荷済み",
    OrderState.CANCELLED: "キャンセル済み",
}

ORDER_MACHINE = StateMachine(
    "order",
    OrderState,
    OrderState.ON_HOLD,
    {state: set(OrderState) - {state} for state in OrderState},
)


class LineStock(StrEnum):
    """What stands behind an order line."""

    RESERVED = "RESERVED"
    SHIPPED = "SHIPPED"
    RELEASED = "RELEASED"
    OVERSOLD = "OVERSOLD"  # 空売り
    UNLINKED = "UNLINKED"  # 未連携
    RETURN_PENDING = "RETURN_PENDING"  # cancelled after shipping: a person decides (R25)
