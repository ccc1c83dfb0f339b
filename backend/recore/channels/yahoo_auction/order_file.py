"""The order file that a store downloads from Yahoo's tool → records. Pure.

Columns are found by the names in shared_schemas/yahoo_auction/order_file_<profile>.json, in whatever order they come. An
order is one row, or one row per item; a まとめて落札 has several auctions and 管理番号 in one cell, a line each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from recore.channels.base import OrderFile, OrderRecord, Recipient, RecordItem, RowProblem
from recore.platform.clock import JST
from recore.platform.errors import Invalid
from recore.platform.tables import Row, Table
from recore.shared_schemas import load

AUCTION_ID = re.compile(r"[a-z][0-9]{1,19}")
ORDER_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,60}")
STATUS_NUMBER = re.compile(r"\d{1,2}")
DIGITS = re.compile(r"([0-9]{1,10})(?:\.0+)?")
EXCEL_TEXT = re.compile(r'="(.*)"', re.S)  # how some tools keep Excel from taking a text for a number
SERIAL = re.compile(r"\d{5}(\.\d+)?")  # a date as Excel counts it, where the column was not formatted as one
COMPACT = re.compile(r"\d{14}")
MOMENT = re.compile(
    r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?[ T]+(\d{1,2})[:時](\d{1,2})(?:[:分](\d{1,2}))?(?:\.\d+)?秒?分?"
)
EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=JST)
MAX_ITEMS = 50
MAX_STATUS = 40
OPEN_IN_EXCEL = "ストアの管理画面からダウンロードし直すか、この欄を直してください。"

Cells = Mapping[str, str]


@dataclass(frozen=True)
class Column:
    field: str
    label: str
    names: tuple[str, ...]
    instead: tuple[str, ...]  # names that mean it only where none of `names` is there
    required: bool


class CellProblem(ValueError):
    """One cell that cannot be read: the field, what is wrong, what to do."""

    def __init__(self, field: str, message: str, remedy: str = OPEN_IN_EXCEL) -> None:
        super().__init__(message)
        self.field, self.message, self.remedy = field, message, remedy


def order_file_columns(profile: str) -> list[tuple[str, str, bool]]:
    return [(each.names[0], each.label, each.required) for each in _columns(profile)]


def read_order_file(profile: str, store_id: str, table: Table) -> OrderFile:
    data = _data(profile)
    where = _match(profile, table.header)
    heading = {field: table.header[index] for field, index in where.items()}
    labels = {each.field: each.label for each in _columns(profile)}
    groups: dict[tuple[str, ...], list[tuple[Row, Cells]]] = {}
    outside: list[int] = []
    for row in table.rows:
        cells = {field: _text(row.cells[index]) for field, index in where.items()}
        if not cells["auction_id"]:
            outside.append(row.number)
            continue
        number = cells.get("order_number")  # without one, each winner of an auction has an order
        order = (number,) if number else (cells["auction_id"], cells.get("buyer_label", ""))
        groups.setdefault(order, []).append((row, cells))
    records, problems = [], []
    for rows in groups.values():
        numbers = tuple(row.number for row, _ in rows)
        try:
            records.append(_record_of_rows(data, store_id, rows))
        except CellProblem as bad:
            problems.append(RowProblem(numbers, heading.get(bad.field, bad.field), bad.message, bad.remedy))
    return OrderFile(
        understood=tuple((table.header[index], labels[field]) for field, index in sorted(where.items(), key=lambda each: each[1])),
        ignored=tuple(name for index, name in enumerate(table.header) if index not in where.values() and name),
        records=tuple(records),
        problems=tuple(problems),
        outside=tuple(outside),
    )  # fmt: skip


def _text(cell: str) -> str:
    text = cell.strip()
    kept = EXCEL_TEXT.fullmatch(text)
    return kept[1].strip() if kept else text


def _data(profile: str) -> dict[str, Any]:
    data: dict[str, Any] = load(f"yahoo_auction/order_file_{profile}.json")
    return data


def _columns(profile: str) -> list[Column]:
    return [
        Column(
            each["field"],
            each["label"],
            tuple(each["names"]),
            tuple(each.get("instead", ())),
            each.get("required", False),
        )
        for each in _data(profile)["columns"]
    ]


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _match(profile: str, header: Sequence[str]) -> dict[str, int]:
    """field → column. Raises Invalid."""
    folded = [_folded(name) for name in header]
    where: dict[str, list[int]] = {}
    for column in _columns(profile):
        for heading in (column.names, column.instead):
            wanted = {_folded(name) for name in heading}
            found = [index for index, name in enumerate(folded) if name in wanted]
            if found:
                where[column.field] = found
                break
    missing = [each for each in _columns(profile) if each.required and each.field not in where]
    if missing:
        names = "、".join(
            each.label if each.label == each.names[0] else f"{each.names[0]}（{each.label}）"
            for each in missing
        )
        raise Invalid(
            "MISSING_COLUMNS",
            f"必要な列がありません：{names}",
            field="file",
            remedy=str(_data(profile)["help"]),
        )
    doubled = [header[found[0]] for found in where.values() if len(found) > 1]
    if doubled:
        raise Invalid(
            "DOUBLE_COLUMNS", f"同じ内容の列が2つ以上あります：{'、'.join(doubled)}", field="file",
            remedy="どちらかの列を消してください。",
        )  # fmt: skip
    return {field: found[0] for field, found in where.items()}


# --- one order ---------------------------------------------------------------------------------------------------


def _record_of_rows(data: dict[str, Any], store_id: str, rows: Sequence[tuple[Row, Cells]]) -> OrderRecord:
    if not all(row.is_whole for row, _ in rows):
        raise CellProblem(
            "行", "見出しより多くの列があります。", "カンマや引用符で列がずれていないか確かめてください。"
        )
    alone = [row.cells for row, cells in rows if len(_lines(cells, "auction_id")) == 1]
    if len(set(alone)) < len(alone):
        raise CellProblem(
            "行",
            "同じ行が2つ以上あります。",
            "数量がその数だけあるのか、行が重なっただけかを確かめて、1行にしてください。",
        )
    numbers = tuple(row.number for row, _ in rows)
    return replace(record_of(data, store_id, [cells for _, cells in rows]), rows=numbers)


def record_of(data: dict[str, Any], store_id: str, rows: Sequence[Cells]) -> OrderRecord:
    """One order of one or several rows of field → text; `data` says how its status reads. Raises CellProblem."""
    cells = rows[0]
    number = _order_number(cells)
    statuses = {_status(data, each) for each in rows}
    if len(statuses) > 1:
        raise CellProblem(data["status"][0], "同じ注文の行で、ステータスが食い違っています。")
    items: dict[str, RecordItem] = {}
    more: list[str] = []
    totals: list[int] = []
    for each in rows:
        found, numbers, total = _items(each)
        items |= {item.auction_id: _with_units_of(items.get(item.auction_id), item, found) for item in found}
        more += numbers
        totals += [total] if total is not None else []
    if len(items) > MAX_ITEMS:
        raise CellProblem("auction_id", f"1つの注文に{MAX_ITEMS}を超える商品があります。")
    priced = [item.unit_price * item.quantity for item in items.values() if item.unit_price is not None]
    if totals and len(rows) > 1:  # one row with a sum and others beside it: the sum of all
        items = {key: replace(item, unit_price=None) for key, item in items.items()}
    return OrderRecord(
        rows=(),
        order_number=number or None,
        other_numbers=_other_numbers(number, store_id),
        status=statuses.pop(),
        ordered_at=_moment(cells, "ordered_at"),
        updated_at=_moment(cells, "updated_at") if cells.get("updated_at") else None,
        items=tuple(items.values()),
        more_numbers=tuple(more),
        items_total=sum(totals) + sum(priced) if totals else None,
        buyer_label=cells.get("buyer_label", "")[:120],
        recipient=_recipient(cells),
        shipping_method=_told(cells, "shipping_method"),
        payment_method=_told(cells, "payment_method"),
        shipping_fee=_yen(cells, "shipping_fee") if cells.get("shipping_fee") else None,
        total=_yen(cells, "total") if cells.get("total") else None,
        message=_told(cells, "message"),
    )


def _with_units_of(before: RecordItem | None, item: RecordItem, row: Sequence[RecordItem]) -> RecordItem:
    """An auction in several rows of its own has the units of all of them; a bundle's row only names it once more."""
    if before is None or len(row) > 1 or None in (before.unit_price, item.unit_price):
        return item
    if before.unit_price != item.unit_price:
        raise CellProblem("unit_price", "同じオークションIDの行で、金額が食い違っています。")
    return replace(item, quantity=before.quantity + item.quantity)


