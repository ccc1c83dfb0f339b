"""R1, R2: every route says who may call it, and only those can. The walk is over the URL map, so none can be forgotten."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from recore.buyin.service import LineInput, add_line, open_purchase
from recore.catalog.service import register_product
from recore.identity.models import Account, Policy, Staff
from recore.identity.models import Shop as ShopRow
from recore.identity.pairing import pair_now
from recore.identity.rules import allow_only
from recore.identity.service import hash_password
from recore.platform.db import Base, db
from recore.sales.service import SaleLine, sell
from recore.stock.rules import SalesRoute
from recore.web.access import DEVICE, PUBLIC, SIGNED_IN, access_of
from tests.support.desk import make_batch, photo, picture, queued, run_jobs
from tests.support.shop import Shop, open_shop
from tests.support.store import Pc, orders_now, pc_of, won

CHANNEL = "yahoo_auction"
REFUSED_TO_LOG_IN = (301, 302, 401)


@dataclass
class Filled:
    """A shop with one of everything; `ids` by URL parameter."""

    shop: Shop
    host: str
    ids: dict[str, Any]
    token: str


def fill(app: Flask, slug: str, host: str) -> Filled:
    shop = open_shop(app, slug, host)
    account_id = shop.yahoo_account()
    item = shop.item()
    ids: dict[str, Any] = {"account_id": account_id, "stock_item_id": item, "photo_id": photo(shop, item)}
    ids["listing_id"] = queued(shop, account_id)
    (ids["batch_id"],) = make_batch(shop, account_id).batch_ids
    run_jobs(shop)
    pc = pc_on_host(shop, app.test_client(), host, account_id)
    pc.sync(orders=[won("x1", "none", status="入金済み")])
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        shop_id = uow.session.scalars(sa.select(ShopRow.id)).one()
        ids["purchase_id"] = open_purchase(uow, shop_id).id
        product = register_product(uow, name="カメラ")
        line = LineInput(product.id, "A", 100, 500, 1, SalesRoute.BOTH)
        ids["line_id"] = add_line(uow, ids["purchase_id"], line).id
    sold = shop.item()
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        ids["sale_id"] = sell(uow, uuid.uuid4().hex, shop_id, staff, [SaleLine(sold, 1, 5000)])
        ids["staff_id"] = staff.id
        ids["policy_id"] = staff.policy_id
        ids["login"] = uow.session.scalars(sa.select(Account.id).where(Account.login_id == "till")).one()
        ids["device_id"] = pair_now(uow, "別のPC", "1.0.0", "店長")[0].id  # the walk revokes it
    ids["order_id"] = orders_now(shop)[0].id
    ids["run_id"] = pc.run_id
    ids |= {"signed": "forged", "channel": CHANNEL, "size": "thumbnail", "filename": "icon.svg"}
    filled = Filled(shop, host, ids, pc.token)
    caller = log_in(app, filled, "demo", "demo-pass")
    made = caller.post(
        "/ec/orders/export",
        data={"order_ids": [ids["order_id"]], "encoding": "cp932"},
        base_url=f"http://{host}",
    )
    ids["export_id"] = int(made.headers["Location"].rstrip("/").rsplit("/", 1)[-1])
    return filled


def pc_on_host(shop: Shop, client: FlaskClient, host: str, account_id: int) -> Pc:
    client.open = partial(client.open, base_url=f"http://{host}")  # type: ignore[method-assign]
    return pc_of(shop, client, account_id)


def log_in(app: Flask, at: Filled, login: str, password: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post(
        "/login", data={"login_id": login, "password": password}, base_url=f"http://{at.host}"
    )
    assert answer.status_code == 302, answer.text
    return client


@pytest.fixture
def no_csrf(app: Flask) -> None:
    """The walks test permissions; that every form needs its token has a test of its own."""
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def home(app: Flask, no_csrf: None) -> Filled:
    return fill(app, "home", "home.localhost")


@dataclass(frozen=True)
class Call:
    endpoint: str
    method: str
    path: str
    has_ids: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.endpoint})"


def calls(app: Flask, filled: Filled, access: Callable[[str], bool]) -> Iterator[Call]:
    """Every route and method whose declared access fits, with the ids of `filled`; reads before writes."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    for method in ("GET", "POST", "DELETE", "PUT", "PATCH"):
        for rule in rules:
            if method in (rule.methods or ()) and access(str(access_of(app, rule.endpoint))):
                for values in arguments(rule, filled):
                    path = app.url_map.bind(filled.host).build(rule.endpoint, values, method=method)
                    has_ids = any(name.endswith("_id") or name == "login" for name in rule.arguments)
                    yield Call(rule.endpoint, method, path, has_ids)


def arguments(rule: Rule, filled: Filled) -> Iterator[dict[str, Any]]:
    """KeyError for a parameter that `fill` does not know: give it an example there."""
    values = {name: filled.ids[name] for name in rule.arguments if name != "action"}
    if "action" not in rule.arguments:
        yield values
        return
    converter = rule._converters["action"]  # the words that `any(…)` allows
    for word in sorted(converter.items):  # type: ignore[attr-defined]
        yield values | {"action": word}


BODIES: dict[str, dict[str, Any]] = {
    "photos.upload": {"photo": (BytesIO(picture()), "a.jpg")},
    "photos.order": {"order": "1"},
}


