"""操作履歴: who changed what, when, from what to what (R31)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for

from recore.history import queries, words
from recore.history.queries import Filter
from recore.history.words import Names
from recore.platform.actor import ActorKind
from recore.platform.audit import AuditEntry
from recore.platform.db import db
from recore.platform.errors import Invalid
from recore.web.access import may, permission
from recore.web.forms import cursor, day, row_ids
from recore.wiring import services

bp = Blueprint("history", __name__, url_prefix="/settings/history", template_folder="templates")

WHO = {
    ActorKind.ACCOUNT: "担当者を選んでいないPC", ActorKind.DEVICE: "拡張機能", ActorKind.JOB: "自動処理",
    ActorKind.OPERATOR: "運用者",
}  # fmt: skip
LINKS = {  # subject → (page, its parameter, who may open it)
    "stock_item": ("stock.show", "stock_item_id", "stock.read"),
    "listing": ("listings.show", "listing_id", "ec.read"),
    "order": ("orders.show", "order_id", "orders.read"),
    "purchase": ("buyin.show", "purchase_id", "buyin.write"),
    "account": ("accounts.show", "account_id", "settings.manage"),
    "listing_template": ("templates.show", "template_id", "ec.edit"),
}
PARAMETERS = ("q", "who", "what", "from", "to")


@bp.get("")
@permission("audit.read")
def index() -> str:
    session, problem = db.session(), None
    try:
        first, last = day(request.args, "from"), day(request.args, "to")
    except Invalid as error:
        problem, first, last = error, None, None
    page = queries.entries(session, _filter(first, last), before=cursor(request.args))
    names = Names(_form_fields(), queries.policies(session))
    return render_template(
        "history/index.html",
        page=page,
        changes={entry.id: words.changes(entry, names) for entry in page.rows},
        labels={entry.id: words.subject_label(entry) for entry in page.rows},
        links={entry.id: _link(entry) for entry in page.rows},
        staff=queries.staff(session),
        logins=queries.logins(session),
        who=WHO,
        groups=words.GROUPS,
        actions=words.ACTIONS,
        subjects=words.SUBJECTS,
        typed=request.args,
        is_filtered=any(request.args.get(name) for name in PARAMETERS),
        problem=problem,
    )


def _filter(first: date | None, last: date | None) -> Filter:
    who = request.args.get("who", "")
    return Filter(
        text=request.args.get("q", "").strip()[:100],
        staff_id=next(iter(row_ids([who])), None),
        kind=next((each for each in WHO if each == who), None),
        actions=tuple(words.group_of(request.args.get("what", ""))),
        first=first,
        last=last,
    )


def _link(entry: AuditEntry) -> str | None:
    page, parameter, operation = LINKS.get(entry.subject_kind, (None, "", ""))
    if page is None or entry.subject_id is None or not may(operation):
        return None
    values: dict[str, Any] = {parameter: entry.subject_id}
    return url_for(page, **values)


def _form_fields() -> dict[str, str]:
    """key → label of the fields of every marketplace's form."""
    forms = [
        channel.form(profile) for channel in services().channels.values() for profile in channel.profiles
    ]
    return {field.key: field.label for form in forms for field in form.fields}
