"""Reads for the 店頭販売 screen."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.catalog.models import Product
from recore.identity.models import Staff
from recore.platform.paging import Page, newest_first
from recore.sales.models import CounterSale, CounterSaleLine
from recore.stock.models import StockItem


def recent_sales(session: Session, *, before: int | None = None) -> Page[Any]:
    statement = sa.select(
        CounterSale.id, CounterSale.number, CounterSale.total, CounterSale.sold_at, CounterSale.voided_at,
        Staff.name.label("staff_name"),
    ).join(Staff, Staff.id == CounterSale.staff_id)  # fmt: skip
    return newest_first(session, statement, CounterSale.id, before=before, size=20)


def sold_items(session: Session, sale_ids: list[int]) -> dict[int, list[sa.Row[Any]]]:
    """sale id → its lines (it_code, name, quantity, unit_price)."""
    rows = session.execute(
        sa.select(
            CounterSaleLine.sale_id, StockItem.it_code, Product.name, CounterSaleLine.quantity, CounterSaleLine.unit_price
        )
        .join(StockItem, StockItem.id == CounterSaleLine.stock_item_id)
        .join(Product, Product.id == StockItem.product_id)
        .where(CounterSaleLine.sale_id.in_(sale_ids))
        .order_by(CounterSaleLine.id)
    ).all()
    grouped: dict[int, list[sa.Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.sale_id, []).append(row)
    return grouped
