"""Order states (R18, R25), what was seen of an order, and what a change of state does to stock; no I/O.

The state follows the marketplace, also backwards, so every state may follow every other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from recore.platform.states import StateMachine

AUCTION, ORDER_NUMBER, MERGED = "auction", "order", "merged"  # kinds of an order's external ids


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

WAITING_STATES = (OrderState.ON_HOLD, OrderState.UNSHIPPED)

PROGRESS = {OrderState.ON_HOLD: 0, OrderState.UNSHIPPED: 1, OrderState.SHIPPED: 2, OrderState.CANCELLED: 2}


def is_step_back(before: OrderState, after: OrderState) -> bool:
    """Where orders only go on: nothing but a cancel comes after what is further on, and nothing after a cancel."""
    return is_backwards(before, after) and after is not OrderState.CANCELLED


def is_backwards(before: OrderState, after: OrderState) -> bool:
    """Whether an order that runs its usual course would not move this way: likely the older of two tellings."""
    return before is not after and PROGRESS[after] <= PROGRESS[before]


class LineStock(StrEnum):
    """What stands behind an order line."""

    RESERVED = "RESERVED"
    SHIPPED = "SHIPPED"
    RELEASED = "RELEASED"
    OVERSOLD = "OVERSOLD"  # 空売り
    UNLINKED = "UNLINKED"  # 未連携
    RETURN_PENDING = "RETURN_PENDING"  # cancelled after shipping: a person decides (R25)
    NOT_RETURNED = "NOT_RETURNED"  # … and has decided that it does not come back

    @property
    def label(self) -> str:
        return LINE_LABELS[self]


LINE_LABELS = {
    LineStock.RESERVED: "確保済み",
    LineStock.SHIPPED: "出荷済み",
    LineStock.RELEASED: "在庫に戻した",
    LineStock.OVERSOLD: "空売り",
    LineStock.UNLINKED: "未連携",
    LineStock.RETURN_PENDING: "返品待ち",
    LineStock.NOT_RETURNED: "返品なし",
}


class Review(StrEnum):
    """Why an order carries the 要確認 flag."""

    UNKNOWN_STATUS = "UNKNOWN_STATUS"
    BUNDLE_CHANGED = "BUNDLE_CHANGED"
    PAGE_UNREADABLE = "PAGE_UNREADABLE"  # its own page; goes by itself once that is read
    CANCEL_ASKED = "CANCEL_ASKED"  # by the buyer; goes by itself when it is cancelled, shipped, or not asked for any more


class StockMove(StrEnum):
    """What has to be done with the units of a line."""

    NOTHING = "NOTHING"
    HOLD = "HOLD"
    HOLD_AND_SHIP = "HOLD_AND_SHIP"
    RELEASE = "RELEASE"
    EXPECT_RETURN = "EXPECT_RETURN"
    KEEP_SHIPPED = "KEEP_SHIPPED"


_L, _M = LineStock, StockMove
_WANTED = {_L.RESERVED: _M.HOLD, _L.RELEASED: _M.HOLD, _L.OVERSOLD: _M.HOLD, _L.SHIPPED: _M.NOTHING,
           _L.RETURN_PENDING: _M.KEEP_SHIPPED, _L.NOT_RETURNED: _M.KEEP_SHIPPED}  # fmt: skip

# (state the line is in for the marketplace) → (what stands behind it now) → what to do. Units that left the house come
# back only by a person's word: Yahoo's cancel ritual sets 未処理 first, so going backwards moves no stock.
STOCK_MOVES: Mapping[OrderState, Mapping[LineStock, StockMove]] = {
    OrderState.ON_HOLD: _WANTED,
    OrderState.UNSHIPPED: _WANTED,
    OrderState.SHIPPED: {
        _L.RESERVED: _M.HOLD_AND_SHIP, _L.RELEASED: _M.HOLD_AND_SHIP, _L.OVERSOLD: _M.HOLD_AND_SHIP,
        _L.SHIPPED: _M.NOTHING, _L.RETURN_PENDING: _M.KEEP_SHIPPED, _L.NOT_RETURNED: _M.KEEP_SHIPPED,
    },
    OrderState.CANCELLED: {
        _L.RESERVED: _M.RELEASE, _L.RELEASED: _M.NOTHING, _L.OVERSOLD: _M.RELEASE,
        _L.SHIPPED: _M.EXPECT_RETURN, _L.RETURN_PENDING: _M.NOTHING,
        _L.NOT_RETURNED: _M.NOTHING,
    },
}  # fmt: skip


def stock_move(state: OrderState, behind: LineStock) -> StockMove:
    """What `state` asks of a line; an unlinked line has no stock to move."""
    return StockMove.NOTHING if behind is LineStock.UNLINKED else STOCK_MOVES[state][behind]


StateOf = Callable[[str], OrderState | None]
"""The marketplace's word → our state, None for a word that nobody mapped."""


