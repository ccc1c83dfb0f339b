"""R34: Amazon's gate: access tokens, the token endpoint, token buckets, and failures on request."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from tests.sandbox.amazon_program import API, JAPAN, LWA, Program, offer
from tests.sandbox.conftest import Visitor

DENIED = "Access to requested resource is denied."


@pytest.fixture
def program(visitor: Visitor) -> Program:
    return Program(visitor)


@pytest.fixture
def other(visitor: Visitor) -> Program:
    return Program(visitor, "amazon2")


def said(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in (answer.json or {}).items() if name != "request_id"}


# --- tokens ---


def test_a_refresh_token_becomes_an_access_token_for_an_hour(program: Program) -> None:
    answer = program.refresh()
    told = said(answer)
    assert told.pop("access_token").startswith("Atza|")
    assert told == {"refresh_token": "Atzr|sandbox-amazon1", "token_type": "bearer", "expires_in": 3600}
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_token_endpoint_takes_json_too(program: Program) -> None:
    answer = program.visitor.post(LWA, "/auth/o2/token", json=program.credentials())
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "error", "words"),
    [
        ({"refresh_token": "Atzr|other"}, 400, "invalid_grant", "The request has an invalid grant parameter : refresh_token"),
        ({"refresh_token": "Atzr|sandbox-amazon2"}, 400, "invalid_grant", "The request has an invalid grant parameter : refresh_token"),
        ({"client_secret": "wrong"}, 401, "invalid_client", "Client authentication failed"),
        ({"client_id": "wrong"}, 401, "invalid_client", "Client authentication failed"),
        ({"client_id": ""}, 400, "invalid_request", "The request is missing a required parameter : client_id"),
        ({"refresh_token": ""}, 400, "invalid_request", "The request is missing a required parameter : refresh_token"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server"),
    ],
)  # fmt: skip
def test_what_is_no_good_at_the_token_endpoint(
    program: Program, changes: dict[str, str], status: int, error: str, words: str
) -> None:
    answer = program.refresh(**changes)
    assert (answer.status_code, said(answer)) == (status, {"error": error, "error_description": words})


def test_a_token_is_over_after_an_hour_of_the_markets_clock(program: Program) -> None:
    program.visitor.act("amazon-settings", throttle="off")
    program.told("searchCatalogItems", keywords="カメラ")
    program.visitor.act("clock", minutes=59)
    program.told("searchCatalogItems", keywords="カメラ")
    program.visitor.act("clock", minutes=1)
    refused = program.refused("searchCatalogItems", keywords="カメラ", status=403)
    assert refused == {
        "code": "Unauthorized",
        "message": DENIED,
        "details": "The access token you provided has expired.",
    }
    program.refresh()
    program.told("searchCatalogItems", keywords="カメラ")


def test_the_control_room_ends_tokens_before_their_time(program: Program, other: Program) -> None:
    program.refresh(), other.refresh()
    program.visitor.act("amazon-expire-tokens", seller="amazon1")
    assert program.refused("searchCatalogItems", keywords="x", status=403)["details"].endswith("expired.")
    other.told("searchCatalogItems", keywords="x")


@pytest.mark.parametrize(
    ("token", "details"),
    [
        ("", "Access token is missing in the request header."),
        ("Atza|nobody", "The access token you provided is revoked, malformed or invalid."),
    ],
)
def test_without_a_good_token_nobody_is_let_in(program: Program, token: str, details: str) -> None:
    refused = program.refused("getOrder", orderId="503-0000001-0000001", token=token, status=403)
    assert (refused["code"], refused["message"], refused["details"]) == ("Unauthorized", DENIED, details)


def test_a_revoked_authorisation_ends_both_tokens_and_a_new_one_has_others(program: Program) -> None:
    program.refresh()
    program.visitor.act("amazon-revoke", seller="amazon1")
    assert program.refused("searchCatalogItems", keywords="x", status=403)["details"].startswith(
        "The access token"
    )
    assert said(program.refresh())["error"] == "invalid_grant"
    fresh = program.visitor.act("amazon-authorize", seller="amazon1")["refresh_token"]
    assert said(program.refresh())["error"] == "invalid_grant"
    assert program.refresh(refresh_token=fresh).status_code == 200
    program.told("searchCatalogItems", keywords="x")


def test_nobody_acts_for_another_seller(program: Program, other: Program) -> None:
    refused = program.refused("getListingsItem", sellerId=other.seller_id, sku="S", status=403)
    assert refused["code"] == "Unauthorized"
    assert program.ask("putListingsItem", offer(), sellerId=other.seller_id, sku="S").status_code == 403
    assert (
        program.ask("getListingsRestrictions", sellerId=other.seller_id, asin="B0SBX00001").status_code == 403
    )
    assert program.visitor.state()["amazon"]["waiting"] == []


def test_another_sellers_order_is_not_there(program: Program, other: Program) -> None:
    order_id = program.visitor.act("amazon-seed-orders", seller="amazon2", count=1)["order_ids"][0]
    assert program.ask("getOrder", orderId=order_id).status_code == 404
    assert other.ask("getOrder", orderId=order_id).status_code == 200


def test_a_path_that_there_is_not_is_denied(program: Program) -> None:
    answer = program.visitor.get(API, "/orders/v0/orders")
    assert (answer.status_code, (answer.json or {})["errors"][0]["code"]) == (403, "Unauthorized")


def test_programs_that_find_no_other_host_ask_on_localhost(program: Program) -> None:
    """`*.localhost` is this machine to Chromium, but not to every machine's programs."""
    program.visitor.act("amazon-seed-offers")
    for base in ("http://localhost:8100", "http://127.0.0.1:8100"):
        answer = program.visitor.client.post("/auth/o2/token", base_url=base, data=program.credentials())
        headers = {"x-amz-access-token": (answer.json or {})["access_token"]}
        path = f"/listings/2021-08-01/items/{program.seller_id}/OTHER00001?marketplaceIds={JAPAN}"
        item = program.visitor.client.get(path, base_url=base, headers=headers).json or {}
        picture = item["summaries"][0]["mainImage"]["link"]
        assert picture.startswith(f"{base}/-/images/")
        assert program.visitor.client.get(picture.removeprefix(base), base_url=base).status_code == 200


