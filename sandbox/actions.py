"""What the control room can do, one function per button: the names and types of a body are those of its function."""

from __future__ import annotations

import inspect
import json
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.amazon.actions import ACTIONS as AMAZON_ACTIONS
from sandbox.amazon.market import Amazon
from sandbox.amazon.settings import DEFAULTS as AMAZON_DEFAULTS
from sandbox.market import DEFAULTS, Market, Unknown

MOST_SEEDED = 20_000


def seed(
    market: Market, *, store: str = "demo-store-1", auctions: int = 1, prefix: str = "OLD", days: int = 5,
    quantity: int = 1, buyout_price: int | None = 5000, relists: int = 0,
) -> dict[str, Any]:  # fmt: skip
    """Auctions that exist already, without our doing: 管理番号 is the prefix and five digits."""
    market.store(store)
    if not 1 <= auctions <= MOST_SEEDED or not 1 <= days <= 366 or not 1 <= quantity <= 9:
        raise Unknown(f"auctions は1〜{MOST_SEEDED}、days は1〜366、quantity は1〜9です。")
    with market.books():
        starts = market.starts_now(store)
        made = [
            market.list_auction(
                store, _row(f"{prefix}{number:05d}", quantity, buyout_price, days, relists), starts=starts
            )
            for number in range(1, auctions + 1)
        ]
    return {"auction_ids": made}


def _row(number: str, quantity: int, buyout_price: int | None, days: int, relists: int) -> dict[str, Any]:
    return {
        "management_number": number, "title": f"以前からの商品 {number}", "description": "説明", "start_price": 1000,
        "buyout_price": buyout_price, "quantity": quantity, "days": days, "relists": relists, "images": [],
        "cells": {},
    }  # fmt: skip


def seed_auctions(
    market: Market, *, count: int, store: str = "demo-store-1", prefix: str = "MANY", with_bids: int = 0,
    won: int = 0, ordered: int = 0, days: int = 5,
) -> dict[str, Any]:  # fmt: skip
    """Many at once: of `count` auctions the first `won` are won (the first `ordered` of those paid for, too), and the
    next `with_bids` have a bid."""
    if won + with_bids > count or ordered > won:
        raise Unknown("won と with_bids は合わせて count まで、ordered は won までです。")
    with market.books():
        made = seed(market, store=store, auctions=count, prefix=prefix, days=days)["auction_ids"]
        orders = []
        for place, auction_id in enumerate(made[: won + with_bids]):
            market.bid(auction_id, bidder=f"buyer_{place % 97:02d}")
            if place < won:
                orders += market.end(auction_id)
        for order_id in orders[:ordered]:
            market.pay(order_id)
    return {"auction_ids": made, "order_ids": orders}


def seed_items(
    market: Market, *, count: int, store: str = "demo-store-3", folder: str = "", prefix: str = "SAVED"
) -> dict[str, Any]:
    """Items that are saved already in a folder of 競りナビ."""
    folder_id = market.folder_named(store, folder)
    if folder_id is None or not 1 <= count <= MOST_SEEDED:
        raise Unknown(f"フォルダ「{folder}」がないか、count が1〜{MOST_SEEDED}ではありません。")
    with market.books():
        return {"item_ids": [
            market.save_item(store, folder_id, _row(f"{prefix}{number:05d}", 1, None, 3, 0), at_once=True)
            for number in range(1, count + 1)
        ]}  # fmt: skip


def bid(
    market: Market, *, auction_id: str, bidder: str = "bidder_a", price: int | None = None, quantity: int = 1
) -> None:
    market.bid(auction_id, bidder=bidder, price=price, quantity=quantity)


def buy(market: Market, *, auction_id: str, bidder: str = "buyer_b") -> dict[str, Any]:
    return {"order_id": market.buy(auction_id, bidder=bidder)}


