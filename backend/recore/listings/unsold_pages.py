"""落札者なし: what was not sold, and offering it again in bulk (R36)."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as BaseResponse

from recore.accounts.queries import accounts
from recore.channels.base import FieldProblem
from recore.identity.service import identify_staff, staff_actor
from recore.listings import queries, relist, service, unsold
from recore.listings.price_change import PriceChange, PriceRule
from recore.listings.price_forms import RULE_FIELDS, UNITS, read_rule
from recore.listings.relist import Prices, Row
from recore.platform.db import again_after_deadlock, db, unit_of_work
from recore.platform.errors import Conflict, Denied, DeniedHere, Invalid, NotFound, NotIdentified, RecoreError
from recore.web.access import current_actor, permission
from recore.web.forms import cursor, problems_by_field, row_ids
from recore.wiring import services

bp = Blueprint("unsold", __name__, url_prefix="/ec/unsold", template_folder="templates")

RECALCULATED = "価格を計算し直しました。まだ再出品していません。"
MOST = 100  # rows at once; a page of the list has 50, and an address has its limits
_SEEN = re.compile(r"([0-9]{1,12})?-([0-9]{1,12})?")


@bp.get("")
@permission("ec.read")
def index() -> str:
    session, chosen = db.session(), request.args.get("state")
    state = next((each for each in unsold.UNSOLD_STATES if each == chosen), unsold.UNSOLD_STATES[0])
    order = next((each for each in unsold.Order if each == request.args.get("order")), unsold.Order.NEWEST)
    text, account_id = request.args.get("q", "").strip(), cursor(request.args, "account")
    page = unsold.unsold(
        session, services().channels, state=state, text=text, account_id=account_id, order=order,
        before=request.args.get("before"),
    )  # fmt: skip
    items = [row.stock_item_id for row in page.rows]
    return render_template(
        "listings/unsold.html",
        page=page,
        counts=unsold.counts(session),
        states=unsold.UNSOLD_STATES,
        state=state,
        query=text,
        accounts=[each for each in accounts(session) if each.is_enabled],
        account_id=account_id,
        orders=list(unsold.Order),
        order=order,
        thumbnails=queries.first_photos(session, items),
        drafts=_typed_prices(items),
    )


def _typed_prices(items: list[int]) -> dict[tuple[int, int], int | None]:
    """(item, account) → the start price of a form that is being filled in; None where it has none yet."""
    session, channels = db.session(), services().channels
    forms = {each.id: channels[each.channel].form(each.profile) for each in accounts(session)}
    return {
        (draft.stock_item_id, draft.account_id): relist.prices(
            draft.fields, unsold.price_fields(forms[draft.account_id])
        ).start
        for draft in queries.drafts_of(session, items)
    }


@bp.post("/relist")
@permission("ec.edit")
def choose() -> BaseResponse:
    """From the ticked rows to their preview, which is a page of its own: going back and reloading ask no questions.

    【この価格で計算する】 comes here from the preview, which names the rows it has `shown`: they stay, ticked or not.
    """
    shown = row_ids(request.form.getlist("shown"))
    if not shown:
        return redirect(url_for(".preview", listing=_chosen()))
    rule: dict[str, Any] = {key: request.form[key] for key in RULE_FIELDS if request.form.get(key)}
    return redirect(url_for(".preview", listing=shown[:MOST], without=_unticked(shown[:MOST]), **rule))


def _unticked(shown: list[int]) -> list[int]:
    """Those of the rows `shown` that the clerk does not want: their box is empty, or was before it was hidden."""
    ticked, hidden = (set(row_ids(request.form.getlist(key))) for key in ("listing", "without"))
    return [
        each for each in shown if each in hidden or (f"seen-{each}" in request.form and each not in ticked)
    ]


@bp.get("/relist")
@permission("ec.edit")
def preview() -> str | tuple[str, int]:
    """What 【再出品する】 would do, row by row, with the prices as the rule makes them."""
    ids = row_ids(request.args.getlist("listing"))[:MOST]
    without = set(row_ids(request.args.getlist("without")))
    try:
        rule = read_rule(request.args)
    except Invalid as error:
        return _preview_page(ids, None, error, without), error.status
    return _preview_page(ids, rule, without=without)


def _preview_page(
    ids: list[int],
    rule: PriceRule | None,
    error: RecoreError | None = None,
    without: Collection[int] = frozenset(),
) -> str:
    """Without a `rule` it can be mended, but nothing can be sent. `without`: rows that are shown and not ticked."""
    session = db.session()
    rows = relist.plan(session, services().channels, ids, rule or PriceRule())
    items = [row.attempt.stock_item_id for row in rows]
    return render_template(
        "listings/relist.html",
        rows=rows,
        rule=rule,
        without=without,
        typed=request.values,
        changes=PriceChange,
        units=UNITS,
        error=error,
        problems=problems_by_field(error),
        thumbnails=queries.first_photos(session, items),
        drafts=_typed_prices(items),
    )


@bp.post("")
@permission("ec.edit")
def send() -> str | tuple[str, int]:
    """【再出品する】: valid rows are queued, the others stay with their reasons. One transaction per item.

    From the preview only at the prices it showed: with a rule that was typed since, nothing is listed and the page is
    calculated anew.
    """
    shown = row_ids(request.form.getlist("shown"))[:MOST]
    without = _unticked(shown)
    rule = None
    try:
        rule = read_rule(request.form)
        ids = _chosen()
        if _is_out_of_date(ids, rule):
            raise Conflict(
                "RECALCULATED", RECALCULATED, remedy="確かめてから、もう一度【再出品する】を押してください。"
            )
    except (Invalid, Conflict) as error:
        if not shown:
            raise
        return _preview_page(shown, rule, error, without), error.status
    rows: list[Row] = []
    try:
        for stock_item_id, of_item in relist.by_item(db.session(), ids).items():
            rows += _send_item(stock_item_id, of_item, rule)
    except (NotIdentified, Denied) as error:
        return _preview_page(shown or ids, rule, error, without), error.status
    page = render_template("listings/relisted.html", rows=rows)
    return (page, 422) if any(row.problems for row in rows) else page


def _is_out_of_date(ids: list[int], rule: PriceRule) -> bool:
    """Whether the rule, as it is typed now, makes other prices than those that the page showed beside the ticks."""
    if all(_seen(each) is None for each in ids):
        return False
    rows = relist.plan(db.session(), services().channels, ids, rule)
    return any(_seen(row.attempt.id) not in (None, row.new) for row in rows if row.is_ready)


def _send_item(stock_item_id: int, ids: list[int], rule: PriceRule) -> list[Row]:
    actor = current_actor()

    def work() -> list[Row]:
        with unit_of_work(actor) as uow:
            staff = identify_staff(uow, request.form.get("staff_code", ""), "ec.list")
            uow.actor = staff_actor(staff, actor.account_id)
            wanted = {each: _seen(each) for each in ids}
            return relist.relist(uow, services().channels, stock_item_id, wanted, rule, staff)

    try:
        return again_after_deadlock(work)
    except (Conflict, DeniedHere, IntegrityError) as error:
        return [_failed(row, error) for row in relist.plan(db.session(), services().channels, ids, rule)]


@bp.post("/take-back")
@permission("ec.edit")
def take_back() -> tuple[str, int] | BaseResponse:
    """Undo of a bulk 【再出品する】: what still waits is taken back, what has left is named. One transaction per listing."""
    actor = current_actor()
    ids = _chosen()
    refused: list[RecoreError] = []
    for listing_id in ids:
        try:
            with unit_of_work(actor) as uow:
                staff = identify_staff(uow, request.form.get("staff_code", ""), "ec.list")
                uow.actor = staff_actor(staff, actor.account_id)
                service.take_back(uow, listing_id)
        except (Conflict, NotFound, DeniedHere) as error:
            refused.append(error)
        except (NotIdentified, Denied) as error:
            return render_template("listings/take_back.html", ids=ids, error=error), error.status
    done = len(ids) - len(refused)
    if refused:
        page = render_template("listings/take_back.html", ids=[], done=done, refused=refused)
        return page, refused[0].status
    flash(f"{done}件の再出品を取り消しました。", "success")
    return redirect(url_for(".index"))


def _failed(row: Row, error: Conflict | DeniedHere | IntegrityError) -> Row:
    problem = (
        FieldProblem(
            error.field or "",
            "権限" if isinstance(error, DeniedHere) else "管理番号",
            error.message,
            error.remedy or "",
        )
        if isinstance(error, RecoreError)
        else FieldProblem("", "状態", "ほかの操作と重なりました。", "もう一度再出品してください。")
    )
    return Row(row.attempt, row.old, row.new, row.quantity, [problem])


def _seen(listing_id: int) -> Prices | None:
    """The prices that the page showed for the row; None when it came from the list, where there was no preview."""
    found = _SEEN.fullmatch(request.form.get(f"seen-{listing_id}", ""))
    return found and Prices(*(int(each) if each else None for each in found.groups()))


def _chosen() -> list[int]:
    """Raises Invalid NOTHING_SELECTED, TOO_MANY."""
    ids = list(dict.fromkeys(row_ids(request.form.getlist("listing"))))
    if not ids:
        raise Invalid(
            "NOTHING_SELECTED", "商品が選ばれていません。", remedy="再出品する商品に印を付けてください。"
        )
    if len(ids) > MOST:
        message = f"一度に再出品できるのは{MOST}件までです（選ばれたのは{len(ids)}件）。"
        raise Invalid("TOO_MANY", message, remedy="何回かに分けてください。")
    return ids
