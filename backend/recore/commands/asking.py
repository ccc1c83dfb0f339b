"""Asking for an auction to be ended: by itself when its stock is gone, or by a person who presses the button (R27)."""

from __future__ import annotations

from collections.abc import Iterable

from recore.accounts import permits
from recore.commands import ending
from recore.commands.rules import OPERATION_OF, CommandKind
from recore.commands.service import Target, ask
from recore.identity.models import Staff
from recore.listings import queries as listings
from recore.platform.audit import record
from recore.platform.db import UnitOfWork
from recore.platform.errors import Conflict

GONE = "在庫がなくなった"


def end_without_stock(uow: UnitOfWork, stock_item_ids: Iterable[int] | None = None) -> int:
    """Put the ends of auctions in line that offer what is gone, of these items or of all; how many were new."""
    asked = [
        ask(uow, _target(each), {}, cause=GONE, is_automatic=True)
        for each in ending.without_stock(uow, stock_item_ids)
    ]
    return sum(command_id is not None for command_id in asked)


def end(uow: UnitOfWork, listing_id: int, staff: Staff) -> None:
    """【ヤフオク!で取り下げる】. Raises NotFound, DeniedHere, Conflict NOT_SWITCHED_ON, NOT_ENDABLE, ALREADY_ASKED."""
    listing = listings.listing(uow.session, listing_id)
    number = listing.management_number
    permits.require(uow, OPERATION_OF[CommandKind.END], listing.account_id)
    if not ending.is_allowed(uow):
        raise Conflict(
            "NOT_SWITCHED_ON", "拡張機能でのオークションの取り下げは、お店の設定で止められています。", item=number,
            remedy="マーケットプレイスの画面で取り下げるか、「設定 → お店の設定」で許可してください。",
        )  # fmt: skip
    endable = listings.endable(uow.session, listing_id)
    if endable is None:
        raise Conflict(
            "NOT_ENDABLE", f"「{number}」は、入札があるか、出品中と確認できていないため、取り下げられません。", item=number,
            remedy="拡張機能で【同期開始】を押して、いまの様子を確かめてください。",
        )  # fmt: skip
    if ask(uow, _target(endable), {}, cause=f"{staff.name}さんが取り下げを依頼") is None:
        raise Conflict(
            "ALREADY_ASKED", f"「{number}」の取り下げは、もう依頼されています。", item=number,
            remedy="画面を再読み込みしてください。",
        )  # fmt: skip
    record(uow, "listing.end", "listing", listing_id, number, after={"auction_id": endable.external_id})


def _target(each: listings.Endable) -> Target:
    return Target(
        CommandKind.END, each.account_id, each.external_id, each.management_number, listing_id=each.listing_id
    )
