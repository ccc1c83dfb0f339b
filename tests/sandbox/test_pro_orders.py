"""R34, R18, R25: ストアクリエイターPro: from won to ordered, paid, shipped or cancelled; pages, CSV files."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.sandbox.conftest import ONAVI, PRO, SERINAVI, Visitor, cards, data_path, list_of, page

HOME = "/pro.demo-store-3"
INDEX, DOWNLOAD = f"{HOME}/order/manage/index", f"{HOME}/order/manage/download"
SOLD = "/serinavi/sold-list"


def win(shop: Visitor, *, prefix: str = "OLD", **bid: Any) -> tuple[str, int]:
    """The auction and the order."""
    (auction,) = shop.act("seed", store="demo-store-3", prefix=prefix)["auction_ids"]
    return auction, shop.act("win", auction_id=auction, **bid)["order_ids"][0]


def rows(shop: Visitor, query: str = "") -> list[dict[str, str]]:
    found = list_of(shop.data(f"{INDEX}{query}", PRO))
    return [
        dict(zip(found["columns"], ("\n".join(line["text"] for line in cell) for cell in row["cells"]), strict=True))
        for row in found["rows"]
    ]  # fmt: skip


def detail(shop: Visitor, number: str) -> dict[str, str]:
    """Heading → text, of both tables."""
    found: dict[str, str] = {}
    for block in shop.data(f"{HOME}/order/manage/detail/{number}", PRO)["blocks"]:
        if block["kind"] == "facts":
            found |= {name: "\n".join(line["text"] for line in lines) for name, lines in block["facts"]}
    return found


def ordered(shop: Visitor) -> str:
    _, order = win(shop)
    shop.act("pay", order_id=order)
    return f"demo-store-3-{10_000_000 + order}"


# --- from won to ordered ---


def test_won_is_not_yet_ordered(modern: Visitor) -> None:
    auction, order = win(modern, price=1234)
    assert rows(modern) == []
    (sold,) = cards(modern.data(SOLD))
    assert (sold["オークションID"], sold["注文番号"]) == (auction, "注文手続き待ち")
    assert modern.state()["orders"][0]["status"] == "注文手続き待ち"
    number = modern.act("proceed", order_id=order)["order_number"]
    assert number == f"demo-store-3-{10_000_000 + order}"
    assert cards(modern.data(SOLD))[0]["注文番号"] == number
    (row,) = rows(modern)
    assert (row["注文番号"], row["商品"], row["お支払い金額"]) == (
        number, "以前からの商品 OLD00001\n管理番号 OLD00001", "2,034円",
    )  # fmt: skip
    assert [row[name] for name in ("注文ステータス", "入金ステータス", "出荷ステータス")] == [
        "処理中",
        "入金待ち",
        "出荷不可",
    ]
    assert modern.act("proceed", order_id=order)["order_number"] == number


def test_who_pays_has_ordered_and_who_pays_later_may_be_shipped_to(modern: Visitor) -> None:
    number = ordered(modern)
    _, later = win(modern)
    modern.act("proceed", order_id=later, pay_later=True)
    assert detail(modern, number)["支払い分類"] == "前払い"
    assert detail(modern, f"demo-store-3-{10_000_000 + later}")["支払い分類"] == "後払い"
    states = {
        each["order_number"]: (
            each["order_status"],
            each["pay_status"],
            each["ship_status"],
            each["pay_later"],
        )
        for each in modern.state()["orders"]
    }
    assert states == {number: (2, 1, 1, 0), f"demo-store-3-{10_000_000 + later}": (2, 0, 1, 1)}


def test_several_wins_become_one_order(modern: Visitor) -> None:
    won = [win(modern, prefix=prefix, bidder="hanako") for prefix in ("A", "B")]
    modern.act("bundle", order_ids=[order for _, order in won])
    modern.act("pay", order_id=won[0][1])
    (row,) = rows(modern)
    assert row["商品"].count("管理番号") == 2
    shown = list_of(modern.data(f"{HOME}/order/manage/detail/{row['注文番号']}", PRO))
    assert [[line["text"] for line in cells["cells"][1]] for cells in shown["rows"]] == [
        [won[0][0]],
        [won[1][0]],
    ]
    assert {sale["注文番号"] for sale in cards(modern.data(SOLD))} == {row["注文番号"]}
    third = win(modern, prefix="C", bidder="hanako")[1]
    assert "まとめられません" in modern.refused("bundle", order_ids=[won[0][1], third])


def test_actions_that_make_no_sense_say_so(modern: Visitor, visitor: Visitor) -> None:
    _, order = win(modern)
    assert "まだ注文されていない" in modern.refused("ship", order_id=order)
    assert "order-state" in modern.refused("status", order_id=order, status="入金済み")
    (classic,) = visitor.act("seed")["auction_ids"]
    (other,) = visitor.act("win", auction_id=classic)["order_ids"]
    assert "ストアクリエイターProの注文ではありません" in visitor.refused("proceed", order_id=other)
    modern.act("cancel", order_id=order)
    assert cards(modern.data(SOLD))[0]["注文番号"] == "取引キャンセル"
    assert "キャンセルされています" in modern.refused("pay", order_id=order)


# --- pages ---


def test_the_list_pages_by_fifty_and_filters_by_status(modern: Visitor) -> None:
    made = modern.act("seed_auctions", store="demo-store-3", count=70, won=60, ordered=55)
    assert [len(rows(modern, f"?page={number}")) for number in (1, 2)] == [50, 5]
    modern.act("ship", order_id=made["order_ids"][0])
    modern.act("order-state", order_id=made["order_ids"][1], order_status=8)
    assert [row["出荷ステータス"] for row in rows(modern, "?ShipStatus=3")] == ["出荷済"]
    assert [row["注文ステータス"] for row in rows(modern, "?OrderStatus=8")] == ["不明（8）"]
    assert len(rows(modern, "?OrderStatus=2&PayStatus=1&page=2")) == 4
    empty = list_of(modern.data(f"{INDEX}?OrderStatus=4", PRO))
    assert (empty["rows"], empty["empty"]) == ([], "該当する注文はありません。")


def test_the_detail_has_the_recipient_in_a_table(modern: Visitor) -> None:
    number = ordered(modern)
    found, buyer = detail(modern, number), modern.state()["orders"][0]["buyer"]
    assert [found[name] for name in ("氏名", "郵便番号", "住所", "電話番号")] == [
        buyer[name] for name in ("name", "postal_code", "address", "phone")
    ]
    assert (found["注文番号"], found["入金ステータス"]) == (number, "入金済み")


def test_words_of_headings_stay_when_the_layout_moves(modern: Visitor) -> None:
    number = ordered(modern)
    before, listed = detail(modern, number), rows(modern)
    modern.act("settings", skin="reshuffled")
    assert detail(modern, number) == before
    assert list(detail(modern, number)) != list(before)
    assert rows(modern) == listed
    modern.act("settings", skin="missing")
    assert "住所" not in detail(modern, number)


def test_shipping_needs_a_carrier_a_number_and_a_fresh_token(modern: Visitor) -> None:
    number = ordered(modern)
    path = f"{HOME}/order/manage/detail/{number}"
    crumb = modern.data(path, PRO)["crumb"]
    ship = {"shipCompanyCode": "1001", "shipInvoiceNumber1": "1234-5678-9012"}

    def sent(token: str, **changes: str) -> str:
        answer = modern.send(data_path(f"{path}/ship"), token, PRO, **ship | changes)
        return str(answer.get("done") or answer.get("problem"))

    assert "配送会社を選択" in sent(crumb, shipCompanyCode="")
    for wrong in ("１２３", "AB123", "1" * 15, ""):
        assert "正しく入力" in sent(crumb, shipInvoiceNumber1=wrong), wrong
    assert "有効期限" in sent(modern.data(INDEX, PRO)["crumb"])
    assert sent(crumb) == "出荷済みにしました。"
    assert "有効期限" in sent(crumb)
    found = detail(modern, number)
    assert [found[name] for name in ("出荷ステータス", "配送会社", "お問い合わせ伝票番号")] == [
        "出荷済", "ヤマト運輸", "1234-5678-9012",
    ]  # fmt: skip


@pytest.mark.parametrize(("outcome", "status"), [("error_after_accept", 3), ("error_not_accepted", 1)])
def test_a_shipment_can_go_wrong_before_or_after(modern: Visitor, outcome: str, status: int) -> None:
    path = f"{HOME}/order/manage/detail/{ordered(modern)}"
    modern.act("settings", write_outcome=outcome)
    form = {".crumb": modern.data(path, PRO)["crumb"], "shipCompanyCode": "1003", "shipInvoiceNumber1": "1"}
    assert modern.post(PRO, data_path(f"{path}/ship"), data=form).status_code == 500
    assert modern.state()["orders"][0]["ship_status"] == status


def test_a_session_that_ends_before_the_shipment_ships_nothing(modern: Visitor) -> None:
    path = f"{HOME}/order/manage/detail/{ordered(modern)}"
    form = {".crumb": modern.data(path, PRO)["crumb"], "shipCompanyCode": "1003", "shipInvoiceNumber1": "1"}
    modern.act("expire-sessions")
    answer = modern.post(PRO, data_path(f"{path}/ship"), data=form)
    assert answer.status_code == 401
    assert "/config/login" in (answer.json or {})["login"]
    assert modern.state()["orders"][0]["ship_status"] == 1


def test_an_order_can_be_cancelled_in_two_steps(modern: Visitor) -> None:
    number = ordered(modern)
    path = f"{HOME}/order/manage/detail/{number}"
    asked = modern.send(data_path(f"{path}/cancel"), modern.data(path, PRO)["crumb"], PRO)
    assert modern.state()["orders"][0]["order_status"] == 2
    assert modern.agree(asked, PRO, cancelReason="100")["done"]
    assert detail(modern, number)["注文ステータス"] == "キャンセル"
    ship = {"shipCompanyCode": "1001", "shipInvoiceNumber1": "1"}
    answer = modern.send(data_path(f"{path}/ship"), modern.data(path, PRO)["crumb"], PRO, **ship)
    assert "出荷できません" in answer["problem"]


def test_another_store_sees_nothing(modern: Visitor) -> None:
    number = ordered(modern)
    modern.log_in("store4")
    assert "管理権限がありません" in modern.data(INDEX, PRO)["problem"]
    assert "ありません" in modern.data(f"/pro.demo-store-4/order/manage/detail/{number}", PRO)["problem"]
    assert modern.get(PRO, "/").location == "/pro.demo-store-4/"


# --- CSV ---


def download(shop: Visitor, **form: str) -> TestResponse:
    crumb = shop.data(DOWNLOAD, PRO)["crumb"]
    return shop.post(PRO, DOWNLOAD, data={".crumb": crumb, "template": "標準テンプレート", **form})


def table(answer: TestResponse) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode("cp932"), newline="")))


def test_the_csv_has_a_row_per_order_with_lines_for_its_items(modern: Visitor) -> None:
    won = [win(modern, prefix=prefix, bidder="hanako") for prefix in ("A", "B")]
    modern.act("bundle", order_ids=[order for _, order in won])
    modern.act("pay", order_id=won[0][1])
    win(modern)  # not ordered, so not in the file
    answer = download(modern)
    assert b"\r\n" in answer.data
    (row,) = table(answer)
    assert row["OrderId"] == f"demo-store-3-{10_000_000 + won[0][1]}"
    assert row["YahooAuctionId"] == f"{won[0][0]}\n{won[1][0]}"
    assert (row["YahooAuctionMerchantId"], row["UnitPrice"]) == ("A00001\nB00001", "1000\n1000")
    assert (row["OrderStatus"], row["PayStatus"], row["ShipStatus"]) == ("2", "1", "1")
    (order,) = (each for each in modern.state()["orders"] if each["pay_status"])
    parts = "".join(row[name] for name in ("ShipPrefecture", "ShipCity", "ShipAddress1"))
    assert f"{parts} {row['ShipAddress2']}".strip() == order["buyer"]["address"]


def test_a_store_chooses_columns_and_their_order(modern: Visitor) -> None:
    number = ordered(modern)
    modern.act("csv-template", store="demo-store-3", name="短い", columns=["ShipName", "OrderId"])
    assert list(table(download(modern, template="短い"))[0]) == ["ShipName", "OrderId"]
    assert table(download(modern, template="短い"))[0]["OrderId"] == number
    assert "テンプレートの項目は" in modern.refused(
        "csv-template", store="demo-store-3", name="x", columns=["Nope"]
    )
    assert "ありません" in download(modern, template="ない").text
    assert table(download(modern, **{"to": "20200101"})) == []
    assert len(table(download(modern, **{"from": "20200101"}))) == 1


def test_what_cp932_does_not_have_becomes_a_question_mark(modern: Visitor) -> None:
    ordered(modern)
    modern.act("buyer", order_id=1, name="𠮷野 髙子")
    assert table(download(modern))[0]["ShipName"] == "?野 髙子"


def test_the_download_is_a_form_of_the_page_with_one_token(modern: Visitor) -> None:
    crumb = modern.data(DOWNLOAD, PRO)["crumb"]
    form = {".crumb": crumb, "template": "標準テンプレート"}
    assert modern.post(PRO, DOWNLOAD, data=form).mimetype == "text/csv"
    assert "有効期限" in modern.post(PRO, DOWNLOAD, data=form).text
    modern.act("expire-sessions")
    assert modern.post(PRO, DOWNLOAD, data=form).status_code == 302


def test_the_classic_tool_has_its_csv_in_japanese(shop: Visitor) -> None:
    (auction,) = shop.act("seed")["auction_ids"]
    shop.act("win", auction_id=auction, bidder="taro")
    form = shop.form_of(ONAVI, "/onavi/show/csv")
    (row,) = table(shop.post(ONAVI, "/onavi/show/csv", data=form))
    assert (row["オークションID"], row["管理番号"], row["落札者"], row["ステータス"]) == (
        auction, "OLD00001", "taro", "未処理",
    )  # fmt: skip
    assert "有効期限" in shop.post(ONAVI, "/onavi/show/csv", data=form).text


# --- many ---


def test_thousands_are_made_and_shown_page_by_page(modern: Visitor) -> None:
    made = modern.act("seed_auctions", store="demo-store-3", count=2500, won=100, ordered=80, with_bids=200)
    assert (len(made["auction_ids"]), len(made["order_ids"])) == (2500, 100)
    found = list_of(modern.data("/serinavi/selling?page=48"))
    assert (found["total"], len(found["rows"]), found["next"]) == ("2,400", 50, None)
    assert modern.data("/serinavi/selling")["blocks"][0]["rows"][0]["value"] == made["auction_ids"][100]
    assert list_of(modern.data(INDEX, PRO))["total"] == "80"
    assert "won と with_bids" in modern.refused("seed_auctions", count=1, won=2)
    assert page(modern.get("sandbox", "/")).css("#orders tr[data-order]")
    assert modern.get(SERINAVI, "/serinavi/selling").status_code == 200


def test_many_for_the_classic_tool_too(shop: Visitor) -> None:
    shop.act("seed_auctions", count=2000, with_bids=5)
    assert [row["入札件数"] for row in shop.table("selling")[:6]] == ["1"] * 5 + ["0"]
    assert len(shop.table("selling", 20, 100)) == 100
