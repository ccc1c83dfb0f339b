"""The order API's XML ↔ our records. Pure; the names of its fields are in shared_schemas/yahoo_auction/order_api.json.

An order becomes the same rows of cells that a file's order has, so both are judged by the same rules (order_file.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from recore.channels.base import OrderRecord
from recore.channels.order_api import ChangedOrder, ChangedOrders, UnreadableOrder
from recore.channels.yahoo_auction.order_file import CellProblem, record_of
from recore.platform.clock import from_wire, to_jst
from recore.shared_schemas import load

NO = ("false", "0")
LOOK_THERE = "ストアクリエイターProの注文管理で、この注文の内容を確かめてください。"


def list_request(store_id: str, since: datetime, start: int) -> bytes:
    names = _data()["list"]
    root, search = _request(store_id, "Search")
    _add(search, "Result", str(_data()["page_size"]))
    _add(search, "Start", str(start))
    _add(search, "Sort", "+order_time")
    condition = SubElement(search, "Condition")
    _add(condition, names["condition"]["changed_since"], f"{to_jst(since):%Y%m%d%H%M%S}")
    _add(condition, names["condition"]["auctions"], "true")
    fields = names["fields"]
    _add(
        search,
        "Field",
        ",".join([fields["number"], fields["changed_at"], fields["is_auction"], *fields["status"]]),
    )
    return _written(root)


def order_request(store_id: str, number: str) -> bytes:
    root, target = _request(store_id, "Target")
    _add(target, "OrderId", number)
    wanted = [*_data()["order"].values(), *_data()["items"]["fields"].values()]
    _add(target, "Field", ",".join(dict.fromkeys(wanted)))
    return _written(root)


def _request(store_id: str, kind: str) -> tuple[Element, Element]:
    root = Element("Req")
    asked = SubElement(root, kind)
    _add(root, "SellerId", store_id)
    return root, asked


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _written(root: Element) -> bytes:
    written: bytes = tostring(root, "utf-8", xml_declaration=True)
    return written


def changed_orders(root: Element) -> ChangedOrders:
    """ValueError for an answer that is not what was asked for."""
    search = root.find("Search")
    if search is None:
        raise ValueError("no Search")
    names = _data()["list"]["fields"]
    rows = search.findall("OrderInfo")
    orders = [
        ChangedOrder(
            number=_text(row, names["number"]),
            changed_at=_moment(_text(row, names["changed_at"])),
            status="-".join(_text(row, name) for name in names["status"]),
        )
        for row in rows
        # Only auctions were asked for: a row that does not say so is one that nobody may lose.
        if _text(row, names["is_auction"]).casefold() not in NO
    ]
    if not all(each.number for each in orders):
        raise ValueError("an order without a number")
    return ChangedOrders(int(_text(search, "TotalCount")), len(rows), tuple(orders))


def order_record(root: Element, store_id: str) -> OrderRecord:
    """ValueError for an answer without an order, UnreadableOrder for one whose content makes no sense."""
    info = root.find("Result/OrderInfo")
    if info is None:
        raise ValueError("no OrderInfo")
    own = {field: _found(info, name) for field, name in _data()["order"].items()}
    rows = [own | item for item in _items(info, own)]
    try:
        return record_of(load("yahoo_auction/order_file_current.json"), store_id, rows)
    except CellProblem as bad:
        raise UnreadableOrder(
            "UNREADABLE", f"{_named(bad.field)}：{bad}", item=own["order_number"] or None, remedy=LOOK_THERE
        ) from bad


def _named(field: str) -> str:
    """For staff, and for whoever looks into the API: 「数量（Quantity）」."""
    labels = {
        each["field"]: each["label"] for each in load("yahoo_auction/order_file_current.json")["columns"]
    }
    return f"{labels[field]}（{(_data()['order'] | _data()['items']['fields'])[field]}）"


def _items(info: Element, own: Mapping[str, str]) -> list[dict[str, str]]:
    """The order's auctions. What was taken out of the order has the quantity 0."""
    found = _data()["items"]
    items = [
        {field: _found(item, name) for field, name in found["fields"].items()}
        for item in info.iter(found["element"])
    ]
    if len(items) == 1:  # the order names it too
        items = [{key: value or own.get(key, "") for key, value in items[0].items()}]
    kept = [item for item in items if item["quantity"] != "0"] or items
    if not kept or not all(item["auction_id"] for item in kept):
        what = "オークションIDのない商品があります。" if kept else "商品が1つもありません。"
        raise UnreadableOrder("UNREADABLE", what, item=own["order_number"] or None, remedy=LOOK_THERE)
    return kept


def _moment(text: str) -> datetime | None:
    try:
        return from_wire(text)
    except ValueError:
        return None


def _found(parent: Element, name: str) -> str:
    """Wherever in its groups; an order's own field is never one of an item's."""
    return next((each.text or "" for each in parent.iter(name)), "").strip()


def _text(parent: Element, name: str) -> str:
    return (parent.findtext(name) or "").strip()


def _data() -> dict[str, Any]:
    data: dict[str, Any] = load("yahoo_auction/order_api.json")
    return data
