"""出品テンプレート: commands on templates, and applying one to a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from recore.accounts.models import MarketplaceAccount
from recore.accounts.queries import enabled_account
from recore.categories.queries import known
from recore.channels.base import Channel, FieldProblem, FormContext, FormField, Severity
from recore.listings.drafts import save_draft
from recore.listings.forms import Channels, FormReader, Item, item_for_listing, prefilled
from recore.listings.models import ListingDraft, ListingTemplate
from recore.listings.template_fill import (
    TEXTS,
    automatic_templates,
    category_keys,
    filled,
    template_fields,
)
from recore.listings.template_language import problems_of
from recore.platform.audit import record
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, Invalid, NotFound, RecoreError

MAX_NAME = 80


@dataclass(frozen=True)
class TemplateForm:
    """What is entered; `fields` by key, texts as template sources."""

    name: str
    category: str
    is_automatic: bool
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """What applying a template does to one field. `is_typed`: somebody put `before` there, so it stays unless overwritten."""

    field: FormField
    before: Any
    after: Any
    is_typed: bool

    @property
    def is_same(self) -> bool:
        return bool(self.before == self.after)


@dataclass(frozen=True)
class Applied:
    """The labels of the fields that were filled, and of those that kept what was typed. `values`: the new ones."""

    template: str
    filled: list[str]
    kept: list[str]
    values: dict[str, Any]


# --- templates ---------------------------------------------------------------------------------------------------


def add_template(uow: UnitOfWork, channel: Channel, profile: str, form: TemplateForm) -> int:
    """The new template's id. Raises Invalid TEMPLATE with a problem per field, Conflict NAME_TAKEN or AUTOMATIC_TAKEN."""
    name, fields = _checked(uow.session, channel, profile, form)
    template = ListingTemplate(
        channel=channel.name, profile=profile, category=form.category, name=name, fields=fields,
        is_automatic=form.is_automatic, updated_at=uow.at, updated_by=uow.actor.label,
    )  # fmt: skip
    uow.session.add(template)
    _flush(uow, template)
    record(uow, "template.add", "listing_template", template.id, name, after=_as_audited(template))
    return template.id


def change_template(
    uow: UnitOfWork, channels: Channels, template_id: int, form: TemplateForm, *, version: int
) -> None:
    """Raises NotFound, Conflict TEMPLATE_CHANGED (somebody saved after `version`), and what `add_template` raises."""
    template = template_by_id(uow.session, template_id, locked=True)
    if template.version != version:
        raise Conflict(
            "TEMPLATE_CHANGED", f"「{template.name}」は、{template.updated_by}さんが先に変更しました。", item=template.name,
            remedy="別の画面で今の内容を見て、必要ならもう一度保存してください。", extra={"version": template.version},
        )  # fmt: skip
    name, fields = _checked(uow.session, channels[template.channel], template.profile, form)
    before = _as_audited(template)
    template.name, template.category, template.fields = name, form.category, fields
    template.is_automatic = form.is_automatic
    template.version, template.updated_at, template.updated_by = version + 1, uow.at, uow.actor.label
    _flush(uow, template)
    record(
        uow,
        "template.change",
        "listing_template",
        template_id,
        name,
        before=before,
        after=_as_audited(template),
    )


def copy_template(uow: UnitOfWork, template_id: int) -> int:
    """The id of a copy, which applies by itself nowhere. Raises NotFound."""
    source = template_by_id(uow.session, template_id)
    taken = set(
        uow.session.scalars(
            sa.select(ListingTemplate.name).where(
                ListingTemplate.channel == source.channel, ListingTemplate.profile == source.profile
            )
        )
    )
    copy = ListingTemplate(
        channel=source.channel, profile=source.profile, category=source.category, name=_free_name(source.name, taken),
        fields=dict(source.fields), updated_at=uow.at, updated_by=uow.actor.label,
    )  # fmt: skip
    uow.session.add(copy)
    _flush(uow, copy)
    record(uow, "template.copy", "listing_template", copy.id, copy.name, before={"id": template_id})
    return copy.id


def _free_name(name: str, taken: set[str]) -> str:
    number = 1
    while (found := f"{name[: MAX_NAME - 12]} のコピー{number if number > 1 else ''}") in taken:
        number += 1
    return found


