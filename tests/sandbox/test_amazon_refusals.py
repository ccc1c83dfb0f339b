"""R21, R34: what the pretend Amazon does not take: INVALID with 200 and named attributes, restrictions by product and seller."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.amazon_program import JAPAN, Program, availability, offer, price, put_problems

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
    assert bad["issues"][0]["message"] == "'condition_type' は必須ですが、入力されていません。"
    words = {
        locale: program.told("putListingsItem", offer(condition_type=None), issueLocale=locale, **preview)[
            "issues"
        ][0]["message"]
        for locale in ("ja_JP", "en_US", "fr_FR")
    }
    assert words["ja_JP"] == bad["issues"][0]["message"]
    assert words["en_US"] == words["fr_FR"] == "'condition_type' is required but not supplied."
    assert program.visitor.state()["amazon"]["waiting"] == []


def test_identifiers_are_for_previews_only(program: Program) -> None:
    program.refused("putListingsItem", offer(), sku="S-1", includedData="identifiers")


@pytest.mark.parametrize("changes", [{"productType": "LUGGAGE"}, {"requirements": "LISTING"}])
def test_only_offers_for_existing_products_are_played(program: Program, changes: dict[str, str]) -> None:
    program.refused("putListingsItem", offer() | changes, sku="S-1")


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
