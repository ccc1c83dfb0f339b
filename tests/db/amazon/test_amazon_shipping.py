"""R24: Amazon is told once that an order was shipped, whatever becomes of the answer."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.commands import service as command_service
from recore.commands.models import MarketplaceCommand
from recore.orders.models import OrderLine
from recore.platform.jobs import enqueue
from recore.sync import ship_jobs
from tests.sandbox.amazon_market import (
    ORDER,
    Clock,
    Market,
    manager,
    on_sale,
)
from tests.sandbox.api_market import Fault, Go, answer, lost, unreachable
from tests.support.desk import run_jobs
from tests.support.shop import Shop
from tests.support.store import order_now, pc_of

SHIP = "POST order"
PARCEL = {"carrier": "YAMATO", "tracking_number": "1234-5678-9012"}


@pytest.fixture
def unshipped(shop: Shop, market: Market, account_id: int, pulls: Any) -> tuple[int, str]:
    """(order, its number at Amazon) of an order that is to be sent."""
    _, _, sku = on_sale(shop, account_id)
    number = market.bought(sku)
    pulls()
    market.line.calls.clear()
    return order_now(shop).id, number


def press_ship(shop: Shop, client: FlaskClient, order_id: int, **typed: str) -> str:
    browser = manager(shop, client)
    form = PARCEL | {"staff_code": "1001"} | typed
    return browser.post(f"/ec/orders/{order_id}/shipment/ask", data=form, follow_redirects=True).text


def notice(shop: Shop) -> MarketplaceCommand:
    with shop.read() as session:
        return session.scalars(sa.select(MarketplaceCommand)).one()


def due(shop: Shop) -> None:
    with shop.work() as uow:
        enqueue(uow, ship_jobs.DUE, {})
    run_jobs(shop)


def parcels(market: Market, number: str) -> list[dict[str, Any]]:
    return list(market.order(number)["packages"])


def test_r24_shipping_is_told_at_once_and_the_order_follows(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient
) -> None:
    order_id, number = unshipped
    assert "発送通知を依頼しました" in press_ship(shop, client, order_id)
    run_jobs(shop)
    (parcel,) = parcels(market, number)
    assert (parcel["carrier"], parcel["tracking_number"]) == ("YAMATO", "1234-5678-9012")
    assert (order_now(shop).state, notice(shop).state) == ("SHIPPED", "DONE")
    assert market.line.calls == [ORDER, SHIP, ORDER]
    with shop.read() as session:
        item = session.scalars(sa.select(OrderLine.stock_item_id)).one()
    assert item is not None and shop.counts(item) == (0, 0, 0)
    page = manager(shop, client).get(f"/ec/orders/{order_id}").text
    assert "1234-5678-9012" in page


def test_r24_a_carrier_that_amazon_has_no_code_for_goes_by_its_name(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient
) -> None:
    order_id, number = unshipped
    press_ship(shop, client, order_id, carrier="SEINO")
    run_jobs(shop)
    assert parcels(market, number)[0]["carrier"] == "西濃運輸"


def test_r24_a_form_without_number_is_refused_by_name(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient
) -> None:
    assert "伝票番号を入力してください" in press_ship(shop, client, unshipped[0], tracking_number="")
    assert "配送会社を選んでください" in press_ship(shop, client, unshipped[0], carrier="")
    run_jobs(shop)
    assert market.line.calls == []


@pytest.mark.parametrize("fault", [lost, answer(503), answer(500, "")], ids=["lost", "html503", "empty500"])
def test_r24_an_answer_that_was_lost_is_read_back_and_not_sent_again(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient, clock: Clock, fault: Fault
) -> None:
    """Read back while Amazon still shows the order as it was before."""
    order_id, number = unshipped

    def taken(go: Go) -> httpx.Response:
        go()
        return fault(go)

    market.line.faults[SHIP] = [lost if fault is lost else taken]
    press_ship(shop, client, order_id)
    run_jobs(shop)
    assert notice(shop).state == "SENDING" and "返事が届きませんでした" in (notice(shop).reason or "")
    due(shop)
    assert market.line.calls.count(SHIP) == 1, "not before its time"
    clock.pass_by(minutes=11)
    due(shop)
    assert (notice(shop).state, order_now(shop).state) == ("DONE", "SHIPPED")
    assert len(parcels(market, number)) == 1 and market.line.calls.count(SHIP) == 1


def test_r24_what_certainly_did_not_arrive_is_sent_once_more(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient, clock: Clock
) -> None:
    order_id, number = unshipped
    market.line.faults[SHIP] = [answer(503)]
    press_ship(shop, client, order_id)
    run_jobs(shop)
    for _ in range(3):
        clock.pass_by(minutes=11)
        due(shop)
    assert (notice(shop).state, order_now(shop).state) == ("DONE", "SHIPPED")
    assert len(parcels(market, number)) == 1 and market.line.calls.count(SHIP) == 2


def test_r24_a_lag_of_amazons_reading_makes_no_second_parcel(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient, clock: Clock
) -> None:
    """It was taken, nobody heard it, and Amazon shows the order as it was for longer than we wait: what is sent again is refused
    there, which is no error of the shop's, and is read back.
    """
    order_id, number = unshipped
    clock.pass_by(minutes=30)
    market.act("amazon-settings", get_order_lag_seconds=26 * 60)
    market.line.faults[SHIP] = [lost]
    press_ship(shop, client, order_id)
    run_jobs(shop)
    for _ in range(3):
        clock.pass_by(minutes=6)
        due(shop)
    assert market.line.calls.count(SHIP) == 2, "18 minutes later Amazon still showed nothing of it"
    assert (notice(shop).state, order_now(shop).state) == ("SENDING", "UNSHIPPED"), "the refusal says nothing"
    clock.pass_by(minutes=11)
    due(shop)
    assert (notice(shop).state, order_now(shop).state) == ("DONE", "SHIPPED")
    assert len(parcels(market, number)) == 1 and market.line.calls.count(SHIP) == 2


class Died(BaseException):
    """The worker's process is gone."""