def archive_template(uow: UnitOfWork, template_id: int, *, is_archived: bool) -> None:
    """Put it away, or take it back; a repeat changes nothing. Raises NotFound, Conflict NAME_TAKEN or AUTOMATIC_TAKEN."""
    template = template_by_id(uow.session, template_id, locked=True)
    if (template.archived_at is not None) == is_archived:
        return
    template.archived_at = uow.at if is_archived else None
    _flush(uow, template)
    record(
        uow,
        "template.archive",
        "listing_template",
        template_id,
        template.name,
        after={"is_archived": is_archived},
    )


def _flush(uow: UnitOfWork, template: ListingTemplate) -> None:
    name, template_id = template.name, template.id
    same = (ListingTemplate.channel == template.channel, ListingTemplate.profile == template.profile,
            ListingTemplate.archived_at.is_(None), ListingTemplate.id.is_distinct_from(template_id))  # fmt: skip
    try:
        uow.session.flush()
    except IntegrityError as error:
        uow.session.rollback()
        taken = uow.session.scalar(sa.select(ListingTemplate.id).where(*same, ListingTemplate.name == name))
        if taken is not None:
            raise Conflict(
                "NAME_TAKEN", f"名前「{name}」はすでに使われています。", item=name, field="name", remedy="別の名前にしてください。",
            ) from error  # fmt: skip
        raise Conflict(
            "AUTOMATIC_TAKEN", "このカテゴリには、自動で使うテンプレートがもうあります。", item=name, field="is_automatic",
            remedy="そちらの「自動で使う」を外すか、このテンプレートでは外してください。",
        ) from error  # fmt: skip


def _checked(
    session: Session, channel: Channel, profile: str, form: TemplateForm
) -> tuple[str, dict[str, Any]]:
    """(name, fields to keep). Raises Invalid TEMPLATE."""
    name = " ".join(form.name.split())
    problems: list[RecoreError] = []
    if not name or len(name) > MAX_NAME:
        problems.append(Invalid("BAD_NAME", f"名前を1〜{MAX_NAME}文字で入力してください。", field="name"))
    fields = {
        each.key: form.fields[each.key]
        for each in template_fields(channel.form(profile))
        if form.fields.get(each.key) not in (None, "", [])
    }
    problems += problems_in(session, channel, profile, form.category, fields)
    if not fields and not problems:
        problems.append(Invalid("EMPTY_TEMPLATE", "項目が1つも入っていません。", field="title", remedy="テンプレートに入れる項目を1つ以上入力してください。"))  # fmt: skip
    if problems:
        raise Invalid("TEMPLATE", "保存できない項目があります。", problems=problems)
    return name, fields


def problems_in(
    session: Session, channel: Channel, profile: str, category: str, fields: Mapping[str, Any]
) -> list[RecoreError]:
    """What is wrong with a template's texts, by line, and with its values, as the form would say."""
    definition = channel.form(profile)
    problems: list[RecoreError] = []
    texts = {each.key for each in definition.fields if each.kind in TEXTS}
    for each in template_fields(definition):
        if each.kind in TEXTS and each.key in fields:
            problems += [
                Invalid("BAD_TEXT", f"「{each.label}」の{line.line}行目：{line.message}", field=each.key, remedy=line.remedy)
                for line in problems_of(str(fields[each.key]), html=each.kind == "html")
            ]  # fmt: skip
    values = {key: value for key, value in fields.items() if key not in texts}
    problems += [
        Invalid("BAD_VALUE", f"「{each.label}」：{each.message}", field=each.field, remedy=each.remedy)
        for each in channel.validate(profile, values, _context(session, channel, profile, values))
        if each.field in values and each.severity is Severity.ERROR
    ]
    keys = category_keys(definition)
    if category and keys:
        problems += [
            Invalid("BAD_CATEGORY", f"「使うカテゴリ」：{each.message}", field="for_category", remedy=each.remedy)
            for each in channel.validate(profile, {keys[0]: category}, _context(session, channel, profile, {keys[0]: category}))
            if each.field == keys[0] and each.severity is Severity.ERROR
        ]  # fmt: skip
    return problems


def _context(session: Session, channel: Channel, profile: str, values: Mapping[str, Any]) -> FormContext:
    numbers = [str(values[key]) for key in category_keys(channel.form(profile)) if values.get(key)]
    return FormContext(
        photos=[],
        units=1_000_000,
        saved_choices=saved_choices(session, channel.name, profile),
        categories=known(session, channel, numbers),
    )


