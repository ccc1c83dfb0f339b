"""設定: the way to each part, and the values in which shops differ, each with its default (identity/settings.py)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.identity.settings import DEFINITIONS, SettingDefinition, change_settings, setting
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Invalid, RecoreError
from recore.web.access import current_actor, permission, signed_in
from recore.web.forms import problems_by_field, whole_number
from recore.web.navigation import settings_links

bp = Blueprint("settings", __name__, url_prefix="/settings", template_folder="templates")


@bp.get("")
@signed_in
def home() -> str:
    return render_template("identity/settings_home.html", links=settings_links())


@bp.get("/shop")
@permission("settings.manage")
def index() -> str:
    stored = _stored()
    return render_template(
        "identity/settings.html", definitions=DEFINITIONS, values=stored, shown=stored, problems={}
    )


@bp.post("/shop")
@permission("settings.manage")
def change() -> str | tuple[str, int] | Response:
    """All or none of the values that were changed on this page; what somebody else changed meanwhile stays."""
    try:
        wanted = _wanted()
        with unit_of_work(current_actor()) as uow:
            change_settings(uow, wanted)
    except RecoreError as error:
        return _refused(error), error.status
    flash("設定を保存しました。" if wanted else "変わった設定はありません。", "success")
    return redirect(url_for(".index"))


def _refused(error: RecoreError) -> str:
    return render_template(
        "identity/settings.html",
        definitions=DEFINITIONS,
        values={key: request.form.get(key, "") for key in DEFINITIONS},
        shown={key: request.form.get(f"was-{key}", "") for key in DEFINITIONS},
        error=error,
        problems=problems_by_field(error),
    )


def _stored() -> dict[str, int]:
    return {key: setting(db.session(), key) for key in DEFINITIONS}


def _wanted() -> dict[str, int]:
    """The values that differ from what the page showed. Raises Invalid with a problem per value that is no number."""
    wanted, problems = {}, []
    for key, definition in DEFINITIONS.items():
        try:
            value = _typed(key, definition)
        except Invalid as error:
            problems.append(error)
            continue
        if str(value) != request.form.get(f"was-{key}"):
            wanted[key] = value
    if problems:
        raise Invalid("SETTINGS", "保存できない値があります。", problems=list(problems))
    return wanted


def _typed(key: str, definition: SettingDefinition) -> int:
    if isinstance(definition.default, bool):
        return int(request.form.get(key) == "1")
    return whole_number(request.form, key, f"「{definition.label}」")
