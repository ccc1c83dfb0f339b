"""Amazon's documents of orders → our records. Pure; what an order lacks is None, never a guess. No message quotes a buyer."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from recore.channels.amazon.settings import api_facts, order_facts, order_states, shipping_facts
from recore.channels.base import OrderRecord, Recipient, RecordItem
from recore.channels.order_api import ChangedOrder, ChangedOrders, Parcel, ShippedOrder, UnreadableOrder
from recore.platform.clock import from_wire

Document = dict[str, Any]
LOOK_THERE = "Amazonのセラーセントラルの注文管理で、この注文の内容を確かめてください。"
NAMELESS = "（注文番号なし）"
STATELESS = "（状態なし）"  # a word that nobody mapped, so the order holds its units and is 要確認


class AmazonOrderWords:
    """What Amazon's words for orders mean in ours."""

    label = "Amazon"
    goes_back = False
    names_offers = True

    def order_state(self, status: str) -> str | None:
        states: dict[str, str] = order_states()["states"]
        return states.get(status)


def changed_orders(answer: Document, asked_at: datetime) -> ChangedOrders:
    """A page of searchOrders. An order that cannot be read as it is listed is asked for by itself. Raises ValueError."""
    listed = answer.get("orders")
    if not isinstance(listed, list):
        raise ValueError("no list of orders")
    ours = [each for each in map(_document, listed) if is_ours(each)]
    token = _document(answer.get("pagination")).get("nextToken")
    return ChangedOrders(
        None, len(listed), tuple(_changed(each, asked_at) for each in ours), str(token) if token else None
    )


def is_ours(order: Document) -> bool:
    """What Amazon ships from its own houses is none of the shop's work or stock."""
    return _document(order.get("fulfillment")).get("fulfilledBy") not in order_facts()["not_ours"]


def _changed(order: Document, asked_at: datetime) -> ChangedOrder:
    try:
        record = order_record(order, asked_at)
    except UnreadableOrder:
        record = None
    changed_at = order.get("lastUpdatedTime")
    return ChangedOrder(
        _text(order, "orderId") or NAMELESS,
        _moment(changed_at),
        _text(_document(order.get("fulfillment")), "fulfillmentStatus") or "",
        record,
    )


def order_record(order: Document, asked_at: datetime) -> OrderRecord:
    """Raises UnreadableOrder, which names the field, and the goods as far as they are told."""
    try:
        return _record(order, asked_at)
    except UnreadableOrder as error:
        products = (_document(item.get("product")) for item in _documents(order.get("orderItems")))
        error.numbers = tuple(sku for sku in (_text(each, "sellerSku") for each in products) if sku)
        raise


def _record(order: Document, asked_at: datetime) -> OrderRecord:
    fulfillment = _document(order.get("fulfillment"))
    ordered_at = _moment(order.get("createdTime"))
    if ordered_at is None:
        raise _unreadable("注文日時（createdTime）", "日時ではありません。")
    items = order.get("orderItems")
    if not isinstance(items, list) or not items:
        raise _unreadable("商品（orderItems）", "商品が1つもありません。")
    breakdowns = _documents(_document(order.get("proceeds")).get("breakdowns"))
    shipping = [
        _yen(each.get("subtotal"))
        for each in breakdowns
        if each.get("type") == order_facts()["shipping_type"]
    ]
    paid = _documents(_document(order.get("payment")).get("paymentExecutions"))
    return OrderRecord(
        rows=(),
        order_number=_needed(order, "orderId", "注文番号"),
        status=_text(fulfillment, "fulfillmentStatus") or STATELESS,
        ordered_at=ordered_at,
        updated_at=_moment(order.get("lastUpdatedTime")),
        items=tuple(_item(_document(each)) for each in items),
        recipient=_recipient(_document(order.get("recipient"))),
        shipping_method=_text(fulfillment, "fulfillmentServiceLevel"),
        payment_method="・".join(str(each["paymentMethod"]) for each in paid if each.get("paymentMethod"))
        or None,
        shipping_fee=sum(each for each in shipping if each is not None) if breakdowns else None,
        total=_yen(_document(order.get("proceeds")).get("grandTotal")),
        message=_message(order),
        asked_at=asked_at,
        asks_to_cancel=any(_request(each) for each in _documents(items)),
    )


def shipped_order(order: Document, asked_at: datetime) -> ShippedOrder:
    """Of getOrder. Raises UnreadableOrder."""
    record = order_record(order, asked_at)
    left = {}
    for item in _documents(order.get("orderItems")):
        units = _document(item.get("fulfillment")).get("quantityUnfulfilled", item.get("quantityOrdered"))
        if isinstance(units, int) and units > 0 and _item(item).status is None:
            left[str(item["orderItemId"])] = units
    parcels = [_text(each, "packageReferenceId") for each in _documents(order.get("packages"))]
    return ShippedOrder(record, left, frozenset(each for each in parcels if each))


