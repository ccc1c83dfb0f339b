"""R21, R34: the life of an offer on the pretend Amazon: accepted, read, on sale, changed, taken down, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.amazon_program import JAPAN, Program, availability, offer, price, put_problems


def forward(program: Program, seconds: float) -> None:
    program.visitor.act("clock", minutes=seconds / 60)


def quantity(program: Program, sku: str) -> int:
    item = program.item(sku)
    assert item is not None
    return int(item["fulfillmentAvailability"][0]["quantity"])


# --- from accepted to on sale ---


def test_accepted_comes_long_before_on_sale(program: Program) -> None:
    told = program.put("S-1")
    assert (told["sku"], told["status"], told["issues"]) == ("S-1", "ACCEPTED", [])
    assert program.refused("getListingsItem", sku="S-1", status=404) == {
        "code": "NOT_FOUND", "message": f"SKU 'S-1' not found in marketplace(s) {JAPAN}.", "details": "",
    }  # fmt: skip
    forward(program, 30)
    assert program.status("S-1") == ["DISCOVERABLE"]
    forward(program, 300)
    assert program.status("S-1") == ["BUYABLE", "DISCOVERABLE"]


def test_an_offer_reads_as_it_was_sent(fast: Program) -> None:
    fast.put("S-1", purchasable_offer=price(12800), fulfillment_availability=availability(3))
    item = fast.item("S-1")
    assert item is not None
    summary = item["summaries"][0]
    assert (summary["asin"], summary["conditionType"], summary["productType"], summary["itemName"]) == (
        "B0SBX00001", "used_good", "VIDEO_GAME_CONSOLE", "ヨロズ ゲームボックス2 本体 ブラック YGB-2000",
    )  # fmt: skip
    assert item["offers"][0]["price"] == {"currencyCode": "JPY", "amount": "12800"}
    assert item["fulfillmentAvailability"] == [{"fulfillmentChannelCode": "DEFAULT", "quantity": 3}]
    assert item["attributes"]["condition_note"][0]["value"] == "箱に傷があります"
    assert item["issues"] == []


def test_only_what_is_asked_for_is_told(fast: Program) -> None:
    fast.put("S-1")
    assert set(fast.told("getListingsItem", sku="S-1")) == {"sku", "summaries"}
    assert set(fast.told("getListingsItem", sku="S-1", includedData="issues,offers")) == {
        "sku",
        "issues",
        "offers",
    }


def test_some_skus_never_appear(program: Program) -> None:
    program.visitor.act("amazon-settings", lose_listings=1)
    assert program.put("LOST")["status"] == "ACCEPTED"
    assert program.put("FOUND")["status"] == "ACCEPTED"
    assert program.set_quantity("LOST", 2)["status"] == "ACCEPTED"
    forward(program, 3 * 86400)
    program.refresh()
    assert (program.status("LOST"), program.status("FOUND")) == (None, ["BUYABLE", "DISCOVERABLE"])
    program.put("LOST")
    forward(program, 60)
    assert program.status("LOST") is None
    assert program.visitor.state()["amazon"]["lost"] == [{"seller": "amazon1", "sku": "LOST"}]


def test_the_same_put_twice_is_one_offer(program: Program) -> None:
    program.put("S-1")
    program.put("S-1")
    forward(program, 400)
    assert program.told("searchListingsItems")["numberOfResults"] == 1


def test_a_sku_with_a_slash_and_japanese_in_it(fast: Program) -> None:
    fast.put("棚A/12 b")
    assert fast.status("棚A/12 b") == ["BUYABLE", "DISCOVERABLE"]


@pytest.mark.parametrize("sku", ["x" * 41, " S-1", "S-1 "])
def test_a_sku_that_cannot_be(program: Program, sku: str) -> None:
    assert program.refused("putListingsItem", offer(), sku=sku)["code"] == "BAD_REQUEST"


# --- changes ---


def test_a_change_shows_later_and_is_absolute(program: Program) -> None:
    program.put("S-1")
    forward(program, 400)
    for units in (5, 5, 2):
        assert program.set_quantity("S-1", units)["status"] == "ACCEPTED"
    assert quantity(program, "S-1") == 1
    forward(program, 10)
    assert quantity(program, "S-1") == 2


def test_nothing_to_sell_is_not_on_sale(fast: Program) -> None:
    fast.put("S-1")
    fast.set_quantity("S-1", 0)
    assert fast.status("S-1") == ["DISCOVERABLE"]
    fast.set_quantity("S-1", 1)
    assert fast.status("S-1") == ["BUYABLE", "DISCOVERABLE"]


def test_readers_can_be_behind_what_is_really_on_sale(fast: Program) -> None:
    fast.put("S-1")
    forward(fast, 60)
    fast.visitor.act("amazon-settings", reading_lag_seconds=30)
    fast.set_quantity("S-1", 0)
    assert quantity(fast, "S-1") == 1
    assert fast.visitor.state()["amazon"]["offers"][0]["quantity"] == 0
    assert "購入できる状態ではありません" in fast.visitor.refused("amazon-buy", skus=["S-1"])
    forward(fast, 30)
    assert quantity(fast, "S-1") == 0


def test_changes_keep_their_order_also_before_the_offer_is_there(program: Program) -> None:
    program.put("S-1")
    program.set_quantity("S-1", 7)
    forward(program, 30)
    assert quantity(program, "S-1") == 7


def test_a_change_of_a_sku_that_is_not_there_is_accepted_and_does_nothing(fast: Program) -> None:
    assert fast.set_quantity("NOWHERE", 3)["status"] == "ACCEPTED"
    assert fast.status("NOWHERE") is None


def test_a_put_replaces_everything_and_keeps_the_first_date(fast: Program) -> None:
    fast.put("S-1")
    forward(fast, 3600 - 60)
    fast.put("S-1", condition_note=None, purchasable_offer=price(100))
    item = fast.item("S-1")
    assert item is not None
    assert "condition_note" not in item["attributes"]
    assert item["offers"][0]["price"]["amount"] == "100"
    assert item["summaries"][0]["createdDate"] < item["summaries"][0]["lastUpdatedDate"]


def full(units: int | None = 4, **more: Any) -> list[dict[str, Any]]:
    return [{"fulfillment_channel_code": "DEFAULT", "quantity": units, **more}]


@pytest.mark.parametrize(
    ("op", "value", "becomes"),
    [
        ("replace", availability(9), availability(9)),
        ("add", availability(9), availability(9)),
        ("merge", full(9), full(9, lead_time_to_ship_max_days=3)),
        ("merge", full(lead_time_to_ship_max_days=None), full()),
    ],
)
def test_how_a_patch_changes_an_attribute(fast: Program, op: str, value: Any, becomes: Any) -> None:
    fast.put("S-1", fulfillment_availability=full(lead_time_to_ship_max_days=3))
    assert fast.patch("S-1", "fulfillment_availability", value, op)["status"] == "ACCEPTED"
    item = fast.item("S-1")
    assert item is not None
    assert item["attributes"]["fulfillment_availability"] == becomes


def test_an_optional_attribute_can_be_deleted_and_a_needed_one_cannot(fast: Program) -> None:
    fast.put("S-1")
    assert fast.patch("S-1", "condition_note", None, "delete")["status"] == "ACCEPTED"
    refused = fast.patch("S-1", "purchasable_offer", None, "delete")
    assert (refused["status"], refused["issues"][0]["attributeNames"]) == ("INVALID", ["purchasable_offer"])
    item = fast.item("S-1")
    assert item is not None
    assert set(item["attributes"]) == set(offer()["attributes"]) - {"condition_note"}


@pytest.mark.parametrize(
    "patch",
    [
        {"op": "replace", "path": "/attributes/purchasable_offer/0/our_price", "value": [{}]},
        {"op": "replace", "path": "/summaries", "value": [{}]},
        {"op": "replace", "path": "/attributes/condition_note"},
        {"op": "merge", "path": "/attributes/fulfillment_availability", "value": [{"quantity": 2}]},
        {"op": "move", "path": "/attributes/condition_note", "value": [{}]},
    ],
)
def test_a_patch_that_amazon_does_not_take(fast: Program, patch: dict[str, Any]) -> None:
    fast.put("S-1")
    fast.refused("patchListingsItem", {"productType": "PRODUCT", "patches": [patch]}, sku="S-1")


def test_a_patch_can_be_tried_first(fast: Program) -> None:
    fast.put("S-1")
    told = fast.patch("S-1", "purchasable_offer", price(0.5), mode="VALIDATION_PREVIEW")
    assert (told["status"], told["issues"][0]["attributeNames"]) == ("INVALID", ["purchasable_offer"])
    assert fast.patch("S-1", "purchasable_offer", price(5), mode="VALIDATION_PREVIEW")["status"] == "VALID"
    item = fast.item("S-1")
    assert item is not None
    assert item["offers"][0]["price"]["amount"] == "4980"


# --- taken down, deleted ---


def test_an_offer_on_sale_can_be_suppressed_later(program: Program) -> None:
    program.visitor.act("amazon-settings", suppress_listings=1)
    program.put("S-1")
    forward(program, 300)
    assert program.status("S-1") == ["BUYABLE", "DISCOVERABLE"]
    forward(program, 600)
    item = program.item("S-1")
    assert item is not None
    assert item["summaries"][0]["status"] == ["DISCOVERABLE"]
    assert item["issues"][0]["enforcements"]["actions"] == [{"action": "LISTING_SUPPRESSED"}]
    program.visitor.act("amazon-lift", sku="S-1")
    assert program.status("S-1") == ["BUYABLE", "DISCOVERABLE"]
    program.visitor.act("amazon-suppress", sku="S-1")
    assert program.status("S-1") == ["DISCOVERABLE"]


def test_a_deleted_offer_goes_later(program: Program) -> None:
    program.put("S-1")
    forward(program, 400)
    assert program.told("deleteListingsItem", sku="S-1")["status"] == "ACCEPTED"
    assert program.status("S-1") == ["BUYABLE", "DISCOVERABLE"]
    forward(program, 10)
    assert program.status("S-1") is None
    assert program.told("deleteListingsItem", sku="S-1")["status"] == "ACCEPTED"  # as often as one likes


def test_a_deleted_sku_is_not_free_for_a_day(fast: Program) -> None:
    fast.put("S-1")
    fast.told("deleteListingsItem", sku="S-1")
    assert put_problems(fast) == [("13015", ["sku"], ["DUPLICATE"])]
    forward(fast, 86400 - 60)
    fast.refresh()
    assert put_problems(fast) == [("13015", ["sku"], ["DUPLICATE"])]
    forward(fast, 120)
    fast.refresh()
    assert put_problems(fast) == []
    assert fast.status("S-1") == ["BUYABLE", "DISCOVERABLE"]


def test_a_put_behind_a_deletion_that_waits_is_lost(program: Program) -> None:
    program.put("S-1")
    forward(program, 400)
    program.told("deleteListingsItem", sku="S-1")
    assert program.put("S-1")["status"] == "ACCEPTED"
    forward(program, 400)
    assert program.status("S-1") is None


def test_a_seller_can_delete_on_his_own_pages(fast: Program) -> None:
    fast.put("S-1")
    fast.visitor.act("amazon-delete-offer", sku="S-1")
    assert fast.status("S-1") is None


# --- many ---


def test_offers_are_searched_and_paged(fast: Program) -> None:
    fast.visitor.act("amazon-seed-offers", count=12)
    fast.visitor.act("amazon-seed-offers", count=1, prefix="EMPTY", quantity=0, asin="B0SBX00008")
    asked = {"sortBy": "sku", "sortOrder": "ASC", "pageSize": "5"}
    first = fast.told("searchListingsItems", **asked)
    assert first["numberOfResults"] == 13
    assert [each["sku"] for each in first["items"]] == ["EMPTY00001", *(f"OTHER{n:05d}" for n in range(1, 5))]
    second = fast.told("searchListingsItems", **asked, pageToken=first["pagination"]["nextToken"])
    last = fast.told("searchListingsItems", **asked, pageToken=second["pagination"]["nextToken"])
    assert [each["sku"] for each in last["items"]] == ["OTHER00010", "OTHER00011", "OTHER00012"]
    assert set(last["pagination"]) == {"previousToken"}
    assert [each["sku"] for each in fast.told("searchListingsItems", withoutStatus="BUYABLE")["items"]] == [
        "EMPTY00001"
    ]
    by_jan = fast.told("searchListingsItems", identifiers="4580000000058", identifiersType="JAN")
    assert [each["sku"] for each in by_jan["items"]] == ["EMPTY00001"]
    by_sku = fast.told("searchListingsItems", identifiers="OTHER00003,NO", identifiersType="SKU")
    assert [each["sku"] for each in by_sku["items"]] == ["OTHER00003"]
    fast.refused("searchListingsItems", identifiersType="SKU")
    fast.refused("searchListingsItems", pageToken="???")


def test_offers_are_found_by_trouble_and_time(fast: Program) -> None:
    fast.visitor.act("amazon-seed-offers", count=2)
    forward(fast, 3600 - 60)
    fast.visitor.act("amazon-suppress", sku="OTHER00002")
    bad = fast.told("searchListingsItems", withIssueSeverity="ERROR")
    assert [each["sku"] for each in bad["items"]] == ["OTHER00002"]
    at = bad["items"][0]["summaries"][0]["lastUpdatedDate"]
    assert [each["sku"] for each in fast.told("searchListingsItems", lastUpdatedAfter=at)["items"]] == [
        "OTHER00002"
    ]
    assert fast.told("searchListingsItems", createdAfter=at)["numberOfResults"] == 0
