from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.market import Market
from demo.record import eventually
from demo.shop import Clerk
from demo.stage import back_office, chromium, free_port
from tests.support.browser import Browser
from tests.support.servers import Servers

CURRENT_STORE = "demo-store-3"


@pytest.fixture
def dice(pytestconfig: pytest.Config) -> random.Random:
    """Thrown alike again under the same --hypothesis-seed; check.py prints it."""
    return random.Random(pytestconfig.getoption("hypothesis_seed"))


@pytest.fixture
def market(servers: Servers) -> Market:
    """The sandbox as on its first day."""
    found = Market(servers.sandbox_port)
    found.act("reset")
    return found


@pytest.fixture
def clerk(servers: Servers, extension_browser: Browser, market: Market) -> Clerk:
    """A clerk at a PC (`at_work`), logged in to the first store."""
    found = at_work(servers, extension_browser)
    log_in_to_market(found, market, "store1")
    return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Clerk]:
    """A clerk at the demo shop, without the extension."""
    port = free_port()
    with (
        back_office(tmp_path / "shop", port, tmp_path / "shop.log", free_port()),
        chromium(tmp_path / "profile", tmp_path / "downloads", None) as driver,
    ):
        found = Clerk(driver, f"http://localhost:{port}", "", tmp_path / "downloads")
        found.log_in("demo", "demo-pass")
        yield found


def at_work(servers: Servers, browser: Browser) -> Clerk:
    """A clerk who is logged in to the shop; the extension is paired and allowed to read Yahoo."""
    found = Clerk(browser.driver, servers.shop, browser.extension, browser.downloads)
    for pattern in ("http://localhost/*", "http://*.yahoo.localhost/*"):
        browser.pregrant_host(pattern)
    found.log_in("demo", "demo-pass")
    found.pair()
    return found


@pytest.fixture
def modern(clerk: Clerk, market: Market) -> Clerk:
    """The clerk's only account is one of the current tool; logged in to its store."""
    clerk.use_current_tool(CURRENT_STORE)
    log_in_to_market(clerk, market, "store3")
    return clerk


def log_in_to_market(clerk: Clerk, market: Market, name: str) -> None:
    """As another account: out first, then in."""
    clerk.driver.get(f"{market.host('login.yahoo')}/config/logout")
    clerk.driver.get(f"{market.host('login.yahoo')}/config/login")
    clerk.type("#login_handle", name)
    clerk.type("#password", f"{name}-pass")
    clerk.click("#btnSubmit")
    eventually("the login", lambda: "/config/login" not in clerk.driver.current_url)
