"""直接出品 (R16): the extension sends a file through the store's own form, at most once whatever breaks in between.

    claim → begin_sending (committed before the one click) → conclude
What SENDING began may be on the marketplace: nobody sends that file again. Its listings become 出品中 when a sync sees them,
出品エラー where the marketplace refused them, and 要確認 when neither happens in time (sync/overdue.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts import permits
from recore.accounts.contact import note_push
from recore.accounts.queries import enabled_account
from recore.listings import batches
from recore.listings.models import DirectUpload, Listing, UploadBatch, UploadBatchItem
from recore.listings.rules import UPLOAD_LEASE, UPLOAD_MACHINE, BatchState, ListingState, UploadState
from recore.listings.service import move, move_all
from recore.platform.audit import record
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, NotFound
from recore.platform.paging import AnyRow

KINDS = {
    "accepted": UploadState.ACCEPTED,
    "refused": UploadState.REFUSED,
    "not_taken": UploadState.NOT_TAKEN,
    "unknown": UploadState.UNKNOWN,
}


def claim(uow: UnitOfWork, batch_id: int) -> DirectUpload:
    """This PC alone may send the file, for as long as the lease lasts; its own claim is renewed.

    Raises NotFound, DeniedHere, Conflict NOT_READY, ACCOUNT_DISABLED, ALREADY_SENT, UPLOAD_RUNNING, PARTLY_LISTED.
    """
    batch = _sendable(uow, batch_id)
    permits.require(uow, "ec.list", batch.account_id)
    own = _renewed(uow, batch_id)
    if own is not None:
        return own
    batches.refuse_while_uploaded(uow, batch)
    _refuse_risks(uow, batch)
    claimed = uow.session.execute(
        upsert(uow.session, DirectUpload)
        .values(
            tenant_id=uow.tenant_id, batch_id=batch_id, device_id=uow.actor.id, state=UploadState.CLAIMED,
            lease_until=uow.at + UPLOAD_LEASE, created_at=uow.at,
        )
        .on_conflict_do_nothing()
        .returning(DirectUpload.id)
    ).scalar_one_or_none()  # fmt: skip
    if claimed is None:
        batches.refuse_while_uploaded(uow, batch)
        raise Conflict(
            "UPLOAD_RUNNING", f"「{batch.file_name}」は別のPCが送るところです。", item=batch.file_name
        )
    return get(uow.session, claimed, uow.actor.id)


def _renewed(uow: UnitOfWork, batch_id: int) -> DirectUpload | None:
    upload_id = uow.session.execute(
        sa.update(DirectUpload)
        .where(
            DirectUpload.batch_id == batch_id,
            DirectUpload.device_id == uow.actor.id,
            DirectUpload.state == UploadState.CLAIMED,
        )
        .values(lease_until=uow.at + UPLOAD_LEASE)
        .returning(DirectUpload.id),
        execution_options={"synchronize_session": False},
    ).scalar_one_or_none()
    return None if upload_id is None else get(uow.session, upload_id, uow.actor.id)


def _sendable(uow: UnitOfWork, batch_id: int) -> UploadBatch:
    """The file, locked: nobody else claims, downloads or gives it up meanwhile. Raises as `claim` does."""
    batch = batches.get_batch(uow.session, batch_id, lock=True)
    enabled_account(uow.session, batch.account_id)
    if batch.state is not BatchState.READY:
        raise Conflict(
            "NOT_READY", f"出品ファイル「{batch.file_name}」は送れません。", item=batch.file_name, remedy=batch.error or "",
        )  # fmt: skip
    if batch.last_downloaded_at is not None:
        raise batches.already_sent(batch)
    return batch


def _refuse_risks(uow: UnitOfWork, batch: UploadBatch) -> None:
    """Only what is 出品処理中, is there, and is offered nowhere else may go out."""
    left_out = [vars(each) for each in batches.risks_of_whole(uow.session, batch.id)]
    named = {each["listing_id"] for each in left_out}
    left_out += [
        {"listing_id": row.id, "management_number": row.management_number, "title": row.title, "reason": row.state.label}
        for row in items(uow.session, batch.id)
        if row.state is not ListingState.PROCESSING and row.id not in named
    ]  # fmt: skip
    if left_out:
        raise Conflict(
            "PARTLY_LISTED", f"「{batch.file_name}」の商品のうち{len(left_out)}点は、もう送れません。", item=batch.file_name,
            remedy="この直接出品を取りやめ、もう一度【直接出品を実行】を押してください。残りの商品だけが送られます。",
            extra={"left_out": left_out},
        )  # fmt: skip


def begin_sending(uow: UnitOfWork, upload_id: int, nonce: str) -> DirectUpload:
    """From here on the file may be on the marketplace. The same `nonce` again, soon, is the same click, which has not
    happened yet. Raises NotFound, Conflict PARTLY_LISTED (an item was sold, or given up, meanwhile), NOT_READY,
    ACCOUNT_DISABLED, ALREADY_SENT.
    """
    upload = get(uow.session, upload_id, uow.actor.id)
    batch = _sendable(uow, upload.batch_id)
    _refuse_risks(uow, batch)
    upload = get(uow.session, upload_id, uow.actor.id)
    is_same = upload.state is UploadState.SENDING and upload.nonce == nonce
    if is_same and upload.sent_at is not None and upload.sent_at > uow.at - UPLOAD_LEASE:
        return upload
    if not _advance(uow, upload_id, UploadState.SENDING, nonce=nonce, sent_at=uow.at):
        raise Conflict(
            "ALREADY_SENT", f"「{batch.file_name}」は、もう送られたか、別のPCに引き継がれました。", item=batch.file_name,
            remedy="【同期開始】で結果を確かめてください。",
        )  # fmt: skip
    batches.note_sent(uow, batch.id)
    record(uow, "batch.send", "batch", batch.id, batch.file_name)
    return get(uow.session, upload_id, uow.actor.id)


def conclude(
    uow: UnitOfWork, upload_id: int, kind: str, message: str, refused: Sequence[Mapping[str, Any]]
) -> DirectUpload:
    """What the store's page answered: `accepted` (but for the `refused` rows), `refused` (all of it), `not_taken` (the page
    did not even look at the file: it may be sent again), `unknown` (no answer, or 通信エラー). A repeat is a no-op. Of a file
    that was refused for some of its rows the others wait again.

    `refused` = [{position, reason}], positions in the file counted from 1.
    """
    upload = get(uow.session, upload_id, uow.actor.id)
    if not _advance(uow, upload_id, KINDS[kind], message=message[:1000] or None, finished_at=uow.at):
        return upload
    if kind == "accepted":
        note_push(uow, batches.get_batch(uow.session, upload.batch_id).account_id)
    if kind in ("accepted", "refused"):
        _refuse_rows(uow, upload.batch_id, refused)
    if kind == "refused" and refused:
        batches.put_back(uow, upload.batch_id, "ほかの商品のためにファイルが断られた")
    elif kind == "refused":
        reason = message or "ファイルが受け付けられませんでした。"
        source, target = ListingState.PROCESSING, ListingState.FAILED
        move_all(uow, _in_file(uow, upload.batch_id), source, target, "ファイルが断られた", reason)
    return get(uow.session, upload_id, uow.actor.id)


def _refuse_rows(uow: UnitOfWork, batch_id: int, refused: Sequence[Mapping[str, Any]]) -> None:
    reasons: dict[int, list[str]] = {}
    for each in refused:
        reasons.setdefault(each["position"], []).append(each["reason"])
    rows = uow.session.execute(
        sa.select(Listing.id, UploadBatchItem.position)
        .join(UploadBatchItem, UploadBatchItem.listing_id == Listing.id)
        .where(
            UploadBatchItem.batch_id == batch_id,
            UploadBatchItem.position.in_(sorted(reasons)),
            Listing.state == ListingState.PROCESSING,
        )
        .order_by(Listing.id)
    ).all()
    for row in rows:
        reason = "、".join(reasons[row.position])[:1000]
        move(uow, row.id, ListingState.FAILED, "マーケットプレイスが断った", reason=reason)


def cancel(uow: UnitOfWork, upload_id: int) -> DirectUpload:
    """Give the file up before it was sent: its listings wait again. A repeat is a no-op.

    Raises NotFound, Conflict UPLOAD_RUNNING when it was sent, or another PC has claimed it since.
    """
    upload = get(uow.session, upload_id, uow.actor.id)
    _advance(uow, upload_id, UploadState.ABANDONED, finished_at=uow.at)
    batches.give_back(uow, upload.batch_id)
    return get(uow.session, upload_id, uow.actor.id)


def _advance(uow: UnitOfWork, upload_id: int, target: UploadState, **values: object) -> bool:
    return uow.execute_one(
        sa.update(DirectUpload)
        .where(
            DirectUpload.id == upload_id,
            DirectUpload.device_id == uow.actor.id,
            DirectUpload.state.in_(UPLOAD_MACHINE.sources_of(target)),
        )
        .values(state=target, **values)
    )


def get(session: Session, upload_id: int, device_id: int | None) -> DirectUpload:
    """The upload of this device as it is now. Raises NotFound."""
    upload = session.scalars(
        sa.select(DirectUpload).where(DirectUpload.id == upload_id, DirectUpload.device_id == device_id),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if upload is None:
        raise NotFound(
            "NO_SUCH_UPLOAD",
            "この直接出品は見つかりません。",
            remedy="もう一度【直接出品を実行】を押してください。",
        )
    return upload


def _in_file(uow: UnitOfWork, batch_id: int) -> Sequence[int]:
    return uow.session.scalars(sa.select(Listing.id).where(Listing.batch_id == batch_id)).all()


def items(session: Session, batch_id: int) -> Sequence[AnyRow]:
    """What became of each item of a file, in its order: (id, position, management_number, title, state, reason)."""
    statement = (
        sa.select(
            Listing.id,
            UploadBatchItem.position,
            Listing.management_number,
            Listing.title,
            Listing.state,
            Listing.reason,
        )
        .join(Listing, Listing.id == UploadBatchItem.listing_id)
        .where(UploadBatchItem.batch_id == batch_id)
        .order_by(UploadBatchItem.position)
    )
    return session.execute(statement).all()
