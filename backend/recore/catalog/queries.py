"""Finding products by name, JAN or PD code (R4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.catalog.models import Product
from recore.catalog.rules import normal_jan
from recore.platform.bulk import among
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


@dataclass
class KnownProducts:
    """Products by what a row of a file may name them with."""

    by_code: dict[str, Named]
    by_jan: dict[str, list[Named]]
    by_name: dict[tuple[str, str, str], Named]

    def find(self, jan: str, name: tuple[str, str, str]) -> list[Named]:
        """Those that a row without a PD code means: by its JAN, or else by name, brand and model."""
        if jan:
            return self.by_jan.get(jan, [])
        return [self.by_name[name]] if name in self.by_name else []

    def add(self, product: Named, jan: str, name: tuple[str, str, str]) -> None:
        self.by_code[product.pd_code] = product
        self.by_name[name] = product
        if jan:
            self.by_jan.setdefault(jan, []).append(product)


@dataclass(frozen=True)
class Named:
    """`id` 0: a row further up in the same file registers it."""

    id: int
    pd_code: str
    name: str
    content: tuple[str, ...] = ()


def known_products(
    session: Session, codes: Sequence[str], jans: Sequence[str], names: Sequence[str]
) -> KnownProducts:
    known = KnownProducts({}, {}, {})
    statement = sa.select(*COLUMNS).where(
        sa.or_(
            among(session, Product.pd_code, codes),
            among(session, Product.jan, jans),
            among(session, Product.name, names),
        )
    )
    for row in session.execute(statement.order_by(Product.id)):
        brand, model, jan = row.brand or "", row.model_number or "", row.jan or ""
        content = (row.name, brand, model, jan, row.category or "")
        known.add(Named(row.id, row.pd_code, row.name, content), jan, (row.name, brand, model))
    return known


def product_by_id(session: Session, product_id: int) -> AnyRow | None:
    return session.execute(sa.select(*COLUMNS).where(Product.id == product_id)).one_or_none()
