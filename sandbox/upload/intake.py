"""From a file to the books: what is read and checked is noted and listed (classic) or saved in folders (競りナビ)."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.market import Market
from sandbox.upload import serinavi
from sandbox.upload.reader import FileRefused, Sheet, open_file
from sandbox.upload.rules import check, no_more

CLASSIC_FORM, SERINAVI_FORM = "classic", "serinavi"


@dataclass(frozen=True)
class Intake:
    """`rows` is what the file had, `accepted` what of it was good, `refused` what was wrong with the others."""

    number: int
    rows: int
    accepted: int
    refused: list[dict[str, Any]]


def take_in(market: Market, store_id: str, file_name: str, data: bytes, form: str) -> Intake:
    """Raises FileRefused, which is noted too."""
    settings = market.settings(store_id)
    note = {"file_name": file_name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    limits = {"max_rows": settings["max_rows"], "max_bytes": settings["max_megabytes"] * 2**20}
    try:
        sheet = open_file(file_name, data, form, **limits)
    except FileRefused as error:
        refused = [{"line": 0, "column": "", "reason": str(error)}]
        market.note_upload(store_id, accepted=0, refused=refused, **note)
        raise
    own = form == SERINAVI_FORM
    more = serinavi.rules(lambda name: market.folder_named(store_id, name) is not None) if own else no_more
    good, refusals = check(sheet, more)
    rows = good if not refusals or settings["bad_rows"] == "accept_good" else []
    refused = [asdict(each) for each in refusals]
    _keep_images(market, rows, sheet)
    with market.books():
        number = market.note_upload(store_id, accepted=len(rows), refused=refused, **note)
        for row in rows:
            if own:
                folder_id = market.folder_named(store_id, row["cells"]["商品保存先フォルダパス"])
                market.save_item(store_id, folder_id or 0, row, upload_id=number)
            else:
                market.list_auction(store_id, row, upload_id=number)
    return Intake(number, len(sheet.rows), len(rows), refused)


def _keep_images(market: Market, rows: list[dict[str, Any]], sheet: Sheet) -> None:
    wanted = {digest for row in rows for digest in row["images"]}
    for image in sheet.images.values():
        digest = hashlib.sha256(image).hexdigest()
        if digest in wanted:
            (market.images / digest).write_bytes(image)
