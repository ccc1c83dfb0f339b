"""出品待ち drafts, listings (one row = one attempt on one account), upload batches, and what the marketplace shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.listings.rules import (
    HOLDING_STATES,
    OPEN_STATES,
    BatchState,
    BulkRowState,
    BulkState,
    ListingState,
    UploadState,
)
from recore.platform.db import Base, TenantOwned, TenantScoped, tenant_args, tenant_fk
from recore.platform.tenancy import require_tenant


def _in(states: Iterable[str]) -> sa.TextClause:
    return sa.text("state IN (" + ", ".join(f"'{state}'" for state in states) + ")")


_OPEN, _HOLDING = _in(OPEN_STATES), _in(HOLDING_STATES)


class ListingDraft(TenantScoped, Base):
    """The form of one item for one marketplace account, as typed so far (autosaved, versioned; R8).

    `problems` are the reasons of the marketplace's last refusal, by field key. `applied`: the template that filled it last
    (`id`, `name`), what templates `put` there and what stood there `before`, by field key.
    """

    __tablename__ = "listing_drafts"
    stock_item_id: Mapped[int]
    account_id: Mapped[int]
    is_ticked: Mapped[bool] = mapped_column(default=True)
    fields: Mapped[dict[str, Any]]
    problems: Mapped[dict[str, Any] | None]
    applied: Mapped[dict[str, Any] | None]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    updated_by: Mapped[str] = mapped_column(sa.String(120))
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "stock_item_id", "account_id"),
        tenant_fk("stock_item_id", "stock_items"),
        tenant_fk("account_id", "marketplace_accounts"),
    )


_IN_USE = sa.text("archived_at IS NULL")
_AUTOMATIC = sa.text("is_automatic AND archived_at IS NULL")


class ListingTemplate(TenantScoped, Base):
    """出品テンプレート: values for the form of one marketplace profile, by field key; texts are in `template_language`.

    `category` '' is for every category. `is_automatic`: applied by itself where nothing was typed yet.
    """

    __tablename__ = "listing_templates"
    channel: Mapped[str] = mapped_column(sa.String(30))
    profile: Mapped[str] = mapped_column(sa.String(20))
    category: Mapped[str] = mapped_column(sa.String(40), default="")
    name: Mapped[str] = mapped_column(sa.String(80))
    fields: Mapped[dict[str, Any]]
    is_automatic: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    updated_by: Mapped[str] = mapped_column(sa.String(120))
    archived_at: Mapped[datetime | None]
    __table_args__ = tenant_args(
        sa.Index(
            "uq_listing_templates_name_in_use",
            "tenant_id",
            "channel",
            "profile",
            "name",
            unique=True,
            sqlite_where=_IN_USE,
            postgresql_where=_IN_USE,
        ),
        sa.Index(
            "uq_listing_templates_automatic",
            "tenant_id",
            "channel",
            "profile",
            "category",
            unique=True,
            sqlite_where=_AUTOMATIC,
            postgresql_where=_AUTOMATIC,
        ),
    )


class Listing(TenantScoped, Base):
    """`fields` is the frozen form. Intended (`state`) and observed (ObservedListing) are kept apart.

    `sent_at`: last time its file left for the marketplace (download or direct upload); None means never sent.
    `reason`: why it failed, was withdrawn or needs review, in Japanese for staff.
    """

    __tablename__ = "listings"
    stock_item_id: Mapped[int]
    account_id: Mapped[int]
    management_number: Mapped[str] = mapped_column(sa.String(40))
    state: Mapped[ListingState] = mapped_column(default=ListingState.QUEUED)
    state_at: Mapped[datetime]
    quantity: Mapped[int]
    sold_quantity: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(sa.String(300))
    fields: Mapped[dict[str, Any]]
    photo_ids: Mapped[list[Any]]
    staff_id: Mapped[int]
    batch_id: Mapped[int | None]
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    activated_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(sa.String(1000))
    search_text: Mapped[str] = mapped_column(sa.Text)
    __table_args__ = tenant_args(
        sa.Index(
            "uq_listings_open_management_number",
            "tenant_id",
            "account_id",
            "management_number",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        sa.CheckConstraint(
            "quantity > 0 AND sold_quantity >= 0 AND sold_quantity <= quantity", name="quantities"
        ),
        sa.Index(None, "tenant_id", "state", "queued_at"),
        sa.Index("ix_listings_management_number", "tenant_id", "account_id", "management_number"),
        sa.Index(None, "tenant_id", "stock_item_id"),
        sa.Index(None, "tenant_id", "batch_id"),
        tenant_fk("stock_item_id", "stock_items"),
        tenant_fk("account_id", "marketplace_accounts"),
        tenant_fk("staff_id", "staff"),
        tenant_fk("batch_id", "upload_batches"),
    )


class ListingEvent(TenantScoped, Base):
    """Every move of a listing: from, to, who, why, when (rule 8)."""

    __tablename__ = "listing_events"
    listing_id: Mapped[int]
    source: Mapped[str | None] = mapped_column(sa.String(24))
    target: Mapped[str] = mapped_column(sa.String(24))
    cause: Mapped[str] = mapped_column(sa.String(200))
    actor_kind: Mapped[str] = mapped_column(sa.String(12))
    actor_label: Mapped[str] = mapped_column(sa.String(120))
    at: Mapped[datetime]
    __table_args__ = tenant_args(
        sa.Index(None, "tenant_id", "listing_id"), tenant_fk("listing_id", "listings")
    )


class ListingExternalId(TenantScoped, Base):
    """(account, kind, external id) is unique (rule 9); a listing may own several (auto-relist)."""

    __tablename__ = "listing_external_ids"
    account_id: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    external_id: Mapped[str] = mapped_column(sa.String(60))
    listing_id: Mapped[int]
    at: Mapped[datetime]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "account_id", "kind", "external_id"),
        sa.Index(None, "tenant_id", "listing_id"),
        tenant_fk("account_id", "marketplace_accounts"),
        tenant_fk("listing_id", "listings"),
    )


class ApiOffer(TenantScoped, Base):
    """A listing that the server offers through the marketplace's API: what it shall show, what was sent, what was seen there.

    `number` (the seller's own, SKU) is used once per account. `price`: what it shall cost now. `ends_as`, `ends_because`: it is
    to be taken off, and what the listing is then. `sendings`: how often an offer may have been put there, last at `put_at`;
    `answered_at`: since when it is certainly known there. `pushed_*`: the last values that were sent; None: a change was not
    answered. `gone_asked_at`: the taking off was acknowledged. `looked_at`, `seen_*`: the last read-back; `looked_at` None: none
    since a change began. `off_since`: since when it is not on sale although it should be. `raise_to`, `raise_since`: it is to show so
    many, more than it does, and waits since then for all orders up to then to be known. `due_at`: when somebody has to attend
    to it; `busy_until`: until when somebody does.
    """

    __tablename__ = "api_offers"
    listing_id: Mapped[int]
    account_id: Mapped[int]
    number: Mapped[str] = mapped_column(sa.String(40))
    price: Mapped[int]
    ends_as: Mapped[ListingState | None]
    ends_because: Mapped[str | None] = mapped_column(sa.String(1000))
    sendings: Mapped[int] = mapped_column(default=0)
    put_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    pushed_quantity: Mapped[int | None]
    pushed_price: Mapped[int | None]
    pushed_at: Mapped[datetime | None]
    gone_asked_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    seen_quantity: Mapped[int | None]
    seen_price: Mapped[int | None]
    off_since: Mapped[datetime | None]
    raise_to: Mapped[int | None]
    raise_since: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    busy_until: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(sa.String(500))
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "listing_id"),
        sa.UniqueConstraint("tenant_id", "account_id", "number"),
        sa.Index(None, "tenant_id", "due_at"),
        tenant_fk("listing_id", "listings"),
        tenant_fk("account_id", "marketplace_accounts"),
    )


class UploadBatch(TenantScoped, Base):
    """生成済みリスト: one zip for one bulk upload, made once and stored (R15)."""

    __tablename__ = "upload_batches"
    account_id: Mapped[int]
    state: Mapped[BatchState] = mapped_column(default=BatchState.BUILDING)
    file_name: Mapped[str] = mapped_column(sa.String(80))
    item_count: Mapped[int]
    done_count: Mapped[int] = mapped_column(default=0)
    blob_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    size_bytes: Mapped[int | None]
    created_by: Mapped[str] = mapped_column(sa.String(120))
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    last_downloaded_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(sa.String(1000))
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "file_name"),
        sa.Index(None, "tenant_id", "account_id", "created_at"),
        tenant_fk("account_id", "marketplace_accounts"),
    )


class UploadBatchItem(TenantScoped, Base):
    """Which listings a file holds, in the file's row order; a listing is in one file only."""

    __tablename__ = "upload_batch_items"
    batch_id: Mapped[int]
    listing_id: Mapped[int]
    position: Mapped[int]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "batch_id", "position"),
        sa.UniqueConstraint("tenant_id", "batch_id", "listing_id"),
        tenant_fk("batch_id", "upload_batches"),
        tenant_fk("listing_id", "listings"),
    )


