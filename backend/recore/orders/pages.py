"""受注管理 screens."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from recore.commands import queries as commands
from recore.commands import service as command_service
from recore.identity.models import Staff
from recore.identity.service import identify_staff, staff_actor
from recore.orders import buyers, queries, service, shipping
from recore.orders.address_csv import Encoding, write
from recore.orders.export import Chosen, choose
from recore.orders.models import AddressExport
from recore.orders.queries import Tab
from recore.orders.rules import OrderState
from recore.orders.shipping import Parcel
from recore.platform.clock import to_jst
from recore.platform.db import UnitOfWork, db, unit_of_work
from recore.platform.errors import Conflict, DeniedHere, Invalid, RecoreError
from recore.web.access import current_actor, may, permission, require_on_account, scope_of
from recore.web.forms import one_of, row_ids
from recore.wiring import services

bp = Blueprint("orders", __name__, url_prefix="/ec/orders", template_folder="templates")

MAX_EXPORT = 1000
MAX_SHIPMENTS = 100  # an address has its limits


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
        session, tab, scope=scope_of("orders.read"), text=text,
        buyer_order_ids=queries.within_scope(session, of_buyer, scope_of("orders.export")),
        before=request.args.get("before"),
    )  # fmt: skip
    return render_template(
        "orders/index.html",
        page=page,
        lines=queries.lines(session, [row.id for row in page.rows]),
        tab=tab,
        tabs=list(Tab),
        counts=queries.tab_counts(session, scope_of("orders.read")),
        query=text,
        encodings=list(Encoding),
        shipments=commands.of_orders(session, [row.id for row in page.rows]),
    )


@bp.get("/<int:order_id>")
@permission("orders.read")
def show(order_id: int) -> str:
    """Who buys is shown to those who may export it."""
    session = db.session()
    order = queries.order(session, order_id)
    require_on_account("orders.read", order.account_id, order.account_name)
    may_see = may("orders.export", order.account_id)
    found = buyers.read(session, services().keyring, [order_id]) if may_see else {}
    buyer, message = found.get(order_id, (None, None))
    return render_template(
        "orders/show.html",
        order=order,
        lines=queries.lines(session, [order_id]).get(order_id, []),
        events=queries.events(session, order_id),
        external_ids=queries.external_ids(session, order_id),
        buyer=buyer,
        message=message,
        shipment=commands.of_orders(session, [order_id]).get(order_id),
        form=services().channels[order.channel].shipping(order.profile),
        states=OrderState,
    )


@bp.post("/export")
@permission("orders.export")
def export() -> BaseResponse:
    """Make a 宛先CSV of the chosen orders; the result page shows what is in it and what is not."""
    order_ids = _chosen_orders(MAX_EXPORT)
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
        orders=[
            each
            for each in queries.for_export(session, made.order_ids)
            if may("orders.export", each.account_id)
        ],
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


# --- 発送通知 ----------------------------------------------------------------------------------------------------


@bp.post("/<int:order_id>/shipment/<any(ask, take_back, done, not_done):action>")
@permission("orders.write")
def shipment(order_id: int, action: str) -> BaseResponse:
    """【発送済みにする】, and what a person decides about it afterwards."""
    with unit_of_work(current_actor()) as uow:
        staff = _staff(uow)
        if action == "ask":
            parcel = Parcel(request.form.get("carrier", ""), request.form.get("tracking_number", ""))
            order = shipping.ship(uow, services().channels, order_id, parcel, staff)
            message = f"受注{order.number}の発送通知を依頼しました。反映を確認すると「出荷済み」になります。"
        else:
            message = _decide(uow, order_id, action, staff)
    flash(message, "success")
    return redirect(url_for(".show", order_id=order_id))


def _decide(uow: UnitOfWork, order_id: int, action: str, staff: Staff) -> str:
    order = service.locked(uow, order_id)
    command = commands.of_orders(uow.session, [order_id]).get(order_id)
    if command is None:
        raise Conflict(
            "NOT_ASKED", f"受注「{order.number}」の発送通知は依頼されていません。", item=order.number,
            remedy="画面を再読み込みしてください。",
        )  # fmt: skip
    if action == "take_back":
        command_service.take_back(uow, command.id, f"{staff.name}さんが取りやめた")
        return "発送通知を取りやめました。"
    is_done = action == "done"
    word = "発送済みになっている" if is_done else "発送済みになっていない"
    command_service.resolve(uow, command.id, f"{staff.name}さんが「{word}」と確認", is_done=is_done)
    return "確認を記録しました。受注の状態は、マーケットプレイスの状態に合わせて変わります。"


@bp.post("/shipments/choose")
@permission("orders.write")
def choose_shipments() -> BaseResponse:
    """From the ticked rows to their form, which is a page of its own."""
    return redirect(url_for(".shipments", order_ids=_chosen_orders(MAX_SHIPMENTS)))


@bp.get("/shipments")
@permission("orders.write")
def shipments() -> str:
    """Carrier and tracking number of several orders."""
    return _shipments_page(row_ids(request.args.getlist("order_ids"))[:MAX_SHIPMENTS], {})


def _shipments_page(order_ids: list[int], problems: dict[int, RecoreError], sent: int = 0) -> str:
    session, channels = db.session(), services().channels
    rows = [row for row in queries.for_shipping(session, order_ids) if may("orders.read", row.account_id)]
    return render_template(
        "orders/shipments.html",
        orders=rows,
        forms={row.id: channels[row.channel].shipping(row.profile) for row in rows},
        problems=problems,
        sent=sent,
        typed=request.form,
    )


@bp.post("/shipments")
@permission("orders.write")
def ship_several() -> tuple[str, int] | BaseResponse:
    """Each in a transaction of its own: the good ones go, the others stay on the page with their reasons."""
    actor = current_actor()
    order_ids = _chosen_orders(MAX_SHIPMENTS)
    problems: dict[int, RecoreError] = {}
    for order_id in order_ids:
        parcel = Parcel(
            request.form.get(f"carrier-{order_id}", ""), request.form.get(f"tracking_number-{order_id}", "")
        )
        try:
            with unit_of_work(actor) as uow:
                shipping.ship(uow, services().channels, order_id, parcel, _staff(uow))
        except (Conflict, Invalid, DeniedHere) as error:
            problems[order_id] = error
    sent = len(order_ids) - len(problems)
    if problems:
        return _shipments_page(list(problems), problems, sent), 422
    flash(f"{sent}件の発送通知を依頼しました。反映を確認すると「出荷済み」になります。", "success")
    return redirect(url_for(".index", tab=Tab.UNSHIPPED))


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


def _chosen_orders(most: int) -> list[int]:
    """The ticked orders. Raises Invalid NOTHING_CHOSEN, TOO_MANY_CHOSEN."""
    order_ids = row_ids(request.form.getlist("order_ids"))
    if not order_ids:
        raise Invalid(
            "NOTHING_CHOSEN",
            "受注が選ばれていません。",
            field="order_ids",
            remedy="受注管理の一覧で、受注に印を付けてください。",
        )
    if len(order_ids) > most:
        raise Invalid("TOO_MANY_CHOSEN", f"一度に選べるのは{most}件までです。", field="order_ids")
    return order_ids


def _choose(order_ids: list[int], encoding: Encoding) -> Chosen:
    wired = services()
    marketplaces = {name: channel.label for name, channel in wired.channels.items()}
    return choose(db.session(), wired.keyring, order_ids, encoding, marketplaces, scope_of("orders.export"))


def _file_name(made: AddressExport) -> str:
    return f"atesaki_{to_jst(made.made_at):%Y%m%d_%H%M}_{made.id}.csv"
