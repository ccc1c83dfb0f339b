"""Keyset pagination, newest first: cost does not grow with the page number and rows do not shift while reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

PAGE_SIZE = 50
Row = TypeVar("Row")
AnyRow: TypeAlias = "sa.Row[*tuple[Any, ...]]"
"""A row of a query, whatever its columns; they are read by name."""
AnySelect: TypeAlias = "sa.Select[*tuple[Any, ...]]"


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`older` is the cursor of the next page, None on the last; `is_first` whether nothing newer was left out."""

    rows: Sequence[Row]
    older: int | None
    is_first: bool


def newest_first(
    session: Session,
    statement: AnySelect,
    key: InstrumentedAttribute[int],
    *,
    before: int | None,
    size: int = PAGE_SIZE,
) -> Page[Any]:
    """One page of `statement` ordered by `key` descending; the rows must carry `key` under its own name."""
    if before is not None:
        statement = statement.where(key < before)
    rows = session.execute(statement.order_by(key.desc()).limit(size + 1)).all()
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, getattr(rows[-1], key.key) if more else None, before is None)


def like_all_words(column: Any, folded_query: str) -> list[sa.ColumnElement[bool]]:
    """Every word of an already folded query must occur in `column`; LIKE wildcards are taken literally."""
    return [column.contains(word, autoescape=True) for word in folded_query.split()]
