"""The market's own books: accounts, auctions, bids, orders, settings, and a clock that only goes forward."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sandbox.market.accounts import CANCEL, STATUSES
from sandbox.market.api_keys import AUTHORIZED, ApiKeys
from sandbox.market.auctions import JST
from sandbox.market.books import CLASSIC, CURRENT, Unknown, moment, wire
from sandbox.market.csv_templates import DEFAULT_TEMPLATE
from sandbox.market.grants import ACCESS_LIFE, CLIENT_ID, CLIENT_SECRET, LONG_LIFE, SESSION_LIFE
from sandbox.market.pro_orders import CARRIERS, ORDER_WORDS, PAY_TYPES, PAY_WORDS, SHIP_WORDS, word
from sandbox.market.settings import CHOICES, DEFAULTS, MARKET_WIDE

__all__ = [
    "ACCESS_LIFE",
    "AUTHORIZED",
    "CANCEL",
    "CARRIERS",
    "CHOICES",
    "CLASSIC",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "CURRENT",
    "DEFAULTS",
    "DEFAULT_TEMPLATE",
    "JST",
    "LONG_LIFE",
    "MARKET_WIDE",
    "ORDER_WORDS",
    "PAY_TYPES",
    "PAY_WORDS",
    "SESSION_LIFE",
    "SHIP_WORDS",
    "STATUSES",
    "Market",
    "Unknown",
    "moment",
    "wire",
    "word",
]


class Market(ApiKeys):
    """All methods that change something are one transaction; several threads may call at once."""

    def note_upload(
        self, store_id: str, *, file_name: str, sha256: str, size: int, accepted: int,
        refused: list[dict[str, Any]],
    ) -> int:  # fmt: skip
        """The receipt number (受付番号)."""
        with self.books() as books:
            cursor = books.execute(
                "INSERT INTO uploads (store_id, file_name, sha256, bytes, accepted, refused, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    store_id, file_name, sha256, size, accepted, json.dumps(refused, ensure_ascii=False),
                    wire(self.now()),
                ],
            )  # fmt: skip
        return int(cursor.lastrowid or 0)

    def uploads(
        self, store_id: str | None = None, *, start: int = 0, count: int = -1
    ) -> list[dict[str, Any]]:
        """Newest first."""
        with self.books() as books:
            rows = books.execute(
                "SELECT * FROM uploads WHERE ? IS NULL OR store_id = ? ORDER BY id DESC LIMIT ? OFFSET ?",
                [store_id, store_id, count, start],
            ).fetchall()
        return [dict(row) | {"refused": json.loads(row["refused"])} for row in rows]

    def is_worked_through(self, upload: dict[str, Any]) -> bool:
        """競りナビ works on a file for a while; a file that it cannot read at all is refused at once."""
        delay = timedelta(seconds=self.setting("items_after_seconds", upload["store_id"]))
        whole = any(why["line"] == 0 for why in upload["refused"])
        return whole or self.now() >= moment(upload["at"]) + delay
