"""生成済みリスト (R15): which listings go into which file, when a file is ready, and what a download means.

    claimed (QUEUED, batch_id set) → the job packs the zip → READY and its listings 出品処理中, in one commit
The settle clock of 要確認 starts when the file is made and again at every download.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts import permits
from recore.accounts.models import MarketplaceAccount
from recore.accounts.queries import account as account_by_id
from recore.accounts.queries import enabled_account
from recore.channels.base import Channel, FileItem, FilePhoto, store_tool
from recore.identity.models import Device
from recore.identity.settings import setting
from recore.listings.models import DirectUpload, Listing, UploadBatch, UploadBatchItem
from recore.listings.on_pcs import on_pcs
from recore.listings.queries import units_to_offer
from recore.listings.rules import (
    HOLDING_STATES,
    OPEN_STATES,
    BatchState,
    ListingState,
    UploadState,
    split_into_parts,
)
from recore.listings.service import move, move_all
from recore.photos.imaging import copy_spec
from recore.photos.models import DerivedPhoto, Photo
from recore.platform.audit import record
from recore.platform.blobs import BlobStore
from recore.platform.clock import to_jst
from recore.platform.db import UnitOfWork
from recore.platform.errors import Conflict, NotFound
from recore.platform.jobs import enqueue
from recore.platform.numbering import next_number
from recore.stock.models import StockItem

BUILD = "listings.build_batch"
MEGABYTE = 1024 * 1024
PHOTO_ESTIMATE = 400_000  # bytes of a copy that is not made yet, for splitting only
UNSEEN_STATES = (ListingState.NEEDS_REVIEW, ListingState.WITHDRAWN, ListingState.FAILED)
RISKY_STATES = {
    ListingState.ACTIVE: "すでに出品中です。",
    ListingState.SOLD_OUT: "すでに売れています。",
    ListingState.ENDED: "一度出品して終了しています。",
    ListingState.FAILED: "出品エラーになりました。",
    ListingState.WITHDRAWN: "取り下げ済みです。",
}


@dataclass(frozen=True)
class LeftOut:
    listing_id: int
    management_number: str
    title: str
    reason: str


@dataclass(frozen=True)
class Made:
    batch_ids: list[int]
    left_out: list[LeftOut]


def create_batches(
    uow: UnitOfWork, channels: Mapping[str, Channel], account_id: int, *, rest_of: int | None = None
) -> Made:
    """Claim the account's QUEUED listings (or those of the items of batch `rest_of`) for new files and queue the packing.

    Without anything to claim there are no batches: what was withdrawn stays so, the caller commits and then raises
    `nothing_to_do`. Raises NotFound, DeniedHere, Conflict ACCOUNT_DISABLED, NO_STORE_TOOL.
    """
    account = enabled_account(uow.session, account_id)
    permits.require(uow, "ec.list", account.id)
    tool = store_tool(channels[account.channel])
    left_out = _withdraw_sold_out(uow, account.id)
    claimed = _claim(uow, account, rest_of)
    left_out += _left_out(uow, rest_of) if rest_of is not None else []
    if not claimed:
        return Made([], left_out)
    sizes = _sizes(uow, tool.photo_spec, claimed)
    parts = split_into_parts(
        sizes,
        max_rows=setting(uow.session, "yahoo.rows_per_file"),
        max_bytes=setting(uow.session, "yahoo.megabytes_per_file") * MEGABYTE,
    )
    number = next_number(uow, "upload_batch")
    names = [tool.file_name(to_jst(uow.at), number, part) for part in range(1, len(parts) + 1)]
    batch_ids = [
        _new_batch(uow, account.id, name, [claimed[at] for at in part])
        for name, part in zip(names, parts, strict=True)
    ]
    record(
        uow,
        "batch.create",
        "account",
        account.id,
        account.name,
        after={"batches": batch_ids, "items": len(claimed)},
    )
    return Made(batch_ids, left_out)


def nothing_to_do(left_out: Sequence[Mapping[str, Any]]) -> Conflict:
    """The answer to a request for a file that would be empty; `left_out` (as dicts of LeftOut) says why."""
    return Conflict(
        "NOTHING_TO_DO", "ファイルにする出品がありません。",
        remedy="出品待ちで商品を選び、【出品】を押してから、もう一度ダウンロードしてください。",
        extra={"left_out": list(left_out)},
    )  # fmt: skip


def _withdraw_sold_out(uow: UnitOfWork, account_id: int) -> list[LeftOut]:
    """Never send what is no longer there: where more is offered than there is, what was not sent yet is taken back,
    newest first. The stock rows are locked, in order.
    """
    waiting = (
        Listing.account_id == account_id,
        Listing.state == ListingState.QUEUED,
        Listing.batch_id.is_(None),
    )
    short = sa.select(StockItem.id).where(units_to_offer() < 0, sa.exists().where(*waiting, *_is_of_item()))
    reason = "在庫がなくなったため、送る前に取り下げました。"
    left_out = []
    for item_id in uow.session.scalars(short.order_by(StockItem.id).with_for_update()).all():
        rows = uow.session.execute(
            sa.select(Listing.id, Listing.management_number, Listing.title)
            .where(*waiting, Listing.stock_item_id == item_id)
            .order_by(Listing.id.desc())
        ).all()
        for row in rows:
            left = uow.session.scalars(sa.select(units_to_offer()).where(StockItem.id == item_id)).one()
            if left < 0:
                move(uow, row.id, ListingState.WITHDRAWN, "在庫がない", reason=reason)
                left_out.append(LeftOut(row.id, row.management_number, row.title, reason))
    return left_out


def _is_of_item() -> tuple[sa.ColumnElement[bool], ...]:
    return Listing.tenant_id == StockItem.tenant_id, Listing.stock_item_id == StockItem.id


def _claim(uow: UnitOfWork, account: MarketplaceAccount, rest_of: int | None) -> list[Listing]:
    """QUEUED listings without a file, oldest first, locked; two PCs at once cannot take the same one."""
    statement = sa.select(Listing).where(
        Listing.account_id == account.id, Listing.state == ListingState.QUEUED, Listing.batch_id.is_(None)
    )
    if rest_of is not None:
        in_old_file = (
            sa.select(Listing.stock_item_id)
            .join(UploadBatchItem, UploadBatchItem.listing_id == Listing.id)
            .where(UploadBatchItem.batch_id == rest_of, UploadBatchItem.tenant_id == uow.tenant_id)
        )
        statement = statement.where(Listing.stock_item_id.in_(in_old_file))
    return list(uow.session.scalars(statement.order_by(Listing.id).with_for_update(skip_locked=True)))


def _left_out(uow: UnitOfWork, batch_id: int) -> list[LeftOut]:
    """The items of the old file that a new one does not hold, each with the reason."""
    reasons = {
        ListingState.PROCESSING: "出品処理中です。同期で結果が分かるまで待ってください。",
        ListingState.NEEDS_REVIEW: "要確認です。出品リストで、出品されているか確認してください。",
        ListingState.FAILED: "出品エラーです。出品待ちで直して、もう一度【出品】してください。",
        ListingState.WITHDRAWN: "取り下げ済みです。売るときは出品待ちで【出品】してください。",
    }
    rows = uow.session.execute(
        sa.select(Listing.id, Listing.management_number, Listing.title, Listing.state)
        .join(UploadBatchItem, UploadBatchItem.listing_id == Listing.id)
        .where(UploadBatchItem.batch_id == batch_id, Listing.state.in_(list(reasons)), ~_queued_again())
        .order_by(UploadBatchItem.position)
    ).all()
    return [LeftOut(row.id, row.management_number, row.title, reasons[row.state]) for row in rows]


def _queued_again() -> sa.Exists:
    """Whether a newer attempt of the Listing row's item is open on its account."""
    newer = sa.orm.aliased(Listing)
    return sa.exists().where(
        newer.tenant_id == Listing.tenant_id,
        newer.stock_item_id == Listing.stock_item_id,
        newer.account_id == Listing.account_id,
        newer.id > Listing.id,
        newer.state.in_(OPEN_STATES),
    )


