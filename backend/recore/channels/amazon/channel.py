"""The `Channel` of Amazon: its form, what to fill in first, and what is known to be refused before anybody is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from recore.channels.amazon.order_mapper import AmazonOrderWords
from recore.channels.amazon.settings import shipping_facts
from recore.channels.base import (
    Carrier,
    Category,
    FieldProblem,
    FormContext,
    FormDefinition,
    FormField,
    FormGroup,
    PrefillSource,
    ShippingForm,
    Values,
)
from recore.channels.form_checks import check_fields, check_line, first_values
from recore.shared_schemas import load

PROFILES = {"japan": "Amazon.co.jp"}
SKU = re.compile(r"[!-.0-~]+")  # printable half-width without a slash, which would end the SKU in an address


class Amazon:
    name = "amazon"
    label = "Amazon"
    profiles: Mapping[str, str] = PROFILES
    photo_spec = None
    lists_by_api = True
    store_id_label = "出品者ID"

    def form(self, profile: str) -> FormDefinition:
        if profile not in PROFILES:
            raise KeyError(profile)
        return amazon_form()

    def prefill(self, profile: str, source: PrefillSource, defaults: Values) -> dict[str, Any]:
        known: dict[str, Any] = {
            "condition": load("amazon/conditions.json")["by_grade"].get(source.grade),
            "price": source.price or None,
            "quantity": max(1, source.units),
            "management_number": source.management_number,
        }
        return first_values(self.form(profile), known, defaults)

    def validate(self, profile: str, values: Values, context: FormContext) -> list[FieldProblem]:
        return check_fields(
            self.form(profile), values, context, check_text=_check_text, check_saved=check_line
        )

    def own_categories(self) -> Sequence[Category]:
        """None: an ASIN stands in its category."""
        return ()

    def preview(self, html: str) -> str:
        """No field of the form takes HTML."""
        return ""

    def shipping(self, profile: str) -> ShippingForm:
        return _shipping(profile)

    def order_words(self, profile: str) -> AmazonOrderWords:
        if profile not in PROFILES:
            raise KeyError(profile)
        return AmazonOrderWords()


def _check_text(field: FormField, value: str) -> list[FieldProblem]:
    found = list(check_line(field, value))
    if field.kind == "management_number" and not SKU.fullmatch(value):
        message, remedy = (
            "SKUは半角の英数字と記号だけです。",
            "空白と「/」を使わずに、半角で入力してください。",
        )
        found.append(FieldProblem(field.key, field.label, message, remedy))
    if field.kind == "catalog_id" and not re.fullmatch(field.pattern or "", value):
        message = f"「{value[:30]}」はASINの形ではありません。"
        remedy = "JANで探すか、半角英数字10桁で入力してください。"
        found.append(FieldProblem(field.key, field.label, message, remedy))
    return found


@cache
def amazon_form() -> FormDefinition:
    data = load("amazon/form.json")
    return FormDefinition(
        data["channel"],
        data["profile"],
        tuple(FormGroup(**group) for group in data["groups"]),
        tuple(FormField(**{**each, "choices": tuple(each.get("choices", ()))}) for each in data["fields"]),
    )


@cache
def _shipping(profile: str) -> ShippingForm:
    data = shipping_facts()
    form = data["profiles"][profile]
    return ShippingForm(
        tuple(Carrier(**each) for each in data["carriers"]),
        form["takes_number"],
        form["needs_number"],
        by_api=True,
    )
