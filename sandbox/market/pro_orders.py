"""ストアクリエイターPro: the three statuses of an order, its number once the buyer has proceeded, and its parcel."""

from __future__ import annotations

import sqlite3
from typing import Any

from sandbox.market.accounts import Accounts
from sandbox.market.books import Unknown, wire

ORDER_WORDS = {1: "予約中", 2: "処理中", 3: "保留", 4: "キャンセル", 5: "完了"}
PAY_WORDS = {0: "入金待ち", 1: "入金済み"}
SHIP_WORDS = {0: "出荷不可", 1: "出荷可", 2: "出荷処理中", 3: "出荷済", 4: "着荷済"}
PAY_TYPES = {0: "後払い", 1: "前払い"}
NOT_ORDERED = "注文手続き待ち"
CARRIERS = {"1001": "ヤマト運輸", "1002": "佐川急便", "1003": "日本郵便", "1004": "西濃運輸"}
STATUS_COLUMNS = ("order_status", "pay_status", "ship_status")


def word(words: dict[int, str], number: int) -> str:
    """A number that has no word is shown as it is."""
    return words.get(number, f"不明（{number}）")


class ProOrders(Accounts):
    def is_pro(self, order_id: int) -> bool:
        return self.pro_order(order_id) is not None

    def pro_order(self, order_id: int) -> sqlite3.Row | None:
        with self.books() as books:
            row: sqlite3.Row | None = books.execute(
                "SELECT * FROM pro_orders WHERE order_id = ?", [order_id]
            ).fetchone()
        return row

    def open_pro_order(self, order_id: int) -> None:
        """Won, but the buyer has not proceeded: no number yet."""
        with self.books() as books:
            books.execute(
                "INSERT INTO pro_orders (order_id, order_status, pay_status, ship_status, updated_at)"
                " VALUES (?, 2, 0, 0, ?)",
                [order_id, wire(self.now())],
            )

    def proceed(self, order_id: int, *, pay_later: bool = False) -> str:
        """The buyer orders what he has won; the order number, the old one when he has ordered before."""
        with self.books() as books:
            pro = self._pro(order_id)
            if pro["order_number"]:
                return str(pro["order_number"])
            if pro["order_status"] == 4:
                raise Unknown("この取引はキャンセルされています。")
            store = books.execute("SELECT store_id FROM orders WHERE id = ?", [order_id]).fetchone()[
                "store_id"
            ]
            number = f"{store}-{10_000_000 + order_id}"
            books.execute(
                "UPDATE pro_orders SET order_number = ?, ordered_at = ?, pay_later = ?, ship_status = ?"
                " WHERE order_id = ?",
                [number, wire(self.now()), int(pay_later), int(pay_later), order_id],
            )
            self.touch(order_id)
        return number

    def set_state(self, order_id: int, **numbers: int) -> None:
        """order_status, pay_status, ship_status: any numbers, also ones that no reader knows."""
        self._pro(order_id)
        with self.books() as books:
            for name in STATUS_COLUMNS:
                if name in numbers:
                    books.execute(
                        f"UPDATE pro_orders SET {name} = ? WHERE order_id = ?",  # noqa: S608 - constants
                        [numbers[name], order_id],
                    )
            self.touch(order_id)

    def pay_pro(self, order_id: int) -> None:
        """A buyer who pays has ordered."""
        with self.books() as books:
            self.proceed(order_id)
            pro = self._pro(order_id)
            self.set_state(order_id, pay_status=1, ship_status=max(1, pro["ship_status"]))
            books.execute("UPDATE orders SET paid_at = ? WHERE id = ?", [wire(self.now()), order_id])

    def ship_pro(self, order_id: int, *, carrier: str = "", tracking_number: str = "") -> None:
        with self.books() as books:
            pro = self._pro(order_id)
            if not pro["order_number"]:
                raise Unknown("まだ注文されていないので、出荷できません。")
            if pro["order_status"] == 4:
                raise Unknown("キャンセルされた注文は出荷できません。")
            self.set_state(order_id, ship_status=3)
            books.execute(
                "UPDATE pro_orders SET carrier = ?, tracking_number = ? WHERE order_id = ?",
                [carrier, tracking_number, order_id],
            )
            books.execute("UPDATE orders SET shipped_at = ? WHERE id = ?", [wire(self.now()), order_id])

    def cancel_pro(self, order_id: int) -> None:
        self.set_state(order_id, order_status=4)

    def _pro(self, order_id: int) -> sqlite3.Row:
        pro = self.pro_order(order_id)
        if pro is None:
            raise Unknown(f"注文「{order_id}」はストアクリエイターProの注文ではありません。")
        return pro

    def touch(self, order_id: int) -> None:
        """It was changed now."""
        with self.books() as books:
            books.execute(
                "UPDATE pro_orders SET updated_at = ? WHERE order_id = ?", [wire(self.now()), order_id]
            )


def described(pro: sqlite3.Row) -> dict[str, Any]:
    """What an order has more in ストアクリエイターPro; `status` in words."""
    status = NOT_ORDERED
    if pro["order_status"] == 4 or pro["order_number"]:
        status = "・".join(
            word(words, pro[name])
            for words, name in zip((ORDER_WORDS, PAY_WORDS, SHIP_WORDS), STATUS_COLUMNS, strict=True)
        )
    kept = {name: pro[name] for name in pro.keys() if name != "order_id"}  # noqa: SIM118
    return kept | {"status": status, "pay_type": int(not pro["pay_later"])}
