"""Orders v0 confirmShipment: 204, once; everything else is an error in Amazon's own words."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from flask import Response

from sandbox.amazon.books import MARKETPLACE, data
from sandbox.amazon.errors import not_found
from sandbox.amazon.orders import PARTLY, SHIPPED, UNSHIPPED, Order, open_units
from sandbox.amazon.requests import Call
from sandbox.market.books import wire

# public reports of these answers: amzn/selling-partner-api-models issues 5037 and 492, jlevers/selling-partner-api 489
ALREADY = (
    "Failed to create package due to not finding a matching package or order already fulfilled."
    " ErrorMessage(errorCode=GeneralError, errorDescription=Unable to find package to update for order ({order}),"
    " errorMetric=PackageToUpdateNotFound, packageIndex=null)"
)
NO_REFERENCE = "PackageReferenceId: {reference} is invalid, must be a positive numeric value."
NO_ITEM = "OrderItemId {item} is invalid, please obtain the value through the getOrderItems API or Manage Orders page"


def confirm(call: Call) -> Response:
    package = call.body["packageDetail"]
    with call.amazon.books():
        order = call.amazon.find_order(call.path["orderId"], call.seller_id)
        if order is None:
            raise not_found(f"Order {call.path['orderId']} was not found.")
        ship_date = _ship_date(call, package)
        _check_form(call, package)
        _check_state(call, order, package)
        call.amazon.ship(order["id"], _quantities(call, order, package), {
            "reference": package["packageReferenceId"], "carrier": _carrier(package),
            "tracking_number": package["trackingNumber"], "service": package.get("shippingMethod", ""),
            "ship_time": wire(ship_date),
        })  # fmt: skip
    return Response(status=204)


def _check_form(call: Call, package: dict[str, Any]) -> None:
    reference, carrier = package["packageReferenceId"], package["carrierCode"]
    if call.body["marketplaceId"] != MARKETPLACE:
        raise call.invalid("", "MarketplaceId is invalid.")
    if not reference.isascii() or not reference.isdigit() or int(reference) < 1:
        raise call.invalid("", NO_REFERENCE.format(reference=reference))
    if not carrier.strip() or not package["trackingNumber"].strip():
        raise call.invalid("", "CarrierCode and TrackingNumber are required.")
    if carrier == "Other" and not package.get("carrierName", "").strip():
        raise call.invalid("", "CarrierName is required when CarrierCode is Other.")
    is_strict = call.amazon.setting("carriers", call.seller_id) == "listed"
    if is_strict and carrier not in data("carriers"):
        raise call.invalid("", "CarrierCode is invalid.")


def _check_state(call: Call, order: Order, package: dict[str, Any]) -> None:
    references = {each["reference"] for each in order["packages"]}
    if order["status"] == SHIPPED or package["packageReferenceId"] in references:
        raise call.invalid("", ALREADY.format(order=order["id"]))
    if order["fulfilled_by"] != "MERCHANT" or order["status"] not in (UNSHIPPED, PARTLY):
        raise call.invalid("", f"Order {order['id']} cannot be confirmed in its current state.")


def _quantities(call: Call, order: Order, package: dict[str, Any]) -> dict[str, int]:
    """By order item, never more than is still to be shipped."""
    still = {line["item_id"]: open_units(line) for line in order["lines"]}
    wanted: dict[str, int] = {}
    for item in package["orderItems"]:
        if item["orderItemId"] not in still:
            raise call.invalid("", NO_ITEM.format(item=item["orderItemId"]))
        wanted[item["orderItemId"]] = wanted.get(item["orderItemId"], 0) + item["quantity"]
    for item_id, quantity in wanted.items():
        if quantity > still[item_id]:
            raise call.invalid(
                "", f"Quantity {quantity} of OrderItemId {item_id} exceeds the unshipped quantity."
            )
    return wanted


def _carrier(package: dict[str, Any]) -> str:
    return str(package["carrierName"] if package["carrierCode"] == "Other" else package["carrierCode"])


def _ship_date(call: Call, package: dict[str, Any]) -> datetime:
    """ISO 8601 with a zone; a day written `02/21/2022` is none."""
    with suppress(ValueError):
        at = datetime.fromisoformat(package["shipDate"])
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    raise call.invalid("", "Invalid Input")
