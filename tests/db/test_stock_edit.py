"""R5, R31: prices and 販路 of many items at once, row by row, audited, and undone where nobody changed them since."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from recore.identity.settings import change_setting
from recore.platform.audit import AuditEntry
from recore.platform.undo import BulkEdit
from recore.stock.models import StockItem
from recore.stock.rules import SalesRoute
from tests.support.desk import waiting_ids
from tests.support.every_route import client_of
from tests.support.shop import Shop
from tests.support.store import listing

STAFF = {"staff_code": "1001"}
PERCENT = {"change": "PERCENT", "percent": "10", "unit": "100"}


@pytest.fixture
def browser(shop: Shop) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    return client_of(shop.app, "localhost", "demo", "demo-pass")


def prices(shop: Shop) -> list[int]:
    with shop.read() as session:
        return list(session.scalars(sa.select(StockItem.price).order_by(StockItem.id)))


def routes(shop: Shop) -> list[str]:
    with shop.read() as session:
        return [
            str(each) for each in session.scalars(sa.select(StockItem.sales_route).order_by(StockItem.id))
        ]


def waiting(shop: Shop) -> list[int]:
    with shop.read() as session:
        return waiting_ids(session)


def allow_routes(shop: Shop) -> None:
    with shop.work() as uow:
        change_setting(uow, "route.changeable", 1)


def change(browser: FlaskClient, what: str, items: list[int], **typed: Any) -> TestResponse:
    """From the list to 【変更する】, with what the page between them shows."""
    chosen = browser.post(f"/stock/edit/{what}/choose", data={"item": items})
    page = browser.get(chosen.headers["Location"], query_string=None)
    shown = browser.get(f"/stock/edit/{what}", query_string={"item": items, **typed})
    assert (page.status_code, shown.status_code) == (200, 200)
    seen = dict(re.findall(r'name="(seen-\d+)" value="([^"]+)"', shown.text))
    ticked = [name.removeprefix("seen-") for name in seen]
    seen = {name: value.replace("&gt;", ">") for name, value in seen.items()}
    return browser.post(f"/stock/edit/{what}", data={"item": ticked, **seen, **typed, **STAFF})


def undo(browser: FlaskClient, edit_id: int) -> TestResponse:
    return browser.post(f"/stock/edit/done/{edit_id}/undo", data=STAFF)


def edit_of(answer: TestResponse) -> int:
    return int(answer.headers["Location"].rsplit("/", 1)[-1])


def audited(shop: Shop, action: str) -> list[tuple[Any, Any]]:
    with shop.read() as session:
        entries = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
        )
        return [(entry.before, entry.after) for entry in entries]


def test_r31_prices_change_as_shown_each_with_its_entry_and_come_back_once(
    shop: Shop, browser: FlaskClient
) -> None:
    items = [shop.item(price=5000, name="腕時計A"), shop.item(price=999, name="指輪B"), shop.item(price=7000)]
    edit = edit_of(change(browser, "price", items[:2], **PERCENT))
    assert prices(shop) == [4500, 800, 7000]
    shown = browser.get(f"/stock/edit/done/{edit}").text
    assert "腕時計A" in shown and "指輪B" in shown
    assert audited(shop, "stock.price") == [
        ({"price": 5000}, {"price": 4500}),
        ({"price": 999}, {"price": 800}),
    ]
    assert "2件を元に戻しました" in undo(browser, edit).text
    assert prices(shop) == [5000, 999, 7000]
    again = undo(browser, edit)
    assert (again.status_code, "すでに元に戻されています" in again.text) == (409, True)


def test_r31_undo_leaves_what_was_changed_since_and_names_it(shop: Shop, browser: FlaskClient) -> None:
    items = [shop.item(price=5000), shop.item(price=6000)]
    edit = edit_of(change(browser, "price", items, **PERCENT))
    change(browser, "price", items[:1], change="FIXED", fixed="1")
    answer = undo(browser, edit).text
    assert "1件を元に戻しました" in answer
    assert "「IT0000001」は、そのあとで変わっているため、そのままにしました。" in answer
    assert prices(shop) == [1, 6000]


def test_r31_a_value_that_changed_after_the_preview_is_not_overwritten_and_the_others_are(
    shop: Shop, browser: FlaskClient
) -> None:
    items = [shop.item(price=5000), shop.item(price=6000)]
    data = {
        "item": items,
        f"seen-{items[0]}": "4000>3600",
        f"seen-{items[1]}": "6000>5400",
        **PERCENT,
        **STAFF,
    }
    answer = browser.post("/stock/edit/price", data=data)
    assert answer.status_code == 409
    assert "1件を変更しました" in answer.text
    assert "refused-IT0000001" in answer.text
    assert prices(shop) == [5000, 5400]


def test_r31_where_nothing_changes_there_is_nothing_to_undo(shop: Shop, browser: FlaskClient) -> None:
    item = shop.item(price=5000)
    answer = browser.post(
        "/stock/edit/price", data={"item": item, "change": "FIXED", "fixed": "5000", **STAFF}
    )
    assert "変わるものはありませんでした" in answer.text
    with shop.read() as session:
        assert session.scalars(sa.select(BulkEdit)).all() == []


def test_a_rule_that_cannot_be_is_named_at_its_field_and_changes_nothing(
    shop: Shop, browser: FlaskClient
) -> None:
    item = shop.item(price=5000)
    answer = browser.get(
        "/stock/edit/price", query_string={"item": item, "change": "PERCENT", "percent": "百"}
    )
    assert "値下げの割合は1〜99の数字で入力してください。" in answer.text
    typed = {"item": item, "change": "YEN", "yen": "6000", f"seen-{item}": "5000>-1000", **STAFF}
    assert "いまの価格5,000円からは引けません。" in browser.post("/stock/edit/price", data=typed).text
    assert browser.post("/stock/edit/price/choose", data={}).status_code == 422
    assert prices(shop) == [5000]


def test_r5_the_route_is_fixed_unless_the_shop_lifts_it(shop: Shop, browser: FlaskClient) -> None:
    item = shop.item()
    assert 'data-testid="change-route"' not in browser.get("/stock").text
    answer = change(browser, "route", [item], route="EC_ONLY")
    assert "販路は買取のときに決まり、変えられません。" in answer.text
    assert routes(shop) == ["BOTH"]
    allow_routes(shop)
    assert 'data-testid="change-route"' in browser.get("/stock").text
    change(browser, "route", [item], route="EC_ONLY")
    assert routes(shop) == ["EC_ONLY"]
    assert audited(shop, "stock.route") == [({"sales_route": "BOTH"}, {"sales_route": "EC_ONLY"})]


def test_r5_a_route_that_changes_moves_the_item_in_and_out_of_the_waiting_list_and_undo_brings_it_back(
    shop: Shop, browser: FlaskClient
) -> None:
    allow_routes(shop)
    item = shop.item()
    edit = edit_of(change(browser, "route", [item], route="STORE_ONLY"))
    assert waiting(shop) == []
    undo(browser, edit)
    assert waiting(shop) == [item]


def test_r5_what_is_on_offer_does_not_become_store_only(shop: Shop, browser: FlaskClient) -> None:
    """Neither by a change nor by an undo, which would leave an offer that nobody may sell."""
    allow_routes(shop)
    offered, free = shop.item(), shop.item(route=SalesRoute.STORE_ONLY)
    listing(shop, shop.yahoo_account(), offered, "N1")
    page = browser.get(
        "/stock/edit/route", query_string={"item": [offered, free], "route": "STORE_ONLY"}
    ).text
    assert "先に出品を取り下げてください。" in page
    edit = edit_of(change(browser, "route", [free], route="BOTH"))
    with shop.read() as session:
        account = session.scalar(
            sa.text("SELECT id FROM marketplace_accounts WHERE tenant_id = :t"), {"t": shop.tenant_id}
        )
    listing(shop, account, free, "N2")
    assert "1件はそのままです" in undo(browser, edit).text
    assert routes(shop) == ["BOTH", "BOTH"]


def test_r2_whoever_may_not_change_stock_sees_no_boxes_and_changes_nothing(
    shop: Shop, browser: FlaskClient
) -> None:
    item = shop.item(price=5000)
    typed = {"item": item, **PERCENT, f"seen-{item}": "5000>4500"}
    refused = browser.post("/stock/edit/price", data=typed | {"staff_code": "1003"})
    assert (refused.status_code, "権限がありません" in refused.text) == (403, True)
    till = client_of(shop.app, "localhost", "till", "demo-pass")
    assert "data-select-all" not in till.get("/stock").text
    assert till.post("/stock/edit/price", data=typed | STAFF).status_code == 403
    assert prices(shop) == [5000]