def _sizes(uow: UnitOfWork, photo_spec: str, listings: Sequence[Listing]) -> list[int]:
    """About the bytes that each listing adds to a file; a copy that is not made yet is estimated."""
    ids = [photo_id for listing in listings for photo_id in listing.photo_ids]
    known: dict[int, int] = {}
    for start in range(0, len(ids), 500):
        rows = uow.session.execute(
            sa.select(DerivedPhoto.photo_id, DerivedPhoto.size_bytes).where(
                DerivedPhoto.photo_id.in_(ids[start : start + 500]),
                DerivedPhoto.spec == copy_spec(photo_spec).key,
            )
        )
        known |= {row.photo_id: row.size_bytes for row in rows}
    return [
        sum(known.get(photo_id, PHOTO_ESTIMATE) for photo_id in listing.photo_ids)
        + 2 * len(str(listing.fields))
        for listing in listings
    ]


def _new_batch(uow: UnitOfWork, account_id: int, name: str, listings: list[Listing]) -> int:
    batch = UploadBatch(
        account_id=account_id,
        state=BatchState.BUILDING,
        file_name=name,
        item_count=len(listings),
        created_by=uow.actor.label,
        created_at=uow.at,
    )
    uow.session.add(batch)
    uow.session.flush()
    for position, listing in enumerate(listings, 1):
        listing.batch_id = batch.id
        uow.session.add(UploadBatchItem(batch_id=batch.id, listing_id=listing.id, position=position))
    uow.session.flush()
    enqueue(uow, BUILD, {"batch_id": batch.id}, dedupe_key=str(batch.id))
    return batch.id


