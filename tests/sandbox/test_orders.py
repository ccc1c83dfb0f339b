"""R34, R18, R25: what a win becomes, its statuses, bundles, several winners, relists, and the clock."""

from __future__ import annotations

from typing import Any

from tests.sandbox.conftest import ONAVI, Visitor, facts_of, page, rows_of
from tests.sandbox.files import GOOD, sheet


def detail(shop: Visitor, auction_id: str, winner: str | None = None) -> str:
    return f"/onavi/show/detail?aid={auction_id}" + (f"&winner={winner}" if winner else "")


def words(shop: Visitor, path: str) -> list[str]:
    options = page(shop.get(ONAVI, path)).css("#statusSelect option")
    return [each.attributes["value"] or "" for each in options]


def change(shop: Visitor, path: str, status: str) -> Any:
    return shop.post(ONAVI, "/onavi/status", data=shop.form_of(ONAVI, path) | {"status": status})


def test_a_win_is_an_order_with_its_buyer(shop: Visitor) -> None:
    (auction,) = shop.act("seed")["auction_ids"]
    shop.act("win", auction_id=auction, bidder="taro", price=3000)
    (row,) = shop.table("won")
    assert (row["オークションID"], row["管理番号"], row["落札者"], row["落札価格"], row["ステータス"]) == (
        auction, "OLD00001", "taro", "3,000円", "未処理",
    )  # fmt: skip
    facts = facts_of(page(shop.get(ONAVI, detail(shop, auction))))
    buyer = shop.state()["orders"][0]["buyer"]
    assert [facts[name] for name in ("氏名", "フリガナ", "郵便番号", "住所", "電話番号")] == [
        buyer[name] for name in ("name", "kana", "postal_code", "address", "phone")
    ]
    assert "****@" in facts["メールアドレス"]
    assert (facts["落札日時"], facts["お支払い金額"]) == (row["落札日時"], "3,800円")


def test_the_shop_moves_the_status_forward_and_back(shop: Visitor) -> None:
    (auction,) = shop.act("seed")["auction_ids"]
    shop.act("win", auction_id=auction)
    path = detail(shop, auction)
    for status in ("入金済み", "発送済み", "対応終了", "未処理"):
        assert change(shop, path, status).status_code == 302
        assert [shop.table("won")[0]["ステータス"], shop.state()["orders"][0]["status"]] == [status, status]


def test_cancel_exists_only_after_the_shop_has_created_it(shop: Visitor) -> None:
    (auction,) = shop.act("seed")["auction_ids"]
    (order,) = shop.act("win", auction_id=auction)["order_ids"]
    path = detail(shop, auction)
    assert words(shop, path) == ["未処理", "入金済み", "発送済み", "対応終了"]
    assert "そのステータスはありません" in change(shop, path, "キャンセル").text
    assert "まだ作っていません" in shop.refused("cancel", order_id=order)
    assert shop.state()["orders"][0]["status"] == "未処理"

    setting = "/onavi/show/statussetting"
    shop.post(ONAVI, setting, data=shop.form_of(ONAVI, setting) | {"name": "キャンセル"})
    assert words(shop, path)[-1] == "キャンセル"
    change(shop, path, "キャンセル")
    assert shop.table("won")[0]["ステータス"] == "キャンセル"
    assert {each["id"] for each in shop.state()["stores"] if each["has_cancel_status"]} == {"demo-store-1"}


def test_a_status_form_is_for_one_use_of_the_own_store(shop: Visitor) -> None:
    (mine,) = shop.act("seed")["auction_ids"]
    (other,) = shop.act("seed", store="demo-store-2")["auction_ids"]
    shop.act("win", auction_id=mine)
    (foreign,) = shop.act("win", auction_id=other)["order_ids"]
    form = shop.form_of(ONAVI, detail(shop, mine)) | {"status": "入金済み"}
    assert shop.post(ONAVI, "/onavi/status", data=form | {"order": str(foreign)}).status_code == 404
    assert "有効期限が切れました" in shop.post(ONAVI, "/onavi/status", data=form).text
    assert {each["status"] for each in shop.state()["orders"]} == {"未処理"}


def test_a_word_that_nobody_knows_is_shown_as_it_is(shop: Visitor) -> None:
    (auction,) = shop.act("seed")["auction_ids"]
    (order,) = shop.act("win", auction_id=auction)["order_ids"]
    answer = shop.post("sandbox", f"/control/orders/{order}/status", json={"status": "返品受付中"})
    assert answer.status_code == 200
    assert shop.table("won")[0]["ステータス"] == "返品受付中"
    assert words(shop, detail(shop, auction))[-1] == "返品受付中"


def test_a_changed_address_is_shown(shop: Visitor) -> None:
    (auction,) = shop.act("seed")["auction_ids"]
    (order,) = shop.act("win", auction_id=auction)["order_ids"]
    shop.act("buyer", order_id=order, address="大阪府大阪市北区1-1")
    answer = shop.post("sandbox", f"/control/orders/{order}/buyer", json={"postal_code": "530-0001"})
    assert answer.status_code == 200
    facts = facts_of(page(shop.get(ONAVI, detail(shop, auction))))
    assert (facts["住所"], facts["郵便番号"]) == ("大阪府大阪市北区1-1", "530-0001")
    assert "項目「age」はありません" in shop.refused("buyer", order_id=order, age="40")


