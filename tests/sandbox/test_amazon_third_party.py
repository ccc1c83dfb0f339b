"""R34: Amazon's own client for Python lists, reads back and searches orders on the pretend Amazon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from spapi import (
    ApiException,
    CatalogApi,
    GetOrderApi,
    ListingsApi,
    ListingsRestrictionsApi,
    OrdersV0Api,
    SearchOrdersApi,
    SPAPIClient,
    SPAPIConfig,
)
from spapi.models.listings_items_v2021_08_01 import (
    ListingsItemPatchRequest,
    ListingsItemPutRequest,
    PatchOperation,
)
from spapi.models.orders_v0 import ConfirmShipmentOrderItem, ConfirmShipmentRequest, PackageDetail

from tests.sandbox.amazon_program import JAPAN, SELLERS, availability, offer
from tests.sandbox.test_process import Running, running

SELLER = SELLERS["amazon1"]
AT_ONCE = {"visible_after_seconds": 0, "buyable_after_seconds": 0, "change_after_seconds": 0}
BY_JAN = {"identifiers": ["4580000000010"], "identifiers_type": "JAN"}


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as found:
        found.act("amazon-settings", **AT_ONCE)
        yield found


@pytest.fixture
def client(market: Running) -> Any:
    config = SPAPIConfig(
        client_id="amzn1.application-oa2-client.sandbox1",
        client_secret="amzn1.oa2-cs.v1.sandbox1",
        refresh_token="Atzr|sandbox-amazon1",
    )
    origin = f"http://127.0.0.1:{market.port}"
    return SPAPIClient(config, oauth_endpoint=f"{origin}/auth/o2/token", endpoint=origin).api_client


def test_an_offer_is_listed_read_back_and_changed(client: Any) -> None:
    found = CatalogApi(client).search_catalog_items(
        [JAPAN], included_data=["summaries", "identifiers"], **BY_JAN
    )
    assert [each.asin for each in found.items] == ["B0SBX00001", "B0SBX00002", "B0SBX00003"]
    asked = {"condition_type": "used_good"}
    limits = ListingsRestrictionsApi(client).get_listings_restrictions("B0SBX00001", SELLER, [JAPAN], **asked)
    assert limits.restrictions == []
    listings, body = ListingsApi(client), offer()
    wanted = ListingsItemPutRequest(
        product_type=body["productType"], requirements=body["requirements"], attributes=body["attributes"]
    )
    sent = listings.put_listings_item(SELLER, "棚1/A-1", [JAPAN], wanted, issue_locale="ja_JP")
    assert (sent.status, sent.issues) == ("ACCEPTED", [])
    change = PatchOperation(op="replace", path="/attributes/fulfillment_availability", value=availability(3))
    patch = ListingsItemPatchRequest(product_type="PRODUCT", patches=[change])
    assert listings.patch_listings_item(SELLER, "棚1/A-1", [JAPAN], patch).status == "ACCEPTED"
    data = ["summaries", "attributes", "issues", "offers", "fulfillmentAvailability"]
    item = listings.get_listings_item(SELLER, "棚1/A-1", [JAPAN], included_data=data)
    assert item.summaries[0].status == ["BUYABLE", "DISCOVERABLE"]
    assert (item.offers[0].price.amount, item.fulfillment_availability[0].quantity) == ("4980", 3)
    assert listings.delete_listings_item(SELLER, "棚1/A-1", [JAPAN]).status == "ACCEPTED"
    with pytest.raises(ApiException) as missing:
        listings.get_listings_item(SELLER, "棚1/A-1", [JAPAN])
    assert missing.value.status == 404


def test_orders_are_searched_page_by_page_read_and_confirmed(market: Running, client: Any) -> None:
    made = market.act("amazon-seed-orders", count=5)["order_ids"]
    market.act("clock", minutes=3)
    asked = {
        "last_updated_after": "2026-01-01T00:00:00Z", "included_data": ["FULFILLMENT", "RECIPIENT"],
        "max_results_per_page": 2, "marketplace_ids": [JAPAN],
    }  # fmt: skip
    pages = [SearchOrdersApi(client).search_orders(**asked)]
    while pages[-1].pagination is not None:
        token = pages[-1].pagination.next_token
        pages.append(SearchOrdersApi(client).search_orders(pagination_token=token, **asked))
    assert sorted(each.order_id for page in pages for each in page.orders) == sorted(made)
    data = ["FULFILLMENT", "RECIPIENT", "PACKAGES", "PROCEEDS"]
    order = GetOrderApi(client).get_order(made[0], included_data=data).order
    assert order.fulfillment.fulfillment_status == "UNSHIPPED"
    assert order.recipient.delivery_address.country_code == "JP"
    package = PackageDetail(
        package_reference_id="1", carrier_code="YAMATO", tracking_number="123456789012", ship_date="2026-11-25T01:00:00Z",
        order_items=[ConfirmShipmentOrderItem(order_item_id=order.order_items[0].order_item_id, quantity=1)],
    )  # fmt: skip
    confirmation = ConfirmShipmentRequest(marketplace_id=JAPAN, package_detail=package)
    OrdersV0Api(client).confirm_shipment(made[0], confirmation)
    order = GetOrderApi(client).get_order(made[0], included_data=data).order
    assert (order.fulfillment.fulfillment_status, order.packages[0].carrier) == ("SHIPPED", "YAMATO")
    with pytest.raises(ApiException) as again:
        OrdersV0Api(client).confirm_shipment(made[0], confirmation)
    assert again.value.status == 400


def test_the_limit_and_failures_are_exceptions_there(market: Running, client: Any) -> None:
    for _ in range(2):
        CatalogApi(client).get_catalog_item("B0SBX00001", [JAPAN])
    with pytest.raises(ApiException) as throttled:
        CatalogApi(client).get_catalog_item("B0SBX00001", [JAPAN])
    assert throttled.value.status == 429
    market.act("amazon-settings", throttle="off", fail_next=1, fail_kind="html503")
    with pytest.raises(ApiException) as busy:
        CatalogApi(client).get_catalog_item("B0SBX00001", [JAPAN])
    assert busy.value.status == 503
