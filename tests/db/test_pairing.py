"""R13: a browser is paired at once by whoever is logged in, else by a code that a person approves; and unpaired again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from recore.identity.devices import SEEN_EVERY
from recore.identity.models import Device, PairingRequest
from recore.identity.pairing import ALPHABET, pair_now
from recore.platform.audit import AuditEntry
from recore.platform.crypto import hash_token
from recore.sync.api import extension_origin
from recore.web.api_bodies import validator
from tests.support.shop import Shop, open_shop
from tests.support.store import pc_of

API = "/api/ext/v1"
BODY = {"device_name": "レジ横のPC", "extension_version": "1.2.3", "browser": "Chrome 142"}


@pytest.fixture(autouse=True)
def no_csrf(shop: Shop) -> None:
    shop.app.config["WTF_CSRF_ENABLED"] = False


def post(client: FlaskClient, path: str, body: object, origin: str | None = None) -> TestResponse:
    headers = {"Origin": origin or extension_origin()}
    return client.post(f"{API}{path}", json=body, headers=headers)


def ask(client: FlaskClient) -> dict[str, Any]:
    answer = post(client, "/pairings", BODY)
    assert answer.status_code == 201, answer.text
    validator("pairing_answer").validate(answer.json)
    return dict(answer.get_json())


def poll(client: FlaskClient, device_code: str) -> dict[str, Any]:
    answer = post(client, "/pairings/poll", {"device_code": device_code})
    assert answer.status_code == 200, answer.text
    validator("pairing_poll_answer").validate(answer.json)
    return dict(answer.get_json())


def context(client: FlaskClient, token: str) -> TestResponse:
    return client.get(f"{API}/context", headers={"Authorization": f"Bearer {token}"})


def log_in(client: FlaskClient, login_id: str = "demo") -> FlaskClient:
    answer = client.post("/login", data={"login_id": login_id, "password": "demo-pass"})
    assert answer.status_code == 302, answer.text
    return client


@pytest.fixture
def manager(shop: Shop, new_client: Callable[[], FlaskClient]) -> FlaskClient:
    return log_in(new_client())


def devices(shop: Shop) -> list[Device]:
    with shop.read() as session:
        return list(session.scalars(sa.select(Device).order_by(Device.id)))


def actions(shop: Shop) -> list[tuple[str, str]]:
    with shop.read() as session:
        return [
            (row.action, row.actor_label)
            for row in session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
            if row.action.startswith("device.")
        ]


def test_r13_a_browser_that_is_logged_in_is_paired_at_once(shop: Shop, client: FlaskClient) -> None:
    answer = ask(log_in(client))
    assert (answer["status"], answer["tenant_name"]) == ("paired", "リユースshop")
    (device,) = devices(shop)
    assert (device.id, device.name, device.extension_version) == (answer["device_id"], "レジ横のPC", "1.2.3")
    assert device.paired_by == "店長PC"
    assert context(shop.app.test_client(), answer["device_token"]).get_json()["device"] == {
        "id": device.id, "name": "レジ横のPC",
    }  # fmt: skip
    assert actions(shop) == [("device.pair", "店長PC")]


def test_r13_only_the_hash_of_the_token_is_kept(shop: Shop, client: FlaskClient) -> None:
    token = ask(log_in(client))["device_token"]
    assert [device.token_hash for device in devices(shop)] == [hash_token(token)]


def test_r13_a_login_without_the_permission_gets_a_code_instead(shop: Shop, client: FlaskClient) -> None:
    assert ask(log_in(client, "till"))["status"] == "pending"
    assert devices(shop) == []


def test_r13_a_code_is_approved_by_a_person_and_gives_one_token(
    shop: Shop, client: FlaskClient, manager: FlaskClient
) -> None:
    asked = ask(client)
    code = asked["user_code"]
    assert len(code) == 9 and set(code.replace("-", "")) <= set(ALPHABET)
    assert asked["verification_uri"] == f"http://localhost/pair?code={code}"
    assert (asked["interval"], asked["expires_in"]) == (3, 600)
    assert poll(client, asked["device_code"]) == {"status": "pending"}

    page = manager.get(f"/pair?code={code}")
    assert page.status_code == 200 and "レジ横のPC" in page.text and code in page.text
    done = manager.post("/pair", data={"code": code, "answer": "approve"}, follow_redirects=True)
    assert "「レジ横のPC」を許可しました" in done.text
    assert devices(shop) == []  # nothing is paired before the extension fetches its token

    paired = poll(client, asked["device_code"])
    assert paired["status"] == "paired"
    assert context(client, paired["device_token"]).status_code == 200
    assert poll(client, asked["device_code"]) == {"status": "expired"}
    assert [device.paired_by for device in devices(shop)] == ["店長PC"]
    assert actions(shop) == [("device.approve", "店長PC"), ("device.pair", "拡張機能")]


@pytest.mark.parametrize("typed", ["lower", "ｆｕｌｌ　ｗｉｄｔｈ", "no hyphen"])
def test_r13_the_code_may_be_typed_as_people_type(
    client: FlaskClient, manager: FlaskClient, typed: str
) -> None:
    asked = ask(client)
    code = asked["user_code"]
    forms = {
        "lower": code.lower(),
        "ｆｕｌｌ　ｗｉｄｔｈ": code.translate({ord(each): ord(each) + 0xFEE0 for each in ALPHABET} | {ord("-"): "　"}),
        "no hyphen": f" {code.replace('-', '')} ",
    }  # fmt: skip
    page = manager.get("/pair", query_string={"code": forms[typed]})
    assert page.status_code == 200 and code in page.text
    assert manager.post("/pair", data={"code": forms[typed], "answer": "approve"}).status_code == 302
    assert poll(client, asked["device_code"])["status"] == "paired"


def test_r13_a_refused_code_never_gives_a_token(
    shop: Shop, client: FlaskClient, manager: FlaskClient
) -> None:
    asked = ask(client)
    manager.post("/pair", data={"code": asked["user_code"], "answer": "deny"})
    assert poll(client, asked["device_code"]) == {"status": "denied"}
    again = manager.post("/pair", data={"code": asked["user_code"], "answer": "approve"})
    assert again.status_code == 404
    assert poll(client, asked["device_code"]) == {"status": "denied"}
    assert devices(shop) == []


def test_r13_neither_answer_decides_nothing(client: FlaskClient, manager: FlaskClient) -> None:
    asked = ask(client)
    assert manager.post("/pair", data={"code": asked["user_code"]}).status_code == 422
    assert poll(client, asked["device_code"]) == {"status": "pending"}


def test_r13_a_code_lives_ten_minutes(shop: Shop, new_client: Callable[[], FlaskClient]) -> None:
    start = datetime.now(UTC)
    with time_machine.travel(start, tick=False):
        asked = ask(new_client())
    manager = log_in(new_client())
    with time_machine.travel(start + timedelta(minutes=10), tick=False):
        late = manager.post("/pair", data={"code": asked["user_code"], "answer": "approve"})
        assert late.status_code == 404 and "期限が切れています" in late.text
        assert poll(new_client(), asked["device_code"]) == {"status": "expired"}
    with time_machine.travel(start + timedelta(minutes=10, seconds=-1), tick=False):
        assert (
            manager.post("/pair", data={"code": asked["user_code"], "answer": "approve"}).status_code == 302
        )
    with time_machine.travel(start + timedelta(days=2), tick=False):  # old requests go when a new one comes
        ask(new_client())
    with shop.read() as session:
        codes = session.scalars(sa.select(PairingRequest.user_code)).all()
    assert len(codes) == 1 and asked["user_code"] not in codes


def test_r13_an_unknown_code_says_so(manager: FlaskClient) -> None:
    for answer in (
        manager.get("/pair?code=BBBB-BBBB"),
        manager.post("/pair", data={"code": "BBBB-BBBB", "answer": "approve"}),
    ):
        assert answer.status_code == 404
        assert "この接続コードは見つからないか、期限が切れています。" in answer.text


def test_r13_polls_at_once_make_one_device(
    shop: Shop, new_client: Callable[[], FlaskClient], manager: FlaskClient
) -> None:
    asked = ask(new_client())
    manager.post("/pair", data={"code": asked["user_code"], "answer": "approve"})
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(lambda each: poll(each, asked["device_code"]), [new_client() for _ in range(6)])
        )
    statuses = sorted(answer["status"] for answer in answers)
    assert statuses.count("paired") == 1 and set(statuses) <= {"paired", "expired", "pending"}
    assert len(devices(shop)) == 1


@pytest.mark.parametrize("path", ["/pairings", "/pairings/poll"])
def test_r13_a_web_page_cannot_pair_with_the_browsers_session(
    shop: Shop, client: FlaskClient, path: str
) -> None:
    log_in(client)
    for origin in ("https://evil.example", "http://localhost", "null"):
        answer = post(client, path, BODY, origin)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "WRONG_ORIGIN")
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert client.post(f"{API}{path}", json=BODY).status_code == 403
    assert devices(shop) == []


def test_r13_the_extension_may_read_the_answer_with_its_cookies(client: FlaskClient) -> None:
    answer = client.options(
        f"{API}/pairings",
        headers={
            "Origin": extension_origin(),
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == extension_origin()
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"


def test_r13_a_malformed_request_names_its_field(client: FlaskClient) -> None:
    answer = post(client, "/pairings", {"device_name": "", "extension_version": "1", "browser": "Chrome"})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.get_json()["field"] == "device_name"


def test_r13_a_revoked_device_is_out_and_stays_on_the_list(
    shop: Shop, client: FlaskClient, manager: FlaskClient
) -> None:
    pc = pc_of(shop, client, shop.yahoo_account(), "奥のPC")
    assert context(client, pc.token).status_code == 200
    (device,) = devices(shop)
    page = manager.post(f"/settings/devices/{device.id}/revoke", follow_redirects=True)
    assert "接続を解除しました" in page.text and "奥のPC" in page.text and "解除済み" in page.text
    refused = context(client, pc.token)
    assert (refused.status_code, refused.mimetype) == (401, "application/problem+json")
    assert refused.get_json()["code"] == "NOT_PAIRED"
    first = devices(shop)[0].revoked_at
    manager.post(f"/settings/devices/{device.id}/revoke")  # again: nothing changes
    assert devices(shop)[0].revoked_at == first is not None
    assert [action for action, _ in actions(shop)] == ["device.pair", "device.revoke"]


def test_r13_the_extension_ends_its_own_pairing(shop: Shop, client: FlaskClient) -> None:
    pc = pc_of(shop, client, shop.yahoo_account(), "奥のPC")
    assert pc.call("DELETE", "/device").status_code == 204
    assert pc.call("DELETE", "/device").status_code == 401
    assert actions(shop)[-1] == ("device.revoke", "奥のPC")


def test_r13_a_token_is_good_for_its_tenant_only(shop: Shop, client: FlaskClient) -> None:
    tokens = {}
    for slug in ("home", "other"):
        its = open_shop(shop.app, slug, f"{slug}.localhost")
        with its.work() as uow:
            tokens[slug] = pair_now(uow, f"{slug}のPC", "1.0.0", "店長")[1]
    for host in ("home", "other"):
        for owner, token in tokens.items():
            answer = client.get(
                f"{API}/context",
                base_url=f"http://{host}.localhost",
                headers={"Authorization": f"Bearer {token}"},
            )
            assert answer.status_code == (200 if host == owner else 401), (host, owner)


def test_r13_when_a_device_last_sent_something_is_shown(
    shop: Shop, client: FlaskClient, manager: FlaskClient
) -> None:
    pc = pc_of(shop, client, shop.yahoo_account(), "奥のPC")
    start = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    context(client, pc.token)
    assert devices(shop)[0].last_seen_at is None  # a read writes nothing
    with time_machine.travel(start, tick=False):
        assert pc.start(sent_at=start).status_code == 201
    with time_machine.travel(start + SEEN_EVERY / 2, tick=False):
        pc.finish()
    assert devices(shop)[0].last_seen_at == start
    with time_machine.travel(start + SEEN_EVERY, tick=False):
        pc.start(sent_at=start)
    assert devices(shop)[0].last_seen_at == start + SEEN_EVERY
    assert "2026/11/23 18:01" in manager.get("/settings/devices").text
