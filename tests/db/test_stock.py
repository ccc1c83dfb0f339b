"""R6: stock is a ledger; on hand, reserved and available are held by constraints."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from recore.platform.errors import Conflict, Invalid
from recore.stock import service
from recore.stock.models import StockItem, StockLedgerEntry
from recore.stock.rules import Movement, ReservationKind, SalesRoute
from tests.support.shop import Shop

BID, ORDER = ReservationKind.BID, ReservationKind.ORDER


def movements(shop: Shop, item: int) -> list[tuple[Movement, int, int]]:
    with shop.read() as session:
        rows = session.execute(
            sa.select(
                StockLedgerEntry.movement, StockLedgerEntry.on_hand_after, StockLedgerEntry.reserved_after
            )
            .where(StockLedgerEntry.stock_item_id == item)
            .order_by(StockLedgerEntry.id)
        ).all()
        return [tuple(row) for row in rows]


def test_r6_a_hold_is_absolute_so_repeating_it_changes_nothing(shop: Shop) -> None:
    item = shop.item(quantity=5)
    for _ in range(3):
        with shop.work() as uow:
            assert service.hold(uow, item, BID, 1, 2) == 2
    assert shop.counts(item) == (5, 2, 3)
    assert movements(shop, item) == [(Movement.BUYIN, 5, 0), (Movement.RESERVE, 5, 2)]


def test_r6_a_hold_takes_what_there_is_and_says_how_much(shop: Shop) -> None:
    item = shop.item(quantity=3)
    with shop.work() as uow:
        assert service.hold(uow, item, ORDER, 1, 2) == 2
        assert service.hold(uow, item, ORDER, 2, 5) == 1
        assert service.hold(uow, item, ORDER, 3, 1) == 0
    assert shop.counts(item) == (3, 3, 0)


def test_r20_a_won_bid_hands_its_units_to_the_order(shop: Shop) -> None:
    item = shop.item(quantity=1)
    with shop.work() as uow:
        assert service.hold(uow, item, BID, 7, 1) == 1
        assert service.take_over_bid(uow, item, 7, 70, 1) == 1
        assert service.release(uow, BID, 7) == 0
    assert shop.counts(item) == (1, 1, 0)


def test_r6_shipping_takes_units_from_the_house_once(shop: Shop) -> None:
    item = shop.item(quantity=2)
    with shop.work() as uow:
        service.hold(uow, item, ORDER, 1, 1)
        assert service.ship(uow, 1) == 1
        assert service.ship(uow, 1) == 0
    assert shop.counts(item) == (1, 0, 1)


def test_r25_units_taken_back_are_available_again(shop: Shop) -> None:
    item = shop.item(quantity=1)
    with shop.work() as uow:
        service.hold(uow, item, ORDER, 1, 1)
        service.ship(uow, 1)
        assert service.take_back(uow, 1) == 1
        assert service.take_back(uow, 1) == 0
    assert shop.counts(item) == (1, 0, 1)


def test_r6_the_counter_cannot_sell_what_a_bid_holds(shop: Shop) -> None:
    item = shop.item(quantity=1)
    with shop.work() as uow:
        service.hold(uow, item, BID, 1, 1)
    with pytest.raises(Conflict) as caught, shop.work() as uow:
        service.sell_at_counter(uow, item, 1, 1)
    assert caught.value.code == "NO_STOCK"
    assert caught.value.item == "IT0000001"
    assert "1点は入札・受注のために確保中" in caught.value.message
    assert shop.counts(item) == (1, 1, 0)


def test_r5_an_ec_only_item_cannot_be_sold_at_the_counter(shop: Shop) -> None:
    item = shop.item(route=SalesRoute.EC_ONLY)
    with pytest.raises(Conflict) as caught, shop.work() as uow:
        service.sell_at_counter(uow, item, 1, 1)
    assert caught.value.code == "EC_ONLY"
    assert shop.counts(item) == (1, 0, 1)


def test_r6_the_database_itself_refuses_more_reserved_than_on_hand(shop: Shop) -> None:
    item = shop.item(quantity=1)
    with pytest.raises(sa.exc.IntegrityError), shop.work() as uow:
        uow.session.execute(sa.update(StockItem).where(StockItem.id == item).values(reserved=2))
    assert shop.counts(item) == (1, 0, 1)


def test_r6_counting_below_what_is_reserved_is_refused(shop: Shop) -> None:
    item = shop.item(quantity=3)
    with shop.work() as uow:
        service.hold(uow, item, ORDER, 1, 2)
    with pytest.raises(Invalid) as caught, shop.work() as uow:
        service.adjust(uow, item, 1, "棚卸")
    assert caught.value.code == "BELOW_RESERVED"
    with shop.work() as uow:
        service.adjust(uow, item, 2, "棚卸")
    assert shop.counts(item) == (2, 2, 0)


def test_r6_many_tills_at_once_never_oversell(shop: Shop) -> None:
    """20 threads take one unit each of 7: exactly 7 succeed, the others are refused by name."""
    item = shop.item(quantity=7)
    outcomes: list[str] = []
    start = threading.Barrier(20)

    def till(number: int) -> None:
        start.wait()
        try:
            with shop.work() as uow:
                service.sell_at_counter(uow, item, 1, number)
            outcomes.append("sold")
        except Conflict as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=till, args=(number,)) for number in range(1, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["NO_STOCK"] * 13 + ["sold"] * 7
    assert shop.counts(item) == (0, 0, 0)
    assert len(movements(shop, item)) == 8
