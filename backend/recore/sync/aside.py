"""Orders whose own page alone could not be read (R17, R28): the run is complete for all others, and says which they are.

Nothing of such an order was taken over, so its page is asked for again at every run until it was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from recore.accounts import health
from recore.accounts.models import MarketplaceAccount
from recore.orders.models import Order, OrderExternalId
from recore.orders.rules import AUCTION, ORDER_NUMBER, Review
from recore.orders.service import flag, locked
from recore.orders.winners import keys_of, page_keys
from recore.platform.bulk import among
from recore.platform.db import UnitOfWork
from recore.sync.conclude import last_complete_before, named
from recore.sync.models import SyncRun

WHY = {
    "not_found": "画面が見つかりません",
    "error": "エラーの画面が表示されます",
    "unreadable": "画面の内容を読み取れません",
}
KEPT = "set_aside"  # in `SyncRun.summary`
PROOFS = 3


def proof_pages(uow: UnitOfWork, account_id: int, *, by_number: bool) -> list[str]:
    """The newest orders whose own page was read well. When several others cannot be read, whether one of these can tells a
    changed layout from odd orders, on any PC and in the quietest shop.
    """
    rows = uow.session.execute(
        sa.select(OrderExternalId.external_id, Order.buyer_label)
        .join(Order, Order.id == OrderExternalId.order_id)
        .where(
            OrderExternalId.account_id == account_id,
            OrderExternalId.kind == (ORDER_NUMBER if by_number else AUCTION),
            Order.detail_digest.is_not(None),
            ~Order.needs_review,
        )
        .order_by(Order.ordered_at.desc(), OrderExternalId.id.desc())
        .limit(PROOFS)
    ).all()
    labels = {row.external_id: row.buyer_label for row in rows}
    return list(labels) if by_number else list(page_keys(uow.session, account_id, labels).values())


def note_set_aside(
    uow: UnitOfWork, run: SyncRun, account: MarketplaceAccount, there: str, told: Sequence[dict[str, Any]]
) -> None:
    """Say it at the account while it lasts, and flag each order once: a person may have looked and lifted the flag since."""
    reasons = {each["key"]: WHY[each["reason"]] for each in told}
    before = last_complete_before(uow, run.account_id, run.number)
    known = set((before.summary or {}).get(KEPT, ())) if before is not None else set()
    _flag(uow, run.account_id, there, {key: why for key, why in reasons.items() if key not in known})
    run.summary = {**(run.summary or {}), KEPT: list(reasons)}
    if reasons:
        message = (
            f"注文{len(reasons)}件の画面を読み取れませんでした（{named(list(reasons))}）。{there}で開いて内容を確かめてください。"
            "ほかの注文は取り込みました。次の同期でもう一度読み、読めたらこの表示は消えます。"
        )
        health.raise_attention(uow, account, health.PAGES_ASIDE, message)
    else:
        health.clear_attention(account, health.PAGES_ASIDE)


def _flag(uow: UnitOfWork, account_id: int, there: str, reasons: dict[str, str]) -> None:
    """Those that we have an order of by now; by its auction's id or its number."""
    told = {_key_of_page(uow, account_id, page): page for page in reasons}
    owners = uow.session.execute(
        sa.select(OrderExternalId.external_id, OrderExternalId.order_id)
        .where(
            OrderExternalId.account_id == account_id,
            among(uow.session, OrderExternalId.external_id, sorted(told)),
        )
        .order_by(OrderExternalId.order_id)
    ).all()
    for owner in owners:
        order: Order = locked(uow, owner.order_id)
        page = told[owner.external_id]
        if order.review_code is None:
            reason = (
                f"{there}の注文{page}を読み取れませんでした（{reasons[page]}）。{there}でこの注文を開いて"
                "内容を確かめてください。次の同期でもう一度読みます。"
            )
            flag(uow, order, Review.PAGE_UNREADABLE, reason)


def _key_of_page(uow: UnitOfWork, account_id: int, page: str) -> str:
    """「auction/winner」 names one of several orders of an auction."""
    auction, named, winner = page.partition("/")
    if not named:
        return page
    return keys_of(uow.session, account_id, [auction], label=winner, number=None)[auction]
