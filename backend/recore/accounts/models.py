"""Marketplace accounts (R3): one Yahoo store, later Amazon and Rakuten shops."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform.db import Base, TenantScoped, tenant_args, tenant_fk


class MarketplaceAccount(TenantScoped, Base):
    """`channel` is a name in the registry (`yahoo_auction`); `profile` its generation (`classic`, `current`).

    `store_id` is the marketplace's own id of the store: the extension refuses any other logged-in store.
    `options` holds the shop's saved choices (payment, shipping, delivery groups) and C-rated limits of this account.
    `credentials`: see credentials.py.
    """

    __tablename__ = "marketplace_accounts"
    channel: Mapped[str] = mapped_column(sa.String(30))
    name: Mapped[str] = mapped_column(sa.String(120))
    profile: Mapped[str] = mapped_column(sa.String(20))
    store_id: Mapped[str] = mapped_column(sa.String(80))
    is_enabled: Mapped[bool] = mapped_column(default=True)
    options: Mapped[dict[str, Any]]
    credentials: Mapped[bytes | None]
    last_pull_at: Mapped[datetime | None]
    last_pull_device: Mapped[str | None] = mapped_column(sa.String(120))
    last_push_at: Mapped[datetime | None]
    attention: Mapped[list[Any] | None]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "channel", "store_id"), sa.UniqueConstraint("tenant_id", "name")
    )


class PullPlan(TenantScoped, Base):
    """When a PC means to read an account next; `next_at` None: by hand only."""

    __tablename__ = "pull_plans"
    account_id: Mapped[int]
    device_id: Mapped[int]
    next_at: Mapped[datetime | None]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "account_id", "device_id"),
        tenant_fk("account_id", "marketplace_accounts"),
        tenant_fk("device_id", "devices"),
    )


class ApiLink(TenantScoped, Base):
    """That an account's orders come through the marketplace's official API: the consent, and how the pulling goes.

    `asked`: hash of the state of a consent under way, good until `asked_until`. `ends_at`: when the consent ends at the
    latest, where that is known; `over_at`: when the marketplace said that it has. `pulled_at`: the last pull that went to its
    end, `heard_until`: all orders as they were then, by the marketplace's clock, are known by it; `failing_since`, `failure`: since
    when, and why, none did. `unread_numbers`: our own numbers of what was ordered there in orders that could not be taken in. `key_taken_at`: when the marketplace last took the store's public key,
    `key_problem`: why it does not, `key_ends_on`: when the key ends, as staff typed it. Secrets are in the account's `credentials`.
    """

    __tablename__ = "api_links"
    account_id: Mapped[int]
    asked: Mapped[str | None] = mapped_column(sa.String(64))
    asked_until: Mapped[datetime | None]
    linked_at: Mapped[datetime | None]
    linked_by: Mapped[str | None] = mapped_column(sa.String(120))
    ends_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]
    is_on: Mapped[bool] = mapped_column(default=True)
    next_pull_at: Mapped[datetime | None]
    pulled_at: Mapped[datetime | None]
    heard_until: Mapped[datetime | None]
    unread_numbers: Mapped[list[Any] | None]
    key_taken_at: Mapped[datetime | None]
    key_problem: Mapped[str | None] = mapped_column(sa.String(500))
    key_ends_on: Mapped[date | None]
    failing_since: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(sa.String(500))
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "account_id"), tenant_fk("account_id", "marketplace_accounts")
    )
