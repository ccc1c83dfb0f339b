"""The listing forms of items: what stands in them and what is wrong with it (R7, R8).

One item or a hundred cost the same number of queries: `FormReader` reads what all of them need at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts.models import MarketplaceAccount
from recore.catalog.models import Product
from recore.categories.queries import known
from recore.channels.base import (
    Category,
    Channel,
    FieldProblem,
    FormContext,
    FormDefinition,
    PrefillSource,
    Severity,
    Values,
)
from recore.identity.settings import setting
from recore.listings.models import Listing, ListingDraft, ListingTemplate
from recore.listings.queries import units_to_offer
from recore.listings.rules import OPEN_STATES, management_number_for
from recore.listings.template_fill import automatic_templates, facts_of, with_automatic
from recore.listings.template_language import Facts
from recore.photos.service import copy_facts
from recore.platform.errors import Conflict, NotFound
from recore.stock.models import StockItem

Channels = Mapping[str, Channel]
OTHERS = 9  # numbers like an item's own that were typed for other items


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
class Form:
    """One account's form of one item: values typed so far, or the prefilled ones (`draft` None: nothing saved yet).

    `categories`: by its number each known category among the values. `by_api`: the server offers it, not the extension.
    `template`: (id, name) of the template that filled it last, where one did.
    """

    account: MarketplaceAccount
    values: dict[str, Any]
    is_ticked: bool
    draft: ListingDraft | None
    problems: list[FieldProblem]
    can_tick: bool
    categories: Mapping[str, Category]
    by_api: bool
    template: tuple[int, str] | None = None

    @property
    def version(self) -> int:
        return self.draft.version if self.draft else 0

    @property
    def texts(self) -> dict[str, list[str]]:
        return texts_of(self.values, self.is_ticked)

    @property
    def errors(self) -> list[FieldProblem]:
        return [each for each in self.problems if each.severity is Severity.ERROR]


def texts_of(values: Values, is_ticked: bool) -> dict[str, list[str]]:
    """Per field what its controls hold, as browsers tell it; empty fields are left out."""
    texts = {
        key: [str(each) for each in (value if isinstance(value, list) else [value])]
        for key, value in values.items()
        if value not in (None, "", [])
    }
    return {**texts, "is_ticked": ["1"]} if is_ticked else texts


# --- items -------------------------------------------------------------------------------------------------------


def items_of(session: Session, stock_item_ids: Iterable[int]) -> dict[int, Item]:
    """Those that there are, whatever their 販路."""
    rows = session.execute(
        sa.select(
            StockItem.id, StockItem.it_code, StockItem.grade, StockItem.price, StockItem.sales_route,
            StockItem.search_text, Product.name, Product.jan, units_to_offer().label("units"),
        )
        .join(Product, Product.id == StockItem.product_id)
        .where(StockItem.id.in_(list(stock_item_ids)))
    )  # fmt: skip
    return {
        row.id: Item(row.id, row.it_code, row.name, row.grade, row.price, row.jan, row.sales_route.sells_online,
                     row.units, row.search_text)
        for row in rows
    }  # fmt: skip


def item_for_listing(session: Session, stock_item_id: int) -> Item:
    """Raises NotFound, or Conflict STORE_ONLY for an item that may not be sold online (R5)."""
    item = items_of(session, [stock_item_id]).get(stock_item_id)
    if item is None:
        raise NotFound(
            "NO_SUCH_ITEM", "この在庫は見つかりません。", remedy="出品待ちの一覧から選び直してください。"
        )
    if not item.sells_online:
        raise store_only(item)
    return item


def store_only(item: Item) -> Conflict:
    return Conflict(
        "STORE_ONLY", f"「{item.it_code} {item.name}」は販路が「店頭のみ」のため、ECに出品できません。", item=item.it_code,
        remedy="店頭で販売するか、店長に販路を確認してください。",
    )  # fmt: skip


# --- forms -------------------------------------------------------------------------------------------------------


def forms_of(session: Session, channels: Channels, item: Item) -> list[Form]:
    """A form per enabled account, prefilled where nothing was typed; problems are those of the values as they stand."""
    return FormReader(session, channels, [item]).forms()[item.id]


def prefilled(session: Session, channel: Channel, account: MarketplaceAccount, item: Item) -> dict[str, Any]:
    """What the form begins with; see `FormReader.first_values`."""
    return FormReader(session, {channel.name: channel}, [item], accounts=[account]).first_values(
        item, account
    )


class FormReader:
    """The forms of `items` on `accounts` (the enabled ones), read together."""

    def __init__(
        self,
        session: Session,
        channels: Channels,
        items: Sequence[Item],
        *,
        accounts: Sequence[MarketplaceAccount] | None = None,
    ) -> None:
        self.session, self.channels, self.items = session, channels, items
        ids = [item.id for item in items]
        self.accounts = enabled_accounts(session) if accounts is None else accounts
        self.drafts = {
            (draft.stock_item_id, draft.account_id): draft
            for draft in session.scalars(sa.select(ListingDraft).where(ListingDraft.stock_item_id.in_(ids)))
        }
        self.is_free = setting(session, "route.changeable") == 1
        self._ticked_before = accounts_ticked_before(session, ids)
        self._last = _last_attempts(session, ids)
        self._taken = _taken_numbers(session, channels, self.accounts, items)
        self._automatic = automatic_templates(session) if self.accounts else {}
        self._facts = facts_of(session, {item.id: item.units for item in items}) if self._automatic else {}
        specs = {channels[each.channel].photo_spec for each in self.accounts}
        self._photos = {spec: copy_facts(session, ids, spec) for spec in specs}
        self._categories: dict[str, dict[str, Category]] = {}

    def forms(self) -> dict[int, list[Form]]:
        """By item, in the order of the accounts."""
        values = {
            (item.id, account.id): self.values(item, account)
            for item in self.items
            for account in self.accounts
        }
        self.learn_categories(
            (account, values[item.id, account.id][0]) for item in self.items for account in self.accounts
        )
        return {
            item.id: [self.form(item, account, *values[item.id, account.id]) for account in self.accounts]
            for item in self.items
        }  # fmt: skip

    def values(
        self, item: Item, account: MarketplaceAccount
    ) -> tuple[dict[str, Any], tuple[int, str] | None]:
        """(what stands in the form now, the template that filled it)"""
        draft = self.drafts.get((item.id, account.id))
        if draft is None:
            return self._first(item, account)
        applied = draft.applied or {}
        return dict(draft.fields), (applied["id"], applied["name"]) if applied else None

    def first_values(self, item: Item, account: MarketplaceAccount) -> dict[str, Any]:
        """What the form begins with: the item's last attempt on this account where there was one, so that an unsold item is
        listed again with one click (R36); else what buying, catalogue and account know.
        """
        return self._first(item, account)[0]

    def _first(
        self, item: Item, account: MarketplaceAccount
    ) -> tuple[dict[str, Any], tuple[int, str] | None]:
        channel = self.channels[account.channel]
        number = management_number_for(item.it_code, self._taken.get(account.id, set()))
        source = PrefillSource(item.name, item.grade, item.price, item.jan, item.units, number)
        first = channel.prefill(account.profile, source, account.options.get("defaults", {}))
        last = self._last.get((item.id, account.id))
        if last is not None:
            of_now: dict[str, Any] = {
                key: first[key] for key in ("management_number", "quantity") if key in first
            }
            return {**last, **of_now}, None
        fitting = self.automatic(account)
        if not fitting:
            return first, None
        return with_automatic(channel.form(account.profile), fitting, self.facts(item, number), first)

    def automatic(self, account: MarketplaceAccount) -> Mapping[str, ListingTemplate]:
        """The templates that apply by themselves on the account, by category."""
        return self._automatic.get((account.channel, account.profile), {})

    def facts(self, item: Item, management_number: str) -> Facts:
        """What a template may say of the item."""
        if item.id not in self._facts:
            self._facts |= facts_of(self.session, {each.id: each.units for each in self.items})
        return self._facts[item.id].numbered(management_number)

    def learn_categories(self, forms: Iterable[tuple[MarketplaceAccount, Values]]) -> None:
        """Look up the categories in these values, all at once, for `form`."""
        wanted: dict[str, set[str]] = {}
        for account, values in forms:
            numbers = categories_in(self.channels[account.channel], account, values)
            wanted.setdefault(account.channel, set()).update(numbers)
        for name, found in wanted.items():
            self._categories[name] = known(self.session, self.channels[name], found)

    def form(
        self,
        item: Item,
        account: MarketplaceAccount,
        values: dict[str, Any],
        template: tuple[int, str] | None,
    ) -> Form:
        """The form with these values, whose categories were learned."""
        channel, draft = self.channels[account.channel], self.drafts.get((item.id, account.id))
        before = self._ticked_before.get(item.id)
        can_tick = self.is_free or before is None or account.id in before
        numbers = categories_in(channel, account, values)
        found = self._categories[account.channel]
        context = FormContext(
            photos=self._photos[channel.photo_spec].get(item.id, []),
            units=item.units,
            saved_choices=account.options.get("saved_choices", {}),
            categories={number: found[number] for number in numbers if number in found},
        )
        return Form(
            account=account,
            values=values,
            is_ticked=can_tick and (draft.is_ticked if draft else len(self.accounts) == 1),
            draft=draft,
            problems=[
                *channel.validate(account.profile, values, context),
                *_refused_before(channel.form(account.profile), draft),
            ],
            can_tick=can_tick,
            categories=context.categories,
            by_api=channel.lists_by_api,
            template=template,
        )


def enabled_accounts(session: Session) -> Sequence[MarketplaceAccount]:
    return session.scalars(
        sa.select(MarketplaceAccount).where(MarketplaceAccount.is_enabled).order_by(MarketplaceAccount.id)
    ).all()


def categories_in(channel: Channel, account: MarketplaceAccount, values: Values) -> list[str]:
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


def accounts_ticked_before(session: Session, stock_item_ids: Sequence[int]) -> dict[int, set[int]]:
    """Of the items that have an open listing: the accounts ticked with it (R5)."""
    rows = session.execute(
        sa.select(Listing.stock_item_id, Listing.account_id, Listing.state).where(
            Listing.stock_item_id.in_(stock_item_ids)
        )
    ).all()
    ticked: dict[int, set[int]] = {row.stock_item_id: set() for row in rows if row.state in OPEN_STATES}
    for row in rows:
        if row.stock_item_id in ticked:
            ticked[row.stock_item_id].add(row.account_id)
    return ticked


def _last_attempts(session: Session, stock_item_ids: Sequence[int]) -> dict[tuple[int, int], dict[str, Any]]:
    """(item, account) → the form of the last attempt that is over."""
    last = (
        sa.select(sa.func.max(Listing.id))
        .where(Listing.stock_item_id.in_(stock_item_ids), Listing.state.not_in(OPEN_STATES))
        .group_by(Listing.stock_item_id, Listing.account_id)
    )
    rows = session.execute(
        sa.select(Listing.stock_item_id, Listing.account_id, Listing.fields).where(Listing.id.in_(last))
    )
    return {(row.stock_item_id, row.account_id): row.fields for row in rows if row.fields}


def _taken_numbers(
    session: Session, channels: Channels, accounts: Sequence[MarketplaceAccount], items: Sequence[Item]
) -> dict[int, set[str]]:
    """By account the management numbers of the items that may not be used (again) there."""
    numbers = [
        number
        for item in items
        for number in (item.it_code, *(f"{item.it_code}-{at}" for at in range(2, OTHERS + 1)))
    ]
    rows = session.execute(
        sa.select(Listing.account_id, Listing.management_number, Listing.state).where(
            Listing.account_id.in_([each.id for each in accounts]),
            sa.or_(
                Listing.stock_item_id.in_([item.id for item in items]), Listing.management_number.in_(numbers)
            ),
        )
    )
    once_only = {each.id for each in accounts if channels[each.channel].lists_by_api}
    taken: dict[int, set[str]] = {}
    for row in rows:
        if row.account_id in once_only or row.state in OPEN_STATES:
            taken.setdefault(row.account_id, set()).add(row.management_number)
    return taken