def win(
    market: Market, *, auction_id: str, bidder: str = "buyer_a", price: int | None = None, quantity: int = 1
) -> dict[str, Any]:
    """A bid, and time is up."""
    with market.books():
        market.bid(auction_id, bidder=bidder, price=price, quantity=quantity)
        return {"order_ids": market.end(auction_id)}


def end(market: Market, *, auction_id: str) -> dict[str, Any]:
    return {"order_ids": market.end(auction_id)}


def withdraw(market: Market, *, auction_id: str) -> None:
    market.withdraw(auction_id)


def relist(market: Market, *, auction_id: str) -> dict[str, Any]:
    return {"auction_id": market.relist(auction_id)}


def status(market: Market, *, order_id: int, status: str) -> None:
    """Any word, also one that no reader knows."""
    market.set_status(order_id, status)


def pay(market: Market, *, order_id: int) -> None:
    market.pay(order_id)


def ship(market: Market, *, order_id: int) -> None:
    market.ship(order_id)


def proceed(market: Market, *, order_id: int, pay_later: bool = False) -> dict[str, Any]:
    """The buyer orders what he has won: now there is an order number."""
    market.order(order_id)
    return {"order_number": market.proceed(order_id, pay_later=pay_later)}


def order_state(
    market: Market, *, order_id: int, order_status: int | None = None, pay_status: int | None = None,
    ship_status: int | None = None,
) -> None:  # fmt: skip
    """OrderStatus, PayStatus, ShipStatus: any numbers, also ones that nobody knows."""
    given = {"order_status": order_status, "pay_status": pay_status, "ship_status": ship_status}
    market.set_state(order_id, **{name: value for name, value in given.items() if value is not None})


def folder(market: Market, *, store: str, name: str) -> dict[str, Any]:
    return {"folder_id": market.make_folder(store, name)}


def csv_template(market: Market, *, store: str, name: str, columns: list[str]) -> None:
    """A template for the order CSV of ストアクリエイターPro: these columns in this order."""
    market.make_csv_template(store, name, columns)


def cancel(market: Market, *, order_id: int) -> None:
    market.cancel(order_id)


def grant_api(market: Market, *, store: str) -> dict[str, Any]:
    """As if the shop had consented to the order API just now."""
    market.store(store)
    access, refresh = market.authorize(store)
    return {"access_token": access, "refresh_token": refresh}


def revoke_api(market: Market, *, store: str) -> None:
    """As after a changed password: neither token is good any more."""
    market.revoke(store)


def api_key(market: Market, *, store: str) -> dict[str, Any]:
    """公開鍵発行 in ストアクリエイターPro: a new key, enabled."""
    version, public_key = market.issue_api_key(store)
    return {"version": version, "public_key": public_key}


def api_key_state(
    market: Market, *, store: str, version: int, enabled: bool, expired: bool | None = None
) -> None:
    market.set_api_key(store, version, enabled=enabled, expired=expired)


def buyer(market: Market, *, order_id: int, **changes: str) -> None:
    """name, kana, postal_code, address, phone, email."""
    market.set_buyer(order_id, changes)


def bundle(market: Market, *, order_ids: list[int]) -> dict[str, Any]:
    return {"order_id": market.bundle(order_ids)}


def clock(market: Market, *, minutes: float) -> None:
    market.put_clock_forward(minutes)


def settings(market: Market, *, store: str | None = None, **values: Any) -> None:
    """All of them or none; with `store` for that store only, null there means: as the market again."""
    with market.books():
        for name, value in values.items():
            market.set(name, value, store)


def follow_market(market: Market, *, store: str) -> None:
    """Nothing is set for that store alone any more."""
    settings(market, store=store, **dict.fromkeys(market.store_settings().get(store, {})))


def break_next(market: Market, *, count: int = 1, kind: str = "503", store: str | None = None) -> None:
    settings(market, store=store, fail_kind=kind, fail_next=count)


def cancel_status(market: Market, *, store: str, exists: bool = True) -> None:
    market.create_cancel_status(store, exists=exists)


