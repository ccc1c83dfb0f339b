"""Reads for 出品待ち, 出品リスト and 生成済みリスト."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts.models import MarketplaceAccount
from recore.identity.models import Staff
from recore.listings.models import (
    ApiOffer,
    DirectUpload,
    Listing,
    ListingDraft,
    ListingEvent,
    ListingExternalId,
    ObservedListing,
    UploadBatch,
)
from recore.listings.on_pcs import OnPc, on_pcs
from recore.listings.rules import OPEN_STATES, SENT_STATES, BatchState, ListingState
from recore.photos.models import Photo
from recore.platform.errors import NotFound
from recore.platform.paging import AnyRow, AnySelect, Page, like_all_words, newest_first
from recore.platform.text_ja import fold
from recore.stock.models import Reservation, StockItem
from recore.stock.rules import ReservationKind, ReservationState, SalesRoute


def units_to_offer() -> sa.ColumnElement[int]:
    """on hand − units sold to orders − units that open listings offer (the account that offers most); per StockItem row.

    Bids do not count: they are inside an open listing.
    """
    sold = (
        sa.select(sa.func.coalesce(sa.func.sum(Reservation.quantity), 0))
        .where(
            Reservation.tenant_id == StockItem.tenant_id,
            Reservation.stock_item_id == StockItem.id,
            Reservation.kind == ReservationKind.ORDER,
            Reservation.state == ReservationState.HELD,
        )
        .scalar_subquery()
    )
    per_account = (
        sa.select(sa.func.sum(Listing.quantity - Listing.sold_quantity).label("units"))
        .where(
            Listing.tenant_id == StockItem.tenant_id,
            Listing.stock_item_id == StockItem.id,
            Listing.state.in_(OPEN_STATES),
        )
        .group_by(
            Listing.account_id + 0
        )  # an expression, or SQLite walks all listings in an index by account
        .order_by(sa.desc("units"))
        .limit(1)
        .correlate(StockItem)
        .scalar_subquery()
    )
    units = StockItem.on_hand - sold - sa.func.coalesce(per_account, 0)
    return sa.cast(units, sa.BigInteger)  # PostgreSQL's sum is a numeric, which is no number of a form


def waiting_count(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count(StockItem.id)).where(*is_waiting())) or 0


def is_waiting() -> tuple[sa.ColumnElement[bool], ...]:
    """出品待ち (R7): a StockItem row for EC with units that no open listing offers."""
    return (StockItem.sales_route != SalesRoute.STORE_ONLY, StockItem.on_hand > 0, units_to_offer() > 0)


def first_photos(session: Session, stock_item_ids: Sequence[int]) -> dict[int, AnyRow]:
    """stock item id → its first photo, as (id, sha256)."""
    rows = session.execute(
        sa.select(Photo.stock_item_id, Photo.id, Photo.sha256)
        .where(Photo.stock_item_id.in_(stock_item_ids), Photo.deleted_at.is_(None))
        .order_by(Photo.position.desc(), Photo.id.desc())
    ).all()
    return {row.stock_item_id: row for row in rows}


def last_refusals(session: Session, stock_item_ids: Sequence[int]) -> dict[int, str]:
    """stock item id → why its last attempt came back (出品エラー, 終了, 取り下げ), where it did."""
    closed = (ListingState.FAILED, ListingState.ENDED, ListingState.WITHDRAWN)
    rows = session.execute(
        sa.select(Listing.stock_item_id, Listing.state, Listing.reason)
        .where(Listing.stock_item_id.in_(stock_item_ids), Listing.state.in_(closed))
        .order_by(Listing.id)
    ).all()
    return {
        row.stock_item_id: f"前回：{row.state.label}{f'（{row.reason}）' if row.reason else ''}"
        for row in rows
    }


def open_listings_of(session: Session, stock_item_id: int) -> Sequence[AnyRow]:
    """(id, state, account_name) of where the item is offered, or about to be."""
    statement = (
        sa.select(Listing.id, Listing.state, MarketplaceAccount.name.label("account_name"))
        .join(MarketplaceAccount, MarketplaceAccount.id == Listing.account_id)
        .where(Listing.stock_item_id == stock_item_id, Listing.state.in_(OPEN_STATES))
        .order_by(Listing.id)
    )
    return session.execute(statement).all()


def drafts_of(session: Session, stock_item_ids: Sequence[int]) -> Sequence[ListingDraft]:
    statement = sa.select(ListingDraft).where(ListingDraft.stock_item_id.in_(stock_item_ids))
    return session.scalars(statement.order_by(ListingDraft.id)).all()


ROW = (
    Listing.id, Listing.stock_item_id, Listing.management_number, Listing.state, Listing.state_at, Listing.title,
    Listing.quantity, Listing.sold_quantity, Listing.reason, Listing.queued_at, Listing.sent_at, Listing.batch_id,
    Listing.account_id, MarketplaceAccount.name.label("account_name"), StockItem.it_code,
    Staff.name.label("staff_name"),
)  # fmt: skip


def _rows() -> AnySelect:
    return (
        sa.select(*ROW)
        .join(MarketplaceAccount, MarketplaceAccount.id == Listing.account_id)
        .join(StockItem, StockItem.id == Listing.stock_item_id)
        .join(Staff, Staff.id == Listing.staff_id)
    )


def listings(
    session: Session, *, state: ListingState | None = None, text: str = "", before: int | None = None
) -> Page[Any]:
    """出品リスト: newest first."""
    statement = _rows().where(*like_all_words(Listing.search_text, fold(text)))
    if state is not None:
        statement = statement.where(Listing.state == state)
    return newest_first(session, statement, Listing.id, before=before)


def listing(session: Session, listing_id: int) -> AnyRow:
    """Raises NotFound."""
    row = session.execute(_rows().where(Listing.id == listing_id)).one_or_none()
    if row is None:
        raise NotFound(
            "NO_SUCH_LISTING", "この出品は見つかりません。", remedy="出品リストから選び直してください。"
        )
    return row


def is_by_api() -> sa.Exists:
    """Whether the server itself offers the Listing row, without a file."""
    return sa.exists().where(ApiOffer.tenant_id == Listing.tenant_id, ApiOffer.listing_id == Listing.id)


def state_counts(session: Session) -> dict[ListingState, int]:
    rows = session.execute(sa.select(Listing.state, sa.func.count(Listing.id)).group_by(Listing.state)).all()
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class NotSent:
    """What clerks forget (R12): listed but no file made yet; file made but never downloaded; left half-way on a PC."""

    without_file: int
    not_downloaded: int
    stopped: list[OnPc]

    @property
    def stopped_items(self) -> int:
        return sum(each.items for each in self.stopped)


def not_yet_sent(session: Session) -> NotSent:
    held = on_pcs(session)
    queued = session.scalar(
        sa.select(sa.func.count(Listing.id)).where(Listing.state == ListingState.QUEUED, ~is_by_api())
    )
    unsent = session.scalar(
        sa.select(sa.func.count(Listing.id)).where(
            Listing.state == ListingState.PROCESSING, Listing.sent_at.is_(None), ~is_by_api()
        )
    )
    stopped = [each for each in held.values() if each.is_stopped and each.items]
    on_their_way = sum(each.items for each in held.values() if each.free_at is not None)
    return NotSent(queued or 0, (unsent or 0) - on_their_way, stopped)


def events(session: Session, listing_id: int) -> Sequence[AnyRow]:
    statement = sa.select(
        ListingEvent.source,
        ListingEvent.target,
        ListingEvent.cause,
        ListingEvent.actor_label,
        ListingEvent.at,
    ).where(ListingEvent.listing_id == listing_id)
    return session.execute(statement.order_by(ListingEvent.id.desc())).all()


def observed(session: Session, listing_id: int) -> Sequence[AnyRow]:
    """What the marketplace shows under the listing's ids."""
    statement = (
        sa.select(
            ListingExternalId.external_id, ObservedListing.title, ObservedListing.current_price,
            ObservedListing.bid_count, ObservedListing.ends_at, ObservedListing.seen_phase, ObservedListing.result,
        )
        .outerjoin(
            ObservedListing,
            sa.and_(
                ObservedListing.account_id == ListingExternalId.account_id,
                ObservedListing.external_id == ListingExternalId.external_id,
            ),
        )
        .where(ListingExternalId.listing_id == listing_id)
        .order_by(ListingExternalId.id.desc())
    )  # fmt: skip
    return session.execute(statement).all()


