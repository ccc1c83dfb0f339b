"""同期: one pass of the extension over a store's pages, reports of pages that changed, and order files (rule 7, R17, R28)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform.db import Base, TenantScoped, tenant_args, tenant_fk
from recore.platform.import_rules import ImportState
from recore.sync.rules import PulledState, RunState

_RUNNING = sa.text("state = 'RUNNING'")


class SyncRun(TenantScoped, Base):
    """Numbered by the server per account; at most one RUNNING per account (server lease).

    `is_full`: it reads every page and is sent every row; the others only what changed (sync/known.py).
    `clock_offset_ms` corrects the PC's clock (server - PC). `phases` is the extension's own account of what it read.
    """

    __tablename__ = "sync_runs"
    account_id: Mapped[int]
    number: Mapped[int]
    device_id: Mapped[int]
    trigger: Mapped[str] = mapped_column(sa.String(12))
    is_full: Mapped[bool] = mapped_column(server_default=sa.true())
    state: Mapped[RunState] = mapped_column(default=RunState.RUNNING)
    lease_until: Mapped[datetime]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    last_seq: Mapped[int] = mapped_column(default=0)
    clock_offset_ms: Mapped[int] = mapped_column(default=0)
    phases: Mapped[list[Any] | None]
    summary: Mapped[dict[str, Any] | None]
    error_code: Mapped[str | None] = mapped_column(sa.String(40))
    error_detail: Mapped[str | None] = mapped_column(sa.String(1000))
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "account_id", "number"),
        sa.Index(
            "uq_sync_runs_running",
            "tenant_id",
            "account_id",
            unique=True,
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
        tenant_fk("account_id", "marketplace_accounts"),
        tenant_fk("device_id", "devices"),
    )


class DriftReport(TenantScoped, Base):
    """A page that no longer matches its contract; `skeleton` has tags and classes only, no text."""

    __tablename__ = "drift_reports"
    run_id: Mapped[int]
    contract: Mapped[str] = mapped_column(sa.String(60))
    missing: Mapped[list[Any]]
    skeleton: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    __table_args__ = tenant_args(tenant_fk("run_id", "sync_runs"))


class OrderImport(TenantScoped, Base):
    """A file of orders that a clerk uploaded. `cipher` is the file, encrypted, until `expires_at`; when it is taken in, of
    it only the rows that were refused. `ticked`: first row numbers of orders that a person lets turn back.
    """

    __tablename__ = "order_imports"
    account_id: Mapped[int]
    file_name: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[ImportState] = mapped_column(default=ImportState.READ)
    run_number: Mapped[int | None]
    total: Mapped[int]
    ticked: Mapped[list[Any]]
    cipher: Mapped[bytes | None]
    expires_at: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(sa.String(120))
    staff_id: Mapped[int | None]
    login_id: Mapped[int | None]
    finished_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(sa.String(500))
    __table_args__ = tenant_args(
        sa.Index(None, "tenant_id", "made_at"),
        tenant_fk("account_id", "marketplace_accounts"),
        tenant_fk("staff_id", "staff"),
    )


class OrderImportRow(TenantScoped, Base):
    """What became of one order of the file. `row_number` is its first row; `order_number` ours; `note` has no buyer data."""

    __tablename__ = "order_import_rows"
    import_id: Mapped[int]
    row_number: Mapped[int]
    rows: Mapped[str] = mapped_column(sa.String(200))
    fate: Mapped[str] = mapped_column(sa.String(20))
    order_number: Mapped[str | None] = mapped_column(sa.String(20))
    note: Mapped[str] = mapped_column(sa.String(500))
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "import_id", "row_number"), tenant_fk("import_id", "order_imports")
    )


class OrderPull(TenantScoped, Base):
    """How far an account's orders were listed by the official API.

    `changed_since`: every change before it, by the marketplace's clock, was listed. A list is read page by page: it began
    `began_at` (our clock) at `listing_since`, ends at `listing_until` (NULL: it has no end), goes on at `next_start` (NULL: none is
    being read) or where `page_token` says, had `total` rows when last looked at, and `newest` is the latest change it has shown.
    """

    __tablename__ = "order_pulls"
    account_id: Mapped[int]
    changed_since: Mapped[datetime | None]
    listing_since: Mapped[datetime | None]
    listing_until: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    next_start: Mapped[int | None]
    page_token: Mapped[str | None] = mapped_column(sa.String(4000))
    total: Mapped[int] = mapped_column(default=0)
    newest: Mapped[datetime | None]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "account_id"), tenant_fk("account_id", "marketplace_accounts")
    )


class PulledOrder(TenantScoped, Base):
    """An order that a list of the official API showed as changed. `order_number` is the marketplace's; `changed_at` and
    `status` as listed; `reason`: why it was set aside, for staff, without buyer data; `numbers`: our own numbers of what was ordered.
    """

    __tablename__ = "pulled_orders"
    account_id: Mapped[int]
    order_number: Mapped[str] = mapped_column(sa.String(80))
    changed_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(sa.String(60))
    state: Mapped[PulledState] = mapped_column(default=PulledState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    numbers: Mapped[list[Any] | None]
    noted_at: Mapped[datetime]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "account_id", "order_number"),
        sa.Index(None, "tenant_id", "account_id", "state"),
        tenant_fk("account_id", "marketplace_accounts"),
    )
