"""落札者なし: what ended unsold is offered again, in bulk, at the same price or another (R36)."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.accounts.models import MarketplaceAccount
from recore.identity.models import Staff
from recore.listings import relist, unsold
from recore.listings.models import Listing, ListingDraft
from recore.listings.price_change import PriceChange, PriceRule
from recore.listings.relist import Prices, Row
from recore.listings.rules import ListingState
from recore.listings.service import move, take_back
from recore.platform.audit import AuditEntry
from recore.platform.paging import PAGE_SIZE
from recore.stock.models import StockItem
from recore.stock.rules import SalesRoute
from recore.stock.service import sell_at_counter
from tests.support.desk import draft, ended, listing_now, photo, press_list, wired
from tests.support.shop import Shop, open_shop
from tests.support.store import Pc, auction, listing, pc_of, wire

MINUS_10 = PriceRule(PriceChange.PERCENT, 10)


@pytest.fixture
def clerk(shop: Shop, client: FlaskClient) -> FlaskClient:
    """A browser that is logged in."""
    shop.app.config["WTF_CSRF_ENABLED"] = False
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    return client


def listed_rows(shop: Shop, **filters: Any) -> list[Any]:
    with shop.read() as session:
        return list(unsold.unsold(session, wired(shop).channels, **filters).rows)


def ids_of(shop: Shop, **filters: Any) -> list[int]:
    return [row.id for row in listed_rows(shop, **filters)]


def planned(shop: Shop, *listing_ids: int, rule: PriceRule = MINUS_10) -> list[Row]:
    with shop.read() as session:
        return relist.plan(session, wired(shop).channels, listing_ids, rule)


def press_relist(
    shop: Shop, *listing_ids: int, rule: PriceRule = MINUS_10, seen: dict[int, Prices] | None = None
) -> list[Row]:
    """【再出品する】 of attempts of one item."""
    item = listing_now(shop, listing_ids[0]).stock_item_id
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        wanted = {each: (seen or {}).get(each) for each in listing_ids}
        return relist.relist(uow, wired(shop).channels, item, wanted, rule, staff)


def item_of(shop: Shop, listing_id: int) -> int:
    return listing_now(shop, listing_id).stock_item_id


def open_listings(shop: Shop) -> list[int]:
    with shop.read() as session:
        return list(session.scalars(sa.select(Listing.id).where(Listing.state == ListingState.QUEUED)))


def close(shop: Shop, listing_id: int, *states: ListingState) -> None:
    with shop.work() as uow:
        for state in states:
            move(uow, listing_id, state, "テスト")


def reasons(row: Row) -> list[str]:
    return [problem.message for problem in row.problems]


# --- the list ---


def test_r36_what_ended_unsold_is_listed_newest_first_with_its_last_prices(
    shop: Shop, account_id: int
) -> None:
    first = ended(shop, account_id, start_price=4800, buyout_price=9000)
    second = ended(shop, account_id)
    rows = listed_rows(shop)
    assert [row.id for row in rows] == [second, first]
    assert [(row.start_price, row.buyout_price) for row in rows] == [(5000, "none"), (4800, "9000")]
    assert (rows[1].account_name, rows[1].units) == ("ヤフオク!demo-store-1", 1)
    with shop.read() as session:
        assert unsold.counts(session) == {ListingState.ENDED: 2}


def test_r36_times_bids_and_end_are_those_that_the_marketplace_showed(
    shop: Shop, client: FlaskClient, account_id: int
) -> None:
    item = shop.item()
    with shop.read() as session:
        code = session.scalars(sa.select(StockItem.it_code)).one()
    over = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
    sent = over - timedelta(days=20) - datetime.now(UTC)
    attempt = listing(shop, account_id, item, code, fields={"start_price": 700, "auto_relist": 1}, sent=sent)
    pc: Pc = pc_of(shop, client, account_id)
    pc.sync(selling=[auction("a1", code)])
    pc.sync(closed=[auction("a1", code, result="落札者なし", ends_at=wire(over - timedelta(days=5)))])
    assert listed_rows(shop) == []  # it waits for its automatic relist
    pc.sync(selling=[auction("a2", code)])
    closed = auction("a2", code, result="落札者なし", ends_at=wire(over), bid_count=2)
    pc.sync(closed=[closed])
    (row,) = listed_rows(shop)
    assert (row.id, row.times, row.bids, row.ended_at, row.start_price) == (attempt, 2, 2, over, 700)


def test_r36_an_adopted_auction_shows_the_price_it_was_seen_with(
    shop: Shop, client: FlaskClient, account_id: int
) -> None:
    item = shop.item()
    with shop.read() as session:
        code = session.scalars(sa.select(StockItem.it_code)).one()
    attempt = listing(shop, account_id, item, code)
    pc_of(shop, client, account_id).sync(
        closed=[auction("a1", code, result="落札者なし", current_price=1234)]
    )
    (row,) = listed_rows(shop)
    assert (row.id, row.start_price, row.buyout_price) == (attempt, 1234, "")


@pytest.mark.parametrize(
    "why", ["sold at the counter", "store only", "open again", "disabled", "failed since"]
)
def test_r36_what_cannot_be_offered_again_is_not_listed(shop: Shop, account_id: int, why: str) -> None:
    attempt = ended(shop, account_id)
    item = item_of(shop, attempt)
    if why == "open again":
        press_list(shop, item)
    if why == "failed since":
        (again,) = press_list(shop, item)  # type: ignore[misc]
        close(shop, again, ListingState.PROCESSING, ListingState.FAILED)
    with shop.work() as uow:
        if why == "sold at the counter":
            sell_at_counter(uow, item, 1, sale_id=1)
        if why == "store only":
            uow.session.execute(sa.update(StockItem).values(sales_route=SalesRoute.STORE_ONLY))
        if why == "disabled":
            uow.session.execute(sa.update(MarketplaceAccount).values(is_enabled=False))
    assert ids_of(shop) == []


def test_r36_a_relist_that_was_taken_back_leaves_the_item_in_the_list_at_its_old_price(
    shop: Shop, account_id: int
) -> None:
    attempt = ended(shop, account_id, start_price=5000)
    (row,) = press_relist(shop, attempt)
    assert ids_of(shop) == []
    with shop.work() as uow:
        take_back(uow, row.queued_id or 0)
    assert ids_of(shop) == [attempt]
    assert [(each.old.start, each.new.start) for each in planned(shop, attempt)] == [(5000, 4500)]


def test_r36_what_was_withdrawn_on_the_marketplace_has_a_list_of_its_own(
    shop: Shop, client: FlaskClient, account_id: int
) -> None:
    item = shop.item()
    with shop.read() as session:
        code = session.scalars(sa.select(StockItem.it_code)).one()
    attempt = listing(shop, account_id, item, code)
    pc_of(shop, client, account_id).sync(closed=[auction("a1", code, result="取消")])
    assert listing_now(shop, attempt).state is ListingState.WITHDRAWN
    assert (ids_of(shop), ids_of(shop, state=ListingState.WITHDRAWN)) == ([], [attempt])


def test_r36_found_by_any_writing_and_by_account(shop: Shop, account_id: int) -> None:
    other = shop.yahoo_account(store_id="demo-store-2")
    watch = ended(shop, account_id, title="セイコー 腕時計")
    camera = ended(shop, account_id, title="ニコン カメラ")
    assert ids_of(shop, text="せいこー") == [watch]
    assert ids_of(shop, text="ﾆｺﾝ ｶﾒﾗ") == [camera]
    assert ids_of(shop, text="100%_") == []
    assert (ids_of(shop, account_id=account_id), ids_of(shop, account_id=other)) == ([camera, watch], [])


def test_r36_every_order_pages_through_all_of_it_once(shop: Shop, account_id: int) -> None:
    made = [
        listing(
            shop,
            account_id,
            shop.item(),
            f"N-{at}",
            state=ListingState.ENDED,
            fields={"start_price": at // 3},
        )
        for at in range(PAGE_SIZE + 7)
    ]
    by_price = sorted(made, key=lambda each: (made.index(each) // 3, each))
    wanted = {
        unsold.Order.NEWEST: made[::-1],
        unsold.Order.DEAR: by_price[::-1],
        unsold.Order.OFTEN: made[::-1],
    }
    for order in unsold.Order:
        with shop.read() as session:
            first = unsold.unsold(session, wired(shop).channels, order=order)
            second = unsold.unsold(session, wired(shop).channels, order=order, before=first.older)
        seen = [row.id for row in (*first.rows, *second.rows)]
        assert (len(first.rows), second.older, sorted(seen)) == (PAGE_SIZE, None, made)
        assert seen == wanted.get(order, seen)
        prices = [row.start_price for row in (*first.rows, *second.rows)]
        assert order is not unsold.Order.CHEAP or prices == sorted(prices)


# --- relisting ---


def test_r36_a_relist_is_a_new_attempt_at_the_new_price_and_the_next_form_begins_with_it(
    shop: Shop, account_id: int
) -> None:
    attempt = ended(shop, account_id, start_price=4980, buyout_price=9990, title="SEIKO 5")
    rule = PriceRule(PriceChange.PERCENT, 10, unit=10)
    (row,) = press_relist(shop, attempt, rule=rule)
    assert (row.old, row.new) == (Prices(4980, 9990), Prices(4480, 8990))
    now = listing_now(shop, row.queued_id or 0)
    assert (now.state, now.title, now.fields["start_price"], now.fields["buyout_price"]) == (
        ListingState.QUEUED, "SEIKO 5", 4480, 8990,
    )  # fmt: skip
    assert now.management_number == listing_now(shop, attempt).management_number
    assert now.photo_ids == listing_now(shop, attempt).photo_ids
    with shop.read() as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "listing.relist")).one()
        assert (entry.before, entry.after) == (
            {"listing_id": attempt, "start": 4980, "buyout": 9990}, {"start": 4480, "buyout": 8990},
        )  # fmt: skip
    close(shop, now.id, ListingState.PROCESSING, ListingState.ENDED)
    assert ids_of(shop) == [now.id]
    assert [each.old for each in planned(shop, now.id)] == [Prices(4480, 8990)]


def test_r36_without_a_buyout_there_is_none_afterwards(shop: Shop, account_id: int) -> None:
    attempt = ended(shop, account_id, buyout_price="none")
    (row,) = press_relist(shop, attempt)
    assert listing_now(shop, row.queued_id or 0).fields["buyout_price"] == "none"


def test_r36_what_was_typed_since_is_what_is_offered(shop: Shop, account_id: int) -> None:
    attempt = ended(shop, account_id, start_price=5000)
    draft(shop, item_of(shop, attempt), account_id, start_price=3000, title="新しい題")
    (row,) = press_relist(shop, attempt)
    now = listing_now(shop, row.queued_id or 0)
    assert (row.old.start, now.fields["start_price"], now.title) == (3000, 2700, "新しい題")
    with shop.read() as session:
        assert session.scalars(sa.select(ListingDraft)).all() == []


def test_r36_the_dry_run_says_what_will_happen_and_writes_nothing(shop: Shop, account_id: int) -> None:
    good, bad = ended(shop, account_id), ended(shop, account_id)
    draft(shop, item_of(shop, bad), account_id, category="", title="あ" * 66)
    rows = planned(shop, bad, good)
    assert [(row.attempt.id, row.is_ready) for row in rows] == [(bad, False), (good, True)]
    assert [problem.field for problem in rows[0].problems] == ["title", "category"]
    assert open_listings(shop) == []
    assert [press_relist(shop, each)[0].is_ready for each in (bad, good)] == [False, True]
    assert ids_of(shop) == [bad]


def test_r36_a_price_that_nothing_is_left_of_is_refused_and_one_below_the_floor_stays(
    shop: Shop, account_id: int
) -> None:
    attempt = ended(shop, account_id, start_price=400)
    (gone,) = press_relist(shop, attempt, rule=PriceRule(PriceChange.YEN, 500))
    assert [(each.field, each.message) for each in gone.problems] == [("start_price", "-100は範囲の外です。")]
    (low,) = press_relist(shop, attempt, rule=PriceRule(PriceChange.PERCENT, 10, floor=500))
    assert reasons(low) == ["いまの価格400円は、下限の500円より安くなっています。"]
    assert low.new == low.old
    assert open_listings(shop) == []


def test_r36_only_the_units_that_were_not_sold_are_offered_again(shop: Shop, account_id: int) -> None:
    attempt = ended(shop, account_id, quantity=5)
    with shop.work() as uow:
        uow.session.execute(sa.update(Listing).values(quantity=3, sold_quantity=1))
        uow.session.execute(sa.update(StockItem).values(on_hand=4))
    (row,) = press_relist(shop, attempt)
    assert (row.quantity, listing_now(shop, row.queued_id or 0).quantity) == (2, 2)


def test_r36_an_item_sold_at_the_counter_meanwhile_stays(shop: Shop, account_id: int) -> None:
    attempt = ended(shop, account_id)
    with shop.work() as uow:
        sell_at_counter(uow, item_of(shop, attempt), 1, sale_id=1)
    (row,) = press_relist(shop, attempt)
    assert reasons(row) == ["出品できる在庫がありません（出品中か、受注のために確保中です）。"]
    assert open_listings(shop) == []


def test_r36_an_auction_that_was_seen_again_meanwhile_stays(shop: Shop, account_id: int) -> None:
    attempt = ended(shop, account_id)
    close(shop, attempt, ListingState.ACTIVE)
    (row,) = press_relist(shop, attempt)
    assert reasons(row) == ["「出品中」に変わっています。"]


def test_r36_a_repeat_changes_nothing_and_names_the_attempt_that_is_there(
    shop: Shop, account_id: int
) -> None:
    attempt = ended(shop, account_id, quantity=2)
    (first,) = press_relist(shop, attempt)
    (second,) = press_relist(shop, attempt)
    assert (second.newer_id, second.queued_id, list(second.problems)) == (first.queued_id, None, [])
    assert open_listings(shop) == [first.queued_id]


def test_r36_what_was_confirmed_is_what_is_offered(shop: Shop, account_id: int) -> None:
    attempt = ended(shop, account_id, start_price=5000)
    seen = {row.attempt.id: row.new for row in planned(shop, attempt)}
    draft(shop, item_of(shop, attempt), account_id, start_price=100)
    (row,) = press_relist(shop, attempt, seen=seen)
    assert reasons(row) == ["確認したあとに、価格が変わりました。"]
    assert open_listings(shop) == []


def two_accounts(shop: Shop, account_id: int, **typed: Any) -> tuple[int, int]:
    """One item that ended on two accounts at once."""
    other = shop.yahoo_account(store_id="demo-store-2")
    item = shop.item()
    photo(shop, item)
    for each in (account_id, other):
        draft(shop, item, each)
    first, second = press_list(shop, item)  # type: ignore[misc]
    for each in (first, second):
        close(shop, each, ListingState.PROCESSING, ListingState.ENDED)
    return first, second


def test_r36_one_item_on_two_accounts_goes_to_both(shop: Shop, account_id: int) -> None:
    first, second = two_accounts(shop, account_id)
    assert ids_of(shop) == [second, first]
    rows = press_relist(shop, first, second)
    assert len(open_listings(shop)) == 2
    assert {row.attempt.account_id for row in rows} == {
        listing_now(shop, each).account_id for each in open_listings(shop)
    }


def test_r36_one_item_on_two_accounts_goes_to_both_or_to_none(shop: Shop, account_id: int) -> None:
    first, second = two_accounts(shop, account_id)
    draft(shop, item_of(shop, second), listing_now(shop, second).account_id, category="")
    rows = press_relist(shop, first, second)
    assert [reasons(row)[0] for row in rows] == [
        "同じ商品の「ヤフオク!demo-store-2」に直すところがあります。", "入っていません。",
    ]  # fmt: skip
    assert open_listings(shop) == []
    (alone,) = press_relist(shop, first)
    assert alone.queued_id is not None


def test_r36_two_clerks_at_once_offer_each_item_once(shop: Shop, account_id: int) -> None:
    attempts = [ended(shop, account_id, quantity=3) for _ in range(4)]
    start = threading.Barrier(3)
    rows: list[Row] = []

    def press(order: list[int]) -> None:
        start.wait()
        for each in order:
            rows.extend(press_relist(shop, each))

    threads = [
        threading.Thread(target=press, args=(order,)) for order in (attempts, attempts, attempts[::-1])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(rows), len([row for row in rows if row.queued_id])) == (12, 4)
    assert len(open_listings(shop)) == 4


def test_r36_the_bulk_relist_and_the_single_one_at_once_offer_the_unit_once(
    shop: Shop, account_id: int
) -> None:
    attempt = ended(shop, account_id)
    start = threading.Barrier(2)

    def press(work: Any) -> None:
        start.wait()
        work()

    works = (lambda: press_relist(shop, attempt), lambda: press_list(shop, item_of(shop, attempt)))
    threads = [threading.Thread(target=press, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(open_listings(shop)) == 1


# --- the screens ---


def test_r36_the_list_leads_to_a_preview_and_the_preview_to_the_result(
    shop: Shop, account_id: int, clerk: FlaskClient
) -> None:
    good, bad = ended(shop, account_id, buyout_price=8000), ended(shop, account_id)
    draft(shop, item_of(shop, bad), account_id, category="")
    page = clerk.get("/ec/unsold").text
    assert "5,000円" in page and "8,000円" in page and "入力中" in page
    typed = {"listing": [bad, good], "change": "PERCENT", "percent": "１０", "unit": "100", "floor": "1,000"}
    chosen = clerk.post("/ec/unsold/relist", data=typed)
    assert (chosen.status_code, chosen.headers["Location"]) == (
        302,
        f"/ec/unsold/relist?listing={bad}&listing={good}",
    )
    preview = clerk.get("/ec/unsold/relist", query_string=typed)
    assert preview.status_code == 200
    assert f'name="seen-{good}" value="4500-7200"' in preview.text
    assert f'name="seen-{bad}"' not in preview.text
    assert f"/ec/drafts/{item_of(shop, bad)}#f-{account_id}-category" in preview.text
    assert open_listings(shop) == []
    confirmed = typed | {"staff_code": "1001", f"seen-{good}": "4500-7200"}
    answer = clerk.post("/ec/unsold", data=confirmed)
    assert answer.status_code == 422
    assert "1件を待機中にしました" in answer.text and "1件は再出品できませんでした" in answer.text
    assert "この1件を取り消す" in answer.text
    (new,) = open_listings(shop)
    assert listing_now(shop, new).fields["start_price"] == 4500
    twice = clerk.post("/ec/unsold", data=confirmed | {"listing": [good]})
    assert (twice.status_code, open_listings(shop)) == (200, [new])
    assert "1件は、すでに再出品されています" in twice.text


def test_r36_what_came_back_unsold_is_marked_in_both_lists(
    shop: Shop, account_id: int, clerk: FlaskClient
) -> None:
    attempt = ended(shop, account_id)
    shop.item()
    waiting = clerk.get("/ec/drafts").text
    number = listing_now(shop, attempt).management_number
    assert waiting.count("落札者なしで戻ったもの</a>") == 1
    assert f'href="/ec/unsold?state=ENDED&amp;q={number}"' in waiting
    assert "うち落札者なし 1件" in clerk.get("/").text
    assert "出品待ちにも並びます" in clerk.get("/ec/unsold").text


def test_r36_a_rule_typed_after_the_table_lists_nothing_and_is_calculated_first(
    shop: Shop, account_id: int, clerk: FlaskClient
) -> None:
    attempt, other = ended(shop, account_id), ended(shop, account_id)
    # 20 was typed, 【この価格で計算する】 was not pressed, and the second row is not ticked
    form = {"shown": [attempt, other], "listing": attempt, "staff_code": "1001", "change": "PERCENT", "percent": "20",
            f"seen-{attempt}": "5000-", f"seen-{other}": "5000-"}  # fmt: skip
    answer = clerk.post("/ec/unsold", data=form)
    assert (answer.status_code, open_listings(shop)) == (409, [])
    assert "価格を計算し直しました。" in answer.text and "もう一度【再出品する】" in answer.text
    assert f'name="seen-{attempt}" value="4000-"' in answer.text
    assert 'name="percent" value="20"' in answer.text and 'name="staff_code" value="1001"' in answer.text
    assert re.findall(r'name="listing" value="(\d+)" data-select( checked)?', answer.text) == [
        (str(attempt), " checked"), (str(other), "")]  # fmt: skip
    clerk.post("/ec/unsold", data=form | {f"seen-{attempt}": "4000-"})
    (new,) = open_listings(shop)
    assert listing_now(shop, new).fields["start_price"] == 4000


def test_r36_calculating_keeps_the_rows_and_their_ticks(
    shop: Shop, account_id: int, clerk: FlaskClient
) -> None:
    attempt, other = ended(shop, account_id), ended(shop, account_id)
    form = {"shown": [attempt, other], "listing": attempt, "change": "PERCENT", "percent": "",
            f"seen-{attempt}": "5000-", f"seen-{other}": "5000-"}  # fmt: skip
    wrong = clerk.post("/ec/unsold/relist", data=form, follow_redirects=True)
    assert "値下げの割合は1〜99の数字で入力してください" in wrong.text and "0以上の整数" not in wrong.text
    assert f'name="without" value="{other}"' in wrong.text
    mended = {"shown": [attempt, other], "without": other, "change": "PERCENT", "percent": "20"}
    right = clerk.post("/ec/unsold/relist", data=mended, follow_redirects=True)
    assert "20％引き：開始価格 <strong>4,000円</strong>" in right.text
    assert re.findall(r'name="listing" value="(\d+)" data-select( checked)?', right.text) == [
        (str(attempt), " checked"), (str(other), "")]  # fmt: skip


def test_r36_a_bulk_relist_is_undone_at_once_but_for_what_has_left(
    shop: Shop, account_id: int, clerk: FlaskClient
) -> None:
    attempts = [ended(shop, account_id) for _ in range(3)]
    result = clerk.post("/ec/unsold", data={"listing": attempts, "staff_code": "1001"})
    made = open_listings(shop)
    assert "3件を待機中にしました" in result.text and len(made) == 3
    for code, status in (("", 401), ("1003", 403)):
        refused = clerk.post("/ec/unsold/take-back", data={"listing": made, "staff_code": code})
        assert (refused.status_code, open_listings(shop)) == (status, made)
        assert f'name="listing" value="{made[0]}"' in refused.text
    close(shop, made[0], ListingState.PROCESSING)
    answer = clerk.post("/ec/unsold/take-back", data={"listing": made, "staff_code": "1001"})
    assert (answer.status_code, open_listings(shop)) == (409, [])
    assert "2件の再出品を取り消しました" in answer.text and "1件は取り消せませんでした" in answer.text
    again = clerk.post("/ec/unsold/take-back", data={"listing": made[1:], "staff_code": "1001"})
    assert again.status_code == 302
    assert sorted(ids_of(shop)) == sorted(attempts[1:])


def test_r36_nobody_lists_without_the_permission(shop: Shop, account_id: int, clerk: FlaskClient) -> None:
    attempt = ended(shop, account_id)
    for code, status in (("", 401), ("nobody", 401), ("1003", 403)):
        answer = clerk.post("/ec/unsold", data={"listing": attempt, "staff_code": code})
        assert (answer.status_code, open_listings(shop)) == (status, [])
        assert f'value="{attempt}"' in answer.text  # nothing is lost: the code can be typed again
    assert clerk.post("/ec/unsold", data={"listing": attempt, "staff_code": "1002"}).status_code == 200
    assert len(open_listings(shop)) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"change": "PERCENT", "percent": "100"}, "percent"), ({"change": "PERCENT"}, "percent"),
     ({"change": "YEN", "yen": "たくさん"}, "yen"), ({"change": "FIXED", "fixed": "0"}, "fixed"),
     ({"change": "FIXED", "fixed": "500", "floor": "600"}, "fixed"), ({"floor": "x"}, "floor")],
)  # fmt: skip
def test_r36_a_rule_that_makes_no_sense_is_an_error_at_its_field(
    shop: Shop, account_id: int, clerk: FlaskClient, typed: dict[str, str], field: str
) -> None:
    attempt = ended(shop, account_id)
    preview = clerk.get("/ec/unsold/relist", query_string={"listing": attempt, **typed})
    assert preview.status_code == 422
    assert f'data-testid="problem-{field}"' in preview.text
    assert 'data-testid="relist"' not in preview.text
    sent = clerk.post("/ec/unsold", data={"listing": attempt, "staff_code": "1001", **typed})
    assert (sent.status_code, open_listings(shop)) == (422, [])


def test_r36_nothing_selected_and_too_many_are_told(shop: Shop, account_id: int, clerk: FlaskClient) -> None:
    assert "選ばれていません" in clerk.post("/ec/unsold", data={"staff_code": "1001"}).text
    many = {"listing": [str(each) for each in range(1, 400)], "staff_code": "1001"}
    assert "100件まで" in clerk.post("/ec/unsold", data=many).text


def test_r1_another_tenants_attempts_are_not_there(shop: Shop, account_id: int, clerk: FlaskClient) -> None:
    other = open_shop(shop.app, "other", "other.localhost")
    theirs = ended(other, other.yahoo_account())
    assert listed_rows(shop) == []
    preview = clerk.get("/ec/unsold/relist", query_string={"listing": theirs})
    assert "見つかりません" in preview.text
    answer = clerk.post("/ec/unsold", data={"listing": theirs, "staff_code": "1001"})
    assert "見つかりません" in answer.text
    assert (open_listings(other), ids_of(other)) == ([], [theirs])


def test_r36_an_empty_list_says_so(shop: Shop, account_id: int, clerk: FlaskClient) -> None:
    assert "落札されずに終わった商品はありません" in clerk.get("/ec/unsold").text
    assert "条件に合う商品はありません" in clerk.get("/ec/unsold?q=x").text
    strange = clerk.get("/ec/unsold?before=x_y&order=none&state=QUEUED&account=-1")
    assert strange.status_code == 200