# --- buckets ---


def test_a_bucket_is_empty_after_its_burst_and_tells_no_rate(program: Program) -> None:
    for _ in range(2):
        assert program.ask("getCatalogItem", asin="B0SBX00001").headers["x-amzn-RateLimit-Limit"] == "2.0"
    answer = program.ask("getCatalogItem", asin="B0SBX00001")
    assert answer.status_code == 429
    assert (answer.json or {})["errors"] == [{
        "code": "QuotaExceeded", "message": "You exceeded your quota for the requested resource.", "details": "",
    }]  # fmt: skip
    assert "x-amzn-RateLimit-Limit" not in answer.headers
    assert "Retry-After" not in answer.headers


def test_every_seller_and_operation_has_its_own_bucket(program: Program, other: Program) -> None:
    for _ in range(2):
        program.told("getCatalogItem", asin="B0SBX00001")
    assert program.ask("getCatalogItem", asin="B0SBX00001").status_code == 429
    program.told("searchCatalogItems", keywords="カメラ")
    other.told("getCatalogItem", asin="B0SBX00001")


def test_buckets_fill_on_the_markets_clock_when_it_is_told(program: Program) -> None:
    program.visitor.act("amazon-settings", throttle="market")
    for _ in range(20):
        program.told("searchOrders", lastUpdatedAfter="2026-01-01T00:00:00Z")
    assert program.ask("searchOrders", lastUpdatedAfter="2026-01-01T00:00:00Z").status_code == 429
    program.visitor.act("clock", minutes=2.9)  # 0.0056 a second: one in 178.6 seconds
    assert program.ask("searchOrders", lastUpdatedAfter="2026-01-01T00:00:00Z").status_code == 429
    program.visitor.act("clock", minutes=0.2)
    program.told("searchOrders", lastUpdatedAfter="2026-01-01T00:00:00Z")


