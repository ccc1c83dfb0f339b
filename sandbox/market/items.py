"""競りナビ: folders, and the items saved in them. An item leaves its folder when it is put up for sale."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sandbox.market.auctions import Auctions
from sandbox.market.books import FIRST_FOLDERS, Unknown, wire

DELIVERY_GROUPS = {"", "1", "2", "3"}  # 配送グループ that a store has made for itself


class Items(Auctions):
    def folders(self, store_id: str | None = None) -> list[dict[str, Any]]:
        """Oldest first, each with the number of items that can be seen in it."""
        with self.books() as books:
            rows = books.execute(
                """SELECT folders.*, (SELECT COUNT(*) FROM items WHERE folder_id = folders.id AND visible_at <= ?)
                     AS item_count FROM folders WHERE ? IS NULL OR store_id = ? ORDER BY id""",
                [wire(self.now()), store_id, store_id],
            ).fetchall()
        return [dict(row) for row in rows]

    def folder_named(self, store_id: str, name: str) -> int | None:
        """Its id; no name means the first folder of all."""
        with self.books() as books:
            row = books.execute(
                "SELECT id FROM folders WHERE store_id = ? AND name = ?", [store_id, name or FIRST_FOLDERS[0]]
            ).fetchone()
        return int(row["id"]) if row else None

    def make_folder(self, store_id: str, name: str) -> int:
        self.store(store_id)
        if not name.strip() or self.folder_named(store_id, name) is not None:
            raise Unknown("新しいフォルダの名前を入力してください。")
        with self.books() as books:
            made = books.execute("INSERT INTO folders (store_id, name) VALUES (?, ?)", [store_id, name])
        return int(made.lastrowid or 0)

    def save_item(
        self, store_id: str, folder_id: int, row: Mapping[str, Any], *, upload_id: int | None = None,
        at_once: bool = False,
    ) -> int:  # fmt: skip
        """A checked row (see upload.rules.as_auction) in a folder, where it shows after its delay."""
        delay = timedelta(seconds=0 if at_once else self.setting("items_after_seconds", store_id))
        with self.books() as books:
            made = books.execute(
                "INSERT INTO items (store_id, folder_id, management_number, title, row, upload_id, visible_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    store_id, folder_id, row["management_number"], row["title"],
                    json.dumps(row, ensure_ascii=False), upload_id, wire(self.now() + delay),
                ],
            )  # fmt: skip
        return int(made.lastrowid or 0)

    def items(self, folder_id: int, *, start: int = 0, count: int = 50) -> list[dict[str, Any]]:
        """Newest first, those that can be seen."""
        with self.books() as books:
            rows = books.execute(
                "SELECT * FROM items WHERE folder_id = ? AND visible_at <= ? ORDER BY visible_at DESC, id DESC"
                " LIMIT ? OFFSET ?",
                [folder_id, wire(self.now()), count, start],
            ).fetchall()
        return [_with_row(row) for row in rows]

    def all_items(self) -> list[dict[str, Any]]:
        """Also those on their way into a folder."""
        with self.books() as books:
            return [dict(row) for row in books.execute(
                "SELECT id, store_id, folder_id, management_number, title, upload_id, visible_at FROM items ORDER BY id"
            )]  # fmt: skip

    def some_items(self, store_id: str, item_ids: Sequence[int]) -> list[dict[str, Any]]:
        """Of these, what the store has and can see."""
        with self.books() as books:
            rows = books.execute(
                "SELECT * FROM items WHERE store_id = ? AND visible_at <= ?"
                " AND id IN (SELECT value FROM json_each(?)) ORDER BY id",
                [store_id, wire(self.now()), json.dumps(list(item_ids))],
            ).fetchall()
        return [_with_row(row) for row in rows]

    def put_up(self, store_id: str, item_ids: Sequence[int]) -> tuple[list[str], list[dict[str, Any]]]:
        """出品: the new auctions, and by item what was refused; the good ones go on."""
        made: list[str] = []
        refused: list[dict[str, Any]] = []
        with self.books() as books:
            found = {item["id"]: item for item in self.some_items(store_id, item_ids)}
            for item_id in dict.fromkeys(item_ids):
                item = found.get(item_id)
                reason = self._refusal(store_id, item)
                if item is None or reason:
                    refused.append({
                        "item_id": item_id, "reason": reason,
                        "management_number": item["management_number"] if item else "",
                    })  # fmt: skip
                    continue
                made.append(self.list_auction(store_id, item["row"], upload_id=item["upload_id"]))
                books.execute("DELETE FROM items WHERE id = ?", [item_id])
        return made, refused

    def _refusal(self, store_id: str, item: Mapping[str, Any] | None) -> str:
        if item is None:
            return "商品が見つかりません。"
        group = item["row"]["cells"].get("配送グループ", "")
        if group not in DELIVERY_GROUPS:
            return f"配送グループ「{group}」は登録されていません。"
        if self.take("refuse_listings", store_id):
            return "この商品は現在出品できません。"
        return ""

    def delete_items(self, store_id: str, item_ids: Sequence[int]) -> int:
        with self.books() as books:
            gone = books.execute(
                "DELETE FROM items WHERE store_id = ? AND id IN (SELECT value FROM json_each(?))",
                [store_id, json.dumps(list(item_ids))],
            )
        return gone.rowcount


def _with_row(item: sqlite3.Row) -> dict[str, Any]:
    return dict(item) | {"row": json.loads(item["row"])}
