"""The `Channel` of Yahoo! Auctions: its forms, what to fill in first, and what would be refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from recore.channels.base import (
    Carrier,
    Category,
    FieldProblem,
    FileItem,
    FormContext,
    FormDefinition,
    FormField,
    FormGroup,
    OrderFile,
    PrefillSource,
    ShippingForm,
    Values,
)
from recore.channels.form_checks import first_values
from recore.channels.yahoo_auction.bulk_file import file_name, write_zip
from recore.channels.yahoo_auction.categories import own_categories
from recore.channels.yahoo_auction.description import as_sent
from recore.channels.yahoo_auction.importer import YahooPages
from recore.channels.yahoo_auction.order_file import order_file_columns, read_order_file
from recore.channels.yahoo_auction.validation import check_form
from recore.platform.tables import Table
from recore.shared_schemas import load

PROFILES = {"current": "現在のストアツール（競りナビ）", "classic": "旧ストアツール（落札ナビ）"}


class YahooAuction:
    name = "yahoo_auction"
    label = "ヤフオク!"
    profiles: Mapping[str, str] = PROFILES
    photo_spec = "yahoo_auction"
    lists_by_api = False
    store_id_label = "ストアID"

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
        return first_values(self.form(profile), known, defaults)

    def validate(self, profile: str, values: Values, context: FormContext) -> list[FieldProblem]:
        return check_form(self.form(profile), values, context)

    def own_categories(self) -> Sequence[Category]:
        return own_categories()

    def preview(self, html: str) -> str:
        return as_sent(html)

    def write_file(
        self, profile: str, items: Sequence[FileItem], *, progress: Callable[[int], None]
    ) -> Iterator[bytes]:
        return write_zip(profile, items, progress=progress)

    def file_name(self, at: datetime, number: int, part: int) -> str:
        return file_name(at, number, part)

    def order_file_columns(self, profile: str) -> list[tuple[str, str, bool]]:
        return order_file_columns(profile)

    def read_order_file(self, profile: str, store_id: str, table: Table) -> OrderFile:
        return read_order_file(profile, store_id, table)

    def shipping(self, profile: str) -> ShippingForm:
        return _shipping(profile)

    def pages(self, profile: str) -> YahooPages:
        if profile not in PROFILES:
            raise KeyError(profile)
        return YahooPages(profile)

    def order_words(self, profile: str) -> YahooPages:
        return self.pages(profile)


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


@cache
def _shipping(profile: str) -> ShippingForm:
    data = load("yahoo_auction/shipping.json")
    form = data["profiles"][profile]
    carriers = tuple(Carrier(**each) for each in data["carriers"])
    return ShippingForm(carriers, form["takes_number"], form["needs_number"])