def finish_batch(uow: UnitOfWork, batch_id: int, sha256: str, size_bytes: int) -> None:
    """The zip is stored: READY, and every listing 出品処理中, in this commit. A repeat is a no-op."""
    ready = uow.execute_one(
        sa.update(UploadBatch)
        .where(UploadBatch.id == batch_id, UploadBatch.state == BatchState.BUILDING)
        .values(
            state=BatchState.READY, blob_sha256=sha256, size_bytes=size_bytes, ready_at=uow.at,
            done_count=UploadBatch.item_count,
        )
    )  # fmt: skip
    if not ready:
        return
    claimed = uow.session.scalars(sa.select(Listing.id).where(Listing.batch_id == batch_id)).all()
    move_all(uow, claimed, ListingState.QUEUED, ListingState.PROCESSING, "出品ファイルを作成")


def fail_batch(uow: UnitOfWork, batch_id: int, reason: str) -> None:
    """The zip cannot be made: FAILED with the reason, and its listings wait again without a file."""
    failed = uow.execute_one(
        sa.update(UploadBatch)
        .where(UploadBatch.id == batch_id, UploadBatch.state == BatchState.BUILDING)
        .values(state=BatchState.FAILED, error=reason[:1000])
    )
    if failed:
        uow.session.execute(
            sa.update(Listing)
            .where(Listing.batch_id == batch_id, Listing.state == ListingState.QUEUED)
            .values(batch_id=None),
            execution_options={"synchronize_session": False},
        )


def record_download(uow: UnitOfWork, batch_id: int, *, confirm_whole: bool) -> UploadBatch:
    """Note that the file leaves for the marketplace: its listings count as sent now, also those that were given up,
    so that they are known again when they appear.

    Raises NotFound, Conflict NOT_READY, PARTLY_LISTED (uploading the whole file would offer something twice, or what is
    not there; its `left_out` names the items) unless `confirm_whole`.
    """
    batch = get_batch(uow.session, batch_id, lock=True)
    if batch.state is not BatchState.READY:
        raise _not_ready(batch)
    refuse_while_uploaded(uow, batch)
    risks = [] if confirm_whole else risks_of_whole(uow.session, batch_id)
    if risks:
        raise Conflict(
            "PARTLY_LISTED", f"「{batch.file_name}」の商品のうち{len(risks)}点は、もう一度アップロードできません。", item=batch.file_name,
            remedy="残りの商品だけのファイルを作ってください。全部をもう一度アップロードすると二重出品になります。",
            extra={"left_out": [vars(each) for each in risks]},
        )  # fmt: skip
    batch.last_downloaded_at = uow.at
    uow.session.flush()
    note_sent(uow, batch_id)
    record(uow, "batch.download", "batch", batch.id, batch.file_name)
    return batch


def _not_ready(batch: UploadBatch) -> Conflict:
    return Conflict(
        "NOT_READY", f"出品ファイル「{batch.file_name}」はまだできていません。", item=batch.file_name,
        remedy="作成が終わるまで待ってください。",
    )  # fmt: skip


