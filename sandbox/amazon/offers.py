"""The life of an offer: submitted, visible, on sale, suppressed, gone. Nothing takes effect when it is accepted."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from typing import Any

from sandbox.amazon.attributes import patched, price_of, quantity_of, value_of, with_quantity
from sandbox.amazon.books import MARKETPLACE
from sandbox.amazon.goods import Goods
from sandbox.market.books import Unknown, moment, wire

Offer = dict[
    str, Any
]  # asin, product_type, attributes, created_at, updated_at, buyable_at, suppress_at, issues
SUPPRESSED: dict[str, Any] = {
    "code": "99300", "severity": "ERROR", "attributeNames": ["condition_note"], "categories": [],
    "enforcements": {"actions": [{"action": "LISTING_SUPPRESSED"}], "exemption": {"status": "NOT_EXEMPT"}},
    "marketplaceIds": [MARKETPLACE],
}  # fmt: skip


class Offers(Goods):
    # --- submissions ---

    def submit(self, seller_id: str, sku: str, kind: str, content: dict[str, Any]) -> None:
        """PUT, PATCH or DELETE is accepted; it takes effect later, each SKU's in their order."""
        with self.books() as books:
            self.settle()
            is_new = kind == "PUT" and self.offer(seller_id, sku) is None
            delay = self.setting("visible_after_seconds" if is_new else "change_after_seconds", seller_id)
            if is_new and not self._is_waiting(seller_id, sku) and self.take("lose_listings", seller_id):
                books.execute("INSERT OR IGNORE INTO lost_skus VALUES (?, ?)", [seller_id, sku])
            before = books.execute(
                "SELECT MAX(due_at) FROM submissions WHERE seller_id = ? AND sku = ? AND NOT is_done",
                [seller_id, sku],
            ).fetchone()[0]
            due = max(wire(self.now() + timedelta(seconds=delay)), before or "")
            books.execute(
                "INSERT INTO submissions (seller_id, sku, kind, content, at, due_at) VALUES (?, ?, ?, ?, ?, ?)",
                [seller_id, sku, kind, json.dumps(content, ensure_ascii=False), self.time(), due],
            )
            self.settle()

    def _is_waiting(self, seller_id: str, sku: str) -> bool:
        """An earlier submission of a SKU that nobody has seen yet."""
        with self.books() as books:
            row = books.execute(
                "SELECT 1 FROM submissions WHERE seller_id = ? AND sku = ? AND NOT is_done", [seller_id, sku]
            ).fetchone()
        return row is not None

    def is_resting(self, seller_id: str, sku: str) -> bool:
        """Deleted not long ago: its name is not free yet."""
        rest = self.setting("sku_rest_hours", seller_id) * 3600
        with self.books() as books:
            row = books.execute(
                "SELECT 1 FROM deleted_skus WHERE seller_id = ? AND sku = ? AND at > ?",
                [seller_id, sku, self.time(rest)],
            ).fetchone()
        return row is not None

    def settle(self) -> None:
        """Everything whose time has come takes effect, as of that time."""
        with self.books() as books:
            due = books.execute(
                "SELECT * FROM submissions WHERE NOT is_done AND due_at <= ? ORDER BY due_at, id",
                [self.time()],
            ).fetchall()
            for each in due:
                books.execute("UPDATE submissions SET is_done = 1 WHERE id = ?", [each["id"]])
                self._take_effect(each)
            for row in books.execute("SELECT * FROM offers WHERE suppress_at <= ?", [self.time()]).fetchall():
                state = json.loads(row["state"])
                changed = state | {"suppress_at": None, "issues": [*state["issues"], SUPPRESSED]}
                self._keep(row["seller_id"], row["sku"], changed, self.time())

    def _take_effect(self, submission: sqlite3.Row) -> None:
        seller_id, sku, at = submission["seller_id"], submission["sku"], submission["due_at"]
        content = json.loads(submission["content"])
        offer = self.offer(seller_id, sku)
        if self._is_lost(seller_id, sku) or (offer is None and self.is_resting(seller_id, sku)):
            return
        if submission["kind"] == "DELETE":
            self._remove(seller_id, sku, at)
        elif submission["kind"] == "PUT":
            base = offer or self._new_offer(seller_id, submission)
            self._keep(seller_id, sku, base | content | {"asin": _asin(content["attributes"])}, at)
        elif offer is not None:  # a patch of a SKU that is not there was accepted, too, and does nothing
            attributes = patched(offer["attributes"], content["patches"])
            self._keep(seller_id, sku, offer | {"attributes": attributes, "asin": _asin(attributes)}, at)

    def _new_offer(self, seller_id: str, submission: sqlite3.Row) -> Offer:
        buyable = moment(submission["at"]) + timedelta(
            seconds=self.setting("buyable_after_seconds", seller_id)
        )
        suppress = None
        if self.take("suppress_listings", seller_id):
            suppress = wire(buyable + timedelta(seconds=self.setting("suppress_after_seconds", seller_id)))
        return {
            "created_at": submission["at"], "buyable_at": wire(buyable), "suppress_at": suppress, "issues": [],
        }  # fmt: skip

    def _is_lost(self, seller_id: str, sku: str) -> bool:
        with self.books() as books:
            row = books.execute(
                "SELECT 1 FROM lost_skus WHERE seller_id = ? AND sku = ?", [seller_id, sku]
            ).fetchone()
        return row is not None

    # --- what is there ---

    def offer(self, seller_id: str, sku: str, lag: float = 0) -> Offer | None:
        """As it is, or as a reader sees it who is `lag` seconds behind."""
        with self.books() as books:
            row = books.execute(
                "SELECT state FROM offer_versions WHERE seller_id = ? AND sku = ? AND at <= ? ORDER BY id DESC",
                [seller_id, sku, self.time(lag)],
            ).fetchone()
        return json.loads(row["state"]) if row and row["state"] else None

    def offers(self, seller_id: str, lag: float = 0) -> dict[str, Offer]:
        """By SKU, in its order."""
        with self.books() as books:
            rows = books.execute(
                "SELECT sku, state, MAX(id) FROM offer_versions WHERE seller_id = ? AND at <= ? GROUP BY sku",
                [seller_id, self.time(lag)],
            ).fetchall()
        return {row["sku"]: json.loads(row["state"]) for row in rows if row["state"]}

    def statuses(self, offer: Offer) -> list[str]:
        """BUYABLE only when its time has come, there is something to sell, and nobody has taken it down."""
        has_goods = quantity_of(offer["attributes"]) > 0 and price_of(offer["attributes"]) is not None
        is_open = not offer["issues"] and offer["buyable_at"] <= self.time()
        return ["BUYABLE", "DISCOVERABLE"] if has_goods and is_open else ["DISCOVERABLE"]

    # --- what happens to it ---

    def suppress(self, seller_id: str, sku: str, *, lift: bool = False) -> None:
        """Amazon takes it down, or lets it back."""
        offer = self._existing(seller_id, sku)
        issues = [] if lift else [*offer["issues"], SUPPRESSED]
        self._keep(seller_id, sku, offer | {"issues": issues}, self.time())

    def move_stock(self, seller_id: str, sku: str, change: int) -> None:
        """A sale or a cancellation; of a SKU that is gone nothing happens."""
        offer = self.offer(seller_id, sku)
        if offer is not None:
            quantity = max(0, quantity_of(offer["attributes"]) + change)
            attributes = with_quantity(offer["attributes"], quantity)
            self._keep(seller_id, sku, offer | {"attributes": attributes}, self.time())

    def list_at_once(
        self, seller_id: str, sku: str, *, asin: str, price: int, quantity: int, condition: str = "used_good"
    ) -> None:
        """An offer that the seller made elsewhere, on sale already."""
        if self.product(asin) is None or self.offer(seller_id, sku) is not None or not 1 <= price < 10**8:
            raise Unknown(
                f"ASIN「{asin}」がないか、SKU「{sku}」がもうあるか、price が1〜99999999ではありません。"
            )
        attributes = {
            "merchant_suggested_asin": [{"value": asin, "marketplace_id": MARKETPLACE}],
            "condition_type": [{"value": condition, "marketplace_id": MARKETPLACE}],
            "purchasable_offer": [{
                "currency": "JPY", "our_price": [{"schedule": [{"value_with_tax": price}]}],
                "marketplace_id": MARKETPLACE,
            }],
            "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}],
        }  # fmt: skip
        self._keep(seller_id, sku, {
            "asin": asin, "product_type": "PRODUCT", "requirements": "LISTING_OFFER_ONLY", "attributes": attributes,
            "created_at": self.time(), "buyable_at": self.time(), "suppress_at": None, "issues": [],
        }, self.time())  # fmt: skip

    def forget(self, seller_id: str, sku: str) -> None:
        """The seller deletes it on his own pages, at once."""
        self._existing(seller_id, sku)
        self._remove(seller_id, sku, self.time())

    def _existing(self, seller_id: str, sku: str) -> Offer:
        offer = self.offer(seller_id, sku)
        if offer is None:
            raise Unknown(f"SKU「{sku}」の出品はありません。")
        return offer

    def _keep(self, seller_id: str, sku: str, offer: Offer, at: str) -> None:
        state = json.dumps(offer | {"updated_at": at}, ensure_ascii=False)
        with self.books() as books:
            books.execute(
                "INSERT OR REPLACE INTO offers VALUES (?, ?, ?, ?)",
                [seller_id, sku, state, offer["suppress_at"]],
            )
            books.execute(
                "INSERT INTO offer_versions (seller_id, sku, at, state) VALUES (?, ?, ?, ?)",
                [seller_id, sku, at, state],
            )

    def _remove(self, seller_id: str, sku: str, at: str) -> None:
        with self.books() as books:
            gone = books.execute("DELETE FROM offers WHERE seller_id = ? AND sku = ?", [seller_id, sku])
            if gone.rowcount:
                books.execute(
                    "INSERT INTO offer_versions (seller_id, sku, at) VALUES (?, ?, ?)", [seller_id, sku, at]
                )
                books.execute("INSERT OR REPLACE INTO deleted_skus VALUES (?, ?, ?)", [seller_id, sku, at])


def _asin(attributes: dict[str, Any]) -> str:
    return str(value_of(attributes, "merchant_suggested_asin"))
