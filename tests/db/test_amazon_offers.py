"""R7, R21, R27: Amazon through its API, against the sandbox: on sale, refused, lost, killed, and never more than there is."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.accounts import api_keys
from recore.accounts.health import blind_accounts
from recore.accounts.models import ApiLink, MarketplaceAccount
from recore.accounts.service import enable_account
from recore.identity.models import Staff
from recore.listings import offers, queries
from recore.listings.drafts import Refused
from recore.listings.forms import forms_of, item_for_listing
from recore.listings.models import Listing
from recore.listings.service import take_back
from recore.platform.db import UnitOfWork
from recore.platform.errors import Conflict
from recore.settings import Settings
from recore.stock.rules import ReservationKind
from recore.stock.service import adjust, hold, release, sell_at_counter, undo_counter_sale
from tests.sandbox.amazon_market import (
    KEYS,
    REFRESH,
    SELLER,
    TOKEN,
    Market,
    amazon_account,
    fill_in,
    go_on,
    hear,
    listed,
    offer_now,
    state_of,
    use,
)
from tests.sandbox.api_market import answer, lost, unreachable
from tests.support.desk import (
    doubt_unseen,
    draft,
    listing_now,
    photo,
    press_list,
    run_jobs,
    waiting_ids,
    wired,
)
from tests.support.shop import Shop

ROOT = Path(__file__).parents[2]
MINUTE, SETTLED, DEADLINE = timedelta(minutes=1), timedelta(minutes=11), timedelta(minutes=125)


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    made = Market(tmp_path / "market")
    yield made
    made.app.close()


@pytest.fixture
def account_id(shop: Shop, market: Market) -> int:
    return amazon_account(shop, market)


def on_sale(shop: Shop, account_id: int, **how: int) -> tuple[int, int]:
    """(item, listing)"""
    item, listing = listed(shop, account_id, **how)
    go_on(shop)
    go_on(shop, MINUTE)
    assert state_of(shop, listing) == ("ACTIVE", None)
    return item, listing


def staff(uow: UnitOfWork) -> Staff:
    return uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()


def quantity_there(market: Market, sku: str) -> int:
    return int(market.offers()[sku]["quantity"])


def sku_of(shop: Shop, listing_id: int) -> str:
    return listing_now(shop, listing_id).management_number


# --- 出品 -----------------------------------------------------------------------------------------------------------


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


# --- faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [lost, answer(503), answer(500, "")], ids=["lost", "html503", "empty500"])
def test_an_answer_that_was_lost_is_read_back_before_anything_is_sent_again(
    shop: Shop, market: Market, account_id: int, fault: object
) -> None:
    def taken(go: object) -> object:
        go()  # type: ignore[operator]
        return fault(go)  # type: ignore[operator]

    market.line.faults["PUT"] = [lost if fault is lost else taken]  # type: ignore[list-item]
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
    shop: Shop, market: Market, account_id: int, fault: object
) -> None:
    market.line.faults["PUT"] = [fault]  # type: ignore[list-item]
    _, listing = listed(shop, account_id)
    go_on(shop)
    offer = offer_now(shop, listing)
    assert (state_of(shop, listing)[0], offer.sendings, offer.busy_until) == ("QUEUED", 0, None)
    assert offer.failure is not None and "Amazon" in offer.failure
    go_on(shop, 2 * MINUTE)
    go_on(shop, 3 * MINUTE)
    assert state_of(shop, listing) == ("ACTIVE", None)


def test_a_token_that_ran_out_is_renewed_once(shop: Shop, market: Market, account_id: int) -> None:
    on_sale(shop, account_id)
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


# --- 併売 (R27) -------------------------------------------------------------------------------------------------------


def test_r27_a_bid_lowers_it_and_letting_go_raises_it(shop: Shop, market: Market, account_id: int) -> None:
    item, listing = on_sale(shop, account_id)
    sku = sku_of(shop, listing)
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 1)
    go_on(shop)
    assert quantity_there(market, sku) == 0
    assert state_of(shop, listing)[0] == "ACTIVE"
    with shop.work() as uow:
        release(uow, ReservationKind.BID, 77)
    go_on(shop)
    hear(shop, account_id)
    assert quantity_there(market, sku) == 1
    go_on(shop, timedelta(hours=7))
    assert state_of(shop, listing) == ("ACTIVE", None)


def test_r27_a_counter_sale_lowers_it_and_its_undoing_raises_it(
    shop: Shop, market: Market, account_id: int
) -> None:
    item, listing = on_sale(shop, account_id, quantity=3)
    sku = sku_of(shop, listing)
    with shop.work() as uow:
        sell_at_counter(uow, item, 2, 5)
    go_on(shop)
    assert quantity_there(market, sku) == 1
    with shop.work() as uow:
        undo_counter_sale(uow, item, 2, 5)
    go_on(shop)
    hear(shop, account_id)
    assert quantity_there(market, sku) == 3


def test_r27_no_more_than_was_offered(shop: Shop, market: Market, account_id: int) -> None:
    item, listing = on_sale(shop, account_id, quantity=5, units=2)
    with shop.work() as uow:
        hold(uow, item, ReservationKind.ORDER, 9, 2)
    go_on(shop)
    assert quantity_there(market, sku_of(shop, listing)) == 2
    with shop.work() as uow:
        hold(uow, item, ReservationKind.ORDER, 9, 4)
    go_on(shop)
    assert quantity_there(market, sku_of(shop, listing)) == 1


@pytest.mark.parametrize("fault", [answer(503), answer(429), unreachable], ids=["503", "429", "unreachable"])
def test_r27_a_push_is_repeated_until_it_is_acknowledged(
    shop: Shop, market: Market, account_id: int, fault: object
) -> None:
    item, listing = on_sale(shop, account_id)
    market.line.faults["PATCH"] = [fault, fault]  # type: ignore[list-item]
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 1)
    for minutes in range(4):
        go_on(shop, minutes * MINUTE)
    assert quantity_there(market, sku_of(shop, listing)) == 0
    assert [each for each in market.line.calls if each in ("PATCH", "GET")][1:6] == [
        "PATCH", "GET", "PATCH", "GET", "PATCH",
    ], "read back before it is sent again"  # fmt: skip
    assert offer_now(shop, listing).pushed_quantity == 0


def test_r27_a_push_that_was_taken_and_not_answered_is_not_sent_again(
    shop: Shop, market: Market, account_id: int
) -> None:
    """Sold there meanwhile: what is left there is fewer than was sent, and is not raised again."""
    item, listing = on_sale(shop, account_id, quantity=3)
    sku = sku_of(shop, listing)
    market.line.faults["PATCH"] = [lost]
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 1)
    go_on(shop)
    market.act("amazon-buy", skus=[sku])
    go_on(shop, MINUTE)
    assert market.line.calls.count("PATCH") == 1
    assert quantity_there(market, sku) == 1


def test_r27_sold_there_before_the_answer_to_the_first_sending_was_found(
    shop: Shop, market: Market, account_id: int
) -> None:
    market.line.faults["PUT"] = [lost]
    _, listing = listed(shop, account_id)
    go_on(shop)
    sku = sku_of(shop, listing)
    market.act("amazon-buy", skus=[sku])
    for minutes in (1, 2, 12):
        go_on(shop, minutes * MINUTE)
    assert market.line.calls.count("PUT") == 1 and market.line.calls.count("PATCH") == 0
    assert quantity_there(market, sku) == 0


def test_r27_gone_before_it_was_sent_it_is_not_sent(shop: Shop, market: Market, account_id: int) -> None:
    item, listing = listed(shop, account_id)
    with shop.work() as uow:
        sell_at_counter(uow, item, 1, 5)
    go_on(shop)
    assert market.line.calls == []
    assert state_of(shop, listing) == ("WITHDRAWN", "在庫がなくなったため、送る前に取り下げました。")


def test_r27_sold_elsewhere_it_ends_when_nothing_is_shown(
    shop: Shop, market: Market, account_id: int
) -> None:
    item, listing = on_sale(shop, account_id)
    with shop.work() as uow:
        adjust(uow, item, 0, "棚卸")
    go_on(shop)
    go_on(shop, 2 * MINUTE)
    assert quantity_there(market, sku_of(shop, listing)) == 0
    assert state_of(shop, listing) == ("WITHDRAWN", "在庫がなくなったため、取り下げました。")


def test_r27_a_change_that_was_lost_there_is_sent_again(shop: Shop, market: Market, account_id: int) -> None:
    """It was acknowledged, and still more is shown after the settle time."""
    item, _ = on_sale(shop, account_id)
    market.pass_time(120)
    market.act("amazon-settings", reading_lag_seconds=3600)
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 1)
    go_on(shop)
    go_on(shop, SETTLED)
    go_on(shop, SETTLED + MINUTE)
    assert market.line.calls.count("PATCH") >= 2


def test_r27_a_new_price_is_sent_in_all(shop: Shop, market: Market, account_id: int) -> None:
    _, listing = on_sale(shop, account_id)
    with shop.work() as uow:
        offers.change_price(uow, listing, 3980, staff(uow))
    go_on(shop)
    assert int(market.offers()[sku_of(shop, listing)]["price"]) == 3980
    assert offer_now(shop, listing).pushed_price == 3980


def test_taken_off_by_us_it_ends_when_it_is_gone(shop: Shop, market: Market, account_id: int) -> None:
    market.act("amazon-settings", change_after_seconds=600)
    item, listing = on_sale(shop, account_id)
    with shop.work() as uow:
        offers.withdraw(uow, listing, staff(uow))
    go_on(shop)
    go_on(shop, MINUTE)
    assert state_of(shop, listing)[0] == "ACTIVE", "accepted is not yet gone"
    market.pass_time(15)
    go_on(shop, 2 * MINUTE)
    assert state_of(shop, listing) == ("WITHDRAWN", "佐藤 店長さんが取り下げました。")
    with shop.read() as session:
        assert waiting_ids(session) == [item]


def test_taken_back_before_it_was_sent(shop: Shop, market: Market, account_id: int) -> None:
    _, listing = listed(shop, account_id)
    with shop.work() as uow:
        take_back(uow, listing)
    go_on(shop)
    assert market.line.calls == [] and state_of(shop, listing)[0] == "WITHDRAWN"


def test_deleted_there_by_hand_it_ends_after_a_while(shop: Shop, market: Market, account_id: int) -> None:
    _, listing = on_sale(shop, account_id)
    market.act("amazon-delete-offer", sku=sku_of(shop, listing))
    go_on(shop, timedelta(hours=7))
    assert state_of(shop, listing)[0] == "ACTIVE", "a read may lag behind"
    go_on(shop, timedelta(hours=7) + SETTLED)
    assert state_of(shop, listing) == ("WITHDRAWN", "マーケットプレイスで削除されていました。")


def test_suppressed_there_it_is_for_a_person_with_the_reason(
    shop: Shop, market: Market, account_id: int
) -> None:
    _, listing = on_sale(shop, account_id)
    market.act("amazon-suppress", sku=sku_of(shop, listing))
    go_on(shop, timedelta(hours=7))
    go_on(shop, timedelta(hours=7) + SETTLED)
    state, reason = state_of(shop, listing)
    assert state == "NEEDS_REVIEW" and reason is not None and "Amazon" in reason
    market.act("amazon-lift", sku=sku_of(shop, listing))
    go_on(shop, timedelta(hours=9))
    assert state_of(shop, listing) == ("ACTIVE", None)


def test_r27_a_sale_during_a_push_is_not_missed(shop: Shop, market: Market, account_id: int) -> None:
    """While the worker's PATCH is on its way with the old count, a sale is committed: the next one follows at once."""
    item, listing = on_sale(shop, account_id, quantity=3)
    sku = sku_of(shop, listing)

    def sold_meanwhile(go: object) -> object:
        def sell() -> None:
            with shop.work() as uow:
                hold(uow, item, ReservationKind.ORDER, 8, 1)

        seller = threading.Thread(target=sell)
        seller.start()
        seller.join()
        return go()  # type: ignore[operator]

    market.line.faults["PATCH"] = [sold_meanwhile]  # type: ignore[list-item]
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 1)
    go_on(shop)
    assert quantity_there(market, sku) == 1


