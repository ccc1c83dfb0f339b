"""The sandbox's order API in this process, as our client reaches it, with faults on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import Client

from recore.accounts import linking
from recore.accounts.health import blind_accounts
from recore.accounts.linking import Reach
from recore.accounts.models import ApiLink, MarketplaceAccount
from recore.accounts.queries import api_link
from recore.channels.yahoo_auction import order_xml
from recore.channels.yahoo_auction.order_api import YahooOrderApi
from recore.platform.actor import OPERATOR
from recore.platform.db import db
from recore.platform.jobs import Job, JobState
from recore.platform.ratelimit import Rate
from recore.platform.tenancy import tenant_scope
from recore.sync.models import PulledOrder
from sandbox.app import HostDispatcher, create_app
from tests.support.desk import run_jobs, wired
from tests.support.shop import Shop

STORE = "demo-store-3"
NOW = timedelta()
PORT = 8100
AUTH, API = f"http://auth.login.yahoo.localhost:{PORT}", f"http://circus.shopping.yahooapis.localhost:{PORT}"
CLIENT = ("sandbox-client-id", "sandbox-client-secret")
BACK = "http://localhost/settings/accounts/consented"
LIST, INFO, TOKEN = "orderList", "orderInfo", "token"

Go = Callable[[], httpx.Response]
Fault = Callable[[Go], httpx.Response]


def answer(status: int, body: str = "<html>ただいま混みあっています。</html>", **headers: str) -> Fault:
    return lambda go: httpx.Response(status, text=body, headers=headers)


def lost(go: Go) -> httpx.Response:
    """It was answered, and the answer never came."""
    go()
    raise httpx.ReadTimeout("lost")


def unreachable(go: Go) -> httpx.Response:
    raise httpx.ConnectError("no route")


class Line(httpx.BaseTransport):
    """The way to the sandbox; `faults` by the end of the path, used up one by one, `calls` in their sequence."""

    def __init__(self, market: HostDispatcher) -> None:
        self._market = httpx.WSGITransport(app=market)
        self.faults: dict[str, list[Fault]] = {}
        self.calls: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        what = request.url.path.rsplit("/", 1)[-1]
        self.calls.append(what)
        waiting = self.faults.get(what, [])

        def go() -> httpx.Response:
            return self._market.handle_request(request)

        return waiting.pop(0)(go) if waiting else go()


class Market:
    """The sandbox with its control, and demo-store-3's owner at a browser."""

    def __init__(self, data: Path) -> None:
        self.app = create_app(data)
        self.line = Line(self.app)
        self.browser = Client(self.app)
        self.post("login.yahoo", "/config/login", data={"login": "store3", "passwd": "store3-pass"})
        self.act("settings", api_queries_per_second=0)

    def post(self, host: str, path: str, **options: Any) -> Any:
        return self.browser.post(path, base_url=f"http://{host}.localhost:{PORT}", **options)

    def act(self, action: str, **body: Any) -> dict[str, Any]:
        told = self.post("sandbox", f"/control/{action}", json=body)
        assert told.status_code == 200, told.text
        return dict(told.json or {})

    def api(self, *, per_second: float = 1000) -> YahooOrderApi:
        made = YahooOrderApi(AUTH, API, self.line)
        made.rate = Rate(per_second)
        return made

    def sold(self, prefix: str = "OLD", *, price: int = 3000, paid: bool = True) -> tuple[str, str, int]:
        """(auction id, order number, the sandbox's own id) of an order."""
        (auction,) = self.act("seed", store=STORE, prefix=prefix)["auction_ids"]
        (order_id,) = self.act("win", auction_id=auction, price=price)["order_ids"]
        self.act("pay" if paid else "proceed", order_id=order_id)
        return auction, f"{STORE}-{10_000_000 + order_id}", order_id

    def consent(self, url: str, reply: str = "yes") -> dict[str, str]:
        """Open the page that asks for consent, and answer; what comes back."""
        parts = urlsplit(url)
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        shown = self.browser.get(
            f"{parts.path}?{parts.query}", base_url=f"{parts.scheme}://{parts.netloc}"
        ).text
        crumb = shown.split('name=".crumb" value="', 1)[1].split('"', 1)[0]
        sent = self.browser.post(
            parts.path,
            base_url=f"{parts.scheme}://{parts.netloc}",
            data=asked | {".crumb": crumb, "answer": reply},
        )
        back = urlsplit(sent.location or "")
        return {key: values[0] for key, values in parse_qs(back.query).items()}


