"""Listings Items 2021-08-01 and Listings Restrictions 2021-08-01. INVALID comes with 200, ACCEPTED is not on sale."""

from __future__ import annotations

import secrets
from typing import Any

from sandbox.amazon.attributes import (
    bad_paths,
    issue,
    patched,
    price_of,
    problems,
    quantity_of,
    value_of,
    worded,
)
from sandbox.amazon.books import MARKETPLACE, iso
from sandbox.amazon.errors import Refused, not_found
from sandbox.amazon.offers import Offer
from sandbox.amazon.paging import numbered_page
from sandbox.amazon.requests import Call

MOST_SKU_LENGTH = 40
MOST_FOUND = 1000
APPROVAL_PAGE = "https://sellercentral.amazon.co.jp/hz/approvalrequest/restrictions/approve?asin="


def put_item(call: Call) -> dict[str, Any]:
    body = call.body
    sku = _sku(call)
    content = {
        "product_type": body["productType"], "requirements": body.get("requirements", "LISTING"),
        "attributes": body["attributes"],
    }  # fmt: skip
    if (content["product_type"], content["requirements"]) != ("PRODUCT", "LISTING_OFFER_ONLY"):
        raise call.invalid("Only PRODUCT with LISTING_OFFER_ONLY is played here.")
    found = problems(body["attributes"], call.seller["shipping_groups"])
    if not found:
        found = _not_for_this_seller(call, body["attributes"])
    if call.amazon.is_resting(call.seller_id, sku):
        found.append(issue("13015", "sku", "DUPLICATE"))
    return _submitted(call, sku, "PUT", content, found, body["attributes"])


def patch_item(call: Call) -> dict[str, Any]:
    """Of a SKU that is not there it is accepted as well; what it would make of the offer is checked when there is one."""
    sku, patches = _sku(call), call.body["patches"]
    bad = bad_paths(patches)
    if bad:
        raise call.invalid(f"Invalid patch of [{', '.join(bad)}].")
    offer = call.amazon.offer(call.seller_id, sku)
    attributes = patched(offer["attributes"] if offer else {}, patches)
    found = problems(attributes, call.seller["shipping_groups"])
    if offer is None:
        found = [each for each in found if each["code"] != "90220"]
    elif not found:
        found = _not_for_this_seller(call, attributes)
    return _submitted(call, sku, "PATCH", {"patches": patches}, found, attributes)


def delete_item(call: Call) -> dict[str, Any]:
    return _submitted(call, _sku(call), "DELETE", {}, [], {})


def _submitted(
    call: Call,
    sku: str,
    kind: str,
    content: dict[str, Any],
    found: list[dict[str, Any]],
    attributes: dict[str, Any],
) -> dict[str, Any]:
    is_preview = call.query.get("mode") == "VALIDATION_PREVIEW"
    if call.wants("identifiers", "issues") and not is_preview:
        raise call.invalid("identifiers can only be requested with VALIDATION_PREVIEW.")
    if not found and not is_preview:
        call.amazon.submit(call.seller_id, sku, kind, content)
    status = "INVALID" if found else "VALID" if is_preview else "ACCEPTED"
    answer: dict[str, Any] = {"sku": sku, "status": status, "submissionId": secrets.token_hex(16)}
    if call.wants("issues", "issues"):
        answer["issues"] = worded(found, call.query.get("issueLocale", "ja_JP"))
    if call.wants("identifiers", "issues"):
        asin = value_of(attributes, "merchant_suggested_asin")
        answer["identifiers"] = (
            [{"marketplaceId": MARKETPLACE, "asin": asin}] if status == "VALID" and asin else []
        )
    return answer


def _not_for_this_seller(call: Call, attributes: dict[str, Any]) -> list[dict[str, Any]]:
    """The product is not there, or not his to sell in that condition."""
    asin, condition = value_of(attributes, "merchant_suggested_asin"), value_of(attributes, "condition_type")
    product = call.amazon.product(asin)
    if product is None or product.get("is_parent"):
        return [issue("8560", "merchant_suggested_asin", "INVALID_ATTRIBUTE")]
    why = call.amazon.restriction(asin, call.seller, condition)
    if why is None:
        return []
    name = "condition_type" if why["conditions"] else "merchant_suggested_asin"
    return [issue("5886", name, "QUALIFICATION_REQUIRED")]


def _sku(call: Call) -> str:
    sku = call.path["sku"]
    if not sku or len(sku) > MOST_SKU_LENGTH or sku != sku.strip():
        raise call.invalid("Invalid 'sku' provided.")
    return sku


# --- reading ---


def get_item(call: Call) -> dict[str, Any]:
    sku = _sku(call)
    offer = call.amazon.offer(call.seller_id, sku, _lag(call))
    if offer is None:
        raise not_found(f"SKU '{sku}' not found in marketplace(s) {MARKETPLACE}.")
    return _item(call, sku, offer)


