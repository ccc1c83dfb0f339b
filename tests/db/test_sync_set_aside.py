"""Orders whose own page alone could not be read (R17, R28): all others are taken in, and staff see which to look at."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.accounts.health import blind_accounts, to_do
from recore.accounts.models import MarketplaceAccount
from recore.identity.models import Staff
from recore.orders.models import Order
from recore.orders.service import clear_review
from tests.support.shop import Shop
from tests.support.store import Pc, detail, order_now, pc_of, won


def sync(pc: Pc, *bad: str, reason: str = "not_found", profile: str = "classic") -> list[str]:
    """One run over x1 and x2, of which the pages `bad` cannot be read; the pages that were asked for."""
    assert pc.start().status_code == 201
    pc.post("selling", [])
    pc.post("closed", [])
    wanted: list[str] = pc.post("won", [won("x1"), won("x2")])["wanted_details"]
    for key in wanted:
        if key not in bad:
            pc.post("detail", [detail(key)])
    told = {key: reason for key in wanted if key in bad}
    assert pc.finish(set_aside=told or None, profile=profile)["state"] == "COMPLETE"
    return wanted


def messages(shop: Shop) -> list[str]:
    """What the account asks staff to look at; it is not blind."""
    with shop.read() as session:
        account = session.scalars(sa.select(MarketplaceAccount)).one()
        assert account.last_pull_at is not None
        assert blind_accounts(session, account.last_pull_at) == []
        return [entry["message"] for entry in to_do(account)]


def reasons(shop: Shop) -> list[str]:
    with shop.read() as session:
        return [str(each.review_reason) for each in session.scalars(sa.select(Order)) if each.needs_review]


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("not_found", "画面が見つかりません"),
        ("error", "エラーの画面が表示されます"),
        ("unreadable", "画面の内容を読み取れません"),
    ],
)
def test_r17_an_order_whose_page_cannot_be_read_waits_in_review_and_the_account_is_not_blind(
    shop: Shop, pc: Pc, reason: str, why: str
) -> None:
    assert sync(pc, "x1", reason=reason) == ["x1", "x2"]
    (told,) = messages(shop)
    assert "1件" in told and "x1" in told and "x2" not in told
    (flagged,) = reasons(shop)
    assert "x1" in flagged and why in flagged and "開いて" in flagged


def test_r17_it_is_asked_for_again_and_goes_away_by_itself_once_read(shop: Shop, pc: Pc) -> None:
    sync(pc, "x1")
    assert sync(pc, "x1") == ["x1"]
    assert (len(messages(shop)), len(reasons(shop))) == (1, 1)
    assert sync(pc) == ["x1"]
    assert (messages(shop), reasons(shop)) == ([], [])
    assert sync(pc) == []


def test_r17_a_failed_run_says_nothing_new_about_it(shop: Shop, pc: Pc) -> None:
    sync(pc, "x1")
    pc.start()
    pc.fail("LOGIN_REQUIRED")
    assert len(reasons(shop)) == 1
    sync(pc, "x1")
    assert (len(messages(shop)), len(reasons(shop))) == (1, 1)


def test_r18_a_flag_that_a_person_lifted_stays_off_while_the_page_is_the_same(shop: Shop, pc: Pc) -> None:
    sync(pc, "x1")
    with shop.work() as uow:
        order_id = uow.session.scalars(sa.select(Order.id).where(Order.needs_review)).one()
        clear_review(uow, order_id, uow.session.scalars(sa.select(Staff).limit(1)).one())
    sync(pc, "x1")
    assert (reasons(shop), len(messages(shop))) == ([], 1)
    sync(pc)
    sync(pc, "x2")
    assert messages(shop) == []


def test_r19_an_order_that_is_known_by_its_number_only_is_told_at_the_account(
    shop: Shop, client: FlaskClient
) -> None:
    pc = pc_of(shop, client, shop.yahoo_account(store_id="demo-store-3", profile="current"))
    number = "demo-store-3-10000001"
    for bad in (True, True, False):
        pc.start()
        for phase in ("selling", "closed", "won"):
            pc.post(phase, [])
        numbers = [{"order_number": number, "status": "2-0-0"}]
        assert pc.post("numbered", numbers)["wanted_details"] == [number]
        if not bad:
            pc.post("detail", [detail("a1", status="2-0-0", order_number=number, status_options=[])])
        assert pc.finish(set_aside={number: "error"} if bad else None)["state"] == "COMPLETE"
        assert [number in each for each in messages(shop)] == ([True] if bad else [])
    assert order_now(shop).needs_review is False


def test_r17_what_is_set_aside_is_named_by_an_id_and_nothing_else(shop: Shop, pc: Pc) -> None:
    pc.start()
    for key, reason in (("山田 花子", "error"), ("x1", "山田 花子")):
        body = {
            "outcome": "complete",
            "phases": [],
            "error": None,
            "set_aside": [{"key": key, "reason": reason}],
        }
        answer = pc.call("POST", f"/runs/{pc.run_id}/finish", body)
        assert answer.status_code == 422


def test_r28_a_run_is_told_which_orders_could_be_read_before(shop: Shop, pc: Pc) -> None:
    """By them the extension tells a changed layout from odd orders."""
    assert pc.start().get_json()["proof_pages"] == []
    pc.finish()
    sync(pc, "x1")
    assert pc.start().get_json()["proof_pages"] == ["x2"]
    pc.finish()
    sync(pc)
    assert sorted(pc.start().get_json()["proof_pages"]) == ["x1", "x2"]