def confirmation(parcel: Parcel) -> Document:
    """The body of confirmShipment."""
    name = shipping_facts()["other_names"].get(parcel.carrier)
    return {
        "marketplaceId": api_facts()["marketplace"],
        "packageDetail": {
            "packageReferenceId": parcel.reference,
            **({"carrierCode": "Other", "carrierName": name} if name else {"carrierCode": parcel.carrier}),
            "trackingNumber": parcel.tracking_number,
            "shipDate": parcel.shipped_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "orderItems": [{"orderItemId": item, "quantity": units} for item, units in parcel.items.items()],
        },
    }


def _item(item: Document) -> RecordItem:
    product, fulfillment = _document(item.get("product")), _document(item.get("fulfillment"))
    ordered = item.get("quantityOrdered")
    if not isinstance(ordered, int) or isinstance(ordered, bool) or ordered < 0:
        raise _unreadable("数量（quantityOrdered）", "数字ではありません。")
    told = [fulfillment.get(name) for name in ("quantityFulfilled", "quantityUnfulfilled")]
    left = sum(each for each in told if isinstance(each, int))
    cancellation = _document(item.get("cancellation"))
    is_off = ordered == 0 or (bool(cancellation.get("cancellationExecution")) and left == 0)
    return RecordItem(
        auction_id=_needed(item, "orderItemId", "商品の番号"),
        management_number=_text(product, "sellerSku"),
        title=_text(product, "title") or "（商品名なし）",
        quantity=left or max(ordered, 1),
        unit_price=_yen(_document(product.get("price")).get("unitPrice")),
        status=order_states()["cancelled"] if is_off else None,
    )


def _recipient(recipient: Document) -> Recipient | None:
    """None without an address: PENDING has none, nor has what was cancelled."""
    told = _document(recipient.get("deliveryAddress"))
    facts = order_facts()
    street = ""
    for part in (_text(told, name) for name in facts["address_parts"]):
        if part:
            street = part if street and part.startswith(street) else street + part
    lines = [street, *(_text(told, name) for name in facts["address_lines"])]
    address = " ".join(each for each in lines if each)
    if not address and not told.get("name"):
        return None
    return Recipient(
        _text(told, "name"),
        None,
        _text(told, "postalCode"),
        address or None,
        _phone(_text(told, "phone")),
    )


def _phone(text: str | None) -> str | None:
    """As it is dialled in Japan."""
    prefix = order_facts()["country_call_prefix"]
    return "0" + text.removeprefix(prefix).lstrip(" -0") if text and text.startswith(prefix) else text


def _message(order: Document) -> str | None:
    """What the buyer wants to be known: where to put the parcel, and words for a gift."""
    preference = _document(_document(order.get("recipient")).get("deliveryPreference"))
    told = [_text(preference, "dropOffLocation"), _text(preference, "addressInstruction")]
    for item in _documents(order.get("orderItems")):
        if reason := _text(_request(item), "cancelReason"):
            told.append(f"キャンセルの理由：{reason}")
        packing = _document(_document(item.get("fulfillment")).get("packing"))
        gift = _document(packing.get("giftOption"))
        if gift:
            told.append(
                f"ギフト {_text(gift, 'giftWrapLevel') or ''} {_text(gift, 'giftMessage') or ''}".strip()
            )
    return "\n".join(each for each in told if each)[:2000] or None


def _request(item: Document) -> Document:
    """The buyer's wish to cancel it; nothing when it was cancelled since."""
    cancellation = _document(item.get("cancellation"))
    return (
        {}
        if cancellation.get("cancellationExecution")
        else _document(cancellation.get("cancellationRequest"))
    )


def _needed(told: Document, name: str, label: str) -> str:
    found = _text(told, name)
    if not found:
        raise _unreadable(f"{label}（{name}）", "書かれていません。")
    return found


def _text(told: Document, name: str) -> str | None:
    found = told.get(name)
    return found.strip() or None if isinstance(found, str) else None


def _moment(told: Any) -> datetime | None:
    try:
        return from_wire(told) if isinstance(told, str) else None
    except ValueError:
        return None


def _yen(money: Any) -> int | None:
    """Whole yen; None where no sum is told."""
    if not isinstance(money, dict):
        return None
    try:
        amount = Decimal(str(money.get("amount")))
        if not amount.is_finite() or amount < 0:
            return None
        return int(amount)
    except (InvalidOperation, ValueError):
        return None


def _document(told: Any) -> Document:
    return told if isinstance(told, dict) else {}


def _documents(told: Any) -> list[Document]:
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []


def _unreadable(where: str, what: str) -> UnreadableOrder:
    return UnreadableOrder("UNREADABLE_ORDER", f"{where}：{what}", remedy=LOOK_THERE)