def test_r27_what_is_asked_while_somebody_works_on_it_goes_on_at_once(
    shop: Shop, market: Market, account_id: int
) -> None:
    item, listing = on_sale(shop, account_id)
    with shop.work() as uow:
        offer = offers.claim(uow, listing)
    assert offer is not None
    with shop.work() as uow:
        assert offers.claim(uow, listing) is None, "one at a time"
    with shop.work() as uow:
        offers.follow_stock(uow, item)
    with shop.work() as uow:
        offers.release(uow, offer)
        at = uow.at
    now = offer_now(shop, listing)
    assert now.due_at is not None and now.due_at <= at and now.busy_until is None
    with shop.work() as uow, pytest.raises(offers.LeaseGone):
        offers.note_seen(uow, offer, None)


def test_r27_many_sales_and_two_workers_end_with_what_there_is(
    shop: Shop, market: Market, account_id: int
) -> None:
    item, listing = on_sale(shop, account_id, quantity=30)
    sku = sku_of(shop, listing)

    def sell(first: int) -> None:
        for number in range(first, first + 7):
            with shop.work() as uow:
                hold(uow, item, ReservationKind.ORDER, number, 1)
            run_jobs(shop)

    sellers = [threading.Thread(target=sell, args=(first,)) for first in (100, 200, 300)]
    for each in sellers:
        each.start()
    for each in sellers:
        each.join()
    run_jobs(shop)
    assert shop.counts(item) == (30, 21, 9)
    assert quantity_there(market, sku) == 9