def test_buckets_fill_in_real_time_otherwise(program: Program) -> None:
    program.refresh()
    with time_machine.travel("2026-11-25T00:00:00Z", tick=False) as clock:
        for _ in range(2):
            program.told("getCatalogItem", asin="B0SBX00001")
        assert program.ask("getCatalogItem", asin="B0SBX00001").status_code == 429
        clock.shift(0.5)
        program.told("getCatalogItem", asin="B0SBX00001")


def test_the_limit_can_be_off_and_buckets_be_filled(program: Program) -> None:
    for _ in range(2):
        program.told("getCatalogItem", asin="B0SBX00001")
    program.visitor.act("amazon-fill-buckets")
    program.told("getCatalogItem", asin="B0SBX00001")
    program.visitor.act("amazon-settings", throttle="off")
    for _ in range(5):
        program.told("getCatalogItem", asin="B0SBX00001")


def test_the_state_counts_every_call(program: Program) -> None:
    for _ in range(3):
        program.ask("getCatalogItem", asin="B0SBX00001")
    counted = {
        (each["operation"], each["status"]): each["count"]
        for each in program.visitor.state()["amazon"]["calls"]
    }
    assert counted == {("getCatalogItem", 200): 2, ("getCatalogItem", 429): 1}


# --- failures ---


@pytest.mark.parametrize(
    ("kind", "status", "mimetype", "has_body"),
    [
        ("html503", 503, "text/html", True),
        ("empty503", 503, "text/html", False),
        ("empty500", 500, "text/html", False),
        ("429", 429, "application/json", True),
        ("bare429", 429, "text/html", False),
    ],
)
def test_failures_have_the_form_that_they_have(
    program: Program, kind: str, status: int, mimetype: str, has_body: bool
) -> None:
    program.visitor.act("amazon-settings", fail_next=2, fail_kind=kind)
    program.visitor.act("amazon-settings", fail_where="putListingsItem")
    for _ in range(2):
        answer = program.ask("putListingsItem", offer(), sku="S-1")
        assert (answer.status_code, answer.mimetype, bool(answer.data)) == (status, mimetype, has_body)
        program.told("getCatalogItem", asin="B0SBX00001")
    assert program.visitor.state()["amazon"]["waiting"] == []
    assert program.put("S-1")["status"] == "ACCEPTED"


def test_a_broken_connection_before_anything_was_done(program: Program) -> None:
    program.refresh()
    program.visitor.act("amazon-settings", fail_next=1, fail_kind="drop")
    with pytest.raises(ConnectionAbortedError):
        program.ask("putListingsItem", offer(), sku="S-1").get_data()
    assert program.visitor.state()["amazon"]["waiting"] == []


def test_a_lost_answer_after_everything_was_done(program: Program) -> None:
    program.refresh()
    program.visitor.act("amazon-settings", lose_answers=1)
    program.told("getCatalogItem", asin="B0SBX00001")  # nothing is lost but what changes something
    with pytest.raises(ConnectionAbortedError):
        program.ask("putListingsItem", offer(), sku="S-1").get_data()
    assert [each["sku"] for each in program.visitor.state()["amazon"]["waiting"]] == ["S-1"]
    assert program.put("S-1")["status"] == "ACCEPTED"


def test_the_token_endpoint_can_be_down(program: Program, other: Program) -> None:
    program.visitor.act("amazon-settings", seller="amazon1", token_down=True)
    answer = program.refresh()
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert other.refresh().status_code == 200
    program.visitor.act("amazon-settings", seller="amazon1", token_down=None)
    program.visitor.act("amazon-settings", fail_next=1, fail_kind="empty500", fail_where="token")
    assert program.refresh().status_code == 500
    assert program.refresh().status_code == 200


def test_answers_can_be_slow_for_one_seller(
    program: Program, other: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("sandbox.amazon.faults.time.sleep", waited.append)
    program.refresh(), other.refresh()
    program.visitor.act("amazon-settings", seller="amazon2", slow_seconds=2.5)
    program.told("getCatalogItem", asin="B0SBX00001")
    assert waited == []
    other.told("getCatalogItem", asin="B0SBX00001")
    assert waited == [2.5]
