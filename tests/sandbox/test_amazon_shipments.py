"""R24, R34: confirmShipment on the pretend Amazon."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.amazon_program import Program, sell


@pytest.fixture
def unshipped(program: Program) -> dict[str, Any]:
    return program.order(sell(program, "A", "B", units=2, paid=True))


def test_a_confirmed_order_is_shipped(program: Program, unshipped: dict[str, Any]) -> None:
    answer = program.confirm(unshipped, shippingMethod="宅急便")
    assert (answer.status_code, answer.data) == (204, b"")
    order = program.order(unshipped["orderId"])
    assert order["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    (package,) = order["packages"]
    assert (package["carrier"], package["trackingNumber"], package["shipTime"], package["shippingService"]) == (
        "YAMATO", "123456789012", "2026-11-25T01:00:00Z", "宅急便",
    )  # fmt: skip


def test_a_second_confirmation_is_an_error_in_amazons_words(
    program: Program, unshipped: dict[str, Any]
) -> None:
    assert program.confirm(unshipped).status_code == 204
    for reference in ("1", "2"):
        answer = program.confirm(unshipped, packageReferenceId=reference)
        assert answer.status_code == 400
        error = (answer.json or {})["errors"][0]
        assert error["code"] == "InvalidInput"
        assert "order already fulfilled" in error["message"]
        assert "errorMetric=PackageToUpdateNotFound" in error["message"]
    assert len(program.order(unshipped["orderId"])["packages"]) == 1


def test_an_order_can_be_confirmed_in_parts(program: Program, unshipped: dict[str, Any]) -> None:
    first, second = (each["orderItemId"] for each in unshipped["orderItems"])
    assert program.confirm(unshipped, orderItems=[{"orderItemId": first, "quantity": 2}]).status_code == 204
    assert program.order(unshipped["orderId"])["fulfillment"]["fulfillmentStatus"] == "PARTIALLY_SHIPPED"
    rest = [{"orderItemId": second, "quantity": 2}]
    assert program.confirm(unshipped, orderItems=rest).status_code == 400  # reference 1 is taken
    assert program.confirm(unshipped, orderItems=rest, packageReferenceId="2").status_code == 204
    assert program.order(unshipped["orderId"])["fulfillment"]["fulfillmentStatus"] == "SHIPPED"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"packageReferenceId": 1},
            "Please check the fields with invalid type [packageDetail.packageReferenceId].",
        ),
        ({"packageReferenceId": "A-1"}, "must be a positive numeric value."),
        ({"packageReferenceId": "0"}, "must be a positive numeric value."),
        ({"carrierCode": None}, "that are missing [packageDetail.carrierCode]."),
        ({"carrierCode": ""}, "CarrierCode and TrackingNumber are required."),
        ({"carrierCode": "クロネコ"}, "CarrierCode is invalid."),
        ({"carrierCode": "Other"}, "CarrierName is required when CarrierCode is Other."),
        ({"trackingNumber": " "}, "CarrierCode and TrackingNumber are required."),
        ({"trackingNumber": None}, "that are missing [packageDetail.trackingNumber]."),
        ({"shipDate": "02/21/2022"}, "Invalid Input"),
        ({"shipDate": "2026-11-25T01:00:00"}, "Invalid Input"),
        ({"orderItems": []}, "[packageDetail.orderItems] (minItems)"),
        ({"orderItems": [{"orderItemId": "99", "quantity": 1}]}, "OrderItemId 99 is invalid, please obtain"),
        ({"colour": "red"}, "[packageDetail] (additionalProperties)"),
    ],
)
def test_confirmations_that_are_refused(
    program: Program, unshipped: dict[str, Any], changes: dict[str, Any], words: str
) -> None:
    answer = program.confirm(unshipped, **changes)
    assert answer.status_code == 400
    assert words in (answer.json or {})["errors"][0]["message"]
    assert program.order(unshipped["orderId"])["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"


def test_more_than_was_ordered_cannot_be_confirmed(program: Program, unshipped: dict[str, Any]) -> None:
    item = {"orderItemId": unshipped["orderItems"][0]["orderItemId"], "quantity": 2}
    assert program.confirm(unshipped, orderItems=[item, item | {"quantity": 1}]).status_code == 400


def test_another_marketplace_cannot_be_confirmed(program: Program, unshipped: dict[str, Any]) -> None:
    assert program.confirm(unshipped, {"marketplaceId": "ATVPDKIKX0DER"}).status_code == 400


def test_unlisted_carriers_by_their_own_name_or_when_the_switch_says_so(program: Program) -> None:
    one, two = (program.order(sell(program, each, paid=True)) for each in "AB")
    assert program.confirm(one, carrierCode="Other", carrierName="赤帽").status_code == 204
    assert program.order(one["orderId"])["packages"][0]["carrier"] == "赤帽"
    program.visitor.act("amazon-settings", carriers="any")
    assert program.confirm(two, carrierCode="クロネコ").status_code == 204


@pytest.mark.parametrize("state", ["PENDING", "CANCELLED", "UNFULFILLABLE"])
def test_only_unshipped_orders_can_be_confirmed(
    program: Program, unshipped: dict[str, Any], state: str
) -> None:
    program.visitor.act("amazon-order-state", order_id=unshipped["orderId"], status=state)
    assert program.confirm(unshipped).status_code == 400


def test_amazons_own_shipments_are_not_confirmed(program: Program) -> None:
    lines = [{"sku": "FBA", "price": 1}]
    made = program.visitor.act("amazon-order", lines=lines, fulfilled_by="AMAZON", paid=True)
    assert program.confirm(program.order(made["order_id"])).status_code == 400


def test_a_confirmation_for_an_order_that_there_is_not(program: Program, unshipped: dict[str, Any]) -> None:
    assert program.confirm(unshipped | {"orderId": "503-1-1"}).status_code == 404


def test_a_confirmation_whose_answer_was_lost_is_done(program: Program, unshipped: dict[str, Any]) -> None:
    program.visitor.act("amazon-settings", lose_answers=1)
    with pytest.raises(ConnectionAbortedError):
        program.confirm(unshipped).get_data()
    assert program.order(unshipped["orderId"])["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert program.confirm(unshipped).status_code == 400
