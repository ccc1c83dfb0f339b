"""pro.store.yahoo: ストアクリエイターPro. Every page is the same shell; `/pro.STORE/data/…` says what is on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, g, redirect, render_template, request

from sandbox import shell
from sandbox.blocks import (
    button,
    buttons,
    copy_button,
    facts,
    field,
    form,
    heading,
    lines,
    linked,
    links,
    page_of,
    text,
)
from sandbox.market import (
    CARRIERS,
    DEFAULT_TEMPLATE,
    ORDER_WORDS,
    PAY_TYPES,
    PAY_WORDS,
    SHIP_WORDS,
    Unknown,
    word,
)
from sandbox.ordercsv import csv_answer, pro_csv
from sandbox.web import crumb_fits, link, market, sid, skin, slashed, stale_token, to_login

bp = Blueprint("storepro", __name__)
SITE, PAGE = "ストアクリエイターPro", 50
FILTERS = {
    "OrderStatus": ("order_status", "注文ステータス", ORDER_WORDS),
    "PayStatus": ("pay_status", "入金ステータス", PAY_WORDS),
    "ShipStatus": ("ship_status", "出荷ステータス", SHIP_WORDS),
}
YAMATO = "1001"
CANCEL_REASONS = (("100", "キャンセル"), ("110", "返品"), ("120", "未入金"))


@bp.get("/")
def front() -> Any:
    store = market().session_store(sid())
    return redirect(f"/pro.{store['id']}/") if store else to_login(shell.LOGIN_HOST)


@bp.get("/pro.<store_id>/")
@bp.get("/pro.<store_id>/order/manage/index")
@bp.get("/pro.<store_id>/order/manage/detail/<number>")
@bp.get("/pro.<store_id>/order/manage/download")
@bp.get("/pro.<store_id>/setting")
@bp.get("/pro.<store_id>/setting/key")
def any_page(store_id: str, number: str = "") -> Any:
    return shell.page(SITE, f"/pro.{store_id}")


def own(view: Any) -> Any:
    """Only with the store's own address, whoever is logged in."""

    def wrapped(store_id: str, **rest: str) -> Any:
        if store_id != g.store["id"]:
            raise Unknown(f"ストア「{store_id}」の管理権限がありません。")
        return view(**rest)

    wrapped.__name__ = view.__name__
    return shell.data(wrapped)


def _path(rest: str = "") -> str:
    return f"/pro.{g.store['id']}/{rest}"


def filled(title: str, purpose: str, make: Callable[[], list[Any]]) -> Any:
    menu = (
        ("トップ", _path()), ("注文管理", _path("order/manage/index")),
        ("注文データダウンロード", _path("order/manage/download")), ("設定", _path("setting")),
        ("競りナビ", link("auctions.store.yahoo", "/serinavi/")),
    )  # fmt: skip
    return shell.filled(SITE, menu, title, purpose, make)


@bp.get("/pro.<store_id>/data/")
@own
def top() -> Any:
    def make() -> list[Any]:
        new = _orders(OrderStatus="2", ShipStatus="1")[1]
        return [text(f"出荷待ちの注文：{new}件"), links(("注文管理", _path("order/manage/index")))]

    return filled("ストアクリエイターPro トップ", "top", make)


# --- the list of orders ---


@bp.get("/pro.<store_id>/data/order/manage/index")
@own
def index() -> Any:
    given = {name: request.args.get(name, "") for name in FILTERS}
    chosen = {name: text for name, text in given.items() if re.fullmatch(r"[0-9]{1,3}", text)}
    query = "".join(f"{name}={number}&" for name, number in chosen.items())
    place = shell.place(PAGE, _path(f"order/manage/index?{query}page="))

    def make() -> list[Any]:
        found, total = _orders(start=place.start, count=PAGE, **chosen)
        columns = [skin().label(column) for column in skin().columns("orders")]
        selects = [
            field(name, label, chosen.get(name, ""), [("", "すべて"), *((str(number), told) for number, told in words.items())])
            for name, (_, label, words) in FILTERS.items()
        ]  # fmt: skip
        return [
            form("検索", *selects),
            page_of(
                [_order_row(each) for each in found],
                total,
                place,
                "該当する注文はありません。",
                columns=columns,
            ),
        ]

    return filled("注文管理", "index", make)


def _orders(*, start: int = 0, count: int = 1, **chosen: str) -> tuple[list[dict[str, Any]], int]:
    wanted = {FILTERS[name][0]: [int(number)] for name, number in chosen.items()}
    return market().numbered_orders(g.store["id"], start=start, count=count, wanted=wanted)