def _status(data: dict[str, Any], cells: Cells) -> str:
    """The word that `YahooPages.order_state` reads: the classic one as it is, the current three as 「2-1-1」."""
    parts = []
    for field in data["status"]:
        value = unicodedata.normalize("NFKC", cells[field]) if data["values"] else cells[field]
        if not value:
            raise CellProblem(field, "ステータスが空です。")
        word = data["values"].get(field, {}).get(value, value)
        if len(word) > MAX_STATUS or (data["values"] and not STATUS_NUMBER.fullmatch(word)):
            raise CellProblem(field, "ステータスとして読めません。")
        parts.append(word)
    later = data["pay_later"]
    pays_later = later is not None and any(
        cells.get(field, "") in later[field] for field in ("payment_type", "payment_code", "payment_method")
    )
    return "-".join(parts) + ("-後払い" if pays_later else "")


def _items(cells: Cells) -> tuple[list[RecordItem], list[str], int | None]:
    """(the auctions of a row, 管理番号 beyond them, the sum where the row has one price for several auctions)."""
    auctions = [unicodedata.normalize("NFKC", each).lower() for each in _lines(cells, "auction_id")]
    if not all(AUCTION_ID.fullmatch(each) for each in auctions):
        raise CellProblem("auction_id", "オークションIDの形ではありません（英字1文字と数字）。")
    if len(set(auctions)) != len(auctions):
        raise CellProblem("auction_id", "同じオークションIDが2回書かれています。")
    count = len(auctions)
    numbers = _lines(cells, "management_number")
    if any(len(each) > 60 for each in numbers) or len(numbers) > MAX_ITEMS:
        raise CellProblem("management_number", "管理番号が長すぎるか、多すぎます。")
    paired = numbers if len(numbers) == count else []
    more = numbers if not paired and count == 1 else []
    titles = _lines(cells, "title")
    prices = [_number("unit_price", each) for each in _lines(cells, "unit_price")]
    if len(prices) not in (1, count):
        raise CellProblem("unit_price", "金額の数が、オークションIDの数と合いません。")
    quantities = [_number("quantity", each) for each in _lines(cells, "quantity")] or [1]
    if len(quantities) == 1 and quantities[0] in (1, count):
        quantities = [1] * count if count > 1 else quantities
    if len(quantities) != count:
        raise CellProblem("quantity", "どのオークションIDがいくつなのか、分かりません。")
    if not all(0 < each <= 999 for each in quantities):
        raise CellProblem("quantity", "数量は1以上の整数です。")
    only_sum = (count > 1 or bool(more)) and len(prices) == 1
    items = [
        RecordItem(
            auction,
            paired[index] if paired else None,
            (titles[index] if len(titles) == count else " ".join(titles))[:500],
            quantities[index],
            None if only_sum else prices[index],
        )
        for index, auction in enumerate(auctions)
    ]
    return items, more, prices[0] if only_sum else None


