"""Two stores read at the same time, with the same stock behind their auctions (R17, R27)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask.testing import FlaskClient

from tests.support.shop import Shop
from tests.support.store import Pc, auction, listing, orders_now, pc_of, won

ITEMS = 6


def stores(shop: Shop, new_client: Callable[[], FlaskClient], items: list[int]) -> list[Pc]:
    """Two stores that offer every item, the second in the opposite order."""
    pcs = []
    for name, offered in (("a", items), ("b", items[::-1])):
        pc = pc_of(shop, new_client(), shop.yahoo_account(store_id=f"store-{name}"), f"PC-{name}")
        for stock_item in offered:
            listing(shop, pc.account_id, stock_item, f"{name}{stock_item}")
        pcs.append(pc)
    return pcs


def test_r27_bids_in_two_stores_at_once_hold_every_unit_once(
    shop: Shop, new_client: Callable[[], FlaskClient]
) -> None:
    items = [shop.item() for _ in range(ITEMS)]
    pcs = stores(shop, new_client, items)

    def rounds(pc: Pc) -> list[int]:
        name = pc.name[-1]
        order = items if name == "a" else items[::-1]
        statuses = []
        for bids in (1, 0) * 6:
            assert pc.start().status_code == 201
            rows = [auction(f"{name}x{each}", f"{name}{each}", bid_count=bids) for each in order]
            statuses.append(pc.send(pc.body("selling", rows, seq=1)).status_code)
            pc.finish(complete=False)
        return statuses

    with ThreadPoolExecutor(2) as pool:
        assert [set(each) for each in pool.map(rounds, pcs)] == [{200}, {200}]
    assert {shop.counts(each) for each in items} == {(1, 0, 1)}


def test_r29_items_won_in_two_stores_at_once_are_sold_once(
    shop: Shop, new_client: Callable[[], FlaskClient]
) -> None:
    items = [shop.item() for _ in range(ITEMS)]
    pcs = stores(shop, new_client, items)

    def win(pc: Pc) -> int:
        name = pc.name[-1]
        order = items if name == "a" else items[::-1]
        assert pc.start().status_code == 201
        minutes = iter(range(59))
        rows = [
            won(f"{name}x{each}", f"{name}{each}", won_at=f"2099-01-01T00:{next(minutes):02}:00Z")
            for each in order
        ]
        return pc.send(pc.body("won", rows, seq=1)).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(win, pcs)) == [200, 200]
    behind = sorted(stock for order in orders_now(shop) for stock in order.lines.values())
    assert behind == ["OVERSOLD"] * ITEMS + ["RESERVED"] * ITEMS
    assert {shop.counts(each) for each in items} == {(1, 1, 0)}
