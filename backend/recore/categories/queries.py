"""Reads: search, suggestions, what is known of a number.

Why an index in memory: a search of 40,000 names wants a ranking that SQL has no words for, and two-character words that
neither FTS5's trigrams nor pg_trgm under locale C find. The index is built once per process and tree (under a second) and
kept under the tree's digest: a new import is another digest, so no process can answer from an old tree, and shops that
imported the same file share it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.categories.models import CategoryImport, CategoryRow, CategoryTree, CategoryUse
from recore.categories.rules import ImportState
from recore.categories.search import CategoryIndex, Synonyms, name_words, synonyms_of
from recore.channels.base import Category, Channel
from recore.platform import clock
from recore.platform.errors import NotFound
from recore.shared_schemas import load

MOST_INDEXES = 8  # about 20 MB each at 40,000 categories
RECENT = 5
FADES_IN = timedelta(days=14)
NOT_IN_THE_LIST = "（一覧にない番号）"

_indexes: OrderedDict[str, CategoryIndex] = OrderedDict()
_building = threading.Lock()


@dataclass(frozen=True)
class Group:
    """Suggestions of one kind, for the field before anything is typed."""

    label: str
    categories: list[Category]


# --- search ------------------------------------------------------------------------------------------------------


def search(session: Session, channel: Channel, text: str, limit: int = 20) -> list[Category]:
    """Leaves for what was typed, best first; of those that match, the shop's own first. A number finds its category."""
    number = [text.strip()] if text.isascii() else []
    numbered = [each for each in known(session, channel, number).values() if each.is_leaf]
    favourites = _favourites(session, channel.name)
    found = index_of(session, channel).search(text, _synonyms(), favourites, limit)
    return [*numbered, *(each for each in found if each not in numbered)][:limit]


def suggestions(session: Session, channel: Channel, product_name: str) -> list[Group]:
    """What the shop chose for similar names, what the name itself says, and what it used last; each category once."""
    index = index_of(session, channel)
    similar = _ids_for(session, channel.name, product_name)
    groups = [
        ("似た商品で選んだカテゴリ", _as_known(session, channel, similar)),
        ("商品名に合うカテゴリ", index.suggest(product_name, _synonyms(), RECENT)),
        ("よく使うカテゴリ", _as_known(session, channel, _favourites(session, channel.name)[:RECENT])),
    ]
    shown: set[str] = set()
    kept = []
    for label, categories in groups:
        new = [each for each in categories if each.id not in shown]
        shown |= {each.id for each in new}
        if new:
            kept.append(Group(label, new))
    return kept


def index_of(session: Session, channel: Channel) -> CategoryIndex:
    """The index of the shop's tree, or of the small one that the channel ships."""
    wanted = _digest(session, channel.name)
    key = wanted or f"own {channel.name}"
    with _building:
        if key not in _indexes:
            key, categories = (
                _leaves(session, channel.name, key) if wanted else (key, channel.own_categories())
            )
            _indexes[key] = CategoryIndex(categories)
            while len(_indexes) > MOST_INDEXES:
                _indexes.popitem(last=False)
        _indexes.move_to_end(key)
        return _indexes[key]


def _digest(session: Session, channel: str) -> str | None:
    return session.scalar(sa.select(CategoryTree.digest).where(CategoryTree.channel == channel))


def _leaves(session: Session, channel: str, key: str) -> tuple[str, list[Category]]:
    """The leaves with the digest of the tree they belong to: one statement, so that no import comes between."""
    rows = session.execute(
        sa.select(CategoryRow.category_id, CategoryRow.name, CategoryRow.path, CategoryTree.digest)
        .join(
            CategoryTree,
            sa.and_(
                CategoryTree.tenant_id == CategoryRow.tenant_id, CategoryTree.channel == CategoryRow.channel
            ),
        )
        .where(CategoryRow.channel == channel, CategoryRow.is_leaf)
    ).all()
    return rows[0].digest if rows else key, [Category(row[0], row[1], row[2], True) for row in rows]


