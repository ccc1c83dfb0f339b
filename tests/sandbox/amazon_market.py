"""The sandbox's Amazon in this process, as our client reaches it, with faults on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import Client

from recore.accounts import api_keys, linking
from recore.accounts.models import ApiLink, MarketplaceAccount
from recore.channels.amazon import AmazonOffers, AmazonOrders
from recore.channels.offer_api import Amounts, Seller
from recore.channels.order_api import Client as ApiClient
from recore.identity.models import Staff
from recore.listings import offers
from recore.listings.drafts import save_draft
from recore.listings.forms import item_for_listing, prefilled
from recore.listings.models import ApiOffer, ListingDraft
from recore.platform.db import UnitOfWork
from sandbox.app import HostDispatcher, create_app
from tests.sandbox.api_market import PORT, Fault
from tests.support.desk import listing_now, press_list, run_jobs, wired
from tests.support.shop import Shop

AUTH, API = f"http://api.amazon.localhost:{PORT}", f"http://sellingpartnerapi-fe.amazon.localhost:{PORT}"
SELLER, CLIENT_ID = "A1SANDBOXSHOP01", "amzn1.application-oa2-client.sandbox1"
SECRET, REFRESH = "amzn1.oa2-cs.v1.sandbox1", "Atzr|sandbox-amazon1"
KEYS = {"client_id": CLIENT_ID, "client_secret": SECRET, "refresh_token": REFRESH}
ASIN = "B0SBX00001"
GROUP = "legacy-template-id"
VALUES: dict[str, Any] = {
    "asin": ASIN, "condition": "used_good", "condition_note": "箱に傷があります", "price": 4980, "quantity": 1,
    "management_number": "IT0000001", "shipping_group": GROUP,
}  # fmt: skip
AT_ONCE = {"visible_after_seconds": 0, "buyable_after_seconds": 0, "change_after_seconds": 0}
TOKEN, LIST, ORDER = "POST token", "GET orders", "GET order"
NOW = timedelta()


class Line(httpx.BaseTransport):
    """The way to the sandbox; `faults` by method and kind of address, used up one by one, `calls` in their sequence."""

    def __init__(self, market: HostDispatcher) -> None:
        self._market = httpx.WSGITransport(app=market)
        self.faults: dict[str, list[Fault]] = {}
        self.calls: list[str] = []
        self.bodies: list[bytes] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        parts = request.url.path.split("/")
        what = f"{request.method} {parts[-1] if parts[-1] in ('token', 'restrictions') else parts[-2]}"
        if "items" in parts and parts[-1] != "items":
            what = request.method + (" preview" if "mode" in request.url.params else "")
        elif parts[-1] == "items":
            what = "GET catalog"
        elif "orders" in parts:
            what = f"{request.method} {'orders' if parts[-1] == 'orders' else 'order'}"
        self.calls.append(what)
        self.bodies.append(request.content)
        waiting = self.faults.get(what, [])
        return (
            waiting.pop(0)(lambda: self._market.handle_request(request))
            if waiting
            else self._market.handle_request(request)
        )


class Market:
    """The sandbox with its control; everything takes effect at once and nothing is too fast, until told otherwise."""

    def __init__(self, data: Path) -> None:
        self.app = create_app(data)
        self.line = Line(self.app)
        self._browser = Client(self.app)
        self.act("amazon-settings", throttle="off", **AT_ONCE)

    def act(self, action: str, **body: Any) -> dict[str, Any]:
        told = self._browser.post(
            f"/control/{action}", base_url=f"http://sandbox.localhost:{PORT}", json=body
        )
        assert told.status_code == 200, told.text
        return dict(told.json or {})

    def pass_time(self, minutes: int = 1) -> None:
        self.act("clock", minutes=minutes)

    def state(self) -> dict[str, Any]:
        told = self._browser.get("/control/state", base_url=f"http://sandbox.localhost:{PORT}")
        return dict((told.json or {})["amazon"])

    def offers(self, seller: str = "amazon1") -> dict[str, Any]:
        """SKU → offer as it really is, when all that was sent by now, also at a later time of ours, has taken effect."""
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=12), tick=True):
            return {each["sku"]: each for each in self.state()["offers"] if each["seller"] == seller}

    def api(self) -> AmazonOffers:
        return AmazonOffers(AUTH, API, self.line)

    def orders_api(self) -> AmazonOrders:
        return AmazonOrders(AUTH, API, self.line)

    def bought(self, *skus: str, paid: bool = True, **more: Any) -> str:
        """The number of a customer's order of these."""
        return str(self.act("amazon-buy", skus=list(skus), paid=paid, **more)["order_id"])

    def ordered(self, sku: str, *, paid: bool = True, **more: Any) -> str:
        """The same of something that was never offered through us."""
        line = {"sku": sku, "price": 2500, "asin": ASIN} | more.pop("line", {})
        return str(self.act("amazon-order", lines=[line], paid=paid, **more)["order_id"])

    def order(self, order_id: str) -> dict[str, Any]:
        return next(each for each in self.state()["orders"] if each["id"] == order_id)

    def seller(self) -> Seller:
        tokens = self.api().new_tokens(ApiClient(CLIENT_ID, SECRET), REFRESH)
        return Seller(tokens.access, SELLER)

    def put(self, seller: Seller, sku: str, quantity: int = 1, **changes: Any) -> Any:
        return self.api().put(seller, sku, VALUES | changes, Amounts(quantity, 4980))