def send(client: FlaskClient, filled: Filled, call: Call, *, token: str | None = None) -> TestResponse:
    headers = {"Host": filled.host, "Idempotency-Key": str(uuid.uuid4())}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    if call.endpoint in ("sync_api.start_pairing", "sync_api.poll_pairing"):
        headers["Origin"] = "https://evil.example"
    return client.open(call.path, method=call.method, headers=headers, base_url=f"http://{filled.host}")


def test_every_route_says_who_may_call_it(app: Flask) -> None:
    silent = [rule.endpoint for rule in app.url_map.iter_rules() if access_of(app, rule.endpoint) is None]
    assert silent == []


def test_r2_a_stranger_is_asked_to_log_in(app: Flask, home: Filled) -> None:
    wrong = {}
    for call in calls(app, home, lambda access: access != PUBLIC):
        answer = send(app.test_client(), home, call)
        if answer.status_code not in REFUSED_TO_LOG_IN or (
            answer.status_code != 401 and "/login" not in answer.headers["Location"]
        ):
            wrong[str(call)] = answer.status_code
    assert wrong == {}


def test_r2_without_the_permission_nothing_opens(app: Flask, home: Filled) -> None:
    with home.shop.work() as uow:
        nothing = Policy(name="何もできない", rules=allow_only())
        uow.session.add(nothing)
        uow.session.flush()
        shop_id = uow.session.scalars(sa.select(ShopRow.id)).one()
        uow.session.add(
            Account(login_id="nobody", password_hash=hash_password("nobody-pass"), name="誰か", shop_id=shop_id,
                    policy_id=nothing.id)
        )  # fmt: skip
    client = log_in(app, home, "nobody", "nobody-pass")
    answers = {
        str(call): send(client, home, call).status_code
        for call in calls(app, home, lambda access: access not in (PUBLIC, SIGNED_IN, DEVICE))
    }
    assert {call: status for call, status in answers.items() if status != 403} == {}


def test_r1_another_tenants_ids_are_not_there(app: Flask, home: Filled) -> None:
    other = fill(app, "other", "other.localhost")
    mixed = Filled(
        other.shop,
        other.host,
        home.ids | {name: other.ids[name] for name in ("channel", "size")},
        other.token,
    )
    before = rows_of(home.shop)
    wrong = {}
    for call in calls(app, mixed, lambda access: access != PUBLIC):
        if not call.has_ids:
            continue
        is_device = access_of(app, call.endpoint) == DEVICE
        client = app.test_client() if is_device else log_in(app, other, "demo", "demo-pass")
        answer = send(client, mixed, call, token=other.token if is_device else None)
        # 422, or a missing staff code: the empty form is refused before the id is looked at
        if answer.status_code not in (404, 422) and "スタッフコード" not in answer.text:
            wrong[str(call)] = answer.status_code
    assert wrong == {}
    assert rows_of(home.shop) == before


def rows_of(shop: Shop) -> dict[str, list[Any]]:
    """Every row of the tenant, table by table."""
    with shop.read() as session:
        tables = [table for table in Base.metadata.sorted_tables if "tenant_id" in table.c]
        return {
            table.name: sorted(
                map(str, session.execute(sa.select(table).where(table.c.tenant_id == shop.tenant_id)))
            )
            for table in tables
        }


def test_r2_who_may_gets_an_answer_and_reads_write_nothing(app: Flask, home: Filled) -> None:
    written: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.lstrip().split(" ", 1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            written.append(statement)

    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", note)
    wrong: dict[str, object] = {}
    client = log_in(app, home, "demo", "demo-pass")
    for call in calls(app, home, lambda access: True):
        if call.endpoint in ("identity.logout",):
            continue
        is_device = access_of(app, call.endpoint) == DEVICE
        written.clear()
        answer = send(client, home, call, token=home.token if is_device else None)
        is_refused = answer.status_code in (401, 403) and "スタッフコード" not in answer.text
        if answer.status_code >= 500 or (is_refused and access_of(app, call.endpoint) != PUBLIC):
            wrong[str(call)] = answer.status_code
        if call.method == "GET" and written and not is_device:
            wrong[str(call)] = written[0]
        if answer.is_json and answer.status_code >= 400 and answer.mimetype != "application/problem+json":
            wrong[str(call)] = json.dumps(answer.get_json())[:100]
    assert wrong == {}


def test_every_form_needs_its_token(app: Flask) -> None:
    filled = fill_without_csrf(app)
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    with client.session_transaction(base_url=f"http://{filled.host}") as session:
        session["any"] = "session"
    wrong = {}
    for call in calls(app, filled, lambda access: access != DEVICE):
        if (
            call.method == "GET"
            or call.endpoint.endswith("_api.start_pairing")
            or call.endpoint.endswith("_api.poll_pairing")
        ):
            continue
        status = send(log_in_quietly(app, filled), filled, call).status_code
        if status != 400:
            wrong[str(call)] = status
    assert wrong == {}


def fill_without_csrf(app: Flask) -> Filled:
    app.config["WTF_CSRF_ENABLED"] = False
    return fill(app, "home", "home.localhost")


def log_in_quietly(app: Flask, filled: Filled) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client = log_in(app, filled, "demo", "demo-pass")
    app.config["WTF_CSRF_ENABLED"] = True
    return client
