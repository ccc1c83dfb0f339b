"""出品処理中 that never appeared on the marketplace (product.md, "Listing states")."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from recore.identity.settings import setting
from recore.listings.models import DirectUpload, Listing, UploadBatch
from recore.listings.queries import is_by_api
from recore.listings.rules import SENT_STATES, ListingState
from recore.listings.service import move_all
from recore.platform.db import UnitOfWork
from recore.sync.models import SyncRun
from recore.sync.rules import RunState

COMPLETE_RUNS = 2
UNSYNCED_WAIT = timedelta(days=1)


def doubt_unseen(uow: UnitOfWork) -> int:
    """PROCESSING → NEEDS_REVIEW for what was sent, had its time, and two complete syncs did not see. How many. What the server
    itself offers has a deadline of its own (listings/offer_rules.py).

    A file that was made but never downloaded starts its clock when it was made: nothing stays in 出品処理中 for ever.
    Where nobody synchronises at all, twice the settle time is enough, but a day at least.
    """
    wait = timedelta(hours=setting(uow.session, "settle.download_hours"))
    direct_wait = timedelta(minutes=setting(uow.session, "settle.direct_minutes"))
    started = sa.func.coalesce(Listing.sent_at, UploadBatch.ready_at, Listing.state_at)
    is_direct = sa.exists().where(
        DirectUpload.tenant_id == Listing.tenant_id,
        DirectUpload.batch_id == Listing.batch_id,
        DirectUpload.state.in_(SENT_STATES),
    )
    is_due = sa.or_(started <= uow.at - wait, sa.and_(is_direct, started <= uow.at - direct_wait))
    rows = uow.session.execute(
        sa.select(
            Listing.id, Listing.account_id, Listing.sent_at, started.label("started"), is_direct.label("is_direct")
        )
        .outerjoin(UploadBatch, UploadBatch.id == Listing.batch_id)
        .where(Listing.state == ListingState.PROCESSING, is_due, ~is_by_api())
        .order_by(Listing.id)
        .limit(500)
    ).all()  # fmt: skip
    moved = 0
    for row in rows:
        runs = uow.session.scalar(
            sa.select(sa.func.count(SyncRun.id)).where(
                SyncRun.account_id == row.account_id,
                SyncRun.state == RunState.COMPLETE,
                SyncRun.started_at > row.started,
            )
        )
        if (runs or 0) < COMPLETE_RUNS and row.started > uow.at - max(2 * wait, UNSYNCED_WAIT):
            continue
        reason = (
            "直接出品で送りましたが、ヤフオク!の一覧に見つかりません。"
            if row.is_direct
            else "ファイルをダウンロードしてから時間がたちましたが、ヤフオク!の一覧に見つかりません。"
            if row.sent_at
            else "出品ファイルがダウンロードもアップロードもされないまま、時間がたちました。"
        )
        moved += len(
            move_all(
                uow,
                [row.id],
                ListingState.PROCESSING,
                ListingState.NEEDS_REVIEW,
                "時間内に出品が確認できない",
                reason,
            )
        )
    return moved
