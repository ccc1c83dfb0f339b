"""R2: policies allow or deny per operation, per shop, per marketplace account; whatever denies wins."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.identity.models import Account, Policy
from recore.identity.models import Shop as ShopRow
from recore.identity.rules import EXCEPTIONS, HELP, OPERATIONS, allows
from recore.listings import bulk
from recore.listings.models import Listing
from recore.platform.audit import AuditEntry
from tests.support.desk import draft, make_batch, photo, queued, run_jobs
from tests.support.shop import Shop


def exception(operation: str, allow: bool, **where: int) -> dict[str, Any]:
    return {"operation": operation, "allow": allow, **where}


@pytest.mark.parametrize(
    ("base", "exceptions", "shop_id", "account_id", "is_allowed"),
    [
        (True, [], 1, 1, True),
        (False, [], 1, 1, False),
        (True, [exception("ec.list", False, account_id=1)], 1, 1, False),
        (True, [exception("ec.list", False, account_id=1)], 1, 2, True),
        (True, [exception("ec.list", False, account_id=1)], 1, None, True),
        (True, [exception("ec.list", False, shop_id=1)], 1, 2, False),
        (True, [exception("ec.list", False, shop_id=1)], 2, 2, True),
        (False, [exception("ec.list", True, account_id=1)], 1, 1, True),
        (False, [exception("ec.list", True, account_id=1)], 1, 2, False),
        (False, [exception("ec.list", True, account_id=1)], 1, None, True),
        (False, [exception("ec.list", True, shop_id=1)], 1, 2, True),
        (False, [exception("ec.list", True, shop_id=1), exception("ec.list", False, account_id=2)], 1, 2, False),
        (True, [exception("ec.list", True, account_id=1), exception("ec.list", False, shop_id=1)], 1, 1, False),
        (True, [exception("ec.review", False, account_id=1)], 1, 1, True),
    ],
)  # fmt: skip
def test_r2_whatever_denies_wins(
    base: bool, exceptions: list[dict[str, Any]], shop_id: int, account_id: int | None, is_allowed: bool
) -> None:
    rules = {"ec.list": base, EXCEPTIONS: exceptions}
    assert allows(rules, "ec.list", shop_id=shop_id, account_id=account_id) is is_allowed


def test_r2_every_operation_says_in_words_what_it_allows() -> None:
    assert set(HELP) == set(OPERATIONS)


@pytest.fixture
def manager(shop: Shop, client: FlaskClient) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    return client


def one(shop: Shop, table: type[Any], **by: object) -> Any:
    with shop.read() as session:
        return session.scalars(sa.select(table).filter_by(**by)).one()


def decide(manager: FlaskClient, policy: Policy, **choices: str) -> int:
    allowed = [operation for operation in OPERATIONS if policy.rules.get(operation) is True]
    form = {"name": policy.name, "allowed": allowed} | choices
    return manager.post(f"/settings/staff/policies/{policy.id}", data=form).status_code


def test_r2_an_account_that_is_denied_is_not_listed_on_and_the_reason_is_told(
    shop: Shop, manager: FlaskClient
) -> None:
    main, other = shop.yahoo_account(), shop.yahoo_account(store_id="demo-store-2")
    lister = one(shop, Policy, name="EC担当")
    assert decide(manager, lister, **{f"account-{other}-ec.list": "deny"}) == 302
    page = manager.get(f"/settings/staff/policies/{lister.id}").text
    assert f'id="account-{other}-ec.list"' in page and 'value="deny" selected' in page
    items = [shop.item(), shop.item()]
    for item, account in zip(items, (main, other), strict=True):
        photo(shop, item)
        draft(shop, item, account)
    refused = manager.post(f"/ec/drafts/{items[1]}/list", data={"staff_code": "1002"})
    assert (
        refused.status_code == 403
        and "「ヤフオク!demo-store-2」で「ECに出品する」権限がありません。" in refused.text
    )
    with shop.work() as uow:
        run_id = bulk.begin(uow, shop.app.extensions["recore"].channels, items)
        for row, account in zip(bulk.rows_of(uow.session, run_id), (main, other), strict=True):
            row.choices = {str(account): ""}
    manager.post(f"/ec/bulk/{run_id}/list", data={"staff_code": "1002"})
    run_jobs(shop)
    assert one(shop, Listing).account_id == main
    with shop.read() as session:
        problems = [row.problems or [] for row in bulk.rows_of(session, run_id)]
    assert problems[0] == [] and "権限がありません" in problems[1][0][4]
    assert manager.post(f"/ec/drafts/{items[1]}/list", data={"staff_code": "1001"}).status_code == 302
    entry = one(shop, AuditEntry, action="policy.change")
    assert entry.after[EXCEPTIONS] == [f"ECに出品する（出品先{other}）：できない"]


def test_r2_taking_back_and_downloading_are_decided_by_account_too(shop: Shop, manager: FlaskClient) -> None:
    account = shop.yahoo_account()
    waiting = queued(shop, account)
    boss = one(shop, Policy, name="店長")
    assert decide(manager, boss, **{f"account-{account}-ec.list": "deny"}) == 302
    assert manager.post(f"/ec/listings/{waiting}/take_back", data={"staff_code": "1001"}).status_code == 403
    (batch_id,) = make_batch(shop, account).batch_ids
    run_jobs(shop)
    answer = manager.post(f"/ec/batches/{batch_id}/download", data={"confirm_whole": "1"})
    assert answer.status_code == 403
    assert decide(manager, one(shop, Policy, name="店長")) == 302
    assert manager.post(f"/ec/batches/{batch_id}/download", data={"confirm_whole": "1"}).status_code == 200


def test_r2_a_shop_that_is_denied_closes_the_page_and_the_action_at_its_pcs(
    shop: Shop, manager: FlaskClient
) -> None:
    boss = one(shop, Policy, name="店長")
    here = one(shop, ShopRow).id
    with shop.work() as uow:
        branch = ShopRow(name="2号店")
        uow.session.add(branch)
        uow.session.flush()
        branch_id = branch.id
    item = shop.item()
    assert decide(manager, boss, **{f"shop-{branch_id}-counter.sell": "deny"}) == 302
    assert manager.get("/counter").status_code == 200
    with shop.work() as uow:
        login = uow.session.scalars(sa.select(Account).where(Account.login_id == "demo")).one()
        login.shop_id = branch_id
    assert manager.get("/counter").status_code == 403
    checked = manager.post(
        "/staff/check",
        data={"staff_code": "1001", "operation": "counter.sell"},
        headers={"Accept": "application/json"},
    )
    assert checked.status_code == 403
    assert shop.counts(item) == (1, 0, 1) and here != branch_id


def test_r2_what_rules_the_shop_has_no_exceptions_so_that_nobody_is_locked_out(
    shop: Shop, manager: FlaskClient
) -> None:
    boss = one(shop, Policy, name="店長")
    here = one(shop, ShopRow).id
    for operation in ("staff.manage", "settings.manage"):
        assert decide(manager, boss, **{f"shop-{here}-{operation}": "deny"}) == 422
    assert decide(manager, boss, **{"account-1-counter.sell": "deny"}) == 422
    assert EXCEPTIONS not in one(shop, Policy, name="店長").rules
    assert manager.get("/settings/staff").status_code == 200
