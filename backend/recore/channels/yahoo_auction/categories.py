"""The category tree that forms search. A small set of our own until the shop imports a full one (yahoo.md, Categories)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache

from recore.platform.text_ja import fold
from recore.shared_schemas import read_text


@dataclass(frozen=True)
class Category:
    id: str
    name: str
    path: str
    is_leaf: bool


@cache
def _tree() -> dict[str, Category]:
    rows = csv.DictReader(io.StringIO(read_text("yahoo_auction/categories_seed.csv")))
    return {
        row["category_id"]: Category(row["category_id"], row["name"], row["path"], row["is_leaf"] == "1")
        for row in rows
    }


def category(category_id: str) -> Category | None:
    return _tree().get(category_id)


def search_categories(text: str, limit: int = 20) -> list[Category]:
    """Leaves whose path has every word of `text`, the shortest path first; [] for an empty text."""
    words = fold(text).split()
    if not words:
        return []
    found = [
        each for each in _tree().values() if each.is_leaf and all(word in fold(each.path) for word in words)
    ]
    return sorted(found, key=lambda each: (len(each.path), each.path))[:limit]
