"""Finding products by name, JAN or PD code (R4)."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.catalog.models import Product
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


def product_by_id(session: Session, product_id: int) -> AnyRow | None:
    return session.execute(sa.select(*COLUMNS).where(Product.id == product_id)).one_or_none()
