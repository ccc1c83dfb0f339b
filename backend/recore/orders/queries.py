"""Reads for 受注管理."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts.models import MarketplaceAccount
from recore.accounts.queries import within
from recore.identity.rules import Scope
from recore.orders.models import AddressExport, Order, OrderEvent, OrderExternalId, OrderLine
from recore.orders.rules import ORDER_NUMBER, LineStock, OrderState
from recore.platform.errors import NotFound
from recore.platform.paging import PAGE_SIZE, AnyRow, like_all_words
from recore.platform.text_ja import fold
from recore.stock.models import StockItem


class Tab(StrEnum):
    """The tabs of 受注管理: one per state, then what needs a person."""

    ON_HOLD = "on_hold"
    UNSHIPPED = "unshipped"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    REVIEW = "review"
    STOCK = "stock"
    ALL = "all"

    @property
    def label(self) -> str:
        return TAB_LABELS[self]


TAB_LABELS = {
    Tab.ON_HOLD: "保留中",
    Tab.UNSHIPPED: "未出荷",
    Tab.SHIPPED: "出荷済み",
    Tab.CANCELLED: "キャンセル済み",
    Tab.REVIEW: "要確認",
    Tab.STOCK: "空売り・未連携",
    Tab.ALL: "すべて",
}
STATE_TABS = {
    Tab.ON_HOLD: OrderState.ON_HOLD,
    Tab.UNSHIPPED: OrderState.UNSHIPPED,
    Tab.SHIPPED: OrderState.SHIPPED,
    Tab.CANCELLED: OrderState.CANCELLED,
}
STOCK_TROUBLE = (LineStock.OVERSOLD, LineStock.UNLINKED, LineStock.RETURN_PENDING)


@dataclass(frozen=True)
class Page:
    """Newest first by order time. `older` is the cursor of the next page, None on the last."""

    rows: Sequence[AnyRow]
    older: str | None
    is_first: bool


COLUMNS = (
    Order.id, Order.number, Order.state, Order.needs_review, Order.review_reason, Order.raw_status, Order.buyer_label,
    Order.title, Order.amount, Order.shipping_fee, Order.has_address, Order.ordered_at, Order.exported_at,
    Order.stock_note, Order.account_id, MarketplaceAccount.name.label("account_name"),
)  # fmt: skip


def orders(
    session: Session,
    tab: Tab,
    *,
    scope: Scope,
    text: str = "",
    buyer_order_ids: Sequence[int] = (),
    before: str | None = None,
) -> Page:
    """One page of a tab, of the accounts in `scope`. `text` matches numbers, codes, titles and the buyer's id; `buyer_order_ids` are matches besides."""
    statement = sa.select(*COLUMNS).join(MarketplaceAccount, MarketplaceAccount.id == Order.account_id)
    statement = statement.where(within(scope, Order.account_id), *_in_tab(tab))
    if text:
        matches = sa.and_(*like_all_words(Order.search_text, fold(text)))
        statement = statement.where(sa.or_(matches, Order.id.in_(list(buyer_order_ids))))
    cursor = _read_cursor(before)
    if cursor is not None:
        at, order_id = cursor
        statement = statement.where(
            sa.or_(Order.ordered_at < at, sa.and_(Order.ordered_at == at, Order.id < order_id))
        )
    rows = session.execute(
        statement.order_by(Order.ordered_at.desc(), Order.id.desc()).limit(PAGE_SIZE + 1)
    ).all()
    older = _cursor(rows[PAGE_SIZE - 1]) if len(rows) > PAGE_SIZE else None
    return Page(rows[:PAGE_SIZE], older, cursor is None)


def within_scope(session: Session, order_ids: Sequence[int], scope: Scope) -> Sequence[int]:
    """Those of the orders that are of the accounts in `scope`."""
    statement = sa.select(Order.id).where(Order.id.in_(list(order_ids)), within(scope, Order.account_id))
    return session.scalars(statement).all() if order_ids else ()


def _in_tab(tab: Tab) -> list[sa.ColumnElement[bool]]:
    if tab in STATE_TABS:
        return [Order.state == STATE_TABS[tab]]
    if tab is Tab.REVIEW:
        return [Order.needs_review.is_(True)]
    if tab is Tab.STOCK:
        return [Order.id.in_(_in_trouble())]
    return []


def _in_trouble() -> sa.Select[int]:
    return sa.select(OrderLine.order_id).where(OrderLine.stock_state.in_(STOCK_TROUBLE))


def _cursor(row: AnyRow) -> str:
    return f"{int(row.ordered_at.timestamp() * 1_000_000)}-{row.id}"


def _read_cursor(text: str | None) -> tuple[datetime, int] | None:
    """Anything that is not a cursor starts from the top."""
    micros, _, order_id = (text or "").partition("-")
    if not (micros.isascii() and micros.isdigit() and order_id.isascii() and order_id.isdigit()):
        return None
    if len(micros) > 16 or len(order_id) > 18:
        return None
    seconds, rest = divmod(int(micros), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), int(order_id)