def saved_choices(session: Session, channel: str, profile: str) -> dict[str, list[str]]:
    """Every saved choice of the shop's accounts with this profile, by list."""
    found: dict[str, list[str]] = {}
    accounts = sa.select(MarketplaceAccount).where(
        MarketplaceAccount.channel == channel, MarketplaceAccount.profile == profile
    )
    for account in session.scalars(accounts.order_by(MarketplaceAccount.id)):
        for key, choices in account.options.get("saved_choices", {}).items():
            found[key] = list(dict.fromkeys([*found.get(key, []), *choices]))
    return found


def _as_audited(template: ListingTemplate) -> dict[str, Any]:
    return {
        "category": template.category,
        "is_automatic": template.is_automatic,
        "fields": dict(template.fields),
    }


# --- reads -------------------------------------------------------------------------------------------------------


def templates(
    session: Session, *, is_archived: bool = False, channel: str | None = None, profile: str | None = None
) -> Sequence[ListingTemplate]:
    """By marketplace, then by name."""
    archived = ListingTemplate.archived_at.is_not(None)
    statement = sa.select(ListingTemplate).where(archived if is_archived else ~archived)
    if channel is not None:
        statement = statement.where(ListingTemplate.channel == channel, ListingTemplate.profile == profile)
    order = (ListingTemplate.channel, ListingTemplate.profile, ListingTemplate.name)
    return session.scalars(statement.order_by(*order)).all()


def template_by_id(session: Session, template_id: int, *, locked: bool = False) -> ListingTemplate:
    """Raises NotFound."""
    statement = sa.select(ListingTemplate).where(ListingTemplate.id == template_id)
    if locked:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound(
            "NO_SUCH_TEMPLATE",
            "このテンプレートは見つかりません。",
            remedy="出品テンプレートの一覧から選び直してください。",
        )
    return found


# --- applying ----------------------------------------------------------------------------------------------------


def changes(
    reader: FormReader,
    account: MarketplaceAccount,
    item: Item,
    now: Mapping[str, Any],
    template: ListingTemplate,
    applied: Mapping[str, Any] | None,
) -> tuple[list[Change], list[FieldProblem]]:
    """What the template would do to a form that holds `now`, in the form's order; what it cannot render. What an earlier
    template put there (`applied`) nobody typed.

    Raises Conflict TEMPLATE_DOES_NOT_FIT.
    """
    if template.archived_at is not None or (template.channel, template.profile) != (
        account.channel,
        account.profile,
    ):
        raise Conflict(
            "TEMPLATE_DOES_NOT_FIT", f"「{template.name}」は「{account.name}」では使えません。", item=template.name,
            remedy="アーカイブされていない、同じマーケットプレイスのテンプレートを選んでください。",
        )  # fmt: skip
    definition = reader.channels[account.channel].form(account.profile)
    first = reader.first_values(item, account)
    facts = reader.facts(item, str(now.get("management_number", "")))
    values, problems = filled(definition, template.fields, facts)
    put = applied["put"] if applied else {}
    rows = [
        Change(each, now.get(each.key), values[each.key],
               _is_typed(now.get(each.key), first.get(each.key), put.get(each.key)))
        for each in definition.fields
        if each.key in values
    ]  # fmt: skip
    return rows, problems


def _is_typed(now: Any, *filled_in: Any) -> bool:
    """Whether somebody entered it: it is neither empty nor as it was filled in."""
    return now not in (None, "", []) and now not in filled_in


