"""R27, R28: an offer at Amazon shows what there is, never more; it ends when it is gone, and staff hear what cannot be sent."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
import time_machine

from recore.accounts import api_keys
from recore.accounts.health import PUSH_FAILING, blind_accounts, raise_attention
from recore.accounts.models import MarketplaceAccount
from recore.listings import offers
from recore.listings.models import ApiOffer
from recore.listings.service import take_back
from recore.stock.rules import ReservationKind
from recore.stock.service import adjust, hold, release, sell_at_counter, undo_counter_sale
from sandbox.amazon.books import MARKETPLACE
from tests.sandbox.amazon_market import (
    Market,
    go_on,
    hear,
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
    listing_now,
    run_jobs,
    waiting_ids,
    wired,
)
from tests.support.shop import Shop

MINUTE, SETTLED, DEADLINE = timedelta(minutes=1), timedelta(minutes=11), timedelta(minutes=125)


def test_r27_a_bid_lowers_it_and_letting_go_raises_it(shop: Shop, market: Market, account_id: int) -> None:
    item, listing = offered(shop, account_id)
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
    item, listing = offered(shop, account_id, quantity=3)
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
    item, listing = offered(shop, account_id, quantity=5, units=2)
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
    shop: Shop, market: Market, account_id: int, fault: Fault
) -> None:
    item, listing = offered(shop, account_id)
    market.line.faults["PATCH"] = [fault, fault]
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
    item, listing = offered(shop, account_id, quantity=3)
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
    item, listing = offered(shop, account_id)
    with shop.work() as uow:
        adjust(uow, item, 0, "棚卸")
    go_on(shop)
    go_on(shop, 2 * MINUTE)
    assert quantity_there(market, sku_of(shop, listing)) == 0
    assert state_of(shop, listing) == ("WITHDRAWN", "在庫がなくなったため、取り下げました。")


def test_r27_a_change_that_was_lost_there_is_sent_again(shop: Shop, market: Market, account_id: int) -> None:
    """It was acknowledged, and still more is shown after the settle time."""
    item, _ = offered(shop, account_id)
    market.pass_time(120)
    market.act("amazon-settings", reading_lag_seconds=3600)
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 1)
    go_on(shop)
    go_on(shop, SETTLED)
    go_on(shop, SETTLED + MINUTE)
    assert market.line.calls.count("PATCH") >= 2


def test_r27_a_new_price_is_sent_in_all(shop: Shop, market: Market, account_id: int) -> None:
    _, listing = offered(shop, account_id)
    with shop.work() as uow:
        offers.change_price(uow, listing, 3980, staff(uow))
    go_on(shop)
    assert int(market.offers()[sku_of(shop, listing)]["price"]) == 3980
    assert offer_now(shop, listing).pushed_price == 3980


def test_taken_off_by_us_it_ends_when_it_is_gone(shop: Shop, market: Market, account_id: int) -> None:
    market.act("amazon-settings", change_after_seconds=600)
    item, listing = offered(shop, account_id)
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
    _, listing = offered(shop, account_id)
    market.act("amazon-delete-offer", sku=sku_of(shop, listing))
    go_on(shop, timedelta(hours=7))
    assert state_of(shop, listing)[0] == "ACTIVE", "a read may lag behind"
    go_on(shop, timedelta(hours=7) + SETTLED)
    assert state_of(shop, listing) == ("WITHDRAWN", "マーケットプレイスで削除されていました。")


def test_suppressed_there_it_is_for_a_person_with_the_reason(
    shop: Shop, market: Market, account_id: int
) -> None:
    _, listing = offered(shop, account_id)
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
    item, listing = offered(shop, account_id, quantity=3)
    sku = sku_of(shop, listing)

    def sold_meanwhile(go: Go) -> httpx.Response:
        def sell() -> None:
            with shop.work() as uow:
                hold(uow, item, ReservationKind.ORDER, 8, 1)

        seller = threading.Thread(target=sell)
        seller.start()
        seller.join()
        return go()

    market.line.faults["PATCH"] = [sold_meanwhile]
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 1)
    go_on(shop)
    assert quantity_there(market, sku) == 1


def test_r27_what_is_asked_while_somebody_works_on_it_goes_on_at_once(
    shop: Shop, market: Market, account_id: int
) -> None:
    item, listing = offered(shop, account_id)
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
    item, listing = offered(shop, account_id, quantity=30)
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


def test_r28_what_cannot_be_sent_is_shouted_about_until_it_is(
    shop: Shop, market: Market, account_id: int
) -> None:
    item, _ = offered(shop, account_id)
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


# --- what Amazon may do, and did not do before ------------------------------------------------------------------------


def shown(market: Market, sku: str, **changes: Any) -> Fault:
    """The offer as Amazon shows it, with these parts otherwise."""

    def asked(go: Go) -> httpx.Response:
        return httpx.Response(200, json=json.loads(go().read()) | changes)

    return asked


WARNING = {
    "code": "90004",
    "message": "商品の説明を足すと見つけやすくなります。",
    "severity": "WARNING",
    "attributeNames": ["bullet_point"],
}


def test_r21_a_warning_refuses_nothing(shop: Shop, market: Market, account_id: int) -> None:
    """Amazon's issues are errors, warnings or information; with a warning an offer comes on sale a little later all the same."""
    market.act("amazon-settings", buyable_after_seconds=3600)
    _, listing = listed(shop, account_id)
    go_on(shop)
    market.line.faults["GET"] = [shown(market, sku_of(shop, listing), issues=[WARNING])]
    go_on(shop, MINUTE)
    assert state_of(shop, listing) == ("PROCESSING", None) and "DELETE" not in market.line.calls
    market.pass_time(61)
    go_on(shop, 62 * MINUTE)
    assert state_of(shop, listing) == ("ACTIVE", None)


