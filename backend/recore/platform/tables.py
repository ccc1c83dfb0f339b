"""Tables that people upload: CSV (UTF-8 or CP932) and Excel, as rows of text.

Nothing in a cell is executed or guessed: a formula is the text that somebody typed, a number is its digits.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from recore.platform.errors import Invalid

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5_000
LINES_PER_ROW = 4  # with the empty ones, of which a few bytes of Excel can state millions
MAX_COLUMNS = 300
MAX_CELL = 20_000
MAX_UNPACKED = 30 * 1024 * 1024  # what an Excel file may hold once it is unpacked
MAX_MEMBERS = 500
ZIP_MAGIC, OLD_EXCEL_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
NOT_A_TABLE = (  # the first bytes of files that are taken for one by mistake
    (
        re.compile(
            rb"\xff\xd8\xff|\x89PNG|GIF8|BM.{4}\0{4}|RIFF.{4}WEBP|.{4}ftyp(?:heic|heix|mif1|avif)", re.S
        ),
        "画像",
    ),
    (re.compile(rb"%PDF-"), "PDF"),
    (re.compile(rb".{4}ftyp", re.S), "動画"),
)
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
SPLIT = "期間を短くするなどして、ファイルを分けてください。"
SAVE_AS_CSV = "Excelなどで「CSV UTF-8」として保存し直してください。"


@dataclass(frozen=True)
class Row:
    """`number` as Excel shows it (the header is row 1). `is_whole`: it has no more cells than the header."""

    number: int
    cells: tuple[str, ...]
    is_whole: bool = True


@dataclass(frozen=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(body: bytes, *, max_bytes: int = MAX_BYTES, max_rows: int = MAX_ROWS) -> Table:
    """The first sheet that is not hidden, or the whole CSV; empty rows are left out.

    Raises Invalid EMPTY_FILE, NOT_A_TABLE, TOO_LARGE, TOO_MANY_ROWS, TOO_MANY_COLUMNS, OLD_EXCEL, BAD_EXCEL, ENCODING or
    BAD_CSV.
    """
    what = next((word for magic, word in NOT_A_TABLE if magic.match(body)), None)
    if what is not None:
        raise Invalid(
            "NOT_A_TABLE", f"{what}のファイルです。CSVでもExcelでもありません。", field="file",
            remedy="CSVかExcel（.xlsx）のファイルを選んでください。",
        )  # fmt: skip
    if len(body) > max_bytes:
        raise _too_large(f"ファイルが{max_bytes // 1024 // 1024}MBを超えています。")
    if body.startswith(OLD_EXCEL_MAGIC):
        raise Invalid(
            "OLD_EXCEL", "古い形式のExcelファイル（.xls）か、パスワードの付いたファイルです。", field="file",
            remedy=SAVE_AS_CSV,
        )  # fmt: skip
    return _table(_excel(body) if body.startswith(ZIP_MAGIC) else _csv(_decoded(body)), max_rows)


def _table(lines: Iterable[Sequence[str]], max_rows: int) -> Table:
    numbered = enumerate(lines, 1)
    header = next((cells for _, cells in numbered if any(cell.strip() for cell in cells)), None)
    if header is None:
        raise Invalid(
            "EMPTY_FILE",
            "ファイルに何も書かれていません。",
            field="file",
            remedy="別のファイルを選んでください。",
        )
    names = tuple(_without_empty_tail([cell.strip() for cell in header]))
    rows: list[Row] = []
    for number, cells in numbered:
        if not any(cell.strip() for cell in cells) and number <= LINES_PER_ROW * max_rows:
            continue
        if len(rows) == max_rows or number > LINES_PER_ROW * max_rows:
            raise Invalid("TOO_MANY_ROWS", f"{max_rows:,}行を超えています。", field="file", remedy=SPLIT)
        kept = _without_empty_tail(cells)
        padded = (*kept[: len(names)], *[""] * (len(names) - len(kept)))
        rows.append(Row(number, padded, len(kept) <= len(names)))
    return Table(names, tuple(rows))


def _without_empty_tail(cells: Sequence[str]) -> Sequence[str]:
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _too_large(message: str) -> Invalid:
    return Invalid("TOO_LARGE", message, field="file", remedy=SPLIT)


# --- CSV ---------------------------------------------------------------------------------------------------------


def _decoded(body: bytes) -> str:
    """UTF-8 (with or without BOM) where it is valid, else CP932: a text in CP932 is practically never valid UTF-8.

    What is Japanese in UTF-8 up to a broken place is not CP932, even where that could be read: its names would be others.
    """
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8-sig" and JAPANESE.search(body[: error.start].decode("utf-8", "ignore")):
                raise Invalid(
                    "ENCODING",
                    "ファイルの途中の文字がこわれています。",
                    field="file",
                    remedy="ダウンロードし直したファイルを選んでください。",
                ) from error
            continue
        if "\0" not in text:
            return text
    raise Invalid(
        "ENCODING",
        "文字コードを読み取れません（UTF-8でもShift_JISでもありません）。",
        field="file",
        remedy=SAVE_AS_CSV,
    )


def _csv(text: str) -> Iterator[Sequence[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # csv.field_size_limit holds for the whole process, whoever set it
            if "field limit" in str(error):
                raise _too_large("ファイルに長すぎる項目があります。") from error
            raise Invalid(
                "BAD_CSV", f"ファイルの{reader.line_num}行目あたりで、引用符（\"）の対応がくずれています。", field="file",
                remedy="ダウンロードし直したファイルを選んでください。",
            ) from error  # fmt: skip
        yield _checked(cells)


def _checked(cells: Sequence[str]) -> Sequence[str]:
    if len(_without_empty_tail(cells)) > MAX_COLUMNS:
        raise Invalid(
            "TOO_MANY_COLUMNS", f"列が{MAX_COLUMNS}を超えています。", field="file", remedy=SAVE_AS_CSV
        )
    if any(len(cell) > MAX_CELL for cell in cells):
        raise _too_large(f"{MAX_CELL:,}文字を超えるセルがあります。")
    return cells


# --- Excel -------------------------------------------------------------------------------------------------------


def _excel(body: bytes) -> Iterator[Sequence[str]]:
    """openpyxl reads XML through defusedxml, which refuses entities; it follows no link and computes no formula."""
    _check_unpacked(body)
    try:
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=False, keep_links=False)
        sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), book.worksheets[0])
        sheet.reset_dimensions()  # what the file says of its size is not believed
        for cells in sheet.iter_rows(values_only=True):
            yield _checked([_text(cell) for cell in cells])
    except Invalid:
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise Invalid(
            "BAD_EXCEL",
            "Excelファイルを読み取れません。壊れているか、Excelの形式ではありません。",
            field="file",
            remedy=SAVE_AS_CSV,
        ) from error


def _check_unpacked(body: bytes) -> None:
    """A small file can unpack into gigabytes; zipfile reads no member beyond the size that it states."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise Invalid(
            "BAD_EXCEL", "Excelファイルが壊れています。", field="file", remedy=SAVE_AS_CSV
        ) from error
    if len(members) > MAX_MEMBERS or sum(each.file_size for each in members) > MAX_UNPACKED:
        raise _too_large("Excelファイルの中身が大きすぎます。")


