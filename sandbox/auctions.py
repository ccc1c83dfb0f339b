"""auctions.yahoo: top page, マイオク, ストア管理, 出品管理 with 一括アップロード, and the public page of an item."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request, send_from_directory

from sandbox import upload
from sandbox.faults import dropped
from sandbox.market import Unknown, wire
from sandbox.web import market, sid, signed_in, stale_token, store_only, token_fits

bp = Blueprint("auctions", __name__)


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
    if not token_fits():
        return stale_token()
    file = request.files.get("upfile")
    if file is None or not file.filename:
        return render_template("bulk_upload.html", problem="ファイルを選択してください。")
    settings = market().settings()
    data = file.read()
    try:
        read = upload.read(
            file.filename,
            data,
            max_rows=settings["max_rows"],
            max_bytes=settings["max_megabytes"] * 2**20,
        )
    except upload.FileRefused as error:
        _note_upload(file.filename, data, 0, [{"line": 0, "column": "", "reason": str(error)}])
        return render_template("bulk_upload.html", problem=str(error))
    rows = read.rows if not read.refused or settings["bad_rows"] == "accept_good" else []
    for image in read.images.values():
        (market().images / hashlib.sha256(image).hexdigest()).write_bytes(image)
    refused = [asdict(each) for each in read.refused]
    upload_id = _note_upload(file.filename, data, len(rows), refused)
    with market().books() as books:
        for row in rows:
            market().list_auction(books, g.store["id"], row, upload_id=upload_id)
    if settings["upload_outcome"] == "error_after_accept":
        return render_template("notice.html", title="通信エラー", words="通信エラーが発生しました。")
    if settings["upload_outcome"] == "lost_after_accept":
        return dropped()
    return render_template("bulk_upload_done.html", accepted=len(rows), refused=refused, number=upload_id)


def _note_upload(file_name: str, data: bytes, accepted: int, refused: list[dict[str, Any]]) -> int:
    with market().books() as books:
        cursor = books.execute(
            "INSERT INTO uploads (store_id, file_name, sha256, bytes, accepted, refused, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                g.store["id"], file_name, hashlib.sha256(data).hexdigest(), len(data), accepted,
                json.dumps(refused, ensure_ascii=False), wire(market().now()),
            ],
        )  # fmt: skip
        return int(cursor.lastrowid or 0)


@bp.get("/jp/auction/<auction_id>")
def item(auction_id: str) -> str:
    try:
        auction = market().auction(auction_id)
    except Unknown:
        abort(404)
    row = json.loads(auction["row"])
    return render_template("item.html", auction=auction, row=row, bids=market().bids(auction_id))


@bp.get("/image/<digest>")
def image(digest: str) -> Response:
    return send_from_directory(market().images.resolve(), digest, mimetype="image/jpeg")