def _lines(cells: Cells, field: str) -> list[str]:
    return [line.strip() for line in cells.get(field, "").splitlines() if line.strip()]


def _order_number(cells: Cells) -> str:
    number = cells.get("order_number", "")
    if number and not ORDER_NUMBER.fullmatch(number):
        raise CellProblem("order_number", "注文IDの形ではありません（英数字とハイフン）。")
    return number


def _other_numbers(number: str, store_id: str) -> tuple[str, ...]:
    """「mystore-10000001」 in the API is 10000001 in a file that was seen (B): one order."""
    if not number:
        return ()
    prefix = f"{store_id}-"
    return (number.removeprefix(prefix) if number.startswith(prefix) else prefix + number,)


def _told(cells: Cells, field: str) -> str | None:
    return cells.get(field) or None


def _yen(cells: Cells, field: str) -> int:
    return _number(field, cells[field])


def _number(field: str, text: str) -> int:
    """「1,200円」, 「￥1,200」, 「\\1,200」 as CP932 writes it, 「1200.00」."""
    plain = re.sub(r"[,円¥\\]", "", unicodedata.normalize("NFKC", text)).strip()
    found = DIGITS.fullmatch(plain)
    if found is None:
        raise CellProblem(field, "数字ではありません。")
    return int(found[1])


def _moment(cells: Cells, field: str) -> datetime:
    """「2026-9-17 10:02」, 「2026/09/17 10:02:13」, 20121221231350, ISO 8601, or a date as Excel counts it; JST unless it says."""
    text = unicodedata.normalize("NFKC", cells[field])
    try:
        if COMPACT.fullmatch(text):
            moment = datetime.strptime(text, "%Y%m%d%H%M%S")
        elif SERIAL.fullmatch(text):
            moment = EXCEL_EPOCH + timedelta(seconds=round(float(text) * 86_400))
        elif found := MOMENT.fullmatch(text):
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            moment = datetime(year, month, day, hour, minute, second)
        else:
            moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CellProblem(field, "日時として読めません。") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=JST)).astimezone(UTC)


def _recipient(cells: Cells) -> Recipient | None:
    """None where the file names nobody. An address without its street is none: nothing could be sent there."""
    parts = [cells.get(field, "") for field in ("prefecture", "city", "address1")]
    building = cells.get("address2", "")
    address = (
        "".join(parts) + (f" {building}" if building else "")
        if parts[2] or building
        else cells.get("address", "")
    )
    found = Recipient(
        name=_told(cells, "name") or _joined(cells, "last_name", "first_name"),
        kana=_told(cells, "kana") or _joined(cells, "last_kana", "first_kana"),
        postal_code=_postal_code(cells.get("postal_code", "")),
        address=" ".join(address.split()) or None,
        phone=_phone(cells.get("phone", "")),
    )
    return found if any((found.name, found.postal_code, found.address, found.phone)) else None


def _joined(cells: Cells, *fields: str) -> str | None:
    return " ".join(cells[field] for field in fields if cells.get(field)) or None


def _postal_code(text: str) -> str | None:
    """Excel takes the leading zeros of 0600001 away; a postcode has seven digits."""
    return text.zfill(7) if text.isdecimal() and 4 < len(text) < 7 else text or None


def _phone(text: str) -> str | None:
    """The same of 9012345678: numbers in Japan begin with 0."""
    return f"0{text}" if text.isdecimal() and len(text) in (9, 10) and text[0] != "0" else text or None
