"""Finding products by name, JAN or PD code (R4)."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.catalog.models import Product
from recore.catalog.rules import normal_jan
from recore.platform.paging import AnyRow, like_all_words
from recore.platform.text_ja import fold

COLUMNS = (
    Product.id,
    Product.pd_code,
    Product.name,
    Product.brand,
    Product.model_number,
    Product.jan,
    Product.category,
)


def find_products(session: Session, text: str, limit: int = 20) -> Sequence[AnyRow]:
    """The newest products that contain every word of `text`, width- and kana-insensitive; [] for an empty text."""
    folded = fold(text)
    if not folded:
        return []
    statement = sa.select(*COLUMNS).where(*like_all_words(Product.search_text, folded))
    return session.execute(statement.order_by(Product.id.desc()).limit(limit)).all()


def product_by_code(session: Session, text: str) -> AnyRow | None:
    """The one product that a scanned or typed code names: its PD code, or its JAN where no other has it."""
    code = fold(text).upper()
    statement = sa.select(*COLUMNS).where(sa.or_(Product.pd_code == code, Product.jan == normal_jan(code)))
    found = session.execute(statement.limit(2)).all()
    return found[0] if len(found) == 1 else None


def product_by_id(session: Session, product_id: int) -> AnyRow | None:
    return session.execute(sa.select(*COLUMNS).where(Product.id == product_id)).one_or_none()