def test_paying_and_shipping(shop: Visitor) -> None:
    (auction,) = shop.act("seed")["auction_ids"]
    (order,) = shop.act("win", auction_id=auction)["order_ids"]
    shop.act("pay", order_id=order)
    assert shop.table("won")[0]["ステータス"] == "入金済み"
    shop.act("ship", order_id=order)
    assert shop.table("won")[0]["ステータス"] == "発送済み"


def test_bundled_wins_are_one_order_with_several_auctions(shop: Visitor) -> None:
    ids = shop.act("seed", auctions=3)["auction_ids"]
    orders = [shop.act("win", auction_id=each, bidder="hanako")["order_ids"][0] for each in ids[:2]]
    (stranger,) = shop.act("win", auction_id=ids[2], bidder="jiro")["order_ids"]
    assert "同じ落札者" in shop.refused("bundle", order_ids=[orders[0], stranger])
    assert "2件以上" in shop.refused("bundle", order_ids=[orders[0], orders[0]])
    shop.act("bundle", order_ids=orders)
    for each in ids[:2]:
        shown = page(shop.get(ONAVI, detail(shop, each)))
        goods = rows_of(shown.css_first("table.goods"))
        assert [row["オークションID"] for row in goods] == ids[:2]
        assert facts_of(shown)["お支払い金額"] == "2,800円"  # one parcel
    change(shop, detail(shop, ids[1]), "入金済み")
    assert {row["オークションID"]: row["ステータス"] for row in shop.table("won")} == {
        ids[0]: "入金済み", ids[1]: "入金済み", ids[2]: "未処理",
    }  # fmt: skip


def test_a_lot_can_have_several_winners(shop: Visitor) -> None:
    (auction,) = shop.act("seed", quantity=4)["auction_ids"]
    shop.act("bid", auction_id=auction, bidder="a", price=1000, quantity=2)
    shop.act("bid", auction_id=auction, bidder="b", price=1500, quantity=3)
    shop.act("bid", auction_id=auction, bidder="c", price=1600, quantity=1)
    assert len(shop.act("end", auction_id=auction)["order_ids"]) == 2  # c 1, b 3, nothing left for a
    assert {row["落札者"]: row["落札価格"] for row in shop.table("won")} == {"c": "1,600円", "b": "4,500円"}
    chooser = page(shop.get(ONAVI, detail(shop, auction))).css("#winners a")
    assert sorted(each.text() for each in chooser) == ["b", "c"]
    shown = page(shop.get(ONAVI, detail(shop, auction, "b")))
    assert rows_of(shown.css_first("table.goods"))[0]["個数"] == "3"


def test_bids_must_fit(shop: Visitor) -> None:
    (auction,) = shop.act("seed", quantity=2, buyout_price=None)["auction_ids"]
    assert "1000円以上" in shop.refused("bid", auction_id=auction, price=999)
    assert "個数は1〜2" in shop.refused("bid", auction_id=auction, quantity=3)
    assert "即決価格はありません" in shop.refused("buy", auction_id=auction)
    assert "1000円以上" in shop.refused("win", auction_id=auction, price=1)
    shop.act("end", auction_id=auction)
    assert "終了しています" in shop.refused("bid", auction_id=auction)
    assert "終了しています" in shop.refused("withdraw", auction_id=auction)


def test_buying_at_once_ends_the_auction(shop: Visitor) -> None:
    (auction,) = shop.act("seed")["auction_ids"]
    shop.act("buy", auction_id=auction, bidder="soku")
    (row,) = shop.table("won")
    assert (row["落札者"], row["落札価格"]) == ("soku", "5,000円")


def test_the_clock_ends_auctions_with_and_without_bids(shop: Visitor) -> None:
    wanted, unwanted, longer = (
        shop.act("seed", days=days, prefix=prefix)["auction_ids"][0]
        for days, prefix in ((2, "A"), (2, "B"), (5, "C"))
    )
    shop.act("bid", auction_id=wanted)
    shop.act("clock", minutes=2 * 24 * 60 + 1)
    assert {row["オークションID"]: row["結果"] for row in shop.table("closed")} == {
        wanted: "落札者あり", unwanted: "落札者なし",
    }  # fmt: skip
    assert [row["オークションID"] for row in shop.table("selling")] == [longer]
    auction, order = shop.state()["auctions"][0], shop.state()["orders"][0]
    assert order["won_at"] == auction["ends_at"]
    assert "進めるだけ" in shop.refused("clock", minutes=-1)


def test_an_automatic_relist_changes_the_auction_id(shop: Visitor) -> None:
    shop.upload(sheet(GOOD | {"商品の自動再出品": "2", "期間": "2"}))
    (first,) = shop.auction_ids()
    shop.act("end", auction_id=first)
    (row,) = shop.table("selling")
    assert row["管理番号"] == "IT0000001"
    assert row["オークションID"] != first
    assert [row["オークションID"] for row in shop.table("closed")] == [first]
    shop.act("clock", minutes=30 * 24 * 60)  # the second and the third run out meanwhile
    assert shop.table("selling") == []
    auctions = {each["id"]: each["relisted_from"] for each in shop.state()["auctions"]}
    assert len(auctions) == 3
    assert set(auctions.values()) == {None, first, row["オークションID"]}


def test_a_relist_by_hand_needs_an_ended_auction(shop: Visitor) -> None:
    (auction,) = shop.act("seed")["auction_ids"]
    assert "まだ終了していません" in shop.refused("relist", auction_id=auction)
    shop.act("withdraw", auction_id=auction)
    again = shop.act("relist", auction_id=auction)["auction_id"]
    assert again != auction
    assert [row["オークションID"] for row in shop.table("selling")] == [again]