def _is_sent_directly() -> sa.Exists:
    """Whether the extension has sent the UploadBatch row through the store's own form."""
    return sa.exists().where(
        DirectUpload.tenant_id == UploadBatch.tenant_id,
        DirectUpload.batch_id == UploadBatch.id,
        DirectUpload.state.in_(SENT_STATES),
    )


def batches(session: Session, account_id: int | None = None, *, before: int | None = None) -> Page[Any]:
    """生成済みリスト, newest first, with what became of the items. `is_given_up`: it was made and never sent."""

    def count(*states: ListingState) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((Listing.state.in_(states), 1), else_=0)), 0)

    statement = (
        sa.select(
            UploadBatch.id, UploadBatch.account_id, UploadBatch.state, UploadBatch.file_name, UploadBatch.item_count,
            UploadBatch.done_count, UploadBatch.size_bytes, UploadBatch.blob_sha256, UploadBatch.created_by,
            UploadBatch.created_at, UploadBatch.last_downloaded_at, UploadBatch.error,
            MarketplaceAccount.name.label("account_name"),
            count(ListingState.ACTIVE, ListingState.SOLD_OUT, ListingState.ENDED).label("listed"),
            count(ListingState.PROCESSING).label("processing"),
            count(ListingState.FAILED, ListingState.WITHDRAWN).label("failed"),
            count(ListingState.NEEDS_REVIEW).label("review"),
            _is_sent_directly().label("is_sent_directly"),
            sa.and_(UploadBatch.state == BatchState.FAILED, UploadBatch.blob_sha256.is_not(None)).label("is_given_up"),
        )
        .join(MarketplaceAccount, MarketplaceAccount.id == UploadBatch.account_id)
        .outerjoin(Listing, Listing.batch_id == UploadBatch.id)
        .group_by(UploadBatch.id, MarketplaceAccount.name)
    )  # fmt: skip
    if account_id is not None:
        statement = statement.where(UploadBatch.account_id == account_id)
    return newest_first(session, statement, UploadBatch.id, before=before)


