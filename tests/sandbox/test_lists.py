"""R34: 出品中, 出品終了分 and 落札管理: rows, paging, and lists that move while they are read."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import AUCTIONS, ONAVI, Visitor, page
from tests.sandbox.files import GOOD, sheet


def numbers(rows: list[dict[str, str]]) -> list[str]:
    return [row["管理番号"] for row in rows]


@pytest.mark.parametrize("select", ["selling", "closed", "won"])
def test_an_empty_list_says_so(shop: Visitor, select: str) -> None:
    shown = page(shop.get(ONAVI, f"/onavi/show/storelist?select={select}"))
    assert shown.css_first("table") is None
    assert "該当する商品はありません" in shown.css_first("main").text()  # type: ignore[union-attr]


def test_a_selling_row_says_what_staff_need(shop: Visitor) -> None:
    shop.upload(sheet(GOOD))
    (auction,) = shop.state()["auctions"]
    shop.act("bid", auction_id=auction["id"], price=1200)
    shop.act("bid", auction_id=auction["id"], bidder="other")
    (row,) = shop.table("selling")
    assert row.pop("終了日時").endswith("日 21時00分")
    assert row == {
        "オークションID": auction["id"], "商品名": "コンパクトカメラ①", "管理番号": "IT0000001", "現在の価格": "1,210円",
        "入札件数": "2",
    }  # fmt: skip


def test_an_auction_id_is_a_letter_and_digits(shop: Visitor) -> None:
    shop.act("seed", auctions=50)
    assert all(each[0].isalpha() and each[1:].isdigit() for each in shop.auction_ids())


def test_ended_auctions_say_how(shop: Visitor) -> None:
    won, bought, unsold, withdrawn = shop.act("seed", auctions=4)["auction_ids"]
    shop.act("win", auction_id=won)
    shop.act("buy", auction_id=bought)
    shop.act("end", auction_id=unsold)
    shop.act("withdraw", auction_id=withdrawn)
    assert {row["オークションID"]: row["結果"] for row in shop.table("closed")} == {
        won: "落札者あり", bought: "落札者あり", unsold: "落札者なし", withdrawn: "取消",
    }  # fmt: skip
    assert shop.table("selling") == []
    assert {row["オークションID"] for row in shop.table("won")} == {won, bought}


@pytest.mark.parametrize(("rpp", "sizes"), [(50, [50, 50, 5, 0]), (100, [100, 5, 0])])
def test_paging(shop: Visitor, rpp: int, sizes: list[int]) -> None:
    shop.act("seed", auctions=105)
    pages = [shop.table("selling", number, rpp) for number in range(1, len(sizes) + 1)]
    assert [len(rows) for rows in pages] == sizes
    assert len({row["オークションID"] for rows in pages for row in rows}) == 105


def test_next_leads_to_the_end_and_each_page_says_where_it_is(shop: Visitor) -> None:
    shop.act("seed", auctions=120)
    path, seen = "?select=selling&page=1&rpp=50", []
    while path:
        shown = page(shop.get(ONAVI, f"/onavi/show/storelist{path}"))
        seen.append(shown.css_first(".count").text(strip=True))  # type: ignore[union-attr]
        after = [each.attributes["href"] or "" for each in shown.css("a") if each.text() == "次へ"]
        path = after[0] if after else ""
    assert seen == [
        "全120件中 1～50 件（1/ 3 ページ）",
        "全120件中 51～100 件（2/ 3 ページ）",
        "全120件中 101～120 件（3/ 3 ページ）",
    ]


def test_a_store_sees_its_own_auctions_only(shop: Visitor) -> None:
    shop.act("seed", auctions=1, prefix="A")
    (other,) = shop.act("seed", auctions=1, prefix="B", store="demo-store-2")["auction_ids"]
    assert numbers(shop.table("selling")) == ["A00001"]
    shop.act("win", auction_id=other)
    assert shop.table("won") == []
    assert shop.get(ONAVI, f"/onavi/show/detail?aid={other}").status_code == 404


def test_rows_move_between_pages_while_a_list_is_read(shop: Visitor) -> None:
    """Three sell between page 1 and page 2: a reader that trusts page numbers misses three."""
    shop.act("seed", auctions=100)
    shop.act("settings", sell_while_reading=3)
    first, second = shop.table("selling", 1), shop.table("selling", 2)
    expected = [f"OLD{number:05d}" for number in range(1, 101)]
    assert numbers(first) == expected[:50]
    assert numbers(second) == expected[53:]
    assert sorted(numbers(shop.table("won"))) == expected[:3]
    assert numbers(shop.table("selling", 1)) == expected[3:53]
    assert shop.state()["settings"]["sell_while_reading"] == 0


def test_a_nonsense_page_is_the_first(shop: Visitor) -> None:
    shop.act("seed", auctions=1)
    for wrong in ("0", "-1", "x", "²", "9" * 30):
        shown = page(shop.get(ONAVI, f"/onavi/show/storelist?select=selling&page={wrong}"))
        assert len(shown.css("tbody tr")) == 1, wrong
    assert shop.get(ONAVI, "/onavi/show/storelist?select=draft").status_code == 404


def test_titles_are_text(shop: Visitor) -> None:
    shop.upload(sheet(GOOD | {"タイトル": "<b>A</b> & B"}))
    (auction,) = shop.state()["auctions"]
    assert shop.table("selling")[0]["商品名"] == "<b>A</b> & B"
    shown = page(shop.get(AUCTIONS, f"/jp/auction/{auction['id']}"))
    assert shown.css_first("h1").text() == "<b>A</b> & B"  # type: ignore[union-attr]
