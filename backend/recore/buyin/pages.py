"""買取 screens."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.buyin import queries
from recore.buyin.models import PurchaseState
from recore.buyin.service import LineInput, add_line, cancel, confirm, open_purchase, remove_line
from recore.catalog.queries import find_products, product_by_id
from recore.catalog.service import register_product
from recore.identity.service import identify_staff
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Invalid, RecoreError
from recore.stock.rules import SalesRoute
from recore.web.access import current_actor, permission
from recore.web.forms import cursor, one_of, whole_number

bp = Blueprint("buyin", __name__, url_prefix="/buyin", template_folder="templates")


@bp.get("")
@permission("buyin.write")
def index() -> str:
    return render_template(
        "buyin/index.html", page=queries.purchases(db.session(), before=cursor(request.args))
    )


@bp.post("")
@permission("buyin.write")
def start() -> Response:
    with unit_of_work(current_actor()) as uow:
        purchase_id = open_purchase(uow, g.account.shop_id).id
    return redirect(url_for(".show", purchase_id=purchase_id))


@bp.get("/<int:purchase_id>")
@permission("buyin.write")
def show(purchase_id: int) -> str:
    return _render(purchase_id)


def _render(purchase_id: int, *, error: RecoreError | None = None) -> str:
    session = db.session()
    query = request.values.get("q", "").strip()
    return render_template(
        "buyin/show.html",
        purchase=queries.purchase(session, purchase_id),
        lines=queries.lines(session, purchase_id),
        grades=queries.grades(session),
        routes=list(SalesRoute),
        states=PurchaseState,
        query=query,
        found=find_products(session, query),
        chosen=product_by_id(session, request.values.get("product_id", type=int) or 0),
        form=request.form,
        error=error,
        problems={problem.field: problem.message for problem in _problems(error)},
    )


def _problems(error: RecoreError | None) -> list[RecoreError]:
    if error is None:
        return []
    return error.problems if isinstance(error, Invalid) and error.problems else [error]


@bp.post("/<int:purchase_id>/lines")
@permission("buyin.write")
def add(purchase_id: int) -> tuple[str, int] | Response:
    """Add a line; for a product that is not registered yet, register it in the same step."""
    form = request.form
    try:
        with unit_of_work(current_actor()) as uow:
            product_id = form.get("product_id", type=int)
            if product_id is None:
                keys = ("name", "brand", "model_number", "jan", "category")
                product_id = register_product(uow, **{key: form.get(key, "") for key in keys}).id
            line = LineInput(
                product_id=product_id,
                grade=form.get("grade", ""),
                cost=whole_number(form, "cost", "買取価格"),
                price=whole_number(form, "price", "販売価格"),
                quantity=whole_number(form, "quantity", "数量", default=1),
                sales_route=one_of(SalesRoute, form, "sales_route", "販路"),
                note=form.get("note", "").strip(),
            )
            add_line(uow, purchase_id, line)
    except Invalid as error:
        return _render(purchase_id, error=error), error.status
    flash("明細に追加しました。", "success")
    return redirect(url_for(".show", purchase_id=purchase_id))


@bp.post("/<int:purchase_id>/lines/<int:line_id>/delete")
@permission("buyin.write")
def delete_line(purchase_id: int, line_id: int) -> Response:
    with unit_of_work(current_actor()) as uow:
        remove_line(uow, purchase_id, line_id)
    flash("明細を削除しました。", "success")
    return redirect(url_for(".show", purchase_id=purchase_id))


@bp.post("/<int:purchase_id>/confirm")
@permission("buyin.write")
def confirm_purchase(purchase_id: int) -> tuple[str, int] | Response:
    try:
        with unit_of_work(current_actor()) as uow:
            staff = identify_staff(uow, request.form.get("staff_code", ""), "buyin.write")
            items = confirm(uow, purchase_id, staff)
            count = len(items)
    except RecoreError as error:
        return _render(purchase_id, error=error), error.status
    flash(
        f"買取を確定し、{count}件の在庫ができました。バーコードラベルを印刷して商品に貼ってください。",
        "success",
    )
    return redirect(url_for(".show", purchase_id=purchase_id))


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
    session = db.session()
    return render_template(
        "buyin/labels.html",
        purchase=queries.purchase(session, purchase_id),
        lines=[line for line in queries.lines(session, purchase_id) if line.it_code],
    )