class Clock:
    """Ours and the sandbox's, which share this process."""

    def __init__(self, traveller: time_machine.Coordinates) -> None:
        self._traveller = traveller

    def pass_by(self, **delta: float) -> None:
        self._traveller.shift(timedelta(**delta))


# --- our side --------------------------------------------------------------------------------------------------------


def use(shop: Shop, market: Market) -> AmazonOffers:
    """Let the shop's app reach the sandbox."""
    api = market.api()
    wired(shop).offer_apis = {"amazon": api}
    wired(shop).order_apis = {"amazon": market.orders_api()}
    return api


def amazon_account(shop: Shop, market: Market, *, with_keys: bool = True) -> int:
    use(shop, market)
    with shop.work() as uow:
        account = MarketplaceAccount(
            channel="amazon", name="Amazon店", profile="japan", store_id=SELLER,
            options={"defaults": {}, "saved_choices": {"shipping_group": [GROUP]}},
        )  # fmt: skip
        uow.session.add(account)
        uow.session.flush()
        if with_keys:
            api_keys.save_keys(uow, wired(shop).keyring, wired(shop).offer_apis["amazon"], account.id, KEYS)
        return account.id


def fill_in(shop: Shop, stock_item_id: int, account_id: int, **typed: Any) -> None:
    """The form as a clerk fills it in, on top of what is prefilled."""
    with shop.work() as uow:
        account = uow.session.scalars(
            sa.select(MarketplaceAccount).where(MarketplaceAccount.id == account_id)
        ).one()
        item = item_for_listing(uow.session, stock_item_id)
        first = prefilled(uow.session, wired(shop).channels["amazon"], account, item)
        saved = uow.session.scalar(
            sa.select(ListingDraft.version).where(
                ListingDraft.stock_item_id == stock_item_id, ListingDraft.account_id == account_id
            )
        )
        fields = first | {"asin": ASIN, "condition": "used_good"} | typed
        save_draft(uow, stock_item_id, account_id, fields=fields, is_ticked=True, version=saved or 0)


def listed(
    shop: Shop, account_id: int, *, quantity: int = 1, units: int | None = None, **typed: Any
) -> tuple[int, int]:
    """(item, listing): a new item that was listed, before the worker has seen it; `quantity` in the house, `units` offered."""
    item = shop.item(quantity=quantity)
    fill_in(shop, item, account_id, **typed, **({} if units is None else {"quantity": units}))
    done = press_list(shop, item)
    assert isinstance(done, list), done
    return item, done[0]


def go_on(shop: Shop, later: timedelta = timedelta(), times: int = 1) -> None:
    """The worker, `later` by our clock: everything that is due then, and as often again."""
    for number in range(1, times + 1):
        with time_machine.travel(datetime.now(UTC) + later * number, tick=True):
            with shop.work() as uow:
                offers.wake_due(uow)
            run_jobs(shop)


def hear(shop: Shop, account_id: int, later: timedelta = timedelta(minutes=4)) -> None:
    """A pull of the orders that is due, `later` by our clock: long enough ago for a search to find what just happened."""
    with time_machine.travel(datetime.now(UTC) + later, tick=True):
        with shop.work() as uow:
            uow.session.execute(
                sa.update(ApiLink).where(ApiLink.account_id == account_id).values(next_pull_at=uow.at),
                execution_options={"synchronize_session": False},
            )
            linking.pull_soon(uow, account_id)
        run_jobs(shop)


def offer_now(shop: Shop, listing_id: int) -> ApiOffer:
    with shop.read() as session:
        found = offers.of_listing(session, listing_id)
        assert found is not None
        return found


def state_of(shop: Shop, listing_id: int) -> tuple[str, str | None]:
    now = listing_now(shop, listing_id)
    return str(now.state), now.reason


def offered(shop: Shop, account_id: int, **how: int) -> tuple[int, int]:
    """(item, listing) of an offer that is on sale."""
    item, listing = listed(shop, account_id, **how)
    go_on(shop)
    go_on(shop, timedelta(minutes=1))
    assert state_of(shop, listing) == ("ACTIVE", None)
    return item, listing


def sku_of(shop: Shop, listing_id: int) -> str:
    return listing_now(shop, listing_id).management_number


def on_sale(shop: Shop, account_id: int, **how: int) -> tuple[int, int, str]:
    """(item, listing, SKU)"""
    item, listing = offered(shop, account_id, **how)
    return item, listing, sku_of(shop, listing)


def quantity_there(market: Market, sku: str) -> int:
    return int(market.offers()[sku]["quantity"])


def staff(uow: UnitOfWork) -> Staff:
    return uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()


def manager(shop: Shop, client: FlaskClient) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/login", data={"login_id": "demo", "password": "demo-pass"}).status_code == 302
    return client
