"""R17: a large store: 10,000 auctions on sale and 1,000 orders, the browser closed and opened again in the middle."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from demo.market import Market
from demo.record import eventually
from demo.shop import Clerk
from tests.e2e.conftest import log_in_to_market
from tests.e2e.test_sync import observed, runs
from tests.support.browser import Browser, browser
from tests.support.servers import Servers

SELLING, ORDERS = 10_000, 1_000
MEGABYTE = 1024 * 1024


def known_orders(servers: Servers) -> list[tuple[str, int]]:
    """(state, whether it has an address) of every order."""
    path = next(servers.data.glob("*.sqlite3"))
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        return connection.execute("SELECT state, has_address FROM orders").fetchall()


def clerk_at(opened: Browser, servers: Servers) -> Clerk:
    return Clerk(opened.driver, servers.shop, opened.extension, opened.downloads)


@pytest.mark.soak
def test_r17_a_large_store_is_read_through_a_restart_of_the_browser_and_then_in_part(
    servers: Servers, market: Market, tmp_path: Path
) -> None:
    with browser(tmp_path, servers.extension) as opened:
        clerk = clerk_at(opened, servers)
        for pattern in ("http://localhost/*", "http://*.yahoo.localhost/*"):
            opened.pregrant_host(pattern)
        clerk.log_in("demo", "demo-pass")
        clerk.pair()
        log_in_to_market(clerk, market, "store1")
        opened.stay_logged_in()
        clerk.open("/settings/shop")
        clerk.type('[name="yahoo.pacing_ms"]', "0")
        clerk.click("@save-settings")
        market.act(
            "seed_auctions", store="demo-store-1", count=SELLING + ORDERS, won=ORDERS, ordered=ORDERS // 2
        )
        clerk.popup()
        clerk.click("@popup-sync")
        eventually("a tenth is read", lambda: len(observed(servers)) > SELLING // 10, seconds=300)
        early = opened.worker_heap()
        eventually("half of it is read", lambda: len(observed(servers)) > SELLING // 2, seconds=300)
        half = opened.worker_heap()
    with browser(tmp_path, servers.extension) as opened:
        clerk = clerk_at(opened, servers)
        eventually("it goes on by itself", lambda: len(observed(servers)) > SELLING * 3 // 4, seconds=300)
        clerk.popup()
        some_orders = ORDERS * 9 // 10
        eventually("nearly every order", lambda: sum(each[1] for each in known_orders(servers)) > some_orders,
                   seconds=1800, every=2)  # fmt: skip
        late = opened.worker_heap()
        eventually("the end", lambda: clerk.last_sync()[1] == "complete", seconds=300)
        assert runs(servers) == [("COMPLETE",)], "one run, through the restart"
        assert len(observed(servers)) == SELLING + ORDERS
        orders = known_orders(servers)
        assert (len(orders), sum(has_address for _, has_address in orders)) == (ORDERS, ORDERS)
        assert sum(state == "UNSHIPPED" for state, _ in orders) == ORDERS // 2
        print(f"heap of the worker, MB: {[round(each / MEGABYTE, 1) for each in (early, half, late)]}")
        assert max(half, late) < early + 8 * MEGABYTE, "what was read is not kept"
        before = market.state()
        assert clerk.sync() == "complete"
        assert market.state()["orders"] == before["orders"]
        assert "新規 0件" in clerk.text("@popup-sync-result")
