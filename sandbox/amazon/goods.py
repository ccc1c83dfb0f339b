"""What there is on Amazon, whether or not anybody sells it, and who may sell it in which condition."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from sandbox.amazon.books import data
from sandbox.amazon.tokens import Tokens
from sandbox.market.books import Unknown

REASONS = ("APPROVAL_REQUIRED", "ASIN_NOT_FOUND", "NOT_ELIGIBLE")
MESSAGES = {
    "APPROVAL_REQUIRED": "この商品を出品するには、出品許可が必要です。",
    "ASIN_NOT_FOUND": "この商品はAmazonのカタログにありません。",
    "NOT_ELIGIBLE": "この商品の出品はできません。",
}


def folded(text: str) -> str:
    """Full and half width, large and small letters are the same to a search."""
    return unicodedata.normalize("NFKC", text).casefold()


class Goods(Tokens):
    def product(self, asin: str) -> dict[str, Any] | None:
        return next((dict(each) for each in data("catalog") if each["asin"] == asin), None)

    def restriction(self, asin: str, seller: dict[str, Any], condition: str | None) -> dict[str, Any] | None:
        """Why this seller may not sell it in that condition (None: in any); the control room's word goes first."""
        product = self.product(asin)
        if product is None:
            return {"reason_code": "ASIN_NOT_FOUND", "message": MESSAGES["ASIN_NOT_FOUND"], "conditions": []}
        with self.books() as books:
            row = books.execute(
                "SELECT restriction FROM restrictions WHERE asin = ? AND seller_id = ?", [asin, seller["id"]]
            ).fetchone()
        if row is not None:
            found: dict[str, Any] | None = json.loads(row["restriction"])
        else:
            found = None if asin in seller["may_sell"] else product.get("restriction")
        if found is None or (condition and found["conditions"] and condition not in found["conditions"]):
            return None
        return found

    def restrict(self, seller_id: str, asin: str, reason_code: str | None, conditions: list[str]) -> None:
        """`reason_code` None: now he may."""
        if self.product(asin) is None or reason_code not in (None, *REASONS):
            raise Unknown(f"ASIN「{asin}」がないか、理由が {' / '.join(REASONS)} のどれでもありません。")
        held = None
        if reason_code is not None:
            held = {"reason_code": reason_code, "conditions": conditions, "message": MESSAGES[reason_code]}
        with self.books() as books:
            books.execute(
                "INSERT OR REPLACE INTO restrictions VALUES (?, ?, ?)", [asin, seller_id, json.dumps(held)]
            )

    def by_identifiers(self, kind: str, wanted: list[str]) -> list[dict[str, Any]]:
        """In the catalogue's order; several products may have one JAN, some have none."""
        keys = {each.lstrip("0") if kind in ("GTIN", "UPC") else each for each in wanted}
        return [each for each in data("catalog") if self._identifier(kind, each) in keys]

    @staticmethod
    def _identifier(kind: str, product: dict[str, Any]) -> str | None:
        if kind == "ASIN":
            return str(product["asin"])
        return product["jan"] if kind in ("JAN", "EAN", "GTIN") else None

    def by_keywords(self, words: list[str], brands: list[str]) -> list[dict[str, Any]]:
        """Every word must be somewhere in the name, the brand or the model."""
        wanted = [folded(part) for word in words for part in word.split()]
        return [
            each
            for each in data("catalog")
            if all(part in folded(f"{each['name']} {each['brand']} {each['model']}") for part in wanted)
            and (not brands or each["brand"] in brands)
        ]
