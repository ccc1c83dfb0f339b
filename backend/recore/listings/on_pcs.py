"""Which PC holds which file for a 直接出品 that has not ended, and what to do when it stopped (R16)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.identity.models import Device
from recore.listings.models import DirectUpload, Listing
from recore.listings.rules import UPLOAD_LEASE, UPLOAD_PATIENCE, ListingState, UploadState
from recore.platform import clock
from recore.platform.clock import to_jst


@dataclass(frozen=True)
class OnPc:
    """A file that one PC is sending by 直接出品, or was when it stopped; `items` of it are 出品処理中.

    `heard_at`: when that PC told something last. `free_at`: from then on others may use the file; None: it may have been
    sent already, so nobody may.
    """

    batch_id: int
    device: str
    since: datetime
    heard_at: datetime
    free_at: datetime | None
    items: int

    @property
    def is_stopped(self) -> bool:
        return self.heard_at < clock.now() - UPLOAD_PATIENCE

    @property
    def is_free(self) -> bool:
        """Whether others may use the file by now."""
        return self.free_at is not None and self.free_at <= clock.now()

    @property
    def advice(self) -> str:
        """What to do about it, for staff."""
        if not self.is_stopped:
            return "終わるまで待ってください。"
        pc = f"「{self.device}」の拡張機能を開き、"
        if self.free_at is None:
            return (
                f"{pc}【続きから実行】を押してください。もう一度送ると二重出品になります。"
                "そのPCが使えないときは、ほかのPCで【同期開始】を押すと、出品されたかどうかを確かめます。"
            )
        ask = f"{pc}【続きから実行】か【取りやめる】を押してください。"
        others = "だれでも、ほかのPCでこのファイルをダウンロードできます。"
        if self.is_free:
            return f"{ask}そのPCが使えないときは、{others}"
        return f"{ask}{to_jst(self.free_at):%H:%M}を過ぎると、{others}"


def on_pcs(session: Session, batch_ids: Collection[int] | None = None) -> dict[int, OnPc]:
    """batch id → the PC that holds it for a 直接出品 that has not ended."""
    items = (
        sa.select(sa.func.count(Listing.id))
        .where(
            Listing.tenant_id == DirectUpload.tenant_id,
            Listing.batch_id == DirectUpload.batch_id,
            Listing.state == ListingState.PROCESSING,
        )
        .scalar_subquery()
    )
    statement = (
        sa.select(DirectUpload, Device.name, items.label("items"))
        .join(Device, Device.id == DirectUpload.device_id)
        .where(DirectUpload.state.in_([UploadState.CLAIMED, UploadState.SENDING]))
    )
    if batch_ids is not None:
        statement = statement.where(DirectUpload.batch_id.in_(batch_ids))
    found = {}
    for upload, device, count in session.execute(statement.order_by(DirectUpload.id)):
        is_sent = upload.state is UploadState.SENDING
        heard_at = upload.sent_at if is_sent else upload.lease_until - UPLOAD_LEASE
        free_at = None if is_sent else upload.lease_until
        found[upload.batch_id] = OnPc(upload.batch_id, device, upload.created_at, heard_at, free_at, count)
    return found
