"""出品待ち: what clerks type is saved as they type, and 【出品】 turns it into listings (R7, R8, R12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from recore.accounts import permits
from recore.categories.service import note_uses
from recore.channels.base import FieldProblem
from recore.identity.models import Staff
from recore.listings.forms import Channels, Form, Item, categories_in, forms_of, item_for_listing, texts_of
from recore.listings.models import Listing, ListingDraft
from recore.listings.offers import open_offer
from recore.listings.rules import OPEN_STATES, ListingState
from recore.listings.service import write_event
from recore.photos.models import Photo
from recore.platform.audit import record
from recore.platform.clock import to_jst
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict
from recore.platform.text_ja import fold
from recore.stock.models import StockItem


@dataclass(frozen=True)
class Refused:
    """Why an item was not listed: its problems by account name."""

    stock_item_id: int
    it_code: str
    name: str
    problems: list[tuple[str, FieldProblem]]


def save_draft(
    uow: UnitOfWork,
    stock_item_id: int,
    account_id: int,
    *,
    fields: dict[str, Any],
    is_ticked: bool,
    version: int,
) -> int:
    """Keep what was typed; the new version. Raises Conflict DRAFT_CHANGED (with the other's values) when someone else
    saved after `version`, DRAFT_GONE when it was listed since: nobody's typing is lost.
    """
    values = {"fields": fields, "is_ticked": is_ticked, "version": version + 1, "updated_at": uow.at,
              "updated_by": uow.actor.label}  # fmt: skip
    if version == 0:
        inserted = uow.session.execute(
            upsert(uow.session, ListingDraft)
            .values(tenant_id=uow.tenant_id, stock_item_id=stock_item_id, account_id=account_id, **values)
            .on_conflict_do_nothing(index_elements=["tenant_id", "stock_item_id", "account_id"])
            .returning(ListingDraft.id)
        ).scalar_one_or_none()
        saved = inserted is not None
    else:
        saved = uow.execute_one(
            sa.update(ListingDraft)
            .where(
                ListingDraft.stock_item_id == stock_item_id,
                ListingDraft.account_id == account_id,
                ListingDraft.version == version,
            )
            .values(**values)
        )
    if not saved:
        raise _changed(uow, stock_item_id, account_id)
    return version + 1


def draft_now(session: sa.orm.Session, stock_item_id: int, account_id: int) -> dict[str, Any]:
    """What is saved, who saved it and when (Japan's time), for the page of somebody else; `version` 0: nothing is."""
    draft = session.scalars(
        sa.select(ListingDraft).where(
            ListingDraft.stock_item_id == stock_item_id, ListingDraft.account_id == account_id
        ),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if draft is None:
        return {"version": 0}
    return {
        "version": draft.version,
        "values": texts_of(draft.fields, draft.is_ticked),
        "by": draft.updated_by,
        "at": f"{to_jst(draft.updated_at):%m/%d %H:%M}",
    }


def _changed(uow: UnitOfWork, stock_item_id: int, account_id: int) -> Conflict:
    now = draft_now(uow.session, stock_item_id, account_id)
    if now["version"] == 0:
        return Conflict(
            "DRAFT_GONE", "この商品は、ほかの画面で出品されました。", extra={"now": now},
            remedy="出品リストを確かめてください。まだ出品する在庫があるときは、この入力を新しく保存できます。",
        )  # fmt: skip
    return Conflict(
        "DRAFT_CHANGED", f"{now['by']}が同じ商品を編集しています（{now['at']}）。",
        remedy="画面を再読み込みすると、相手の入力が表示されます。", extra={"now": now},
    )  # fmt: skip


def list_item(
    uow: UnitOfWork, channels: Channels, stock_item_id: int, staff: Staff
) -> list[Listing] | Refused:
    """【出品】 of one item: on every ticked account or, when any form has a problem, on none (R7).

    The item's row is locked first, so that two clerks cannot offer the same unit twice.
    Raises NotFound, Conflict STORE_ONLY.
    """
    lock_item(uow, stock_item_id)
    item = item_for_listing(uow.session, stock_item_id)
    forms = [form for form in forms_of(uow.session, channels, item) if form.is_ticked]
    refused = refusal(item, forms)
    if refused is not None:
        return refused
    listed = [queue(uow, item, form, staff, f"{staff.name}さんが出品") for form in forms]
    note_categories(uow, channels, item, forms)
    return listed


def note_categories(uow: UnitOfWork, channels: Channels, item: Item, forms: Sequence[Form]) -> None:
    """That the item was listed in the categories of these forms."""
    chosen = [
        (form.account.channel, number)
        for form in forms
        for number in categories_in(channels[form.account.channel], form.account, form.values)
    ]
    note_uses(uow, item.name, chosen)


def lock_item(uow: UnitOfWork, stock_item_id: int) -> None:
    """Nobody else lists the item until the end of the transaction; SQLite has one writer anyway."""
    uow.execute_one(
        sa.update(StockItem).where(StockItem.id == stock_item_id).values(on_hand=StockItem.on_hand)
    )


def refusal(item: Item, forms: Sequence[Form]) -> Refused | None:
    """Why the item cannot be listed with these forms; None when it can."""
    problems = [(form.account.name, problem) for form in forms for problem in form.errors]
    if (standing := nothing_to_list(item, forms)) is not None:
        problems.insert(0, ("", standing))
    return Refused(item.id, item.it_code, item.name, problems) if problems else None


def nothing_to_list(item: Item, forms: Sequence[Form]) -> FieldProblem | None:
    """No unit is left, or no marketplace is ticked."""
    if item.units <= 0:
        return FieldProblem("quantity", "在庫", "出品できる在庫がありません（出品中か、受注のために確保中です）。",
                            "出品リストを確認してください。")  # fmt: skip
    if not forms:
        return FieldProblem(
            "account",
            "出品先",
            "出品先が選ばれていません。",
            "出品するマーケットプレイスに印を付けてください。",
        )
    return None


def queue(uow: UnitOfWork, item: Item, form: Form, staff: Staff, cause: str) -> Listing:
    """A new attempt with the form as it stands; its draft is used up. The item is locked and nothing refuses it.

    Raises DeniedHere, Conflict MANAGEMENT_NUMBER_TAKEN.
    """
    account, values = form.account, form.values
    permits.require(uow, "ec.list", account.id)
    number = str(values["management_number"])
    photo_ids = uow.session.scalars(
        sa.select(Photo.id)
        .where(Photo.stock_item_id == item.id, Photo.deleted_at.is_(None))
        .order_by(Photo.position, Photo.id)
    ).all()
    taken = uow.session.scalar(
        sa.select(Listing.id).where(
            Listing.account_id == account.id,
            Listing.management_number == number,
            Listing.state.in_(OPEN_STATES),
        )
    )
    if taken is not None:
        raise Conflict(
            "MANAGEMENT_NUMBER_TAKEN", f"「{item.it_code}」の管理番号「{number}」は、いま開いている別の出品で使われています。",
            item=item.it_code, field="management_number", remedy="別の管理番号を入力してください。",
        )  # fmt: skip
    listing = Listing(
        stock_item_id=item.id,
        account_id=account.id,
        management_number=number,
        state=ListingState.QUEUED,
        state_at=uow.at,
        quantity=int(values.get("quantity", 1)),
        title=str(values.get("title", item.name)),
        fields=values,
        photo_ids=list(photo_ids),
        staff_id=staff.id,
        queued_at=uow.at,
        search_text=f"{item.search_text} {fold(number)} {fold(str(values.get('title', '')))}",
    )
    uow.session.add(listing)
    uow.session.flush()
    write_event(uow, listing.id, None, ListingState.QUEUED, cause)
    if form.by_api:
        open_offer(uow, listing)
    uow.session.execute(
        sa.delete(ListingDraft).where(
            ListingDraft.stock_item_id == item.id, ListingDraft.account_id == account.id
        ),
        execution_options={"synchronize_session": False},
    )
    record(
        uow,
        "listing.queue",
        "listing",
        listing.id,
        number,
        after={"account": account.name, "it_code": item.it_code},
    )
    return listing