# --- health (R28) -----------------------------------------------------------------------------------------------------


def test_r28_what_cannot_be_sent_is_shouted_about_until_it_is(
    shop: Shop, market: Market, account_id: int
) -> None:
    item, _ = on_sale(shop, account_id)
    market.act("amazon-revoke")
    market.act("amazon-expire-tokens")
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 1)
    go_on(shop)
    go_on(shop, SETTLED)
    with shop.read() as session:
        told = [(each.name, each.message) for each in blind_accounts(session, datetime.now(UTC))]
    assert [name for name, _ in told] == ["Amazon店", "Amazon店の公式API"]
    assert "数量の変更を送れていません：リフレッシュトークンが正しくないか" in told[0][1]
    assert "新しい鍵を登録してください" in told[1][1]
    with shop.work() as uow:
        api = wired(shop).offer_apis["amazon"]
        fresh = market.act("amazon-authorize")["refresh_token"]
        api_keys.save_keys(uow, wired(shop).keyring, api, account_id, {"refresh_token": fresh})
    go_on(shop, 3 * SETTLED)
    with shop.read() as session:
        assert blind_accounts(session, datetime.now(UTC)) == []


# --- screens ----------------------------------------------------------------------------------------------------------


def manager(shop: Shop, client: FlaskClient) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/login", data={"login_id": "demo", "password": "demo-pass"}).status_code == 302
    return client