def _text(cell: Any) -> str:
    """10004866.0 is the number 10004866; a date is written as ISO 8601."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    return str(cell).replace("\0", "")


# --- writing -----------------------------------------------------------------------------------------------------


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with BOM and CRLF, which Excel opens as it is; cells exactly as they came."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig")


Cell = str | int | date
_FORMULA = re.compile(r"[=+\-@\t\r]")  # how a text begins that a spreadsheet would run


def write_spreadsheet_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """As `write_csv`, for people who open it in Excel: a text that would be run as a formula gets an apostrophe before it.

    A number is a number, also below zero; a day is `2026/11/28`.
    """
    return write_csv(header, ([_harmless(cell) for cell in cells] for cells in rows))


def _harmless(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.strftime("%Y/%m/%d")
    if isinstance(cell, str) and _FORMULA.match(cell):
        return f"'{cell}"
    return str(cell)


Sheet = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
"""(title, header, rows)"""


def write_excel(
    title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], *more: Sheet, is_form: bool = False
) -> bytes:
    """Sheets with a frozen header; texts are texts whatever they look like.

    `is_form`: for people to fill in; what they type is a text as well, so that leading zeros stay.
    """
    book = Workbook(write_only=True)
    for name, heads, lines in ((title, header, rows), *more):
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        if is_form:
            _take_text(sheet, heads)
        for cells in chain([heads], lines):
            sheet.append([_excel_cell(sheet, cell) for cell in cells])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _take_text(sheet: Any, header: Sequence[str]) -> None:
    for at, name in enumerate(header, 1):
        column = sheet.column_dimensions[get_column_letter(at)]
        column.width, column.number_format = max(12, min(40, 2 * len(name) + 4)), "@"


def _excel_cell(sheet: Any, value: Cell) -> WriteOnlyCell:
    if not isinstance(value, str):
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, date):
            cell.number_format = "yyyy/mm/dd"
        return cell
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.number_format = "@"
    cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    return cell
