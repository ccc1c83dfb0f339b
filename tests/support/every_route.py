"""Every route of the app with what a caller would send: a shop that has one of everything, and a valid request per route.

A new route needs an entry: an example for each new URL parameter in `fill`, and for a write its body in `REQUESTS`.
Both are looked up with `[]`, so a walk fails with KeyError until they are there.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter
from werkzeug.test import TestResponse

from recore.buyin.rules import Seller
from recore.buyin.sellers import keep as keep_seller
from recore.buyin.service import LineInput, add_line, open_purchase
from recore.catalog.service import register_product
from recore.channels.registry import CHANNELS
from recore.demo import SAVED_CHOICES
from recore.identity.models import Account, Staff
from recore.identity.models import Shop as ShopRow
from recore.identity.pairing import pair_now, start_pairing
from recore.identity.rules import OPERATIONS
from recore.identity.settings import DEFINITIONS, change_setting
from recore.listings import bulk
from recore.listings.form_templates import TemplateForm, add_template
from recore.listings.models import BulkRow, ObservedListing
from recore.listings.price_change import PriceChange, PriceRule
from recore.listings.stock_edit import PRICE, change_many, plan_prices
from recore.listings.template_undo import APPLY
from recore.orders.models import OrderLine
from recore.orders.shipping import Parcel, ship
from recore.photos.links import make_link, token_of
from recore.platform.db import Base
from recore.platform.housekeeping import PURGE
from recore.platform.jobs import Job, JobState, enqueue
from recore.platform.undo import BulkEdit
from recore.sales.service import SaleLine, sell
from recore.stock.models import StockItem
from recore.stock.rules import SalesRoute
from recore.stock.service import change_price
from recore.sync.api import extension_origin
from recore.web.access import DEVICE, access_of
from tests.support.desk import draft, ended, make_batch, photo, picture, queued, run_jobs, wired
from tests.support.shop import Shop, open_shop, staff_of
from tests.support.store import Pc, auction, orders_now, pc_of, wire, won

CHANNEL = "yahoo_auction"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
Ids = dict[str, Any]


@dataclass
class Filled:
    """A shop on its own host; `ids` by URL parameter, or by `<blueprint>.<parameter>` where two mean different things."""

    shop: Shop
    host: str
    ids: Ids
    token: str

    @property
    def url(self) -> str:
        return f"http://{self.host}"


@dataclass(frozen=True)
class Call:
    """A route with its parameters filled in; `names_something` when the URL names a row of a tenant."""

    endpoint: str
    method: str
    path: str
    access: str
    names_something: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.endpoint})"


def page(ids: Ids) -> dict[str, Any]:
    return {"seq": 1, "phase": "selling", "page": 1, "contract": "classic_selling@1", "observed_at": wire(datetime.now(UTC)),
            "last_page": True, "listings": [], "orders": [], "details": [], "unchanged": [], "numbers": []}  # fmt: skip


PAIRING = {"device_name": "PC", "extension_version": "1.0.0", "browser": "Chrome 142"}
STAFF = {"staff_code": "1001"}
SEEN = {"status": "入金済み", "is_selling": None, "bid_count": None, "result": None}
ORDER_FILE = (
    "オークションID,落札日時,落札価格,ステータス\r\nx9,2026/09/01 10:00,1000,未処理\r\nx8,昨日,1,未処理\r\n"
)


CATEGORY_FILE = "category_id,parent_id,name,path,is_leaf\r\n10,0,時計,時計,0\r\n11,10,腕時計,時計 > 腕時計,1\r\n12,99,迷子,迷子,1\r\n"


def category_file(ids: Ids) -> dict[str, Any]:
    return {"channel": CHANNEL, "file": (BytesIO(CATEGORY_FILE.encode()), "categories.csv")}


TEMPLATE = {"name": "腕時計", "title": "{{ 商品名 }}", "condition": "未使用"}


SELLER = {
    "name": "売田 太郎", "address": "東京都千代田区1-1", "birth_date": "1990-01-01", "occupation": "会社員", "document": "運転免許証",
    "document_number": "123456789012",
}  # fmt: skip
STOCK_FILE = "取込番号,商品名,グレード,買取価格,販売価格,販路\r\n1,時計,A,100,500,併売\r\n2,皿,Z,1,2,併売\r\n"


def stock_file(ids: Ids) -> dict[str, Any]:
    return {"kind": "stock", "file": (BytesIO(STOCK_FILE.encode("cp932")), "stock.csv")}


def order_file(ids: Ids) -> dict[str, Any]:
    return {"account_id": str(ids["account_id"]), "file": (BytesIO(ORDER_FILE.encode("cp932")), "orders.csv")}


# What a caller sends to each route that writes; (form) or, for the extension's API, the JSON body.
REQUESTS: dict[str, Callable[[Ids], Any]] = {
    "accounts.add": lambda ids: {"channel": CHANNEL, "profile": "current", "name": "2号店", "store_id": "demo-store-9"},
    "accounts.change": lambda ids: {
        "name": "本店", "store_id": "demo-store-1",
        **{f"saved-{key}": "\n".join(values) for key, values in SAVED_CHOICES.items()},
    },
    "api_keys.save": lambda ids: {"client_id": "id", "client_secret": "secret", "refresh_token": "token"},
    "api_keys.use": lambda ids: {},
    "offers.act": lambda ids: {**STAFF, "price": "1000"},
    "offers.check": lambda ids: {},
    "offers.find": lambda ids: {"q": "4580000000010"},
    "api_links.ask": lambda ids: {},
    "api_links.change": lambda ids: {},
    "api_links.finish": lambda ids: {"state": "x", "code": "x"},
    "api_links.save_client": lambda ids: {"client_id": "id", "client_secret": "secret"},
    "api_links.save_key": lambda ids: {"public_key": "x", "key_version": "1"},
    "api_links.try_out": lambda ids: {},
    "automation.act": lambda ids: {},
    "runs.fetch_again": lambda ids: {},
    "adoption.link": lambda ids: {**STAFF, "auction": ids["observed_id"], "how": "make", "grade": "A", "sales_route": "BOTH"},
    "file_imports.take": lambda ids: STAFF,
    "import_undo.start": lambda ids: STAFF,
    "file_imports.upload": stock_file,
    "identity.check_staff": lambda ids: STAFF,
    "accounts.enable": lambda ids: {},
    "buyin.add": lambda ids: {"name": "カメラ", "grade": "A", "cost": "1", "price": "2", "quantity": "1", "sales_route": "BOTH"},
    "buyin.cancel_purchase": lambda ids: {},
    "buyin.confirm_purchase": lambda ids: STAFF,
    "buyin.change": lambda ids: {
        "product_id": ids["product_id"], "grade": "B", "cost": "1", "price": "2", "quantity": "1", "sales_route": "BOTH",
    },
    "buyin.remove": lambda ids: {},
    "buyin.start": lambda ids: {},
    "categories.take": lambda ids: {},
    "categories.upload": category_file,
    "commands.decide": lambda ids: STAFF,
    "commands_api.begin_sending": lambda ids: {"nonce": str(uuid.uuid4()), "seen": SEEN},
    "commands_api.claim": lambda ids: {},
    "commands_api.conclude": lambda ids: {"kind": "refused", "message": "伝票番号が違います。"},
    "commands_api.give_back": lambda ids: {"code": "NETWORK"},
    "commands_api.note_seen": lambda ids: SEEN,
    "devices.answer_pairing": lambda ids: {"code": ids["user_code"], "answer": "approve"},
    "devices.revoke": lambda ids: {},
    "identity.choose_staff": lambda ids: STAFF,
    "home.scan": lambda ids: {"code": ids["it_code"], "path": "/ec/drafts"},
    "identity.idle_staff": lambda ids: {},
    "identity.leave_staff": lambda ids: {},
    "identity.login_submit": lambda ids: {"login_id": "demo", "password": "demo-pass"},
    "identity.logout": lambda ids: {},
    "listings.download": lambda ids: {"confirm_whole": "1"},
    "bulk.begin": lambda ids: {"item": ids["ready_items"][1]},
    "bulk.choose": lambda ids: {"account": ids["account_id"]},
    "bulk.choose_one": lambda ids: {"account": ids["account_id"]},
    "bulk.press": lambda ids: STAFF,
    "bulk.take_out": lambda ids: {},
    "listings.list_one": lambda ids: STAFF,
    "listings.preview": lambda ids: {"description": "<b>美品</b>"},
    "listings.resolve": lambda ids: {**STAFF, "auction_id": "x1234567890"},
    "listings.save": lambda ids: {"version": "0", "is_ticked": "1"},
    "sync_api.tell_plan": lambda ids: {"next_at": "2026-11-25T03:00:00Z"},
    "listings_api.begin_sending": lambda ids: {"nonce": str(uuid.uuid4())},
    "listings_api.cancel": lambda ids: {},
    "listings_api.claim": lambda ids: {},
    "listings_api.conclude": lambda ids: {"kind": "unknown", "message": "", "refused": []},
    "listings_api.create": lambda ids: {"source": "queued"},
    "listings_api.give_back": lambda ids: {},
    "listings_api.download": lambda ids: {"confirm_whole": True},
    "logins.add": lambda ids: {"login_id": "new", "name": "新しいPC", "password": "long-enough", "policy_id": ids["policy_id"]},
    "logins.change": lambda ids: {"name": "レジPC", "policy_id": ids["policy_id"]},
    "logins.change_password": lambda ids: {"password": "long-enough"},
    "logins.enable": lambda ids: {},
    "order_import.take": lambda ids: STAFF,
    "order_import.upload": order_file,
    "orders.choose_shipments": lambda ids: {"order_ids": ids["order_id"]},
    "orders.ship_several": lambda ids: {**STAFF, "order_ids": ids["order_id"]},
    "orders.shipment": lambda ids: STAFF,
    "orders.clear_review": lambda ids: STAFF,
    "orders.close_return": lambda ids: STAFF,
    "orders.export": lambda ids: {"order_ids": ids["order_id"], "encoding": "cp932"},
    "orders.link": lambda ids: {**STAFF, "it_code": ids["it_code"]},
    "photos.change": lambda ids: {},
    "photos.order": lambda ids: {"order": ids["photo_id"]},
    "photos.upload": lambda ids: {"photo": (BytesIO(picture("red")), "a.jpg")},
    "photos.make_link": lambda ids: {},
    "photos.revoke_link": lambda ids: {},
    "photo_link.change": lambda ids: {},
    "photo_link.order": lambda ids: {"order": ids["photo_id"]},
    "photo_link.upload": lambda ids: {"photo": (BytesIO(picture("green")), "a.jpg")},
    "sales.checkout": lambda ids: {**STAFF, f"price_{ids['stock_item_id']}": "500"},
    "sales.remove": lambda ids: {"stock_item_id": ""},
    "sales.scan": lambda ids: {"code": ids["it_code"]},
    "sales.void_sale": lambda ids: STAFF,
    "settings.change": lambda ids: {
        **{key: int(each.default) for key, each in DEFINITIONS.items()}, "settle.download_hours": 25,
    },
    "sellers.keep": lambda ids: SELLER,
    "sellers.look": lambda ids: STAFF,
    "sellers.export": lambda ids: {**STAFF, "since": "2026-11-01", "until": "2026-11-30"},
    "staff.add": lambda ids: {"code": "2001", "name": "新人", "policy_id": ids["policy_id"]},
    "staff.add_policy": lambda ids: {"policy_name": "見習い"},
    "staff.change": lambda ids: {"code": "1001", "name": "佐藤", "policy_id": ids["policy_id"], "status": "ACTIVE"},
    "staff.change_policy": lambda ids: {"name": "店長", "allowed": list(OPERATIONS)},
    "stock_edit.choose": lambda ids: {"item": ids["stock_item_id"]},
    "stock_edit.change": lambda ids: {
        **STAFF, "item": ids["stock_item_id"], "change": "FIXED", "fixed": "4000", "route": "BOTH",
        f"seen-{ids['stock_item_id']}": "5000>4000",
    },
    "stock_edit.take_back": lambda ids: STAFF,
    "stock.adjust_count": lambda ids: {**STAFF, "on_hand": "3", "reason": "棚卸"},
    "sync_api.delete_device": lambda ids: None,
    "sync_api.finish_run": lambda ids: {"outcome": "complete", "phases": [], "error": None},
    "sync_api.poll_pairing": lambda ids: {"device_code": ids["device_code"]},
    "sync_api.post_page": page,
    "sync_api.start_pairing": lambda ids: PAIRING,
    "templates.act": lambda ids: {},
    "templates.add": lambda ids: {**TEMPLATE, "name": "別のテンプレート"},
    "templates.change": lambda ids: {**TEMPLATE, "version": "1"},
    "templates.preview": lambda ids: TEMPLATE,
    "templates.use": lambda ids: {"template_id": ids["template_id"]},
    "unsold.choose": lambda ids: {"listing": ids["unsold"]},
    "unsold.take_back": lambda ids: {**STAFF, "listing": ids["listing_id"]},
    "unsold.send": lambda ids: {**STAFF, "listing": ids["unsold"]},
    "sync_api.start_run": lambda ids: {"trigger": "button", "sent_at": wire(datetime.now(UTC))},
}  # fmt: skip


def fill(app: Flask, slug: str) -> Filled:
    """A shop on `<slug>.localhost` with one of everything that a URL can name."""
    host = f"{slug}.localhost"
    shop = open_shop(app, slug, host)
    account_id = shop.yahoo_account()
    ids: Ids = {
        "account_id": account_id,
        "channel": CHANNEL,
        "profile": "classic",
        "listing_id": queued(shop, account_id),
    }
    (ids["batch_id"],) = make_batch(shop, account_id).batch_ids
    run_jobs(shop)
    pc = pc_on_host(shop, app.test_client(), host, account_id)
    pc.sync(selling=[auction("u1", "OLD-1")], orders=[won("x1", "none", status="入金済み")])
    with shop.read() as session:
        ids["observed_id"] = session.scalars(sa.select(ObservedListing.id)).one()
    ids["upload_id"] = _claimed_upload(shop, pc)
    ids |= {"run_id": pc.run_id, "order_id": orders_now(shop)[0].id}
    ids["command_id"] = _claimed_command(shop, pc, ids["order_id"])
    url = pc.call("POST", f"/batches/{ids['batch_id']}/downloads", {"confirm_whole": True}).get_json()["url"]
    ids["signed"] = url.rsplit("/", 1)[-1]
    ids |= _goods(shop, account_id) | _counter(shop) | _people(shop)
    export = client_of(app, host, "demo", "demo-pass").post(
        "/ec/orders/export", data=REQUESTS["orders.export"](ids), base_url=f"http://{host}"
    )
    ids["export_id"] = int(export.headers["Location"].rsplit("/", 1)[-1])
    ids |= _bulk_run(shop, ids["ready_items"])
    ids["import_id"] = _import(app, host, shop, ids)
    ids["template_id"] = _template(shop)
    ids["bulk.bulk_edit_id"] = _template_edit(shop, ids)
    ids["job_id"] = _failed_job(shop)
    ids["bulk_edit_id"] = _bulk_edit(shop, ids["stock_item_id"])
    ids["categories.import_id"] = _category_import(app, host, ids)
    ids["file_imports.import_id"] = ids["import_undo.import_id"] = _stock_import(app, host, shop, ids)
    return Filled(shop, host, ids, pc.token)


def _claimed_upload(shop: Shop, pc: Pc) -> int:
    queued(shop, pc.account_id)
    (batch_id,) = make_batch(shop, pc.account_id).batch_ids
    run_jobs(shop)
    return int(pc.call("POST", f"/batches/{batch_id}/uploads", {}).get_json()["id"])


def _claimed_command(shop: Shop, pc: Pc, order_id: int) -> int:
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        ship(uow, CHANNELS, order_id, Parcel("", ""), staff)
    return int(pc.call("POST", f"/accounts/{pc.account_id}/commands", {}).get_json()["command"]["id"])


def _bulk_run(shop: Shop, items: list[int]) -> Ids:
    with shop.work() as uow:
        run_id = bulk.begin(uow, CHANNELS, items)
        row_id = uow.session.scalars(sa.select(BulkRow.id).where(BulkRow.run_id == run_id)).first()
    return {"bulk.run_id": run_id, "bulk.row_id": row_id}


def _failed_job(shop: Shop) -> int:
    with shop.work() as uow:
        enqueue(uow, PURGE, {})
        job = uow.session.scalars(sa.select(Job).where(Job.kind == PURGE)).one()
        job.state, job.finished_at, job.last_error = JobState.FAILED, uow.at, "試験"
        return job.id


def _bulk_edit(shop: Shop, stock_item_id: int) -> int:
    with shop.work() as uow:
        rule = PriceRule(PriceChange.FIXED, 5000)
        change_price(uow, stock_item_id, was=5000, price=4999)
        made, _ = change_many(uow, PRICE, "試験", plan_prices(uow.session, [stock_item_id], rule))
        assert made is not None
        return made


def _import(app: Flask, host: str, shop: Shop, ids: Ids) -> int:
    """An order file that was taken in, with a row that could not be."""
    browser, url = client_of(app, host, "demo", "demo-pass"), f"http://{host}"
    where = browser.post("/ec/orders/imports", data=order_file(ids), base_url=url).headers["Location"]
    browser.post(f"{where}/take", data=STAFF, base_url=url)
    run_jobs(shop)
    return int(where.rsplit("/", 1)[-1])


def _stock_import(app: Flask, host: str, shop: Shop, ids: Ids) -> int:
    """A file of stock that was taken in, with a row that could not be."""
    browser, url = client_of(app, host, "demo", "demo-pass"), f"http://{host}"
    where = browser.post("/buyin/imports", data=stock_file(ids), base_url=url).headers["Location"]
    browser.post(f"{where}/take", data=STAFF, base_url=url)
    run_jobs(shop)
    return int(where.rsplit("/", 1)[-1])


def _category_import(app: Flask, host: str, ids: Ids) -> int:
    """A category file that was taken in, with a row that could not be."""
    browser, url = client_of(app, host, "demo", "demo-pass"), f"http://{host}"
    where = browser.post("/settings/categories", data=category_file(ids), base_url=url).headers["Location"]
    browser.post(where, base_url=url)
    return int(where.rsplit("/", 1)[-1])


def _template(shop: Shop) -> int:
    form = TemplateForm("腕時計", "", False, {"title": "{{ 商品名 }}", "condition": "未使用"})
    with shop.work() as uow:
        return add_template(uow, CHANNELS[CHANNEL], "classic", form)


def _template_edit(shop: Shop, ids: Ids) -> int:
    """The template in the forms of a run."""
    with shop.work() as uow:
        bulk.choose(uow, CHANNELS, ids["bulk.run_id"], {ids["account_id"]: str(ids["template_id"])})
        return uow.session.scalars(sa.select(BulkEdit.id).where(BulkEdit.kind == APPLY)).one()


def _goods(shop: Shop, account_id: int) -> Ids:
    """An item with a photo, two more that are ready to be listed, and the lines of an order and of a purchase."""
    item = shop.item(quantity=3)
    ids: Ids = {
        "stock_item_id": item,
        "photo_id": photo(shop, item),
        "ready_items": [shop.item(), shop.item()],
        "unsold": ended(shop, account_id),
    }
    for ready in ids["ready_items"]:
        photo(shop, ready)
        draft(shop, ready, account_id)
    with shop.work(staff_of(shop, "1001")) as uow:
        ids["link_id"] = make_link(uow, item).id
    with shop.work(staff_of(shop, "1002")) as uow:
        ids["photo_link.signed"] = token_of(wired(shop).keyring, make_link(uow, item))
    with shop.work() as uow:
        ids["it_code"] = uow.session.scalars(sa.select(StockItem.it_code).where(StockItem.id == item)).one()
        ids["orders.line_id"] = uow.session.scalars(sa.select(OrderLine.id)).one()
        ids["purchase_id"] = open_purchase(uow, uow.session.scalars(sa.select(ShopRow.id)).one()).id
        product = register_product(uow, name="カメラ")
        ids["product_id"] = product.id
        change_setting(uow, "ledger.enabled", 1)
        keep_seller(uow, wired(shop).keyring, ids["purchase_id"], Seller(**SELLER))
        line = LineInput(product.id, "A", 100, 500, 1, SalesRoute.BOTH)
        ids["buyin.line_id"] = add_line(uow, ids["purchase_id"], line).id
    return ids


def _counter(shop: Shop) -> Ids:
    sold = shop.item()
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        shop_id = uow.session.scalars(sa.select(ShopRow.id)).one()
        return {"sale_id": sell(uow, uuid.uuid4().hex, shop_id, staff, [SaleLine(sold, 1, 5000)])}


def _people(shop: Shop) -> Ids:
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        device_code, user_code, _ = start_pairing(uow, "新しいPC", "1.0.0")
        return {
            "staff_id": staff.id,
            "policy_id": staff.policy_id,
            "login": uow.session.scalars(sa.select(Account.id).where(Account.login_id == "till")).one(),
            "device_id": pair_now(uow, "別のPC", "1.0.0", "店長")[0].id,
            "device_code": device_code,
            "user_code": user_code,
        }


def pc_on_host(shop: Shop, client: FlaskClient, host: str, account_id: int) -> Pc:
    client.open = partial(client.open, base_url=f"http://{host}")  # type: ignore[method-assign]
    return pc_of(shop, client, account_id)


def client_of(app: Flask, host: str, login_id: str, password: str) -> FlaskClient:
    """A browser that is logged in."""
    client = app.test_client()
    form = {"login_id": login_id, "password": password}
    answer = client.post("/login", data=form, base_url=f"http://{host}")
    assert answer.status_code == 302, answer.text
    return client


def calls(app: Flask, ids: Ids) -> Iterator[Call]:
    """Every route and method with the parameters of `ids`, reads before writes; parameters with fixed words take each."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    for method in METHODS:
        for rule in rules:
            if method in (rule.methods or ()):
                for values in arguments(rule, ids):
                    path = app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
                    names = set(rule.arguments) - {
                        "action",
                        "size",
                        "channel",
                        "profile",
                        "form",
                        "what",
                        "kind",
                    }
                    yield Call(rule.endpoint, method, path, str(access_of(app, rule.endpoint)), bool(names))


