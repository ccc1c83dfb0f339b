"""The control room: a page for people and JSON for programs, on no host but our own and for no other origin's pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response

from sandbox.actions import from_form, run
from sandbox.amazon.gateway import amazon
from sandbox.amazon.room import room as amazon_room
from sandbox.amazon.views import state as amazon_state
from sandbox.market import CANCEL, CHOICES, CURRENT, MARKET_WIDE, Unknown, wire
from sandbox.web import market
from sandbox.words import SETTING_WORDS

bp = Blueprint("control", __name__)
HOSTS = ("sandbox.localhost", "localhost", "127.0.0.1")
SHOWN = 100  # rows of a table


@bp.before_request
def only_ours() -> Any:
    """A page of another origin, or of a name that somebody points at us, cannot press our buttons."""
    if request.host.partition(":")[0].lower() not in HOSTS:
        if request.path == "/" and request.method in ("GET", "HEAD"):
            return render_template("elsewhere.html")
        return jsonify({"error": f"操作室は {'、'.join(HOSTS)} だけで使えます。"}), 403
    origin = request.headers.get("Origin")
    if request.method != "GET" and origin is not None and origin != request.host_url.rstrip("/"):
        return jsonify({"error": "ほかのサイトのページからは操作できません。"}), 403
    return None


@bp.errorhandler(Unknown)
def unknown(error: Unknown) -> Any:
    if request.is_json or request.method == "GET":
        return jsonify({"error": str(error)}), 400
    return (
        amazon_room(str(error)) if request.path.startswith("/control/amazon-") else _room(str(error))
    ), 400


@bp.get("/")
def room() -> str:
    return _room(None)


@bp.get("/amazon")
def room_of_amazon() -> str:
    amazon().settle()
    return amazon_room(None)


def _room(problem: str | None) -> str:
    books = market()
    return render_template(
        "control.html", stores=books.stores(), selling=books.auctions(state="selling", count=SHOWN),
        closed=books.auctions(state="closed", count=SHOWN), orders=books.orders(count=SHOWN),
        uploads=books.uploads(), folders=books.folders(),
        totals={
            "selling": books.auction_count(state="selling"), "closed": books.auction_count(state="closed"),
            "orders": books.order_count(),
        },
        settings=books.settings(), store_settings=books.store_settings(), choices=CHOICES, words=SETTING_WORDS,
        clock=wire(books.now()), cancel=CANCEL, current=CURRENT, shown=SHOWN, problem=problem, market_wide=MARKET_WIDE,
    )  # fmt: skip


@bp.get("/control/state")
def state() -> Response:
    """Everything that the market knows."""
    books = market()
    amazon().settle()
    auctions = [
        {name: value for name, value in each.items() if name not in ("row", "number")}
        for each in books.auctions()
    ]
    stores = [
        {"id": row["id"], "name": row["name"], "login": row["login"], "is_store": bool(row["is_store"]),
         "has_cancel_status": bool(row["has_cancel_status"]), "tool": row["tool"]}
        for row in books.stores()
    ]  # fmt: skip
    return jsonify(
        {"clock": wire(books.now()), "settings": books.settings(), "store_settings": books.store_settings(),
         "stores": stores, "auctions": auctions, "orders": books.orders(), "uploads": books.uploads(),
         "folders": books.folders(), "items": books.all_items(), "csv_templates": books.csv_templates(),
         "api_keys": books.api_keys(),
         "amazon": amazon_state(amazon())}
    )  # fmt: skip


@bp.post("/control/<action>")
def act(action: str) -> Any:
    """JSON body → JSON answer; a form of the page → back to the page."""
    if not request.is_json:
        body = from_form(action, request.form)
        run(market(), amazon(), action, _what_changed(action, body))
        return redirect("/amazon" if action.startswith("amazon-") else "/")
    return jsonify({"ok": True, **run(market(), amazon(), action, _json_body())})


@bp.post("/control/orders/<int:order_id>/<action>")
def act_on_order(order_id: int, action: str) -> Any:
    """`status` {status} and `buyer` {name, address, …} of one order."""
    if action not in ("status", "buyer"):
        abort(404)
    return jsonify({"ok": True, **run(market(), amazon(), action, _json_body() | {"order_id": order_id})})


def _what_changed(action: str, body: dict[str, Any]) -> dict[str, Any]:
    """The page sends all switches of a store or seller: only those that differ become its own."""
    if action == "settings":
        held = market().settings(body.get("store"))
    elif action == "amazon-settings":
        held = amazon().settings(amazon().seller(body["seller"])["id"] if "seller" in body else "")
    else:
        return body
    return {name: value for name, value in body.items() if name not in held or held[name] != value}


def _json_body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Unknown("JSONのオブジェクトを送ってください。")
    return body
