"""Amazon's facts, as the data of `shared_schemas/amazon/` tells them."""

from __future__ import annotations

from typing import Any

from recore.platform.ratelimit import Rate
from recore.shared_schemas import load


def api_facts() -> dict[str, Any]:
    facts: dict[str, Any] = load("amazon/api.json")
    return facts


def order_facts() -> dict[str, Any]:
    facts: dict[str, Any] = load("amazon/orders.json")
    return facts


def order_states() -> dict[str, Any]:
    facts: dict[str, Any] = load("amazon/state_map.json")
    return facts


def shipping_facts() -> dict[str, Any]:
    facts: dict[str, Any] = load("amazon/shipping.json")
    return facts


def rate_of(operation: str) -> Rate:
    """Of an operation by Amazon's own name."""
    told = load("amazon/rates.json")
    plan = told["operations"][operation]
    return Rate(plan["per_second"], plan["burst"], told["leeway_seconds"])
