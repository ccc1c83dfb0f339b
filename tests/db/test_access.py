"""R1, R2: every route says who may call it, and only those can. The walks are over the URL map, so none can be forgotten."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Map, Rule
from werkzeug.test import TestResponse

from recore.identity.models import Account, Policy
from recore.identity.models import Shop as ShopRow
from recore.identity.rules import OPERATIONS, allow_only
from recore.identity.service import hash_password
from recore.platform.db import db
from recore.web.access import DEVICE, PUBLIC, SIGNED_IN, access_of
from recore.web.api_bodies import validator
from tests.support.every_route import (
    Call,
    Filled,
    arguments,
    calls,
    client_of,
    fill,
    rows_of,
    send,
    token_for,
)
from tests.support.shop import open_shop

# Whoever opens a route to everybody, or to every login, says so here too.
OPEN_TO_ALL = {
    "static", "identity.login", "identity.login_submit",
    "identity.token",  # the browser's own
    "listings_api.file",  # its signed link is the permission
    "photo_link.show", "photo_link.strip", "photo_link.upload", "photo_link.order", "photo_link.change",
    "photo_link.thumbnail",  # so is a QR code's
    "sync_api.start_pairing", "sync_api.poll_pairing",  # the extension's Origin is
}  # fmt: skip
OPEN_TO_EVERY_LOGIN = {
    "home.index", "home.counts", "home.scan", "identity.logout", "identity.check_staff", "identity.choose_staff",
    "identity.idle_staff", "identity.leave_staff",
    "settings.home",  # shows only what the login may open
}  # fmt: skip


@pytest.fixture
def no_csrf(app: Flask) -> None:
    """The walks test permissions; that every form needs its token has a test of its own."""
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def home(app: Flask, no_csrf: None) -> Filled:
    return fill(app, "home")


def silent_routes(app: Flask) -> list[str]:
    return [rule.endpoint for rule in app.url_map.iter_rules() if access_of(app, rule.endpoint) is None]


def is_problem(answer: TestResponse) -> bool:
    return answer.mimetype == "application/problem+json" and validator("problem").is_valid(answer.json)


def wrong_refusal(call: Call, answer: TestResponse, status: int) -> object:
    """What is wrong with a refusal, None when nothing is; the extension's API refuses as problem+json."""
    if answer.status_code != status:
        return answer.status_code
    return answer.mimetype if call.path.startswith("/api/") and not is_problem(answer) else None


def found(wrong: dict[str, object]) -> dict[str, object]:
    return {call: what for call, what in wrong.items() if what is not None}


