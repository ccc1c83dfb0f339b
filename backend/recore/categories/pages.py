"""カテゴリ一覧: upload the marketplace's category file, look at what it would do, take it in (R10)."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from recore.categories import queries, service
from recore.categories.rules import ImportState
from recore.categories.tree_file import COLUMNS, MAX_BYTES, MAX_ROWS
from recore.channels.base import Channel
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Conflict, Invalid, RecoreError
from recore.platform.import_rules import Fate
from recore.web.access import current_actor, permission
from recore.wiring import services

bp = Blueprint("categories", __name__, url_prefix="/settings/categories", template_folder="templates")

SHOWN = 300
FIRST = (Fate.REFUSED, Fate.CHANGED, Fate.NEW)


@bp.get("")
@permission("settings.manage")
def index() -> str:
    return _index_page(None)


def _index_page(error: RecoreError | None) -> str:
    session = db.session()
    return render_template(
        "categories/index.html",
        error=error,
        channels=services().channels,
        choices=[(name, channel.label) for name, channel in _with_categories().items()],
        own={name: len(channel.own_categories()) for name, channel in _with_categories().items()},
        chosen=request.form.get("channel", ""),
        trees=queries.trees(session),
        past=queries.imports(session),
        columns=COLUMNS,
        max_megabytes=MAX_BYTES // 1024 // 1024,
        max_rows=MAX_ROWS,
    )


def _with_categories() -> dict[str, Channel]:
    """The marketplaces whose forms ask for a category."""
    return {
        name: channel
        for name, channel in services().channels.items()
        if any(
            field.kind == "category" for profile in channel.profiles for field in channel.form(profile).fields
        )
    }


@bp.post("")
@permission("settings.manage")
def upload() -> BaseResponse | tuple[str, int]:
    """Look the file through. A file that cannot be read as a whole is refused at the form, with the reason."""
    file = request.files.get("file")
    try:
        channel = _with_categories().get(request.form.get("channel", ""))
        if channel is None:
            raise Invalid("NOT_CHOSEN", "マーケットプレイスを選んでください。", field="channel")
        if file is None or not file.filename:
            raise Invalid(
                "NO_FILE",
                "ファイルが選ばれていません。",
                field="file",
                remedy="カテゴリのファイルを選んでください。",
            )
        name, body = file.filename, file.stream.read(MAX_BYTES + 1)
        _, rows = service.read_file(body)
        with unit_of_work(current_actor()) as uow:
            import_id = service.keep_upload(uow, channel, name, body, len(rows))
    except Invalid as error:
        return _index_page(error), error.status
    return redirect(url_for(".show", import_id=import_id))


@bp.get("/imports/<int:import_id>")
@permission("settings.manage")
def show(import_id: int) -> str:
    return _import_page(import_id, None)


def _import_page(import_id: int, error: RecoreError | None) -> str:
    """What the file would do, or what became of it."""
    upload = queries.import_by_id(db.session(), import_id)
    channel = services().channels[upload.channel]
    if upload.state is ImportState.DONE:
        fates = upload.fates or ""
        counts = {each: fates.count(each) for each in Fate}
        notes = sorted((int(number), note) for number, note in (upload.notes or {}).items())[:SHOWN]
        return render_template(
            "categories/result.html", upload=upload, channel=channel, counts=counts, notes=notes, Fate=Fate
        )
    planned = service.plan(db.session(), upload)
    changing = [each for each in planned.rows if each.fate is not Fate.SAME]
    changing.sort(key=lambda each: (FIRST.index(each.fate), each.row.number))
    return render_template(
        "categories/preview.html",
        upload=upload,
        channel=channel,
        plan=planned,
        rows=changing[:SHOWN],
        hidden=max(0, len(changing) - SHOWN),
        Fate=Fate,
        error=error,
    )


@bp.post("/imports/<int:import_id>")
@permission("settings.manage")
def take(import_id: int) -> BaseResponse | tuple[str, int]:
    try:
        with unit_of_work(current_actor()) as uow:
            taken = service.take(uow, import_id, removes=request.form.get("removes") == "1")
    except (Invalid, Conflict) as error:
        return _import_page(import_id, error), error.status
    flash(
        "カテゴリを取り込みました。" if taken else "このファイルは、もう取り込んであります。",
        "success" if taken else "info",
    )
    return redirect(url_for(".show", import_id=import_id))


@bp.get("/imports/<int:import_id>/<any(results, refused):what>")
@permission("settings.manage")
def results(import_id: int, what: str) -> Response:
    """Every row with its result, or the refused rows to correct and upload again."""
    upload = queries.import_by_id(db.session(), import_id)
    body = service.results_file(upload, only_refused=what == "refused")
    response = Response(body, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="categories_{import_id}_{what}.csv"'
    return response
