"""R34: the control room for programs (JSON) and people (buttons), and for nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.actions import ACTIONS
from sandbox.market import CHOICES, DEFAULTS
from sandbox.words import SETTING_WORDS
from tests.sandbox.conftest import Visitor, page


def press(visitor: Visitor, action: str, **form: Any) -> Any:
    return visitor.post("sandbox", f"/control/{action}", data=form)


def test_any_host_answers_200_at_its_root(visitor: Visitor) -> None:
    for host in ("localhost", "127.0.0.1", "sandbox.localhost", "shop.example.com", "x.yahoo.localhost"):
        assert visitor.client.get("/", base_url=f"http://{host}:8100").status_code == 200, host


@pytest.mark.parametrize("host", ["shop.example.com", "x.yahoo.localhost", "sandbox.localhost.evil.example"])
def test_a_foreign_name_gets_no_control(visitor: Visitor, host: str) -> None:
    base = f"http://{host}:8100"
    assert visitor.client.get("/control/state", base_url=base).status_code == 403
    assert visitor.client.post("/control/seed", base_url=base, json={}).status_code == 403
    assert "store1-pass" not in visitor.client.get("/", base_url=base).text
    assert visitor.auction_ids() == []


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://auctions.yahoo.localhost:8100", "http://sandbox.localhost"],
)
@pytest.mark.parametrize("sent", [{"json": {}}, {"data": {"auctions": "1"}}])
def test_pages_of_other_origins_press_no_button(visitor: Visitor, origin: str, sent: dict[str, Any]) -> None:
    answer = visitor.post("sandbox", "/control/seed", headers={"Origin": origin}, **sent)
    assert answer.status_code == 403
    assert visitor.auction_ids() == []


def test_the_own_page_may(visitor: Visitor) -> None:
    own = {"Origin": "http://sandbox.localhost:8100"}
    answer = visitor.post("sandbox", "/control/seed", headers=own, data={"auctions": "2"})
    assert (answer.status_code, answer.location) == (302, "/")
    assert len(visitor.auction_ids()) == 2


BAD: list[tuple[str, Any, str]] = [
    ("explode", {}, "操作「explode」はありません"),
    ("bid", {}, "項目「auction_id」が必要です"),
    ("bid", {"auction_id": "a1", "colour": "red"}, "項目「colour」はありません"),
    ("bid", {"auction_id": 5}, "項目「auction_id」の値の形が違います"),
    ("bid", {"auction_id": "a1", "price": True}, "項目「price」の値の形が違います"),
    ("bid", {"auction_id": "nope"}, "オークション「nope」はありません"),
    ("pay", {"order_id": 99}, "注文「99」はありません"),
    ("pay", {"order_id": "1"}, "値の形が違います"),
    ("status", {"order_id": 1, "status": " "}, "ステータスを入力"),
    ("bundle", {"order_ids": ["1"]}, "値の形が違います"),
    ("seed", {"store": "nope"}, "ストア「nope」はありません"),
    ("seed", {"auctions": 0}, "1〜"),
    ("seed", {"market": {}}, "項目「market」はありません"),
    ("clock", {"minutes": "60"}, "値の形が違います"),
    ("clock", {"minutes": 10**12}, "進めるだけ"),
    ("settings", {"skin": "pink"}, "のどれかです"),
    ("settings", {"colour": 1}, "設定「colour」はありません"),
    ("settings", {"fail_next": -1}, "0以上"),
    ("settings", {"fail_next": True}, "値の形が違います"),
    ("settings", {"slow_seconds": 601}, "600秒まで"),
    ("settings", {"skin": "missing", "colour": 1}, "設定「colour」はありません"),
    ("settings", {"store": "nope", "skin": "missing"}, "ストア「nope」はありません"),
    ("settings", {"store": "demo-store-1", "clock_offset": 5}, "ストアごとには設定できません"),
    ("settings", {"store": "demo-store-1", "return_after_login": False}, "ストアごとには設定できません"),
    ("cancel-status", {"store": "nope"}, "ストア「nope」はありません"),
    ("api-key", {"store": "nope"}, "ストア「nope」はありません"),
    (
        "api-key-state",
        {"store": "demo-store-3", "version": 1, "enabled": True},
        "バージョン「1」はありません",
    ),
    ("reset", [], "JSONのオブジェクト"),
]


@pytest.mark.parametrize(("action", "body", "words"), BAD)
def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(
    visitor: Visitor, action: str, body: Any, words: str
) -> None:
    before = visitor.state()
    answer = visitor.post("sandbox", f"/control/{action}", json=body)
    assert answer.status_code == 400
    assert words in (answer.json or {})["error"]
    assert visitor.state() | {"clock": None} == before | {"clock": None}


def test_state_shows_everything(shop: Visitor) -> None:
    (auction,) = shop.act("seed")["auction_ids"]
    shop.act("win", auction_id=auction)
    state = shop.state()
    assert set(state) == {
        "clock", "settings", "store_settings", "stores", "auctions", "orders", "uploads", "folders", "items",
        "csv_templates", "api_keys", "amazon",
    }  # fmt: skip
    assert state["settings"] == DEFAULTS
    shown = state["auctions"][0]
    assert (shown["management_number"], shown["bid_count"], shown["current_price"], shown["images"]) == (
        "OLD00001", 1, 1000, [],
    )  # fmt: skip
    assert state["orders"][0]["lines"][0]["auction_id"] == auction


def test_a_stores_setting_goes_before_the_markets(visitor: Visitor) -> None:
    visitor.act("settings", max_rows=10)
    visitor.act("settings", store="demo-store-1", max_rows=5, skin="renamed")
    state = visitor.state()
    assert (state["settings"]["max_rows"], state["store_settings"]) == (
        10, {"demo-store-1": {"max_rows": 5, "skin": "renamed"}},
    )  # fmt: skip
    visitor.act("follow-market", store="demo-store-1")
    assert visitor.state()["store_settings"] == {}


def test_the_page_has_words_for_every_switch() -> None:
    assert set(SETTING_WORDS) == set(DEFAULTS) - {"clock_offset"}
    for name, choices in CHOICES.items():
        assert set(SETTING_WORDS[name][1]) == set(choices)


def test_the_readme_names_every_action_setting_and_login(visitor: Visitor) -> None:
    readme = (Path(__file__).parents[2] / "sandbox/README.md").read_text("utf-8")
    words = {*ACTIONS, *DEFAULTS, *(each["login"] for each in visitor.state()["stores"])} - {"clock_offset"}
    assert {each for each in words if f"`{each}`" not in readme} == set()
    assert len(readme.splitlines()) <= 220


def test_every_button_of_the_page_is_an_action(shop: Visitor) -> None:
    ids = shop.act("seed", auctions=3)["auction_ids"]
    shop.act("win", auction_id=ids[0])
    shop.act("settings", store="demo-store-1", skin="renamed")
    shown = page(shop.get("sandbox", "/"))
    pressed = {(each.attributes["action"] or "").removeprefix("/control/") for each in shown.css("form")}
    assert pressed <= set(ACTIONS)
    assert {"bid", "buy", "end", "withdraw", "relist", "pay", "ship", "cancel", "buyer", "clock"} <= pressed
    assert {"settings", "expire-sessions", "break", "reset", "cancel-status", "bundle", "status"} <= pressed


def test_buttons_do_what_they_say(visitor: Visitor) -> None:
    press(visitor, "seed", auctions="2")
    first, second = visitor.auction_ids()
    press(visitor, "bid", auction_id=first)
    press(visitor, "end", auction_id=first)
    press(visitor, "buy", auction_id=second)
    press(visitor, "buyer", order_id="1", phone="0312345678", postal_code="1500002", name="新名")
    press(visitor, "status", order_id="1", status="返品受付中")
    first_order = next(each for each in visitor.state()["orders"] if each["id"] == 1)
    assert (first_order["status"], first_order["buyer"]["phone"], first_order["buyer"]["postal_code"]) == (
        "返品受付中", "0312345678", "1500002",
    )  # fmt: skip


def test_the_settings_form_makes_only_what_differs_the_stores_own(visitor: Visitor) -> None:
    form = page(visitor.get("sandbox", "/")).css('#faults form[action="/control/settings"]')[1]
    sent = {each.attributes["name"] or "": each.attributes["value"] or "" for each in form.css("input")}
    for choice in form.css("select"):
        chosen = choice.css_first("option[selected]") or choice.css_first("option")
        assert chosen is not None
        sent[choice.attributes["name"] or ""] = chosen.attributes["value"] or ""
    assert sent["store"] == "demo-store-1"
    press(visitor, "settings", **sent | {"skin": "missing", "fail_kind": "429", "max_rows": "7"})
    assert visitor.state()["store_settings"] == {
        "demo-store-1": {"skin": "missing", "fail_kind": "429", "max_rows": 7}
    }


def test_a_button_that_cannot_says_why_on_the_page(visitor: Visitor) -> None:
    (auction,) = visitor.act("seed")["auction_ids"]
    visitor.act("win", auction_id=auction)
    answer = press(visitor, "cancel", order_id="1")
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert "まだ作っていません" in answer.text


def test_reset_is_the_first_day_but_ids_go_on(shop: Visitor) -> None:
    before = shop.act("seed", auctions=2)["auction_ids"]
    shop.act("win", auction_id=before[0])
    shop.act("cancel-status", store="demo-store-1")
    shop.act("settings", skin="missing", max_rows=3)
    shop.act("clock", minutes=60)
    shop.act("reset")
    state = shop.state()
    assert (state["auctions"], state["orders"], state["settings"]) == ([], [], DEFAULTS)
    assert not any(each["has_cancel_status"] for each in state["stores"])
    assert not set(shop.act("seed", auctions=2)["auction_ids"]) & set(before)