def test_r3_keys_are_entered_tried_and_never_shown_again(
    shop: Shop, market: Market, client: FlaskClient
) -> None:
    use(shop, market)
    browser = manager(shop, client)
    form = {"channel": "amazon", "profile": "current", "name": "Amazon店", "store_id": SELLER}
    page = browser.post("/settings/accounts", data=form).headers["Location"]

    def said(action: str, **typed: str) -> str:
        return browser.post(f"{page}/keys{action}", data=typed, follow_redirects=True).text

    assert "リフレッシュトークンを、発行されたとおりに" in said("", client_id="id")
    assert "登録しました" in said("", **(KEYS | {"client_secret": "wrong"}))
    assert "クライアントIDかシークレットが" in said("/try_out")
    said("", client_secret=KEYS["client_secret"])
    assert "つながりました" in said("/try_out")
    said("", refresh_token="Atzr|other")
    assert "取り消されています" in said("/try_out")
    assert 'data-testid="keys-over"' in browser.get(f"{page}/keys").text
    said("", refresh_token=REFRESH)
    market.line.faults["GET"] = [unreachable]
    assert "Amazonにつながりません" in said("/try_out")
    browser.post(page, data={"name": "Amazon店", "profile": "japan", "store_id": "A9SOMEBODYELSE"})
    assert "この鍵では、この出品者IDの出品を扱えない" in said("/try_out")
    shown = browser.get(page).text + browser.get(f"{page}/keys").text
    assert not any(secret in shown for secret in (*KEYS.values(), "wrong", "Atza"))
    with shop.read() as session:
        kept = str(session.execute(sa.text("SELECT * FROM audit_entries WHERE tenant_id = 1")).all())
        envelope = session.scalars(sa.select(MarketplaceAccount.credentials)).one()
    assert envelope is not None and KEYS["client_secret"].encode() not in envelope
    assert "Atzr" not in kept and "sandbox1" not in kept
    assert "鍵を消しました" in said("/forget")
    assert "NOT_LINKED" not in said("/try_out") and "公式APIと連携していません" in said("/try_out")


