"""注文CSVの取り込み: upload, look at what it would do, take it in (R24)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from recore.accounts.queries import account, accounts
from recore.channels.base import store_tool
from recore.identity.service import identify_staff, staff_actor
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Conflict, Denied, DeniedHere, Invalid, NotIdentified, RecoreError
from recore.platform.import_rules import ImportState
from recore.platform.tables import MAX_BYTES, MAX_ROWS
from recore.platform.tenancy import require_tenant
from recore.sync import order_import
from recore.sync.judging import Fate
from recore.sync.models import OrderImport, OrderImportRow
from recore.sync.service import Tools
from recore.web.access import current_actor, may, permission, require_on_account
from recore.web.forms import row_ids
from recore.wiring import services

bp = Blueprint("order_import", __name__, url_prefix="/ec/orders/imports", template_folder="templates")

SHOWN = 300
FIRST = (Fate.UNREADABLE, Fate.ASK, Fate.NEW, Fate.CHANGED, Fate.OLDER, Fate.SAME)


def _tools() -> Tools:
    return Tools(services().keyring, services().channels)


def _require(operation: str, account_id: int) -> None:
    """Of the login. Raises NotFound, DeniedHere."""
    require_on_account(operation, account_id, account(db.session(), account_id).name)


@bp.get("")
@permission("orders.write")
def index() -> str:
    return _upload_page(None)


def _upload_page(error: RecoreError | None) -> str:
    channels = services().channels
    mine = [each for each in accounts(db.session()) if may("orders.write", each.id)]
    enabled = [each for each in mine if each.is_enabled and not channels[each.channel].lists_by_api]
    return render_template(
        "sync/import_upload.html",
        error=error,
        accounts=enabled,
        chosen=request.form.get("account_id", ""),
        columns={
            each.id: store_tool(channels[each.channel]).order_file_columns(each.profile) for each in enabled
        },
        tools={each.id: channels[each.channel].profiles[each.profile] for each in enabled},
        past=[each for each in order_import.imports(db.session()) if may("orders.write", each.account_id)],
        max_megabytes=MAX_BYTES // 1024 // 1024,
        max_rows=MAX_ROWS,
    )


@bp.post("")
@permission("orders.write")
def upload() -> BaseResponse | tuple[str, int]:
    """Look the file through. A file that cannot be read as a whole is refused at the form, with the reason."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Invalid(
                "NO_FILE",
                "ファイルが選ばれていません。",
                field="file",
                remedy="ダウンロードした注文のファイルを選んでください。",
            )
        account_ids = row_ids([request.form.get("account_id", "")])
        if not account_ids:
            raise Invalid("NOT_CHOSEN", "ストアを選んでください。", field="account_id")
        _require("orders.write", account_ids[0])
        name, body = file.filename, file.stream.read(MAX_BYTES + 1)
        total = order_import.orders_in(db.session(), _tools(), account_ids[0], body)
        with unit_of_work(current_actor()) as uow:
            import_id = order_import.keep_upload(uow, services().keyring, account_ids[0], name, body, total)
    except (Invalid, Conflict, DeniedHere) as error:
        if file is not None and file.filename and error.field == "file":
            error.message = f"「{file.filename[:80]}」：{error.message}"
        return _upload_page(error), error.status
    return redirect(url_for(".show", import_id=import_id))


@bp.get("/<int:import_id>")
@permission("orders.write")
def show(import_id: int) -> str:
    """What the file would do; or how far it is; or what became of it."""
    return _page(import_id)


def _page(import_id: int, error: RecoreError | None = None) -> str:
    """With what was ticked and typed, where 【取り込む】 came back with an `error`."""
    session = db.session()
    found = order_import.upload_by_id(session, import_id)
    _require("orders.write", found.account_id)
    if found.state is not ImportState.READ:
        return _result(found, order_import.results(session, import_id))
    planned = order_import.plan(session, _tools(), found, require_tenant())
    shown = sorted(planned.orders, key=lambda each: FIRST.index(each.verdict.fate))
    return render_template(
        "sync/import_preview.html",
        upload=found,
        plan=planned,
        orders=shown[:SHOWN],
        hidden=max(0, len(shown) - SHOWN),
        row_names=order_import.row_names,
        fates=FIRST,
        Fate=Fate,
        error=error,
        ticked=set(row_ids(request.form.getlist("row"))),
    )


def _result(upload: OrderImport, rows: Sequence[OrderImportRow]) -> str:
    shown = sorted(rows, key=lambda each: FIRST.index(Fate(each.fate)))
    return render_template(
        "sync/import_progress.html" if upload.state is ImportState.TAKING else "sync/import_result.html",
        upload=upload,
        rows=shown[:SHOWN],
        hidden=max(0, len(shown) - SHOWN),
        done=len(rows),
        counts=order_import.counts(rows),
        unlinked=order_import.unlinked(db.session(), rows),
        Fate=Fate,
    )


@bp.post("/<int:import_id>/take")
@permission("orders.write")
def take(import_id: int) -> BaseResponse | tuple[str, int]:
    try:
        with unit_of_work(current_actor()) as uow:
            staff = identify_staff(uow, request.form.get("staff_code", ""), "orders.write")
            uow.actor = staff_actor(staff, uow.actor.account_id)
            order_import.start(uow, import_id, staff, row_ids(request.form.getlist("row")))
    except (NotIdentified, Denied) as error:
        return _page(import_id, error), error.status
    return redirect(url_for(".show", import_id=import_id))


@bp.get("/<int:import_id>/refused")
@permission("orders.export")
def refused(import_id: int) -> Response:
    """The rows that were not taken in, to correct and upload again."""
    _require("orders.export", order_import.upload_by_id(db.session(), import_id).account_id)
    body = order_import.refused_rows(db.session(), _tools(), import_id, require_tenant())
    response = Response(body, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="torikomi_{import_id}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response
