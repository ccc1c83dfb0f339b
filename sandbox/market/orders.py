"""Orders of winners: their status, the buyer's address, and bundles of several auctions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sandbox.market.accounts import CANCEL
from sandbox.market.books import CURRENT, Unknown, wire
from sandbox.market.pro_orders import ProOrders, described

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


class Orders(ProOrders):
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
            if self.store(auction["store_id"])["tool"] == CURRENT:
                self.open_pro_order(order_id)
        return order_id

    def orders(
        self, store_id: str | None = None, *, auction_id: str | None = None, count: int = -1
    ) -> list[dict[str, Any]]:
        """Newest first, each with its lines and the auction's title and 管理番号; `total` in yen with shipping."""
        with self.books() as books:
            orders = books.execute(
                """SELECT * FROM orders WHERE (:store IS NULL OR store_id = :store) AND (:auction IS NULL
                     OR id IN (SELECT order_id FROM order_lines WHERE auction_id = :auction))
                   ORDER BY won_at DESC, id DESC LIMIT :count""",
                {"store": store_id, "auction": auction_id, "count": count},
            ).fetchall()
            return self._with_lines(books, orders)

    def order_count(self) -> int:
        with self.books() as books:
            return int(books.execute("SELECT COUNT(*) FROM orders").fetchone()[0])

    def won_lines(self, store_id: str, *, start: int, count: int) -> tuple[list[dict[str, Any]], int]:
        """One row per order line, newest first, and how many there are in all."""
        with self.books() as books:
            total = books.execute(
                "SELECT COUNT(*) FROM order_lines JOIN orders ON orders.id = order_id WHERE store_id = ?",
                [store_id],
            ).fetchone()[0]
            rows = books.execute(
                """SELECT order_lines.*, auctions.title, auctions.management_number, orders.winner, orders.won_at,
                     orders.status, unit_price * order_lines.quantity AS amount, order_number, order_status
                   FROM orders JOIN order_lines ON order_lines.order_id = orders.id JOIN auctions ON auctions.id = auction_id
                   LEFT JOIN pro_orders ON pro_orders.order_id = orders.id WHERE orders.store_id = ?
                   ORDER BY won_at DESC, orders.id DESC, order_lines.rowid LIMIT ? OFFSET ?""",
                [store_id, count, start],
            ).fetchall()
        return [dict(row) for row in rows], int(total)

    def numbered_orders(
        self, store_id: str, *, start: int = 0, count: int = -1, wanted: Mapping[str, Sequence[int]] | None = None,
        number: str | None = None,
    ) -> tuple[list[dict[str, Any]], int]:  # fmt: skip
        """Orders of ストアクリエイターPro that have a number, newest first; `wanted` names statuses, none for any."""
        clauses, values = ["store_id = ?", "order_number IS NOT NULL"], [store_id]
        for name, numbers in (wanted or {}).items():
            clauses.append(f"{name} IN (SELECT value FROM json_each(?))")  # noqa: S608 - constants
            values.append(json.dumps(list(numbers)))
        if number is not None:
            clauses.append("order_number = ?")
            values.append(number)
        where = " AND ".join(clauses)
        with self.books() as books:
            source = f"FROM pro_orders JOIN orders ON orders.id = order_id WHERE {where}"
            total = books.execute(f"SELECT COUNT(*) {source}", values).fetchone()[0]
            rows = books.execute(
                f"SELECT orders.* {source} ORDER BY ordered_at DESC, orders.id DESC LIMIT ? OFFSET ?",
                [*values, count, start],
            ).fetchall()
            return self._with_lines(books, rows), int(total)

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
        pros = {
            pro["order_id"]: described(pro)
            for pro in books.execute(
                "SELECT * FROM pro_orders WHERE order_id IN (SELECT value FROM json_each(?))", [wanted]
            )
        }
        found = []
        for order in orders:
            own = lines.get(order["id"], [])
            goods = sum(line["unit_price"] * line["quantity"] for line in own)
            buyer = {"email": ""} | json.loads(order["buyer"])
            found.append(
                dict(order)
                | {"buyer": buyer, "lines": own, "total": goods + order["shipping_fee"]}
                | pros.get(order["id"], {})
            )
        return found

    def set_status(self, order_id: int, status: str) -> None:
        """Any word: real ones, and ones that a reader has never heard of."""
        if not status.strip():
            raise Unknown("ステータスを入力してください。")
        self.order(order_id)
        if self.is_pro(order_id):
            raise Unknown("ストアクリエイターProの注文は order-state で変えてください。")
        stamps = {"入金済み": "paid_at", "発送済み": "shipped_at"}
        with self.books() as books:
            books.execute("UPDATE orders SET status = ? WHERE id = ?", [status, order_id])
            if status in stamps:
                books.execute(
                    f"UPDATE orders SET {stamps[status]} = ? WHERE id = ?",  # noqa: S608 - two constants
                    [wire(self.now()), order_id],
                )

    def pay(self, order_id: int) -> None:
        self.order(order_id)
        if self.is_pro(order_id):
            self.pay_pro(order_id)
        else:
            self.set_status(order_id, "入金済み")

    def ship(self, order_id: int) -> None:
        self.order(order_id)
        if self.is_pro(order_id):
            self.ship_pro(order_id)
        else:
            self.set_status(order_id, "発送済み")

    def cancel(self, order_id: int) -> None:
        """As the shop would: in the classic tool it can choose キャンセル only after it has created that status."""
        store = self.store(self.order(order_id)["store_id"])
        if self.is_pro(order_id):
            self.cancel_pro(order_id)
            return
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
            self.touch(order_id)

    def bundle(self, order_ids: Sequence[int]) -> int:
        """まとめて落札: orders of one winner become the first of them."""
        orders = [self.order(each) for each in dict.fromkeys(order_ids)]
        if len(orders) < 2 or len({(order["winner"], order["store_id"]) for order in orders}) != 1:
            raise Unknown("同じ落札者の注文を2件以上選んでください。")
        if any(order.get("order_number") for order in orders):
            raise Unknown("注文されたあとは、まとめられません。")
        first = int(orders[0]["id"])
        with self.books() as books:
            for order in orders[1:]:
                books.execute("UPDATE order_lines SET order_id = ? WHERE order_id = ?", [first, order["id"]])
                books.execute("DELETE FROM pro_orders WHERE order_id = ?", [order["id"]])
                books.execute("DELETE FROM orders WHERE id = ?", [order["id"]])
        return first
