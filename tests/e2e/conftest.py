from __future__ import annotations

from collections.abc import Iterator

import pytest

from demo.market import Market
from demo.record import eventually
from demo.shop import Clerk
from tests.support.browser import Browser
from tests.support.servers import Servers


@pytest.fixture
def market(servers: Servers) -> Market:
    """The sandbox as on its first day."""
    found = Market(servers.sandbox_port)
    found.act("reset")
    return found


@pytest.fixture
def clerk(servers: Servers, extension_browser: Browser, market: Market) -> Iterator[Clerk]:
    """A clerk at a PC: logged in to the shop and to the first store, the extension paired and allowed to read Yahoo."""
    browser = extension_browser
    found = Clerk(browser.driver, servers.shop, browser.extension, browser.downloads)
    for pattern in ("http://localhost/*", "http://*.yahoo.localhost/*"):
        browser.pregrant_host(pattern)
    found.log_in("demo", "demo-pass")
    found.pair()
    log_in_to_market(found, market, "store1")
    yield found


def log_in_to_market(clerk: Clerk, market: Market, name: str) -> None:
    """As another account: out first, then in."""
    clerk.driver.get(f"{market.host('login.yahoo')}/config/logout")
    clerk.driver.get(f"{market.host('login.yahoo')}/config/login")
    clerk.type("#login_handle", name)
    clerk.type("#password", f"{name}-pass")
    clerk.click("#btnSubmit")
    eventually("the login", lambda: "/config/login" not in clerk.driver.current_url)
