"""Ours ↔ Amazon's documents. Pure; what an answer lacks is None, never a guess."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from recore.channels.amazon.settings import api_facts
from recore.channels.base import FieldProblem, FormDefinition, Severity, Values
from recore.channels.offer_api import Amounts, CatalogItem, SeenOffer, Submitted

Document = dict[str, Any]
SEVERITIES = {"ERROR": Severity.ERROR, "WARNING": Severity.WARNING}


def offer_document(values: Values, amounts: Amounts) -> Document:
    """The body of putListingsItem."""
    market = {"marketplace_id": api_facts()["marketplace"]}
    attributes: Document = {
        "merchant_suggested_asin": [{"value": values["asin"], **market}],
        "condition_type": [{"value": values["condition"], **market}],
        "purchasable_offer": _price(amounts.price),
        "fulfillment_availability": _availability(values, amounts.quantity),
    }
    if note := values.get("condition_note"):
        attributes["condition_note"] = [{"value": note, "language_tag": api_facts()["locale"], **market}]
    if group := values.get("shipping_group"):
        attributes["merchant_shipping_group"] = [{"value": group, **market}]
    return {
        "productType": api_facts()["product_type"],
        "requirements": api_facts()["requirements"],
        "attributes": attributes,
    }


def change_document(values: Values, quantity: int | None, price: int | None) -> Document:
    """The body of patchListingsItem. An attribute is replaced as a whole, so the days to ship go along with the quantity."""
    changed: Document = {}
    if quantity is not None:
        changed["fulfillment_availability"] = _availability(values, quantity)
    if price is not None:
        changed["purchasable_offer"] = _price(price)
    patches = [
        {"op": "replace", "path": f"/attributes/{name}", "value": value} for name, value in changed.items()
    ]
    return {"productType": api_facts()["product_type"], "patches": patches}


def _price(yen: int) -> list[Document]:
    return [
        {
            "currency": api_facts()["currency"],
            "our_price": [{"schedule": [{"value_with_tax": yen}]}],
            "marketplace_id": api_facts()["marketplace"],
        }
    ]


def _availability(values: Values, quantity: int) -> list[Document]:
    told: Document = {"fulfillment_channel_code": api_facts()["fulfillment_channel"], "quantity": quantity}
    days = values.get("handling_days")
    if isinstance(days, int):
        told["lead_time_to_ship_max_days"] = days
    return [told]


def submitted(answer: Document, form: FormDefinition) -> Submitted:
    """INVALID comes with HTTP 200, too."""
    return Submitted(answer.get("status") in ("ACCEPTED", "VALID"), problems_of(answer, form))


def problems_of(answer: Document, form: FormDefinition) -> tuple[FieldProblem, ...]:
    """Amazon's issues, each at the field of ours that it is about."""
    found: list[FieldProblem] = []
    for issue in _documents(answer.get("issues")):
        severity = SEVERITIES.get(str(issue.get("severity")))
        if severity is None:  # INFO
            continue
        names = [str(each) for each in issue.get("attributeNames") or []] or [""]
        found += [_problem(issue, name, severity, form) for name in names]
    return tuple(dict.fromkeys(found))


def _problem(issue: Document, attribute: str, severity: Severity, form: FormDefinition) -> FieldProblem:
    key = api_facts()["attributes"].get(attribute.split(".", maxsplit=1)[0], "")
    label = form.field(key).label if key else attribute or "Amazon"
    remedies = api_facts()["remedies"]
    categories = [str(each) for each in issue.get("categories") or []]
    remedy = next((remedies[each] for each in categories if each in remedies), "内容を確かめてください。")
    words = f"{str(issue.get('message') or '').strip()[:300]}（Amazon {str(issue.get('code') or '')[:20]}）"
    return FieldProblem(key, label, words, remedy, severity)


def seen_offer(item: Document, form: FormDefinition) -> SeenOffer:
    """Of getListingsItem."""
    here = [each for each in _documents(item.get("summaries")) if _is_here(each)]
    channel = api_facts()["fulfillment_channel"]
    quantities = [
        each.get("quantity")
        for each in _documents(item.get("fulfillmentAvailability"))
        if each.get("fulfillmentChannelCode") == channel
    ]
    prices = [
        _yen(each.get("price"))
        for each in _documents(item.get("offers"))
        if _is_here(each) and each.get("offerType") == "B2C"
    ]
    return SeenOffer(
        is_buyable=any("BUYABLE" in (each.get("status") or []) for each in here),
        quantity=next((each for each in quantities if isinstance(each, int)), None),
        price=next((each for each in prices if each is not None), None),
        problems=problems_of(item, form),
    )


def _yen(price: Any) -> int | None:
    try:
        return int(Decimal(str(price["amount"])))
    except (KeyError, TypeError, InvalidOperation, ValueError):
        return None


def catalog_items(answer: Document) -> list[CatalogItem]:
    found = []
    for item in _documents(answer.get("items")):
        summary = next((each for each in _documents(item.get("summaries")) if _is_here(each)), {})
        if isinstance(item.get("asin"), str):
            title, brand = str(summary.get("itemName") or ""), str(summary.get("brand") or "")
            found.append(CatalogItem(item["asin"], title, brand))
    return found


def restrictions(answer: Document, form: FormDefinition) -> list[FieldProblem]:
    """Empty: the seller may offer it."""
    remedies = api_facts()["restrictions"]
    found = []
    for each in _documents(answer.get("restrictions")):
        for reason in _documents(each.get("reasons")) or [{}]:
            code = str(reason.get("reasonCode") or "")
            key = "condition" if code == "NOT_ELIGIBLE" and each.get("conditionType") else "asin"
            message = f"Amazonの出品制限：{str(reason.get('message') or '理由は示されていません。')[:300]}"
            remedy = remedies.get(code, remedies["NOT_ELIGIBLE"])
            found.append(FieldProblem(key, form.field(key).label, message, remedy))
    return list(dict.fromkeys(found))


def _is_here(told: Document) -> bool:
    return bool(told.get("marketplaceId") == api_facts()["marketplace"])


def _documents(told: Any) -> list[Document]:
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
