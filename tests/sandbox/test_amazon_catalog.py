"""R11, R34: JAN to ASIN, and what an offer must say, on the pretend Amazon."""

from __future__ import annotations

import base64
import hashlib

import pytest

from sandbox.amazon.books import data
from tests.sandbox.amazon_program import API, Program


def asins(program: Program, **query: str) -> list[str]:
    return [each["asin"] for each in program.told("searchCatalogItems", **query)["items"]]


def test_the_catalogue_has_good_numbers() -> None:
    for each in data("catalog"):
        if each["jan"]:
            total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(each["jan"]))
            assert (len(each["jan"]), total % 10) == (13, 0)
    numbers = [each["asin"] for each in data("catalog")]
    assert len(numbers) == len(set(numbers)) >= 30


@pytest.mark.parametrize(
    ("kind", "number", "found"),
    [
        ("JAN", "4580000000010", ["B0SBX00001", "B0SBX00002", "B0SBX00003"]),
        ("EAN", "4580000000034", ["B0SBX00005", "B0SBX00006"]),
        ("GTIN", "04580000000027", ["B0SBX00004"]),
        ("ASIN", "B0SBX00030", ["B0SBX00030"]),
        ("JAN", "4900000000000", []),
        ("ISBN", "4580000000027", []),
    ],
)
def test_one_number_may_be_several_products_or_none(
    program: Program, kind: str, number: str, found: list[str]
) -> None:
    assert asins(program, identifiers=number, identifiersType=kind) == found


def test_several_numbers_at_once(program: Program) -> None:
    both = "4580000000027,4580000000034"
    assert asins(program, identifiers=both, identifiersType="JAN") == [
        "B0SBX00004",
        "B0SBX00005",
        "B0SBX00006",
    ]


def test_a_sku_names_a_product_of_that_seller(program: Program) -> None:
    program.visitor.act("amazon-seed-offers", asin="B0SBX00009")
    asked = {"identifiers": "OTHER00001", "identifiersType": "SKU"}
    assert asins(program, **asked, sellerId=program.seller_id) == ["B0SBX00009"]
    program.refused("searchCatalogItems", **asked)


def test_words_are_found_in_any_width(program: Program) -> None:
    found = program.told("searchCatalogItems", keywords="ｙｇｂ-2000 ヨロズ")
    assert [each["asin"] for each in found["items"]] == ["B0SBX00001", "B0SBX00002"]
    assert found["refinements"]["brands"] == [{"brandName": "ヨロズ", "numberOfResults": 2}]
    assert asins(program, keywords="ak", brandNames="アカツキ光学") == [
        "B0SBX00007", "B0SBX00008", "B0SBX00009", "B0SBX00010",
    ]  # fmt: skip


def test_pages(program: Program) -> None:
    first = program.told("searchCatalogItems", keywords="アカツキ", pageSize="3")
    assert (first["numberOfResults"], len(first["items"])) == (4, 3)
    token = first["pagination"]["nextToken"]
    assert asins(program, keywords="アカツキ", pageSize="3", pageToken=token) == ["B0SBX00010"]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"keywords": "x", "identifiers": "1", "identifiersType": "JAN"},
        {"identifiers": "1"},
        {"identifiers": "1", "identifiersType": "JAN", "brandNames": "x"},
    ],
)
def test_questions_that_make_no_sense(program: Program, query: dict[str, str]) -> None:
    assert program.refused("searchCatalogItems", **query)["code"] == "400"


def test_one_product_with_all_that_there_is(program: Program) -> None:
    told = program.told(
        "getCatalogItem", asin="B0SBX00007", includedData=(
            "attributes,classifications,dimensions,identifiers,images,productTypes,relationships,salesRanks,summaries,"
            "vendorDetails"
        ),
    )  # fmt: skip
    assert told["summaries"][0]["modelNumber"] == "AK-7"
    assert told["identifiers"][0]["identifiers"] == [{"identifierType": "EAN", "identifier": "4580000000041"}]
    image = told["images"][0]["images"][0]["link"]
    answer = program.visitor.client.get(image.partition(":8100")[2], base_url=f"http://{API}.localhost:8100")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


def test_a_product_that_there_is_not(program: Program) -> None:
    assert program.refused("getCatalogItem", asin="B0NOTTHERE", status=404)["code"] == "NOT_FOUND"


# --- product types ---


def test_product_types_by_word_and_by_name(program: Program) -> None:
    found = program.told("searchDefinitionsProductTypes", keywords="CAMERA")["productTypes"]
    assert [each["name"] for each in found] == ["CAMERA_DIGITAL", "CAMERA_LENSES"]
    named = program.told("searchDefinitionsProductTypes", itemName="電動ドリルドライバー")["productTypes"]
    assert [each["name"] for each in named] == ["POWER_DRILL"]
    program.refused("searchDefinitionsProductTypes", keywords="x", itemName="y")


def test_the_definition_points_to_a_schema_with_its_checksum(program: Program) -> None:
    asked = {"productType": "PRODUCT", "requirements": "LISTING_OFFER_ONLY", "sellerId": program.seller_id}
    told = program.told("getDefinitionsProductType", **asked)
    link = told["schema"]["link"]["resource"]
    answer = program.visitor.client.get(link.partition(":8100")[2], base_url=f"http://{API}.localhost:8100")
    checksum = base64.b64encode(hashlib.md5(answer.data, usedforsecurity=False).digest()).decode()
    assert told["schema"]["checksum"] == checksum
    schema = answer.json or {}
    assert schema["properties"]["merchant_shipping_group"]["items"]["properties"]["value"]["enum"] == [
        "legacy-template-id", "1a2b3c4d-0001-4000-8000-000000000001",
    ]  # fmt: skip
    strange = program.visitor.get(API, "/-/schemas/PRODUCT.json?seller=amazon9")
    assert strange.status_code == 403
    assert set(schema["required"]) < set(told["propertyGroups"]["offer"]["propertyNames"])


@pytest.mark.parametrize(
    "query", [{"productType": "INVALID", "requirements": "LISTING_OFFER_ONLY"}, {"productType": "PRODUCT"}]
)
def test_definitions_that_are_not_played(program: Program, query: dict[str, str]) -> None:
    assert program.refused("getDefinitionsProductType", **query)["code"] == "BAD_REQUEST"