def test_r21_on_sale_with_a_warning_it_stays_on_sale_when_a_read_lags(
    shop: Shop, market: Market, account_id: int
) -> None:
    _, listing = offered(shop, account_id)
    sku = sku_of(shop, listing)
    hidden = [{"marketplaceId": MARKETPLACE, "status": ["DISCOVERABLE"]}]
    for later in (timedelta(hours=7), timedelta(hours=7) + SETTLED):
        market.line.faults["GET"] = [shown(market, sku, issues=[WARNING], summaries=hidden)]
        go_on(shop, later)
    assert state_of(shop, listing) == ("ACTIVE", None)


def accepted(go: Go) -> httpx.Response:
    """Amazon says so, and nothing comes of it."""
    return httpx.Response(200, json={"sku": "X", "status": "ACCEPTED", "submissionId": "s1", "issues": []})


def test_r21_a_withdrawal_that_was_lost_there_is_sent_again(
    shop: Shop, market: Market, account_id: int
) -> None:
    _, listing = offered(shop, account_id)
    market.line.faults["DELETE"] = [accepted]
    with shop.work() as uow:
        offers.withdraw(uow, listing, staff(uow))
    go_on(shop)
    for minutes in (1, 3, 5):
        go_on(shop, minutes * MINUTE)
    assert market.line.calls.count("DELETE") == 1, "it may take a while"
    for minutes in (20, 22, 24):
        go_on(shop, minutes * MINUTE)
    assert market.line.calls.count("DELETE") == 2
    assert (
        state_of(shop, listing) == ("WITHDRAWN", "佐藤 店長さんが取り下げました。") and market.offers() == {}
    )


def test_r21_what_cannot_be_taken_off_is_for_a_person(shop: Shop, market: Market, account_id: int) -> None:
    _, listing = offered(shop, account_id)
    market.line.faults["DELETE"] = [accepted] * 20
    with shop.work() as uow:
        offers.withdraw(uow, listing, staff(uow))
    go_on(shop)
    go_on(shop, 15 * MINUTE, times=9)
    state, reason = state_of(shop, listing)
    assert (
        state == "NEEDS_REVIEW"
        and reason is not None
        and reason.startswith("取り下げを送りましたが、まだ購入できる")
    )
    market.line.faults["DELETE"] = []
    go_on(shop, 160 * MINUTE)
    go_on(shop, 175 * MINUTE)
    assert state_of(shop, listing)[0] == "WITHDRAWN"