def as_applied(
    template: ListingTemplate,
    now: Mapping[str, Any],
    put: Mapping[str, Any],
    earlier: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """`ListingDraft.applied` after the template put `put` into a form that held `now`."""
    was = earlier or {"before": {}, "put": {}}
    before = {key: now.get(key) for key in put} | was["before"]
    return {"id": template.id, "name": template.name, "before": before, "put": {**was["put"], **put}}


def without_applied(now: Mapping[str, Any], applied: Mapping[str, Any] | None) -> dict[str, Any]:
    """`now` as if no template had been used: what one put there and nobody changed since is as it was before."""
    values = dict(now)
    for key, put in (applied["put"] if applied else {}).items():
        if values.get(key) == put:
            before = applied["before"].get(key) if applied else None
            values.pop(key) if before is None else values.update({key: before})
    return values


def draft_for(uow: UnitOfWork, channels: Channels, stock_item_id: int, account_id: int) -> int:
    """The id of the item's draft on the account, begun now with its first values where there was none.

    Raises NotFound, Conflict STORE_ONLY or ACCOUNT_DISABLED.
    """
    item, account = item_for_listing(uow.session, stock_item_id), enabled_account(uow.session, account_id)
    values = prefilled(uow.session, channels[account.channel], account, item)
    uow.session.execute(
        upsert(uow.session, ListingDraft)
        .values(
            tenant_id=uow.tenant_id, stock_item_id=stock_item_id, account_id=account_id, fields=values, is_ticked=True,
            version=1, updated_at=uow.at, updated_by=uow.actor.label,
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "stock_item_id", "account_id"])
    )  # fmt: skip
    return uow.session.scalars(
        sa.select(ListingDraft.id).where(
            ListingDraft.stock_item_id == stock_item_id, ListingDraft.account_id == account_id
        )
    ).one()


def apply_template(
    uow: UnitOfWork, channels: Channels, draft_id: int, template_id: int, *, overwrite: bool = False
) -> Applied:
    """Fill a draft from a template: the fields nobody typed into, or with `overwrite` all that the template has.

    A repeat changes nothing. Raises NotFound, Conflict TEMPLATE_DOES_NOT_FIT, DRAFT_CHANGED, Invalid TEMPLATE_BROKEN.
    """
    draft = uow.session.scalars(
        sa.select(ListingDraft).where(ListingDraft.id == draft_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if draft is None:
        raise NotFound("NO_SUCH_DRAFT", "この出品待ちは見つかりません。", remedy="もう出品したか、一覧から選び直してください。")  # fmt: skip
    template = template_by_id(uow.session, template_id)
    account = enabled_account(uow.session, draft.account_id)
    item = item_for_listing(uow.session, draft.stock_item_id)
    reader = FormReader(uow.session, channels, [item], accounts=[account])
    rows, problems = changes(reader, account, item, draft.fields, template, draft.applied)
    if problems:
        raise Invalid(
            "TEMPLATE_BROKEN", f"「{template.name}」から「{item.it_code}」の文を作れません。", item=item.it_code,
            problems=[Invalid("BAD_TEXT", each.message, field=each.field, remedy=each.remedy) for each in problems],
        )  # fmt: skip
    wanted = [each for each in rows if not each.is_same and (overwrite or not each.is_typed)]
    kept = [each.field.label for each in rows if not each.is_same and each not in wanted]
    new = {each.field.key: each.after for each in wanted}
    if new:
        save_draft(
            uow, draft.stock_item_id, draft.account_id, fields={**draft.fields, **new}, is_ticked=draft.is_ticked,
            version=draft.version,
        )  # fmt: skip
        draft.applied = as_applied(template, draft.fields, new, draft.applied)
        after = {"template": template.name, "fields": sorted(new), "overwrite": overwrite}
        record(uow, "draft.apply_template", "listing_draft", draft_id, item.it_code, after=after)
    return Applied(template.name, [each.field.label for each in wanted], kept, new)


def apply_automatic(
    uow: UnitOfWork, channels: Channels, stock_item_id: int, account_id: int, before: Mapping[str, Any]
) -> Applied | None:
    """After a draft was saved: when its category became one that has an automatic template, fill what nobody typed.

    `before`: the values that the form had. A template that cannot be rendered for the item is left to be chosen by hand.
    """
    account = enabled_account(uow.session, account_id)
    keys = category_keys(channels[account.channel].form(account.profile))
    draft = uow.session.scalars(
        sa.select(ListingDraft).where(
            ListingDraft.stock_item_id == stock_item_id, ListingDraft.account_id == account_id
        ),
        execution_options={"populate_existing": True},
    ).one()
    chosen = {
        str(draft.fields[key])
        for key in keys
        if draft.fields.get(key) and draft.fields[key] != before.get(key)
    }
    if not chosen:
        return None
    fitting = automatic_templates(uow.session).get((account.channel, account.profile), {})
    template = next((fitting[each] for each in sorted(chosen) if each in fitting), None)
    if template is None:
        return None
    try:
        return apply_template(uow, channels, draft.id, template.id)
    except Invalid as error:
        if error.code != "TEMPLATE_BROKEN":
            raise
        return None
