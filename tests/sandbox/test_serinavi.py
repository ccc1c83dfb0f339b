"""R34: 競りナビ: folders, 出品 in two steps, selling and ended lists, early ends and relists."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.app import create_app
from tests.sandbox.conftest import (
    AUCTIONS,
    BIZ_LOGIN,
    LOGIN,
    ONAVI,
    PRO,
    SERINAVI,
    Visitor,
    card_numbers,
    cards,
    data_path,
    list_of,
    page,
)
from tests.sandbox.files import GOOD, modern_sheet

SELLING, CLOSED, SOLD = "/serinavi/selling", "/serinavi/closed", "/serinavi/sold-list"
PAGES = [
    "/serinavi/",
    "/serinavi/items",
    "/serinavi/upload",
    "/serinavi/upload/history",
    SELLING,
    CLOSED,
    SOLD,
]


def folder_page(shop: Visitor, name: str = "未分類", page: int = 1) -> str:
    (found,) = (
        each for each in shop.state()["folders"] if (each["store_id"], each["name"]) == ("demo-store-3", name)
    )
    return f"/serinavi/items?folder_id={found['id']}&sort=-update_date&page={page}"


def exhibit(shop: Visitor, *numbers: str) -> dict[str, object]:
    view = shop.data(folder_page(shop))
    chosen = [row["value"] for row in cards(view) if row["管理番号"] in numbers]
    return shop.agree(shop.send("/serinavi/data/exhibit", view["crumb"], itemCheckbox=chosen))


# --- who may see what ---


def test_the_shell_is_nearly_empty_and_the_data_name_the_store(modern: Visitor) -> None:
    for path in PAGES:
        shell = modern.get(SERINAVI, path)
        assert shell.status_code == 200
        assert "demo-store-3" not in shell.text
        assert page(shell).css_first("#js-loadingWrapper, table, ul") is None
        assert modern.data(path)["store"] == {"id": "demo-store-3", "name": "みどりリユース市場"}
    assert {"/serinavi/items", "/serinavi/upload", SELLING, CLOSED, SOLD} <= {
        address for _, address in modern.data("/serinavi/")["menu"]
    }


def test_nothing_of_a_page_comes_from_elsewhere(modern: Visitor) -> None:
    shell = page(modern.get(SERINAVI, SELLING))
    sources = [
        each.attributes.get("src") or each.attributes.get("href") for each in shell.css("script, link")
    ]
    assert sources == ["/static/tool.css", "/static/tool.js"]
    for each in sources:
        assert modern.get(SERINAVI, each or "").status_code == 200


def test_without_a_session_page_and_data_lead_to_the_login_of_the_tool(visitor: Visitor) -> None:
    shell, data = visitor.get(SERINAVI, SELLING), visitor.get(SERINAVI, data_path(SELLING))
    login = "http://login.bizmanager.yahoo.localhost:8100/config/login?"
    assert (shell.status_code, data.status_code) == (302, 401)
    assert (shell.location or "").startswith(login)
    assert (data.json or {})["login"].startswith(login)
    assert "serinavi" not in (shell.location or "")


def test_after_login_one_is_in_the_other_tool(visitor: Visitor) -> None:
    form = {"login": "store3", "passwd": "store3-pass"}
    assert (
        visitor.post(BIZ_LOGIN, "/config/login", data=form).location
        == "http://pro.store.yahoo.localhost:8100/"
    )
    assert visitor.post(LOGIN, "/config/login", data=form).location == "http://auctions.yahoo.localhost:8100/"


def test_a_session_can_end_between_the_page_and_its_data(modern: Visitor) -> None:
    modern.act("settings", expire_after_requests=1)
    assert modern.get(SERINAVI, SELLING).status_code == 200
    assert modern.get(SERINAVI, data_path(SELLING)).status_code == 401


@pytest.mark.parametrize(
    ("login", "host", "path"),
    [
        ("store1", SERINAVI, SELLING), ("store1", PRO, "/pro.demo-store-1/order/manage/index"),
        ("store3", ONAVI, "/onavi/show/storelist?select=selling"), ("store3", AUCTIONS, "/jp/store/bulkupload"),
    ],
)  # fmt: skip
def test_a_tool_of_the_other_generation_says_so_and_shows_no_store(
    visitor: Visitor, login: str, host: str, path: str
) -> None:
    visitor.act("seed", store=f"demo-store-{login[-1]}")
    visitor.log_in(login)
    answer = visitor.get(host, path)
    assert page(answer).css_first("#otherTool") is not None
    assert "demo-store" not in answer.text
    assert "OLD" not in answer.text
    if host == SERINAVI:
        assert visitor.get(host, data_path(path)).status_code == 403


def test_a_personal_account_has_no_store_tool(visitor: Visitor) -> None:
    visitor.log_in("kojin")
    assert page(visitor.get(SERINAVI, SELLING)).css_first("#notStore") is not None


def test_a_store_sees_and_changes_its_own_only(modern: Visitor) -> None:
    (foreign,) = modern.act("seed", store="demo-store-4")["auction_ids"]
    (saved,) = modern.act("seed_items", store="demo-store-4", count=1)["item_ids"]
    view = modern.data(SELLING)
    assert list_of(view)["rows"] == []
    refused = modern.send("/serinavi/data/selling/cancel", view["crumb"], itemCheckbox=[foreign])
    assert "ありません" in refused["problem"]
    (folder,) = {each["folder_id"] for each in modern.state()["items"]}
    assert modern.data(f"/serinavi/items?folder_id={folder}")["problem"] == "フォルダがありません。"
    items = modern.data(folder_page(modern))
    assert (
        "選択してください"
        in modern.send("/serinavi/data/exhibit", items["crumb"], itemCheckbox=[saved])["problem"]
    )


# --- folders and 出品 ---


def test_folders_page_by_fifty_and_an_empty_one_says_so(modern: Visitor) -> None:
    assert list_of(modern.data(folder_page(modern)))["empty"] == "このフォルダに商品はありません。"
    modern.act("seed_items", count=120)
    views = [modern.data(folder_page(modern, page=number)) for number in (1, 2, 3)]
    assert [len(list_of(view)["rows"]) for view in views] == [50, 50, 20]
    assert [list_of(view)["next"] is None for view in views] == [False, False, True]
    assert len({row["value"] for view in views for row in cards(view)}) == 120
    assert card_numbers(views[0])[0] == "SAVED00120"  # newest first


def test_a_new_folder_can_be_made(modern: Visitor) -> None:
    view = modern.data("/serinavi/items")
    assert modern.send("/serinavi/data/folders", view["crumb"], name="秋の新着")["done"]
    modern.save(modern_sheet(GOOD | {"商品保存先フォルダパス": "秋の新着"}))
    assert modern.folder("秋の新着") == ["IT0000001"]


def test_saved_items_are_for_sale_only_after_the_second_step(modern: Visitor) -> None:
    modern.save(modern_sheet(GOOD, GOOD | {"管理番号": "IT0000002"}))
    view = modern.data(folder_page(modern))
    chosen = [row["value"] for row in cards(view) if row["管理番号"] == "IT0000002"]
    asked = modern.send("/serinavi/data/exhibit", view["crumb"], itemCheckbox=chosen)
    assert asked["dialog"]["title"] == "出品の確認"
    assert modern.auction_ids() == []
    assert "1件を出品しました" in modern.agree(asked)["done"]
    (row,) = cards(modern.data(SELLING))
    assert (row["管理番号"], row["現在の価格"], row["入札件数"]) == ("IT0000002", "1,000円", "0")
    assert row["オークションID"][0].isalpha() and row["オークションID"][1:].isdigit()
    assert modern.folder() == ["IT0000001"]


def test_what_breaks_a_rule_is_refused_item_by_item_and_stays_in_its_folder(modern: Visitor) -> None:
    modern.save(
        modern_sheet(*(GOOD | {"管理番号": f"N{group}", "配送グループ": group} for group in ("", "9", "2")))
    )
    answer = exhibit(modern, "N", "N9", "N2")
    assert answer["done"] == "2件を出品しました。出品できなかった商品：1件"
    assert answer["refused"] == ["管理番号 N9：配送グループ「9」は登録されていません。"]
    assert modern.folder() == ["N9"]
    assert sorted(card_numbers(modern.data(SELLING))) == ["N", "N2"]


def test_the_control_room_can_have_the_next_ones_refused(modern: Visitor) -> None:
    modern.act("seed_items", count=3)
    modern.act("settings", refuse_listings=2)
    assert len(exhibit(modern, *modern.folder())["refused"]) == 2  # type: ignore[arg-type]
    assert len(modern.folder()) == 2


def test_saved_items_can_be_deleted(modern: Visitor) -> None:
    modern.act("seed_items", count=3)
    view = modern.data(folder_page(modern))
    asked = modern.send("/serinavi/data/delete", view["crumb"], itemCheckbox=[cards(view)[0]["value"]])
    assert modern.agree(asked)["done"] == "1件を削除しました。"
    assert modern.folder() == ["SAVED00002", "SAVED00001"]


def test_nothing_chosen_costs_no_token(modern: Visitor) -> None:
    modern.act("seed_items", count=1)
    view = modern.data(folder_page(modern))
    assert "選択してください" in modern.send("/serinavi/data/exhibit", view["crumb"])["problem"]
    chosen = [cards(view)[0]["value"]]
    assert "dialog" in modern.send("/serinavi/data/exhibit", view["crumb"], itemCheckbox=chosen)


def test_a_token_is_for_one_use_of_one_page(modern: Visitor) -> None:
    modern.act("seed_items", count=1)
    view = modern.data(folder_page(modern))
    chosen = [cards(view)[0]["value"]]
    foreign = modern.data("/serinavi/upload")["crumb"]
    assert "有効期限" in modern.send("/serinavi/data/exhibit", foreign, itemCheckbox=chosen)["problem"]
    assert (
        "有効期限"
        in modern.send("/serinavi/data/exhibit/decide", view["crumb"], itemCheckbox=chosen)["problem"]
    )
    view = modern.data(folder_page(modern))
    asked = modern.send("/serinavi/data/exhibit", view["crumb"], itemCheckbox=chosen)
    assert "有効期限" in modern.send("/serinavi/data/exhibit", view["crumb"], itemCheckbox=chosen)["problem"]
    assert modern.agree(asked)["done"]
    assert "有効期限" in modern.agree(asked)["problem"]
    assert len(modern.auction_ids()) == 1


# --- selling, ended, sold ---


def test_selling_and_ended_lists_page_by_fifty(modern: Visitor) -> None:
    modern.act("seed_auctions", store="demo-store-3", count=103, won=52)
    assert [len(cards(modern.data(f"{SELLING}?page={number}"))) for number in (1, 2)] == [50, 1]
    assert [len(cards(modern.data(f"{CLOSED}?page={number}"))) for number in (1, 2)] == [50, 2]
    assert len(cards(modern.data(SOLD))) == 52
    modern.act("seed_auctions", store="demo-store-3", count=60, won=60)
    assert [len(cards(modern.data(f"{SOLD}?page={number}"))) for number in (1, 2)] == [100, 12]
    for wrong in ("0", "-1", "x", "²", "9" * 30):
        assert len(cards(modern.data(f"{SELLING}?page={wrong}"))) == 50, wrong


def test_ended_auctions_say_how(modern: Visitor) -> None:
    won, unsold, cancelled = modern.act("seed", store="demo-store-3", auctions=3)["auction_ids"]
    modern.act("win", auction_id=won, price=1234)
    modern.act("end", auction_id=unsold)
    modern.act("withdraw", auction_id=cancelled)
    assert {row["オークションID"]: row["結果"] for row in cards(modern.data(CLOSED))} == {
        won: "落札者あり", unsold: "落札者なし", cancelled: "取消",
    }  # fmt: skip
    assert [row["オークションID"] for row in cards(modern.data(f"{CLOSED}?result=cancelled"))] == [cancelled]
    (sold,) = cards(modern.data(SOLD))
    assert (sold["オークションID"], sold["落札価格"], sold["注文番号"]) == (won, "1,234円", "注文手続き待ち")


def test_a_running_auction_can_be_ended_early_unless_somebody_bid(modern: Visitor) -> None:
    free, wanted = modern.act("seed", store="demo-store-3", auctions=2)["auction_ids"]
    modern.act("bid", auction_id=wanted)
    view = modern.data(SELLING)
    answer = modern.agree(
        modern.send("/serinavi/data/selling/cancel", view["crumb"], itemCheckbox=[free, wanted])
    )
    assert answer["done"] == "1件の出品を取り消しました。"
    assert answer["refused"] == [f"{wanted}：入札があるため、取り消せません。"]
    assert [row["オークションID"] for row in cards(modern.data(SELLING))] == [wanted]
    assert cards(modern.data(CLOSED))[0]["結果"] == "取消"


def test_a_relist_by_hand_makes_a_new_auction(modern: Visitor) -> None:
    (old,) = modern.act("seed", store="demo-store-3")["auction_ids"]
    modern.act("end", auction_id=old)
    view = modern.data(CLOSED)
    asked = modern.send("/serinavi/data/closed/relist", view["crumb"], itemCheckbox=[old])
    assert modern.agree(asked)["done"] == "1件を再出品しました。"
    (row,) = cards(modern.data(SELLING))
    assert row["管理番号"] == "OLD00001"
    assert row["オークションID"] != old


def test_the_automatic_relist_goes_on_as_often_as_the_file_said(modern: Visitor) -> None:
    modern.save(modern_sheet(GOOD | {"商品の自動再出品": "2", "期間": "2"}))
    exhibit(modern, "IT0000001")
    seen = [row["オークションID"] for row in cards(modern.data(SELLING))]
    for _ in range(2):
        modern.act("end", auction_id=seen[-1])
        seen += [row["オークションID"] for row in cards(modern.data(SELLING))]
    modern.act("end", auction_id=seen[-1])
    assert len(set(seen)) == 3
    assert list_of(modern.data(SELLING))["rows"] == []
    assert len(cards(modern.data(f"{CLOSED}?result=unsold"))) == 3


def test_the_classic_tool_cancels_and_relists_on_its_own_pages(shop: Visitor) -> None:
    free, wanted = shop.act("seed", auctions=2)["auction_ids"]
    shop.act("bid", auction_id=wanted)
    assert "オークションの取り消し" in shop.get(AUCTIONS, f"/jp/auction/{free}").text
    for auction in (free, wanted):
        form = shop.form_of(AUCTIONS, f"/jp/store/cancel?aid={auction}")
        answer = shop.post(AUCTIONS, "/jp/store/cancel", data=form)
        assert ("取り消しました" if auction == free else "入札があるため") in answer.text
    assert "終了しています" in shop.get(AUCTIONS, f"/jp/store/cancel?aid={free}").text
    form = shop.form_of(AUCTIONS, f"/jp/store/relist?aid={free}")
    assert "再出品しました" in shop.post(AUCTIONS, "/jp/store/relist", data=form).text
    assert "有効期限" in shop.post(AUCTIONS, "/jp/store/relist", data=form).text
    again = [row["オークションID"] for row in shop.table("selling") if row["管理番号"] == "OLD00001"]
    assert len(again) == 1
    assert again != [free]
    shop.log_in("store2")
    assert "ありません" in shop.get(AUCTIONS, f"/jp/store/cancel?aid={again[0]}").text


# --- faults of their own ---


@pytest.mark.parametrize("outcome", ["error_after_accept", "lost_after_accept", "error_not_accepted"])
def test_a_write_can_go_wrong_before_or_after_it_happened(modern: Visitor, outcome: str) -> None:
    modern.act("seed_items", count=1)
    view = modern.data(folder_page(modern))
    asked = modern.send("/serinavi/data/exhibit", view["crumb"], itemCheckbox=[cards(view)[0]["value"]])
    modern.act("settings", write_outcome=outcome)
    dialog = asked["dialog"]
    form = dict(dialog["fields"]) | {".crumb": dialog["crumb"]}
    if outcome == "lost_after_accept":
        with pytest.raises(ConnectionAbortedError):
            modern.post(SERINAVI, dialog["post"], data=form).get_data()
    else:
        answer = modern.post(SERINAVI, dialog["post"], data=form)
        assert answer.status_code == 500
        assert "通信エラー" in (answer.json or {})["problem"]
    assert len(modern.auction_ids()) == (0 if outcome == "error_not_accepted" else 1)


@pytest.mark.parametrize("outcome", ["error_after_accept", "lost_after_accept", "error_not_accepted"])
def test_a_write_of_the_classic_tool_can_go_wrong_too(shop: Visitor, outcome: str) -> None:
    auction = shop.act("seed", auctions=1)["auction_ids"][0]
    form = shop.form_of(AUCTIONS, f"/jp/store/cancel?aid={auction}")
    shop.act("settings", write_outcome=outcome)
    if outcome == "lost_after_accept":
        with pytest.raises(ConnectionAbortedError):
            shop.post(AUCTIONS, "/jp/store/cancel", data=form).get_data()
    else:
        assert "通信エラー" in shop.post(AUCTIONS, "/jp/store/cancel", data=form).text
    ended = [each["result"] for each in shop.state()["auctions"]]
    assert ended == [None if outcome == "error_not_accepted" else "取消"]


def test_the_market_may_let_a_shop_end_what_somebody_bid_for(modern: Visitor) -> None:
    auction = modern.act("seed", store="demo-store-3", auctions=1)["auction_ids"][0]
    modern.act("bid", auction_id=auction)
    modern.act("settings", withdraw_with_bids=True)
    view = modern.data(SELLING)
    asked = modern.send("/serinavi/data/selling/cancel", view["crumb"], itemCheckbox=[auction])["dialog"]
    form = dict(asked["fields"]) | {".crumb": asked["crumb"]}
    answer = modern.post(SERINAVI, asked["post"], data=form)
    assert (answer.json or {})["done"] == "1件の出品を取り消しました。"


def test_a_list_can_be_older_than_what_was_just_done(modern: Visitor) -> None:
    modern.act("settings", stale_seconds=60)
    assert modern.data(folder_page(modern))["blocks"][-1]["rows"] == []
    modern.act("seed_items", count=1)
    assert modern.data(folder_page(modern))["blocks"][-1]["rows"] == []
    modern.act("clock", minutes=1.1)
    assert modern.folder() == ["SAVED00001"]


def test_page_and_data_can_fail_apart(modern: Visitor) -> None:
    modern.act("settings", fail_next=1, fail_where="data", fail_kind="429")
    assert modern.get(SERINAVI, SELLING).status_code == 200
    failed = modern.get(SERINAVI, data_path(SELLING))
    assert (failed.status_code, failed.headers["Retry-After"]) == (429, "5")
    modern.act("settings", fail_next=1, fail_where="page", fail_kind="503")
    assert modern.get(SERINAVI, data_path(SELLING)).status_code == 200
    assert modern.get(SERINAVI, "/static/tool.js").status_code == 200
    assert modern.get(SERINAVI, SELLING).status_code == 503


def test_maintenance_is_a_page_with_status_200(modern: Visitor) -> None:
    modern.act("settings", maintenance=True)
    assert "メンテナンス" in modern.get(SERINAVI, SELLING).text
    assert modern.get(SERINAVI, data_path(SELLING)).mimetype == "text/html"


def test_a_post_from_another_origin_is_refused(modern: Visitor) -> None:
    modern.act("seed_items", count=1)
    view = modern.data(folder_page(modern))
    form = {".crumb": view["crumb"], "itemCheckbox": cards(view)[0]["value"]}
    for origin, status in (("chrome-extension://abc", 403), (f"http://{SERINAVI}.localhost:8100", 200)):
        answer = modern.post(SERINAVI, "/serinavi/data/exhibit", data=form, headers={"Origin": origin})
        assert answer.status_code == status


def test_skins_move_rename_and_lose(modern: Visitor) -> None:
    modern.act("seed", store="demo-store-3")
    normal = modern.data(SELLING)
    modern.act("settings", skin="reshuffled")
    moved = modern.data(SELLING)
    assert cards(moved) == cards(normal)
    assert moved["wrappers"] > normal["wrappers"]
    assert list_of(moved)["rows"][0]["cells"] != list_of(normal)["rows"][0]["cells"]
    modern.act("settings", skin="missing")
    assert "管理番号" not in str(modern.data(SELLING)["blocks"])
    modern.act("settings", skin="renamed")
    assert "商品番号 OLD00001" in str(modern.data(SELLING)["blocks"])


def test_class_names_come_from_a_seed_and_the_layout(tmp_path: Path) -> None:
    def build(seed: int | None, skin: str) -> str:
        market = create_app(tmp_path / "market", seed)
        shop = Visitor(market)
        shop.log_in("store3")
        shop.act("settings", skin=skin)
        script = page(shop.get(SERINAVI, SELLING)).css_first("script")
        market.close()
        assert script is not None
        return str(script.attributes["data-build"])

    assert build(7, "normal") == build(7, "normal")
    assert len({build(7, "normal"), build(8, "normal"), build(7, "reshuffled"), build(None, "normal")}) == 4
