"""出品待ち: what clerks type is saved as they type, and 【出品】 turns it into listings (R7, R8, R12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from recore.accounts.models import MarketplaceAccount
from recore.catalog.models import Product
from recore.categories.queries import known
from recore.categories.service import note_uses
from recore.channels.base import (
    Category,
    Channel,
    FieldProblem,
    FormContext,
    FormDefinition,
    PhotoFact,
    PrefillSource,
    Severity,
    Values,
)
from recore.identity.models import Staff
from recore.identity.settings import setting
from recore.listings.models import Listing, ListingDraft
from recore.listings.offers import open_offer
from recore.listings.queries import units_to_offer
from recore.listings.rules import OPEN_STATES, ListingState, management_number_for
from recore.listings.service import write_event
from recore.listings.template_fill import with_automatic
from recore.photos.models import Photo
from recore.photos.service import copy_facts
from recore.platform.audit import record
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, NotFound
from recore.platform.text_ja import fold
from recore.stock.models import StockItem

Channels = Mapping[str, Channel]


@dataclass(frozen=True)
class Item:
    """A stock item as the listing forms need it."""

    id: int
    it_code: str
    name: str
    grade: str
    price: int
    jan: str | None
    sells_online: bool
    units: int
    search_text: str


@dataclass(frozen=True)
class Refused:
    """Why an item was not listed: its problems by account name."""

    stock_item_id: int
    it_code: str
    name: str
    problems: list[tuple[str, FieldProblem]]


@dataclass(frozen=True)
class Form:
    """One account's form of one item: values typed so far, or the prefilled ones (`version` 0: nothing saved yet).

    `categories`: by its number each known category among the values. `by_api`: the server offers it, not the extension.
    """

    account: MarketplaceAccount
    values: dict[str, Any]
    is_ticked: bool
    version: int
    problems: list[FieldProblem]
    can_tick: bool
    categories: Mapping[str, Category]
    by_api: bool


def item_for_listing(session: sa.orm.Session, stock_item_id: int) -> Item:
    """Raises NotFound, or Conflict STORE_ONLY for an item that may not be sold online (R5)."""
    row = session.execute(
        sa.select(
            StockItem.id, StockItem.it_code, StockItem.grade, StockItem.price, StockItem.sales_route,
            StockItem.search_text, Product.name, Product.jan, units_to_offer().label("units"),
        )
        .join(Product, Product.id == StockItem.product_id)
        .where(StockItem.id == stock_item_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound(
            "NO_SUCH_ITEM", "この在庫は見つかりません。", remedy="出品待ちの一覧から選び直してください。"
        )
    item = Item(row.id, row.it_code, row.name, row.grade, row.price, row.jan, row.sales_route.sells_online, row.units,
                row.search_text)  # fmt: skip
    if not item.sells_online:
        raise Conflict(
            "STORE_ONLY", f"「{item.it_code} {item.name}」は販路が「店頭のみ」のため、ECに出品できません。", item=item.it_code,
            remedy="店頭で販売するか、店長に販路を確認してください。",
        )  # fmt: skip
    return item


def forms_of(session: sa.orm.Session, channels: Channels, item: Item) -> list[Form]:
    """A form per enabled account, prefilled where nothing was typed; problems are those of the values as they stand."""
    accounts = session.scalars(
        sa.select(MarketplaceAccount).where(MarketplaceAccount.is_enabled).order_by(MarketplaceAccount.id)
    ).all()
    drafts = {
        draft.account_id: draft
        for draft in session.scalars(sa.select(ListingDraft).where(ListingDraft.stock_item_id == item.id))
    }
    ticked_before = accounts_ticked_before(session, item.id)
    free = setting(session, "route.changeable") == 1
    forms = []
    for account in accounts:
        draft, channel = drafts.get(account.id), channels[account.channel]
        photos = copy_facts(session, item.id, channel.photo_spec)
        can_tick = free or ticked_before is None or account.id in ticked_before
        values = dict(draft.fields) if draft else prefilled(session, channel, account, item)
        context = context_for(session, channel, account, item, values, photos)
        forms.append(
            Form(
                account=account,
                values=values,
                is_ticked=can_tick and (draft.is_ticked if draft else len(accounts) == 1),
                version=draft.version if draft else 0,
                problems=[
                    *channel.validate(account.profile, values, context),
                    *_refused_before(channel.form(account.profile), draft),
                ],
                can_tick=can_tick,
                categories=context.categories,
                by_api=channel.lists_by_api,
            )
        )
    return forms


def prefilled(
    session: sa.orm.Session, channel: Channel, account: MarketplaceAccount, item: Item
) -> dict[str, Any]:
    """What the form begins with: the item's last attempt on this account where there was one, so that an unsold item is
    listed again with one click (R36); else what buying, catalogue and account know.
    """
    number = management_number_for(item.it_code, _taken_numbers(session, channel, account.id, item.it_code))
    source = PrefillSource(item.name, item.grade, item.price, item.jan, item.units, number)
    first = channel.prefill(account.profile, source, account.options.get("defaults", {}))
    last = session.scalars(
        sa.select(Listing.fields)
        .where(
            Listing.stock_item_id == item.id,
            Listing.account_id == account.id,
            Listing.state.not_in(OPEN_STATES),
        )
        .order_by(Listing.id.desc())
        .limit(1)
    ).first()
    of_now: dict[str, Any] = {key: first[key] for key in ("management_number", "quantity") if key in first}
    if last:
        return {**last, **of_now}
    return with_automatic(session, channel, account, item.id, item.units, first)


def context_for(
    session: sa.orm.Session,
    channel: Channel,
    account: MarketplaceAccount,
    item: Item,
    values: Values,
    photos: Sequence[PhotoFact],
) -> FormContext:
    return FormContext(
        photos=photos,
        units=item.units,
        saved_choices=account.options.get("saved_choices", {}),
        categories=known(session, channel, _categories_in(channel, account, values)),
    )


def _categories_in(channel: Channel, account: MarketplaceAccount, values: Values) -> list[str]:
    """The numbers that stand in the form's category fields."""
    fields = channel.form(account.profile).fields
    return [str(values[each.key]) for each in fields if each.kind == "category" and values.get(each.key)]


