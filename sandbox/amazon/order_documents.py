"""An order as the Orders API tells it: which parts there are depends on its state, on who ships, and on what is asked for."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta
from typing import Any

from sandbox.amazon.books import MARKETPLACE, iso
from sandbox.amazon.orders import CANCELLED, PENDING, Order, open_units
from sandbox.market.books import moment

# data set → the parts of the order and of each item that come only with it
PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "BUYER": (("buyer",), ()),
    "RECIPIENT": (("recipient",), ()),
    "PROCEEDS": (("proceeds",), ("proceeds",)),
    "EXPENSE": ((), ("expense",)),
    "PROMOTION": ((), ("promotion",)),
    "CANCELLATION": ((), ("cancellation",)),
    "FULFILLMENT": (("fulfillment",), ("fulfillment",)),
    "PACKAGES": (("packages",), ()),
    "TAX": (("tax",), ("tax",)),
    "PAYMENT": (("payment",), ()),
    "FULFILLMENT_ORDERS": (("fulfillmentOrders",), ()),
}
CONDITIONS = {
    "new_new": ("NEW", "NEW"), "used_like_new": ("USED", "MINT"), "used_very_good": ("USED", "VERY_GOOD"),
    "used_good": ("USED", "GOOD"), "used_acceptable": ("USED", "ACCEPTABLE"),
}  # fmt: skip
WITHOUT_MONEY = ("PENDING_AVAILABILITY", PENDING, CANCELLED)
SHIP_DAYS, DELIVERY_DAYS = 2, 5


def document(order: Order, now: datetime, *, mask_names: bool = True) -> dict[str, Any]:
    """Everything, before `included` takes away what nobody asked for."""
    found: dict[str, Any] = (
        copy.deepcopy(order["document"]) if "document" in order else _written(order, now, mask_names)
    )
    for pointer in order.get("drop", []):
        _drop(found, pointer.strip("/").split("/"))
    changed: dict[str, Any] = _merged(found, order.get("put", {}))
    return changed


def included(full: dict[str, Any], sets: list[str]) -> dict[str, Any]:
    left_out = [PARTS[name] for name in PARTS if name not in sets]
    for of_order, of_item in left_out:
        for name in of_order:
            full.pop(name, None)
        for item in full.get("orderItems", []):
            for name in of_item:
                item.pop(name, None)
    return full


def _written(order: Order, now: datetime, mask_names: bool) -> dict[str, Any]:
    is_known = order["status"] not in WITHOUT_MONEY
    written: dict[str, Any] = {
        "orderId": order["id"], "createdTime": iso(order["created_at"]), "lastUpdatedTime": iso(order["updated_at"]),
        "programs": ["PRIME"] if order["fulfilled_by"] == "AMAZON" else [],
        "salesChannel": {
            "channelName": "AMAZON", "marketplaceId": MARKETPLACE, "marketplaceName": "Amazon.co.jp",
        },
        "fulfillment": _fulfillment(order, is_known),
        "orderItems": [_item(order, line, is_known) for line in order["lines"]],
    }  # fmt: skip
    if is_known:
        total = _total(order)
        written["proceeds"] = {
            "grandTotal": _yen(total),
            "breakdowns": _breakdowns(total - order["shipping"], order),
        }
        written["payment"] = {
            "paymentExecutions": [{"paymentMethod": order["payment"], "paymentAmount": _yen(total)}]
        }
    if is_known and order["fulfilled_by"] == "MERCHANT":
        written["buyer"] = _buyer(order, mask_names)
        written["recipient"] = {"deliveryAddress": _address(order, now)}
        written["packages"] = [_package(order, number) for number in range(len(order["packages"]))]
    return written


def _fulfillment(order: Order, is_known: bool) -> dict[str, Any]:
    told = {
        "fulfillmentStatus": order["status"], "fulfilledBy": order["fulfilled_by"],
        "fulfillmentServiceLevel": "STANDARD",
    }  # fmt: skip
    if not is_known:
        return told
    begin = moment(order["created_at"])
    return told | {
        "shipByWindow": _window(begin, begin + timedelta(days=SHIP_DAYS)),
        "deliverByWindow": _window(begin + timedelta(days=1), begin + timedelta(days=DELIVERY_DAYS)),
    }


def _item(order: Order, line: dict[str, Any], is_known: bool) -> dict[str, Any]:
    kind, subtype = CONDITIONS[line["condition"]]
    condition = {"conditionType": kind, "conditionSubtype": subtype, "conditionNote": line["note"] or ""}
    product = {"asin": line["asin"], "title": line["title"], "sellerSku": line["sku"], "condition": condition}
    item: dict[str, Any] = {
        "orderItemId": line["item_id"], "quantityOrdered": line["quantity"], "product": product,
        "fulfillment": {"quantityFulfilled": line["shipped"], "quantityUnfulfilled": open_units(line)},
    }  # fmt: skip
    if is_known:
        amount = line["price"] * line["quantity"]
        product["price"] = {"unitPrice": _yen(line["price"])}
        item["proceeds"] = {
            "proceedsTotal": _yen(amount),
            "breakdowns": [{"type": "ITEM", "subtotal": _yen(amount)}],
        }
        if order["points"]:
            granted = {"pointsNumber": order["points"], "pointsMonetaryValue": _yen(order["points"])}
            item["expense"] = {"pointsCost": {"pointsGranted": granted}}
    cancellation = {
        name: line[key]
        for name, key in (("cancellationRequest", "request"), ("cancellationExecution", "cancelled"))
        if key in line
    }
    return item | ({"cancellation": cancellation} if cancellation else {})


def _buyer(order: Order, mask_names: bool) -> dict[str, Any]:
    name = order["buyer"]["name"]
    return {
        "buyerName": f"{name[0]}****" if mask_names else name,
        "buyerEmail": f"{order['id'].replace('-', '')[-10:]}@marketplace.amazon.co.jp",
    }


def _address(order: Order, now: datetime) -> dict[str, Any]:
    """The telephone number goes when a shipped order is past its last delivery date."""
    address: dict[str, Any] = {"countryCode": "JP", "addressType": "RESIDENTIAL"} | order["buyer"]
    is_late = now > moment(order["created_at"]) + timedelta(days=DELIVERY_DAYS)
    if order["status"] == "SHIPPED" and is_late:
        address.pop("phone", None)
    return address


def _package(order: Order, place: int) -> dict[str, Any]:
    package = order["packages"][place]
    return {
        "packageReferenceId": package["reference"], "createdTime": iso(package["created_at"]),
        "packageStatus": {"status": package["status"]}, "carrier": package["carrier"],
        "shipTime": iso(package["ship_time"]), "trackingNumber": package["tracking_number"],
        **({"shippingService": package["service"]} if package.get("service") else {}),
        "packageItems": [
            {"orderItemId": item, "quantity": quantity} for item, quantity in package["items"].items()
        ],
    }  # fmt: skip


def _total(order: Order) -> int:
    """A cancelled line brings only what was shipped of it before."""
    units = ((line["price"], line["shipped"] + open_units(line)) for line in order["lines"])
    return int(sum(price * count for price, count in units) + order["shipping"])


def _breakdowns(goods: int, order: Order) -> list[dict[str, Any]]:
    shipping = [{"type": "SHIPPING", "subtotal": _yen(order["shipping"])}] if order["shipping"] else []
    return [{"type": "ITEM", "subtotal": _yen(goods)}, *shipping]


def _yen(amount: int) -> dict[str, str]:
    return {"amount": str(amount), "currencyCode": "JPY"}


def _window(earliest: datetime, latest: datetime) -> dict[str, str]:
    return {"earliestDateTime": iso(earliest), "latestDateTime": iso(latest)}


def _drop(place: Any, names: list[str]) -> None:
    """What is not there need not be taken away."""
    for name in names[:-1]:
        place = _step(place, name)
    if isinstance(place, dict):
        place.pop(names[-1], None)
    elif isinstance(place, list) and names[-1].isdigit() and int(names[-1]) < len(place):
        del place[int(names[-1])]


def _step(place: Any, name: str) -> Any:
    if isinstance(place, dict):
        return place.get(name)
    return place[int(name)] if isinstance(place, list) and name.isdigit() and int(name) < len(place) else None


def _merged(base: Any, change: Any) -> Any:
    """Objects are merged, everything else is replaced."""
    if not isinstance(base, dict) or not isinstance(change, dict):
        return change
    return base | {name: _merged(base.get(name), value) for name, value in change.items()}
