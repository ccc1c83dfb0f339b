"""The small category tree that is shipped, until the shop imports a full one (yahoo.md, Categories)."""

from __future__ import annotations

import csv
import io
from functools import cache

from recore.channels.base import Category
from recore.shared_schemas import read_text


@cache
def own_categories() -> tuple[Category, ...]:
    rows = csv.DictReader(io.StringIO(read_text("yahoo_auction/categories_seed.csv")))
    return tuple(
        Category(row["category_id"], row["name"], row["path"], row["is_leaf"] == "1") for row in rows
    )
