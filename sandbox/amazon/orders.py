"""Orders: what a customer does, what the seller ships, and every earlier state for readers that lag behind."""

from __future__ import annotations

import json
from typing import Any

from sandbox.amazon.attributes import price_of, quantity_of, value_of
from sandbox.amazon.books import data
from sandbox.amazon.offers import Offers
from sandbox.market.books import Unknown, moment, wire

Order = dict[str, Any]  # id, created_at, updated_at, status, fulfilled_by, lines, buyer, packages, changes, …
PENDING, UNSHIPPED, PARTLY, SHIPPED, CANCELLED = (
    "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED",
)  # fmt: skip


def open_units(line: dict[str, Any]) -> int:
    """What is still to be shipped."""
    return 0 if "cancelled" in line else int(line["quantity"] - line["shipped"])


def _status(now: str, lines: list[dict[str, Any]]) -> str:
    """What an order is when some of its lines were shipped or cancelled."""
    is_open, is_begun = any(map(open_units, lines)), any(line["shipped"] for line in lines)
    if is_open:
        return PARTLY if is_begun else now
    return SHIPPED if is_begun else CANCELLED


class Orders(Offers):
    # --- what a customer does ---

    def buy(self, seller_id: str, skus: list[str], quantity: int, **more: Any) -> str:
        """Of offers that are on sale, `quantity` of each; what is sold is taken off the offer. The order's id."""
        with self.books():
            lines = []
            for sku in dict.fromkeys(skus):
                offer = self.offer(seller_id, sku)
                if offer is None or "BUYABLE" not in self.statuses(offer):
                    raise Unknown(f"SKU「{sku}」は購入できる状態ではありません。")
                if quantity_of(offer["attributes"]) < quantity:
                    raise Unknown(f"SKU「{sku}」の在庫は{quantity_of(offer['attributes'])}個です。")
                self.move_stock(seller_id, sku, -quantity)
                lines.append({
                    "sku": sku, "asin": offer["asin"], "quantity": quantity, "price": price_of(offer["attributes"]),
                    "condition": value_of(offer["attributes"], "condition_type"),
                    "note": value_of(offer["attributes"], "condition_note"), "takes_stock": True,
                })  # fmt: skip
            return self.place(seller_id, lines, **more)

    def place(
        self, seller_id: str, lines: list[dict[str, Any]], *, buyer: int = 0, fulfilled_by: str = "MERCHANT",
        payment: str = "CreditCard", shipping: int = 0, points: int = 0,
    ) -> str:  # fmt: skip
        """An order of anything, also of what this seller has no offer for; PENDING at first."""
        with self.books() as books:
            number = int(
                books.execute(
                    "INSERT INTO orders (seller_id, created_at, updated_at, state) VALUES (?, ?, '', '')",
                    [seller_id, self.time()],
                ).lastrowid
                or 0
            )
            order_id = f"503-{number * 7919 % 10**7:07d}-{number * 104729 % 10**7:07d}"
            books.execute("UPDATE orders SET id = ? WHERE number = ?", [order_id, number])
            order: Order = {
                "id": order_id, "number": number, "seller_id": seller_id, "created_at": self.time(), "status": PENDING,
                "fulfilled_by": fulfilled_by, "payment": payment, "shipping": shipping, "points": points,
                "buyer": data("buyers")[buyer % len(data("buyers"))], "packages": [],
                "lines": [
                    {"shipped": 0, "condition": "used_good", "note": None, "takes_stock": False, **line,
                     "item_id": f"{number:08d}{place:06d}", "title": self._title(line)}
                    for place, line in enumerate(lines, 1)
                ],
            }  # fmt: skip
            self._keep_order(order)
        return order_id

    def _title(self, line: dict[str, Any]) -> str:
        product = self.product(line["asin"])
        return str(line.get("title") or (product["name"] if product else f"商品 {line['sku']}"))

    def pay(self, order_id: str) -> None:
        order = self._must_be(order_id, PENDING, "PENDING_AVAILABILITY")
        self._keep_order(order | {"status": UNSHIPPED})

    def cancel(self, order_id: str, by: str, reason: str, place: int | None = None) -> None:
        """What has not been shipped, or one line (from 1) only; sold units go back to their offer when the switch says so."""
        with self.books():
            order = self._must_be(order_id, "PENDING_AVAILABILITY", PENDING, UNSHIPPED, PARTLY)
            if place is not None and not 1 <= place <= len(order["lines"]):
                raise Unknown(f"line は1〜{len(order['lines'])}です。")
            done = {"cancelled": {"cancelledBy": by, "cancelReason": reason}}
            lines = list(order["lines"])
            for at, line in enumerate(lines):
                units = open_units(line)
                if units and place in (None, at + 1):
                    lines[at] = line | done
                    if line["takes_stock"] and self.setting("restock_on_cancel", order["seller_id"]):
                        self.move_stock(order["seller_id"], line["sku"], units)
            self._keep_order(order | {"lines": lines, "status": _status(order["status"], lines)})

    def request_cancel(self, order_id: str, reason: str) -> None:
        """The customer asks; nothing else changes."""
        order = self._must_be(order_id, UNSHIPPED)
        lines = [
            line | {"request": {"requester": "BUYER", "cancelReason": reason}} for line in order["lines"]
        ]
        self._keep_order(order | {"lines": lines})

    # --- what the seller, or Amazon for him, does ---

    def ship(self, order_id: str, quantities: dict[str, int], package: dict[str, Any]) -> None:
        """`quantities` by order item; the caller has made sure that they are still to be shipped."""
        with self.books():
            order = self._must_be(order_id, UNSHIPPED, PARTLY)
            lines = [
                line | {"shipped": line["shipped"] + quantities.get(line["item_id"], 0)}
                for line in order["lines"]
            ]
            made = package | {"items": quantities, "created_at": self.time(), "status": "SHIPPED"}
            packages = [*order["packages"], made]
            self._keep_order(
                order | {"status": _status(order["status"], lines), "lines": lines, "packages": packages}
            )

    def deliver(self, order_id: str) -> None:
        order = self._must_be(order_id, SHIPPED)
        packages = [each | {"status": "DELIVERED"} for each in order["packages"]]
        self._keep_order(order | {"packages": packages})

    # --- what only the control room does ---

    def set_order_state(self, order_id: str, status: str) -> None:
        """Any word: real ones, and ones that a reader has never heard of."""
        self._keep_order(self.order(order_id) | {"status": status})

    def change_order(self, order_id: str, put: dict[str, Any], drop: list[str]) -> None:
        """From now on answers have these values, and lack what these JSON pointers name."""
        if not all(each.startswith("/") for each in drop):
            raise Unknown("drop は /orderItems/0/product のような場所です。")
        self._keep_order(self.order(order_id) | {"put": put, "drop": drop})

    def import_order(self, seller_id: str, document: dict[str, Any]) -> str:
        """An order as somebody else wrote it, answered as it stands."""
        order_id, created = document.get("orderId"), document.get("createdTime")
        if not isinstance(order_id, str) or not isinstance(created, str) or not created.endswith("Z"):
            raise Unknown("orderId と createdTime（UTC、末尾Z）が必要です。")
        with self.books() as books:
            if books.execute("SELECT 1 FROM orders WHERE id = ?", [order_id]).fetchone():
                raise Unknown(f"Amazonの注文「{order_id}」はもうあります。")
            at = wire(moment(created))
            made = books.execute(
                "INSERT INTO orders (id, seller_id, created_at, updated_at, state) VALUES (?, ?, ?, '', '')",
                [order_id, seller_id, at],
            )
            self._keep_order({
                "id": order_id, "number": made.lastrowid, "seller_id": seller_id, "created_at": at,
                "document": document, "lines": [], "packages": [], "status": str(document.get("fulfillment", {}).get("fulfillmentStatus")),
                "fulfilled_by": str(document.get("fulfillment", {}).get("fulfilledBy")),
            })  # fmt: skip
        return order_id

    # --- reading ---

    def order(self, order_id: str) -> Order:
        found = self.find_order(order_id)
        if found is None:
            raise Unknown(f"Amazonの注文「{order_id}」はありません。")
        return found

    def find_order(self, order_id: str, seller_id: str | None = None, lag: float = 0) -> Order | None:
        """As it is, or as a reader sees it who is `lag` seconds behind."""
        with self.books() as books:
            row = books.execute(
                "SELECT state FROM order_versions WHERE id = ? AND (? IS NULL OR seller_id = ?) AND at <= ?"
                " ORDER BY version DESC",
                [order_id, seller_id, seller_id, self.time(lag)],
            ).fetchone()
        return json.loads(row["state"]) if row else None

    def orders(self, seller_id: str, lag: float = 0) -> list[Order]:
        """Every order of a seller as a reader who lags behind sees it, oldest first."""
        with self.books() as books:
            rows = books.execute(
                "SELECT state, MAX(version) FROM order_versions WHERE seller_id = ? AND at <= ? GROUP BY id",
                [seller_id, self.time(lag)],
            ).fetchall()
        return sorted((json.loads(row["state"]) for row in rows), key=lambda order: int(order["number"]))

    def _must_be(self, order_id: str, *states: str) -> Order:
        order = self.order(order_id)
        if order["status"] not in states:
            raise Unknown(f"注文「{order_id}」は {order['status']} なので、この操作はできません。")
        return order

    def _keep_order(self, order: Order) -> None:
        changed = order | {"updated_at": wire(self.now())}
        state = json.dumps(changed, ensure_ascii=False)
        with self.books() as books:
            books.execute(
                "UPDATE orders SET updated_at = ?, state = ? WHERE id = ?",
                [changed["updated_at"], state, order["id"]],
            )
            books.execute(
                "INSERT INTO order_versions (id, seller_id, at, state) VALUES (?, ?, ?, ?)",
                [order["id"], order["seller_id"], changed["updated_at"], state],
            )
