"""Files that people import: their states, what becomes of a row, and how a row is read. Pure; `imports.py` keeps them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from recore.platform.errors import Invalid
from recore.platform.states import StateMachine
from recore.platform.tables import Table
from recore.platform.text_ja import fold

REASON = "取り込めなかった理由"
SPOILT_BY_EXCEL = re.compile(r"[+-]?\d(\.\d+)?[eE]\+?\d+")
_WHOLE = re.compile(r"(\d+)(\.0+)?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0?0:00(?::00)?)?|(\d{4})(\d{2})(\d{2})")
_IN_BRACKETS = re.compile(r"\(.*?\)|\s")
E = TypeVar("E", bound=StrEnum)


class ImportState(StrEnum):
    """READ: looked through and shown. TAKING: a job takes it in. DONE: every row has its result."""

    READ = "READ"
    TAKING = "TAKING"
    DONE = "DONE"


IMPORT_MACHINE = StateMachine(
    "import",
    ImportState,
    ImportState.READ,
    {ImportState.READ: {ImportState.TAKING}, ImportState.TAKING: {ImportState.DONE}, ImportState.DONE: set()},
)


class Fate(StrEnum):
    """What becomes of a row; one letter each, so that a whole file's fates are one text."""

    NEW = "N"
    CHANGED = "C"
    SAME = "S"
    REFUSED = "R"

    @property
    def label(self) -> str:
        return {
            Fate.NEW: "追加",
            Fate.CHANGED: "変更",
            Fate.SAME: "変わらない",
            Fate.REFUSED: "取り込めない",
        }[self]


@dataclass(frozen=True)
class Column:
    """A column that a file may have. `aliases`: other headings that mean it; `example` and `help` for the template."""

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    is_required: bool = False
    example: str = ""
    help: str = ""


@dataclass(frozen=True)
class FileRow:
    """A row by column key, without the columns that nobody reads. `number` as Excel shows it."""

    number: int
    cells: Mapping[str, str]
    is_whole: bool = True

    @property
    def digest(self) -> str:
        """The same for the same content, whatever the width and order of its columns."""
        content = sorted(
            (key, unicodedata.normalize("NFKC", text)) for key, text in self.cells.items() if text
        )
        return hashlib.sha256(repr(content).encode()).hexdigest()


@dataclass(frozen=True)
class Judged:
    """What a row does or did. `title` says what it is; `note` why it is refused or what it became; `made` its code."""

    row: FileRow
    fate: Fate
    title: str = ""
    note: str = ""
    made: str = ""


@dataclass(frozen=True)
class Headings:
    """Which heading of a file is read as which column, and which are not read."""

    read: tuple[tuple[str, Column, int], ...]
    ignored: tuple[str, ...]


def headings_of(header: Sequence[str], columns: Sequence[Column]) -> Headings:
    """Width, case, kana, spaces and what stands in brackets do not matter.

    Raises Invalid MISSING_COLUMNS or DOUBLE_COLUMNS, which name them.
    """
    by_name = {
        _plain(name): column for column in columns for name in (column.key, column.label, *column.aliases)
    }
    found = [(name, by_name.get(_plain(name)), at) for at, name in enumerate(header)]
    read = tuple((name, column, at) for name, column, at in found if column is not None)
    keys = [column.key for _, column, _ in read]
    if missing := [each.label for each in columns if each.is_required and each.key not in keys]:
        raise Invalid(
            "MISSING_COLUMNS", f"列「{'」「'.join(missing)}」がありません。", field="file",
            remedy=f"1行目を見出しにして、「{'」「'.join(each.label for each in columns if each.is_required)}」の列を入れてください。",
        )  # fmt: skip
    if double := [each.label for each in columns if keys.count(each.key) > 1]:
        names = "」「".join(name for name, column, _ in read if column.label in double)
        raise Invalid(
            "DOUBLE_COLUMNS", f"同じ意味の列が2つあります：「{names}」。", field="file", remedy="1つにしてください。"
        )  # fmt: skip
    return Headings(
        read, tuple(name for name, column, _ in found if column is None and name and name != REASON)
    )


