"""R24, R26: orders by file. One order, whichever way and in whatever sequence it came."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from recore.identity.models import Policy
from recore.orders import buyers
from recore.orders.models import Order, OrderEvent, OrderExternalId
from recore.platform.clock import JST
from recore.platform.db import Base
from recore.platform.tables import write_csv
from recore.sync import order_import
from recore.sync.models import OrderImport, OrderImportRow, SyncRun
from recore.sync.order_import import forget_expired
from tests.support.desk import run_jobs, wired
from tests.support.shop import Shop
from tests.support.store import BUYER, Pc, auction, detail, item, listing, order_now, orders_now, pc_of, won

HEADINGS = {
    "auction": "YahooAuctionId", "number": "YahooAuctionMerchantId", "price": "UnitPrice", "order": "OrderId", "at": "OrderTime",
    "updated": "LastUpdateTime", "name": "ShipName", "zip": "ShipZipCode", "prefecture": "ShipPrefecture", "city": "ShipCity",
    "street": "ShipAddress1", "building": "ShipAddress2", "phone": "ShipPhoneNumber", "fee": "ShipCharge", "title": "Title",
}  # fmt: skip
ADDRESS = {"name": "山田 花子", "zip": "0600001", "prefecture": "北海道", "city": "札幌市中央区", "street": "北1条西2-3",
           "building": "リユースビル401", "phone": "09001234567"}  # fmt: skip


def ordered(
    auction: str = "a1", status: str = "2-1-1", order: str = "10000001", **more: str
) -> dict[str, str]:
    """A row of the store's order file; `status` is OrderStatus-PayStatus-ShipStatus."""
    parts = dict(zip(("OrderStatus", "PayStatus", "ShipStatus"), status.split("-"), strict=True))
    given = {
        "order": order,
        "at": "2026-9-17 10:02",
        "auction": auction,
        "price": "3000",
        "title": "腕時計 SEIKO 5",
    } | more
    return parts | {HEADINGS[key]: value for key, value in given.items()}


def file_of(*rows: dict[str, str]) -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return write_csv(names, [[row.get(name, "") for name in names] for row in rows])


def jst(moment: datetime) -> str:
    return f"{moment.astimezone(JST):%Y/%m/%d %H:%M:%S}"


class Clerk:
    """Somebody at the till's PC who uploads files."""

    def __init__(self, shop: Shop, client: FlaskClient, account_id: int) -> None:
        self.shop, self.client, self.account_id = shop, client, account_id
        shop.app.config["WTF_CSRF_ENABLED"] = False
        assert client.post("/login", data={"login_id": "demo", "password": "demo-pass"}).status_code == 302

    def upload(self, body: bytes, name: str = "orders.csv", account_id: int | None = None) -> TestResponse:
        data = {"account_id": str(account_id or self.account_id), "file": (io.BytesIO(body), name)}
        return self.client.post("/ec/orders/imports", data=data)

    def look(self, *rows: dict[str, str]) -> str:
        """Upload and look; where the preview is."""
        answer = self.upload(file_of(*rows))
        assert answer.status_code == 302, answer.text
        return str(answer.headers["Location"])

    def fates(self, url: str) -> dict[int, str]:
        """row → what it would do, or did."""
        text = self.client.get(url).text
        found = re.findall(r'data-testid="row-(\d+)".*?data-testid="fate">([^<]+)<', text, re.DOTALL)
        return {int(row): fate for row, fate in found}

    def take(self, url: str, *ticked: int, run: bool = True) -> dict[int, str]:
        """Take in and, unless `run` is False, wait for it; what became of the rows."""
        answer = self.client.post(
            f"{url}/take", data={"staff_code": "1001", "row": [str(row) for row in ticked]}
        )
        assert answer.status_code == 302, answer.text
        if run:
            run_jobs(self.shop)
        return self.fates(url)

    def bring(self, *rows: dict[str, str], ticked: tuple[int, ...] = ()) -> dict[int, str]:
        return self.take(self.look(*rows), *ticked)


@pytest.fixture
def account_id(shop: Shop) -> int:
    return shop.yahoo_account("current")


@pytest.fixture
def clerk(shop: Shop, client: FlaskClient, account_id: int) -> Clerk:
    return Clerk(shop, client, account_id)


