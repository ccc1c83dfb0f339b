"""在庫: prices and 販路 of the ticked items, after a look at what would change; and undoing it (R5, R31)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.identity.service import identify_staff, staff_actor
from recore.identity.settings import setting
from recore.listings import stock_edit
from recore.listings.price_change import PriceChange
from recore.listings.price_forms import RULE_FIELDS, UNITS, read_rule
from recore.listings.stock_edit import KINDS, PRICE, ROUTE, UNDOERS, Row
from recore.platform import undo
from recore.platform.audit import AuditEntry
from recore.platform.db import again_after_deadlock, db, unit_of_work
from recore.platform.errors import Conflict, Denied, Invalid, NotIdentified, RecoreError
from recore.stock.rules import SalesRoute
from recore.web.access import current_actor, permission
from recore.web.forms import cursor, one_of, problems_by_field, row_ids

bp = Blueprint("stock_edit", __name__, url_prefix="/stock/edit", template_folder="templates")

WHAT = {"price": PRICE, "route": ROUTE}
MOST = 100  # rows at once; a page of the list has 50


@bp.post("/<any(price, route):what>/choose")
@permission("stock.write")
def choose(what: str) -> Response:
    """From the ticked rows to their preview, which is a page of its own."""
    return redirect(url_for(".preview", what=what, item=_chosen()))


@bp.get("/<any(price, route):what>")
@permission("stock.write")
def preview(what: str) -> str:
    """What 【変更する】 would do; without a rule nothing yet."""
    ids = row_ids(request.args.getlist("item"))[:MOST]
    typed = {key: request.args[key] for key in (*RULE_FIELDS, "route") if request.args.get(key)}
    if not typed:
        return _page(what, ids, typed)
    try:
        return _page(what, ids, typed, _plan(what, ids, typed))
    except Invalid as error:
        return _page(what, ids, typed, error=error)


@bp.post("/<any(price, route):what>")
@permission("stock.write")
def change(what: str) -> str | tuple[str, int] | Response:
    """【変更する】: the ticked rows at the values the page showed, in one transaction; a row that changed since is named."""
    ids, shown = _chosen(), row_ids(request.form.getlist("shown"))[:MOST]
    typed = {key: request.form[key] for key in (*RULE_FIELDS, "route") if request.form.get(key)}
    actor = current_actor()

    def work() -> tuple[int | None, list[Row]]:
        with unit_of_work(actor) as uow:
            staff = identify_staff(uow, request.form.get("staff_code", ""), "stock.write")
            uow.actor = staff_actor(staff, actor.account_id)
            rows, summary = _plan(what, ids, typed)
            return stock_edit.change_many(uow, WHAT[what], summary, [_as_seen(row) for row in rows])

    try:
        edit_id, rows = again_after_deadlock(work)
    except Invalid as error:
        return _page(what, shown or ids, typed, error=error), error.status
    except (NotIdentified, Denied) as error:
        return _page(what, shown or ids, typed, _plan(what, shown or ids, typed), error), error.status
    wrong = [row for row in rows if row.error]
    done = sum(row.is_ready for row in rows)
    if edit_id is not None and not wrong:
        flash(f"{done}件を変更しました。間違えたときは、この画面で元に戻せます。", "success")
        return redirect(url_for(".show", bulk_edit_id=edit_id))
    page = render_template("listings/stock_edited.html", edit_id=edit_id, done=done, wrong=wrong)
    return (page, wrong[0].error.status) if wrong and wrong[0].error else page


@bp.get("/done")
@permission("stock.write")
def recent() -> str:
    """The bulk edits, newest first: the way to undo one that was left behind."""
    page = undo.bulk_edits(db.session(), KINDS, before=cursor(request.args))
    return render_template("listings/stock_bulk_edits.html", page=page)


@bp.get("/done/<int:bulk_edit_id>")
@permission("stock.write")
def show(bulk_edit_id: int) -> str:
    return _bulk_edit_page(bulk_edit_id)


@bp.post("/done/<int:bulk_edit_id>/undo")
@permission("stock.write")
def take_back(bulk_edit_id: int) -> str | tuple[str, int]:
    """Every row whose value is still the one that was set is put back; the others are named. Once."""
    actor = current_actor()

    def work() -> undo.Undone:
        with unit_of_work(actor) as uow:
            staff = identify_staff(uow, request.form.get("staff_code", ""), "stock.write")
            uow.actor = staff_actor(staff, actor.account_id)
            return undo.undo(uow, UNDOERS, bulk_edit_id, KINDS)

    try:
        undone = again_after_deadlock(work)
    except (NotIdentified, Denied, Conflict) as error:
        return _bulk_edit_page(bulk_edit_id, error=error), error.status
    return _bulk_edit_page(bulk_edit_id, undone=undone)


def _bulk_edit_page(
    bulk_edit_id: int, *, undone: undo.Undone | None = None, error: RecoreError | None = None
) -> str:
    session = db.session()
    entries = undo.entries_of(session, bulk_edit_id)
    items = stock_edit.as_they_are(
        session, PRICE, [entry.subject_id for entry in entries if entry.subject_id]
    )
    return render_template(
        "listings/stock_bulk_edit.html",
        edit=undo.bulk_edit(session, bulk_edit_id, KINDS),
        entries=entries,
        names={item.stock_item_id: item.name for item in items},
        undone=undone,
        error=error,
        problems=problems_by_field(error),
        label_of=_label,
    )


def _label(entry: AuditEntry, value: Mapping[str, Any]) -> str:
    return SalesRoute(value["sales_route"]).label if entry.action == ROUTE else f"{value['price']:,}円"


def _page(
    what: str,
    ids: Sequence[int],
    typed: Mapping[str, str],
    planned: tuple[list[Row], str] | None = None,
    error: RecoreError | None = None,
) -> str:
    """Without a plan the rule can be typed, but nothing can be sent."""
    rows, summary = planned or (stock_edit.as_they_are(db.session(), WHAT[what], ids), "")
    return render_template(
        "listings/stock_edit.html",
        what=what,
        rows=rows,
        typed=typed,
        summary=summary,
        error=error,
        problems=problems_by_field(error),
        changes=PriceChange,
        units=UNITS,
        routes=list(SalesRoute),
        is_changeable=what == "price" or bool(setting(db.session(), "route.changeable")),
    )


def _plan(what: str, ids: Sequence[int], typed: Mapping[str, str]) -> tuple[list[Row], str]:
    """The rows, and the words for what is done to them. Raises Invalid."""
    if what == "price":
        rule = read_rule(typed)
        if rule.change is PriceChange.SAME:
            raise Invalid("NOT_CHOSEN", "価格の変え方を選んでください。", field="change")
        return stock_edit.plan_prices(db.session(), ids, rule), f"販売価格を{rule.label}"
    route = one_of(SalesRoute, typed, "route", "販路")
    return stock_edit.plan_routes(db.session(), ids, route), f"販路を「{route.label}」に変更"


def _as_seen(row: Row) -> Row:
    """What the clerk confirmed is what is done: another value since then is a reason to look again."""
    if not row.is_ready or request.form.get(f"seen-{row.stock_item_id}") == f"{row.was}>{row.wanted}":
        return row
    return Row(**{**vars(row), "error": undo.has_changed(row.it_code)})


def _chosen() -> list[int]:
    """Raises Invalid NOTHING_SELECTED, TOO_MANY."""
    ids = list(dict.fromkeys(row_ids(request.form.getlist("item"))))
    if not ids:
        raise Invalid(
            "NOTHING_SELECTED", "商品が選ばれていません。", remedy="変更する商品に印を付けてください。"
        )
    if len(ids) > MOST:
        message = f"一度に変更できるのは{MOST}件までです（選ばれたのは{len(ids)}件）。"
        raise Invalid("TOO_MANY", message, remedy="何回かに分けてください。")
    return ids
