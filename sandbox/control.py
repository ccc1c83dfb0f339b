"""The control room: what buyers do, the clock, and what goes wrong; a page for people and JSON for programs."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response

from sandbox.market import CANCEL, CHOICES, Market, Unknown, wire
from sandbox.web import market

bp = Blueprint("control", __name__)


@bp.before_request
def only_ours() -> None:
    """Pages of other origins cannot press our buttons."""
    origin = request.headers.get("Origin")
    if request.method != "GET" and origin is not None and origin != request.host_url.rstrip("/"):
        abort(403)


@bp.errorhandler(Unknown)
def unknown(error: Unknown) -> tuple[Response, int]:
    return jsonify({"error": str(error)}), 400


@bp.get("/")
def room() -> str:
    books = market()
    return render_template(
        "control.html", stores=books.stores(), selling=books.auctions(state="selling"), closed=books.auctions(state="closed")[:30],
        orders=books.orders()[:50], uploads=books.uploads()[:20], settings=books.settings(), choices=CHOICES,
        clock=wire(books.now()), cancel=CANCEL,
    )  # fmt: skip


@bp.get("/control/state")
def state() -> Response:
    """Everything that the market knows."""
    books = market()
    auctions = [
        {name: value for name, value in each.items() if name not in ("row", "number")}
        for each in books.auctions()
    ]
    stores = [
        {"id": row["id"], "name": row["name"], "login": row["login"], "is_store": bool(row["is_store"]),
         "has_cancel_status": bool(row["has_cancel_status"])}
        for row in books.stores()
    ]  # fmt: skip
    return jsonify(
        {"clock": wire(books.now()), "settings": books.settings(), "stores": stores, "auctions": auctions,
         "orders": books.orders(), "uploads": books.uploads()}
    )  # fmt: skip


@bp.post("/control/<action>")
def act(action: str) -> Any:
    """JSON body → JSON answer; a form of the page → back to the page."""
    do = ACTIONS.get(action)
    if do is None:
        raise Unknown(f"操作「{action}」はありません。操作：{'、'.join(ACTIONS)}")
    body = request.get_json(silent=True) if request.is_json else _from_form()
    if not isinstance(body, dict):
        raise Unknown("JSONのオブジェクトを送ってください。")
    try:
        answer = do(market(), **body)
    except TypeError as error:
        raise Unknown(f"「{action}」の項目が違います：{error}") from error
    return jsonify({"ok": True, **(answer or {})}) if request.is_json else redirect("/")


def _from_form() -> dict[str, Any]:
    """Form values are JSON where they read as JSON, words otherwise."""
    values: dict[str, Any] = {}
    for name, text in request.form.items():
        try:
            values[name] = json.loads(text)
        except ValueError:
            values[name] = text
    return values


def seed(
    books: Market, *, store: str = "demo-store-1", auctions: int = 1, prefix: str = "OLD", days: int = 5
) -> dict[str, Any]:
    """Auctions that exist already, without our doing."""
    books.store(store)
    with books.books():
        made = [
            books.list_auction(
                store,
                {"management_number": f"{prefix}{number:05d}", "title": f"以前からの商品 {prefix}{number:05d}",
                 "description": "説明", "start_price": 1000, "buyout_price": 5000, "quantity": 1, "days": days,
                 "relists": 0, "images": [], "cells": {}},
            )
            for number in range(1, auctions + 1)
        ]  # fmt: skip
    return {"auction_ids": made}


def win(
    books: Market, *, auction_id: str, bidder: str = "buyer_a", price: int | None = None, quantity: int = 1
) -> dict[str, Any]:
    """A bid, and time is up."""
    books.bid(auction_id, bidder=bidder, price=price, quantity=quantity)
    return {"order_ids": books.end(auction_id)}


def change_settings(books: Market, **values: Any) -> None:
    for name, value in values.items():
        books.set(name, value)


def set_status(books: Market, *, order_id: int, status: str) -> None:
    books.set_status(order_id, status)


def break_next(books: Market, *, count: int = 1, kind: str = "503") -> None:
    books.set("fail_kind", kind)
    books.set("fail_next", count)


def cancel_status(books: Market, *, store: str, exists: bool = True) -> None:
    books.create_cancel_status(store, exists=exists)


ACTIONS: dict[str, Any] = {
    "seed": seed,
    "bid": lambda books, **body: books.bid(**body),
    "buy": lambda books, **body: {"order_id": books.buy(**body)},
    "win": win,
    "end": lambda books, *, auction_id: {"order_ids": books.end(auction_id)},
    "withdraw": lambda books, *, auction_id: books.withdraw(auction_id),
    "relist": lambda books, *, auction_id: {"auction_id": books.relist(auction_id)},
    "status": set_status,
    "pay": lambda books, *, order_id: books.set_status(order_id, "入金済み"),
    "ship": lambda books, *, order_id: books.set_status(order_id, "発送済み"),
    "cancel": lambda books, *, order_id: books.cancel(order_id),
    "buyer": lambda books, *, order_id, **changes: books.set_buyer(order_id, changes),
    "bundle": lambda books, *, order_ids: {"order_id": books.bundle(order_ids)},
    "clock": lambda books, *, minutes: books.put_clock_forward(minutes),
    "settings": change_settings,
    "break": break_next,
    "cancel-status": cancel_status,
    "expire-sessions": lambda books: books.expire_sessions(),
    "reset": lambda books: books.reset(),
}