SELLING = "selling"  # ObservedListing.seen_phase of what is on sale


@dataclass(frozen=True)
class Endable:
    """A listing with its one auction that sells, without bids, and holds no units."""

    listing_id: int
    account_id: int
    external_id: str
    management_number: str


def endable(session: Session, listing_id: int) -> Endable | None:
    """The auction of a listing that may be ended early, as far as it is known here."""
    return next(iter(_endable(session, Listing.id == listing_id)), None)


def without_stock(session: Session, stock_item_ids: Iterable[int] | None = None) -> list[Endable]:
    """Auctions that offer what is gone: nobody bids, nothing is held for them, and nothing is left to hold (R27)."""
    chosen = [] if stock_item_ids is None else [Listing.stock_item_id.in_(sorted(set(stock_item_ids)))]
    return _endable(session, StockItem.available <= 0, *chosen)


def _endable(session: Session, *conditions: sa.ColumnElement[bool]) -> list[Endable]:
    is_held = sa.exists().where(
        Reservation.tenant_id == Listing.tenant_id,
        Reservation.kind == ReservationKind.BID,
        Reservation.source_id == Listing.id,
        Reservation.state == ReservationState.HELD,
    )
    rows = session.execute(
        sa.select(
            Listing.id,
            Listing.account_id,
            sa.func.min(ObservedListing.external_id),
            Listing.management_number,
        )
        .join(
            ObservedListing,
            sa.and_(
                ObservedListing.account_id == Listing.account_id, ObservedListing.listing_id == Listing.id
            ),
        )
        .join(StockItem, StockItem.id == Listing.stock_item_id)
        .join(MarketplaceAccount, MarketplaceAccount.id == Listing.account_id)
        .where(
            Listing.state == ListingState.ACTIVE,
            MarketplaceAccount.is_enabled,
            ObservedListing.seen_phase == SELLING,
            ~is_held,
            *conditions,
        )
        .group_by(Listing.id, Listing.account_id, Listing.management_number)
        .having(sa.func.count(ObservedListing.id) == 1, sa.func.sum(ObservedListing.bid_count) == 0)
        .order_by(Listing.id)
    )
    return [Endable(*row) for row in rows]