class DirectUpload(TenantScoped, Base):
    """直接出品: one attempt of one PC to send a file through the store's own form; at most one holds a file (R16).

    `nonce` is the extension's own name of the one click. `message`: the marketplace's words, for staff.
    """

    __tablename__ = "direct_uploads"
    batch_id: Mapped[int]
    device_id: Mapped[int]
    state: Mapped[UploadState] = mapped_column(default=UploadState.CLAIMED)
    nonce: Mapped[str | None] = mapped_column(sa.String(80))
    lease_until: Mapped[datetime]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    message: Mapped[str | None] = mapped_column(sa.String(1000))
    __table_args__ = tenant_args(
        sa.Index(
            "uq_direct_uploads_holding",
            "tenant_id",
            "batch_id",
            unique=True,
            sqlite_where=_HOLDING,
            postgresql_where=_HOLDING,
        ),
        tenant_fk("batch_id", "upload_batches"),
        tenant_fk("device_id", "devices"),
    )


class BulkRun(TenantScoped, Base):
    """まとめて出品: what was selected in 出品待ち together. OPEN while it is prepared; `staff_id`: who pressed 【出品】, at the PC
    with the login `login_id`. `is_cut`: there were more than one run may hold.
    """

    __tablename__ = "bulk_runs"
    state: Mapped[BulkState] = mapped_column(default=BulkState.OPEN)
    item_count: Mapped[int]
    is_cut: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(sa.String(120))
    staff_id: Mapped[int | None]
    login_id: Mapped[int | None]
    pressed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(sa.String(500))
    __table_args__ = tenant_args(tenant_fk("staff_id", "staff"), tenant_fk("login_id", "login_accounts"))


