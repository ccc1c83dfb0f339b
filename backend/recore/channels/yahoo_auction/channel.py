"""The `Channel` of Yahoo! Auctions: its forms, what to fill in first, and what would be refused."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from recore.channels.base import FieldProblem, FormContext, FormDefinition, FormField, FormGroup, PrefillSource, Values
from recore.channels.yahoo_auction.validation import check_form
from recore.shared_schemas import load

PROFILES = {"current": "現在のストアツール（競りナビ）", "classic": "旧ストアツール（落札ナビ）"}


class YahooAuction:
    name = "yahoo_auction"
    label = "ヤフオク!"
    profiles: Mapping[str, str] = PROFILES
    photo_spec = "yahoo_auction"
    makes_files = True

    def form(self, profile: str) -> FormDefinition:
        return _form(profile)

    def prefill(self, profile: str, source: PrefillSource, defaults: Values) -> dict[str, Any]:
        conditions: dict[str, str] = load("yahoo_auction/conditions.json")["by_grade"]
        known: dict[str, Any] = {
            "name": source.name,
            "condition": conditions.get(source.grade),
            "price": source.price or None,
            "jan": source.jan,
            "quantity": max(1, min(source.units, 9)),
            "management_number": source.management_number,
        }
        values: dict[str, Any] = {}
        for each in self.form(profile).fields:
            candidates = (known.get(each.prefill or ""), defaults.get(each.key), each.default)
            chosen = next((value for value in candidates if value not in (None, "")), None)
            if chosen is not None:
                values[each.key] = chosen
        return values

    def validate(self, profile: str, values: Values, context: FormContext) -> list[FieldProblem]:
        return check_form(self.form(profile), values, context)


@cache
def _form(profile: str) -> FormDefinition:
    if profile not in PROFILES:
        raise KeyError(profile)
    data = load(f"yahoo_auction/form_{profile}.json")
    return FormDefinition(
        data["channel"],
        data["profile"],
        tuple(FormGroup(**group) for group in data["groups"]),
        tuple(FormField(**{**each, "choices": tuple(each.get("choices", ()))}) for each in data["fields"]),
    )
