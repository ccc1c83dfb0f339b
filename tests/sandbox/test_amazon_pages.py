"""R34: the seller's own pages on the pretend Amazon, and its control room."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.amazon.actions import ACTIONS
from sandbox.amazon.settings import CHOICES, DEFAULTS
from sandbox.amazon.words import SETTING_WORDS
from tests.sandbox.amazon_program import SELLER_CENTRAL, Program, sell
from tests.sandbox.conftest import Visitor, page, rows_of

README = (Path(__file__).parents[2] / "sandbox" / "amazon" / "README.md").read_text("utf-8")


def shown(visitor: Visitor, path: str, host: str = SELLER_CENTRAL) -> list[dict[str, str]]:
    return rows_of(page(visitor.get(host, path)).css_first("table"))


# --- the seller's pages ---


def test_offers_as_the_seller_sees_them(program: Program, visitor: Visitor) -> None:
    assert "出品している商品はありません" in page(visitor.get(SELLER_CENTRAL, "/amazon1/offers")).text()
    program.put("S-1")
    assert shown(visitor, "/amazon1/offers") == []
    visitor.act("clock", minutes=1)
    (row,) = shown(visitor, "/amazon1/offers")
    assert (row["SKU"], row["価格"], row["在庫"], row["状態"]) == ("S-1", "4,980円", "1", "出品処理中")
    assert row["コンディション"] == "中古品 - 良い箱に傷があります"
    visitor.act("clock", minutes=5)
    assert shown(visitor, "/amazon1/offers")[0]["状態"] == "販売中"
    program.set_quantity("S-1", 0)
    visitor.act("clock", minutes=1)
    assert shown(visitor, "/amazon1/offers")[0]["状態"] == "在庫なし"
    visitor.act("amazon-suppress", sku="S-1")
    assert shown(visitor, "/amazon1/offers")[0]["状態"].startswith("停止中（要対応）商品詳細ページの規約違反")
    assert shown(visitor, "/amazon2/offers") == []


def test_orders_as_the_seller_sees_them(program: Program, visitor: Visitor) -> None:
    assert "注文はありません" in page(visitor.get(SELLER_CENTRAL, "/amazon1/orders")).text()
    first, second = sell(program, "A"), sell(program, "B", paid=True)
    program.confirm(program.order(second))
    newest, oldest = shown(visitor, "/amazon1/orders")
    assert (newest["注文番号"], newest["状態"], newest["配送"]) == (second, "出荷済み", "YAMATO 123456789012")
    assert (oldest["注文番号"], oldest["状態"], oldest["出荷元"]) == (first, "保留中", "出品者")


def test_sellers_and_those_that_there_are_not(visitor: Visitor) -> None:
    assert [row["アカウント"] for row in shown(visitor, "/")] == ["amazon1", "amazon2"]
    visitor.act("amazon-revoke")
    assert [row["プログラムの許可"] for row in shown(visitor, "/")] == ["取り消し済み", "あり"]
    assert visitor.get(SELLER_CENTRAL, "/amazon9/offers").status_code == 404


def test_what_a_program_wrote_is_shown_as_text(fast: Program, visitor: Visitor) -> None:
    note = [{"value": "<script>alert(1)</script>", "language_tag": "ja_JP"}]
    fast.put("<b>S</b>", condition_note=note)
    for host, path in ((SELLER_CENTRAL, "/amazon1/offers"), ("sandbox", "/amazon")):
        text = visitor.get(host, path).text
        assert "<script>" not in text
        assert "<b>S" not in text
        assert "&lt;b&gt;S" in text


# --- the control room ---


def test_the_room_shows_and_moves_everything(program: Program, visitor: Visitor) -> None:
    order_id = sell(program, "A")
    room = page(visitor.get("sandbox", "/amazon"))
    assert [each.attributes["data-order"] for each in room.css("[data-order]")] == [order_id]
    assert [each.attributes["data-sku"] for each in room.css("[data-sku]")] == ["A00001"]
    for form in room.css("form"):
        assert (form.attributes["action"] or "").removeprefix("/control/") in ACTIONS
    moved = visitor.post("sandbox", "/control/amazon-pay", data={"order_id": order_id})
    assert (moved.status_code, moved.headers["Location"]) == (302, "/amazon")
    bought = visitor.post(
        "sandbox", "/control/amazon-buy", data={"seller": "amazon1", "skus": '["A00001"]', "paid": "true"}
    )
    assert bought.status_code == 302
    assert [each["status"] for each in visitor.state()["amazon"]["orders"]] == ["UNSHIPPED", "UNSHIPPED"]
    refused = visitor.post("sandbox", "/control/amazon-deliver", data={"order_id": order_id})
    assert refused.status_code == 400
    assert "この操作はできません" in refused.text


def test_the_rooms_form_makes_only_what_differs_a_sellers_own(visitor: Visitor) -> None:
    form = {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in DEFAULTS.items()
    }
    form |= {"seller": "amazon2", "fail_kind": "429", "fail_next": "2", "token_down": "true"}
    visitor.post("sandbox", "/control/amazon-settings", data=form)
    held = visitor.state()["amazon"]["seller_settings"]
    assert held == {"amazon1": {}, "amazon2": {"fail_kind": "429", "fail_next": 2, "token_down": True}}


@pytest.mark.parametrize(
    ("action", "body", "words"),
    [
        ("amazon-buy", {}, "skus"),
        ("amazon-buy", {"skus": []}, "1つ以上"),
        ("amazon-buy", {"skus": "A"}, "値の形"),
        ("amazon-buy", {"skus": ["A"], "seller": "amazon9"}, "amazon9"),
        ("amazon-buy", {"skus": ["A"], "amazon": 1}, "項目「amazon」"),
        ("amazon-order", {"lines": [{"sku": "A"}]}, "price"),
        ("amazon-order", {"lines": [{"sku": "A", "price": 1}], "fulfilled_by": "FBA"}, "AMAZON"),
        ("amazon-pay", {"order_id": "503-1"}, "503-1"),
        ("amazon-cancel", {"order_id": "503-1", "by": "ME"}, "BUYER"),
        ("amazon-settings", {"throttle": "never"}, "real / market / off"),
        ("amazon-settings", {"colour": "red"}, "colour"),
        ("amazon-settings", {"lose_answers": -1}, "0以上"),
        ("amazon-settings", {"lose_answers": True}, "値の形"),
        ("amazon-settings", {"slow_seconds": 601}, "600秒"),
        ("amazon-settings", {"fail_where": "getOrders"}, "getOrder"),
        ("amazon-restrict", {"asin": "B0NOTTHERE"}, "B0NOTTHERE"),
        ("amazon-restrict", {"asin": "B0SBX00001", "reason_code": "NO"}, "NOT_ELIGIBLE"),
        ("amazon-seed-offers", {"asin": "B0NOTTHERE"}, "B0NOTTHERE"),
        ("amazon-seed-offers", {"count": 0}, "count"),
        ("amazon-seed-orders", {"count": 20001}, "count"),
        ("amazon-suppress", {"sku": "A"}, "「A」"),
        ("amazon-import-order", {"order": {"orderId": "1"}}, "createdTime"),
        ("amazon-change-order", {"order_id": "503-1"}, "503-1"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    visitor: Visitor, action: str, body: dict[str, Any], words: str
) -> None:
    before = visitor.state()["amazon"]
    assert words in visitor.refused(action, **body)
    assert visitor.state()["amazon"] == before


def test_an_order_is_imported_once(program: Program, visitor: Visitor) -> None:
    order = {"orderId": "503-9-9", "createdTime": "2026-01-01T00:00:00Z"}
    visitor.act("amazon-import-order", order=order)
    assert "もうあります" in visitor.refused("amazon-import-order", order=order)
    changed = {"order_id": "503-9-9", "drop": ["orderItems"]}
    assert "場所" in visitor.refused("amazon-change-order", **changed)


def test_a_sellers_setting_goes_before_everybodys_and_is_used_up_first(
    program: Program, visitor: Visitor
) -> None:
    other = Program(visitor, "amazon2")
    visitor.act("amazon-settings", lose_listings=1)
    visitor.act("amazon-settings", seller="amazon1", lose_listings=1)
    program.put("A"), program.put("B"), other.put("C")
    assert [each["sku"] for each in visitor.state()["amazon"]["lost"]] == ["A", "C"]
    visitor.act("amazon-settings", seller="amazon1", lose_listings=None)
    assert visitor.state()["amazon"]["seller_settings"]["amazon1"] == {}


def test_reset_empties_amazon_too_and_order_ids_go_on(program: Program, visitor: Visitor) -> None:
    first = sell(program, "A")
    visitor.act("amazon-revoke")
    before = visitor.state()["amazon"]
    visitor.act("reset")
    after = visitor.state()["amazon"]
    assert (after["offers"], after["orders"], after["calls"]) == ([], [], [])
    assert after["sellers"][0]["is_authorized"] is True
    assert before["sellers"][0]["is_authorized"] is False
    assert sell(program, "A") != first


# --- words and documentation ---


def test_every_switch_has_words_and_every_choice_a_default() -> None:
    assert set(SETTING_WORDS) == set(DEFAULTS)
    for name, choices in CHOICES.items():
        assert DEFAULTS[name] in choices


def test_the_readme_names_every_action_and_switch() -> None:
    missing = [name for name in (*ACTIONS, *DEFAULTS) if f"`{name}`" not in README]
    assert missing == []
    assert len(README.splitlines()) <= 120
