"""同期: one pass of the extension over a store's pages, and reports of pages that changed (rule 7, R17, R28)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform.db import Base, TenantScoped, tenant_args, tenant_fk
from recore.sync.rules import RunState

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
