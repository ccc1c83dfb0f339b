"""買取 screens."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from recore.buyin import queries, sellers
from recore.buyin.labels import MAX_LABELS, PAPERS, labels_of
from recore.buyin.models import PurchaseState
from recore.buyin.service import (
    LineInput,
    add_line,
    cancel,
    change_line,
    confirm,
    open_purchase,
    remove_line,
    restore_line,
)
from recore.catalog.queries import find_products, product_by_code, product_by_id
from recore.catalog.rules import normal_jan
from recore.catalog.service import register_product
from recore.identity.service import identify_staff, staff_actor
from recore.identity.settings import setting
from recore.platform.crypto import new_token
from recore.platform.db import UnitOfWork, db, unit_of_work
from recore.platform.errors import Conflict, Invalid, RecoreError
from recore.platform.paging import AnyRow
from recore.platform.receipts import once
from recore.stock.queries import item_by_code
from recore.stock.rules import SalesRoute
from recore.web.access import current_actor, permission
from recore.web.forms import cursor, one_of, problems_by_field, row_ids, whole_number

bp = Blueprint("buyin", __name__, url_prefix="/buyin", template_folder="templates")

T = TypeVar("T")
KEPT, PAPER = (
    "buyin_kept",
    "label_paper",
)  # of this till's session: the last grade and 販路, the paper in the printer
PRODUCT_FIELDS = ("name", "brand", "model_number", "jan", "category")
MAX_QUERY = 200


@bp.get("")
@permission("buyin.write")
def index() -> str:
    return render_template(
        "buyin/index.html",
        page=queries.purchases(db.session(), before=cursor(request.args)),
        has_ledger=sellers.is_on(db.session()),
    )


@bp.post("")
@permission("buyin.write")
def start() -> Response:
    with unit_of_work(current_actor()) as uow:
        purchase_id = open_purchase(uow, g.account.shop_id).id
    return redirect(url_for(".show", purchase_id=purchase_id))


@bp.get("/<int:purchase_id>")
@permission("buyin.write")
def show(purchase_id: int) -> str | Response:
    """The purchase. A scanned code of a known product chooses it; while one types, only the list is asked for."""
    query = _query()
    if request.headers.get("HX-Request"):
        return render_template(
            "buyin/_found.html",
            purchase_id=purchase_id,
            query=query,
            found=find_products(db.session(), query),
        )
    if query and "product_id" not in request.args and (product := _scanned(query)) is not None:
        return redirect(url_for(".show", purchase_id=purchase_id, product_id=product.id))
    return _render(purchase_id)


def _query() -> str:
    return request.args.get("q", "").replace("\0", "").strip()[:MAX_QUERY]


def _scanned(code: str) -> AnyRow | None:
    """The product of a PD code or JAN, or of the label on an item that was in the house before."""
    if (product := product_by_code(db.session(), code)) is not None:
        return product
    item = item_by_code(db.session(), code)
    return product_by_code(db.session(), item.pd_code) if item else None


def _render(purchase_id: int, *, error: RecoreError | None = None) -> str:
    """With what was typed where a form came back with an `error`."""
    session_, query = db.session(), _query()
    purchase, rows = queries.purchase(session_, purchase_id), queries.lines(session_, purchase_id)
    edited = next((row for row in rows if row.id == _edited_id() and not row.removed_at), None)
    chosen = product_by_id(session_, _product_id() or (edited.product_id if edited else 0))
    problems = problems_by_field(error)
    return render_template(
        "buyin/show.html",
        purchase=purchase,
        lines=[row for row in rows if row.removed_at is None],
        removed=[row for row in rows if row.removed_at is not None],
        states=PurchaseState,
        grades=queries.grades(session_),
        routes=list(SalesRoute),
        route_changes=bool(setting(session_, "route.changeable")),
        query=query,
        found=find_products(session_, query),
        chosen=chosen,
        edited=edited,
        last=queries.last_bought(session_, chosen.id) if chosen else None,
        form=_typed(query, edited),
        key=new_token(),
        seller=sellers.has_seller(session_, purchase_id) if sellers.is_on(session_) else None,
        error=error,
        problems=problems,
        known=product_by_code(session_, request.form.get("jan", "")) if "jan" in problems else None,
    )


def _product_id() -> int | None:
    return next(iter(row_ids(request.values.getlist("product_id"))), None)


def _edited_id() -> int:
    """The line that is being changed, 0 for a new one."""
    in_url = (request.view_args or {}).get("line_id") or next(iter(row_ids(request.args.getlist("line"))), 0)
    return int(in_url)


def _typed(query: str, edited: AnyRow | None) -> Mapping[str, str]:
    """What the line's form begins with: what was typed, the line to change, or this till's last grade and 販路."""
    if request.method == "POST" and "quantity" in request.form:
        return request.form
    if edited is not None:
        return {
            name: str(getattr(edited, name))
            for name in ("grade", "cost", "price", "quantity", "sales_route", "note")
        }
    jan = normal_jan(query)
    looks_like_jan = jan.isascii() and jan.isdigit() and len(jan) in (8, 13)
    name = {"jan": jan} if looks_like_jan else {"name": query}
    kept: dict[str, str] = session.get(KEPT, {})
    return {"quantity": "1", **kept, **name}


@bp.post("/<int:purchase_id>/lines")
@permission("buyin.write")
def add(purchase_id: int) -> tuple[str, int] | Response:
    """Add a line, once however often the form is sent; a product that is not registered yet is, in the same step."""
    try:
        with unit_of_work(current_actor()) as uow:
            key = request.form.get("key", "")[:80] or new_token()
            once(
                uow,
                f"buyin.line.{purchase_id}",
                key,
                _digest(),
                lambda: {"line_id": _added(uow, purchase_id)},
            )
    except Invalid as error:
        return _render(purchase_id, error=error), error.status
    _keep_choices()
    flash("明細に追加しました。", "success")
    return redirect(url_for(".show", purchase_id=purchase_id))


def _digest() -> bytes:
    """What makes this form another one."""
    values = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    return hashlib.sha256(repr(values).encode()).digest()


def _added(uow: UnitOfWork, purchase_id: int) -> int:
    problems: list[RecoreError] = []
    product_id = _product_id()
    if product_id is None:
        new = {name: request.form.get(name, "") for name in PRODUCT_FIELDS}
        product_id = _or_problem(problems, lambda: register_product(uow, **new).id, 0)
    return add_line(uow, purchase_id, _line(product_id, problems)).id


def _line(product_id: int, problems: list[RecoreError]) -> LineInput:
    """The line as typed. Raises Invalid LINE with every wrong field, those in `problems` first."""
    form = request.form
    line = LineInput(
        product_id=product_id,
        grade=_or_problem(problems, lambda: _grade(form), ""),
        cost=_or_problem(problems, lambda: whole_number(form, "cost", "買取価格"), 0),
        price=_or_problem(problems, lambda: whole_number(form, "price", "販売価格"), 0),
        quantity=_or_problem(problems, lambda: whole_number(form, "quantity", "数量", default=1), 1),
        sales_route=_or_problem(
            problems, lambda: one_of(SalesRoute, form, "sales_route", "販路"), SalesRoute.BOTH
        ),
        note=form.get("note", "").strip(),
    )
    if problems:
        raise Invalid("LINE", "明細に追加できません。次のところを直してください。", problems=problems)
    return line


def _or_problem(problems: list[RecoreError], read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except Invalid as error:
        problems.extend(error.problems or [error])
        return otherwise


def _grade(form: Mapping[str, str]) -> str:
    if grade := form.get("grade", ""):
        return grade
    raise Invalid("NOT_CHOSEN", "グレードを選んでください。", field="grade")


def _keep_choices() -> None:
    """The next line of this till begins with the same grade and 販路."""
    session[KEPT] = {name: request.form.get(name, "")[:20] for name in ("grade", "sales_route")}


@bp.post("/<int:purchase_id>/lines/<int:line_id>")
@permission("buyin.write")
def change(purchase_id: int, line_id: int) -> tuple[str, int] | Response:
    try:
        with unit_of_work(current_actor()) as uow:
            line = _line(_product_id() or 0, [])
            change_line(uow, purchase_id, line_id, line)
    except Invalid as error:
        return _render(purchase_id, error=error), error.status
    _keep_choices()
    flash("明細を直しました。", "success")
    return redirect(url_for(".show", purchase_id=purchase_id))


@bp.post("/<int:purchase_id>/lines/<int:line_id>/<any(delete, restore):action>")
@permission("buyin.write")
def remove(purchase_id: int, line_id: int, action: str) -> Response:
    with unit_of_work(current_actor()) as uow:
        (remove_line if action == "delete" else restore_line)(uow, purchase_id, line_id)
    return redirect(url_for(".show", purchase_id=purchase_id, _anchor="lines"))


@bp.post("/<int:purchase_id>/confirm")
@permission("buyin.write")
def confirm_purchase(purchase_id: int) -> tuple[str, int] | Response:
    actor = current_actor()
    try:
        with unit_of_work(actor) as uow:
            staff = identify_staff(uow, request.form.get("staff_code", ""), "buyin.write")
            uow.actor = staff_actor(staff, actor.account_id)
            count = len(confirm(uow, purchase_id, staff))
    except RecoreError as error:
        if isinstance(error, Conflict) and _is_confirmed(purchase_id):
            flash("この買取は、もう確定してあります。", "info")  # the button was pressed twice
            return redirect(url_for(".show", purchase_id=purchase_id))
        return _render(purchase_id, error=error), error.status
    flash(
        f"買取を確定し、{count}件の在庫ができました。バーコードラベルを印刷して商品に貼ってください。",
        "success",
    )
    return redirect(url_for(".show", purchase_id=purchase_id))


def _is_confirmed(purchase_id: int) -> bool:
    return queries.purchase(db.session(), purchase_id).state is PurchaseState.CONFIRMED


@bp.post("/<int:purchase_id>/cancel")
@permission("buyin.write")
def cancel_purchase(purchase_id: int) -> Response:
    with unit_of_work(current_actor()) as uow:
        cancel(uow, purchase_id)
    flash("入力中の買取を取り消しました。", "success")
    return redirect(url_for(".index"))


@bp.get("/<int:purchase_id>/labels")
@permission("buyin.write")
def labels(purchase_id: int) -> str:
    session_ = db.session()
    back = (
        url_for(".show", purchase_id=purchase_id),
        f"買取 {queries.purchase(session_, purchase_id).number}",
    )
    return _labels_page([line for line in queries.lines(session_, purchase_id) if line.it_code], back)


@bp.get("/labels")
@permission("stock.read")
def labels_again() -> str:
    """Labels of what is in stock (?item=), at today's price: one that was torn, or a new price."""
    items = queries.items_to_label(db.session(), row_ids(request.args.getlist("item"))[:MAX_LABELS])
    only = items[0] if len(items) == 1 else None
    back = (url_for("stock.show", stock_item_id=only.stock_item_id), f"在庫 {only.it_code}") if only else None
    return _labels_page(items, back or (url_for("stock.index"), "在庫の一覧"))


def _labels_page(lines: Sequence[AnyRow], back: tuple[str, str]) -> str:
    """One label per piece, or per item; the paper of this till's printer is kept."""
    wanted = request.args.get("paper", "") or session.get(PAPER, "")
    paper = wanted if wanted in PAPERS else next(iter(PAPERS))
    if request.args.get("paper"):
        session[PAPER] = paper
    per_item = request.args.get("per") == "item"
    printed, left_out = labels_of(lines, per_item=per_item)
    return render_template(
        "buyin/labels.html",
        back=back,
        kept=request.args.getlist("item")[:MAX_LABELS],
        labels=printed,
        left_out=left_out,
        papers=PAPERS,
        paper=paper,
        per_item=per_item,
    )
