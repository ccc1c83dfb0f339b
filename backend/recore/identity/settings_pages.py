"""お店の設定: values in which shops differ, each with its default (identity/settings.py)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.identity.settings import DEFINITIONS, change_setting, setting
from recore.platform.db import db, unit_of_work
from recore.web.access import current_actor, permission
from recore.web.forms import whole_number

bp = Blueprint("settings", __name__, url_prefix="/settings", template_folder="templates")


@bp.get("/shop")
@permission("settings.manage")
def index() -> str:
    values = {key: setting(db.session(), key) for key in DEFINITIONS}
    return render_template("identity/settings.html", definitions=DEFINITIONS, values=values)


@bp.post("/shop")
@permission("settings.manage")
def change() -> Response:
    """All values at once; only those that differ are written, in one transaction."""
    with unit_of_work(current_actor()) as uow:
        for key, definition in DEFINITIONS.items():
            value = (
                int(request.form.get(key) == "1")
                if isinstance(definition.default, bool)
                else whole_number(request.form, key, definition.label)
            )
            if value != setting(uow.session, key):
                change_setting(uow, key, value)
    flash("設定を保存しました。", "success")
    return redirect(url_for(".index"))
