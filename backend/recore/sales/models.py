"""Sales over the counter (店頭販売, R6), and the book of all sales, marketplaces included (売上, R30)."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform.db import Base, TenantScoped, tenant_args, tenant_fk
from recore.sales.rules import SaleKind


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


class SaleEntry(TenantScoped, Base):
    """売上: one entry of the book, written in the commit that moved the order or the counter sale, and never changed.

    `seq` counts the entries of a line of a receipt or of an order; `quantity_after` and `amount_after` are what is booked of
    it with this entry. Two writers at once meet in the UNIQUE over it. `booked_on` is the day in Japan that the entry
    counts for, `recorded_at` when it was written. `document` and `name` are as they were then. An item that was linked to
    its order line later, and the order that took over another one's lines, are filled in.
    """

    __tablename__ = "sale_entries"
    booked_on: Mapped[date]
    recorded_at: Mapped[datetime]
    kind: Mapped[SaleKind]
    seq: Mapped[int]
    counter_sale_id: Mapped[int | None]
    counter_line_id: Mapped[int | None]
    order_id: Mapped[int | None]
    order_line_id: Mapped[int | None]
    document: Mapped[str] = mapped_column(sa.String(20))
    account_id: Mapped[int | None]
    shop_id: Mapped[int | None]
    staff_id: Mapped[int | None]
    stock_item_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(sa.String(500))
    quantity: Mapped[int]
    amount: Mapped[int]
    quantity_after: Mapped[int]
    amount_after: Mapped[int]
    cause: Mapped[str] = mapped_column(sa.String(200))
    actor_kind: Mapped[str] = mapped_column(sa.String(12))
    actor_label: Mapped[str] = mapped_column(sa.String(120))
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "counter_line_id", "seq"),
        sa.UniqueConstraint("tenant_id", "order_line_id", "seq"),
        sa.CheckConstraint("(counter_line_id IS NULL) <> (order_line_id IS NULL)", name="one_source"),
        sa.CheckConstraint("quantity_after >= 0 AND amount_after >= 0", name="not_below_nothing"),
        sa.Index(None, "tenant_id", "booked_on"),
        sa.Index(None, "tenant_id", "order_id"),
        tenant_fk("counter_sale_id", "counter_sales"),
        tenant_fk("counter_line_id", "counter_sale_lines"),
        tenant_fk("order_id", "orders"),
        tenant_fk("order_line_id", "order_lines"),
        tenant_fk("account_id", "marketplace_accounts"),
        tenant_fk("shop_id", "shops"),
        tenant_fk("staff_id", "staff"),
        tenant_fk("stock_item_id", "stock_items"),
    )
