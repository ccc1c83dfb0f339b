"""R11, R21: our form as Amazon's documents, and Amazon's words at our fields."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from recore.channels.amazon import Amazon, mapper
from recore.channels.amazon.channel import amazon_form
from recore.channels.base import FormContext, PrefillSource, Severity
from recore.channels.offer_api import Amounts
from recore.shared_schemas import load

MODELS = Path(__file__).parents[3] / "shared" / "facts" / "amazon-models"
JAPAN = "A1VC38T7YXB528"
VALUES: dict[str, Any] = {
    "asin": "B0SBX00001", "condition": "used_good", "price": 4980, "quantity": 2, "management_number": "IT0000001",
}  # fmt: skip


def context(units: int = 5) -> FormContext:
    return FormContext(photos=(), units=units, saved_choices={"shipping_group": ["legacy-template-id"]})


def problems(units: int = 5, **changed: Any) -> list[tuple[str, str]]:
    found = Amazon().validate("japan", VALUES | changed, context(units))
    return [(each.field, each.message) for each in found]


def model(name: str) -> dict[str, Any]:
    return dict(json.loads((MODELS / f"{name}.json").read_text("utf-8")))


def test_r11_a_used_item_is_an_offer_on_a_known_product() -> None:
    told = mapper.offer_document(
        VALUES | {"condition_note": "箱に傷", "shipping_group": "g1", "handling_days": 3}, Amounts(1, 3980)
    )
    assert told == {
        "productType": "PRODUCT",
        "requirements": "LISTING_OFFER_ONLY",
        "attributes": {
            "merchant_suggested_asin": [{"value": "B0SBX00001", "marketplace_id": JAPAN}],
            "condition_type": [{"value": "used_good", "marketplace_id": JAPAN}],
            "condition_note": [{"value": "箱に傷", "language_tag": "ja_JP", "marketplace_id": JAPAN}],
            "purchasable_offer": [
                {"currency": "JPY", "our_price": [{"schedule": [{"value_with_tax": 3980}]}], "marketplace_id": JAPAN}
            ],
            "fulfillment_availability": [
                {"fulfillment_channel_code": "DEFAULT", "quantity": 1, "lead_time_to_ship_max_days": 3}
            ],
            "merchant_shipping_group": [{"value": "g1", "marketplace_id": JAPAN}],
        },
    }  # fmt: skip


def test_what_is_not_filled_in_is_not_sent() -> None:
    told = mapper.offer_document(VALUES, Amounts(1, 3980))
    assert set(told["attributes"]) == {
        "merchant_suggested_asin", "condition_type", "purchasable_offer", "fulfillment_availability",
    }  # fmt: skip


def test_r27_a_change_is_absolute_and_keeps_the_days_to_ship() -> None:
    told = mapper.change_document(VALUES | {"handling_days": 3}, 0, None)
    assert told["patches"] == [
        {
            "op": "replace",
            "path": "/attributes/fulfillment_availability",
            "value": [
                {"fulfillment_channel_code": "DEFAULT", "quantity": 0, "lead_time_to_ship_max_days": 3}
            ],
        }
    ]
    (price,) = mapper.change_document(VALUES, None, 100)["patches"]
    assert price["path"] == "/attributes/purchasable_offer"


@pytest.mark.skipif(not MODELS.exists(), reason="Amazon's models are not here")
@pytest.mark.parametrize(
    ("definition", "body"),
    [
        ("ListingsItemPutRequest", mapper.offer_document(VALUES, Amounts(1, 1))),
        ("ListingsItemPatchRequest", mapper.change_document(VALUES, 1, 1)),
    ],
)
def test_our_bodies_are_what_amazons_model_allows(definition: str, body: dict[str, Any]) -> None:
    definitions = model("listingsItems_2021-08-01")["definitions"]
    schema = {"$ref": f"#/definitions/{definition}", "definitions": definitions}
    assert not list(Draft4Validator(schema).iter_errors(body))


@pytest.mark.skipif(not MODELS.exists(), reason="Amazon's models are not here")
def test_amazons_own_example_of_an_item_is_read() -> None:
    operation = model("listingsItems_2021-08-01")["paths"]["/listings/2021-08-01/items/{sellerId}/{sku}"][
        "get"
    ]
    example = operation["responses"]["200"]["x-amzn-api-sandbox"]["static"][0]["response"]
    there = json.loads(json.dumps(example).replace("ATVPDKIKX0DER", JAPAN))
    seen = mapper.seen_offer(there, amazon_form())
    assert (seen.is_buyable, seen.quantity, seen.price) == (True, 100, 100)
    assert "'size' is required but not supplied." in seen.problems[0].message
    elsewhere = mapper.seen_offer(example, amazon_form())
    assert (elsewhere.is_buyable, elsewhere.price) == (False, None), "another country's offer is not ours"


def test_r21_every_issue_stands_at_its_field_in_japanese() -> None:
    answer = {
        "status": "INVALID",
        "issues": [
            {"code": "1", "message": "値が無効です。", "severity": "ERROR", "attributeNames": ["purchasable_offer"], "categories": ["INVALID_ATTRIBUTE"]},
            {"code": "2", "message": "長すぎます。", "severity": "WARNING", "attributeNames": ["condition_note"], "categories": []},
            {"code": "3", "message": "知らない項目です。", "severity": "ERROR", "attributeNames": ["battery"], "categories": []},
            {"code": "4", "message": "全体です。", "severity": "ERROR", "categories": ["QUALIFICATION_REQUIRED"]},
            {"code": "5", "message": "お知らせ", "severity": "INFO", "categories": []},
        ],
    }  # fmt: skip
    told = mapper.submitted(answer, amazon_form())
    assert not told.is_accepted
    assert [(each.field, each.label, each.severity) for each in told.problems] == [
        ("price", "価格（税込）", Severity.ERROR),
        ("condition_note", "状態の説明", Severity.WARNING),
        ("", "battery", Severity.ERROR),
        ("", "Amazon", Severity.ERROR),
    ]
    assert told.problems[0].message == "値が無効です。（Amazon 1）"
    assert all(each.remedy for each in told.problems)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"summaries": None, "offers": "x", "fulfillmentAvailability": [None]},
        {"summaries": [{"marketplaceId": JAPAN}], "offers": [{"marketplaceId": JAPAN, "offerType": "B2C"}]},
        {"fulfillmentAvailability": [{"fulfillmentChannelCode": "AMAZON_JP", "quantity": 9}]},
    ],
)
def test_what_an_answer_lacks_is_not_known(answer: dict[str, Any]) -> None:
    seen = mapper.seen_offer(answer, amazon_form())
    assert (seen.is_buyable, seen.quantity, seen.price) == (False, None, None)


def test_r8_what_amazon_would_refuse_is_refused_here() -> None:
    assert problems() == []
    assert problems(asin="b0sbx00001")[0][0] == "asin"
    assert problems(management_number="IT 1/2")[0][0] == "management_number"
    assert problems(management_number="あ")[0][0] == "management_number"
    assert problems(condition="broken") == [("condition", "「broken」は選べない値です。")]
    assert problems(price=0)[0] == ("price", "0は範囲の外です。")
    assert problems(price="高い")[0] == ("price", "「高い」は数字ではありません。")
    assert problems(quantity=3, units=2) == [("quantity", "出品できる在庫は2点です。")]
    assert problems(condition_note="一行\n二行")[0][0] == "condition_note"
    assert problems(shipping_group="other")[0][0] == "shipping_group"
    empty = Amazon().validate("japan", {}, context())
    assert [each.field for each in empty] == ["asin", "condition", "price", "quantity", "management_number"]


def test_r8_grade_and_price_are_filled_in_and_junk_has_no_condition() -> None:
    source = PrefillSource("腕時計", "A", 5000, None, 2, "IT0000001")
    filled = Amazon().prefill("japan", source, {"condition_note": "動作確認済み"})
    assert filled == {
        "condition": "used_very_good", "price": 5000, "quantity": 2, "management_number": "IT0000001",
        "condition_note": "動作確認済み",
    }  # fmt: skip
    assert "condition" not in Amazon().prefill("japan", PrefillSource("x", "J", 1, None, 1, "I"), {})


def test_the_forms_limits_are_those_with_a_source() -> None:
    limits, form = load("amazon/limits.json"), amazon_form()
    assert all(each["source"] and each["sureness"] in "ABC" for each in limits.values())
    assert form.field("management_number").max_characters == limits["sku_characters"]["value"]
    assert form.field("condition_note").max_characters == limits["condition_note_characters"]["value"]
    assert form.field("price").maximum == limits["price_yen"]["value"]
    assert form.field("quantity").maximum == limits["quantity"]["value"]
    assert form.field("handling_days").maximum == limits["handling_days"]["value"]


def test_a_restriction_is_told_at_the_field_that_can_be_changed() -> None:
    answer = {
        "restrictions": [
            {"marketplaceId": JAPAN, "conditionType": "used_good", "reasons": [{"message": "この状態では出品できません。", "reasonCode": "NOT_ELIGIBLE"}]},
            {"marketplaceId": JAPAN, "reasons": [{"message": "許可が必要です。", "reasonCode": "APPROVAL_REQUIRED"}]},
        ]
    }  # fmt: skip
    told = mapper.restrictions(answer, amazon_form())
    assert [each.field for each in told] == ["condition", "asin"]
    assert mapper.restrictions({"restrictions": []}, amazon_form()) == []
