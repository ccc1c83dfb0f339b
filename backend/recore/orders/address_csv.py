"""宛先CSV (labels.md, "generic"): one row per order, for any label software. Pure.

Nothing is altered on the way out: leading zeros stay and no cell is "protected" against spreadsheets, because the
carrier's software would print the protection (yahoo.md).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from enum import StrEnum

from recore.orders.rules import Buyer
from recore.platform.clock import to_jst
from recore.platform.text_ja import encode_cp932, unencodable

HEADER = (
    "受注番号", "マーケットプレイス", "ITコード", "管理番号", "お届け先名", "お届け先名カナ", "郵便番号", "都道府県", "市区町村",
    "住所1", "住所2", "電話番号", "商品名", "数量", "金額", "注文日時",
)  # fmt: skip


class Encoding(StrEnum):
    """`CP932` is what most label software reads; `UTF8` has a BOM, for Excel."""

    CP932 = "cp932"
    UTF8 = "utf-8"

    @property
    def label(self) -> str:
        return {"cp932": "Shift_JIS（CP932）", "utf-8": "UTF-8（BOM付き）"}[self.value]


@dataclass(frozen=True)
class AddressRow:
    """One order to send. `amount` in yen with shipping; several IT codes and 管理番号 are joined by a space."""

    number: str
    marketplace: str
    it_codes: Sequence[str]
    management_numbers: Sequence[str]
    buyer: Buyer
    items: Sequence[str]
    quantity: int
    amount: int
    ordered_at: datetime


@dataclass(frozen=True)
class Address:
    """A Japanese address in the parts that label software wants; joined they are the address again."""

    prefecture: str
    city: str
    street: str
    building: str


# The municipality at the head of an address: 郡 with 町村, 市 with a ward, a ward, 市, 町村. A heuristic: a wrong cut moves
# characters to the next column, none is lost. (四日市市 ends in two 市; 蒲郡市, 大和郡山市 are no 郡.)
_CITY = re.compile(
    r".{1,4}?郡(?!市|山市).{1,5}?[町村]|.{1,5}?市+.{1,3}?区|.{1,4}?区|.{2,6}?市+|.{2,6}?[町村]"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def split_address(address: str, prefectures: Sequence[str]) -> Address:
    """「東京都千代田区1-1 リユースビル3F」 → 東京都, 千代田区, 1-1, リユースビル3F (what follows the first space).

    A part that is not recognised stays empty and its text goes to the next one: nothing is lost or guessed.
    """
    text = address.strip()
    prefecture = next((each for each in prefectures if text.startswith(each)), "")
    rest = text.removeprefix(prefecture).strip()
    found = _CITY.match(rest) if prefecture else None
    city = found[0] if found else ""
    street, _, building = rest.removeprefix(city).strip().replace("\u3000", " ", 1).partition(" ")
    return Address(prefecture, city, street, building.strip())


def cells_of(row: AddressRow, prefectures: Sequence[str]) -> tuple[str, ...]:
    """The cells of one order, in the order of HEADER. A line break inside a value becomes a space."""
    address = split_address(row.buyer.address or "", prefectures)
    cells = (
        row.number, row.marketplace, " ".join(row.it_codes), " ".join(row.management_numbers), row.buyer.name or "",
        row.buyer.kana or "", row.buyer.postal_code or "", *astuple(address), row.buyer.phone or "",
        " / ".join(row.items), str(row.quantity), str(row.amount), to_jst(row.ordered_at).strftime("%Y/%m/%d %H:%M"),
    )  # fmt: skip
    return tuple(_CONTROL.sub(" ", unicodedata.normalize("NFC", cell)) for cell in cells)


def unencodable_cells(cells: Sequence[str]) -> list[str]:
    """What CP932 cannot carry, for staff: 「お届け先名」の「𠮷」（「吉」に置き換えられます）."""
    found = []
    for label, cell in zip(HEADER, cells, strict=True):
        for each in unencodable(cell):
            hint = f"（「{each.suggestion}」に置き換えられます）" if each.suggestion else ""
            found.append(f"「{label}」の「{each.character}」{hint}")
    return found


def write(rows: Sequence[Sequence[str]], encoding: Encoding) -> bytes:
    """The file: header, CRLF, quotes only where needed. UnicodeEncodeError for what `unencodable_cells` names."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    text = buffer.getvalue()
    return encode_cp932(text) if encoding is Encoding.CP932 else text.encode("utf-8-sig")
