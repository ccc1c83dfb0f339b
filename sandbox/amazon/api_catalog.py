"""Catalog Items 2022-04-01 and Product Type Definitions 2020-09-01."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from sandbox.amazon.attributes import offer_schema
from sandbox.amazon.books import MARKETPLACE, data
from sandbox.amazon.errors import not_found
from sandbox.amazon.goods import folded
from sandbox.amazon.paging import numbered_page
from sandbox.amazon.requests import Call

VERSION = "UHqSdSbx2024="
META_SCHEMA = "https://schemas.amazon.com/selling-partners/definitions/product-types/meta-schema/v1"


def search_items(call: Call) -> dict[str, Any]:
    query = call.query
    if ("identifiers" in query) == ("keywords" in query):
        raise call.invalid("Exactly one of identifiers and keywords is needed.")
    if ("identifiers" in query) != ("identifiersType" in query):
        raise call.invalid("identifiers and identifiersType go together.")
    if "identifiers" in query and {"brandNames", "classificationIds", "keywordsLocale"} & set(query):
        raise call.invalid("brandNames, classificationIds and keywordsLocale are for keywords.")
    found = _found(call)
    page, pagination = numbered_page(call, found)
    answer = {"numberOfResults": len(found), "items": [_item(call, each) for each in page]} | pagination
    if "keywords" in query:
        brands = sorted({each["brand"] for each in found})
        counted = [{"brandName": name, "numberOfResults": _of(found, name)} for name in brands]
        answer["refinements"] = {"brands": counted, "classifications": []}
    return answer


def _of(found: list[dict[str, Any]], brand: str) -> int:
    return sum(each["brand"] == brand for each in found)


def _found(call: Call) -> list[dict[str, Any]]:
    query = call.query
    if "keywords" in query:
        return call.amazon.by_keywords(query["keywords"], query.get("brandNames", []))
    if query["identifiersType"] != "SKU":
        return call.amazon.by_identifiers(query["identifiersType"], query["identifiers"])
    if "sellerId" not in query:
        raise call.invalid("sellerId is required when identifiersType is SKU.")
    offers = call.amazon.offers(call.seller_id)
    return call.amazon.by_identifiers(
        "ASIN", [offers[sku]["asin"] for sku in query["identifiers"] if sku in offers]
    )


def get_item(call: Call) -> dict[str, Any]:
    product = call.amazon.product(call.path["asin"])
    if product is None:
        raise not_found(f"Requested item '{call.path['asin']}' not found in marketplace(s) {MARKETPLACE}.")
    return _item(call, product)


def _item(call: Call, product: dict[str, Any]) -> dict[str, Any]:
    here = {"marketplaceId": MARKETPLACE}
    kind = "VARIATION_PARENT" if product.get("is_parent") else "BASE_PRODUCT"
    image = {
        "variant": "MAIN", "link": f"{call.origin}/-/images/{product['asin']}.svg", "height": 500, "width": 500,
    }  # fmt: skip
    jan = [{"identifierType": "EAN", "identifier": product["jan"]}] if product["jan"] else []
    model = {"modelNumber": product["model"]} if product["model"] else {}
    parts: dict[str, Any] = {
        "summaries": [here | model | {
            "brand": product["brand"], "itemClassification": kind, "itemName": product["name"],
            "manufacturer": product["brand"], "packageQuantity": 1, "adultProduct": False,
        }],
        "attributes": {"item_name": [{"value": product["name"], "language_tag": "ja_JP", "marketplace_id": MARKETPLACE}]},
        "classifications": [here | {"classifications": []}],
        "dimensions": [dict(here)],
        "identifiers": [here | {"identifiers": jan}],
        "images": [here | {"images": [image]}],
        "productTypes": [here | {"productType": product["type"]}],
        "relationships": [here | {"relationships": []}],
        "salesRanks": [dict(here)],
        "vendorDetails": [],
    }  # fmt: skip
    return {"asin": product["asin"]} | {
        name: part for name, part in parts.items() if call.wants(name, "summaries")
    }


# --- product types ---


def search_types(call: Call) -> dict[str, Any]:
    """Besides PRODUCT, which any offer can use, the types of what is in the catalogue."""
    if {"keywords", "itemName"} <= set(call.query):
        raise call.invalid("keywords and itemName cannot be used together.")
    words = [folded(each) for each in call.query.get("keywords", [])]
    names = sorted({"PRODUCT"} | {each["type"] for each in data("catalog")})
    if "itemName" in call.query:
        names = [each["type"] for each in call.amazon.by_keywords([call.query["itemName"]], [])] or [
            "PRODUCT"
        ]
    found = [name for name in dict.fromkeys(names) if all(word in folded(name) for word in words)]
    types = [{"name": name, "displayName": name, "marketplaceIds": [MARKETPLACE]} for name in found]
    return {"productTypes": types, "productTypeVersion": VERSION}


def get_type(call: Call) -> dict[str, Any]:
    name = call.path["productType"]
    if name != "PRODUCT":
        raise call.invalid(f"No definition of product type {name!r} here, only PRODUCT.")
    if call.query.get("requirements", "LISTING") != "LISTING_OFFER_ONLY":
        raise call.invalid("Only LISTING_OFFER_ONLY is played here.")
    groups = call.seller["shipping_groups"] if "sellerId" in call.query else None
    text = schema_text(groups)
    owner = f"?seller={call.seller['account']}" if groups is not None else ""
    properties = list(data("product_offer")["properties"])
    locale = call.query.get("locale", "DEFAULT")
    return {
        "metaSchema": {"link": {"resource": META_SCHEMA, "verb": "GET"}, "checksum": _checksum(META_SCHEMA)},
        "schema": {
            "link": {"resource": f"{call.origin}/-/schemas/PRODUCT.json{owner}", "verb": "GET"},
            "checksum": _checksum(text),
        },
        "requirements": "LISTING_OFFER_ONLY",
        "requirementsEnforced": call.query.get("requirementsEnforced", "ENFORCED"),
        "propertyGroups": {"offer": {"title": "出品情報", "description": "", "propertyNames": properties}},
        "locale": "ja_JP" if locale == "DEFAULT" else locale, "marketplaceIds": [MARKETPLACE],
        "productType": "PRODUCT", "displayName": "商品",
        "productTypeVersion": {"version": VERSION, "latest": True, "releaseCandidate": False},
    }  # fmt: skip


def schema_text(groups: list[str] | None) -> str:
    return json.dumps(offer_schema(groups), ensure_ascii=False)


def _checksum(text: str) -> str:
    return base64.b64encode(hashlib.md5(text.encode(), usedforsecurity=False).digest()).decode()
