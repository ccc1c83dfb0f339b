"""出品テンプレート: the list, the form with its live preview, and using one for an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from recore.accounts.queries import enabled_account
from recore.categories.queries import known
from recore.channels.base import Category, Channel, FieldProblem
from recore.listings import form_templates, waiting
from recore.listings.form_templates import TemplateForm
from recore.listings.forms import FormReader, enabled_accounts, forms_of, item_for_listing
from recore.listings.models import ListingTemplate
from recore.listings.template_fill import category_keys, facts_of, filled, template_fields
from recore.listings.template_language import FILTERS, SAMPLE, VARIABLES, Facts
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Conflict, Invalid, NotFound, RecoreError
from recore.platform.text_ja import half_widths
from recore.stock.models import StockItem
from recore.web.access import current_actor, permission
from recore.web.channel_forms import read_values
from recore.web.forms import problems_by_field, row_ids
from recore.wiring import services

bp = Blueprint("templates", __name__, url_prefix="/ec", template_folder="templates")


@dataclass(frozen=True)
class _Account:
    """What `_field.html` asks of an account, for a form that belongs to none."""

    channel: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class _Form:
    account: _Account
    categories: Mapping[str, Category]
    version: int = 1
    values: Mapping[str, Any] = field(default_factory=dict)


# --- the list ----------------------------------------------------------------------------------------------------


@bp.get("/templates")
@permission("ec.read")
def index() -> str:
    session, is_archived = db.session(), request.args.get("archived") == "1"
    rows = form_templates.templates(session, is_archived=is_archived)
    return render_template(
        "listings/templates.html",
        templates=rows,
        is_archived=is_archived,
        channels=services().channels,
        tools=_tools(session),
        paths={each.id: _path(session, each) for each in rows if each.category},
    )


def _tools(session: Session) -> list[tuple[str, str, str]]:
    """(channel, profile, label) of the forms of this shop's marketplaces; of every form there is while it has none."""
    used = {(each.channel, each.profile) for each in enabled_accounts(session)}
    tools = [
        (name, profile, label if label.startswith(channel.label) else f"{channel.label} {label}")
        for name, channel in services().channels.items()
        for profile, label in channel.profiles.items()
    ]
    return [each for each in tools if each[:2] in used] or tools


def _path(session: Session, template: ListingTemplate) -> str:
    found = known(session, services().channels[template.channel], [template.category]).get(template.category)
    return found.path if found else template.category


# --- one template ------------------------------------------------------------------------------------------------


@bp.get("/templates/new/<channel>/<profile>")
@permission("ec.edit")
def new(channel: str, profile: str) -> str:
    wanted = _channel(channel, profile)
    return _form_page(wanted, profile, TemplateForm("", "", False, {}))


@bp.post("/templates/new/<channel>/<profile>")
@permission("ec.edit")
def add(channel: str, profile: str) -> Response | tuple[str, int]:
    wanted = _channel(channel, profile)
    form = _typed(wanted, profile)
    try:
        with unit_of_work(current_actor()) as uow:
            form_templates.add_template(uow, wanted, profile, form)
    except (Invalid, Conflict) as error:
        return _form_page(wanted, profile, form, error=error), error.status
    flash(f"テンプレート「{form.name}」を作りました。", "success")
    return redirect(url_for(".index"))


@bp.get("/templates/<int:template_id>")
@permission("ec.edit")
def show(template_id: int) -> str:
    template = form_templates.template_by_id(db.session(), template_id)
    form = TemplateForm(template.name, template.category, template.is_automatic, template.fields)
    return _form_page(services().channels[template.channel], template.profile, form, template=template)


@bp.post("/templates/<int:template_id>")
@permission("ec.edit")
def change(template_id: int) -> Response | tuple[str, int]:
    template = form_templates.template_by_id(db.session(), template_id)
    channel, profile = services().channels[template.channel], template.profile
    form = _typed(channel, profile)
    version = next(iter(row_ids([request.form.get("version", "")])), 0)
    try:
        with unit_of_work(current_actor()) as uow:
            form_templates.change_template(uow, services().channels, template_id, form, version=version)
    except (Invalid, Conflict) as error:
        template = form_templates.template_by_id(db.session(), template_id)
        return _form_page(channel, profile, form, template=template, error=error), error.status
    flash(f"テンプレート「{form.name}」を保存しました。", "success")
    return redirect(url_for(".index"))


@bp.post("/templates/<int:template_id>/<any(copy, archive, restore):action>")
@permission("ec.edit")
def act(template_id: int, action: str) -> Response:
    with unit_of_work(current_actor()) as uow:
        if action == "copy":
            template_id = form_templates.copy_template(uow, template_id)
        else:
            form_templates.archive_template(uow, template_id, is_archived=action == "archive")
    if action == "copy":
        flash("コピーしました。名前と中身を直して保存してください。", "success")
        return redirect(url_for(".show", template_id=template_id))
    flash("アーカイブしました。" if action == "archive" else "使えるように戻しました。", "success")
    return redirect(url_for(".index"))


def _channel(name: str, profile: str) -> Channel:
    channel = services().channels.get(name)
    if channel is None or profile not in channel.profiles:
        raise NotFound("NO_SUCH_CHANNEL", "このマーケットプレイスは見つかりません。")
    return channel


