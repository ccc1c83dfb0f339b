"""Orders of winners: their status, the buyer's address, and bundles of several auctions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sandbox.market.accounts import CANCEL, Accounts
from sandbox.market.books import Unknown, wire

BUYERS = (
    {"name": "山田 花子", "kana": "ヤマダ ハナコ", "postal_code": "060-0001",
     "address": "北海道札幌市中央区北1条西2丁目3-4 リユースビル401", "phone": "090-0123-4567",
     "email": "ha****@example.jp"},
    {"name": "髙橋 一郎", "kana": "タカハシ イチロウ", "postal_code": "150-0002",
     "address": "東京都渋谷区渋谷2-1-1 青山荘①号室", "phone": "03-1234-5678", "email": "ic****@example.jp"},
    {"name": "与那覇 さくら", "kana": "ヨナハ サクラ", "postal_code": "900-0014",
     "address": "沖縄県那覇市松尾1-2-3", "phone": "080-9876-5432", "email": "sa****@example.jp"},
)  # fmt: skip
SHIPPING_FEE = 800  # yen


class Orders(Accounts):
    def open_order(self, auction: sqlite3.Row, winner: str, units: int, unit_price: int, at: datetime) -> int:
        """A new order 未処理; the same winner name always is the same person."""
        buyer = BUYERS[sum(map(ord, winner)) % len(BUYERS)]
        with self.books() as books:
            cursor = books.execute(
                """INSERT INTO orders (store_id, winner, status, buyer, won_at, shipping_method, payment_method,
                     shipping_fee) VALUES (?, ?, '未処理', ?, ?, 'ゆうパック', 'Yahoo!かんたん決済', ?)""",
                [
                    auction["store_id"], winner, json.dumps(buyer, ensure_ascii=False), wire(at), SHIPPING_FEE,
                ],
            )  # fmt: skip
            order_id = int(cursor.lastrowid or 0)
            books.execute(
                "INSERT INTO order_lines VALUES (?, ?, ?, ?)", [order_id, auction["id"], units, unit_price]
            )
        return order_id

    def orders(self, store_id: str | None = None, *, auction_id: str | None = None) -> list[dict[str, Any]]:
        """Newest first, each with its lines and the auction's title and 管理番号; `total` in yen with shipping."""
        with self.books() as books:
            orders = books.execute(
                """SELECT * FROM orders WHERE (:store IS NULL OR store_id = :store) AND (:auction IS NULL
                     OR id IN (SELECT order_id FROM order_lines WHERE auction_id = :auction))
                   ORDER BY won_at DESC, id DESC""",
                {"store": store_id, "auction": auction_id},
            ).fetchall()
            return self._with_lines(books, orders)

    def order(self, order_id: int) -> dict[str, Any]:
        with self.books() as books:
            rows = books.execute("SELECT * FROM orders WHERE id = ?", [order_id]).fetchall()
            if not rows:
                raise Unknown(f"注文「{order_id}」はありません。")
            return self._with_lines(books, rows)[0]

    def _with_lines(self, books: sqlite3.Connection, orders: Sequence[sqlite3.Row]) -> list[dict[str, Any]]:
        wanted = json.dumps([order["id"] for order in orders])
        lines: dict[int, list[dict[str, Any]]] = {}
        for line in books.execute(
            "SELECT order_lines.*, auctions.title, auctions.management_number FROM order_lines"
            " JOIN auctions ON auctions.id = auction_id WHERE order_id IN (SELECT value FROM json_each(?))"
            " ORDER BY order_lines.rowid",
            [wanted],
        ):
            lines.setdefault(line["order_id"], []).append(dict(line))
        found = []
        for order in orders:
            own = lines.get(order["id"], [])
            goods = sum(line["unit_price"] * line["quantity"] for line in own)
            buyer = {"email": ""} | json.loads(order["buyer"])
            found.append(dict(order) | {"buyer": buyer, "lines": own, "total": goods + order["shipping_fee"]})
        return found

    def set_status(self, order_id: int, status: str) -> None:
        """Any word: real ones, and ones that a reader has never heard of."""
        if not status.strip():
            raise Unknown("ステータスを入力してください。")
        self.order(order_id)
        stamps = {"入金済み": "paid_at", "発送済み": "shipped_at"}
        with self.books() as books:
            books.execute("UPDATE orders SET status = ? WHERE id = ?", [status, order_id])
            if status in stamps:
                books.execute(
                    f"UPDATE orders SET {stamps[status]} = ? WHERE id = ?",  # noqa: S608 - two constants
                    [wire(self.now()), order_id],
                )

    def cancel(self, order_id: int) -> None:
        """As the shop would: it can only choose キャンセル after it has created that status."""
        store = self.store(self.order(order_id)["store_id"])
        if CANCEL not in self.status_words(store):
            raise Unknown(
                f"{store['name']}はステータス「{CANCEL}」をまだ作っていません。ストア管理のステータス設定で作ってください。"
            )
        self.set_status(order_id, CANCEL)

    def set_buyer(self, order_id: int, changes: Mapping[str, str]) -> None:
        order = self.order(order_id)
        unknown = set(changes) - set(order["buyer"])
        if unknown:
            raise Unknown(f"購入者の項目「{'・'.join(sorted(unknown))}」はありません。")
        if not all(isinstance(value, str) for value in changes.values()):
            raise Unknown("購入者の項目は文字で入力してください。")
        buyer = json.dumps(order["buyer"] | dict(changes), ensure_ascii=False)
        with self.books() as books:
            books.execute("UPDATE orders SET buyer = ? WHERE id = ?", [buyer, order_id])

    def bundle(self, order_ids: Sequence[int]) -> int:
        """まとめて落札: orders of one winner become the first of them."""
        orders = [self.order(each) for each in dict.fromkeys(order_ids)]
        if len(orders) < 2 or len({(order["winner"], order["store_id"]) for order in orders}) != 1:
            raise Unknown("同じ落札者の注文を2件以上選んでください。")
        first = int(orders[0]["id"])
        with self.books() as books:
            for order in orders[1:]:
                books.execute("UPDATE order_lines SET order_id = ? WHERE order_id = ?", [first, order["id"]])
                books.execute("DELETE FROM orders WHERE id = ?", [order["id"]])
        return first
