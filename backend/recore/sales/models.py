"""Sales over the counter (店頭販売, R6). Marketplace sales join them here in a later issue (R30)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform.db import Base, TenantScoped, tenant_args, tenant_fk


class CounterSale(TenantScoped, Base):
    """One receipt at the till; `voided_at` when it was undone. `request_key` makes a double click one sale."""

    __tablename__ = "counter_sales"
    number: Mapped[str] = mapped_column(sa.String(20))
    request_key: Mapped[str] = mapped_column(sa.String(64))
    shop_id: Mapped[int]
    staff_id: Mapped[int]
    total: Mapped[int]
    sold_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "number"),
        sa.UniqueConstraint("tenant_id", "request_key"),
        tenant_fk("shop_id", "shops"),
        tenant_fk("staff_id", "staff"),
    )


class CounterSaleLine(TenantScoped, Base):
    __tablename__ = "counter_sale_lines"
    sale_id: Mapped[int]
    stock_item_id: Mapped[int]
    quantity: Mapped[int]
    unit_price: Mapped[int]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "sale_id", "stock_item_id"),
        sa.CheckConstraint("quantity > 0 AND unit_price >= 0", name="amounts"),
        tenant_fk("sale_id", "counter_sales"),
        tenant_fk("stock_item_id", "stock_items"),
    )
