"""受注: orders from every marketplace, their ids, lines, history, and the buyer's data under lock (R24–R26, rule 13)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.orders.rules import LineStock, OrderState
from recore.platform.db import Base, TenantScoped, tenant_args, tenant_fk


class Order(TenantScoped, Base):
    """`raw_status` is the marketplace's own word; a word we do not know sets `needs_review` and changes nothing else.

    (`observed_run`, `observed_seq`) is the newest observation taken in; an older one never overwrites it (rule 7).
    `observed_at`: the marketplace's state up to then is known; a file that says of a row when it last changed there is
    held against it.
    `detail_digest` covers the detail page as last read (keyed: it holds buyer data), `row_digest` the words of the list
    rows that belong to it: where the rows say something else by now, the detail is wanted again. `changed_there`: when it last
    changed by the marketplace's clock, where its API says so. `asks_to_cancel`: the buyer does, and staff were told.
    """

    __tablename__ = "orders"
    number: Mapped[str] = mapped_column(sa.String(20))
    account_id: Mapped[int]
    state: Mapped[OrderState] = mapped_column(default=OrderState.ON_HOLD)
    state_at: Mapped[datetime]
    needs_review: Mapped[bool] = mapped_column(default=False)
    review_code: Mapped[str | None] = mapped_column(sa.String(40))
    review_reason: Mapped[str | None] = mapped_column(sa.String(500))
    raw_status: Mapped[str] = mapped_column(sa.String(120))
    buyer_label: Mapped[str] = mapped_column(sa.String(120), default="")
    title: Mapped[str] = mapped_column(sa.String(500))
    amount: Mapped[int]
    shipping_fee: Mapped[int | None]
    shipping_method: Mapped[str | None] = mapped_column(sa.String(200))
    payment_method: Mapped[str | None] = mapped_column(sa.String(200))
    has_address: Mapped[bool] = mapped_column(default=False)
    ordered_at: Mapped[datetime]
    shipped_at: Mapped[datetime | None]
    exported_at: Mapped[datetime | None]
    stock_note: Mapped[str | None] = mapped_column(sa.String(500))
    row_digest: Mapped[str | None] = mapped_column(sa.String(64))
    detail_digest: Mapped[str | None] = mapped_column(sa.String(64))
    observed_run: Mapped[int] = mapped_column(default=0)
    observed_seq: Mapped[int] = mapped_column(default=0)
    observed_at: Mapped[datetime | None]
    changed_there: Mapped[datetime | None]
    asks_to_cancel: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    search_text: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "number"),
        sa.Index(None, "tenant_id", "state", "ordered_at"),
        sa.Index(None, "tenant_id", "needs_review"),
        tenant_fk("account_id", "marketplace_accounts"),
    )


class OrderExternalId(TenantScoped, Base):
    """An order may own several ids: first the auction's, later the order number's (R26, rule 9)."""

    __tablename__ = "order_external_ids"
    account_id: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    external_id: Mapped[str] = mapped_column(sa.String(80))
    order_id: Mapped[int]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "account_id", "kind", "external_id"),
        sa.Index(None, "tenant_id", "order_id"),
        tenant_fk("account_id", "marketplace_accounts"),
        tenant_fk("order_id", "orders"),
    )


class OrderLine(TenantScoped, Base):
    """`external_id` is the auction won. `stock_state` says what stands behind the line (空売り, 未連携 included).

    `raw_status` is the marketplace's last word on this auction, `seen_run` the run whose list showed it last;
    `is_cancelled` means this line alone is off the order.
    """

    __tablename__ = "order_lines"
    order_id: Mapped[int]
    external_id: Mapped[str] = mapped_column(sa.String(80))
    management_number: Mapped[str | None] = mapped_column(sa.String(60))
    title: Mapped[str] = mapped_column(sa.String(500))
    quantity: Mapped[int]
    unit_price: Mapped[int]
    raw_status: Mapped[str] = mapped_column(sa.String(120))
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    seen_run: Mapped[int] = mapped_column(default=0)
    listing_id: Mapped[int | None]
    stock_item_id: Mapped[int | None]
    stock_state: Mapped[LineStock]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "order_id", "external_id"),
        sa.CheckConstraint("quantity > 0 AND unit_price >= 0", name="amounts"),
        sa.Index(None, "tenant_id", "listing_id"),
        sa.Index(None, "tenant_id", "stock_item_id"),
        sa.Index(None, "tenant_id", "stock_state"),
        tenant_fk("order_id", "orders"),
        tenant_fk("listing_id", "listings"),
        tenant_fk("stock_item_id", "stock_items"),
    )


class OrderEvent(TenantScoped, Base):
    """Every move of an order, with the marketplace's word that caused it."""

    __tablename__ = "order_events"
    order_id: Mapped[int]
    source: Mapped[str | None] = mapped_column(sa.String(24))
    target: Mapped[str] = mapped_column(sa.String(24))
    cause: Mapped[str] = mapped_column(sa.String(200))
    actor_kind: Mapped[str] = mapped_column(sa.String(12))
    actor_label: Mapped[str] = mapped_column(sa.String(120))
    at: Mapped[datetime]
    __table_args__ = tenant_args(sa.Index(None, "tenant_id", "order_id"), tenant_fk("order_id", "orders"))


class OrderBuyer(TenantScoped, Base):
    """The buyer's data, encrypted as one JSON envelope; deleted with its indexes after the retention."""

    __tablename__ = "order_buyers"
    order_id: Mapped[int]
    cipher: Mapped[bytes]
    updated_at: Mapped[datetime]
    delete_after: Mapped[datetime | None]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "order_id"), tenant_fk("order_id", "orders")
    )


class OrderBuyerIndex(TenantScoped, Base):
    """Blind index tokens of a buyer (phone, its last four digits, name bigrams, postcode)."""

    __tablename__ = "order_buyer_index"
    order_id: Mapped[int]
    purpose: Mapped[str] = mapped_column(sa.String(20))
    token: Mapped[str] = mapped_column(sa.String(64))
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "order_id", "purpose", "token"),
        sa.Index(None, "tenant_id", "purpose", "token"),
        tenant_fk("order_id", "orders"),
    )


class AddressExport(TenantScoped, Base):
    """A 宛先CSV that was made: who, when, which orders; the file itself is made anew from the encrypted data.

    `left_out`: [{"number", "reason"}] of the orders that were chosen and are not in the file.
    """

    __tablename__ = "address_exports"
    order_ids: Mapped[list[Any]]
    left_out: Mapped[list[Any]]
    encoding: Mapped[str] = mapped_column(sa.String(10))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(sa.String(120))
    __table_args__ = tenant_args()