def may_not(shop: Shop, operation: str) -> None:
    with shop.work() as uow:
        for policy in uow.session.scalars(sa.select(Policy)):
            policy.rules = policy.rules | {operation: False}


def buyer_of(shop: Shop) -> Any:
    with shop.read() as session:
        order_id = session.scalars(sa.select(Order.id)).one()
        return buyers.read(session, wired(shop).keyring, [order_id])[order_id][0]


def test_a_file_becomes_orders_with_stock_behind_them(shop: Shop, clerk: Clerk) -> None:
    stock_item = shop.item()
    listing(shop, clerk.account_id, stock_item, "N1", sent=timedelta(days=-400))
    url = clerk.look(ordered(number="N1", **ADDRESS), ordered("a2", "1-0-0", "2"))
    assert clerk.fates(url) == {2: "新しい受注", 3: "新しい受注"}
    assert orders_now(shop) == [], "looking changes nothing"
    assert clerk.take(url) == {2: "新しい受注", 3: "新しい受注"}
    assert "新しい受注のうち1件は未連携です" in clerk.client.get(url).text
    first, second = orders_now(shop)
    assert (first.state, first.has_address, first.lines, first.amount) == (
        "UNSHIPPED",
        True,
        {"a1": "RESERVED"},
        3000,
    )
    assert (second.state, second.has_address, second.lines) == ("ON_HOLD", False, {"a2": "UNLINKED"})
    assert shop.counts(stock_item) == (1, 1, 0)
    with shop.read() as session:
        events = session.execute(sa.select(OrderEvent.cause, OrderEvent.actor_label)).all()
    assert ("注文CSVの状態：2-1-1", "佐藤 店長") in [tuple(row) for row in events]


def test_the_same_file_twice_changes_nothing(shop: Shop, clerk: Clerk) -> None:
    rows = (ordered(**ADDRESS, fee="800"), ordered("b1\nb2", order="2", number="N1\nN2", price="3001"))
    clerk.bring(*rows)
    before = _orders_and_history(shop)
    assert clerk.bring(*rows) == {2: "変わらない", 3: "変わらない"}
    assert _orders_and_history(shop) == before
    assert "取り込むものはありません" in clerk.client.get(clerk.look(*rows)).text


def _orders_and_history(shop: Shop) -> dict[str, list[str]]:
    with shop.read() as session:
        tables = [
            each
            for each in Base.metadata.sorted_tables
            if each.name in ("orders", "order_lines", "order_events", "order_buyers", "order_external_ids")
        ]
        return {
            each.name: sorted(
                map(str, session.execute(sa.select(each).where(each.c.tenant_id == shop.tenant_id)))
            )
            for each in tables
        }


PAGE = detail("a1", [item("a1", "N1")], "2-1-1", order_number="10000001")
ROW = won("a1", "N1", "2-1-1", won_at="2026-09-17T01:02:00Z")


def scrape(pc: Pc, page: dict[str, Any] = PAGE, *rows: dict[str, Any]) -> None:
    """A sync that reads the order's own page."""
    pc.start()
    for phase, shown in (("selling", []), ("closed", []), ("won", list(rows) or [ROW]), ("detail", [page])):
        pc.post(phase, shown)
    pc.finish()


def test_r26_one_order_whichever_way_it_came_first(shop: Shop, clerk: Clerk, pc: Pc) -> None:
    row = ordered(number="N1", **ADDRESS, fee="800")
    for times in range(2):
        clerk.bring(row)
        scrape(pc)
        order = order_now(shop)
        assert (order.state, order.has_address, order.lines, order.needs_review) == (
            "UNSHIPPED",
            True,
            {"a1": "UNLINKED"},
            False,
        ), times


@pytest.mark.parametrize("steps", list(itertools.permutations(["file", "row", "page", "file by number"])))
def test_r26_one_order_in_whatever_sequence(shop: Shop, clerk: Clerk, pc: Pc, steps: tuple[str, ...]) -> None:
    for step in steps:
        if step == "file":
            clerk.bring(ordered(number="N1", **ADDRESS))
        elif step == "file by number":
            clerk.bring(ordered(order="demo-store-1-10000001"))
        elif step == "row":
            pc.sync(orders=[ROW], details={})
        else:
            pc.start()
            pc.post("detail", [PAGE])
            pc.finish()
    order = order_now(shop)
    assert (order.state, order.has_address, list(order.lines)) == ("UNSHIPPED", True, ["a1"])
    with shop.read() as session:
        known = {
            tuple(row)
            for row in session.execute(sa.select(OrderExternalId.kind, OrderExternalId.external_id))
        }
    numbers = {("order", "10000001"), ("order", "demo-store-1-10000001")}
    assert known - numbers == {("auction", "a1")}
    assert known & numbers


