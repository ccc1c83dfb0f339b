"""Reads for the 店頭販売 screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts.models import MarketplaceAccount
from recore.catalog.models import Product
from recore.identity.models import Staff
from recore.listings.models import Listing
from recore.listings.rules import OPEN_STATES
from recore.platform.paging import AnyRow, Page, newest_first
from recore.sales.models import CounterSale, CounterSaleLine
from recore.stock.models import StockItem


def recent_sales(session: Session, *, before: int | None = None) -> Page[Any]:
    statement = sa.select(
        CounterSale.id, CounterSale.number, CounterSale.total, CounterSale.sold_at, CounterSale.voided_at,
        Staff.name.label("staff_name"),
    ).join(Staff, Staff.id == CounterSale.staff_id)  # fmt: skip
    return newest_first(session, statement, CounterSale.id, before=before, size=20)


def sold_items(session: Session, sale_ids: list[int]) -> dict[int, list[AnyRow]]:
    """sale id → its lines (it_code, name, quantity, unit_price)."""
    rows = session.execute(
        sa.select(
            CounterSaleLine.sale_id,
            StockItem.it_code,
            Product.name,
            CounterSaleLine.quantity,
            CounterSaleLine.unit_price,
        )
        .join(StockItem, StockItem.id == CounterSaleLine.stock_item_id)
        .join(Product, Product.id == StockItem.product_id)
        .where(CounterSaleLine.sale_id.in_(sale_ids))
        .order_by(CounterSaleLine.id)
    ).all()
    grouped: dict[int, list[AnyRow]] = {}
    for row in rows:
        grouped.setdefault(row.sale_id, []).append(row)
    return grouped


def open_listings_of_items(session: Session, stock_item_ids: list[int]) -> Sequence[AnyRow]:
    """Where these items are on offer now: the till warns, because the marketplace does not know of the counter."""
    if not stock_item_ids:
        return []
    return session.execute(
        sa.select(
            Listing.stock_item_id, StockItem.it_code, Listing.management_number,
            MarketplaceAccount.name.label("account_name"),
        )
        .join(StockItem, StockItem.id == Listing.stock_item_id)
        .join(MarketplaceAccount, MarketplaceAccount.id == Listing.account_id)
        .where(Listing.stock_item_id.in_(stock_item_ids), Listing.state.in_(OPEN_STATES))
        .order_by(Listing.id)
    ).all()  # fmt: skip