def search_items(call: Call) -> dict[str, Any]:
    found = [
        (sku, offer)
        for sku, offer in call.amazon.offers(call.seller_id, _lag(call)).items()
        if _is_wanted(call, sku, offer)
    ]
    key = {"sku": None, "createdDate": "created_at", "lastUpdatedDate": "updated_at"}[
        call.query.get("sortBy", "lastUpdatedDate")
    ]
    found.sort(key=lambda each: each[0] if key is None else each[1][key])
    if call.query.get("sortOrder", "DESC") == "DESC":
        found.reverse()
    page, pagination = numbered_page(call, found[:MOST_FOUND])
    items = [_item(call, sku, offer) for sku, offer in page]
    return {"numberOfResults": len(found), "items": items} | pagination


def _lag(call: Call) -> float:
    return float(call.amazon.setting("reading_lag_seconds", call.seller_id))


def _is_wanted(call: Call, sku: str, offer: Offer) -> bool:
    query, statuses = call.query, set(call.amazon.statuses(offer))
    if ("identifiers" in query) != ("identifiersType" in query):
        raise call.invalid("identifiers and identifiersType go together.")
    asked = query.get("withStatus", []), query.get("withoutStatus", [])
    severities = {each["severity"] for each in offer["issues"]}
    return (
        _is_named(call, sku, offer)
        and all(each in statuses for each in asked[0])
        and not any(each in statuses for each in asked[1])
        and ("withIssueSeverity" not in query or bool(severities & set(query["withIssueSeverity"])))
        and _is_between(query, "created", offer["created_at"])
        and _is_between(query, "lastUpdated", offer["updated_at"])
        and not {"variationParentSku", "packageHierarchySku"} & set(query)  # nothing here has relatives
    )


def _is_named(call: Call, sku: str, offer: Offer) -> bool:
    if "identifiers" not in call.query:
        return True
    kind, wanted = call.query["identifiersType"], call.query["identifiers"]
    if kind == "SKU":
        return sku in wanted
    return offer["asin"] in {each["asin"] for each in call.amazon.by_identifiers(kind, wanted)}


def _is_between(query: dict[str, Any], name: str, at: str) -> bool:
    after, before = query.get(f"{name}After"), query.get(f"{name}Before")
    return (after is None or iso(at) >= iso(after)) and (before is None or iso(at) <= iso(before))


def _item(call: Call, sku: str, offer: Offer) -> dict[str, Any]:
    attributes, product = offer["attributes"], call.amazon.product(offer["asin"]) or {}
    price = price_of(attributes)
    image = {"link": f"{call.origin}/-/images/{offer['asin']}.svg", "height": 500, "width": 500}
    parts: dict[str, Any] = {
        "summaries": [{
            "marketplaceId": MARKETPLACE, "asin": offer["asin"], "productType": product.get("type", "PRODUCT"),
            "conditionType": value_of(attributes, "condition_type"), "status": call.amazon.statuses(offer),
            "itemName": product.get("name", ""), "createdDate": iso(offer["created_at"]),
            "lastUpdatedDate": iso(offer["updated_at"]), "mainImage": image,
        }],
        "attributes": attributes,
        "issues": worded(offer["issues"], call.query.get("issueLocale", "ja_JP")),
        "offers": [] if price is None else [{
            "marketplaceId": MARKETPLACE, "offerType": "B2C", "price": {"currencyCode": "JPY", "amount": str(price)},
            "audience": {"value": "ALL", "displayName": "Amazonで販売"},
        }],
        "fulfillmentAvailability": [
            {"fulfillmentChannelCode": "DEFAULT", "quantity": quantity_of(attributes)}
        ],
        "relationships": [],
        "productTypes": [{"marketplaceId": MARKETPLACE, "productType": offer["product_type"]}],
    }  # fmt: skip
    return {"sku": sku} | {name: part for name, part in parts.items() if call.wants(name, "summaries")}


def get_restrictions(call: Call) -> dict[str, Any]:
    asin = call.query["asin"]
    if len(asin) != 10 or not asin.isalnum():
        raise Refused(400, "BAD_REQUEST", "Invalid 'asin' provided.")
    why = call.amazon.restriction(asin, call.seller, call.query.get("conditionType"))
    if why is None:
        return {"restrictions": []}
    link = {
        "resource": f"{APPROVAL_PAGE}{asin}",
        "verb": "GET",
        "title": "出品許可を申請する",
        "type": "text/html",
    }
    links = [link] if why["reason_code"] == "APPROVAL_REQUIRED" else []
    reason = {"message": why["message"], "reasonCode": why["reason_code"], "links": links}
    conditions = [call.query["conditionType"]] if "conditionType" in call.query else why["conditions"]
    told = [{"conditionType": each} for each in conditions] or [{}]
    return {"restrictions": [{"marketplaceId": MARKETPLACE, "reasons": [reason]} | each for each in told]}
