"""R21, R34: the life of an offer on the pretend Amazon: accepted, read, on sale, changed, taken down, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.amazon_program import JAPAN, Program, availability, offer, price
from tests.sandbox.conftest import Visitor


@pytest.fixture
def program(visitor: Visitor) -> Program:
    visitor.act("amazon-settings", throttle="off")
    return Program(visitor)


@pytest.fixture
def fast(program: Program) -> Program:
    """Where everything takes effect at once."""
    program.visitor.act(
        "amazon-settings", visible_after_seconds=0, buyable_after_seconds=0, change_after_seconds=0
    )
    return program


def forward(program: Program, seconds: float) -> None:
    program.visitor.act("clock", minutes=seconds / 60)


def quantity(program: Program, sku: str) -> int:
    item = program.item(sku)
    assert item is not None
    return int(item["fulfillmentAvailability"][0]["quantity"])


def put_problems(program: Program, **changes: Any) -> list[tuple[str, list[str], list[str]]]:
    """Code, attributes and categories of what is wrong; nothing was submitted."""
    answer = program.ask("putListingsItem", offer(**changes), sku="S-1")
    assert answer.status_code == 200
    told = answer.json or {}
    assert told["status"] == ("INVALID" if told["issues"] else "ACCEPTED")
    if told["issues"]:
        assert program.visitor.state()["amazon"]["waiting"] == []
    return [(each["code"], each["attributeNames"], each["categories"]) for each in told["issues"]]


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


# --- what is wrong with it ---


@pytest.mark.parametrize(
    ("changes", "code", "name", "category"),
    [
        ({"condition_type": None}, "90220", "condition_type", "MISSING_ATTRIBUTE"),
        ({"purchasable_offer": None}, "90220", "purchasable_offer", "MISSING_PRICE"),
        ({"fulfillment_availability": None}, "90220", "fulfillment_availability", "MISSING_ATTRIBUTE"),
        ({"merchant_suggested_asin": None}, "90220", "merchant_suggested_asin", "MISSING_ATTRIBUTE"),
        ({"fake_attribute": [{"value": 1}]}, "90000900", "fake_attribute", "INVALID_ATTRIBUTE"),
        ({"condition_type": [{"value": "used_bad"}]}, "4000001", "condition_type", "INVALID_ATTRIBUTE"),
        ({"condition_note": [{"value": "x"}]}, "4000001", "condition_note", "INVALID_ATTRIBUTE"),
        ({"condition_note": [{"value": "あ" * 1001, "language_tag": "ja_JP"}]}, "4000001", "condition_note", "INVALID_ATTRIBUTE"),
        ({"purchasable_offer": price(0)}, "4000001", "purchasable_offer", "INVALID_PRICE"),
        ({"purchasable_offer": price(99.5)}, "4000001", "purchasable_offer", "INVALID_PRICE"),
        ({"purchasable_offer": [{**price(1)[0], "currency": "USD"}]}, "4000001", "purchasable_offer", "INVALID_PRICE"),
        ({"fulfillment_availability": availability(-1)}, "4000001", "fulfillment_availability", "INVALID_ATTRIBUTE"),
        ({"merchant_shipping_group": [{"value": "1a2b3c4d-0002-4000-8000-000000000002"}]}, "4000001", "merchant_shipping_group", "INVALID_ATTRIBUTE"),
        ({"condition_type": [{"value": "used_good", "marketplace_id": "ATVPDKIKX0DER"}]}, "4000001", "condition_type", "INVALID_ATTRIBUTE"),
        ({"asin": "B0NOTTHERE"}, "8560", "merchant_suggested_asin", "INVALID_ATTRIBUTE"),
        ({"asin": "B0SBX00031"}, "8560", "merchant_suggested_asin", "INVALID_ATTRIBUTE"),
        ({"asin": "B0SBX00021"}, "5886", "merchant_suggested_asin", "QUALIFICATION_REQUIRED"),
        ({"asin": "B0SBX00022"}, "5886", "condition_type", "QUALIFICATION_REQUIRED"),
        ({"asin": "B0SBX00007", "condition_type": [{"value": "new_new"}]}, "5886", "condition_type", "QUALIFICATION_REQUIRED"),
    ],
)  # fmt: skip
def test_invalid_comes_with_200_and_names_the_attribute(
    program: Program, changes: dict[str, Any], code: str, name: str, category: str
) -> None:
    assert put_problems(program, **changes) == [(code, [name], [category])]


def test_all_that_is_wrong_is_told_at_once(program: Program) -> None:
    found = put_problems(program, condition_type=None, purchasable_offer=price(-1), fake=[{"value": 1}])
    assert sorted(found) == [
        ("4000001", ["purchasable_offer"], ["INVALID_PRICE"]),
        ("90000900", ["fake"], ["INVALID_ATTRIBUTE"]),
        ("90220", ["condition_type"], ["MISSING_ATTRIBUTE"]),
    ]


def test_what_is_restricted_for_used_goods_may_be_sold_new(program: Program) -> None:
    assert put_problems(program, asin="B0SBX00022", condition_type=[{"value": "new_new"}]) == []


def test_a_preview_says_the_same_and_submits_nothing(program: Program) -> None:
    preview = {"sku": "S-1", "mode": "VALIDATION_PREVIEW", "includedData": "identifiers,issues"}
    good = program.told("putListingsItem", offer(), **preview)
    assert (good["status"], good["issues"]) == ("VALID", [])
    assert good["identifiers"] == [{"marketplaceId": JAPAN, "asin": "B0SBX00001"}]
    bad = program.told("putListingsItem", offer(condition_type=None), **preview)
    assert (bad["status"], bad["identifiers"]) == ("INVALID", [])
    assert bad["issues"][0]["message"] == "'condition_type' is required but not supplied."
    assert program.visitor.state()["amazon"]["waiting"] == []


def test_identifiers_are_for_previews_only(program: Program) -> None:
    program.refused("putListingsItem", offer(), sku="S-1", includedData="identifiers")


@pytest.mark.parametrize("changes", [{"productType": "LUGGAGE"}, {"requirements": "LISTING"}])
def test_only_offers_for_existing_products_are_played(program: Program, changes: dict[str, str]) -> None:
    program.refused("putListingsItem", offer() | changes, sku="S-1")


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


# --- restrictions ---


def reasons(program: Program, asin: str, condition: str | None = "used_good") -> list[str]:
    asked = {"asin": asin, "sellerId": program.seller_id} | (
        {"conditionType": condition} if condition else {}
    )
    told = program.told("getListingsRestrictions", **asked)["restrictions"]
    return [each["reasons"][0]["reasonCode"] for each in told]


def test_restrictions_by_product_condition_and_seller(program: Program) -> None:
    assert reasons(program, "B0SBX00001") == []
    assert reasons(program, "B0SBX00021") == ["APPROVAL_REQUIRED"]
    assert reasons(Program(program.visitor, "amazon2"), "B0SBX00021") == []
    assert reasons(program, "B0SBX00022") == ["NOT_ELIGIBLE"]
    assert reasons(program, "B0SBX00022", "new_new") == []
    assert reasons(program, "B0SBX00022", None) == ["NOT_ELIGIBLE"] * 4
    assert reasons(program, "B0NOTTHERE") == ["ASIN_NOT_FOUND"]
    assert reasons(program, "B0SBX00032", None) == ["NOT_ELIGIBLE"]


def test_what_needs_approval_says_where_to_ask_for_it(program: Program) -> None:
    told = program.told("getListingsRestrictions", asin="B0SBX00021", sellerId=program.seller_id)
    assert told["restrictions"][0]["reasons"][0]["links"][0]["resource"].endswith("asin=B0SBX00021")


def test_restrictions_come_and_go(fast: Program) -> None:
    fast.visitor.act(
        "amazon-restrict", asin="B0SBX00001", reason_code="NOT_ELIGIBLE", conditions=["used_good"]
    )
    assert put_problems(fast) == [("5886", ["condition_type"], ["QUALIFICATION_REQUIRED"])]
    fast.visitor.act("amazon-approve", asin="B0SBX00001")
    fast.visitor.act("amazon-approve", asin="B0SBX00021")
    assert put_problems(fast) == []
    assert reasons(fast, "B0SBX00021") == []


def test_the_restrictions_own_errors_are_a_bare_list(program: Program) -> None:
    answer = program.ask("getListingsRestrictions", asin="BAD_ASIN", sellerId=program.seller_id)
    assert answer.json == [{"code": "BAD_REQUEST", "message": "Invalid 'asin' provided.", "details": ""}]
