"""The `OrderApi` of Amazon (Orders 2026-01-01): lists that tell every order whole, and single orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx

from recore.channels.amazon import order_mapper
from recore.channels.amazon.client import AmazonClient
from recore.channels.amazon.settings import api_facts, order_facts, rate_of
from recore.channels.base import OrderRecord
from recore.channels.order_api import (
    ChangedOrders,
    Client,
    OrderOperation,
    Parcel,
    Place,
    ShippedOrder,
    Tokens,
    UnreadableOrder,
)
from recore.platform import clock
from recore.platform.errors import Retryable, Terminal
from recore.platform.ratelimit import Rate

NAMES = {
    OrderOperation.LIST: "searchOrders",
    OrderOperation.ORDER: "getOrder",
    OrderOperation.SHIP: "confirmShipment",
}


class AmazonOrders:
    """`auth_url`, `api_url`: origins in place of the real ones; `transport`: how to reach them, for tests."""

    label = "Amazon"
    profiles = frozenset({"japan"})
    by_consent = False

    def __init__(
        self, auth_url: str = "", api_url: str = "", transport: httpx.BaseTransport | None = None
    ) -> None:
        self._client = AmazonClient(auth_url, api_url, transport)
        facts = order_facts()
        self.overlap = timedelta(minutes=facts["overlap_minutes"])
        self.first_look = timedelta(days=facts["first_days"])
        self.behind: timedelta | None = timedelta(minutes=facts["behind_minutes"])

    def limit(self, operation: OrderOperation) -> tuple[str, Rate]:
        return NAMES[operation], rate_of(NAMES[operation])

    def new_tokens(self, client: Client, refresh: str) -> Tokens:
        return self._client.new_tokens(client, refresh)

    def try_out(self, access: str, store_id: str) -> str:
        """An order that nobody has, with its address: 404 is a good answer."""
        self._client.ask("getOrder", access, _data(), orderId=order_facts()["test_order"])
        return "受注も取り込めます。"

    def changed_orders(self, access: str, store_id: str, place: Place) -> ChangedOrders:
        facts, asked_at = order_facts(), clock.now()
        query = _data() | {
            "marketplaceIds": api_facts()["marketplace"], "fulfilledBy": facts["fulfilled_by"],
            "maxResultsPerPage": str(facts["page_size"]), "lastUpdatedAfter": _utc(place.since),
        }  # fmt: skip
        if place.until is not None:
            query["lastUpdatedBefore"] = _utc(place.until)
        if place.token is not None:
            query["paginationToken"] = place.token
        answer = self._client.ask("searchOrders", access, query)
        try:
            return order_mapper.changed_orders(answer or {}, asked_at)
        except ValueError as error:
            raise Retryable("API_BROKEN", "Amazonの返事が読めない形でした。") from error

    def order(self, access: str, store_id: str, number: str) -> OrderRecord:
        return self.shipped_order(access, store_id, number).record

    def shipped_order(self, access: str, store_id: str, number: str) -> ShippedOrder:
        asked_at = clock.now()
        answer = self._client.ask("getOrder", access, _data(), orderId=number)
        if answer is None:
            raise UnreadableOrder(
                "NO_SUCH_ORDER", "Amazonが、この注文はないと答えました。", remedy=order_mapper.LOOK_THERE
            )
        order = answer.get("order")
        if not isinstance(order, dict):
            raise Retryable("API_BROKEN", "Amazonの返事が読めない形でした。")
        return order_mapper.shipped_order(order, asked_at)

    def confirm(self, access: str, store_id: str, number: str, parcel: Parcel) -> None:
        body = order_mapper.confirmation(parcel)
        answer = self._client.ask("confirmShipment", access, {}, body, orderId=number)
        if answer is None:
            raise Terminal(
                "NO_SUCH_ORDER", f"Amazonに、注文「{number}」がありません。", item=number,
                remedy=order_mapper.LOOK_THERE,
            )  # fmt: skip


def _data() -> dict[str, str]:
    return {"includedData": order_facts()["included_data"]}


def _utc(moment: datetime) -> str:
    """With Z and nothing else; whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
