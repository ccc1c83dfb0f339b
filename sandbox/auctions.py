"""auctions.yahoo: top page, マイオク, ストア管理, 出品管理 with 一括アップロード, and the public page of an item."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request

from sandbox.faults import dropped
from sandbox.market import Unknown, wire
from sandbox.upload.reader import FileRefused, open_file
from sandbox.upload.rules import check
from sandbox.web import market, sid, signed_in, stale_token, store_only, token_fits

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
    if not token_fits() or market().setting("upload_outcome", g.store["id"]) == "refused_token":
        return stale_token()
    file = request.files.get("upfile")
    if file is None or not file.filename:
        return render_template("bulk_upload.html", problem="ファイルを選択してください。")
    settings = market().settings(g.store["id"])
    data = file.read()
    limits = {"max_rows": settings["max_rows"], "max_bytes": settings["max_megabytes"] * 2**20}
    try:
        sheet = open_file(file.filename, data, **limits)
    except FileRefused as error:
        _note(file.filename, data, 0, [{"line": 0, "column": "", "reason": str(error)}])
        return render_template("bulk_upload.html", problem=str(error))
    good, refusals = check(sheet)
    rows = good if not refusals or settings["bad_rows"] == "accept_good" else []
    refused = [asdict(each) for each in refusals]
    number = _accept(file.filename, data, rows, refused, sheet.images)
    if settings["upload_outcome"] == "error_after_accept":
        return render_template("notice.html", title="通信エラー", words="通信エラーが発生しました。")
    if settings["upload_outcome"] == "lost_after_accept":
        return dropped()
    return render_template("bulk_upload_done.html", accepted=len(rows), refused=refused, number=number)


def _accept(
    file_name: str, data: bytes, rows: list[dict[str, Any]], refused: list[dict[str, Any]],
    images: dict[str, bytes],
) -> int:  # fmt: skip
    wanted = {digest for row in rows for digest in row["images"]}
    for image in images.values():
        digest = hashlib.sha256(image).hexdigest()
        if digest in wanted:
            (market().images / digest).write_bytes(image)
    with market().books():
        number = _note(file_name, data, len(rows), refused)
        for row in rows:
            market().list_auction(g.store["id"], row, upload_id=number)
    return number


def _note(file_name: str, data: bytes, accepted: int, refused: list[dict[str, Any]]) -> int:
    return market().note_upload(
        g.store["id"], file_name=file_name, sha256=hashlib.sha256(data).hexdigest(), size=len(data),
        accepted=accepted, refused=refused,
    )  # fmt: skip


@bp.get("/jp/auction/<auction_id>")
def item(auction_id: str) -> Response:
    """The public page; the description is the seller's HTML, of which no script may run."""
    try:
        auction = market().auction(auction_id)
    except Unknown:
        abort(404)
    if auction["starts_at"] > wire(market().now()):
        abort(404)
    page = render_template(
        "item.html",
        auction=auction,
        row=json.loads(auction["row"]),
        bids=market().bids(auction_id),
        store=market().store(auction["store_id"]),
    )
    return Response(page, headers={"Content-Security-Policy": NO_SCRIPT})


@bp.get("/image/<digest>")
def image(digest: str) -> Response:
    path = market().images / digest
    if not re.fullmatch(r"[0-9a-f]{64}", digest) or not path.is_file():
        abort(404)
    data = path.read_bytes()
    return Response(data, mimetype="image/gif" if data.startswith(b"GIF8") else "image/jpeg")
