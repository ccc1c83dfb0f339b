"""Amazon as people and test programs look at it from outside: everything as JSON, offers and orders as table rows."""

from __future__ import annotations

import json
from typing import Any

from sandbox.amazon.attributes import price_of, quantity_of, value_of, worded
from sandbox.amazon.market import Amazon


def offer_rows(amazon: Amazon, seller_id: str) -> list[dict[str, Any]]:
    """What is really on sale, without any reading lag."""
    return [
        {
            "sku": sku, "asin": offer["asin"], "title": (amazon.product(offer["asin"]) or {}).get("name", ""),
            "condition": value_of(offer["attributes"], "condition_type"), "price": price_of(offer["attributes"]),
            "note": value_of(offer["attributes"], "condition_note"), "quantity": quantity_of(offer["attributes"]),
            "statuses": amazon.statuses(offer), "issues": worded(offer["issues"]), "updated_at": offer["updated_at"],
            "attributes": offer["attributes"],
        }
        for sku, offer in amazon.offers(seller_id).items()
    ]  # fmt: skip


def state(amazon: Amazon) -> dict[str, Any]:
    sellers = amazon.sellers()
    with amazon.books() as books:
        waiting = books.execute("SELECT * FROM submissions WHERE NOT is_done ORDER BY id").fetchall()
        lost = books.execute("SELECT seller_id, sku FROM lost_skus ORDER BY 1, 2").fetchall()
    account = {each["id"]: each["account"] for each in sellers}
    return {
        "sellers": [
            {name: each[name] for name in ("account", "id", "name", "client_id", "client_secret", "refresh_token")}
            | {"is_authorized": bool(each["is_authorized"])}
            for each in sellers
        ],
        "settings": amazon.settings(),
        "seller_settings": {each["account"]: amazon.own_settings(each["id"]) for each in sellers},
        "offers": [{"seller": each["account"], **row} for each in sellers for row in offer_rows(amazon, each["id"])],
        "orders": [{"seller": each["account"], **order} for each in sellers for order in amazon.orders(each["id"])],
        "waiting": [
            {"seller": account[row["seller_id"]], "sku": row["sku"], "kind": row["kind"], "due_at": row["due_at"],
             "content": json.loads(row["content"])}
            for row in waiting
        ],
        "lost": [{"seller": account[row["seller_id"]], "sku": row["sku"]} for row in lost],
        "calls": amazon.calls(),
    }  # fmt: skip