def arguments(rule: Rule, ids: Ids) -> Iterator[dict[str, Any]]:
    """The values of a rule's parameters. KeyError for a parameter that `fill` does not know."""
    blueprint = rule.endpoint.rsplit(".", 1)[0]
    words = {name: each for name, each in rule._converters.items() if isinstance(each, AnyConverter)}
    values = {
        name: ids[f"{blueprint}.{name}" if f"{blueprint}.{name}" in ids else name]
        for name in rule.arguments
        if name not in words
    }
    if rule.endpoint == "listings.list_one":
        values["stock_item_id"] = ids["ready_items"][0]
    if not words:
        yield values
    for name, converter in words.items():
        for word in sorted(converter.items):
            yield values | {name: word}


def send(
    client: FlaskClient, at: Filled, call: Call, *, token: str | None = None, origin: str | None = None
) -> TestResponse:
    """`call` with the request that a caller at `at` would send."""
    headers = {"Idempotency-Key": str(uuid.uuid4()), "Origin": origin or extension_origin()}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    body = REQUESTS[call.endpoint](at.ids) if call.method != "GET" else None
    is_api = call.path.startswith("/api/")
    return client.open(
        call.path, method=call.method, headers=headers, base_url=at.url, json=body if is_api else None,
        data=None if is_api else body,
    )  # fmt: skip


def token_for(call: Call, at: Filled) -> str | None:
    return at.token if call.access == DEVICE else None


def rows_of(shop: Shop) -> dict[str, list[str]]:
    """Every row of the tenant, table by table."""
    with shop.read() as session:
        tables = [table for table in Base.metadata.sorted_tables if "tenant_id" in table.c]
        return {
            table.name: sorted(
                str(row)
                for row in session.execute(sa.select(table).where(table.c.tenant_id == shop.tenant_id))
            )
            for table in tables
        }
