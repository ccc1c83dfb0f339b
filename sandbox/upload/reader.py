"""Opening the file: a bare CSV or a zip with one, images beside it; CP932, CRLF, the columns of the store's tool."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
UNPACKED_TIMES = 4  # a zip may unpack to this many times the size limit, not more
WRONG_ENCODING = "文字コードが正しくありません。Shift_JIS（BOMなし）で保存してください。"
csv.field_size_limit(2**24)


class FileRefused(Exception):
    """The whole file is refused; the text is for the shop."""


@dataclass(frozen=True)
class Sheet:
    """Rows with the line each begins on (the header is line 1), and the zip's images by file name."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    images: dict[str, bytes]


@cache
def header(form: str) -> list[str]:
    """The columns of `classic` (99) or `serinavi` (53), one per line in the file beside."""
    return (Path(__file__).parent / f"{form}_header.txt").read_text("utf-8").splitlines()


def open_file(file_name: str, data: bytes, form: str, *, max_rows: int, max_bytes: int) -> Sheet:
    """Raises FileRefused."""
    if len(data) > max_bytes:
        raise FileRefused(f"ファイルサイズが上限（{max_bytes // 2**20}MB）を超えています。")
    if file_name.lower().endswith(".zip"):
        if not re.fullmatch(r"[0-9A-Za-z]+\.zip", file_name, re.IGNORECASE):
            raise FileRefused("ZIPファイル名には半角英数字だけを使ってください。")
        text, images = _unpack(data, max_bytes * UNPACKED_TIMES)
    elif file_name.lower().endswith(".csv"):
        text, images = data, {}
    else:
        raise FileRefused("CSVファイルかZIPファイルを選んでください。")
    records = list(_records(text))
    if not records or records[0][1] != header(form):
        raise FileRefused("1行目の項目名が正しくありません。")
    rows = records[1:]
    if not rows:
        raise FileRefused("商品がありません。")
    if len(rows) > max_rows:
        raise FileRefused(f"一度に登録できるのは{max_rows}件までです。")
    return Sheet(header(form), rows, images)


def _unpack(data: bytes, most: int) -> tuple[bytes, dict[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_names(archive.namelist())
            if sum(entry.file_size for entry in archive.infolist()) > most:
                raise FileRefused("ZIPファイルの中身が大きすぎます。")
            files = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileRefused("ZIPファイルを開けません。") from error
    sheets = [name for name in files if name.lower().endswith(".csv")]
    if len(sheets) != 1:
        raise FileRefused("ZIPファイルにはCSVファイルを1つだけ入れてください。")
    return files.pop(sheets[0]), files


def _check_names(names: list[str]) -> None:
    if any(PurePosixPath(name).name != name or "\\" in name or name == ".." for name in names):
        raise FileRefused("ZIPファイルの中にフォルダを作らないでください。")
    if len(set(names)) != len(names):
        raise FileRefused("ZIPファイルの中に同じ名前のファイルがあります。")


def _records(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Split at CRLF only: a lone line feed between rows is an error of the file, one in a cell an error of the row."""
    lines = _decoded(data).split("\r\n")
    if lines[-1] == "":
        lines.pop()
    reader = csv.reader((line + "\r\n" for line in lines), strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        reason = 'CSVの形式が正しくありません。改行コードはCRLF、引用符は「"」にしてください。'
        raise FileRefused(f"{begins}行目：{reason}") from error


def _decoded(data: bytes) -> str:
    """The headings in UTF-8 are no CP932 text, so UTF-8 never gets past this."""
    if data.startswith(BYTE_ORDER_MARKS):
        raise FileRefused(WRONG_ENCODING)
    try:
        return data.decode("cp932")
    except UnicodeDecodeError as error:
        raise FileRefused(WRONG_ENCODING) from error
