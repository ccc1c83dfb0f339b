"""onavi.auctions.yahoo: the lists of selling, ended and won auctions, and 落札管理 with its statuses."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request
from werkzeug.wrappers import Response

from sandbox.faults import written
from sandbox.market import CANCEL, Unknown
from sandbox.ordercsv import classic_csv, csv_answer
from sandbox.web import crumb_fits, link, market, stale_token, store_only

bp = Blueprint("onavi", __name__)
TITLES = {"selling": "出品中", "closed": "出品終了分", "won": "落札管理"}


@bp.get("/")
def front() -> Response:
    return redirect("/onavi/show/storelist?select=selling")


@bp.get("/onavi/show/storelist")
@store_only
def store_list() -> str:
    select = request.args.get("select", "selling")
    if select not in TITLES:
        abort(404)
    size = 100 if request.args.get("rpp") == "100" else 50
    page = max(1, _number(request.args.get("page", "")))
    sold = market().take("sell_while_reading", g.store["id"], all_of_it=True) if page > 1 else 0
    market().sell_some(g.store["id"], sold)
    shown, total = (_won_rows if select == "won" else _auction_rows)(select, (page - 1) * size, size)
    return render_template(
        "list.html", select=select, title=TITLES[select], rows=shown, total=total, page=page,
        pages=max(1, -(-total // size)), size=size,
    )  # fmt: skip


def _number(text: str) -> int:
    """0 for what is no number."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _auction_rows(state: str, start: int, count: int) -> tuple[list[dict[str, Any]], int]:
    found = market().auctions(g.store["id"], state, start=start, count=count)
    rows = [each | {"auction_id": each["id"], "bids": each["bid_count"]} for each in found]
    return rows, market().auction_count(g.store["id"], state)


def _won_rows(_: str, start: int, count: int) -> tuple[list[dict[str, Any]], int]:
    return market().won_lines(g.store["id"], start=start, count=count)


@bp.get("/onavi/show/detail")
@store_only
def detail() -> Any:
    """By auction id; a lot with several winners asks which one, as `winner`."""
    auction_id, winner = request.args.get("aid", ""), request.args.get("winner")
    orders = [
        order
        for order in market().orders(g.store["id"], auction_id=auction_id)
        if winner in (None, order["winner"])
    ]
    if not orders:
        return render_template("notice.html", title="エラー", words="該当する商品はありません。"), 404
    if len(orders) > 1:
        return render_template("winners.html", auction_id=auction_id, orders=orders)
    return render_template(
        "detail.html", order=orders[0], auction_id=auction_id, words=market().status_words(g.store)
    )


@bp.post("/onavi/status")
@store_only
def change_status() -> Any:
    if not crumb_fits():
        return stale_token()
    try:
        order = market().order(_number(request.form.get("order", "")))
    except Unknown:
        abort(404)
    status = request.form.get("status", "")
    if order["store_id"] != g.store["id"]:
        abort(404)
    if status not in market().status_words(g.store):
        return render_template("notice.html", title="エラー", words="そのステータスはありません。")

    def change() -> Response:
        market().set_status(order["id"], status)
        there = f"/onavi/show/detail?aid={order['lines'][0]['auction_id']}&winner={order['winner']}"
        return redirect(link("onavi.auctions.yahoo", there))

    return written(change)


@bp.get("/onavi/show/statussetting")
@store_only
def status_settings() -> str:
    return render_template("status_settings.html", words=market().status_words(g.store), cancel=CANCEL)


@bp.post("/onavi/show/statussetting")
@store_only
def create_status() -> Any:
    if not crumb_fits():
        return stale_token()
    if request.form.get("name") != CANCEL:
        return render_template("notice.html", title="エラー", words=f"追加できるのは「{CANCEL}」だけです。")
    market().create_cancel_status(g.store["id"])
    return redirect("/onavi/show/statussetting")


@bp.get("/onavi/show/csv")
@store_only
def csv_form() -> str:
    return render_template("csv_download.html")


@bp.post("/onavi/show/csv")
@store_only
def csv_download() -> Any:
    if not crumb_fits():
        return stale_token()
    return csv_answer(classic_csv(market().orders(g.store["id"])), "onavi.csv")
