"""Registering products under a PD code (R4)."""

from __future__ import annotations

from recore.catalog.models import Product
from recore.catalog.rules import check_product
from recore.platform.db import UnitOfWork
from recore.platform.numbering import next_number
from recore.platform.text_ja import fold


def register_product(
    uow: UnitOfWork,
    *,
    name: str,
    brand: str | None = None,
    model_number: str | None = None,
    jan: str | None = None,
    category: str | None = None,
) -> Product:
    """A new product. Raises Invalid PRODUCT_INVALID naming every field that is wrong."""
    fields = {"name": name, "brand": brand, "model_number": model_number, "jan": jan, "category": category}
    fields = {key: (value or "").strip() or None for key, value in fields.items()}
    check_product(fields)
    code = f"PD{next_number(uow, 'pd_code'):07d}"
    words = [code, *(value for value in fields.values() if value)]
    product = Product(pd_code=code, search_text=fold(" ".join(words)), created_at=uow.at, **fields)
    uow.session.add(product)
    uow.session.flush()
    return product
