"""在庫: items under their IT code, the ledger, and reservations, held together by constraints (R6, rule 6)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform.db import Base, TenantScoped, tenant_args, tenant_fk
from recore.stock.rules import Movement, ReservationKind, ReservationState, SalesRoute

_ONCE = sa.text("movement IN ('BUYIN', 'COUNTER_SALE', 'COUNTER_SALE_UNDONE')")


class Grade(TenantScoped, Base):
    """グレード: the tenant's list, best first. The conditions it maps to are the channels' data."""

    __tablename__ = "grades"
    code: Mapped[str] = mapped_column(sa.String(8))
    name: Mapped[str] = mapped_column(sa.String(60))
    position: Mapped[int]
    __table_args__ = tenant_args(sa.UniqueConstraint("tenant_id", "code"))


class StockItem(TenantScoped, Base):
    """One bought lot. available = on_hand - reserved, never below zero. Moved only by `stock.service`.

    `is_followed`: somebody offers it through an API, or an order waits for units of it: every movement is told (job
    `stock.service.MOVED`).
    """

    __tablename__ = "stock_items"
    it_code: Mapped[str] = mapped_column(sa.String(20))
    product_id: Mapped[int]
    shop_id: Mapped[int]
    purchase_line_id: Mapped[int | None]
    grade: Mapped[str] = mapped_column(sa.String(8))
    cost: Mapped[int]
    price: Mapped[int]
    sales_route: Mapped[SalesRoute]
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    available: Mapped[int] = mapped_column(sa.Computed("on_hand - reserved", persisted=True))
    is_followed: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    search_text: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    created_at: Mapped[datetime]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "it_code"),
        sa.CheckConstraint("on_hand >= 0 AND reserved >= 0 AND on_hand - reserved >= 0", name="available"),
        sa.CheckConstraint("cost >= 0 AND price >= 0", name="amounts"),
        sa.Index(None, "tenant_id", "product_id"),
        tenant_fk("product_id", "products"),
        tenant_fk("shop_id", "shops"),
        tenant_fk("purchase_line_id", "purchase_lines"),
    )


class StockLedgerEntry(TenantScoped, Base):
    """One movement and its cause.

    A purchase line, sale or its undoing moves an item once, held by a unique index; reservations come and go, and are
    guarded by the state of their Reservation row.
    """

    __tablename__ = "stock_ledger"
    stock_item_id: Mapped[int]
    movement: Mapped[Movement]
    on_hand_delta: Mapped[int]
    reserved_delta: Mapped[int]
    on_hand_after: Mapped[int]
    reserved_after: Mapped[int]
    cause_kind: Mapped[str] = mapped_column(sa.String(30))
    cause_id: Mapped[int]
    actor_kind: Mapped[str] = mapped_column(sa.String(12))
    actor_label: Mapped[str] = mapped_column(sa.String(120))
    at: Mapped[datetime]
    __table_args__ = tenant_args(
        sa.Index(
            "uq_stock_ledger_once",
            "tenant_id",
            "stock_item_id",
            "movement",
            "cause_id",
            unique=True,
            sqlite_where=_ONCE,
            postgresql_where=_ONCE,
        ),
        tenant_fk("stock_item_id", "stock_items"),
    )


class Reservation(TenantScoped, Base):
    """在庫確保: units of an item held for a bid (source = listing id) or an order (source = order line id).

    One row per (kind, source); `quantity` is what is held now, or was consumed.
    """

    __tablename__ = "reservations"
    stock_item_id: Mapped[int]
    kind: Mapped[ReservationKind]
    source_id: Mapped[int]
    quantity: Mapped[int]
    state: Mapped[ReservationState] = mapped_column(default=ReservationState.HELD)
    changed_at: Mapped[datetime]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "kind", "source_id"),
        sa.CheckConstraint("quantity >= 0", name="quantity"),
        sa.Index(None, "tenant_id", "stock_item_id", "state"),
        tenant_fk("stock_item_id", "stock_items"),
    )
