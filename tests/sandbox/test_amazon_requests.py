"""R34: what is asked of the pretend Amazon is held against its models: anything unknown, missing or misspelt is 400."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.amazon_program import JAPAN, Program, offer


@pytest.mark.parametrize(
    ("operation", "query", "details"),
    [
        ("searchCatalogItems", {"keyword": "x", "marketplaceIds": JAPAN}, "Unknown parameter [keyword]."),
        ("searchCatalogItems", {"keywords": "x", "marketplaceIds": ""}, "Missing required parameter [marketplaceIds]."),
        ("searchCatalogItems", {"keywords": "x", "marketplaceIds": "ATVPDKIKX0DER"}, f"Invalid marketplaceIds; this seller sells in {JAPAN}."),
        ("searchCatalogItems", {"identifiers": "1", "identifiersType": "jan"}, "Invalid value 'jan' for [identifiersType]."),
        ("searchCatalogItems", {"identifiers": ",".join("1" * 21), "identifiersType": "JAN"}, "[identifiers] takes 20 values at most."),
        ("searchCatalogItems", {"keywords": "x", "pageSize": "21"}, "[pageSize] must be a number from 1 to 20."),
        ("getListingsItem", {"sku": "S", "includedData": "summaries,issue"}, "Invalid value 'issue' for [includedData]."),
        ("getListingsItem", {"sku": "S", "mode": "VALIDATION_PREVIEW"}, "Unknown parameter [mode]."),
        ("getListingsRestrictions", {"sellerId": "A1SANDBOXSHOP01"}, "Missing required parameter [asin]."),
        ("searchOrders", {"LastUpdatedAfter": "2026-01-01T00:00:00Z"}, "Unknown parameter [LastUpdatedAfter]."),
    ],
)  # fmt: skip
def test_every_request_is_held_against_the_model(
    program: Program, operation: str, query: dict[str, str], details: str
) -> None:
    assert program.refused(operation, **query)["details"] == details


def test_a_list_may_also_be_a_repeated_parameter(program: Program) -> None:
    found = program.told(
        "searchCatalogItems", identifiers=["B0SBX00001", "B0SBX00004"], identifiersType="ASIN"
    )
    assert found["numberOfResults"] == 2


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (None, 415, "The request payload is in an unsupported format."),
        ([], 400, "The input you have submitted is not valid. Please check the fields with invalid type []."),
        ({"productType": "PRODUCT"}, 400, "The input you have submitted is not valid. Please check the fields that are missing [attributes]."),
        ({"productType": 1, "attributes": {}}, 400, "The input you have submitted is not valid. Please check the fields with invalid type [productType]."),
        ({**offer(), "extra": 1}, 400, "The input you have submitted is not valid. Please check the fields [] (additionalProperties)."),
        ({**offer(), "requirements": "OFFER"}, 400, "The input you have submitted is not valid. Please check the fields [requirements] (enum)."),
    ],
)  # fmt: skip
def test_every_body_is_held_against_the_model(program: Program, body: Any, status: int, words: str) -> None:
    assert program.refused("putListingsItem", body, sku="S", status=status)["message"] == words


def test_a_confirmation_without_json_is_400_because_its_model_has_no_415(program: Program) -> None:
    refused = program.refused("confirmShipment", orderId="503-0000001-0000001")
    assert (refused["code"], refused["details"]) == ("InvalidInput", "The request body is no JSON.")