def test_every_route_says_who_may_call_it(app: Flask) -> None:
    assert silent_routes(app) == []
    said = {rule.endpoint: access_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert {endpoint for endpoint, access in said.items() if access == PUBLIC} == OPEN_TO_ALL
    assert {endpoint for endpoint, access in said.items() if access == SIGNED_IN} == OPEN_TO_EVERY_LOGIN
    assert set(said.values()) <= {PUBLIC, SIGNED_IN, DEVICE, *OPERATIONS}


def test_a_view_that_does_not_say_who_may_call_it_never_runs(app: Flask) -> None:
    open_shop(app)
    ran = []
    app.add_url_rule("/forgotten", "forgotten", lambda: str(ran.append(1)))
    assert silent_routes(app) == ["forgotten"]
    assert app.test_client().get("/forgotten").status_code == 500
    assert ran == []


def test_a_route_with_an_unknown_parameter_is_not_skipped() -> None:
    rule = Rule("/new/<int:thing_id>", endpoint="new.show")
    Map([rule])
    with pytest.raises(KeyError, match="thing_id"):
        list(arguments(rule, {"account_id": 1}))


def test_r2_a_stranger_is_asked_to_log_in(app: Flask, home: Filled) -> None:
    before, wrong = rows_of(home.shop), {}
    for call in calls(app, home.ids):
        if call.access == PUBLIC:
            continue
        answer = send(app.test_client(), home, call)
        if call.access == DEVICE:
            wrong[str(call)] = wrong_refusal(call, answer, 401)
        elif answer.status_code != 302 or not answer.headers["Location"].startswith("/login"):
            wrong[str(call)] = answer.status_code
    assert found(wrong) == {}
    assert rows_of(home.shop) == before


def test_r2_without_the_permission_nothing_opens_and_nothing_changes(app: Flask, home: Filled) -> None:
    with home.shop.work() as uow:
        nothing = Policy(name="何もできない", rules=allow_only())
        uow.session.add(nothing)
        uow.session.flush()
        shop_id = uow.session.scalars(sa.select(ShopRow.id)).one()
        uow.session.add(
            Account(login_id="nobody", password_hash=hash_password("nobody-pass"), name="誰か", shop_id=shop_id,
                    policy_id=nothing.id)
        )  # fmt: skip
    client = client_of(app, home.host, "nobody", "nobody-pass")
    before = rows_of(home.shop)
    wrong = {
        str(call): wrong_refusal(call, send(client, home, call), 403)
        for call in calls(app, home.ids)
        if call.access in OPERATIONS
    }
    assert found(wrong) == {}
    assert rows_of(home.shop) == before


def test_r2_every_other_permission_is_not_enough(app: Flask, home: Filled) -> None:
    """Partially privileged: whoever may do everything but the one thing that a route is about."""
    with home.shop.work() as uow:
        almost = Policy(name="ほとんど全部", rules=allow_only())
        uow.session.add(almost)
        uow.session.flush()
        policy_id, shop_id = almost.id, uow.session.scalars(sa.select(ShopRow.id)).one()
        uow.session.add(
            Account(login_id="almost", password_hash=hash_password("almost-pass"), name="誰か", shop_id=shop_id,
                    policy_id=policy_id)
        )  # fmt: skip
    client = client_of(app, home.host, "almost", "almost-pass")
    routes = [call for call in calls(app, home.ids) if call.access in OPERATIONS]
    wrong: dict[str, object] = {}
    for operation in OPERATIONS:
        with home.shop.work() as uow:
            others = allow_only(*(set(OPERATIONS) - {operation}))
            uow.session.scalars(sa.select(Policy).where(Policy.id == policy_id)).one().rules = others
        before = rows_of(home.shop)
        for call in routes:
            if call.access == operation:
                wrong[str(call)] = wrong_refusal(call, send(client, home, call), 403)
        assert rows_of(home.shop) == before
    assert found(wrong) == {}


def test_r2_a_login_is_no_device_and_a_device_is_no_login(app: Flask, home: Filled) -> None:
    manager, before = client_of(app, home.host, "demo", "demo-pass"), rows_of(home.shop)
    wrong: dict[str, object] = {}
    for call in calls(app, home.ids):
        if call.access == DEVICE:
            wrong[str(call)] = wrong_refusal(call, send(manager, home, call), 401)
        elif call.access != PUBLIC:
            status = send(app.test_client(), home, call, token=home.token).status_code
            wrong[str(call)] = None if status == 302 else status
    assert found(wrong) == {}
    assert rows_of(home.shop) == before


def test_r1_another_tenants_rows_are_not_there(app: Flask, home: Filled) -> None:
    """Whoever may do everything in one shop, naming the rows of another: each URL that names one answers 404."""
    other = fill(app, "other")
    before, wrong = rows_of(home.shop), {}
    mixed = Filled(other.shop, other.host, home.ids, other.token)
    manager = client_of(app, other.host, "demo", "demo-pass")
    for call in calls(app, home.ids):
        if call.endpoint in ("identity.logout", "sync_api.delete_device"):
            continue
        client = app.test_client() if call.access == DEVICE else manager
        answer = send(client, mixed, call, token=token_for(call, other))
        if call.names_something:
            wrong[str(call)] = wrong_refusal(call, answer, 404)
        elif answer.status_code >= 500:
            wrong[str(call)] = answer.status_code
    assert found(wrong) == {}
    assert rows_of(home.shop) == before


def test_r1_a_session_of_one_tenant_is_none_in_another(app: Flask, home: Filled) -> None:
    other = fill(app, "other")
    at_home = client_of(app, home.host, "demo", "demo-pass")
    cookie = at_home.get_cookie("recore_session", domain=home.host)
    assert cookie is not None
    stolen = app.test_client()
    stolen.set_cookie("recore_session", cookie.value, domain=other.host)
    before, wrong = rows_of(other.shop), {}
    for call in calls(app, other.ids):
        if call.access not in (PUBLIC, DEVICE):
            status = send(stolen, other, call).status_code
            wrong[str(call)] = None if status == 302 else status
    assert found(wrong) == {}
    assert rows_of(other.shop) == before


# A repeat, or a row that has moved on in the walk, is a Conflict; anything else than these is not an answer.
ANSWERS = (200, 201, 202, 204, 302, 409)


def test_r2_who_may_gets_an_answer_and_reads_write_nothing(app: Flask, home: Filled) -> None:
    written: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.lstrip().split(" ", 1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            written.append(statement)

    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", note)
    wrong: dict[str, object] = {}
    client = client_of(app, home.host, "demo", "demo-pass")
    for call in calls(app, home.ids):
        if call.endpoint == "identity.logout":
            continue
        written.clear()
        answer = send(client, home, call, token=token_for(call, home))
        if call.method == "GET":
            is_right = answer.status_code == (302 if call.endpoint == "identity.login" else 200)
            wrong[str(call)] = answer.status_code if not is_right else written[0] if written else None
        elif answer.status_code not in ANSWERS:
            wrong[str(call)] = (answer.status_code, answer.text[-300:])
        elif call.path.startswith("/api/") and answer.status_code == 409 and not is_problem(answer):
            wrong[str(call)] = answer.mimetype
    assert found(wrong) == {}


def test_every_form_needs_its_token(app: Flask, home: Filled) -> None:
    client = client_of(app, home.host, "demo", "demo-pass")
    before = rows_of(home.shop)
    app.config["WTF_CSRF_ENABLED"] = True
    wrong = {}
    for call in calls(app, home.ids):
        if call.method != "GET" and not call.path.startswith("/api/"):
            status = send(client, home, call).status_code
            wrong[str(call)] = None if status == 400 else status
    assert len(wrong) > 30 and found(wrong) == {}
    assert rows_of(home.shop) == before


def test_r13_only_the_extension_may_ask_for_a_pairing(app: Flask, home: Filled) -> None:
    client: FlaskClient = client_of(app, home.host, "demo", "demo-pass")
    before = rows_of(home.shop)
    wrong = {
        str(call): wrong_refusal(call, send(client, home, call, origin="https://evil.example"), 403)
        for call in calls(app, home.ids)
        if call.endpoint in ("sync_api.start_pairing", "sync_api.poll_pairing")
    }
    assert len(wrong) == 2 and found(wrong) == {}
    assert rows_of(home.shop) == before
