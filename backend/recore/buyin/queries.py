"""Reads for the 買取 screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.buyin.models import Purchase, PurchaseLine, PurchaseState
from recore.catalog.models import Product
from recore.identity.models import Staff
from recore.platform.errors import NotFound
from recore.platform.paging import AnyRow, Page, newest_first
from recore.stock.models import Grade, StockItem

HEADER = (
    Purchase.id, Purchase.number, Purchase.state, Purchase.created_at, Purchase.confirmed_at,
    Staff.name.label("staff_name"),
)  # fmt: skip


def purchases(session: Session, *, before: int | None = None) -> Page[Any]:
    """Drafts with lines and confirmed purchases, with the number of units and their cost in yen."""
    units = sa.func.coalesce(sa.func.sum(PurchaseLine.quantity), 0).label("units")
    cost = sa.func.coalesce(sa.func.sum(PurchaseLine.quantity * PurchaseLine.cost), 0).label("cost")
    statement = (
        sa.select(*HEADER, units, cost)
        .join(PurchaseLine, PurchaseLine.purchase_id == Purchase.id)
        .outerjoin(Staff, Staff.id == Purchase.staff_id)
        .where(Purchase.state != PurchaseState.CANCELLED, PurchaseLine.removed_at.is_(None))
        .group_by(*HEADER)
    )
    return newest_first(session, statement, Purchase.id, before=before)


def purchase(session: Session, purchase_id: int) -> AnyRow:
    """Raises NotFound."""
    statement = (
        sa.select(*HEADER).outerjoin(Staff, Staff.id == Purchase.staff_id).where(Purchase.id == purchase_id)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound(
            "NO_SUCH_PURCHASE", "この買取は見つかりません。", remedy="買取の一覧から選び直してください。"
        )
    return row


def lines(session: Session, purchase_id: int) -> Sequence[AnyRow]:
    """The lines with product and, once confirmed, IT code; of a draft also those that were removed from it."""
    statement = (
        sa.select(
            PurchaseLine.id, PurchaseLine.grade, PurchaseLine.cost, PurchaseLine.price, PurchaseLine.quantity,
            PurchaseLine.sales_route, PurchaseLine.note, PurchaseLine.removed_at, PurchaseLine.product_id,
            Product.name, Product.pd_code, Product.brand,
            StockItem.id.label("stock_item_id"), StockItem.it_code,
        )
        .join(Product, Product.id == PurchaseLine.product_id)
        .outerjoin(StockItem, StockItem.purchase_line_id == PurchaseLine.id)
        .where(PurchaseLine.purchase_id == purchase_id)
        .order_by(PurchaseLine.position)
    )  # fmt: skip
    return session.execute(statement).all()


def items_to_label(session: Session, stock_item_ids: Sequence[int]) -> Sequence[AnyRow]:
    """As `lines` of what is in stock now, at today's price; `quantity` is what is on hand."""
    statement = (
        sa.select(
            StockItem.id.label("stock_item_id"), StockItem.it_code, StockItem.grade, StockItem.price,
            StockItem.on_hand.label("quantity"), Product.name,
        )
        .join(Product, Product.id == StockItem.product_id)
        .where(StockItem.id.in_(stock_item_ids))
        .order_by(StockItem.id)
    )  # fmt: skip
    return session.execute(statement).all()


def grades(session: Session) -> Sequence[AnyRow]:
    """(code, name), best first."""
    return session.execute(sa.select(Grade.code, Grade.name).order_by(Grade.position)).all()


def last_bought(session: Session, product_id: int) -> AnyRow | None:
    """(grade, cost, price, confirmed_at) of the latest confirmed purchase of this product."""
    statement = (
        sa.select(PurchaseLine.grade, PurchaseLine.cost, PurchaseLine.price, Purchase.confirmed_at)
        .join(Purchase, Purchase.id == PurchaseLine.purchase_id)
        .where(PurchaseLine.product_id == product_id, Purchase.state == PurchaseState.CONFIRMED)
        .order_by(PurchaseLine.id.desc())
        .limit(1)
    )
    return session.execute(statement).one_or_none()


def purchases_of_import(session: Session, import_id: int) -> Sequence[AnyRow]:
    """(id, number, units) of the purchases that a file became."""
    statement = (
        sa.select(Purchase.id, Purchase.number, sa.func.sum(PurchaseLine.quantity).label("units"))
        .join(PurchaseLine, PurchaseLine.purchase_id == Purchase.id)
        .where(Purchase.import_id == import_id, PurchaseLine.removed_at.is_(None))
        .group_by(Purchase.id, Purchase.number)
        .order_by(Purchase.id)
    )
    return session.execute(statement).all()
