"""What is seen of auctions → our listings and the units held for bids (product.md, "Listing states", R20, R29, R35)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from recore.accounts.models import MarketplaceAccount
from recore.identity.models import Staff
from recore.listings.models import Listing, ListingExternalId, ObservedListing
from recore.listings.rules import ListingState
from recore.listings.service import confirm_not_listed, own_external_id
from recore.stock.service import sell_at_counter
from tests.support.shop import Shop
from tests.support.store import Pc, auction, listing, order_now, orders_now, state_of, wire, won


def links(shop: Shop) -> dict[str, int | None]:
    """auction id → listing"""
    with shop.read() as session:
        return dict(session.execute(sa.select(ObservedListing.external_id, ObservedListing.listing_id)).all())


def reason_of(shop: Shop, listing_id: int) -> str:
    with shop.read() as session:
        return session.scalars(sa.select(Listing.reason).where(Listing.id == listing_id)).one() or ""


@pytest.mark.parametrize("state", [ListingState.PROCESSING, ListingState.NEEDS_REVIEW])
def test_r17_a_sent_listing_seen_selling_is_active(
    shop: Shop, pc: Pc, account_id: int, state: ListingState
) -> None:
    sent = listing(shop, account_id, shop.item(), "N1", state=state)
    pc.sync(selling=[auction("a1", "N1")])
    assert (state_of(shop, sent), links(shop)) == ("ACTIVE", {"a1": sent})


def test_r35_an_auction_that_is_not_ours_stays_unlinked(shop: Shop, pc: Pc, account_id: int) -> None:
    sent = listing(shop, account_id, shop.item(), "N1")
    answer = pc.sync(selling=[auction("a1", "N2"), auction("a2", None)])
    assert (state_of(shop, sent), links(shop)) == ("PROCESSING", {"a1": None, "a2": None})
    assert answer["summary"]["unlinked"] == 2


def test_r17_a_listing_that_was_never_sent_is_not_matched(shop: Shop, pc: Pc, account_id: int) -> None:
    queued = listing(shop, account_id, shop.item(), "N1", state=ListingState.QUEUED, sent=None)
    packed = listing(shop, account_id, shop.item(), "N2", sent=None)
    pc.sync(selling=[auction("a1", "N1"), auction("a2", "N2")])
    assert (state_of(shop, queued), state_of(shop, packed)) == ("QUEUED", "PROCESSING")
    assert links(shop) == {"a1": None, "a2": None}


def test_r17_an_auction_known_before_the_sending_is_never_matched(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    pc.sync(selling=[auction("a1", "N1")])
    sent = listing(shop, account_id, shop.item(), "N1", sent=timedelta(seconds=1))
    pc.sync(selling=[auction("a1", "N1", current_price=2000)])
    pc.sync(selling=[auction("a1", "N1", current_price=2000, bid_count=1)])
    assert (state_of(shop, sent), links(shop)) == ("PROCESSING", {"a1": None})


def test_r17_an_auction_that_ends_too_early_began_before_the_sending(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    """An auction of five days, sent five minutes ago, cannot end tomorrow: this one is older."""
    sent = listing(shop, account_id, shop.item(), "N1", fields={"duration": 5})
    tomorrow, in_five_days = datetime.now(UTC) + timedelta(days=1), datetime.now(UTC) + timedelta(days=5)
    pc.sync(
        selling=[auction("a1", "N1", ends_at=wire(tomorrow)), auction("a2", "N1", ends_at=wire(in_five_days))]
    )
    assert (state_of(shop, sent), links(shop)) == ("ACTIVE", {"a1": None, "a2": sent})


def test_r17_an_auction_that_ended_before_the_sending_is_not_matched(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    sent = listing(shop, account_id, shop.item(), "N1")
    ended = wire(datetime.now(UTC) - timedelta(hours=1))
    pc.sync(closed=[auction("a1", "N1", ends_at=ended, result="落札者なし")])
    assert (state_of(shop, sent), links(shop)) == ("PROCESSING", {"a1": None})


def test_r17_a_known_id_is_matched_whatever_the_number_says(shop: Shop, pc: Pc, account_id: int) -> None:
    sent = listing(shop, account_id, shop.item(), "N1", sent=None)
    with shop.work() as uow:
        own_external_id(uow, sent, account_id, "a1")
    pc.sync(selling=[auction("a1", "edited on Yahoo")])
    assert (state_of(shop, sent), links(shop)) == ("ACTIVE", {"a1": sent})


def test_r17_another_accounts_listing_is_not_matched(shop: Shop, pc: Pc, account_id: int) -> None:
    elsewhere = listing(shop, shop.yahoo_account(store_id="demo-store-2"), shop.item(), "N1")
    pc.sync(selling=[auction("a1", "N1")])
    assert state_of(shop, elsewhere) == "PROCESSING"


@pytest.mark.parametrize("given_up", [ListingState.WITHDRAWN, ListingState.FAILED, ListingState.ENDED])
def test_r17_a_listing_seen_after_it_was_given_up_is_reopened(
    shop: Shop, pc: Pc, account_id: int, given_up: ListingState
) -> None:
    old = listing(shop, account_id, shop.item(), "N1", state=given_up)
    pc.sync(selling=[auction("a1", "N1")])
    assert (state_of(shop, old), links(shop)) == ("ACTIVE", {"a1": old})


def test_r17_a_newer_attempt_that_was_not_sent_is_withdrawn(shop: Shop, pc: Pc, account_id: int) -> None:
    stock_item = shop.item()
    old = listing(shop, account_id, stock_item, "N1", state=ListingState.WITHDRAWN)
    newer = listing(shop, account_id, stock_item, "N1", state=ListingState.QUEUED, sent=None)
    pc.sync(selling=[auction("a1", "N1")])
    assert (state_of(shop, old), state_of(shop, newer)) == ("ACTIVE", "WITHDRAWN")
    assert "前の出品がヤフオク!で見つかった" in reason_of(shop, newer)


def test_r17_a_newer_attempt_that_was_sent_is_a_double_listing(shop: Shop, pc: Pc, account_id: int) -> None:
    stock_item = shop.item()
    old = listing(shop, account_id, stock_item, "N1", state=ListingState.WITHDRAWN, sent=timedelta(days=-3))
    newer = listing(shop, account_id, stock_item, "N1", sent=timedelta(minutes=-5), fields={"duration": 5})
    ends_in_two_days = wire(datetime.now(UTC) + timedelta(days=2))  # the old attempt's, not the newer one's
    pc.sync(selling=[auction("a1", "N1", ends_at=ends_in_two_days)])
    assert links(shop) == {"a1": old}
    assert (state_of(shop, old), state_of(shop, newer)) == ("WITHDRAWN", "NEEDS_REVIEW")
    assert "二重出品" in reason_of(shop, newer)


def test_r17_of_a_lot_an_attempt_that_was_given_up_and_another_both_sell(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    stock_item = shop.item(quantity=2)
    old = listing(shop, account_id, stock_item, "N1", state=ListingState.WITHDRAWN)
    newer = listing(shop, account_id, stock_item, "N1-2")
    for _ in range(2):
        answer = pc.sync(selling=[auction("a1", "N1"), auction("a2", "N1-2")])
        assert (state_of(shop, old), state_of(shop, newer)) == ("ACTIVE", "ACTIVE")
        assert (links(shop), answer["notices"]) == ({"a1": old, "a2": newer}, [])


def test_r17_a_given_up_attempt_that_sells_beside_another_of_one_unit_raises_the_alarm_until_one_is_left(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    stock_item = shop.item()
    old = listing(shop, account_id, stock_item, "OLD-1", state=ListingState.WITHDRAWN)
    newer = listing(shop, account_id, stock_item, "N1")
    for _ in range(2):
        answer = pc.sync(selling=[auction("a1", "OLD-1"), auction("a2", "N1")])
        assert (state_of(shop, newer), links(shop)) == ("NEEDS_REVIEW", {"a1": old, "a2": newer})
        assert [each["code"] for each in answer["notices"]] == ["DOUBLE_LISTED"]
    answer = pc.sync(selling=[auction("a2", "N1")], closed=[auction("a1", "OLD-1", result="取消")])
    assert (state_of(shop, old), state_of(shop, newer), answer["notices"]) == ("WITHDRAWN", "ACTIVE", [])


def test_r17_two_auctions_under_one_number_raise_the_alarm_until_one_is_left(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    sent = listing(shop, account_id, shop.item(), "N1")
    both = [auction("a1", "N1"), auction("a2", "N1")]
    since = set()
    for _ in range(2):
        answer = pc.sync(selling=both)
        with shop.read() as session:
            (entry,) = session.scalars(sa.select(MarketplaceAccount.attention)).one()
        since.add(entry["at"])
        assert [each["code"] for each in answer["notices"]] == ["DOUBLE_LISTED"]
        assert "N1" in answer["notices"][0]["message"]
        assert state_of(shop, sent) == "NEEDS_REVIEW"
    assert len(since) == 1, "the alarm keeps the time of its first sight"
    answer = pc.sync(selling=both[1:], closed=[auction("a1", "N1", result="取消")])
    assert (state_of(shop, sent), answer["notices"]) == ("ACTIVE", [])


def test_r20_a_bid_holds_the_unit_and_changes_no_state(shop: Shop, pc: Pc, account_id: int) -> None:
    stock_item = shop.item()
    sent = listing(shop, account_id, stock_item, "N1")
    pc.sync(selling=[auction("a1", "N1", bid_count=0)])
    assert shop.counts(stock_item) == (1, 0, 1)
    pc.sync(selling=[auction("a1", "N1", bid_count=2)])
    assert (state_of(shop, sent), shop.counts(stock_item)) == ("ACTIVE", (1, 1, 0))
    pc.sync(selling=[auction("a1", "N1", bid_count=0)])  # the bidder was removed
    assert shop.counts(stock_item) == (1, 0, 1)


def test_r20_a_bid_on_a_lot_holds_every_unit_offered(shop: Shop, pc: Pc, account_id: int) -> None:
    stock_item = shop.item(quantity=5)
    listing(shop, account_id, stock_item, "N1", quantity=3)
    pc.sync(selling=[auction("a1", "N1", bid_count=1)])
    assert shop.counts(stock_item) == (5, 3, 2)


def test_r29_a_bid_without_stock_is_kept_and_told(shop: Shop, pc: Pc, account_id: int) -> None:
    stock_item = shop.item()
    sent = listing(shop, account_id, stock_item, "N1")
    pc.sync(selling=[auction("a1", "N1")])
    with shop.work() as uow:
        sell_at_counter(uow, stock_item, 1, 1)
    answer = pc.sync(selling=[auction("a1", "N1", bid_count=1)])
    assert [each["code"] for each in answer["notices"]] == ["BID_WITHOUT_STOCK"]
    assert "N1" in answer["notices"][0]["message"]
    assert (state_of(shop, sent), shop.counts(stock_item)) == ("ACTIVE", (0, 0, 0))


def test_r36_an_auction_without_a_winner_ends_the_listing(shop: Shop, pc: Pc, account_id: int) -> None:
    stock_item = shop.item()
    sent = listing(shop, account_id, stock_item, "N1")
    pc.sync(selling=[auction("a1", "N1")])
    pc.sync(closed=[auction("a1", "N1", result="落札者なし")])
    assert (state_of(shop, sent), shop.counts(stock_item)) == ("ENDED", (1, 0, 1))


def test_r17_an_auction_that_came_and_went_between_two_syncs_is_ended(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    sent = listing(shop, account_id, shop.item(), "N1")
    pc.sync(closed=[auction("a1", "N1", result="落札者なし")])
    assert state_of(shop, sent) == "ENDED"


def test_r17_an_auction_withdrawn_by_hand_withdraws_the_listing_and_frees_its_bid(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    stock_item = shop.item()
    sent = listing(shop, account_id, stock_item, "N1")
    pc.sync(selling=[auction("a1", "N1", bid_count=1)])
    pc.sync(closed=[auction("a1", "N1", bid_count=1, result="取消")])
    assert (state_of(shop, sent), shop.counts(stock_item)) == ("WITHDRAWN", (1, 0, 1))


def test_r18_an_unknown_result_is_shown_and_never_guessed(shop: Shop, pc: Pc, account_id: int) -> None:
    stock_item = shop.item()
    sent = listing(shop, account_id, stock_item, "N1")
    pc.sync(selling=[auction("a1", "N1", bid_count=1)])
    pc.sync(closed=[auction("a1", "N1", bid_count=1, result="延長保留")])
    assert state_of(shop, sent) == "NEEDS_REVIEW"
    assert "「延長保留」" in reason_of(shop, sent)
    assert shop.counts(stock_item) == (1, 1, 0)


def test_r36_an_auction_that_relists_itself_stays_active_under_its_new_id(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    sent = listing(shop, account_id, shop.item(), "N1", fields={"auto_relist": 1})
    pc.sync(selling=[auction("a1", "N1")])
    ended = auction("a1", "N1", result="落札者なし")
    pc.sync(closed=[ended])
    assert state_of(shop, sent) == "ACTIVE"
    later = wire(datetime(2099, 1, 8, 12, tzinfo=UTC))
    pc.sync(selling=[auction("a2", "N1", ends_at=later)], closed=[ended])
    assert (state_of(shop, sent), links(shop)) == ("ACTIVE", {"a1": sent, "a2": sent})
    pc.sync(closed=[ended, auction("a2", "N1", ends_at=later, result="落札者なし")])
    assert state_of(shop, sent) == "ENDED"


def test_r36_an_auction_that_should_have_relisted_and_did_not_is_ended_after_two_complete_runs(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    sent = listing(shop, account_id, shop.item(), "N1", fields={"auto_relist": 3})
    pc.sync(selling=[auction("a1", "N1")])
    ended = auction("a1", "N1", result="落札者なし")
    pc.sync(closed=[ended])
    assert state_of(shop, sent) == "ACTIVE"
    pc.sync(closed=[ended])
    assert state_of(shop, sent) == "ENDED"


def test_r36_an_ended_listing_put_up_again_on_yahoo_by_hand_is_reopened(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    sent = listing(shop, account_id, shop.item(), "N1")
    pc.sync(selling=[auction("a1", "N1")])
    ended = auction("a1", "N1", result="落札者なし")
    pc.sync(closed=[ended])
    pc.sync(selling=[auction("a2", "N1")], closed=[ended])
    assert (state_of(shop, sent), links(shop)["a2"]) == ("ACTIVE", sent)


def test_r17_a_listing_that_vanished_needs_review_after_two_complete_runs(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    stock_item = shop.item()
    sent = listing(shop, account_id, stock_item, "N1")
    pc.sync(selling=[auction("a1", "N1", bid_count=1)])
    pc.sync()
    assert state_of(shop, sent) == "ACTIVE"
    pc.start()
    pc.fail("NETWORK")
    assert state_of(shop, sent) == "ACTIVE"
    pc.sync()
    assert state_of(shop, sent) == "NEEDS_REVIEW"
    assert "見つかりませんでした" in reason_of(shop, sent)
    assert shop.counts(stock_item) == (1, 1, 0)  # the bid may still stand
    pc.sync(selling=[auction("a1", "N1")])
    assert state_of(shop, sent) == "ACTIVE"


def test_r17_a_listing_that_a_person_gave_up_frees_its_bid_at_the_next_complete_run(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    stock_item = shop.item()
    sent = listing(shop, account_id, stock_item, "N1")
    pc.sync(selling=[auction("a1", "N1", bid_count=1)])
    pc.sync(closed=[auction("a1", "N1", bid_count=1, result="不明な結果")])
    with shop.work() as uow:
        confirm_not_listed(uow, sent, uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one())
    pc.sync()
    assert (state_of(shop, sent), shop.counts(stock_item)) == ("WITHDRAWN", (1, 0, 1))


def test_r17_sold_without_an_order_needs_review_after_two_complete_runs(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    stock_item = shop.item()
    sent = listing(shop, account_id, stock_item, "N1")
    pc.sync(selling=[auction("a1", "N1", bid_count=1)])
    sold = auction("a1", "N1", bid_count=1, result="落札者あり")
    pc.sync(closed=[sold])
    assert (state_of(shop, sent), shop.counts(stock_item)) == ("ACTIVE", (1, 1, 0))
    pc.sync(closed=[sold])
    assert state_of(shop, sent) == "NEEDS_REVIEW"
    assert "受注が見つかりません" in reason_of(shop, sent)


def test_r17_a_won_auction_sells_the_listing_out_and_its_order_takes_the_bids_unit(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    stock_item = shop.item()
    sent = listing(shop, account_id, stock_item, "N1")
    pc.sync(selling=[auction("a1", "N1", bid_count=3)])
    pc.sync(closed=[auction("a1", "N1", bid_count=3, result="落札者あり")], orders=[won("a1", "N1")])
    assert (state_of(shop, sent), order_now(shop).lines) == ("SOLD_OUT", {"a1": "RESERVED"})
    assert shop.counts(stock_item) == (1, 1, 0)


def test_r17_a_win_that_no_list_showed_before_is_matched_by_its_number(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    stock_item = shop.item()
    sent = listing(shop, account_id, stock_item, "N1")
    pc.sync(orders=[won("a1", "N1")])
    assert (state_of(shop, sent), order_now(shop).lines) == ("SOLD_OUT", {"a1": "RESERVED"})
    with shop.read() as session:
        assert session.scalars(sa.select(ListingExternalId.external_id)).all() == ["a1"]


def test_r35_a_win_from_before_the_sending_is_unlinked(shop: Shop, pc: Pc, account_id: int) -> None:
    sent = listing(shop, account_id, shop.item(), "N1")
    pc.sync(orders=[won("a1", "N1", won_at=wire(datetime.now(UTC) - timedelta(days=1)))])
    assert (state_of(shop, sent), order_now(shop).lines) == ("PROCESSING", {"a1": "UNLINKED"})


def test_r17_a_lot_of_which_one_unit_sold_is_ended_and_the_rest_is_free(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    stock_item = shop.item(quantity=3)
    sent = listing(shop, account_id, stock_item, "N1", quantity=3)
    pc.sync(selling=[auction("a1", "N1", bid_count=1)])
    assert shop.counts(stock_item) == (3, 3, 0)
    pc.sync(closed=[auction("a1", "N1", bid_count=1, result="落札者あり")], orders=[won("a1", "N1")])
    assert (state_of(shop, sent), shop.counts(stock_item)) == ("ENDED", (3, 1, 2))


def test_r17_the_history_of_a_listing_names_the_pc(shop: Shop, pc: Pc, account_id: int) -> None:
    sent = listing(shop, account_id, shop.item(), "N1")
    pc.sync(selling=[auction("a1", "N1")])
    with shop.read() as session:
        rows = session.execute(
            sa.text(
                "SELECT target, actor_kind, actor_label FROM listing_events WHERE tenant_id = :t AND listing_id = :l"
            ),
            {"t": shop.tenant_id, "l": sent},
        ).all()
    assert [tuple(row) for row in rows] == [("ACTIVE", "device", pc.name)]


def test_r26_no_order_comes_of_ended_rows_alone(shop: Shop, pc: Pc) -> None:
    pc.sync(closed=[auction("a1", "N1", result="落札者あり")])
    assert orders_now(shop) == []
