"""この取込を取り消す: the stock that a file became is taken out of the books again where nothing has happened to it (R4).

Here and not in `buyin`, because what is on offer is known here. An IT code that was given stays given; its 取込番号 is free
again, so that the corrected file can be taken in. Products that were registered with it stay.
"""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa

from recore.buyin.models import Purchase, PurchaseLine, PurchaseSeller, PurchaseState
from recore.listings.drafts import lock_item
from recore.listings.models import Listing
from recore.platform import import_undo
from recore.platform.db import UnitOfWork
from recore.platform.errors import Conflict, NotFound
from recore.platform.imports import FileImport
from recore.stock.models import StockItem
from recore.stock.service import take_out_untouched
from recore.wiring import Services

KINDS = ("stock",)


def register(wired: Services) -> None:
    wired.jobs.add(
        import_undo.UNDO,
        partial(import_undo.run, take_out=take_out),
        "買取ファイルの取り込みの取り消し",
        given_up=import_undo.give_up,
    )


def take_out(uow: UnitOfWork, upload: FileImport, it_code: str) -> None:
    """Raises Conflict, which says why the item stays."""
    found = uow.session.execute(
        sa.select(StockItem.id, StockItem.purchase_line_id, PurchaseLine.purchase_id)
        .join(PurchaseLine, PurchaseLine.id == StockItem.purchase_line_id)
        .join(Purchase, Purchase.id == PurchaseLine.purchase_id)
        .where(StockItem.it_code == it_code, Purchase.import_id == upload.id)
    ).one_or_none()
    if found is None:
        raise NotFound("NO_SUCH_ITEM", f"「{it_code}」は見つかりません。")
    lock_item(uow, found.id)  # from here on nobody sells or lists it
    if (
        uow.session.scalar(sa.select(Listing.id).where(Listing.stock_item_id == found.id).limit(1))
        is not None
    ):
        raise Conflict("LISTED", f"「{it_code}」は、出品したことがあるため、残しました。", item=it_code)
    kept = sa.select(PurchaseSeller.id).where(PurchaseSeller.purchase_id == found.purchase_id)
    if uow.session.scalar(kept) is not None:
        raise Conflict(
            "HAS_SELLER", f"「{it_code}」は、売り主が記録されているため、残しました。", item=it_code
        )
    take_out_untouched(uow, found.id, upload.id, f"取り込み「{upload.file_name}」の取り消し")
    uow.execute_one(
        sa.update(PurchaseLine)
        .where(PurchaseLine.id == found.purchase_line_id)
        .values(removed_at=uow.at, import_key=None, import_digest=None)
    )
    is_left = sa.exists().where(
        PurchaseLine.tenant_id == Purchase.tenant_id,
        PurchaseLine.purchase_id == Purchase.id,
        PurchaseLine.removed_at.is_(None),
    )
    uow.execute_one(
        sa.update(Purchase)
        .where(Purchase.id == found.purchase_id, Purchase.state == PurchaseState.CONFIRMED, ~is_left)
        .values(state=PurchaseState.CANCELLED)
    )