def test_accepted_is_not_yet_gone_also_when_it_was_not_on_sale(
    shop: Shop, market: Market, account_id: int
) -> None:
    """A lifted suspension would bring it back on sale: it ends only when it is not shown any more."""
    _, listing = offered(shop, account_id)
    market.act("amazon-settings", change_after_seconds=600)
    market.act("amazon-suppress", sku=sku_of(shop, listing))
    with shop.work() as uow:
        offers.withdraw(uow, listing, staff(uow))
    go_on(shop, timedelta(hours=3))
    go_on(shop, timedelta(hours=3) + MINUTE)
    assert state_of(shop, listing)[0] == "ACTIVE"
    market.pass_time(200)
    go_on(shop, timedelta(hours=3) + 2 * MINUTE)
    assert state_of(shop, listing)[0] == "WITHDRAWN"


def test_r27_units_that_vanished_there_are_offered_again_when_the_orders_are_known(
    shop: Shop, market: Market, account_id: int
) -> None:
    """Somebody set the quantity to 0 on Amazon's pages: no order explains it."""
    item, listing = offered(shop, account_id)
    sku = sku_of(shop, listing)
    seller = market.seller()
    market.api().change(seller, sku, listing_now(shop, listing).fields, quantity=0)
    go_on(shop, timedelta(hours=7))
    assert quantity_there(market, sku) == 0, "it may have been sold"
    assert (offer_now(shop, listing).raise_to, shop.counts(item)) == (1, (1, 0, 1))
    hear(shop, account_id, timedelta(hours=8))
    go_on(shop, timedelta(hours=8))
    assert quantity_there(market, sku) == 1


def test_r27_a_slow_amazon_keeps_the_offer_for_the_worker_that_asks(
    shop: Shop, market: Market, account_id: int
) -> None:
    """Each answer takes two minutes: nobody else sends another quantity meanwhile, which the slow one would overwrite."""
    item, listing = offered(shop, account_id, quantity=3)
    seen: list[object] = []
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:

        def slow(go: Go) -> httpx.Response:
            clock.shift(timedelta(minutes=2))
            other = threading.Thread(target=try_to_claim)
            other.start()
            other.join()
            return go()

        def try_to_claim() -> None:
            with shop.work() as uow:
                seen.append(offers.claim(uow, listing))

        market.line.faults = {"PATCH": [slow, slow], "GET": [slow]}
        with shop.work() as uow:
            hold(uow, item, ReservationKind.BID, 77, 1)
            offers.change_price(uow, listing, 3980, staff(uow))
        run_jobs(shop)
    assert seen == [None, None]
    assert quantity_there(market, sku_of(shop, listing)) == 2


def test_r28_an_answer_that_nobody_thought_of_is_told_and_tried_again(
    shop: Shop, market: Market, account_id: int
) -> None:
    item, listing = offered(shop, account_id)
    broken = {"sku": "X", "status": "ACCEPTED", "issues": [{"severity": "ERROR", "attributeNames": 5}]}
    market.line.faults["PATCH"] = [lambda go: httpx.Response(200, json=broken)] * 3
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 1)
    go_on(shop)
    now = offer_now(shop, listing)
    assert (now.failure, now.busy_until) == ("思わぬ理由で送れませんでした。運用者に知らせてください。", None)
    go_on(shop, 4 * MINUTE, times=4)
    assert quantity_there(market, sku_of(shop, listing)) == 0 and offer_now(shop, listing).failure is None


def test_r28_what_one_offer_manages_does_not_silence_what_another_cannot(
    shop: Shop, market: Market, account_id: int
) -> None:
    offered_ones = [offered(shop, account_id)[1] for _ in range(2)]
    with shop.work() as uow:
        uow.session.execute(
            sa.update(ApiOffer).values(failing_since=uow.at - SETTLED, failure="断られました")
        )
        account = uow.session.scalars(sa.select(MarketplaceAccount)).one()
        raise_attention(uow, account, PUSH_FAILING, "断られました")
        for listing, told in zip(offered_ones, ([PUSH_FAILING], []), strict=True):
            offer = offers.claim(uow, listing)
            assert offer is not None
            offers.release(uow, offer)
            assert [each["code"] for each in account.attention or []] == told
