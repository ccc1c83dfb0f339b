"""auctions.store.yahoo: 競りナビ. Every page is the same shell; `/serinavi/data/…` says what is on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, g, redirect, request

from sandbox import shell
from sandbox.blocks import button, cards, field, form, heading, lines, linked, links, page_of, text, upload
from sandbox.market import Unknown
from sandbox.upload.intake import SERINAVI_FORM, take_in
from sandbox.upload.reader import FileRefused
from sandbox.web import link, market, skin, slashed

bp = Blueprint("serinavi", __name__)
SITE, PREFIX = "競りナビ", "/serinavi"
PAGE, SOLD_PAGE = 50, 100
MENU = (
    ("トップ", "/serinavi/"), ("商品管理", "/serinavi/items"), ("一括アップロード", "/serinavi/upload"),
    ("アップロード結果", "/serinavi/upload/history"), ("出品中", "/serinavi/selling"),
    ("終了", "/serinavi/closed"), ("売却済み", "/serinavi/sold-list"),
)  # fmt: skip
RESULTS = {"sold": "落札者あり", "unsold": "落札者なし", "cancelled": "取消"}
NOTHING_CHOSEN = "商品を選択してください。"


@bp.get("/")
def front() -> Any:
    return redirect("/serinavi/")


@bp.get("/serinavi/")
@bp.get("/serinavi/items")
@bp.get("/serinavi/items/create")
@bp.get("/serinavi/upload")
@bp.get("/serinavi/upload/history")
@bp.get("/serinavi/selling")
@bp.get("/serinavi/closed")
@bp.get("/serinavi/sold-list")
def any_page() -> Any:
    return shell.page(SITE, PREFIX)


def filled(title: str, purpose: str, make: Callable[[], list[Any]]) -> Any:
    return shell.filled(SITE, MENU, title, purpose, make)


@bp.get("/serinavi/data/")
@shell.data
def top() -> Any:
    pro = (
        "注文管理（ストアクリエイターPro）",
        link("pro.store.yahoo", f"/pro.{g.store['id']}/order/manage/index"),
    )
    return filled("競りナビ トップ", "top", lambda: [links(*MENU[1:], pro)])


# --- items and folders ---


@bp.get("/serinavi/data/items")
@shell.data
def items() -> Any:
    if "folder_id" not in request.args:
        return filled("商品管理", "folders", _folders)
    folder = _folder()
    return filled("商品管理", "items", lambda: _items(folder))


def _folder() -> dict[str, Any]:
    wanted = request.args.get("folder_id", "")
    for each in market().folders(g.store["id"]):
        if str(each["id"]) == wanted:
            return each
    raise Unknown("フォルダがありません。")


def _folders() -> list[Any]:
    found = market().folders(g.store["id"])
    return [
        heading("フォルダ"),
        links(*(
            (f"{each['name']}（{each['item_count']}）", f"/serinavi/items?folder_id={each['id']}&sort=-update_date")
            for each in found
        )),
        form("フォルダを作成する", field("name", "フォルダ名"), post="/serinavi/data/folders"),
    ]  # fmt: skip


@bp.post("/serinavi/data/folders")
@shell.data
def make_folder() -> Any:
    def do() -> Any:
        market().make_folder(g.store["id"], request.form.get("name", ""))
        return shell.done("フォルダを作成しました。")

    return shell.write("folders", do)


def _items(folder: dict[str, Any]) -> list[Any]:
    place = shell.place(PAGE, f"/serinavi/items?folder_id={folder['id']}&sort=-update_date&page=")
    rows = [_item(each, folder) for each in market().items(folder["id"], start=place.start, count=PAGE)]
    buttons = [button("出品する", "/serinavi/data/exhibit"), button("削除する", "/serinavi/data/delete")]
    listed = page_of(rows, folder["item_count"], place, "このフォルダに商品はありません。", buttons=buttons)
    return [heading(f"フォルダ：{folder['name']}"), listed]


def _item(item: dict[str, Any], folder: dict[str, Any]) -> dict[str, Any]:
    edit = f"/serinavi/items/create?folder_id={folder['id']}&item_folder_id={folder['id']}&item_id={item['id']}&action=edit"
    row = item["row"]
    cells = {
        "image": lines(f"{len(row['images'])}枚"), "folder": lines(folder["name"]),
        "updated_at": lines(slashed(item["visible_at"])), "title_and_number": _title(item),
        "start_price": lines(f"{row['start_price']:,}円"), "quantity": lines(str(row["quantity"])),
        "edit": linked("編集", edit),
    }  # fmt: skip
    return {
        "value": str(item["id"]),
        "cells": cards(skin(), "item", cells, plain=("title_and_number", "edit")),
    }


def _title(row: dict[str, Any]) -> list[dict[str, str]]:
    """The title, and 「管理番号 X」 under it."""
    if "management_number" in skin().dropped:
        return lines(row["title"])
    return lines(row["title"], f"{skin().label('management_number')} {row['management_number']}")


@bp.get("/serinavi/data/items/create")
@shell.data
def edit() -> Any:
    found = market().some_items(g.store["id"], _numbers([request.args.get("item_id", "")]))
    if not found:
        raise Unknown("商品が見つかりません。")
    values = [[name, lines(value)] for name, value in found[0]["row"]["cells"].items() if value]
    return filled("商品の編集", "edit", lambda: [{"kind": "facts", "facts": values}])


def _numbers(texts: Sequence[str]) -> list[int]:
    return [int(each) for each in texts if each.isascii() and each.isdigit() and len(each) < 16]


@bp.post("/serinavi/data/exhibit")
@shell.data
def exhibit() -> Any:
    """出品する, the first step: what would be put up for sale."""
    return _ask_about_items("exhibit", "出品の確認", "出品を確定する", "出品します。よろしいですか？")


@bp.post("/serinavi/data/delete")
@shell.data
def delete() -> Any:
    return _ask_about_items("delete", "削除の確認", "削除を確定する", "削除します。よろしいですか？")


def _ask_about_items(what: str, title: str, yes: str, words: str) -> Any:
    chosen = market().some_items(g.store["id"], _numbers(shell.ticked()))
    if not chosen:
        return shell.problem(NOTHING_CHOSEN)
    shown = [f"管理番号 {each['management_number']}　{each['title']}" for each in chosen]
    return shell.with_token("items", lambda: shell.confirm(
        title, [f"{len(chosen)}件の商品を{words}", *shown], yes=yes, post=f"/serinavi/data/{what}/decide",
        purpose=what, back="items", fields=[("itemCheckbox", str(each["id"])) for each in chosen],
    ))  # fmt: skip


@bp.post("/serinavi/data/exhibit/decide")
@shell.data
def exhibit_decided() -> Any:
    def do() -> Any:
        made, refused = market().put_up(g.store["id"], _numbers(shell.ticked()))
        why = [f"管理番号 {each['management_number']}：{each['reason']}" for each in refused]
        return shell.done(f"{len(made)}件を出品しました。出品できなかった商品：{len(refused)}件", why)

    return shell.write("exhibit", do)


@bp.post("/serinavi/data/delete/decide")
@shell.data
def delete_decided() -> Any:
    def do() -> Any:
        return shell.done(
            f"{market().delete_items(g.store['id'], _numbers(shell.ticked()))}件を削除しました。"
        )

    return shell.write("delete", do)


# --- 一括アップロード ---


@bp.get("/serinavi/data/upload")
@shell.data
def upload_page() -> Any:
    return filled("一括アップロード", "upload", lambda: [
        text("CSVファイル、またはCSVファイルと画像を入れたZIPファイルを選択してください（Shift_JIS、53項目）。"),
        upload("/serinavi/data/upload"),
        heading("最近のアップロード"),
        *_history(market().uploads(g.store["id"], count=5)),
        links(("アップロード結果の一覧", "/serinavi/upload/history")),
    ])  # fmt: skip


@bp.post("/serinavi/data/upload")
@shell.data
def upload_file() -> Any:
    """Only saves the items into folders, and asks nobody whether a 管理番号 is there already."""

    def do() -> Any:
        file = request.files.get("file")
        if file is None or not file.filename:
            return shell.problem("ファイルを選択してください。")
        try:
            taken = take_in(market(), g.store["id"], file.filename, file.read(), SERINAVI_FORM)
        except FileRefused as error:
            return shell.problem(str(error))
        return shell.done(
            f"商品データ{taken.rows}件のアップロードを受け付けました。登録結果はアップロード結果で確認してください。（受付番号 {taken.number}）"
        )

    return shell.write("upload", do, "upload_outcome")


@bp.get("/serinavi/data/upload/history")
@shell.data
def history() -> Any:
    place = shell.place(PAGE, "/serinavi/upload/history?page=")
    found = market().uploads(g.store["id"], start=place.start, count=PAGE + 1)
    more = [("次", f"{place.address}{place.page + 1}")] if len(found) > PAGE else []
    return filled("アップロード結果", "history", lambda: [*_history(found[:PAGE]), links(*more)])


def _history(found: Sequence[dict[str, Any]]) -> list[Any]:
    """Rows that were refused are told here only, once the file has been worked through."""
    if not found:
        return [text("アップロードはまだありません。")]
    shown: list[Any] = []
    for each in found:
        told = [
            ["ファイル名", lines(each["file_name"])], ["受付日時", lines(slashed(each["at"]))],
            ["受付番号", lines(str(each["id"]))],
        ]  # fmt: skip
        if market().is_worked_through(each):
            whys = [
                f"{why['line']}行目 {why['column']}：{why['reason']}" if why["line"] else why["reason"]
                for why in each["refused"]
            ]
            told += [
                ["処理状況", lines("完了")], ["登録件数", lines(f"{each['accepted']}件")],
                ["エラー", lines(*(whys or ["なし"]))],
            ]  # fmt: skip
        else:
            told.append(["処理状況", lines("処理中")])
        shown.append({"kind": "facts", "facts": told})
    return shown


# --- selling, ended, sold ---


@bp.get("/serinavi/data/selling")
@shell.data
def selling() -> Any:
    place = shell.place(PAGE, "/serinavi/selling?page=")
    if place.page > 1:
        market().sell_some(g.store["id"], market().take("sell_while_reading", g.store["id"], all_of_it=True))

    def make() -> list[Any]:
        found = market().auctions(g.store["id"], "selling", start=place.start, count=PAGE)
        return [page_of(
            [_auction(each, "running") for each in found], market().auction_count(g.store["id"], "selling"),
            place, "出品中の商品はありません。", buttons=[button("出品を取り消す", "/serinavi/data/selling/cancel")],
        )]  # fmt: skip

    return filled("出品中", "selling", make)


@bp.get("/serinavi/data/closed")
@shell.data
def closed() -> Any:
    chosen = request.args.get("result", "")
    result = RESULTS.get(chosen)
    query = f"result={chosen}&" if result else ""
    place = shell.place(PAGE, f"/serinavi/closed?{query}page=")

    def make() -> list[Any]:
        found = market().auctions(g.store["id"], "closed", start=place.start, count=PAGE, result=result)
        filters = [("すべて", "/serinavi/closed")] + [
            (words, f"/serinavi/closed?result={name}") for name, words in RESULTS.items()
        ]
        return [links(*filters), page_of(
            [_auction(each, "ended") for each in found],
            market().auction_count(g.store["id"], "closed", result=result), place, "終了した商品はありません。",
            buttons=[button("再出品する", "/serinavi/data/closed/relist")],
        )]  # fmt: skip

    return filled("終了", "closed", make)


def _auction(auction: dict[str, Any], name: str) -> dict[str, Any]:
    cells = {
        "image": lines(f"{len(auction['images'])}枚"), "title_and_number": _title(auction),
        "auction_id": linked(auction["id"], link("auctions.yahoo", f"/jp/auction/{auction['id']}")),
        "current_price": lines(f"{auction['current_price']:,}円"), "bids": lines(str(auction["bid_count"])),
        "ends_at": lines(slashed(auction["ends_at"])), "result": lines(auction["result"] or ""),
    }  # fmt: skip
    return {"value": auction["id"], "cells": cards(skin(), name, cells, plain=("title_and_number",))}


@bp.post("/serinavi/data/selling/cancel")
@shell.data
def cancel() -> Any:
    return _ask_about_auctions(
        "selling", "cancel", "取り消しの確認", "取り消しを確定する", "の出品を取り消します。"
    )


@bp.post("/serinavi/data/closed/relist")
@shell.data
def relist() -> Any:
    return _ask_about_auctions("closed", "relist", "再出品の確認", "再出品を確定する", "を再出品します。")


def _ask_about_auctions(state: str, what: str, title: str, yes: str, words: str) -> Any:
    chosen = [market().auction_of(g.store["id"], each) for each in shell.ticked()]
    if not chosen:
        return shell.problem(NOTHING_CHOSEN)
    shown = [f"{each['id']}　管理番号 {each['management_number']}　{each['title']}" for each in chosen]
    return shell.with_token(state, lambda: shell.confirm(
        title, [f"{len(chosen)}件{words}よろしいですか？", *shown], yes=yes,
        post=f"/serinavi/data/{state}/{what}/decide", purpose=what, back=state,
        fields=[("itemCheckbox", each["id"]) for each in chosen],
    ))  # fmt: skip


@bp.post("/serinavi/data/selling/cancel/decide")
@shell.data
def cancel_decided() -> Any:
    return shell.write("cancel", lambda: _one_by_one("件の出品を取り消しました。", market().withdraw_by_shop))


@bp.post("/serinavi/data/closed/relist/decide")
@shell.data
def relist_decided() -> Any:
    return shell.write("relist", lambda: _one_by_one("件を再出品しました。", market().relist))


def _one_by_one(words: str, do: Callable[[str], Any]) -> Any:
    count, refused = 0, []
    for each in shell.ticked():
        try:
            market().auction_of(g.store["id"], each)
            do(each)
            count += 1
        except Unknown as error:
            refused.append(f"{each}：{error}")
    return shell.done(f"{count}{words}", refused)


@bp.get("/serinavi/data/sold-list")
@shell.data
def sold() -> Any:
    place = shell.place(SOLD_PAGE, "/serinavi/sold-list?page=")

    def make() -> list[Any]:
        found, total = market().won_lines(g.store["id"], start=place.start, count=SOLD_PAGE)
        return [page_of([_sale(each) for each in found], total, place, "売却済みの商品はありません。")]

    return filled("売却済み", "sold", make)


def _sale(sale: dict[str, Any]) -> dict[str, Any]:
    """Won, perhaps not ordered yet: then there is no order number, and nobody to send it to."""
    if sale["order_number"]:
        path = f"/pro.{g.store['id']}/order/manage/detail/{sale['order_number']}"
        order = linked(sale["order_number"], link("pro.store.yahoo", path))
    else:
        order = lines("取引キャンセル" if sale["order_status"] == 4 else "注文手続き待ち")
    cells = {
        "auction_id": linked(sale["auction_id"], link("auctions.yahoo", f"/jp/auction/{sale['auction_id']}")),
        "title_and_number": _title(sale), "amount": lines(f"{sale['amount']:,}円"),
        "sold_at": lines(slashed(sale["won_at"])), "order_number": order,
    }  # fmt: skip
    return {"value": "", "cells": cards(skin(), "sold", cells, plain=("title_and_number",))}
