"""受注管理 screens."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from recore.identity.models import Staff
from recore.identity.service import identify_staff, staff_actor
from recore.orders import buyers, queries, service
from recore.orders.address_csv import Encoding, write
from recore.orders.export import Chosen, choose
from recore.orders.models import AddressExport
from recore.orders.queries import Tab
from recore.platform.clock import to_jst
from recore.platform.db import UnitOfWork, db, unit_of_work
from recore.platform.errors import Invalid
from recore.web.access import current_actor, may, permission
from recore.web.forms import one_of, row_ids
from recore.wiring import services

bp = Blueprint("orders", __name__, url_prefix="/ec/orders", template_folder="templates")

MAX_EXPORT = 1000


@bp.get("")
@permission("orders.read")
def index() -> str:
    """The list by tab; a search looks through every tab unless one is chosen."""
    session, text = db.session(), request.args.get("q", "").strip()[:200]
    chosen = request.args.get("tab", "")
    tab = Tab(chosen) if chosen in set(Tab) else (Tab.ALL if text else Tab.UNSHIPPED)
    of_buyer = (
        buyers.matching_orders(session, services().keyring, text) if text and may("orders.export") else []
    )
    page = queries.orders(
        session, tab, text=text, buyer_order_ids=of_buyer, before=request.args.get("before")
    )
    return render_template(
        "orders/index.html",
        page=page,
        lines=queries.lines(session, [row.id for row in page.rows]),
        tab=tab,
        tabs=list(Tab),
        counts=queries.tab_counts(session),
        query=text,
        encodings=list(Encoding),
    )


@bp.get("/<int:order_id>")
@permission("orders.read")
def show(order_id: int) -> str:
    """Who buys is shown to those who may export it."""
    session = db.session()
    order = queries.order(session, order_id)
    found = buyers.read(session, services().keyring, [order_id]) if may("orders.export") else {}
    buyer, message = found.get(order_id, (None, None))
    return render_template(
        "orders/show.html",
        order=order,
        lines=queries.lines(session, [order_id]).get(order_id, []),
        events=queries.events(session, order_id),
        external_ids=queries.external_ids(session, order_id),
        buyer=buyer,
        message=message,
    )


@bp.post("/export")
@permission("orders.export")
def export() -> BaseResponse:
    """Make a 宛先CSV of the chosen orders; the result page shows what is in it and what is not."""
    order_ids = _chosen_orders()
    encoding = one_of(Encoding, request.form, "encoding", "文字コード")
    with unit_of_work(current_actor()) as uow:
        chosen = _choose(order_ids, encoding)
        export_id = service.record_export(uow, chosen.order_ids, chosen.left_out, encoding).id
    return redirect(url_for(".export_result", export_id=export_id))


@bp.get("/exports/<int:export_id>")
@permission("orders.export")
def export_result(export_id: int) -> str:
    session = db.session()
    made = queries.export(session, export_id)
    return render_template(
        "orders/export.html",
        export=made,
        encoding=Encoding(made.encoding),
        orders=queries.for_export(session, made.order_ids),
    )


@bp.get("/exports/<int:export_id>/file")
@permission("orders.export")
def export_file(export_id: int) -> Response:
    """The CSV, made anew: what has changed since and may not be sent any more is not in it."""
    made = queries.export(db.session(), export_id)
    encoding = Encoding(made.encoding)
    response = Response(write(_choose(made.order_ids, encoding).rows, encoding), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(made)}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/<int:order_id>/review/clear")
@permission("orders.write")
def clear_review(order_id: int) -> BaseResponse:
    with unit_of_work(current_actor()) as uow:
        order = service.clear_review(uow, order_id, _staff(uow))
        flash(f"受注{order.number}の要確認を解除しました。", "success")
    return redirect(url_for(".show", order_id=order_id))


@bp.post("/<int:order_id>/lines/<int:line_id>/link")
@permission("orders.write")
def link(order_id: int, line_id: int) -> BaseResponse:
    with unit_of_work(current_actor()) as uow:
        staff = _staff(uow)
        order = service.link_line(uow, order_id, line_id, request.form.get("it_code", ""), staff)
        flash(f"受注{order.number}を在庫と連携しました。", "success")
    return redirect(url_for(".show", order_id=order_id))


@bp.post("/<int:order_id>/lines/<int:line_id>/return")
@permission("orders.write")
def close_return(order_id: int, line_id: int) -> BaseResponse:
    with unit_of_work(current_actor()) as uow:
        staff = _staff(uow)
        came_back = request.form.get("came_back") == "1"
        order = service.close_return(uow, order_id, line_id, staff, came_back=came_back)
        flash(f"受注{order.number}の返品を記録しました。", "success")
    return redirect(url_for(".show", order_id=order_id))


def _staff(uow: UnitOfWork) -> Staff:
    """The person at this action, who becomes its actor (rule 14)."""
    staff = identify_staff(uow, request.form.get("staff_code", ""), "orders.write")
    uow.actor = staff_actor(staff, uow.actor.account_id)
    return staff


def _chosen_orders() -> list[int]:
    """The ticked orders. Raises Invalid NOTHING_CHOSEN, TOO_MANY_CHOSEN."""
    order_ids = row_ids(request.form.getlist("order_ids"))
    if not order_ids:
        raise Invalid(
            "NOTHING_CHOSEN",
            "受注が選ばれていません。",
            field="order_ids",
            remedy="宛先CSVにする受注に印を付けてください。",
        )
    if len(order_ids) > MAX_EXPORT:
        raise Invalid("TOO_MANY_CHOSEN", f"一度に選べるのは{MAX_EXPORT}件までです。", field="order_ids")
    return order_ids


def _choose(order_ids: list[int], encoding: Encoding) -> Chosen:
    wired = services()
    marketplaces = {name: channel.label for name, channel in wired.channels.items()}
    return choose(db.session(), wired.keyring, order_ids, encoding, marketplaces)


def _file_name(made: AddressExport) -> str:
    return f"atesaki_{to_jst(made.made_at):%Y%m%d_%H%M}_{made.id}.csv"