def _typed(channel: Channel, profile: str) -> TemplateForm:
    return TemplateForm(
        name=request.form.get("name", "").replace("\0", ""),
        category=request.form.get("for_category", "").strip()[:40],
        is_automatic=request.form.get("is_automatic") == "1",
        fields=read_values(template_fields(channel.form(profile))),
    )


def _form_page(
    channel: Channel,
    profile: str,
    form: TemplateForm,
    *,
    template: ListingTemplate | None = None,
    error: RecoreError | None = None,
) -> str:
    session, definition = db.session(), channel.form(profile)
    numbers = [form.category, *(str(form.fields.get(key, "")) for key in category_keys(definition))]
    choices = form_templates.saved_choices(session, channel.name, profile)
    return render_template(
        "listings/template.html",
        channel=channel,
        profile=profile,
        definition=definition,
        keys={each.key for each in template_fields(definition)},
        has_category=bool(category_keys(definition)),
        template=template,
        typed=form,
        form=_Form(_Account(channel.name, {"saved_choices": choices}), known(session, channel, numbers)),
        items=waiting.page(session, services().channels, waiting.Wanted(), size=20).rows,
        variables=VARIABLES,
        filters=FILTERS,
        error=error,
        problems=problems_by_field(error),
    )


# --- live preview ------------------------------------------------------------------------------------------------


@bp.post("/templates/preview/<channel>/<profile>")
@permission("ec.read")
def preview(channel: str, profile: str) -> str:
    """What is typed, for a real item (or a sample): the texts as they would be sent, or the lines to mend. Writes nothing."""
    wanted, session = _channel(channel, profile), db.session()
    form = _typed(wanted, profile)
    problems = form_templates.problems_in(session, wanted, profile, form.category, form.fields)
    broken = {each.field for each in problems}
    definition = wanted.form(profile)
    facts, missing = _facts(session, request.form.get("preview_item", ""))
    good = {key: value for key, value in form.fields.items() if key not in broken}
    values, unrendered = filled(definition, good, facts)
    texts = [each for each in definition.fields if each.kind in ("text", "html") and each.key in values]
    return render_template(
        "listings/_template_preview.html",
        facts=facts,
        missing=missing,
        problems=[*problems, *unrendered],
        texts=texts,
        widths={each.key: half_widths(str(values[each.key])) for each in texts},
        values={each.key: wanted.preview(values[each.key]) if each.kind == "html" else values[each.key] for each in texts},
    )  # fmt: skip


def _facts(session: Session, it_code: str) -> tuple[Facts, str]:
    """(facts, the code that was not found)"""
    code = it_code.strip()
    if not code:
        return SAMPLE, ""
    found = session.scalar(sa.select(StockItem.id).where(StockItem.it_code == code[:20].upper()))
    return (facts_of(session, {found: 1})[found], "") if found is not None else (SAMPLE, code)


# --- using one ---------------------------------------------------------------------------------------------------


@bp.get("/drafts/<int:stock_item_id>/accounts/<int:account_id>/template")
@permission("ec.edit")
def choose(stock_item_id: int, account_id: int) -> str:
    """Which templates there are for the form, and what the chosen one would change."""
    return _choose_page(
        stock_item_id, account_id, next(iter(row_ids([request.args.get("template_id", "")])), None)
    )


def _choose_page(
    stock_item_id: int, account_id: int, template_id: int | None, error: RecoreError | None = None
) -> str:
    session, channels = db.session(), services().channels
    account = enabled_account(session, account_id)
    item = item_for_listing(session, stock_item_id)
    rows: list[form_templates.Change] = []
    problems: list[FieldProblem] = []
    chosen = form_templates.template_by_id(session, template_id) if template_id is not None else None
    form = next(each for each in forms_of(session, channels, item) if each.account.id == account_id)
    if chosen is not None:
        reader = FormReader(session, channels, [item], accounts=[account])
        draft = reader.drafts.get((stock_item_id, account_id))
        applied = draft.applied if draft else None
        rows, problems = form_templates.changes(reader, account, item, form.values, chosen, applied)
    return render_template(
        "listings/use_template.html",
        item=item,
        marketplace=account,
        templates=form_templates.templates(session, channel=account.channel, profile=account.profile),
        chosen=chosen,
        rows=rows,
        problems=problems,
        error=error,
    )


@bp.post("/drafts/<int:stock_item_id>/accounts/<int:account_id>/template")
@permission("ec.edit")
def use(stock_item_id: int, account_id: int) -> Response | tuple[str, int]:
    template_id = next(iter(row_ids([request.form.get("template_id", "")])), 0)
    try:
        with unit_of_work(current_actor()) as uow:
            draft_id = form_templates.draft_for(uow, services().channels, stock_item_id, account_id)
            applied = form_templates.apply_template(
                uow,
                services().channels,
                draft_id,
                template_id,
                overwrite=request.form.get("overwrite") == "1",
            )
    except Invalid as error:
        return _choose_page(stock_item_id, account_id, template_id, error), error.status
    if applied.filled:
        flash(f"テンプレート「{applied.template}」から {'、'.join(applied.filled)} を入れました。", "success")
    else:
        flash(f"テンプレート「{applied.template}」で変わる項目はありませんでした。", "info")
    return redirect(url_for("listings.draft", stock_item_id=stock_item_id))
