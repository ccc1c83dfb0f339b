"""Orders 2026-01-01: what changed since, page by page, and one order."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from sandbox.amazon.books import iso
from sandbox.amazon.errors import not_found
from sandbox.amazon.order_documents import document, included
from sandbox.amazon.orders import Order
from sandbox.amazon.requests import Call
from sandbox.market.books import moment, wire

MOST_PER_PAGE = 100
BEHIND = timedelta(minutes=2)  # the newest that a search may ask for
FREE = ("maxResultsPerPage", "includedData", "paginationToken")  # what may differ from page to page
WINDOWS = (
    ("createdAfter", "createdBefore", "created_at"),
    ("lastUpdatedAfter", "lastUpdatedBefore", "updated_at"),
)


def search(call: Call) -> dict[str, Any]:
    after, until, field = _window(call)
    size = call.query.get("maxResultsPerPage", MOST_PER_PAGE)
    if size > MOST_PER_PAGE:
        raise call.invalid("maxResultsPerPage must be between 1 and 100.")
    begin = _begin(call)
    lag = call.amazon.setting("search_orders_lag_seconds", call.seller_id)
    found = [
        (order[field], order["id"], order)
        for order in call.amazon.orders(call.seller_id, lag)
        if wire(after) <= order[field] <= wire(until) and _is_wanted(call.query, order)
    ]
    rest = sorted(each for each in found if [each[0], each[1]] > begin)
    answer: dict[str, Any] = {"orders": [_told(call, order) for _, _, order in rest[:size]]}
    if len(rest) > size:
        answer["pagination"] = {"nextToken": _new_token(call, [rest[size - 1][0], rest[size - 1][1]])}
    name = "createdBefore" if field == "created_at" else "lastUpdatedBefore"
    return answer | {name: iso(until)}


def get(call: Call) -> dict[str, Any]:
    order_id = call.path["orderId"]
    if not all(part.isdigit() for part in order_id.split("-")) or order_id.count("-") != 2:
        raise call.invalid("Invalid orderId.")
    lag = call.amazon.setting("get_order_lag_seconds", call.seller_id)
    order = call.amazon.find_order(order_id, call.seller_id, lag)
    if order is None:
        raise not_found(f"Order {order_id} was not found.")
    return {"order": _told(call, order)}


def _told(call: Call, order: Order) -> dict[str, Any]:
    mask = call.amazon.setting("mask_names", call.seller_id)
    return included(document(order, call.amazon.now(), mask_names=mask), call.query.get("includedData", []))


def _window(call: Call) -> tuple[datetime, datetime, str]:
    """From when to when, of which of the two times; exactly one of them is asked for."""
    query, newest = call.query, call.amazon.now() - BEHIND
    asked = [each for each in WINDOWS if each[0] in query]
    stray = [each[1] for each in WINDOWS if each not in asked and each[1] in query]
    if len(asked) != 1 or stray:
        raise call.invalid(
            "Exactly one of createdAfter and lastUpdatedAfter is needed, with its own Before only."
        )
    first, last, field = asked[0]
    until = query.get(last, newest)
    if last in query and (until > newest or until < query[first]):
        raise call.invalid(f"[{last}] must be at least two minutes in the past and not before [{first}].")
    return query[first], until, field


def _is_wanted(query: dict[str, Any], order: Order) -> bool:
    return order["status"] in query.get("fulfillmentStatuses", [order["status"]]) and order[
        "fulfilled_by"
    ] in query.get("fulfilledBy", [order["fulfilled_by"]])


# --- the next page ---


def _asked(call: Call) -> str:
    """The question that a token belongs to."""
    held = {name: value for name, value in call.query.items() if name not in FREE}
    return json.dumps(held, default=iso, sort_keys=True)


def _new_token(call: Call, after: list[str]) -> str:
    token = secrets.token_urlsafe(24)
    with call.amazon.books() as books:
        books.execute(
            "INSERT INTO pages VALUES (?, ?, ?, ?, ?)",
            [token, call.seller_id, call.amazon.time(), _asked(call), json.dumps(after)],
        )
    return token


def _begin(call: Call) -> list[str]:
    """Behind which order the page begins; a token that is old, another's or another question's is none."""
    if "paginationToken" not in call.query:
        return ["", ""]
    with call.amazon.books() as books:
        page = books.execute(
            "SELECT * FROM pages WHERE token = ?", [call.query["paginationToken"]]
        ).fetchone()
    life = timedelta(minutes=call.amazon.setting("page_token_minutes", call.seller_id))
    if page is None or page["seller_id"] != call.seller_id:
        raise call.invalid("Invalid paginationToken.")
    if moment(page["made_at"]) + life <= call.amazon.now():
        raise call.invalid("The paginationToken has expired.")
    if page["asked"] != _asked(call):
        raise call.invalid("With a paginationToken all other parameters must stay the same.")
    begin: list[str] = json.loads(page["after"])
    return begin
