"""The category trees that a shop imported, and which categories it uses (R10).

A tree is the marketplace's, but the file is what one shop's administrator uploads: it counts for that shop alone. In
memory shops with the same tree share one index, by the digest (queries.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.categories.rules import ImportState
from recore.platform.db import Base, TenantScoped, tenant_args


class CategoryTree(TenantScoped, Base):
    """That a channel's tree was imported; `digest` names its content, `size` counts its nodes. Locked by an import."""

    __tablename__ = "category_trees"
    channel: Mapped[str] = mapped_column(sa.String(30))
    digest: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    imported_at: Mapped[datetime]
    imported_by: Mapped[str] = mapped_column(sa.String(120))
    __table_args__ = tenant_args(sa.UniqueConstraint("tenant_id", "channel"))


class CategoryRow(TenantScoped, Base):
    """A node as the file had it; ids are the marketplace's and opaque."""

    __tablename__ = "categories"
    channel: Mapped[str] = mapped_column(sa.String(30))
    category_id: Mapped[str] = mapped_column(sa.String(40))
    parent_id: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(200))
    path: Mapped[str] = mapped_column(sa.String(1000))
    is_leaf: Mapped[bool]
    __table_args__ = tenant_args(sa.UniqueConstraint("tenant_id", "channel", "category_id"))


class CategoryImport(TenantScoped, Base):
    """An uploaded file. `body` is the file, compressed, until it is old; `fates` has a letter per row (rules.Fate), in
    the file's order; `notes` says by row number why a row was refused.
    """

    __tablename__ = "category_imports"
    channel: Mapped[str] = mapped_column(sa.String(30))
    file_name: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[ImportState] = mapped_column(default=ImportState.READ)
    total: Mapped[int]
    body: Mapped[bytes | None]
    fates: Mapped[str | None] = mapped_column(sa.Text)
    notes: Mapped[dict[str, Any] | None]
    removed: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(sa.String(120))
    taken_at: Mapped[datetime | None]
    __table_args__ = tenant_args(sa.Index(None, "tenant_id", "made_at"))


class CategoryUse(TenantScoped, Base):
    """How often a category was listed in, by each word of the products' names; the word '' counts every use."""

    __tablename__ = "category_uses"
    channel: Mapped[str] = mapped_column(sa.String(30))
    word: Mapped[str] = mapped_column(sa.String(40))
    category_id: Mapped[str] = mapped_column(sa.String(40))
    uses: Mapped[int]
    last_used_at: Mapped[datetime]
    __table_args__ = tenant_args(sa.UniqueConstraint("tenant_id", "channel", "word", "category_id"))
