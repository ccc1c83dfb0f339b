"""買取: a purchase and its lines; confirming it makes stock (R4)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform.db import Base, TenantScoped, tenant_args, tenant_fk
from recore.stock.rules import SalesRoute


class PurchaseState(StrEnum):
    DRAFT = "DRAFT"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class Purchase(TenantScoped, Base):
    """`login_id`: the login (till PC) that opened it; an empty draft is opened again there only.
    `import_id`: the file it came from.
    """

    __tablename__ = "purchases"
    number: Mapped[str] = mapped_column(sa.String(20))
    state: Mapped[PurchaseState] = mapped_column(default=PurchaseState.DRAFT)
    shop_id: Mapped[int]
    staff_id: Mapped[int | None]
    login_id: Mapped[int | None]
    import_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "number"),
        sa.Index(None, "tenant_id", "created_at"),
        sa.Index(None, "tenant_id", "import_id"),
        tenant_fk("shop_id", "shops"),
        tenant_fk("staff_id", "staff"),
    )


class PurchaseLine(TenantScoped, Base):
    """`cost` and `price` are yen per unit, tax included. `removed_at`: deleted from the draft, until it is confirmed; or
    the import that it came from was taken back.
    `import_key`: 取込番号 of the row that it came from, `import_digest` of that row's content (stock_file.py).
    """

    __tablename__ = "purchase_lines"
    purchase_id: Mapped[int]
    product_id: Mapped[int]
    position: Mapped[int]
    grade: Mapped[str] = mapped_column(sa.String(8))
    cost: Mapped[int]
    price: Mapped[int]
    quantity: Mapped[int]
    sales_route: Mapped[SalesRoute]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    removed_at: Mapped[datetime | None]
    import_key: Mapped[str | None] = mapped_column(sa.String(80))
    import_digest: Mapped[str | None] = mapped_column(sa.String(64))
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "purchase_id", "position"),
        sa.Index("uq_purchase_lines_import_key", "tenant_id", "import_key", unique=True),
        sa.CheckConstraint("quantity > 0 AND cost >= 0 AND price >= 0", name="amounts"),
        tenant_fk("purchase_id", "purchases"),
        tenant_fk("product_id", "products"),
    )


class PurchaseSeller(TenantScoped, Base):
    """古物台帳: whom the goods were bought from, encrypted (sellers.py); gone after `delete_after` (rule 13, R37)."""

    __tablename__ = "purchase_sellers"
    purchase_id: Mapped[int]
    cipher: Mapped[bytes]
    updated_at: Mapped[datetime]
    delete_after: Mapped[datetime]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "purchase_id"),
        sa.Index(None, "tenant_id", "delete_after"),
        tenant_fk("purchase_id", "purchases"),
    )
