"""R2: who works at a PC: chosen by a name tag on any page, gone after a while, never somebody who was suspended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from recore.identity.models import Staff, StaffStatus
from recore.identity.settings import change_setting
from recore.stock.models import StockItem
from recore.stock.rules import SalesRoute
from tests.support.shop import Shop

NOW = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)


@pytest.fixture
def pc(shop: Shop, client: FlaskClient) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    return client


def scan(client: FlaskClient, code: str, path: str = "/") -> dict[str, Any]:
    answer = client.post("/scan", data={"code": code, "path": path})
    return {"status": answer.status_code} | (answer.get_json(silent=True) or {})


def who(client: FlaskClient) -> str:
    text = client.get("/").text
    return text.split('data-testid="current-staff">', 1)[1].split("<", 1)[0]


def code_of(shop: Shop, item: int) -> str:
    with shop.read() as session:
        return session.scalars(sa.select(StockItem.it_code).where(StockItem.id == item)).one()


def test_r2_a_name_tag_changes_who_works_here_and_a_label_opens_its_item(shop: Shop, pc: FlaskClient) -> None:
    item, in_shop = shop.item(jan="4954628232366"), shop.item(route=SalesRoute.STORE_ONLY)
    found = scan(pc, "1002")
    assert (found["kind"], found["message"]) == ("staff", "鈴木 EC担当")
    assert who(pc) == "鈴木 EC担当"
    code = code_of(shop, item)
    assert scan(pc, code.lower())["url"] == f"/stock/{item}"
    assert scan(pc, code, "/ec/drafts")["url"] == f"/ec/drafts/{item}"
    assert scan(pc, code_of(shop, in_shop), "/ec/drafts")["url"] == f"/stock/{in_shop}"
    assert scan(pc, "4954628232366")["url"] == "/stock?q=4954628232366"
    unknown = scan(pc, "<b>XYZ</b>")
    assert (unknown["kind"], unknown.get("url")) == ("unknown", None)
    assert who(pc) == "鈴木 EC担当"


def test_r2_who_is_suspended_or_retired_is_not_chosen_by_a_name_tag(shop: Shop, pc: FlaskClient) -> None:
    for status in (StaffStatus.SUSPENDED, StaffStatus.RETIRED):
        with shop.work() as uow:
            uow.session.scalars(sa.select(Staff).where(Staff.code == "1002")).one().status = status
        assert scan(pc, "1002")["status"] == 401
        assert who(pc) == "担当者を選ぶ"


def test_r2_a_login_that_may_not_see_stock_is_led_nowhere(
    shop: Shop, pc: FlaskClient, new_client: Callable[[], FlaskClient]
) -> None:
    code = code_of(shop, shop.item())
    with shop.read() as session:
        policy_id = session.scalars(sa.select(Staff.policy_id).where(Staff.code == "1003")).one()
    pc.post(f"/settings/staff/policies/{policy_id}", data={"name": "店頭スタッフ", "allowed": ["ec.read"]})
    till = new_client()
    till.post("/login", data={"login_id": "till", "password": "demo-pass"})
    assert scan(till, code)["kind"] == "unknown"


def test_r2_staff_leave_a_pc_that_nobody_touches(shop: Shop, pc: FlaskClient) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        pc.post("/login", data={"login_id": "demo", "password": "demo-pass"})
        scan(pc, "1002")
        for _ in range(3):  # working goes on
            clock.shift(timedelta(minutes=9))
            assert who(pc) == "鈴木 EC担当"
        clock.shift(timedelta(minutes=6))
        pc.get("/nav/counts", headers={"HX-Request": "true"})  # what a page asks by itself is no sign of life
        clock.shift(timedelta(minutes=5))
        assert who(pc) == "担当者を選ぶ"
        with shop.work() as uow:
            change_setting(uow, "staff.idle_minutes", 0)
        scan(pc, "1002")
        clock.shift(timedelta(hours=6))
        assert who(pc) == "鈴木 EC担当"
        assert pc.post("/staff/idle").status_code == 204  # said by the page itself
        assert who(pc) == "担当者を選ぶ"


def test_r2_name_tags_have_a_barcode_name_and_shop_for_those_who_work_here(
    shop: Shop, pc: FlaskClient
) -> None:
    with shop.work() as uow:
        staff = {each.code: each for each in uow.session.scalars(sa.select(Staff))}
        staff["1003"].status = StaffStatus.RETIRED
        staff["1002"].name = "<script>鈴木"
        ids = {code: each.id for code, each in staff.items()}
    page = pc.get("/settings/staff/cards").text
    assert 'data-testid="card-1001"' in page and 'data-testid="card-1003"' not in page
    assert "&lt;script&gt;鈴木" in page and "本店" in page
    assert 'data-testid="card-1001"' not in pc.get(f"/settings/staff/cards?staff={ids['1002']}").text
    picture = pc.get(f"/settings/staff/{ids['1001']}/barcode.svg")
    assert picture.mimetype == "image/svg+xml" and picture.data.count(b"<rect") > 10


def test_r2_a_code_is_what_a_barcode_can_hold(shop: Shop, pc: FlaskClient) -> None:
    with shop.read() as session:
        policy_id = session.scalars(sa.select(Staff.policy_id).where(Staff.code == "1003")).one()
    form = {"code": "やまだ", "name": "山田", "policy_id": policy_id}
    refused = pc.post("/settings/staff", data=form)
    assert refused.status_code == 422 and 'data-testid="problem-code"' in refused.text
    assert pc.post("/settings/staff", data=form | {"code": "２００１"}).status_code == 302
    assert scan(pc, "2001")["message"] == "山田"