class BulkRow(TenantScoped, Base):
    """One item of a run. `choices`: by account id that is ticked, the template it got in this run ('' none). `problems`: why it
    stayed, as lists of (account id, field key, label, text); `listing_ids`: what it became.
    """

    __tablename__ = "bulk_rows"
    run_id: Mapped[int]
    position: Mapped[int]
    stock_item_id: Mapped[int]
    choices: Mapped[dict[str, Any]]
    state: Mapped[BulkRowState] = mapped_column(default=BulkRowState.WAITING)
    problems: Mapped[list[Any] | None]
    listing_ids: Mapped[list[Any] | None]
    done_at: Mapped[datetime | None]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "run_id", "position"),
        sa.UniqueConstraint("tenant_id", "run_id", "stock_item_id"),
        sa.Index(None, "tenant_id", "stock_item_id"),
        tenant_fk("run_id", "bulk_runs"),
        tenant_fk("stock_item_id", "stock_items"),
    )


class ObservedListing(TenantScoped, Base):
    """An offer as the marketplace showed it, ours or not; written in bulk by the sync (B1).

    `seen_phase` is the list it was last seen in (selling, closed); `listing_id` None means 未連携.
    `content_hash` covers everything but `last_*`; unchanged rows are not rewritten.
    """

    __tablename__ = "observed_listings"
    account_id: Mapped[int]
    external_id: Mapped[str] = mapped_column(sa.String(60))
    management_number: Mapped[str | None] = mapped_column(sa.String(60))
    title: Mapped[str] = mapped_column(sa.String(500))
    current_price: Mapped[int]
    bid_count: Mapped[int]
    ends_at: Mapped[datetime | None]
    seen_phase: Mapped[str] = mapped_column(sa.String(20))
    result: Mapped[str | None] = mapped_column(sa.String(60))
    content_hash: Mapped[int]
    listing_id: Mapped[int | None]
    first_run: Mapped[int]
    changed_run: Mapped[int]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "account_id", "external_id"),
        sa.Index(None, "tenant_id", "listing_id"),
        tenant_fk("account_id", "marketplace_accounts"),
        tenant_fk("listing_id", "listings"),
    )


class ListingSeen(TenantOwned, Base):
    """The narrow side table of rule 7: which run saw an offer last, per list. (run, seq) orders observations.

    It is nothing but its key and two numbers: without rowid SQLite writes one tree for a row, not three (B1).
    """

    __tablename__ = "listing_seen"
    tenant_id: Mapped[int] = mapped_column(primary_key=True, default=require_tenant)
    account_id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    run_number: Mapped[int]
    seq: Mapped[int]
    __table_args__ = (
        tenant_fk("account_id", "marketplace_accounts"),
        {"sqlite_with_rowid": False, "postgresql_with": {"fillfactor": 50}},
    )