def use(shop: Shop, market: Market, **how: Any) -> YahooOrderApi:
    """Let the shop's app reach the sandbox."""
    made = market.api(**how)
    wired(shop).order_apis = {"yahoo_auction": made}
    return made


def linked(shop: Shop, market: Market) -> int:
    """A store of the current tool whose orders come by API, before the first pull."""
    account_id = shop.yahoo_account("current", STORE)
    api = use(shop, market)
    with shop.work() as uow:
        linking.save_client(uow, wired(shop).keyring, account_id, *CLIENT)
    link_again(shop, market, account_id, api)
    return account_id


def link_again(shop: Shop, market: Market, account_id: int, api: YahooOrderApi) -> None:
    keyring = wired(shop).keyring
    with shop.work() as uow:
        state, url = linking.ask_consent(uow, keyring, api, account_id, BACK)
    code = market.consent(url)["code"]
    with shop.app.app_context(), tenant_scope(shop.tenant_id):
        linking.finish_consent(Reach(OPERATOR, keyring, api), account_id, state, code)
        db.session.remove()


def pull(shop: Shop, account_id: int) -> int:
    """A pull that is due now, to its end or its failure; how many jobs."""
    with shop.work() as uow:
        uow.session.execute(
            sa.update(ApiLink).where(ApiLink.account_id == account_id).values(next_pull_at=uow.at),
            execution_options={"synchronize_session": False},
        )
        linking.pull_soon(uow, account_id)
    return run_jobs(shop)


def link_now(shop: Shop, account_id: int) -> ApiLink:
    with shop.read() as session:
        found = api_link(session, account_id)
        assert found is not None
        return found


def waiting(shop: Shop) -> dict[str, tuple[str, str | None]]:
    """order number → (state, reason)"""
    with shop.read() as session:
        rows = session.scalars(sa.select(PulledOrder).order_by(PulledOrder.id))
        return {row.order_number: (str(row.state), row.reason) for row in rows}


def attention(shop: Shop, account_id: int) -> list[str]:
    with shop.read() as session:
        entries = session.scalars(
            sa.select(MarketplaceAccount.attention).where(MarketplaceAccount.id == account_id)
        ).one()
        return [entry["code"] for entry in entries or []]


def banners(shop: Shop, after: timedelta = NOW) -> list[tuple[str, str]]:
    with shop.read() as session:
        found = blind_accounts(session, datetime.now(UTC) + after)
        return [(each.name, each.message) for each in found if each.is_api]


def manager(shop: Shop, client: FlaskClient) -> None:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/login", data={"login_id": "demo", "password": "demo-pass"}).status_code == 302


def pages_of(monkeypatch: pytest.MonkeyPatch, size: int) -> dict[str, Any]:
    data = order_xml._data() | {"page_size": size}
    monkeypatch.setattr(order_xml, "_data", lambda: data)
    return data


def hurry(shop: Shop) -> None:
    """Jobs that wait a while run now."""
    with shop.work() as uow:
        uow.session.execute(sa.update(Job).where(Job.state == JobState.QUEUED).values(not_before=uow.at))
    run_jobs(shop)


def bad(*changes: str) -> Fault:
    """The sandbox's answer, with (text, what is put in its place)."""

    def changed(go: Go) -> httpx.Response:
        text = go().read().decode()
        for old, new in zip(changes[::2], changes[1::2], strict=True):
            assert old in text
            text = text.replace(old, new)
        return httpx.Response(200, content=text.encode())

    return changed
