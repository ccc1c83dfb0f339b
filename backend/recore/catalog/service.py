"""Registering products under a PD code (R4)."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from recore.catalog.models import Product
from recore.catalog.rules import check_product, normal_jan
from recore.platform.audit import record
from recore.platform.db import UnitOfWork
from recore.platform.errors import Invalid
from recore.platform.numbering import next_number
from recore.platform.text_ja import fold
from recore.platform.undo import has_changed

FIELDS = ("name", "brand", "model_number", "jan", "category")


def register_product(
    uow: UnitOfWork,
    *,
    name: str,
    brand: str | None = None,
    model_number: str | None = None,
    jan: str | None = None,
    category: str | None = None,
) -> Product:
    """A new product. Raises Invalid PRODUCT_INVALID naming every field that is wrong, JAN_TAKEN among them."""
    fields = {"name": name, "brand": brand, "model_number": model_number, "jan": jan, "category": category}
    fields = {key: (value or "").strip() or None for key, value in fields.items()}
    if fields["jan"]:
        fields["jan"] = normal_jan(fields["jan"])
    check_product(fields)
    # The number comes first: it holds back whoever registers at the same time, until the end of this transaction.
    code = f"PD{next_number(uow, 'pd_code'):07d}"
    if fields["jan"]:
        _refuse_taken_jan(uow, fields["jan"])
    product = Product(pd_code=code, search_text=_search_text(code, fields), created_at=uow.at, **fields)
    uow.session.add(product)
    uow.session.flush()
    return product


def _search_text(code: str, fields: Mapping[str, str | None]) -> str:
    return fold(" ".join([code, *(value for value in fields.values() if value)]))


def change_product(
    uow: UnitOfWork, product_id: int, before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[str, str]:
    """Set these fields, which are as in `before`: its search text before and after. The caller holds the catalogue and has
    looked whether the JAN is free. Raises Invalid PRODUCT_INVALID, Conflict CHANGED_SINCE.
    """
    product = uow.session.scalars(
        sa.select(Product).where(Product.id == product_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one()
    if any((getattr(product, key) or "") != value for key, value in before.items()):
        raise has_changed(product.pd_code)
    fields = {key: getattr(product, key) for key in FIELDS} | dict(after)
    check_product(fields)
    was, now = product.search_text, _search_text(product.pd_code, fields)
    uow.execute_one(sa.update(Product).where(Product.id == product_id).values(search_text=now, **after))
    record(
        uow, "product.change", "product", product_id, product.pd_code, before=dict(before), after=dict(after)
    )
    return was, now


def hold_catalogue(uow: UnitOfWork) -> None:
    """Nobody else registers a product until the end of this transaction."""
    next_number(uow, "pd_code", count=0)


def _refuse_taken_jan(uow: UnitOfWork, jan: str) -> None:
    taken = uow.session.execute(
        sa.select(Product.pd_code, Product.name).where(Product.jan == jan).limit(1)
    ).one_or_none()
    if taken is None:
        return
    problem = Invalid(
        "JAN_TAKEN", f"このJANコードは「{taken.name}」（{taken.pd_code}）で登録済みです。", field="jan",
        remedy="登録済みの商品を選んでください。",
    )  # fmt: skip
    raise Invalid("PRODUCT_INVALID", "商品の登録内容を確認してください。", problems=[problem])