def _refused_before(form: FormDefinition, draft: ListingDraft | None) -> list[FieldProblem]:
    """What the marketplace said of the last attempt, at its fields; a warning, for it may be mended by now."""
    if draft is None or not draft.problems:
        return []
    labels = {each.key: each.label for each in form.fields}
    return [
        FieldProblem(key, labels.get(key, "出品"), f"前回断られた理由：{reason}", "", Severity.WARNING)
        for key, reason in draft.problems.items()
    ]


def _taken_numbers(session: sa.orm.Session, channel: Channel, account_id: int, it_code: str) -> set[str]:
    """The item's management numbers that may not be used (again) on the account."""
    statement = sa.select(Listing.management_number).where(
        Listing.account_id == account_id, Listing.management_number.startswith(it_code, autoescape=True)
    )
    if not channel.lists_by_api:
        statement = statement.where(Listing.state.in_(OPEN_STATES))
    return set(session.scalars(statement))


def accounts_ticked_before(session: sa.orm.Session, stock_item_id: int) -> set[int] | None:
    """While the item has an open listing: the accounts ticked with it (R5). None when it has none."""
    rows = session.execute(
        sa.select(Listing.account_id, Listing.state).where(Listing.stock_item_id == stock_item_id)
    ).all()
    if not any(row.state in OPEN_STATES for row in rows):
        return None
    return {row.account_id for row in rows}


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
    saved after `version`: nobody's typing is lost.
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


def _changed(uow: UnitOfWork, stock_item_id: int, account_id: int) -> Conflict:
    other = uow.session.scalars(
        sa.select(ListingDraft).where(
            ListingDraft.stock_item_id == stock_item_id, ListingDraft.account_id == account_id
        )
    ).one_or_none()
    who = other.updated_by if other else "ほかの人"
    return Conflict(
        "DRAFT_CHANGED", f"{who}さんが同じ商品を編集しています。",
        remedy="画面を再読み込みすると相手の入力が表示されます。自分の入力を残すときは「自分の入力で上書き」を押してください。",
        extra={"version": other.version if other else 0, "fields": other.fields if other else {}},
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
        for number in _categories_in(channels[form.account.channel], form.account, form.values)
    ]
    note_uses(uow, item.name, chosen)


def lock_item(uow: UnitOfWork, stock_item_id: int) -> None:
    """Nobody else lists the item until the end of the transaction; SQLite has one writer anyway."""
    uow.execute_one(
        sa.update(StockItem).where(StockItem.id == stock_item_id).values(on_hand=StockItem.on_hand)
    )


def refusal(item: Item, forms: Sequence[Form]) -> Refused | None:
    """Why the item cannot be listed with these forms; None when it can."""
    problems = [
        (form.account.name, problem)
        for form in forms
        for problem in form.problems
        if problem.severity is Severity.ERROR
    ]
    if item.units <= 0:
        what = FieldProblem("quantity", "在庫", "出品できる在庫がありません（出品中か、受注のために確保中です）。",
                            "出品リストを確認してください。")  # fmt: skip
        problems.insert(0, ("", what))
    elif not forms:
        what = FieldProblem(
            "account",
            "出品先",
            "出品先が選ばれていません。",
            "出品するマーケットプレイスに印を付けてください。",
        )
        problems.insert(0, ("", what))
    return Refused(item.id, item.it_code, item.name, problems) if problems else None


def queue(uow: UnitOfWork, item: Item, form: Form, staff: Staff, cause: str) -> Listing:
    """A new attempt with the form as it stands; its draft is used up. The item is locked and nothing refuses it.

    Raises Conflict MANAGEMENT_NUMBER_TAKEN.
    """
    account, values = form.account, form.values
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