def tab_counts(session: Session, scope: Scope) -> dict[Tab, int]:
    """How many orders of the accounts in `scope` each tab holds."""
    count, is_seen = sa.select(sa.func.count(Order.id)), within(scope, Order.account_id)
    by_state = dict(
        session.execute(
            sa.select(Order.state, sa.func.count(Order.id)).where(is_seen).group_by(Order.state)
        ).all()
    )
    counts = {tab: by_state.get(state, 0) for tab, state in STATE_TABS.items()}
    flagged = session.scalar(count.where(is_seen, *_in_tab(Tab.REVIEW)))
    trouble = session.scalar(count.where(is_seen, *_in_tab(Tab.STOCK)))
    return counts | {Tab.REVIEW: flagged or 0, Tab.STOCK: trouble or 0, Tab.ALL: sum(by_state.values())}


def lines(session: Session, order_ids: Sequence[int]) -> dict[int, list[AnyRow]]:
    """order id → its lines with the IT code behind each."""
    statement = (
        sa.select(
            OrderLine.id, OrderLine.order_id, OrderLine.external_id, OrderLine.management_number, OrderLine.title,
            OrderLine.quantity, OrderLine.unit_price, OrderLine.stock_state, OrderLine.is_cancelled,
            OrderLine.listing_id, OrderLine.stock_item_id, StockItem.it_code,
        )
        .outerjoin(StockItem, StockItem.id == OrderLine.stock_item_id)
        .where(OrderLine.order_id.in_(list(order_ids)))
        .order_by(OrderLine.order_id, OrderLine.id)
    )  # fmt: skip
    found: dict[int, list[AnyRow]] = {}
    for row in session.execute(statement):
        found.setdefault(row.order_id, []).append(row)
    return found


def order(session: Session, order_id: int) -> AnyRow:
    """Raises NotFound NO_SUCH_ORDER."""
    more = (
        Order.state_at, Order.shipping_method, Order.payment_method, Order.shipped_at, Order.review_code, Order.created_at,
        MarketplaceAccount.channel, MarketplaceAccount.profile,
    )  # fmt: skip
    statement = sa.select(*COLUMNS, *more).join(MarketplaceAccount, MarketplaceAccount.id == Order.account_id)
    row = session.execute(statement.where(Order.id == order_id)).one_or_none()
    if row is None:
        raise NotFound(
            "NO_SUCH_ORDER", "この受注は見つかりません。", remedy="受注管理の一覧から選び直してください。"
        )
    return row


def events(session: Session, order_id: int) -> Sequence[AnyRow]:
    """The order's history, newest first."""
    statement = sa.select(
        OrderEvent.source, OrderEvent.target, OrderEvent.cause, OrderEvent.actor_label, OrderEvent.at
    ).where(OrderEvent.order_id == order_id)
    return session.execute(statement.order_by(OrderEvent.at.desc(), OrderEvent.id.desc())).all()


def external_ids(session: Session, order_id: int) -> Sequence[AnyRow]:
    """Every id that the order is known under: (kind, external_id)."""
    statement = sa.select(OrderExternalId.kind, OrderExternalId.external_id).where(
        OrderExternalId.order_id == order_id
    )
    return session.execute(statement.order_by(OrderExternalId.id)).all()


def without_address(session: Session, account_id: int, limit: int = 50) -> Sequence[str]:
    """The marketplace's numbers of orders that are to be sent, but nobody knows where to; oldest first."""
    statement = (
        sa.select(OrderExternalId.external_id)
        .join(Order, Order.id == OrderExternalId.order_id)
        .where(
            Order.account_id == account_id, Order.state == OrderState.UNSHIPPED, Order.has_address.is_(False),
            OrderExternalId.kind == ORDER_NUMBER,
        )
        .order_by(Order.id)
        .limit(limit)
    )  # fmt: skip
    return session.scalars(statement).all()


def for_export(session: Session, order_ids: Sequence[int]) -> Sequence[AnyRow]:
    """The orders of a 宛先CSV, oldest first: they are packed in that order. Who may see which is the caller's to ask."""
    statement = sa.select(*COLUMNS, MarketplaceAccount.channel).join(
        MarketplaceAccount, MarketplaceAccount.id == Order.account_id
    )
    statement = statement.where(Order.id.in_(list(order_ids)))
    return session.execute(statement.order_by(Order.ordered_at, Order.id)).all()


def for_shipping(session: Session, order_ids: Sequence[int]) -> Sequence[AnyRow]:
    """The orders of a form for parcels, in the order in which they are packed."""
    statement = sa.select(*COLUMNS, MarketplaceAccount.channel, MarketplaceAccount.profile).join(
        MarketplaceAccount, MarketplaceAccount.id == Order.account_id
    )
    statement = statement.where(Order.id.in_(list(order_ids)))
    return session.execute(statement.order_by(Order.ordered_at, Order.id)).all()


def export(session: Session, export_id: int) -> AddressExport:
    """Raises NotFound."""
    found = session.scalars(sa.select(AddressExport).where(AddressExport.id == export_id)).one_or_none()
    if found is None:
        raise NotFound(
            "NO_SUCH_EXPORT", "この宛先CSVは見つかりません。", remedy="受注管理から作り直してください。"
        )
    return found