def test_r11_a_jan_offers_a_choice_and_a_miss_says_what_to_do(
    shop: Shop, market: Market, account_id: int, client: FlaskClient
) -> None:
    browser = manager(shop, client)
    found = browser.post(f"/ec/accounts/{account_id}/find", data={"q": "4580000000010"}).text
    assert found.count('data-testid="product-') == 3 and "ヨロズ" in found
    missed = browser.post(f"/ec/accounts/{account_id}/find", data={"q": "4999999999999"}).text
    assert "商品名や型番の短い言葉で探すか" in missed
    market.line.faults["GET catalog"] = [answer(503)]
    away = browser.post(f"/ec/accounts/{account_id}/find", data={"q": "4580000000010"}).text
    assert "Amazonのサーバーが使えません" in away


def test_r7_what_amazon_would_refuse_is_told_before_anything_is_sent(
    shop: Shop, market: Market, account_id: int, client: FlaskClient
) -> None:
    browser, item = manager(shop, client), shop.item()
    fill_in(shop, item, account_id, asin="B0SBX00022")
    checked = browser.post(f"/ec/drafts/{item}/accounts/{account_id}/check").text
    assert f'href="#f-{account_id}-condition"' in checked and "コンディション" in checked
    refused = browser.post(f"/ec/drafts/{item}/list", data={"staff_code": "1001"})
    assert refused.status_code == 422 and "まだ出品できません" in refused.text
    with shop.read() as session:
        assert session.scalars(sa.select(Listing)).all() == []
    fill_in(shop, item, account_id, asin="B0SBX00001")
    assert "このまま出品できます" in browser.post(f"/ec/drafts/{item}/accounts/{account_id}/check").text
    page = browser.get(f"/ec/drafts/{item}").text
    assert "写真はAmazonへ送られません" in page and "出品する" in page
    assert browser.post(f"/ec/drafts/{item}/list", data={"staff_code": "1001"}).status_code == 302
    assert market.line.calls.count("PUT") == 0, "the worker sends, not the request"
    go_on(shop)
    go_on(shop, MINUTE)
    with shop.read() as session:
        (listing,) = session.scalars(sa.select(Listing.id)).all()
    assert state_of(shop, listing) == ("ACTIVE", None)


def test_an_amazon_that_is_away_does_not_keep_the_clerk(
    shop: Shop, market: Market, account_id: int, client: FlaskClient
) -> None:
    browser, item = manager(shop, client), shop.item()
    fill_in(shop, item, account_id)
    market.line.faults["GET restrictions"] = [answer(503)]
    assert browser.post(f"/ec/drafts/{item}/list", data={"staff_code": "1001"}).status_code == 302


def test_staff_change_the_price_look_and_take_it_off_on_the_listings_page(
    shop: Shop, market: Market, account_id: int, client: FlaskClient
) -> None:
    _, listing = on_sale(shop, account_id)
    browser = manager(shop, client)

    def act(action: str, **typed: str) -> str:
        data = {"staff_code": "1001"} | typed
        return browser.post(f"/ec/listings/{listing}/offer/{action}", data=data, follow_redirects=True).text

    assert "価格の変更を送ります" in act("price", price="3,980")
    assert "確かめています" in act("look")
    go_on(shop)
    assert "3,980円" in browser.get(f"/ec/listings/{listing}/offer").text
    act("withdraw")
    assert "取り下げています" in browser.get(f"/ec/listings/{listing}/offer").text
    go_on(shop)
    go_on(shop, MINUTE)
    assert state_of(shop, listing)[0] == "WITHDRAWN"
    assert "この操作ができません" in act("withdraw")
    forbidden = browser.post(f"/ec/listings/{listing}/not_listed", data={"staff_code": "1001"})
    assert forbidden.status_code == 409