def _order_row(order: Mapping[str, Any]) -> dict[str, Any]:
    cells = _statuses(order) | {
        "order_number": linked(order["order_number"], _path(f"order/manage/detail/{order['order_number']}")),
        "ordered_at": lines(slashed(order["ordered_at"])),
        "goods": [
            line
            for each in order["lines"]
            for line in lines(each["title"], f"{skin().label('management_number')} {each['management_number']}")
        ],
        "buyer": lines(order["buyer"]["name"]), "total": lines(f"{order['total']:,}円"),
    }  # fmt: skip
    return {"value": "", "cells": [cells[column] for column in skin().columns("orders")]}


def _statuses(order: Mapping[str, Any]) -> dict[str, Any]:
    return {name: lines(word(words, order[name])) for name, _, words in FILTERS.values()}


# --- one order ---


@bp.get("/pro.<store_id>/data/order/manage/detail/<number>")
@own
def detail(number: str) -> Any:
    order = _order(number)

    def make() -> list[Any]:
        columns = [skin().label(column) for column in skin().columns("order_goods")]
        rows = [_goods_row(place, each) for place, each in enumerate(order["lines"], 1)]
        place = shell.Place(1, max(1, len(rows)), "")
        deal = _statuses(order) | {
            "order_number": lines(number), "ordered_at": lines(slashed(order["ordered_at"])),
            "pay_type": lines(PAY_TYPES[order["pay_type"]]), "payment_method": lines(order["payment_method"]), "shipping_method": lines(order["shipping_method"]),
            "shipping_fee": lines(f"{order['shipping_fee']:,}円"), "total": lines(f"{order['total']:,}円"),
            "carrier": lines(CARRIERS.get(order["carrier"], "")),
            "tracking_number": lines(order["tracking_number"]),
        }  # fmt: skip
        recipient = {name: lines(order["buyer"][name]) for name in order["buyer"]}
        return [
            heading("注文情報"), facts(skin(), "order", deal),
            heading("お届け先情報"), facts(skin(), "recipient", recipient),
            heading("商品情報"), page_of(rows, len(rows), place, "商品はありません。", columns=columns),
            heading("出荷"), form(
                "出荷済みにする", field("shipCompanyCode", "配送会社", order["carrier"], [("", "選択してください"), *CARRIERS.items()]),
                field("shipInvoiceNumber1", "お問い合わせ伝票番号", order["tracking_number"]),
                post=_path(f"data/order/manage/detail/{number}/ship"),
            ),
            buttons(button("注文をキャンセルする", _path(f"data/order/manage/detail/{number}/cancel"))),
        ]  # fmt: skip

    return filled("注文詳細", f"order {number}", make)


def _goods_row(place: int, line: Mapping[str, Any]) -> dict[str, Any]:
    cells = {
        "line": lines(str(place)), "management_number": lines(line["management_number"]),
        "title": lines(line["title"]), "quantity": lines(str(line["quantity"])),
        "unit_price": lines(f"{line['unit_price']:,}円"),
        "auction_id": linked(line["auction_id"], link("auctions.yahoo", f"/jp/auction/{line['auction_id']}")),
    }  # fmt: skip
    return {"value": "", "cells": [cells[column] for column in skin().columns("order_goods")]}


def _order(number: str) -> dict[str, Any]:
    """By order number only: what is won but not ordered has none."""
    found, _ = market().numbered_orders(g.store["id"], number=number)
    if not found:
        raise Unknown("該当する注文はありません。")
    return found[0]


@bp.post("/pro.<store_id>/data/order/manage/detail/<number>/ship")
@own
def ship(number: str) -> Any:
    order = _order(number)
    carrier, tracking = (
        request.form.get(name, "").strip() for name in ("shipCompanyCode", "shipInvoiceNumber1")
    )

    def do() -> Any:
        market().ship_pro(order["id"], carrier=carrier, tracking_number=tracking)
        return shell.done("出荷済みにしました。")

    if carrier not in CARRIERS:
        return shell.problem("配送会社を選択してください。")
    if not re.fullmatch(r"[0-9-]{1,14}" if carrier == YAMATO else r"[0-9A-Za-z-]{1,30}", tracking):
        return shell.problem(
            "お問い合わせ伝票番号を正しく入力してください（ヤマト運輸は半角数字と「-」、14文字まで）。"
        )
    return shell.write(f"order {number}", do)


