"""What a template makes of one item: its texts rendered, its values as they are; and the templates that apply by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.catalog.models import Product
from recore.channels.base import FieldProblem, FormDefinition, FormField
from recore.identity.models import Shop
from recore.listings.models import ListingTemplate
from recore.listings.template_language import Facts, TemplateBroken, render
from recore.stock.models import Grade, StockItem

TEXTS = ("text", "html")
OF_THE_ITEM_ALONE = ("management_number", "catalog_id")


def template_fields(definition: FormDefinition) -> list[FormField]:
    """The fields that a template may hold a value for."""
    return [each for each in definition.fields if each.kind not in OF_THE_ITEM_ALONE]


def category_keys(definition: FormDefinition) -> list[str]:
    return [each.key for each in definition.fields if each.kind == "category"]


def facts_of(session: Session, units: Mapping[int, int]) -> dict[int, Facts]:
    """What a template may say of the items of `units` (item → how many there are to offer); their number is the IT code."""
    rows = session.execute(
        sa.select(
            Product.name, Product.brand, Product.model_number, Product.jan, Product.pd_code, StockItem.it_code, StockItem.id,
            StockItem.grade, StockItem.price, StockItem.note, Shop.name.label("shop"), Grade.name.label("grade_name"),
        )
        .select_from(StockItem)
        .join(Product, sa.and_(Product.tenant_id == StockItem.tenant_id, Product.id == StockItem.product_id))
        .join(Shop, sa.and_(Shop.tenant_id == StockItem.tenant_id, Shop.id == StockItem.shop_id))
        .outerjoin(Grade, sa.and_(Grade.tenant_id == StockItem.tenant_id, Grade.code == StockItem.grade))
        .where(StockItem.id.in_(list(units)))
    )  # fmt: skip
    return {
        row.id: Facts(
            name=row.name,
            brand=row.brand or "",
            model_number=row.model_number or "",
            jan=row.jan or "",
            pd_code=row.pd_code,
            it_code=row.it_code,
            management_number=row.it_code,
            grade=row.grade,
            grade_name=row.grade_name or "",
            note=row.note,
            shop=row.shop,
            price=row.price,
            quantity=units[row.id],
        )
        for row in rows
    }


def filled(
    definition: FormDefinition, fields: Mapping[str, Any], facts: Facts
) -> tuple[dict[str, Any], list[FieldProblem]]:
    """(values by key, texts that cannot be rendered) of a template for an item; a text that comes out empty is left out."""
    values: dict[str, Any] = {}
    problems = []
    for each in template_fields(definition):
        value = fields.get(each.key)
        if value in (None, "", []):
            continue
        if each.kind in TEXTS:
            try:
                value = render(str(value), facts, html=each.kind == "html")
            except TemplateBroken as error:
                line = error.problem
                problems.append(FieldProblem(each.key, each.label, f"「{each.label}」の{line.line}行目：{line.message}", line.remedy))  # fmt: skip
                continue
        if value != "":
            values[each.key] = value
    return values, problems


def automatic_templates(session: Session) -> dict[tuple[str, str], dict[str, ListingTemplate]]:
    """(channel, profile) → the templates that apply by themselves, by category; '' is for every category."""
    found = session.scalars(
        sa.select(ListingTemplate).where(ListingTemplate.is_automatic, ListingTemplate.archived_at.is_(None))
    )
    templates: dict[tuple[str, str], dict[str, ListingTemplate]] = {}
    for each in found:
        templates.setdefault((each.channel, each.profile), {})[each.category] = each
    return templates


def with_automatic(
    definition: FormDefinition, templates: Mapping[str, ListingTemplate], facts: Facts, first: dict[str, Any]
) -> tuple[dict[str, Any], tuple[int, str] | None]:
    """First values of a form, with the automatic template of every category over them, then that of their category; and the
    last of these templates, as (id, name).
    """
    values, last = dict(first), None
    for key in ("", *category_keys(definition)):
        template = templates.get(str(values.get(key) or "") if key else "")
        if template is not None:
            fields = _but(template.fields, category_keys(definition) if key else ())
            values |= filled(definition, fields, facts)[0]
            last = (template.id, template.name)
    return values, last


def _but(fields: Mapping[str, Any], left_out: Sequence[str]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key not in left_out}