@dataclass(frozen=True, order=True)
class Sighting:
    """When something was seen: the server's run number, then the place in the run; never a PC's clock (rule 7)."""

    run: int
    seq: int


class SourceKind(StrEnum):
    """Who tells of orders. An order's page and the official API tell it whole; a file has any subset of columns and lines, so
    what it leaves out stays as it is.
    """

    PAGES = "PAGES"
    FILE = "FILE"
    API = "API"

    @property
    def label(self) -> str:
        return {"PAGES": "ヤフオク!", "FILE": "注文CSV", "API": "受注API"}[self.value]


@dataclass(frozen=True)
class SeenRow:
    """One row of the marketplace's order list. `buyer_label` is the buyer's id there, not a name; `amount` in yen."""

    auction_id: str
    management_number: str | None
    title: str
    buyer_label: str
    amount: int
    won_at: datetime
    status: str


@dataclass(frozen=True)
class SeenItem:
    auction_id: str
    management_number: str | None
    title: str
    quantity: int
    unit_price: int
    status: str | None = None  # where it has another word than its order


@dataclass(frozen=True)
class Buyer:
    """Where an order goes. Lives encrypted; its repr shows nothing, so that no log can."""

    name: str | None
    kana: str | None
    postal_code: str | None
    address: str | None
    phone: str | None

    def __repr__(self) -> str:
        return "<Buyer>"

    @property
    def can_be_sent_to(self) -> bool:
        return bool(self.name and self.address)

    def filled_from(self, known: Buyer | None) -> Buyer:
        """This buyer, with what is missing taken from `known`."""
        if known is None:
            return self
        return Buyer(**{key: value or getattr(known, key) for key, value in asdict(self).items()})


@dataclass(frozen=True)
class SeenDetail:
    """One order's own page. Empty `items` means that the page showed none, not that there are none.

    `buyer_label`: the buyer's id, where what tells the order names it (a page does not).
    """

    auction_id: str
    order_number: str | None
    status: str
    ordered_at: datetime | None
    items: tuple[SeenItem, ...]
    buyer: Buyer | None
    shipping_method: str | None
    payment_method: str | None
    shipping_fee: int | None
    total: int | None
    message: str | None
    buyer_label: str = ""
    asks_to_cancel: bool = False


def rows_digest(words: Iterable[tuple[str, str]]) -> str:
    """Digest of (auction id, status) of an order's lines: what the detail page was read under."""
    text = "\n".join(sorted(f"{auction_id}={word}" for auction_id, word in words))
    return hashlib.sha256(text.encode()).hexdigest()


REMOVED = "（注文から外れた）"  # stands for the word of a line that its order's page does not list any more


@dataclass(frozen=True)
class LineWords:
    """What the lines of one order say together: the order's own word (None: they disagree) and the lines that are off."""

    word: str | None
    cancelled: frozenset[str]


def combine(words: Mapping[str, str], state_of: StateOf) -> LineWords:
    """(auction id → status) of an order's lines. キャンセル on some lines only is a partial cancel (R25)."""
    off = frozenset(
        key for key, word in words.items() if word == REMOVED or state_of(word) is OrderState.CANCELLED
    )
    if len(off) == len(words):
        off = frozenset(key for key, word in words.items() if word == REMOVED)
    rest = {word for key, word in words.items() if key not in off}
    return LineWords(rest.pop() if len(rest) == 1 else None, off)