def test_r26_a_bundle_is_one_order_from_either_side(shop: Shop, clerk: Clerk, pc: Pc) -> None:
    pc.sync(orders=[won("a1", "N1", "2-1-1", amount=1000), won("a2", "N2", "2-1-1", amount=2500)], details={})
    assert len(orders_now(shop)) == 2
    url = clerk.look(ordered("a1\na2", number="N1\nN2", price="3500"))
    assert clerk.fates(url) == {2: "変わる"}
    clerk.take(url)
    order = order_now(shop)
    assert (list(order.lines), order.amount) == (["a1", "a2"], 3500), (
        "known prices stay where they make the sum"
    )
    pc.sync(orders=[won("a1", "N1", "2-1-1", amount=1000), won("a2", "N2", "2-1-1", amount=2500)], details={})
    assert len(orders_now(shop)) == 1


def test_a_file_with_a_part_of_an_order_takes_nothing_off_it(shop: Shop, clerk: Clerk, pc: Pc) -> None:
    page = detail("a1", [item("a1", "N1"), item("a2", "N2")], "2-1-1", order_number="10000001")
    scrape(pc, page, won("a1", "N1", "2-1-1"), won("a2", "N2", "2-1-1"))
    clerk.bring(ordered("a1", "2-1-2", fee="500"))
    order = order_now(shop)
    assert list(order.lines) == ["a1", "a2"]
    with shop.read() as session:
        row = session.scalars(sa.select(Order)).one()
        assert (row.shipping_fee, row.shipping_method, row.payment_method) == (
            800,
            "ゆうパック",
            "Yahoo!かんたん決済",
        ), "a known fee waits for a word"
    assert buyer_of(shop).address == BUYER["address"]


def test_an_older_file_without_a_time_asks_before_it_turns_an_order_back(
    shop: Shop, clerk: Clerk, pc: Pc
) -> None:
    stock_item = shop.item()
    listing(shop, clerk.account_id, stock_item, "N1", sent=timedelta(days=-400))
    old = ordered(number="N1")
    clerk.bring(old)
    pc.sync(orders=[won("a1", "N1", "5-1-3")], details={})
    assert (order_now(shop).state, shop.counts(stock_item)) == ("SHIPPED", (0, 0, 0))
    url = clerk.look(old)
    assert clerk.fates(url) == {2: "確認が必要"}
    assert clerk.take(url) == {2: "取り込んでいない"}
    assert order_now(shop).state == "SHIPPED"
    assert clerk.bring(old, ticked=(2,)) == {2: "変わった"}
    assert (order_now(shop).state, shop.counts(stock_item)) == ("UNSHIPPED", (0, 0, 0)), (
        "what left the house comes back only by hand"
    )


def test_an_older_file_asks_before_it_replaces_an_address(shop: Shop, clerk: Clerk, pc: Pc) -> None:
    scrape(pc)
    moved = ADDRESS | {"street": "南9条西9-9", "building": ""}
    url = clerk.look(ordered(number="N1", **moved))
    assert clerk.fates(url) == {2: "確認が必要"}
    shown = clerk.client.get(url).text
    assert '<s class="text-body-secondary">北海道札幌市中央区北1条西2-3' in shown, "old"
    assert "<strong>北海道札幌市中央区南9条西9-9</strong>" in shown, "new"
    assert "3,000円" in shown and "山田 花子" in shown and "ヤフオク!demo-store-1" in shown
    may_not(shop, "orders.export")
    hidden = clerk.client.get(url).text
    assert "確認が必要" in hidden and "北1条" not in hidden and "南9条" not in hidden and "山田" not in hidden
    clerk.take(url, 2)
    assert buyer_of(shop).address == "北海道札幌市中央区南9条西9-9"
    assert buyer_of(shop).kana == BUYER["kana"], "what the file leaves out stays"


