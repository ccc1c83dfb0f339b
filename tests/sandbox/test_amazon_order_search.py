"""R22, R34: searching orders on the pretend Amazon: time windows, pages, readers that lag behind."""

from __future__ import annotations

import pytest

from tests.sandbox.amazon_program import JAPAN, Program, ago, sell

SINCE = {"lastUpdatedAfter": "2026-01-01T00:00:00Z"}


def found(program: Program, **query: str) -> list[str]:
    return [each["orderId"] for each in program.told("searchOrders", **(SINCE | query))["orders"]]


def later(program: Program, minutes: float = 3) -> None:
    program.visitor.act("clock", minutes=minutes)


def test_a_search_ends_two_minutes_ago(program: Program) -> None:
    order_id = sell(program, "A")
    told = program.told("searchOrders", **SINCE)
    assert (told["orders"], told["lastUpdatedBefore"]) == ([], ago(program.visitor, minutes=2))
    later(program)
    assert found(program) == [order_id]
    now = ago(program.visitor, minutes=1)
    refused = program.refused("searchOrders", lastUpdatedBefore=now, **SINCE)
    assert refused["code"] == "InvalidInput"
    assert found(program, lastUpdatedBefore=ago(program.visitor, minutes=2)) == [order_id]


def test_a_changed_order_comes_again(program: Program) -> None:
    order_id = sell(program, "A")
    later(program, 10)
    since = ago(program.visitor, minutes=3)
    assert found(program, lastUpdatedAfter=since) == []
    program.visitor.act("amazon-cancel", order_id=order_id)
    later(program)
    assert found(program, lastUpdatedAfter=since) == [order_id]
    made = program.told("searchOrders", createdAfter=since)
    assert (made["orders"], "createdBefore" in made, "lastUpdatedBefore" in made) == ([], True, False)


def test_filters(program: Program) -> None:
    pending = sell(program, "A")
    lines = [{"sku": "FBA", "price": 1}]
    amazons = program.visitor.act("amazon-order", lines=lines, fulfilled_by="AMAZON", paid=True)["order_id"]
    later(program)
    assert found(program, fulfilledBy="AMAZON") == [amazons]
    assert found(program, fulfilledBy="AMAZON,MERCHANT", fulfillmentStatuses="PENDING") == [pending]
    assert found(program, marketplaceIds=JAPAN, fulfillmentStatuses="SHIPPED") == []


@pytest.mark.parametrize(
    "query",
    [
        {},
        {**SINCE, "createdAfter": "2026-01-01T00:00:00Z"},
        {**SINCE, "createdBefore": "2026-01-02T00:00:00Z"},
        {**SINCE, "lastUpdatedBefore": "2025-12-31T00:00:00Z"},
        {"lastUpdatedAfter": "2026-01-01T09:00:00+09:00"},
        {"lastUpdatedAfter": "2026-01-01T00:00:00+00:00"},
        {"lastUpdatedAfter": "2026-01-01T00:00:00"},
        {"lastUpdatedAfter": "2026-01-01"},
        {"lastUpdatedAfter": "2026-13-01T00:00:00Z"},
        {**SINCE, "maxResultsPerPage": "101"},
        {**SINCE, "maxResultsPerPage": "0"},
        {**SINCE, "fulfillmentStatuses": "Unshipped"},
        {**SINCE, "includedData": "FULFILLMENT,ADDRESS"},
        {**SINCE, "paginationToken": "nobody's"},
    ],
)
def test_searches_that_are_refused(program: Program, query: dict[str, str]) -> None:
    assert program.refused("searchOrders", **query)["code"] == "InvalidInput"


def test_the_zone_is_told_to_be_wrong(program: Program) -> None:
    refused = program.refused("searchOrders", lastUpdatedAfter="2026-01-01T09:00:00+09:00")
    assert refused["details"] == "Invalid date-time field(s) [lastUpdatedAfter]."


