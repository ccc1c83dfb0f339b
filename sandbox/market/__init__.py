"""The market's own books: accounts, auctions, bids, orders, settings, and a clock that only goes forward."""

from __future__ import annotations

import json
from typing import Any

from sandbox.market.accounts import CANCEL, STATUSES
from sandbox.market.auctions import JST, Auctions
from sandbox.market.books import Unknown, moment, wire
from sandbox.market.settings import CHOICES, DEFAULTS, MARKET_WIDE

__all__ = [
    "CANCEL",
    "CHOICES",
    "DEFAULTS",
    "JST",
    "MARKET_WIDE",
    "STATUSES",
    "Market",
    "Unknown",
    "moment",
    "wire",
]


class Market(Auctions):
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

    def uploads(self) -> list[dict[str, Any]]:
        """Newest first."""
        with self.books() as books:
            rows = books.execute("SELECT * FROM uploads ORDER BY id DESC").fetchall()
        return [dict(row) | {"refused": json.loads(row["refused"])} for row in rows]