def test_the_file_s_own_time_decides_where_it_has_one(shop: Shop, clerk: Clerk, pc: Pc) -> None:
    scrape(pc)
    now = datetime.now(UTC)
    older = ordered(status="1-0-0", updated=jst(now - timedelta(hours=3)))
    newer = ordered(status="1-0-0", updated=jst(now + timedelta(hours=3)))
    assert clerk.bring(older) == {2: "古い内容"}
    assert order_now(shop).state == "UNSHIPPED"
    assert clerk.bring(newer) == {2: "変わった"}, "newer news may go back: the cancel ritual does"
    assert order_now(shop).state == "ON_HOLD"
    assert clerk.bring(ordered(updated=jst(now))) == {2: "古い内容"}


def test_an_older_file_still_brings_the_address_that_is_missing(shop: Shop, clerk: Clerk, pc: Pc) -> None:
    pc.sync(orders=[ROW], details={})
    row = ordered(number="N1", updated=jst(datetime.now(UTC) - timedelta(hours=3)), **ADDRESS)
    assert clerk.bring(row) == {2: "変わった"}
    assert order_now(shop).has_address


def test_r18_a_file_without_the_column_for_it_does_not_take_paying_later_off_an_order(
    shop: Shop, clerk: Clerk, pc: Pc
) -> None:
    page = detail("a1", [item("a1", "N1")], "2-0-1-後払い", order_number="10000001", buyer=None)
    scrape(pc, page, won("a1", "N1", "2-0-1-後払い"))
    assert order_now(shop).state == "UNSHIPPED"
    assert clerk.bring(ordered(status="2-0-1", **ADDRESS)) == {2: "変わった"}
    assert (order_now(shop).state, order_now(shop).has_address) == ("UNSHIPPED", True)
    assert clerk.bring(ordered(status="2-0-1", **ADDRESS) | {"PayType": "0"}) == {2: "変わらない"}


def test_a_sync_after_the_import_goes_on_as_ever(shop: Shop, clerk: Clerk, pc: Pc) -> None:
    clerk.bring(ordered(number="N1", **ADDRESS))
    pc.sync(orders=[won("a1", "N1", "5-1-3")], details={})
    assert order_now(shop).state == "SHIPPED"


def test_rule_7_an_import_waits_for_a_running_sync_and_goes_on_by_itself(
    shop: Shop, clerk: Clerk, pc: Pc
) -> None:
    pc.start()
    url = clerk.look(ordered())
    assert clerk.take(url) == {}
    assert "取り込んでいます" in clerk.client.get(url).text
    assert orders_now(shop) == []
    pc.finish()
    with shop.work() as uow:
        uow.session.execute(
            sa.text("UPDATE jobs SET not_before = created_at WHERE tenant_id = :t"), {"t": shop.tenant_id}
        )
    run_jobs(shop)
    assert clerk.fates(url) == {2: "新しい受注"}


def test_rule_7_a_sync_whose_pc_died_does_not_hold_an_import_up(shop: Shop, clerk: Clerk, pc: Pc) -> None:
    pc.start()
    with shop.work() as uow:
        uow.session.execute(sa.update(SyncRun).values(lease_until=uow.at - timedelta(seconds=1)))
    assert clerk.bring(ordered()) == {2: "新しい受注"}
    assert pc.send(pc.body("won", [won("a1", None, "1-0-0")], seq=1)).status_code == 409
    pc.sync(orders=[won("a1", None, "5-1-3")], details={})
    assert order_now(shop).state == "SHIPPED"


def test_the_import_has_a_run_number_of_its_own(shop: Shop, clerk: Clerk, pc: Pc) -> None:
    scrape(pc)
    before = pc.run_number
    clerk.bring(ordered(status="2-1-2"))
    with shop.read() as session:
        assert session.scalars(sa.select(Order.observed_run)).one() == before + 1
    pc.start()
    assert pc.run_number == before + 2