def test_pages_have_every_order_once_with_its_address(program: Program) -> None:
    made = program.visitor.act("amazon-seed-orders", count=7)["order_ids"]
    later(program)
    asked = SINCE | {"maxResultsPerPage": "3", "includedData": "RECIPIENT"}
    seen, query = [], asked
    while True:
        told = program.told("searchOrders", **query)
        assert all("recipient" in each for each in told["orders"])
        seen += [each["orderId"] for each in told["orders"]]
        if "pagination" not in told:
            break
        query = asked | {"paginationToken": told["pagination"]["nextToken"]}
    assert sorted(seen) == sorted(made)


def first_page(program: Program) -> dict[str, str]:
    program.visitor.act("amazon-seed-orders", count=3)
    later(program)
    asked = SINCE | {"maxResultsPerPage": "2"}
    return asked | {"paginationToken": program.told("searchOrders", **asked)["pagination"]["nextToken"]}


def test_a_page_token_is_for_the_same_question(program: Program) -> None:
    query = first_page(program)
    program.refused("searchOrders", **(query | {"lastUpdatedAfter": "2026-01-02T00:00:00Z"}))
    program.refused("searchOrders", **(query | {"fulfilledBy": "MERCHANT"}))
    other = Program(program.visitor, "amazon2")
    assert other.ask("searchOrders", **query).status_code == 400
    more = program.told("searchOrders", **(query | {"maxResultsPerPage": "100", "includedData": "BUYER"}))
    assert len(more["orders"]) == 1


def test_a_page_token_expires(program: Program) -> None:
    query = first_page(program)
    later(program, 1440)
    program.refresh()
    assert "expired" in program.refused("searchOrders", **query)["details"]


def test_an_order_that_changes_between_pages_is_not_on_the_next_one(program: Program) -> None:
    """It moves behind the end of what is asked for: only a later search finds it."""
    made = program.visitor.act("amazon-seed-orders", count=3)["order_ids"]
    later(program)
    asked = SINCE | {"maxResultsPerPage": "2"}
    first = program.told("searchOrders", **asked)
    (missing,) = set(made) - {each["orderId"] for each in first["orders"]}
    program.visitor.act("amazon-ship", order_id=missing)
    token = first["pagination"]["nextToken"]
    assert program.told("searchOrders", **asked, paginationToken=token)["orders"] == []
    later(program)
    assert missing in found(program)


# --- readers that lag behind ---


def test_get_order_can_lag_behind_the_search_and_the_search_behind_it(program: Program) -> None:
    order_id = sell(program, "A")
    later(program, 10)
    program.visitor.act("amazon-settings", get_order_lag_seconds=300)
    program.visitor.act("amazon-pay", order_id=order_id)
    later(program)
    newest = program.told("searchOrders", includedData="FULFILLMENT", **SINCE)["orders"][0]
    assert newest["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
    assert program.order(order_id)["fulfillment"]["fulfillmentStatus"] == "PENDING"
    program.visitor.act("amazon-settings", get_order_lag_seconds=0, search_orders_lag_seconds=300)
    older = program.told("searchOrders", includedData="FULFILLMENT", **SINCE)["orders"][0]
    assert older["fulfillment"]["fulfillmentStatus"] == "PENDING"
    assert program.order(order_id)["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"


def test_a_new_order_is_not_there_yet_for_a_reader_who_lags(program: Program) -> None:
    program.visitor.act("amazon-settings", get_order_lag_seconds=60)
    order_id = sell(program, "A")
    assert program.refused("getOrder", orderId=order_id, status=404)["code"] == "NOT_FOUND"
    later(program, 1)
    assert program.order(order_id)["orderId"] == order_id


@pytest.mark.parametrize(("order_id", "status"), [("TEST_CASE_400", 400), ("503-0000000-0000000", 404)])
def test_orders_that_there_are_not(program: Program, order_id: str, status: int) -> None:
    program.refused("getOrder", orderId=order_id, status=status)
