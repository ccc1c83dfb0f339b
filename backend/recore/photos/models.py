"""Photos of a stock item (R9): originals, their order, copies derived for each marketplace, and QR links for phones."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform.db import Base, TenantScoped, tenant_args, tenant_fk


class Photo(TenantScoped, Base):
    """`position` orders the photos of an item, from 0, with gaps allowed; `sha256` names the original's blob."""

    __tablename__ = "photos"
    stock_item_id: Mapped[int]
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    media_type: Mapped[str] = mapped_column(sa.String(40))
    size_bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(sa.String(120))
    deleted_at: Mapped[datetime | None]
    __table_args__ = tenant_args(
        sa.Index(None, "tenant_id", "stock_item_id", "position"), tenant_fk("stock_item_id", "stock_items")
    )


class DerivedPhoto(TenantScoped, Base):
    """The copy of a photo under the spec `spec` (a key of photo_limits.json with its version)."""

    __tablename__ = "derived_photos"
    photo_id: Mapped[int]
    spec: Mapped[str] = mapped_column(sa.String(40))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size_bytes: Mapped[int]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "photo_id", "spec"), tenant_fk("photo_id", "photos")
    )


class PhotoLink(TenantScoped, Base):
    """A QR code by which a phone without a login works on the photos of one item for a short while.

    `actor_*` and `account_id`: who made it, as in the audit log. `adds_left`: how many more times a photo may be sent by it.
    """

    __tablename__ = "photo_links"
    stock_item_id: Mapped[int]
    actor_kind: Mapped[str] = mapped_column(sa.String(12))
    actor_id: Mapped[int]
    actor_label: Mapped[str] = mapped_column(sa.String(120))
    account_id: Mapped[int]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    adds_left: Mapped[int]
    __table_args__ = tenant_args(
        sa.CheckConstraint("adds_left >= 0", name="adds_left"),
        sa.Index(None, "tenant_id", "stock_item_id"),
        tenant_fk("stock_item_id", "stock_items"),
        tenant_fk("account_id", "login_accounts"),
    )
