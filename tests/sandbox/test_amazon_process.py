"""R34: the pretend Amazon as a real process: many programs at once, broken connections, restarts."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.sandbox.amazon_program import JAPAN, SELLERS, offer
from tests.sandbox.test_process import Running, running

FORM = {
    "grant_type": "refresh_token", "client_id": "amzn1.application-oa2-client.sandbox1",
    "client_secret": "amzn1.oa2-cs.v1.sandbox1", "refresh_token": "Atzr|sandbox-amazon1",
}  # fmt: skip


def ask(market: Running, token: str, method: str, path: str, body: object = None) -> int:
    headers = {"x-amz-access-token": token, "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{market.port}{path}", data=data, headers=headers, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def access(market: Running) -> str:
    form = urllib.parse.urlencode(FORM).encode()
    with urllib.request.urlopen(f"http://127.0.0.1:{market.port}/auth/o2/token", form, timeout=30) as answer:
        return str(json.load(answer)["access_token"])


def at_once(times: int, what: Callable[[int], int]) -> Counter[int]:
    with ThreadPoolExecutor(8) as pool:
        return Counter(pool.map(what, range(times)))


def test_many_customers_buy_no_more_than_there_is(tmp_path: Path) -> None:
    with running(tmp_path) as market:
        market.act("amazon-seed-offers", quantity=3)

        def buy(_number: int) -> int:
            try:
                market.act("amazon-buy", skus=["OTHER00001"])
            except urllib.error.HTTPError as error:
                return error.code
            return 200

        assert at_once(12, buy) == {200: 3, 400: 9}
        state = market.state()["amazon"]
        assert (len(state["orders"]), state["offers"][0]["quantity"]) == (3, 0)


def test_many_workers_share_one_bucket(tmp_path: Path) -> None:
    """On a clock that stands as good as still: 0.0056 tokens a second."""
    with running(tmp_path) as market:
        token = access(market)
        path = "/orders/2026-01-01/orders?lastUpdatedAfter=2026-01-01T00:00:00Z"
        assert at_once(30, lambda _number: ask(market, token, "GET", path)) == {200: 20, 429: 10}
        calls = {each["status"]: each["count"] for each in market.state()["amazon"]["calls"]}
        assert calls == {200: 20, 429: 10}


def test_one_of_many_confirmations_counts(tmp_path: Path) -> None:
    with running(tmp_path) as market:
        market.act("amazon-settings", throttle="off")
        token = access(market)
        (order_id,) = market.act("amazon-seed-orders", count=1)["order_ids"]
        item = market.state()["amazon"]["orders"][0]["lines"][0]["item_id"]
        package = {
            "packageReferenceId": "1", "carrierCode": "SAGAWA", "trackingNumber": "1", "shipDate": "2026-11-25T01:00:00Z",
            "orderItems": [{"orderItemId": item, "quantity": 1}],
        }  # fmt: skip
        body = {"marketplaceId": JAPAN, "packageDetail": package}
        path = f"/orders/v0/orders/{order_id}/shipmentConfirmation"
        assert at_once(8, lambda _number: ask(market, token, "POST", path, body)) == {204: 1, 400: 7}
        assert len(market.state()["amazon"]["orders"][0]["packages"]) == 1


def test_an_answer_is_lost_on_the_wire_and_the_work_is_done(tmp_path: Path) -> None:
    with running(tmp_path) as market:
        token = access(market)
        market.act("amazon-settings", lose_answers=1)
        path = f"/listings/2021-08-01/items/{SELLERS['amazon1']}/S-1?marketplaceIds={JAPAN}"
        with pytest.raises((http.client.IncompleteRead, http.client.RemoteDisconnected)):
            ask(market, token, "PUT", path, offer())
        assert [each["sku"] for each in market.state()["amazon"]["waiting"]] == ["S-1"]
        assert ask(market, token, "PUT", path, offer()) == 200


def test_amazon_is_the_same_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        first.act("amazon-seed-offers", count=2)
        first.act("amazon-buy", skus=["OTHER00001"])
        first.act("amazon-settings", lose_answers=3)
        token, before = access(first), first.state()["amazon"]
    with running(tmp_path) as second:
        assert second.state()["amazon"] == before
        assert (
            ask(second, token, "GET", f"/catalog/2022-04-01/items/B0SBX00001?marketplaceIds={JAPAN}") == 200
        )
