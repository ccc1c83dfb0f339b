"""R7, R21: Amazon through its API, against the sandbox: on sale, refused, lost, killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from recore.accounts import api_keys
from recore.accounts.models import ApiLink, MarketplaceAccount
from recore.accounts.service import enable_account
from recore.listings import offers, queries
from recore.listings.drafts import Refused
from recore.listings.forms import forms_of, item_for_listing
from recore.listings.models import Listing
from recore.platform.errors import Conflict
from recore.settings import Settings
from tests.sandbox.amazon_market import (
    KEYS,
    REFRESH,
    TOKEN,
    Market,
    amazon_account,
    fill_in,
    go_on,
    listed,
    offer_now,
    offered,
    quantity_there,
    sku_of,
    staff,
    state_of,
)
from tests.sandbox.api_market import Fault, Go, answer, lost, unreachable
from tests.support.desk import (
    doubt_unseen,
    draft,
    listing_now,
    photo,
    press_list,
    waiting_ids,
    wired,
)
from tests.support.shop import Shop

ROOT = Path(__file__).parents[3]
MINUTE, SETTLED, DEADLINE = timedelta(minutes=1), timedelta(minutes=11), timedelta(minutes=125)


def test_r21_from_waiting_to_on_sale_without_a_browser(shop: Shop, market: Market, account_id: int) -> None:
    _, listing = listed(shop, account_id)
    assert state_of(shop, listing) == ("QUEUED", None)
    go_on(shop)
    assert state_of(shop, listing) == ("PROCESSING", None)
    go_on(shop, MINUTE)
    assert state_of(shop, listing) == ("ACTIVE", None)
    assert market.line.calls == [TOKEN, "PUT", "GET"]
    with shop.read() as session:
        assert session.scalars(sa.select(MarketplaceAccount.last_push_at)).one() is not None


def test_r21_accepted_is_not_on_sale(shop: Shop, market: Market, account_id: int) -> None:
    market.act("amazon-settings", visible_after_seconds=60, buyable_after_seconds=3600)
    _, listing = listed(shop, account_id)
    for minutes in (0, 1, 30):
        go_on(shop, minutes * MINUTE)
        assert state_of(shop, listing) == ("PROCESSING", None)
        market.pass_time(minutes or 1)
    market.pass_time(40)
    go_on(shop, 50 * MINUTE)
    assert state_of(shop, listing) == ("ACTIVE", None)
    assert market.line.calls.count("PUT") == 1


def test_r21_invalid_comes_with_200_and_names_the_field(shop: Shop, market: Market, account_id: int) -> None:
    item, listing = listed(shop, account_id, asin="B0SBX00022")
    go_on(shop)
    state, reason = state_of(shop, listing)
    assert state == "FAILED" and reason is not None and reason.startswith("商品の状態：この商品をこの条件で")
    with shop.read() as session:
        assert waiting_ids(session) == [item]
        (form,) = forms_of(session, wired(shop).channels, item_for_listing(session, item))
    (told,) = [each for each in form.problems if each.field == "condition"]
    assert told.message.startswith("前回断られた理由：") and told.severity == "warning"
    assert form.values["management_number"] == f"{sku_of(shop, listing)}-2"


def test_r21_a_second_attempt_is_a_new_row_with_a_new_sku(
    shop: Shop, market: Market, account_id: int
) -> None:
    item, first = listed(shop, account_id, asin="B0SBX00022")
    go_on(shop)
    number = sku_of(shop, first)
    fill_in(shop, item, account_id, management_number=number)
    with pytest.raises(Conflict, match="MANAGEMENT_NUMBER_TAKEN"):
        press_list(shop, item)
    fill_in(shop, item, account_id, management_number=f"{number}-2")
    second = press_list(shop, item)
    assert isinstance(second, list) and sku_of(shop, second[0]) == f"{number}-2"
    go_on(shop)
    assert list(market.offers()) == [f"{number}-2"]


def test_r21_never_shown_is_for_a_person_after_the_deadline(
    shop: Shop, market: Market, account_id: int
) -> None:
    market.act("amazon-settings", lose_listings=1)
    _, listing = listed(shop, account_id)
    go_on(shop)
    go_on(shop, SETTLED, times=3)
    assert state_of(shop, listing)[0] == "PROCESSING"
    go_on(shop, DEADLINE)
    state, reason = state_of(shop, listing)
    assert (state, reason) == ("NEEDS_REVIEW", "送りましたが、購入できる状態になったことを確認できません。")
    assert market.line.calls.count("PUT") == 1
    with shop.work() as uow:
        offers.withdraw(uow, listing, staff(uow))
    go_on(shop, DEADLINE)
    go_on(shop, DEADLINE + MINUTE)
    assert state_of(shop, listing) == ("WITHDRAWN", "佐藤 店長さんが取り下げました。")


def test_r21_found_after_it_was_given_up_it_is_on_sale(shop: Shop, market: Market, account_id: int) -> None:
    market.act("amazon-settings", visible_after_seconds=200 * 60)
    _, listing = listed(shop, account_id)
    go_on(shop)
    go_on(shop, DEADLINE)
    assert state_of(shop, listing)[0] == "NEEDS_REVIEW"
    market.pass_time(300)
    go_on(shop, DEADLINE + timedelta(hours=2))
    assert state_of(shop, listing) == ("ACTIVE", None)


def test_the_deadline_of_files_is_not_for_what_the_server_offers(
    shop: Shop, market: Market, account_id: int
) -> None:
    market.act("amazon-settings", visible_after_seconds=36_000)
    _, listing = listed(shop, account_id)
    go_on(shop)
    at = listing_now(shop, listing).state_at
    assert doubt_unseen(shop, at + timedelta(days=3)) == 0


def test_r12_what_waits_for_the_worker_is_no_file_that_a_clerk_forgot(
    shop: Shop, market: Market, account_id: int
) -> None:
    listed(shop, account_id)
    with shop.read() as session:
        told = queries.not_yet_sent(session)
    assert (told.without_file, told.not_downloaded) == (0, 0)


def test_r7_both_ticked_all_forms_are_valid_or_nothing_is_sent(
    shop: Shop, market: Market, account_id: int
) -> None:
    yahoo, item = shop.yahoo_account(), shop.item()
    photo(shop, item)
    draft(shop, item, yahoo)
    fill_in(shop, item, account_id, asin="")
    refused = press_list(shop, item)
    assert isinstance(refused, Refused)
    assert [(name, each.field) for name, each in refused.problems] == [("Amazon店", "asin")]
    go_on(shop)
    assert market.line.calls == []
    fill_in(shop, item, account_id)
    done = press_list(shop, item)
    assert isinstance(done, list) and len(done) == 2
    go_on(shop)
    assert len(market.offers()) == 1


def test_r7_what_failed_on_one_may_be_retried_while_the_other_is_open(
    shop: Shop, market: Market, account_id: int
) -> None:
    yahoo, item = shop.yahoo_account(), shop.item()
    photo(shop, item)
    draft(shop, item, yahoo)
    fill_in(shop, item, account_id, asin="B0SBX00022")
    press_list(shop, item)
    go_on(shop)
    with shop.read() as session:
        forms = forms_of(session, wired(shop).channels, item_for_listing(session, item))
        states = {each.account_id: str(each.state) for each in session.scalars(sa.select(Listing))}
    assert states == {yahoo: "QUEUED", account_id: "FAILED"}
    assert {form.account.id: form.can_tick for form in forms} == {yahoo: True, account_id: True}


def test_r9_the_form_asks_for_no_photos(shop: Shop, market: Market, account_id: int) -> None:
    item = shop.item()
    fill_in(shop, item, account_id)
    assert isinstance(press_list(shop, item), list)


@pytest.mark.parametrize("fault", [lost, answer(503), answer(500, "")], ids=["lost", "html503", "empty500"])
def test_an_answer_that_was_lost_is_read_back_before_anything_is_sent_again(
    shop: Shop, market: Market, account_id: int, fault: Fault
) -> None:
    def taken(go: Go) -> httpx.Response:
        go()
        return fault(go)

    market.line.faults["PUT"] = [lost if fault is lost else taken]
    _, listing = listed(shop, account_id)
    go_on(shop)
    assert (state_of(shop, listing)[0], offer_now(shop, listing).answered_at) == ("PROCESSING", None)
    go_on(shop, MINUTE)
    assert state_of(shop, listing) == ("ACTIVE", None)
    go_on(shop, 2 * MINUTE)
    assert market.line.calls.count("PUT") == 1
    assert offer_now(shop, listing).failure is None


def test_what_was_certainly_not_there_after_the_settle_time_is_sent_again_under_the_same_sku(
    shop: Shop, market: Market, account_id: int
) -> None:
    market.line.faults["PUT"] = [answer(503)]
    _, listing = listed(shop, account_id)
    go_on(shop)
    go_on(shop, MINUTE, times=5)
    assert market.line.calls.count("PUT") == 1, "it may still show up"
    go_on(shop, SETTLED)
    go_on(shop, SETTLED + MINUTE)
    assert market.line.calls.count("PUT") == 2
    assert state_of(shop, listing) == ("ACTIVE", None)
    assert list(market.offers()) == [sku_of(shop, listing)]


@pytest.mark.parametrize("fault", [unreachable, answer(429)], ids=["unreachable", "429"])
def test_what_was_not_taken_waits_and_goes_on(
    shop: Shop, market: Market, account_id: int, fault: Fault
) -> None:
    market.line.faults["PUT"] = [fault]
    _, listing = listed(shop, account_id)
    go_on(shop)
    offer = offer_now(shop, listing)
    assert (state_of(shop, listing)[0], offer.sendings, offer.busy_until) == ("QUEUED", 0, None)
    assert offer.failure is not None and "Amazon" in offer.failure
    go_on(shop, 2 * MINUTE)
    go_on(shop, 3 * MINUTE)
    assert state_of(shop, listing) == ("ACTIVE", None)


def test_a_token_that_ran_out_is_renewed_once(shop: Shop, market: Market, account_id: int) -> None:
    offered(shop, account_id)
    market.act("amazon-expire-tokens")
    market.line.calls.clear()
    listed(shop, account_id)
    go_on(shop)
    assert [each for each in market.line.calls if each != "GET"] == ["PUT", TOKEN, "PUT"]


def test_a_withdrawn_consent_is_told_and_new_keys_go_on(shop: Shop, market: Market, account_id: int) -> None:
    market.act("amazon-revoke")
    _, listing = listed(shop, account_id)
    go_on(shop)
    go_on(shop, SETTLED)
    with shop.read() as session:
        assert session.scalars(sa.select(ApiLink.over_at)).one() is not None
        (told,) = session.scalars(sa.select(MarketplaceAccount.attention)).one() or []
    assert told["code"] == "PUSH_FAILING" and "リフレッシュトークン" in told["message"]
    assert state_of(shop, listing)[0] == "QUEUED"
    fresh = market.act("amazon-authorize")["refresh_token"]
    assert fresh != REFRESH
    with shop.work() as uow:
        api = wired(shop).offer_apis["amazon"]
        api_keys.save_keys(uow, wired(shop).keyring, api, account_id, {"refresh_token": fresh})
    go_on(shop, 3 * SETTLED)
    go_on(shop, 4 * SETTLED)
    assert state_of(shop, listing) == ("ACTIVE", None)
    with shop.read() as session:
        assert session.scalars(sa.select(MarketplaceAccount.attention)).one() == []


def test_an_account_that_is_switched_off_sends_nothing(shop: Shop, market: Market, account_id: int) -> None:
    _, listing = listed(shop, account_id)
    with shop.work() as uow:
        enable_account(uow, account_id, is_enabled=False)
    go_on(shop)
    assert market.line.calls == []
    with shop.work() as uow:
        enable_account(uow, account_id, is_enabled=True)
    go_on(shop)
    assert state_of(shop, listing)[0] == "PROCESSING"


def test_one_shop_without_keys_says_what_to_do(shop: Shop, market: Market) -> None:
    account_id = amazon_account(shop, market, with_keys=False)
    _, listing = listed(shop, account_id)
    go_on(shop)
    assert offer_now(shop, listing).failure == (
        "公式APIと連携していません。マーケットプレイスの設定で連携してください。"
    )
    with shop.work() as uow:
        api = wired(shop).offer_apis["amazon"]
        api_keys.save_keys(uow, wired(shop).keyring, api, account_id, KEYS)
    go_on(shop, MINUTE)
    assert state_of(shop, listing)[0] == "PROCESSING"


@pytest.mark.parametrize("calls", range(6))
def test_killed_before_any_call_there_is_one_offer(
    settings: Settings, shop: Shop, tmp_path: Path, calls: int
) -> None:
    """A worker process is ended by SIGKILL before its n-th call, or while the answer comes; another one goes on."""
    market = Market(tmp_path / "market")
    account_id = amazon_account(shop, market)
    _, listing = listed(shop, account_id)
    market.app.close()
    where = [str(tmp_path / "market"), str(settings.data_dir), settings.database]
    command = [sys.executable, "-m", "tests.sandbox.amazon_worker", *where, str(calls // 2), str(calls % 2)]
    ended = subprocess.run(command, cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    market = Market(tmp_path / "market")
    try:
        wired(shop).offer_apis = {"amazon": market.api()}
        for minutes in (2, 4, 16, 18, 20):
            go_on(shop, minutes * MINUTE)
        assert state_of(shop, listing) == ("ACTIVE", None)
        assert list(market.offers()) == [sku_of(shop, listing)]
        assert quantity_there(market, sku_of(shop, listing)) == 1
    finally:
        market.app.close()