@bp.post("/pro.<store_id>/data/order/manage/detail/<number>/cancel")
@own
def cancel(number: str) -> Any:
    _order(number)
    return shell.with_token(f"order {number}", lambda: shell.confirm(
        "キャンセルの確認", [f"注文 {number} をキャンセルします。元に戻せません。"], yes="キャンセルを確定する",
        post=_path(f"data/order/manage/detail/{number}/cancel/decide"), purpose=f"cancel {number}",
        back=f"order {number}", inputs=[field("cancelReason", "キャンセル理由", "", CANCEL_REASONS)],
    ))  # fmt: skip


@bp.post("/pro.<store_id>/data/order/manage/detail/<number>/cancel/decide")
@own
def cancel_decided(number: str) -> Any:
    order = _order(number)

    def do() -> Any:
        market().cancel_pro(order["id"])
        return shell.done("注文をキャンセルしました。")

    if request.form.get("cancelReason") not in dict(CANCEL_REASONS):
        return shell.problem("キャンセル理由を選択してください。")
    return shell.write(f"cancel {number}", do)


# --- 注文データダウンロード ---


@bp.get("/pro.<store_id>/data/order/manage/download")
@own
def download_page() -> Any:
    names = [each["name"] for each in market().csv_templates(g.store["id"])] + [DEFAULT_TEMPLATE]
    return filled("注文データダウンロード", "download", lambda: [
        text("テンプレートの項目と並びは、ストアごとに決められます。"),
        form(
            "ダウンロードする", field("template", "テンプレート", names[0], [(name, name) for name in names]),
            field("from", "注文日から（YYYYMMDD）"), field("to", "注文日まで（YYYYMMDD）"),
            action=_path("order/manage/download"),
        ),
    ])  # fmt: skip


@bp.post("/pro.<store_id>/order/manage/download")
def download(store_id: str) -> Any:
    """Sent by the browser's own form, so its refusals are pages."""
    away = shell.turned_away()
    if away is not None:
        return away
    try:
        columns = market().csv_columns(g.store["id"], request.form.get("template", ""))
    except Unknown as error:
        return render_template("notice.html", title="エラー", words=str(error))
    if store_id != g.store["id"] or not crumb_fits("download"):
        return stale_token()
    orders, _ = market().numbered_orders(g.store["id"])
    first, last = request.form.get("from") or "0", request.form.get("to") or "9"
    chosen = [each for each in orders if first <= _day(each) <= last]
    return csv_answer(pro_csv(chosen, columns), "order.csv")


def _day(order: Mapping[str, Any]) -> str:
    return slashed(order["ordered_at"])[:10].replace("/", "")


# --- 設定 → 暗号鍵管理 ---


@bp.get("/pro.<store_id>/data/setting")
@own
def setting() -> Any:
    return filled("設定", "setting", lambda: [links(("暗号鍵管理", _path("setting/key")))])


@bp.get("/pro.<store_id>/data/setting/key")
@own
def keys() -> Any:
    def make() -> list[Any]:
        found = [block for key in market().api_keys(g.store["id"]) for block in _key(key)]
        return [
            buttons(button("公開鍵発行", _path("data/setting/key/issue"))),
            *(found or [text("公開鍵はありません。")]),
        ]

    return filled("暗号鍵管理", "keys", make)


def _key(key: Mapping[str, Any]) -> list[Any]:
    """Only an enabled one can be copied."""
    version, post = str(key["version"]), _path(f"data/setting/key/{key['version']}")
    state = "有効" if key["enabled"] else "無効"
    pressed = [button("有効にする", f"{post}/on")]
    if key["enabled"]:
        pressed = [copy_button("コピー", key["public_key"]), button("無効にする", f"{post}/off")]
    return [
        heading(f"公開鍵 バージョン{version}"),
        text(f"状態：{'期限切れ' if key['is_expired'] else state}　有効期限：{slashed(key['expires_at'])}"),
        *([] if key["is_expired"] else [buttons(*pressed)]),
    ]


@bp.post("/pro.<store_id>/data/setting/key/issue")
@own
def issue_key() -> Any:
    def do() -> Any:
        version, _ = market().issue_api_key(g.store["id"])
        return shell.done(f"公開鍵（バージョン{version}）を発行しました。")

    return shell.write("keys", do)


@bp.post("/pro.<store_id>/data/setting/key/<int(max=99999):version>/<any(on, off):switch>")
@own
def switch_key(version: int, switch: str) -> Any:
    def do() -> Any:
        market().set_api_key(g.store["id"], version, enabled=switch == "on")
        return shell.done(
            f"公開鍵（バージョン{version}）を{'有効' if switch == 'on' else '無効'}にしました。"
        )

    return shell.write("keys", do)
