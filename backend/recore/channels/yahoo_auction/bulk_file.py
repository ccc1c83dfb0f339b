"""The file of 一括アップロード: a zip with one CP932 CSV and the photos, flat (yahoo.md, "The file"; R15)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from zipstream import ZIP_STORED, ZipStream

from recore.channels.base import FileItem, FilePhoto
from recore.channels.form_checks import NONE
from recore.channels.yahoo_auction.description import as_sent
from recore.platform.text_ja import encode_cp932
from recore.shared_schemas import load

CHUNK = 1024 * 1024


def photo_name(row: int, number: int) -> str:
    """`item00001_01.jpg`: row and number count from 1."""
    return f"item{row:05d}_{number:02d}.jpg"


def csv_bytes(profile: str, items: Sequence[FileItem]) -> bytes:
    """The whole CSV with its header. UnicodeEncodeError for a character that validation should have refused."""
    columns = load(f"yahoo_auction/file_{profile}.json")["columns"]
    sheet = io.BytesIO()
    writer = csv.writer(_Cp932(sheet), lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow([column["name"] for column in columns])
    same = [str(column.get("constant", "")) for column in columns]
    own = [(at, column) for at, column in enumerate(columns) if "field" in column or "image" in column]
    most = load("yahoo_auction/limits.json")["images"]["value"]
    form = load(f"yahoo_auction/form_{profile}.json")["fields"]
    may_be_none = {field["key"] for field in form if field["kind"] == "yen_or_none"}
    for row, item in enumerate(items, 1):
        values = {key: value for key, value in item.values.items() if value != NONE or key not in may_be_none}
        cells = same.copy()
        for at, column in own:
            cells[at] = (
                _image(column["image"], row, item, most) if "image" in column else _cell(column, values)
            )
        writer.writerow(cells)
    return sheet.getvalue()


class _Cp932:
    """A text file for the csv writer: each row is encoded on its own, so the sheet is never held as text (B3)."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target

    def write(self, text: str) -> int:
        return self._target.write(encode_cp932(text))


def _image(number: int, row: int, item: FileItem, most: int) -> str:
    return photo_name(row, number) if number <= min(len(item.photos), most) else ""


def _cell(column: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    value = values.get(column["field"])
    if value is None:
        return ""
    text = "_".join(value) if isinstance(value, list) else str(value)
    if column["field"] == "description":
        text = as_sent(text)
    if "\n" in text or "\r" in text:
        raise ValueError(f"line break in {column['name']}")
    return text


def write_zip(
    profile: str, items: Sequence[FileItem], *, progress: Callable[[int], None] = lambda done: None
) -> Iterator[bytes]:
    """The zip as chunks: photos are read while the chunks are taken, so memory stays flat. The zip carries the time of
    packing: make it once, store it, serve the stored file.

    `progress(n)` is called when the n-th item's photos have been packed.
    """
    most = load("yahoo_auction/limits.json")["images"]["value"]
    file_format = load(f"yahoo_auction/file_{profile}.json")
    packed = ZipStream(compress_type=ZIP_STORED)
    packed.add(csv_bytes(profile, items), file_format["csv_name"])
    yield from packed.all_files()
    for row, item in enumerate(items, 1):
        for number, photo in enumerate(item.photos[:most], 1):
            packed.add(_chunks_of(photo), photo_name(row, number), size=photo.size_bytes)
            yield from packed.all_files()
        progress(row)
    yield from packed.finalize()


def _chunks_of(photo: FilePhoto) -> Iterator[bytes]:
    with photo.open() as file:
        while chunk := file.read(CHUNK):
            yield chunk


def file_name(at: datetime, number: int, part: int) -> str:
    """Half-width letters and digits only, unique per batch number: `yahoo20261123093000n12p1.zip` (`at` in JST)."""
    return f"yahoo{at:%Y%m%d%H%M%S}n{number}p{part}.zip"