def _plain(name: str) -> str:
    return _IN_BRACKETS.sub("", fold(name))


def file_rows(table: Table, columns: Sequence[Column]) -> list[FileRow]:
    """Raises Invalid, as `headings_of`."""
    read = headings_of(table.header, columns).read
    return [
        FileRow(row.number, {column.key: row.cells[at].strip() for _, column, at in read}, row.is_whole)
        for row in table.rows
    ]


@dataclass
class Cells:
    """The cells of one row, read one by one. What is wrong is collected in `problems`: column, value, what to do."""

    row: FileRow
    columns: Sequence[Column]
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.row.is_whole:
            self.problems.append(
                '列の数が見出しより多くなっています。「,」が入ったセルは引用符（"）で囲んでください。'
            )

    def raw(self, key: str) -> str:
        return self.row.cells.get(key, "")

    def refuse(self, key: str, what: str) -> None:
        label = next(each.label for each in self.columns if each.key == key)
        value = self.raw(key)
        shown = f"の「{value[:30]}{'…' if len(value) > 30 else ''}」" if value else ""
        self.problems.append(f"「{label}」{shown}：{what}")

    def text(self, key: str, limit: int, *, required: bool = False) -> str:
        value = self.raw(key)
        if value.startswith("="):
            self.refuse(key, "数式は読めません。値として貼り付け直してください。")
        elif len(value) > limit:
            self.refuse(key, f"{limit}文字までです（今は{len(value)}文字）。")
        elif any(ord(char) < 32 for char in value):
            self.refuse(key, "改行やタブは使えません。消してください。")
        elif required and not value:
            self.refuse(key, "入力してください。")
        return value

    def digits(self, key: str) -> str:
        """A number with leading zeros, such as a JAN, as text: 4901234567894.0 is 4901234567894."""
        value = unicodedata.normalize("NFKC", self.raw(key))
        if SPOILT_BY_EXCEL.fullmatch(value):
            self.refuse(
                key, "Excelで桁が失われています。セルの表示形式を「文字列」にして、番号を入れ直してください。"
            )
            return ""
        return value.removesuffix(".0")

    def whole(self, key: str, low: int, high: int, *, unit: str, default: int | None = None) -> int:
        value = (
            unicodedata.normalize("NFKC", self.raw(key))
            .replace(",", "")
            .replace("円", "")
            .lstrip("¥\\")
            .strip()
        )
        if not value and default is not None:
            return default
        found = _WHOLE.fullmatch(value) if value.isascii() else None
        number = int(found[1][:18]) if found else -1
        if not value:
            self.refuse(key, "入力してください。")
        elif SPOILT_BY_EXCEL.fullmatch(value):
            self.refuse(key, "Excelで桁が失われています。数字を入れ直してください。")
        elif found is None:
            self.refuse(key, "数字（0以上の整数）で入力してください。")
        elif not low <= number <= high:
            self.refuse(key, f"{low:,}〜{high:,}{unit}で入力してください。")
        return number

    def day(self, key: str, latest: date) -> date | None:
        value = unicodedata.normalize("NFKC", self.raw(key))
        if not value:
            return None
        found = _DAY.fullmatch(value)
        try:
            day = date(*(int(part) for part in found.groups() if part is not None)) if found else None
        except ValueError:
            day = None
        if day is None or day.year < 1950:
            self.refuse(key, "日付は「2026/11/28」の形で入力してください。")
        elif day > latest:
            self.refuse(key, "これからの日付です。直してください。")
        return day

    def one_of(self, key: str, kind: type[E], words: Mapping[str, E]) -> E | None:
        """`words`: what may be written, folded."""
        found = words.get(_plain(self.raw(key)))
        if found is None:
            self.refuse(
                key,
                f"{'・'.join(getattr(each, 'label', each.value) for each in kind)}のどれかを入れてください。",
            )
        return found
