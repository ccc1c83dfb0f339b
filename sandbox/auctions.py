"""auctions.yahoo: top page, マイオク, ストア管理, 出品管理 with 一括アップロード, and the public page of an item."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request

from sandbox.faults import dropped, written
from sandbox.market import CLASSIC, Unknown, wire
from sandbox.upload.intake import CLASSIC_FORM, take_in
from sandbox.upload.reader import FileRefused
from sandbox.web import crumb_fits, market, sid, signed_in, stale_token, store_only

bp = Blueprint("auctions", __name__)
NO_SCRIPT = "script-src 'none'; object-src 'none'; frame-src 'none'; form-action 'none'"


@bp.get("/")
def top() -> str:
    g.store = market().session_store(sid())
    return render_template("top.html")


@bp.get("/jp/show/mystatus")
@signed_in
def my_auctions() -> str:
    return render_template("my.html")


@bp.get("/jp/store/manage")
@store_only
def manage() -> str:
    return render_template("manage.html")


@bp.get("/jp/store/items")
@store_only
def items() -> str:
    return render_template("items.html")


@bp.get("/jp/store/bulkupload")
@store_only
def bulk_upload_form() -> str:
    return render_template("bulk_upload.html", problem=None)


@bp.post("/jp/store/bulkupload")
@store_only
def bulk_upload() -> Any:
    """Nothing here asks whether a 管理番号 is already listed: a second upload lists everything again."""
    if not crumb_fits() or market().setting("upload_outcome", g.store["id"]) == "refused_token":
        return stale_token()
    file = request.files.get("upfile")
    if file is None or not file.filename:
        return render_template("bulk_upload.html", problem="ファイルを選択してください。")
    outcome = market().setting("upload_outcome", g.store["id"])
    if outcome != "error_not_accepted":
        try:
            done = take_in(market(), g.store["id"], file.filename, file.read(), CLASSIC_FORM)
        except FileRefused as error:
            return render_template("bulk_upload.html", problem=str(error))
    if outcome in ("error_not_accepted", "error_after_accept"):
        return render_template("notice.html", title="通信エラー", words="通信エラーが発生しました。")
    return (
        dropped() if outcome == "lost_after_accept" else render_template("bulk_upload_done.html", done=done)
    )


@bp.get("/jp/store/cancel")
@store_only
def cancel_form() -> str:
    return _confirm(_own_auction("selling"), "オークションの取り消し", "取り消す")


@bp.get("/jp/store/relist")
@store_only
def relist_form() -> str:
    return _confirm(_own_auction("closed"), "再出品", "再出品する")


def _own_auction(state: str) -> Any:
    try:
        market().auction_of(g.store["id"], request.values.get("aid", ""))
        return market().auction(request.values.get("aid", ""), state)
    except Unknown as error:
        abort(_notice(str(error)))


def _confirm(auction: Any, title: str, button: str) -> str:
    return render_template("confirm.html", auction=auction, title=title, button=button)


def _notice(words: str, title: str = "エラー") -> Response:
    return Response(render_template("notice.html", title=title, words=words))


@bp.post("/jp/store/cancel")
@store_only
def cancel() -> Any:
    if not crumb_fits():
        return stale_token()
    auction = _own_auction("selling")

    def withdraw() -> Any:
        try:
            market().withdraw_by_shop(auction["id"])
        except Unknown as error:
            return _notice(str(error))
        return render_template(
            "done.html", title="オークションの取り消し", words="オークションを取り消しました。"
        )

    return written(withdraw)


@bp.post("/jp/store/relist")
@store_only
def relist() -> Any:
    if not crumb_fits():
        return stale_token()
    auction = _own_auction("closed")

    def again() -> str:
        made = market().relist(auction["id"])
        return render_template(
            "done.html", title="再出品", words="再出品しました。新しいオークションID：", auction_id=made
        )

    return written(again)


@bp.get("/jp/auction/<auction_id>")
def item(auction_id: str) -> Response:
    """The public page; the description is the seller's HTML, of which no script may run."""
    try:
        auction = market().auction(auction_id)
    except Unknown:
        abort(404)
    if auction["starts_at"] > wire(market().now()):
        abort(404)
    store = market().store(auction["store_id"])
    page = render_template(
        "item.html",
        is_own=store["tool"] == CLASSIC and market().store_of(sid()) == store["id"],
        auction=auction,
        row=json.loads(auction["row"]),
        bids=market().bids(auction_id),
        store=store,
    )
    return Response(page, headers={"Content-Security-Policy": NO_SCRIPT})


@bp.get("/image/<digest>")
def image(digest: str) -> Response:
    path = market().images / digest
    if not re.fullmatch(r"[0-9a-f]{64}", digest) or not path.is_file():
        abort(404)
    data = path.read_bytes()
    return Response(data, mimetype="image/gif" if data.startswith(b"GIF8") else "image/jpeg")
