"""カタログ: products under their PD code (R4)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform.db import Base, TenantScoped, tenant_args


class Product(TenantScoped, Base):
    """`search_text` is the folded form (text_ja) of everything one searches by."""

    __tablename__ = "products"
    pd_code: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(200))
    brand: Mapped[str | None] = mapped_column(sa.String(120))
    model_number: Mapped[str | None] = mapped_column(sa.String(120))
    jan: Mapped[str | None] = mapped_column(sa.String(14))
    asin: Mapped[str | None] = mapped_column(sa.String(10))
    category: Mapped[str | None] = mapped_column(sa.String(120))
    search_text: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "pd_code"), sa.Index(None, "tenant_id", "jan")
    )