def note_sent(uow: UnitOfWork, batch_id: int) -> None:
    """The file leaves for the marketplace now. Nobody changes its account meanwhile (accounts.change_account)."""
    account_of = sa.select(UploadBatch.account_id).where(UploadBatch.id == batch_id)
    account_by_id(uow.session, uow.session.scalars(account_of).one(), locked=True)
    uow.session.execute(
        sa.update(Listing)
        .where(Listing.batch_id == batch_id, Listing.state.in_([ListingState.PROCESSING, *UNSEEN_STATES]))
        .values(sent_at=uow.at),
        execution_options={"synchronize_session": False},
    )


def refuse_while_uploaded(uow: UnitOfWork, batch: UploadBatch) -> None:
    """Raise Conflict UPLOAD_RUNNING while a direct upload holds the file; a claim whose lease ran out holds nothing."""
    uow.session.execute(
        sa.update(DirectUpload)
        .where(
            DirectUpload.batch_id == batch.id,
            DirectUpload.state == UploadState.CLAIMED,
            DirectUpload.lease_until <= uow.at,
        )
        .values(state=UploadState.ABANDONED, finished_at=uow.at),
        execution_options={"synchronize_session": False},
    )
    holder = uow.session.execute(
        sa.select(Device.name, DirectUpload.state)
        .join(Device, Device.id == DirectUpload.device_id)
        .where(DirectUpload.batch_id == batch.id, DirectUpload.state.in_(HOLDING_STATES))
    ).one_or_none()
    if holder is not None:
        what = "直接出品の途中です" if holder.state is UploadState.CLAIMED else "直接出品で送られています"
        remedy = "もう一度送ると二重出品になります。【同期開始】で結果を確かめてください。"
        on_pc = on_pcs(uow.session, [batch.id]).get(batch.id)
        if on_pc is not None and on_pc.is_stopped:
            what = f"直接出品の途中で、{to_jst(on_pc.heard_at):%H:%M}から止まっています"
        if on_pc is not None and (on_pc.is_stopped or on_pc.free_at is not None):
            remedy = on_pc.advice
        raise Conflict(
            "UPLOAD_RUNNING", f"「{batch.file_name}」は、「{holder.name}」の{what}。", item=batch.file_name, remedy=remedy,
            extra={"holder": holder.name},
        )  # fmt: skip


def give_back(uow: UnitOfWork, batch_id: int) -> None:
    """The file will not be sent: its listings wait again without a file. A repeat is a no-op.

    Raises NotFound, Conflict NOT_READY, UPLOAD_RUNNING, ALREADY_SENT (it was downloaded: somebody may have uploaded it).
    """
    batch = get_batch(uow.session, batch_id, lock=True)
    if batch.state is BatchState.BUILDING:
        raise _not_ready(batch)
    refuse_while_uploaded(uow, batch)
    given_up = uow.execute_one(
        sa.update(UploadBatch)
        .where(
            UploadBatch.id == batch_id,
            UploadBatch.state == BatchState.READY,
            UploadBatch.last_downloaded_at.is_(None),
        )
        .values(state=BatchState.FAILED, error="送る前に取りやめました。")
    )
    if not given_up:
        if batch.last_downloaded_at is not None:
            raise already_sent(batch)
        return
    put_back(uow, batch_id, "送る前にファイルを取りやめ")
    record(uow, "batch.give_back", "batch", batch.id, batch.file_name)


def put_back(uow: UnitOfWork, batch_id: int, cause: str) -> None:
    """What the file still has in 出品処理中 waits again without a file: nothing of it is on the marketplace."""
    listing_ids = uow.session.scalars(sa.select(Listing.id).where(Listing.batch_id == batch_id)).all()
    back = move_all(uow, listing_ids, ListingState.PROCESSING, ListingState.QUEUED, cause)
    uow.session.execute(
        sa.update(Listing).where(Listing.id.in_(back)).values(batch_id=None, sent_at=None),
        execution_options={"synchronize_session": False},
    )


def already_sent(batch: UploadBatch) -> Conflict:
    return Conflict(
        "ALREADY_SENT", f"「{batch.file_name}」はもうダウンロードされています。", item=batch.file_name,
        remedy="一括アップロードしたかどうかを確かめ、【同期開始】を押してください。",
    )  # fmt: skip


