"""Reads for the 在庫 screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.catalog.models import Product
from recore.platform.errors import NotFound
from recore.platform.paging import AnyRow, Page, like_all_words, newest_first
from recore.platform.text_ja import fold
from recore.stock.models import Reservation, StockItem, StockLedgerEntry
from recore.stock.rules import ReservationState, SalesRoute

COLUMNS = (
    StockItem.id, StockItem.it_code, StockItem.grade, StockItem.cost, StockItem.price, StockItem.sales_route,
    StockItem.on_hand, StockItem.reserved, StockItem.available, StockItem.created_at, StockItem.note,
    Product.name, Product.brand, Product.pd_code, Product.jan,
)  # fmt: skip


def stock_items(
    session: Session,
    *,
    text: str = "",
    route: SalesRoute | None = None,
    in_stock_only: bool = False,
    before: int | None = None,
) -> Page[Any]:
    """Newest first; `text` matches code, name, brand, model, JAN, width- and kana-insensitive."""
    statement = sa.select(*COLUMNS).join(Product, Product.id == StockItem.product_id)
    statement = statement.where(*like_all_words(StockItem.search_text, fold(text)))
    if route is not None:
        statement = statement.where(StockItem.sales_route == route)
    if in_stock_only:
        statement = statement.where(StockItem.on_hand > 0)
    return newest_first(session, statement, StockItem.id, before=before)


def stock_item(session: Session, stock_item_id: int) -> AnyRow:
    """Raises NotFound NO_SUCH_ITEM."""
    statement = sa.select(*COLUMNS).join(Product, Product.id == StockItem.product_id)
    row = session.execute(statement.where(StockItem.id == stock_item_id)).one_or_none()
    if row is None:
        raise NotFound(
            "NO_SUCH_ITEM", "この在庫は見つかりません。", remedy="在庫の一覧から選び直してください。"
        )
    return row


def item_by_code(session: Session, code: str) -> AnyRow | None:
    """The item of a scanned IT code (any width, any case), or None."""
    statement = sa.select(*COLUMNS).join(Product, Product.id == StockItem.product_id)
    return session.execute(statement.where(StockItem.it_code == fold(code).upper())).one_or_none()


def ledger(session: Session, stock_item_id: int) -> Sequence[AnyRow]:
    """The item's movements, newest first."""
    entry = StockLedgerEntry
    statement = (
        sa.select(
            entry.movement, entry.on_hand_delta, entry.reserved_delta, entry.on_hand_after, entry.reserved_after,
            entry.actor_label, entry.at, entry.cause_kind,
        )
        .where(entry.stock_item_id == stock_item_id)
        .order_by(entry.id.desc())
    )  # fmt: skip
    return session.execute(statement).all()


def reservations(session: Session, stock_item_id: int) -> Sequence[AnyRow]:
    """What holds units of the item now: (kind, source_id, quantity, changed_at)."""
    statement = sa.select(
        Reservation.kind, Reservation.source_id, Reservation.quantity, Reservation.changed_at
    ).where(Reservation.stock_item_id == stock_item_id, Reservation.state == ReservationState.HELD)
    return session.execute(statement.order_by(Reservation.id)).all()