def test_r24_killed_while_amazon_answers_it_waits_until_amazon_certainly_shows_it(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient, clock: Clock
) -> None:
    """The lease of the dead worker ends long before what it sent has to show up."""
    order_id, number = unshipped

    def die(go: Go) -> httpx.Response:
        go()
        raise Died

    clock.pass_by(minutes=20)
    market.act("amazon-settings", get_order_lag_seconds=8 * 60)
    market.line.faults[SHIP] = [die]
    press_ship(shop, client, order_id)
    with pytest.raises(Died):
        run_jobs(shop)
    clock.pass_by(minutes=6)
    due(shop)
    assert (notice(shop).state, market.line.calls.count(SHIP)) == ("SENDING", 1), "it may still show up"
    clock.pass_by(minutes=5)
    due(shop)
    assert (notice(shop).state, order_now(shop).state) == ("DONE", "SHIPPED")
    assert len(parcels(market, number)) == 1 and market.line.calls.count(SHIP) == 1


@pytest.mark.parametrize("fault", [answer(429), unreachable], ids=["429", "unreachable"])
def test_r24_what_was_not_taken_waits_and_goes_on(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient, clock: Clock, fault: Fault
) -> None:
    order_id, _ = unshipped
    market.line.faults[SHIP] = [fault] * 3
    press_ship(shop, client, order_id)
    run_jobs(shop)
    assert (notice(shop).state, notice(shop).clicks) == ("QUEUED", 0)
    shown = manager(shop, client).get(f"/ec/orders/{order_id}").text
    assert "自動でもう一度送ります" in shown
    for _ in range(4):
        clock.pass_by(minutes=11)
        due(shop)
    assert notice(shop).state == "DONE"


def test_r24_a_refusal_is_shown_and_may_be_mended(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient
) -> None:
    order_id, _ = unshipped
    said = '{"errors":[{"code":"InvalidInput","message":"CarrierCode is invalid.","details":""}]}'
    market.line.faults[SHIP] = [answer(400, said)]
    press_ship(shop, client, order_id)
    run_jobs(shop)
    assert notice(shop).state == "FAILED" and order_now(shop).state == "UNSHIPPED"
    page = manager(shop, client).get(f"/ec/orders/{order_id}").text
    assert "CarrierCode is invalid" in page and 'data-testid="ship"' in page
    press_ship(shop, client, order_id, carrier="SAGAWA")
    run_jobs(shop)
    assert order_now(shop).state == "SHIPPED"


def test_r24_shipped_or_cancelled_there_meanwhile_nothing_is_sent(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient
) -> None:
    order_id, number = unshipped
    press_ship(shop, client, order_id)
    market.act("amazon-cancel", order_id=number, by="BUYER", reason="不要")
    run_jobs(shop)
    assert SHIP not in market.line.calls
    assert (order_now(shop).state, notice(shop).state) == ("CANCELLED", "CANCELLED")


def test_r24_the_extension_is_not_given_what_the_server_does(
    shop: Shop, market: Market, account_id: int, unshipped: tuple[int, str], client: FlaskClient
) -> None:
    press_ship(shop, client, unshipped[0])
    pc = pc_of(shop, client, account_id)
    told = pc.call("POST", f"/accounts/{account_id}/commands", answer="command_answer")
    assert told.get_json()["command"] is None


def test_r24_two_workers_at_once_send_one_notice(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient
) -> None:
    order_id, number = unshipped
    press_ship(shop, client, order_id)
    command_id = notice(shop).id
    with shop.work() as uow:
        assert command_service.claim_by_server(uow, command_id) is not None
    with shop.work() as uow:
        assert command_service.claim_by_server(uow, command_id) is None
        assert list(command_service.due_by_server(uow)) == []
    run_jobs(shop)
    assert parcels(market, number) == []