def risks_of_whole(session: Session, batch_id: int) -> list[LeftOut]:
    """The items that uploading the whole file (again) would offer twice or without stock, each with the reason."""
    rows = session.execute(
        sa.select(
            Listing.id, Listing.management_number, Listing.title, Listing.state, _queued_again().label("again"),
            (units_to_offer() < 0).label("is_short"),
        )
        .join(StockItem, StockItem.id == Listing.stock_item_id)
        .where(Listing.batch_id == batch_id)
        .order_by(Listing.id)
    ).all()  # fmt: skip
    risks = []
    for row in rows:
        reason = (
            "もう一度【出品】されています。" if row.again
            else "在庫がありません（ほかで売れました）。" if row.is_short
            else RISKY_STATES.get(row.state)
        )  # fmt: skip
        if reason:
            risks.append(LeftOut(row.id, row.management_number, row.title, reason))
    return risks


def get_batch(session: Session, batch_id: int, *, lock: bool = False) -> UploadBatch:
    """The file as it is now, locked until the end of the transaction if asked. Raises NotFound."""
    statement = sa.select(UploadBatch).where(UploadBatch.id == batch_id)
    batch = session.scalars(
        statement.with_for_update() if lock else statement, execution_options={"populate_existing": True}
    ).one_or_none()
    if batch is None:
        raise NotFound(
            "NO_SUCH_BATCH", "この出品ファイルは見つかりません。", remedy="一覧から選び直してください。"
        )
    return batch


@dataclass(frozen=True)
class Parcel:
    """What the packing job needs of one batch: profile, items, and originals whose copies are still missing."""

    channel: str
    profile: str
    rows: list[tuple[int, dict[str, Any], list[tuple[int, str, str | None, int]]]]


def parcel(session: Session, channels: Mapping[str, Channel], batch_id: int) -> Parcel | None:
    """The batch's rows in order with (photo id, original sha256, copy sha256 or None, copy bytes); None when it is not
    BUILDING any more.
    """
    batch = get_batch(session, batch_id)
    if batch.state is not BatchState.BUILDING:
        return None
    account = session.execute(
        sa.select(MarketplaceAccount.channel, MarketplaceAccount.profile).where(
            MarketplaceAccount.id == batch.account_id
        )
    ).one()
    listings = session.execute(
        sa.select(Listing.id, Listing.fields, Listing.management_number, Listing.photo_ids)
        .join(UploadBatchItem, UploadBatchItem.listing_id == Listing.id)
        .where(UploadBatchItem.batch_id == batch_id, Listing.state == ListingState.QUEUED)
        .order_by(UploadBatchItem.position)
    ).all()
    ids = [photo_id for listing in listings for photo_id in listing.photo_ids]
    spec = copy_spec(store_tool(channels[account.channel]).photo_spec).key
    photos: dict[int, tuple[int, str, str | None, int]] = {}
    for start in range(0, len(ids), 500):
        rows = session.execute(
            sa.select(Photo.id, Photo.sha256, DerivedPhoto.sha256.label("copy"), DerivedPhoto.size_bytes)
            .outerjoin(
                DerivedPhoto,
                sa.and_(DerivedPhoto.photo_id == Photo.id, DerivedPhoto.spec == spec),
            )
            .where(Photo.id.in_(ids[start : start + 500]))
        ).all()
        photos |= {row.id: (row.id, row.sha256, row.copy, row.size_bytes or 0) for row in rows}
    packed = [
        (listing.id, listing.fields | {"management_number": listing.management_number},
         [photos[photo_id] for photo_id in listing.photo_ids if photo_id in photos])
        for listing in listings
    ]  # fmt: skip
    return Parcel(account.channel, account.profile, packed)


def file_items(parcel_: Parcel, blobs: BlobStore, tenant_id: int) -> list[FileItem]:
    """The items to pack; every photo of `parcel_` must have its copy by now."""
    return [
        FileItem(
            values, [FilePhoto(size, partial(_open_copy, blobs, tenant_id, copy)) for _, _, copy, size in photos]
        )
        for _, values, photos in parcel_.rows
    ]  # fmt: skip


def _open_copy(blobs: BlobStore, tenant_id: int, copy: str | None) -> BinaryIO:
    if copy is None:
        raise ValueError("a photo is packed before its copy is made")
    return blobs.open(tenant_id, copy)