@cache
def _synonyms() -> Synonyms:
    return synonyms_of(load("category_synonyms.json")["same"])


# --- one number --------------------------------------------------------------------------------------------------


def known(session: Session, channel: Channel, ids: Iterable[str]) -> dict[str, Category]:
    """Those of `ids` that are in the shop's tree, or in the channel's own where none was imported."""
    wanted = [each for each in ids if each and "\0" not in each]
    if not wanted:
        return {}
    if _digest(session, channel.name) is None:
        return {each.id: each for each in channel.own_categories() if each.id in wanted}
    rows = session.execute(
        sa.select(CategoryRow.category_id, CategoryRow.name, CategoryRow.path, CategoryRow.is_leaf).where(
            CategoryRow.channel == channel.name, CategoryRow.category_id.in_(wanted)
        )
    )
    return {row[0]: Category(*row) for row in rows}


# --- what the shop uses ------------------------------------------------------------------------------------------


def _favourites(session: Session, channel: str) -> list[str]:
    """Numbers that the shop listed in, the most and latest used first: a use weighs half as much after 14 days."""
    rows = session.execute(
        sa.select(CategoryUse.category_id, CategoryUse.uses, CategoryUse.last_used_at)
        .where(CategoryUse.channel == channel, CategoryUse.word == "")
        .order_by(CategoryUse.last_used_at.desc())
        .limit(200)
    ).all()
    now = clock.now()
    weights = {row.category_id: row.uses / (1 + (now - row.last_used_at) / FADES_IN) for row in rows}
    return sorted(weights, key=lambda each: -weights[each])


def _ids_for(session: Session, channel: str, product_name: str) -> list[str]:
    """Numbers that the shop chose for products with the same words; a word that always means one category weighs most."""
    words = name_words(product_name)
    rows = session.execute(
        sa.select(CategoryUse.word, CategoryUse.category_id, CategoryUse.uses)
        .where(CategoryUse.channel == channel, CategoryUse.word.in_(words))
        .order_by(CategoryUse.last_used_at.desc())
        .limit(1000)
    ).all()
    total: dict[str, int] = {}
    for row in rows:
        total[row.word] = total.get(row.word, 0) + row.uses
    score: dict[str, float] = {}
    for row in rows:
        score[row.category_id] = score.get(row.category_id, 0.0) + row.uses / (1 + total[row.word])
    return sorted(score, key=lambda each: (-score[each], each))[:3]


def _as_known(session: Session, channel: Channel, ids: Sequence[str]) -> list[Category]:
    """Categories to offer: numbers that are no leaf any more are left out, unknown ones are named as such."""
    found = known(session, channel, ids)
    return [
        found.get(each) or Category(each, each, NOT_IN_THE_LIST, True)
        for each in ids
        if each not in found or found[each].is_leaf
    ]


# --- the settings page -------------------------------------------------------------------------------------------


def trees(session: Session) -> Mapping[str, CategoryTree]:
    """What was imported, by channel."""
    return {each.channel: each for each in session.scalars(sa.select(CategoryTree))}


def has_tree(session: Session, channel: Channel) -> bool:
    return _digest(session, channel.name) is not None


def imports(session: Session, limit: int = 20) -> Sequence[CategoryImport]:
    """The latest that were taken in, newest first."""
    return session.scalars(
        sa.select(CategoryImport)
        .where(CategoryImport.state == ImportState.DONE)
        .order_by(CategoryImport.id.desc())
        .limit(limit)
        .options(sa.orm.defer(CategoryImport.body), sa.orm.defer(CategoryImport.fates))
    ).all()


def import_by_id(session: Session, import_id: int) -> CategoryImport:
    """Raises NotFound."""
    found = session.scalars(
        sa.select(CategoryImport).where(CategoryImport.id == import_id),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if found is None:
        raise NotFound(
            "NO_SUCH_IMPORT",
            "この取り込みは見つかりません。",
            remedy="設定の【カテゴリ一覧】からやり直してください。",
        )
    return found
