"""What is to be done on a marketplace's own pages by the extension: mark an order as shipped, end an auction (R24, R27)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.commands.rules import OPEN_STATES, CommandKind, CommandState
from recore.platform.db import Base, TenantScoped, tenant_args, tenant_fk

_OPEN = sa.text("state IN (" + ", ".join(f"'{state}'" for state in OPEN_STATES) + ")")


class MarketplaceCommand(TenantScoped, Base):
    """One thing to do there; at most one open command per order and per listing.

    `key` names the page (order number or auction id), `label` the target for staff. `payload`: carrier and tracking number.
    `by_server`: a job of ours does it through the marketplace's API, with no device. `is_automatic`: asked for because the stock was gone. `nonce` is the extension's own name of its click, `clicks` how
    often one may have happened, `not_before` when it is next handed out. `reason` tells staff why it waits or how it ended.
    """

    __tablename__ = "marketplace_commands"
    account_id: Mapped[int]
    kind: Mapped[CommandKind]
    order_id: Mapped[int | None]
    listing_id: Mapped[int | None]
    key: Mapped[str] = mapped_column(sa.String(80))
    label: Mapped[str] = mapped_column(sa.String(80))
    payload: Mapped[dict[str, Any]]
    is_automatic: Mapped[bool]
    by_server: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    state: Mapped[CommandState] = mapped_column(default=CommandState.QUEUED)
    state_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(sa.String(1000))
    asked_by: Mapped[str] = mapped_column(sa.String(120))
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    device_id: Mapped[int | None]
    lease_until: Mapped[datetime | None]
    nonce: Mapped[str | None] = mapped_column(sa.String(80))
    clicks: Mapped[int] = mapped_column(default=0)
    not_taken: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    __table_args__ = tenant_args(
        sa.CheckConstraint(
            "(kind = 'SHIP' AND order_id IS NOT NULL AND listing_id IS NULL)"
            " OR (kind = 'END' AND listing_id IS NOT NULL AND order_id IS NULL)",
            name="target",
        ),
        sa.Index(
            "uq_marketplace_commands_open_order", "tenant_id", "order_id", unique=True,
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
        sa.Index(
            "uq_marketplace_commands_open_listing", "tenant_id", "listing_id", unique=True,
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
        sa.Index(
            "ix_marketplace_commands_open", "tenant_id", "account_id", sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        sa.Index(None, "tenant_id", "order_id"),
        sa.Index(None, "tenant_id", "listing_id"),
        tenant_fk("account_id", "marketplace_accounts"),
        tenant_fk("order_id", "orders"),
        tenant_fk("listing_id", "listings"),
        tenant_fk("device_id", "devices"),
    )  # fmt: skip


class CommandEvent(TenantScoped, Base):
    """Every move of a command: from, to, who, why, when (rule 8)."""

    __tablename__ = "marketplace_command_events"
    command_id: Mapped[int]
    source: Mapped[str | None] = mapped_column(sa.String(24))
    target: Mapped[str] = mapped_column(sa.String(24))
    cause: Mapped[str] = mapped_column(sa.String(1000))
    actor_kind: Mapped[str] = mapped_column(sa.String(12))
    actor_label: Mapped[str] = mapped_column(sa.String(120))
    at: Mapped[datetime]
    __table_args__ = tenant_args(
        sa.Index(None, "tenant_id", "command_id"), tenant_fk("command_id", "marketplace_commands")
    )
