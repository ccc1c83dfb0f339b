"""The category file (yahoo.md, "Categories"): its columns, what is wrong with a row, and what a row would change. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from recore.platform.import_rules import SPOILT_BY_EXCEL, Column, Fate, headings_of
from recore.platform.tables import Row, Table

COLUMNS = ("category_id", "parent_id", "name", "path", "is_leaf")
HEADINGS = tuple(Column(name, name, is_required=True) for name in COLUMNS)
MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000
ROOT = "0"
LEAF = {"1": True, "true": True, "はい": True, "0": False, "false": False, "いいえ": False}
_ID = re.compile(r"[!-~]{1,40}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Node:
    """A node without its id, as it is compared."""

    parent_id: str
    name: str
    path: str
    is_leaf: bool


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of the file; `node` None when it cannot be read, and then `problem` says why and what to do."""

    number: int
    category_id: str
    node: Node | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    row: FileRow
    fate: Fate
    note: str = ""


def read_rows(table: Table) -> list[FileRow]:
    """Every row of the file. Raises Invalid MISSING_COLUMNS or DOUBLE_COLUMNS, which name them."""
    at = {column.key: place for _, column, place in headings_of(table.header, HEADINGS).read}
    places = [at[column] for column in COLUMNS]
    return [_read(row, [row.cells[at].strip() for at in places]) for row in table.rows]


def _read(row: Row, cells: list[str]) -> FileRow:
    category_id, parent_id, name, path, leaf = cells
    problem = next(_problems(*cells), "") if row.is_whole else _TOO_MANY_CELLS
    if problem:
        return FileRow(row.number, category_id[:40], None, problem)
    return FileRow(row.number, category_id, Node(parent_id, name, path, LEAF[leaf.casefold()]))


_TOO_MANY_CELLS = '列の数が見出しより多くなっています。名前に「,」があるときは、引用符（"）で囲んでください。'


def _problems(category_id: str, parent_id: str, name: str, path: str, leaf: str) -> Iterator[str]:
    for column, value in (("category_id", category_id), ("parent_id", parent_id)):
        if SPOILT_BY_EXCEL.fullmatch(value):
            yield f"{column}「{value}」は、Excelで保存したときに番号が変わっています。元のファイルを使ってください。"
        elif not _ID.fullmatch(value):
            yield f"{column}「{value[:40]}」は番号ではありません。空白のない半角40文字以内で入れてください。"
    if category_id in (ROOT, parent_id):
        yield f"category_id「{category_id[:40]}」は、自分の親にはなれません。parent_idを直してください。"
    for column, value, most in (("name", name, 200), ("path", path, 1000)):
        if not value or len(value) > most:
            yield f"{column}を1〜{most}文字で入れてください。"
        elif _CONTROL.search(value):
            yield f"{column}に改行などの見えない文字が入っています。消してください。"
    if leaf.casefold() not in LEAF:
        yield f"is_leaf「{leaf[:20]}」は、いちばん下の分類なら1、ほかは0にしてください。"


def judge(rows: Sequence[FileRow], known: Mapping[str, Node]) -> list[Judged]:
    """What each row would do to the tree `known`, in the file's order. The first row of a number counts."""
    first: dict[str, FileRow] = {}
    for row in rows:
        if row.node is not None:
            first.setdefault(row.category_id, row)
    mentioned = {row.category_id for row in rows} | known.keys() | {ROOT}
    parents = {row.node.parent_id: row.number for row in first.values() if row.node is not None}
    return [_judged(row, first, mentioned, parents, known) for row in rows]


def _judged(
    row: FileRow,
    first: Mapping[str, FileRow],
    mentioned: set[str],
    parents: Mapping[str, int],
    known: Mapping[str, Node],
) -> Judged:
    node = row.node
    if node is None:
        return Judged(row, Fate.REFUSED, row.problem)
    before = first[row.category_id]
    if before.node != node:
        return Judged(row, Fate.REFUSED, f"番号「{row.category_id}」は{before.number}行目に別の内容であります。どちらかを消してください。")  # fmt: skip
    if node.parent_id not in mentioned:
        return Judged(row, Fate.REFUSED, f"親の番号「{node.parent_id}」が、ファイルにも今の一覧にもありません。親の行を加えるか、番号を直してください。")  # fmt: skip
    if node.is_leaf and row.category_id in parents:
        return Judged(row, Fate.REFUSED, f"is_leafが1ですが、{parents[row.category_id]}行目の親になっています。0にしてください。")  # fmt: skip
    there = known.get(row.category_id)
    if there == node or before is not row:
        return Judged(row, Fate.SAME)
    return Judged(row, Fate.NEW if there is None else Fate.CHANGED)


def digest(nodes: Iterable[tuple[str, Node]]) -> str:
    """A name for the content of a tree: the same nodes in any order have the same."""
    lines = sorted(
        "\t".join((each, node.parent_id, node.name, node.path, "01"[node.is_leaf])) for each, node in nodes
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
