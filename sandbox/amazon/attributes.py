"""An offer's attributes: held against the product type's schema, changed by patches, read for what they say."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from jsonschema import Draft201909Validator, ValidationError

from sandbox.amazon.books import MARKETPLACE, data

Attributes = dict[str, list[dict[str, Any]]]
CATEGORIES = {"purchasable_offer": "INVALID_PRICE"}
PRESETS = {"marketplace_id": MARKETPLACE, "audience": "ALL"}  # what a selector means when it is left out


def offer_schema(shipping_groups: list[str] | None = None) -> dict[str, Any]:
    """The schema of PRODUCT for LISTING_OFFER_ONLY; for a seller with the templates that he has."""
    schema: dict[str, Any] = copy.deepcopy(data("product_offer"))
    if shipping_groups is not None:
        item = schema["properties"]["merchant_shipping_group"]["items"]
        item["properties"]["value"]["enum"] = shipping_groups
    return schema


def problems(attributes: Mapping[str, Any], shipping_groups: list[str]) -> list[dict[str, Any]]:
    """Issues as Amazon lists them, one per attribute and kind."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for wrong in Draft201909Validator(offer_schema(shipping_groups)).iter_errors(dict(attributes)):
        for each in _issues(wrong, attributes):
            found.setdefault((each["code"], each["attributeNames"][0]), each)
    return list(found.values())


def _issues(wrong: ValidationError, attributes: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    path = list(wrong.absolute_path)
    if path:
        name = str(path[0])
        category = CATEGORIES.get(name, "INVALID_ATTRIBUTE")
        yield issue("4000001", name, category)
    elif wrong.validator == "required":
        for name in sorted(set(data("product_offer")["required"]) - set(attributes)):
            category = "MISSING_PRICE" if name == "purchasable_offer" else "MISSING_ATTRIBUTE"
            yield issue("90220", name, category)
    else:
        for name in sorted(set(attributes) - set(data("product_offer")["properties"])):
            yield issue("90000900", name, "INVALID_ATTRIBUTE")


def issue(code: str, name: str, category: str) -> dict[str, Any]:
    """Its words come when somebody reads it, in his language."""
    return {
        "code": code, "severity": "ERROR", "attributeNames": [name], "categories": [category],
        "marketplaceIds": [MARKETPLACE],
    }  # fmt: skip


def worded(issues: list[dict[str, Any]], locale: str = "ja_JP") -> list[dict[str, Any]]:
    """Japanese unless another language is asked for, English for one that is not there."""
    told = []
    for each in issues:
        words = data("issue_words")[each["code"]]
        message = words.get(locale, words["en_US"]).format(name=each["attributeNames"][0])
        told.append(each | {"message": message})
    return told


def patched(attributes: Attributes, patches: list[dict[str, Any]]) -> Attributes:
    """What the attributes become; `attributes` itself stays as it is."""
    changed = copy.deepcopy(attributes)
    for patch in patches:
        name = patch["path"].removeprefix("/attributes/")
        value = copy.deepcopy(patch.get("value", []))
        held = changed.get(name, [])
        if patch["op"] == "replace":
            changed[name] = value
        elif patch["op"] == "delete":
            changed[name] = [each for each in held if value and not _same_any(name, each, value)]
        elif patch["op"] == "add":
            changed[name] = [each for each in held if not _same_any(name, each, value)] + value
        else:
            changed[name] = _merged(name, held, value)
        if not changed[name]:
            del changed[name]
    return changed


def bad_paths(patches: list[dict[str, Any]]) -> list[str]:
    """Only a whole attribute can be patched; whatever is not a deletion needs a value, a merge its selectors."""
    bad = []
    for patch in patches:
        root, _, name = patch["path"].partition("/attributes/")
        is_whole = not root and bool(name) and "/" not in name
        needs = [each for each in _selectors(name) if each not in PRESETS] if patch["op"] == "merge" else []
        values = patch.get("value", [])
        is_given = patch["op"] == "delete" or bool(values)
        if not is_whole or not is_given or any(not each.get(key) for each in values for key in needs):
            bad.append(patch["path"])
    return bad


def _selectors(name: str) -> list[str]:
    properties = data("product_offer")["properties"]
    return list(properties[name]["selectors"]) if name in properties else []


def _same(name: str, one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one.get(key, PRESETS.get(key)) == other.get(key, PRESETS.get(key)) for key in _selectors(name))


def _same_any(name: str, one: dict[str, Any], others: list[dict[str, Any]]) -> bool:
    return any(_same(name, one, each) for each in others)


def _merged(name: str, held: list[dict[str, Any]], given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is not named stays; an explicit null takes a field away; a new selector is a new entry."""
    result = list(held)
    for value in given:
        place = next((at for at, each in enumerate(result) if _same(name, each, value)), None)
        base = {} if place is None else result[place]
        merged = {key: each for key, each in {**base, **value}.items() if each is not None}
        if place is None:
            result.append(merged)
        else:
            result[place] = merged
    return result


def value_of(attributes: Mapping[str, Any], name: str) -> Any:
    """The `value` of an attribute's first entry."""
    entries = attributes.get(name) or [{}]
    return entries[0].get("value")


def price_of(attributes: Mapping[str, Any]) -> int | None:
    """Yen with tax."""
    for offer in attributes.get("purchasable_offer", []):
        return int(offer["our_price"][0]["schedule"][0]["value_with_tax"])
    return None


def quantity_of(attributes: Mapping[str, Any]) -> int:
    """What is for sale; an availability without a quantity is none."""
    return sum(int(each.get("quantity", 0)) for each in attributes.get("fulfillment_availability", []))


def with_quantity(attributes: Mapping[str, Any], quantity: int) -> dict[str, Any]:
    changed = copy.deepcopy(dict(attributes))
    for each in changed.get("fulfillment_availability", [])[:1]:
        each["quantity"] = quantity
    return changed
