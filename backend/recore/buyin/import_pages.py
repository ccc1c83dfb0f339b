"""ファイルから取り込む: upload, look at what it would do, take it in, correct what was refused (R4)."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from recore.buyin import queries
from recore.buyin.stock_file import KINDS
from recore.catalog.models import Product
from recore.identity.service import identify_staff, staff_actor
from recore.platform import imports
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Conflict, Denied, Invalid, NotFound, NotIdentified, RecoreError
from recore.platform.import_rules import Fate, ImportState
from recore.platform.imports import FileImport, FileImportRow, Importer, ImportKind
from recore.platform.paging import AnyRow
from recore.platform.tables import EXCEL
from recore.stock.models import StockItem
from recore.web.access import current_actor, permission
from recore.wiring import services

bp = Blueprint("file_imports", __name__, url_prefix="/buyin/imports", template_folder="templates")

SHOWN = 300
FIRST = (Fate.REFUSED, Fate.NEW, Fate.CHANGED, Fate.SAME)


def _importer() -> Importer:
    return Importer(services().keyring, KINDS)


def _kind(name: str) -> ImportKind:
    if name not in KINDS:
        raise NotFound(
            "NO_SUCH_KIND", "取り込むものが選ばれていません。", remedy="買取か商品を選んでください。"
        )
    return KINDS[name]


@bp.get("")
@permission("buyin.write")
def index() -> str:
    return _upload_page(None)


def _upload_page(error: RecoreError | None) -> str:
    return render_template(
        "buyin/import_upload.html",
        error=error,
        kinds=KINDS,
        chosen=request.form.get("kind", next(iter(KINDS))),
        past=imports.imports(db.session()),
        max_megabytes=imports.MAX_BYTES // 1024 // 1024,
        max_rows=imports.MAX_ROWS,
    )


@bp.post("")
@permission("buyin.write")
def upload() -> BaseResponse | tuple[str, int]:
    """Look the file through. A file that cannot be read as a whole is refused at the form, with the reason."""
    file = request.files.get("file")
    try:
        kind = _kind(request.form.get("kind", ""))
        if file is None or not file.filename:
            raise Invalid(
                "NO_FILE",
                "ファイルが選ばれていません。",
                field="file",
                remedy="ExcelかCSVのファイルを選んでください。",
            )
        name, importer = file.filename, _importer()
        table = importer.read(kind, file.stream.read(imports.MAX_BYTES + 1))
        with unit_of_work(current_actor()) as uow:
            import_id = importer.keep(uow, kind, name, table, g.account.shop_id)
    except (Invalid, NotFound) as error:
        if file is not None and file.filename and error.field == "file":
            error.message = f"「{file.filename[:80]}」：{error.message}"
        return _upload_page(error), error.status
    return redirect(url_for(".show", import_id=import_id))


@bp.get("/<int:import_id>")
@permission("buyin.write")
def show(import_id: int) -> str:
    """What the file would do; or how far it is; or what became of it."""
    return _page(import_id)


def _page(import_id: int, error: RecoreError | None = None) -> str:
    session = db.session()
    found = imports.import_by_id(session, import_id)
    if found.state is not ImportState.READ:
        return _result(session, found)
    plan = _importer().plan(session, found)
    shown = sorted(plan.rows, key=lambda each: FIRST.index(each.fate))
    return render_template(
        "buyin/import_preview.html",
        upload=found,
        kind=KINDS[found.kind],
        plan=plan,
        rows=shown[:SHOWN],
        hidden=max(0, len(shown) - SHOWN),
        fates=FIRST,
        Fate=Fate,
        error=error,
    )


def _result(session: Session, upload: FileImport) -> str:
    counts = imports.counts(session, upload.id)
    context = {"upload": upload, "kind": KINDS[upload.kind], "done": sum(counts.values())}
    if upload.state is ImportState.TAKING:
        return render_template("buyin/import_progress.html", **context)
    undone = imports.undo_counts(session, upload.id)
    if upload.undo_at and not upload.undone_at:
        context |= {"done": undone.taken_back + undone.kept, "total": counts.get(Fate.NEW, 0)}
        return render_template("buyin/import_undoing.html", **context)
    rows = sorted(imports.results(session, upload.id), key=lambda each: FIRST.index(Fate(each.fate)))
    return render_template(
        "buyin/import_result.html",
        **context,
        counts=counts,
        undone=undone,
        rows=rows[:SHOWN],
        hidden=max(0, len(rows) - SHOWN),
        items=_items(session, rows[:SHOWN]),
        purchases=queries.purchases_of_import(session, upload.id),
        left=upload.total - sum(count for fate, count in counts.items() if fate is not Fate.REFUSED),
        Fate=Fate,
    )


def _items(session: Session, rows: Sequence[FileImportRow]) -> dict[str, AnyRow]:
    """IT code or PD code → (stock item's id, product's name), for the links."""
    codes = [row.made for row in rows if row.made]
    items = session.execute(
        sa.select(StockItem.it_code, StockItem.id, Product.name)
        .join(Product, Product.id == StockItem.product_id)
        .where(StockItem.it_code.in_(codes))
    )
    products = session.execute(
        sa.select(Product.pd_code, sa.null().label("id"), Product.name).where(Product.pd_code.in_(codes))
    )
    return {row[0]: row for found in (items, products) for row in found}


@bp.post("/<int:import_id>/take")
@permission("buyin.write")
def take(import_id: int) -> BaseResponse | tuple[str, int]:
    actor = current_actor()
    try:
        with unit_of_work(actor) as uow:
            staff = identify_staff(uow, request.form.get("staff_code", ""), "buyin.write")
            uow.actor = staff_actor(staff, actor.account_id)
            _importer().start(uow, import_id)
    except (NotIdentified, Denied, Conflict) as error:
        return _page(import_id, error), error.status
    return redirect(url_for(".show", import_id=import_id))


@bp.get("/<int:import_id>/refused")
@permission("buyin.write")
def refused(import_id: int) -> Response:
    return _download(_importer().refused_file(db.session(), import_id), f"torikomi_{import_id}.xlsx")


@bp.get("/template/<any(stock, products):kind>")
@permission("buyin.write")
def template(kind: str) -> Response:
    return _download(_importer().template(_kind(kind)), f"torikomi_{kind}.xlsx")


def _download(body: bytes, name: str) -> Response:
    response = Response(body, mimetype=EXCEL)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