def test_refused_rows_come_back_as_a_file(shop: Shop, clerk: Clerk) -> None:
    url = clerk.look(
        ordered(**ADDRESS), ordered("a2", order="2", price="三千", **ADDRESS), ordered("a3", order="3")
    )
    assert clerk.fates(url) == {2: "新しい受注", 3: "読めない", 4: "新しい受注"}
    assert "UnitPrice" in clerk.client.get(url).text
    clerk.take(url)
    assert len(orders_now(shop)) == 2
    body = clerk.client.get(f"{url}/refused").data
    header, *rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert (header[-1], len(rows)) == ("取り込めなかった理由", 1)
    assert "UnitPrice" in rows[0][-1]
    again = clerk.upload(body.replace("三千".encode(), b"3000"))
    assert clerk.take(str(again.headers["Location"])) == {2: "新しい受注"}
    assert len(orders_now(shop)) == 3


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "何も書かれていません"), (b"OrderId,Foo\n1,2\n", "必要な列がありません"), (b"\x00\x01\x02", "文字コード"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "「orders.csv」：画像のファイルです"), (b"%PDF-1.7", "PDFのファイルです"),
        (b"\0\0\0\x18ftypheic", "画像のファイルです"), (b"\x89PNG\r\n", "画像のファイルです"),
        (b"a\n" + b"1\n" * 100_000, "行を超えています"), (b"PK\x03\x04zip", "Excel"),
        ("オークションID,落札日時,落札価格,ステータス\nx1,2026/9/1 10:00,1,未処理\n".encode("cp932"), "旧ストアツール"),
        (file_of(ordered("")), "オークションの注文は1件もありません"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_at_the_form(
    shop: Shop, clerk: Clerk, body: bytes, message: str
) -> None:
    answer = clerk.upload(body)
    assert (answer.status_code, message in answer.text) == (422, True), answer.text[-3000:]
    with shop.read() as session:
        assert session.scalars(sa.select(OrderImport.id)).all() == []


def test_rule_13_buyers_are_nowhere_in_plain(
    shop: Shop, clerk: Clerk, caplog: pytest.LogCaptureFixture
) -> None:
    clerk.bring(ordered(**ADDRESS), ordered("a2", order="2", price="x", **ADDRESS))
    clerk.look(ordered("a3", order="3", **ADDRESS))
    with shop.read() as session:
        stored = "\n".join(
            str([bytes(value) if isinstance(value, memoryview) else value for value in row])
            for table in Base.metadata.sorted_tables
            for row in session.execute(
                sa.select(table).where(table.c.get("tenant_id", sa.true()) == shop.tenant_id)
                if "tenant_id" in table.c
                else sa.select(table)
            )
        )
    for secret in ("山田", "花子", "北1条", "09001234567", "0600001"):
        assert secret not in stored, secret
        assert secret.encode() not in stored.encode()
        assert secret not in caplog.text
        assert json.dumps(secret) not in stored


def test_rule_13_the_file_is_gone_after_a_day_and_at_once_when_nothing_was_refused(
    shop: Shop, clerk: Clerk
) -> None:
    clerk.bring(ordered())
    clerk.bring(ordered(), ordered("a2", order="2", price="x"))
    waiting = clerk.look(ordered("a3", order="3"))
    with shop.read() as session:
        ciphers = session.scalars(sa.select(OrderImport.cipher).order_by(OrderImport.id)).all()
        assert [each is None for each in ciphers] == [True, False, False]
    with shop.work() as uow:
        uow.session.execute(sa.update(OrderImport).values(expires_at=uow.at))
        forget_expired(uow)
        assert forget_expired(uow) == 0
    with shop.read() as session:
        assert session.scalars(sa.select(OrderImport.cipher)).all() == [None, None]
        assert len(session.scalars(sa.select(OrderImportRow.id)).all()) == 3
    assert clerk.client.get(waiting).status_code == 404
    assert clerk.client.get("/ec/orders/imports").status_code == 200


def test_pressing_twice_and_a_job_that_comes_twice_take_in_once(shop: Shop, clerk: Clerk) -> None:
    url = clerk.look(ordered(**ADDRESS))
    clerk.take(url, run=False)
    clerk.take(url, run=False)
    run_jobs(shop)
    assert clerk.take(url) == {2: "新しい受注"}
    assert len(orders_now(shop)) == 1


def test_a_job_killed_half_way_goes_on_where_it_stopped(
    shop: Shop, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [ordered(f"a{number}", order=str(number)) for number in range(1, 46)]
    url = clerk.look(*rows)
    beats = []

    class Killed(BaseException):
        pass

    def heartbeat(self: object) -> None:
        beats.append(1)
        if len(beats) == 1:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("recore.platform.jobs.JobRun.heartbeat", heartbeat)
        with pytest.raises(Killed):
            clerk.take(url)
    assert len(orders_now(shop)) == 20
    with shop.work() as uow:
        uow.session.execute(
            sa.text("UPDATE jobs SET lease_until = created_at WHERE state = 'RUNNING' AND tenant_id = :t"),
            {"t": shop.tenant_id},
        )
    run_jobs(shop)
    with shop.work() as uow:
        uow.session.execute(
            sa.text("UPDATE jobs SET not_before = created_at WHERE tenant_id = :t"), {"t": shop.tenant_id}
        )
    run_jobs(shop)
    assert set(clerk.fates(url).values()) == {"新しい受注"}
    assert len(orders_now(shop)) == 45


def test_an_order_that_breaks_is_set_aside_and_the_others_come_in(
    shop: Shop, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = order_import.take_record

    def take_record(*arguments: Any) -> str:
        if arguments[4].order_number == "2":
            raise RuntimeError("broken")
        return real(*arguments)

    monkeypatch.setattr(order_import, "take_record", take_record)
    fates = clerk.bring(*(ordered(f"a{number}", order=str(number)) for number in range(1, 4)))
    assert fates == {2: "新しい受注", 3: "読めない", 4: "新しい受注"}
    assert len(orders_now(shop)) == 2


def test_the_classic_file(shop: Shop, client: FlaskClient) -> None:
    clerk = Clerk(shop, client, shop.yahoo_account("classic", "demo-store-2"))
    pc = pc_of(shop, client, clerk.account_id)
    rows = [
        {"オークションID": "x1", "管理番号": "N1", "商品名": "腕時計", "落札者": "yahoo_user_1", "落札価格": "3,000円",
         "落札日時": "2026/09/17 10:02", "ステータス": status, "オークションの種類": "競売"}
        for status in ("入金済み",)
    ]  # fmt: skip
    clerk.bring(*rows)
    pc.sync(orders=[won("x1", "N1", "入金済み")], details={})
    assert (order_now(shop).state, list(order_now(shop).lines)) == ("UNSHIPPED", ["x1"])
    rows[0]["ステータス"] = "キャンセル"
    assert clerk.bring(*rows) == {2: "変わった"}
    assert order_now(shop).state == "CANCELLED"
    rows[0]["ステータス"] = "返品受付中"
    clerk.bring(*rows)
    assert (order_now(shop).state, order_now(shop).needs_review) == ("CANCELLED", True)


def test_one_auction_named_for_a_bundle_finds_the_others_by_their_numbers(
    shop: Shop, clerk: Clerk, pc: Pc
) -> None:
    for number in ("N1", "N2"):
        listing(shop, clerk.account_id, shop.item(), number)
    row = ordered("a1", number="N1\nN2", price="3001")
    assert clerk.fates(clerk.look(row)) == {2: "読めない"}, "nothing is known of a2"
    pc.sync(selling=[auction("a1", "N1"), auction("a2", "N2")])
    clerk.bring(row)
    assert order_now(shop).lines == {"a1": "RESERVED", "a2": "RESERVED"}
    assert order_now(shop).amount == 3001


def test_who_may(shop: Shop, clerk: Clerk, app: Any) -> None:
    url = clerk.look(ordered())
    assert clerk.client.post(f"{url}/take", data={"staff_code": "9999"}).status_code >= 400
    assert orders_now(shop) == []
    refused = clerk.client.post(f"{url}/take", data={"staff_code": "9999", "row": "2"})
    assert (refused.status_code, clerk.fates(url)) == (401, {2: "新しい受注"})
    assert (
        'name="staff_code" value="9999"' in refused.text
        and 'data-testid="problem-staff_code"' in refused.text
    )
    assert app.test_client().get(url).status_code in (302, 401)


def test_r26_the_store_s_id_before_an_order_number_is_no_news(shop: Shop, clerk: Clerk, pc: Pc) -> None:
    scrape(pc, PAGE | {"order_number": "demo-store-1-10000001"})
    assert clerk.bring(ordered(number="N1")) == {2: "変わらない"}
