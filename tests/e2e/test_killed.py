"""R16, R17: the service worker is ended by the browser before each call it makes to the outside, in turn.

The calls are counted by the extension itself (build option --kill-points): nobody listed them by hand. `make test` takes a
seeded sample, `make soak` every one. Afterwards marketplace and back office agree, with nothing twice and nothing lost.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.market import Market
from demo.record import StepDiffers, eventually
from demo.shop import Clerk
from tests.e2e.conftest import CURRENT_STORE
from tests.e2e.test_direct import on_market, queued_items, states
from tests.e2e.test_sync import runs
from tests.support.browser import Browser
from tests.support.servers import Servers, running_servers

SAMPLE = 2
Chooser = Callable[[int], list[int]]


@pytest.fixture
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with running_servers(tmp_path_factory.mktemp("servers"), "--kill-points") as running:
        yield running


@dataclass(frozen=True)
class Worker:
    """The extension's worker, which stops for ever before the call it is told to, until it is ended."""

    browser: Browser

    def forget(self, kill_at: int | None = None) -> None:
        """Count from nothing; an extension page must be open."""
        self.browser.run(
            "await chrome.storage.session.set({calls: [], killAt: a[0], stoppedAt: null})", kill_at
        )

    def calls(self) -> list[str]:
        found = self.browser.storage(area="session")
        assert isinstance(found, dict)
        return list(found.get("calls", []))

    def stopped_at(self) -> str | None:
        found = self.browser.storage(area="session")
        assert isinstance(found, dict)
        return found.get("stoppedAt")


def run_and_kill(
    worker: Worker, clerk: Clerk, kill_at: int | None, begin: Callable[[], None], is_over: Callable[[], bool]
) -> str | None:
    """Do it, with the worker ended before call `kill_at`; that call's name. None: it was over before.

    A press that was lost with the worker is pressed again, as a clerk would.
    """
    clerk.popup()
    worker.forget(kill_at)
    try:
        begin()
    except StepDiffers:  # the popup itself asks the worker something before there is anything to press
        if worker.stopped_at() is None:
            raise
    eventually("the call or the end", lambda: worker.stopped_at() or is_over(), seconds=120)
    stopped = worker.stopped_at()
    if stopped is not None:
        worker.browser.kill_worker()
        clerk.popup()
        if is_idle(worker.browser) and not is_over():
            begin()
    eventually(f"the end, after {stopped}", is_over, seconds=300)
    if kill_at is not None and stopped is None:  # it is over, but the next call to the outside would stop it
        worker.forget()
        worker.browser.kill_worker()
    return stopped


def is_idle(browser: Browser) -> bool:
    kept = browser.storage(["passes", "run", "direct"])
    assert isinstance(kept, dict)
    direct = kept.get("direct")
    is_listing = isinstance(direct, dict) and direct["state"] == "working"
    return not kept.get("passes") and not kept.get("run") and not is_listing


@pytest.fixture(params=["sample", pytest.param("every", marks=pytest.mark.soak)])
def points(request: pytest.FixtureRequest, dice: random.Random) -> Chooser:
    """Before which of so many calls to end the worker."""
    if request.param == "every":
        return lambda total: list(range(total))
    return lambda total: sorted(dice.sample(range(total), SAMPLE))


# --- sync ---


def news(market: Market, store: str) -> None:
    """Five new auctions: two sold (one of them paid for), one with a bid."""
    market.act(
        "seed_auctions",
        store=store,
        count=5,
        won=2,
        ordered=1,
        with_bids=1,
        prefix=f"N{time.time_ns() % 10**9}-",
    )


def sync_all(worker: Worker, clerk: Clerk, kill_at: int | None) -> str | None:
    clerk.popup()
    before = clerk.last_sync()[0]

    def is_over() -> bool:
        return clerk.last_sync()[0] not in ("", before)

    return run_and_kill(worker, clerk, kill_at, lambda: clerk.click("@popup-sync"), is_over)


def theirs(market: Market, store: str) -> tuple[list[tuple[str, str, int]], list[tuple[str, str]]]:
    """What the marketplace knows: (auction, list, bids), and (auction, state of its order in our words)."""
    state = market.state()
    auctions = [
        (each["id"], each["state"], each["bid_count"])
        for each in state["auctions"]
        if each["store_id"] == store
    ]
    orders = [
        (line["auction_id"], "UNSHIPPED" if order["paid_at"] else "ON_HOLD")
        for order in state["orders"]
        if order["store_id"] == store
        for line in order["lines"]
    ]
    return sorted(auctions), sorted(orders)


def ours(servers: Servers) -> tuple[list[tuple[str, str, int]], list[tuple[str, str]]]:
    path = next(servers.data.glob("*.sqlite3"))
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        seen = connection.execute(
            "SELECT external_id, seen_phase, bid_count FROM observed_listings ORDER BY 1"
        )
        ordered = connection.execute(
            "SELECT l.external_id, o.state FROM order_lines l JOIN orders o ON o.id = l.order_id ORDER BY 1"
        )
        return seen.fetchall(), ordered.fetchall()


def killed_syncs(
    servers: Servers, clerk: Clerk, market: Market, browser: Browser, store: str, points: Chooser
) -> None:
    worker = Worker(browser)
    news(market, store)
    assert sync_all(worker, clerk, None) is None
    for kill_at in points(len(worker.calls())):
        news(market, store)
        stopped = sync_all(worker, clerk, kill_at)
        print(f"ended before call {kill_at}: {stopped}")
        assert clerk.last_sync()[1] == "complete", stopped
        assert ours(servers) == theirs(market, store), stopped
    assert {state for (state,) in runs(servers)} == {"COMPLETE"}, "no run was lost, none begun beside it"


def test_r17_a_sync_of_the_classic_tool(
    servers: Servers, clerk: Clerk, market: Market, extension_browser: Browser, points: Chooser
) -> None:
    killed_syncs(servers, clerk, market, extension_browser, "demo-store-1", points)


def test_r17_a_sync_of_the_current_tool(
    servers: Servers, modern: Clerk, market: Market, extension_browser: Browser, points: Chooser
) -> None:
    killed_syncs(servers, modern, market, extension_browser, CURRENT_STORE, points)


# --- direct listing ---


def killed_listings(clerk: Clerk, market: Market, browser: Browser, folder: Path, points: Chooser) -> None:
    worker = Worker(browser)

    def list_one(kill_at: int | None) -> tuple[str | None, list[str]]:
        codes = queued_items(clerk, folder / str(kill_at), 1)
        return run_and_kill(
            worker, clerk, kill_at, clerk.start_direct, lambda: clerk.direct_state() == "done"
        ), codes

    _, codes = list_one(None)
    assert on_market(market, codes) == [1]
    for kill_at in points(len(worker.calls())):
        clerk.popup()
        clerk.click("@popup-direct-close")
        stopped, codes = list_one(kill_at)
        print(f"ended before call {kill_at}: {stopped}")
        listed = on_market(market, codes)
        assert listed == [1] or (listed, stopped) == ([0], "tab.click"), stopped
        assert states(clerk, codes) == ["出品中" if listed == [1] else "出品処理中"], stopped


def test_r16_a_direct_listing_on_the_classic_tool(
    clerk: Clerk, market: Market, extension_browser: Browser, tmp_path: Path, points: Chooser
) -> None:
    killed_listings(clerk, market, extension_browser, tmp_path, points)


def test_r16_a_direct_listing_on_the_current_tool(
    modern: Clerk, market: Market, extension_browser: Browser, tmp_path: Path, points: Chooser
) -> None:
    killed_listings(modern, market, extension_browser, tmp_path, points)