def expire_sessions(market: Market, *, store: str | None = None) -> None:
    market.expire_sessions(store)


def reset(market: Market) -> None:
    market.reset()


ACTIONS: dict[str, Callable[..., dict[str, Any] | None]] = {
    "seed": seed,
    "seed_auctions": seed_auctions,
    "seed_items": seed_items,
    "bid": bid,
    "buy": buy,
    "win": win,
    "end": end,
    "withdraw": withdraw,
    "relist": relist,
    "status": status,
    "pay": pay,
    "ship": ship,
    "cancel": cancel,
    "proceed": proceed,
    "order-state": order_state,
    "folder": folder,
    "csv-template": csv_template,
    "grant-api": grant_api,
    "revoke-api": revoke_api,
    "api-key": api_key,
    "api-key-state": api_key_state,
    "buyer": buyer,
    "bundle": bundle,
    "clock": clock,
    "settings": settings,
    "follow-market": follow_market,
    "break": break_next,
    "cancel-status": cancel_status,
    "expire-sessions": expire_sessions,
    "reset": reset,
}


def run(market: Market, amazon: Amazon, action: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Raises Unknown for an action, field, type or id that there is not; nothing has changed then."""
    do = _function(action)
    fields = inspect.signature(do, eval_str=True).parameters
    rest = next((each for each in fields.values() if each.kind is each.VAR_KEYWORD), None)
    for name, value in body.items():
        field = fields.get(name, rest)
        if field is None or field.kind is field.POSITIONAL_OR_KEYWORD:
            raise Unknown(f"「{action}」に項目「{name}」はありません。")
        if not _fits(value, field.annotation):
            raise Unknown(f"項目「{name}」の値の形が違います。")
    missing = [
        each.name
        for each in fields.values()
        if each.kind is each.KEYWORD_ONLY and each.default is each.empty and each.name not in body
    ]
    if missing:
        raise Unknown(f"「{action}」には項目「{'・'.join(missing)}」が必要です。")
    if action in AMAZON_ACTIONS:
        amazon.settle()
        return do(amazon, **body) or {}
    if action == "reset":
        amazon.reset()
    return do(market, **body) or {}


def from_form(action: str, form: Mapping[str, str]) -> dict[str, Any]:
    """A form of the page: text stays text where the function wants text, the rest is JSON; empty means not given."""
    fields = inspect.signature(_function(action), eval_str=True).parameters
    rest = next((each for each in fields.values() if each.kind is each.VAR_KEYWORD), None)
    values: dict[str, Any] = {}
    for name, text in form.items():
        field = fields.get(name, rest)
        wanted = field.annotation if field is not None else str
        kinds = typing.get_args(wanted) if isinstance(wanted, types.UnionType) else (wanted,)
        if str in kinds or isinstance((AMAZON_DEFAULTS | DEFAULTS).get(name), str):
            values |= {name: text} if text else {}
        elif text:
            values[name] = _number_or_word(text)
    return values


def _number_or_word(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _function(action: str) -> Callable[..., dict[str, Any] | None]:
    known = ACTIONS | AMAZON_ACTIONS
    if action not in known:
        raise Unknown(f"操作「{action}」はありません。操作：{'、'.join(known)}")
    return known[action]


def _fits(value: Any, wanted: Any) -> bool:
    """JSON's own idea of types: true is no number, a whole number is also a float."""
    if wanted is Any:
        return True
    if isinstance(wanted, types.UnionType):
        return any(_fits(value, each) for each in typing.get_args(wanted))
    if typing.get_origin(wanted) is list:
        return isinstance(value, list) and all(_fits(each, typing.get_args(wanted)[0]) for each in value)
    if wanted is int:
        return type(value) is int and abs(value) < 2**53
    if wanted is float:
        return type(value) in (int, float)
    return isinstance(value, typing.get_origin(wanted) or wanted)
