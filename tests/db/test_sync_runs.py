"""Runs (R17, rule 7): numbered, exclusive by lease, fed by pages that may come twice, late or all at once."""

from __future__ import annotations

import json
import random
import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from recore.accounts.health import blind_accounts
from recore.accounts.models import MarketplaceAccount
from recore.identity.settings import change_setting
from recore.listings.models import ListingSeen, ObservedListing
from recore.orders.models import Order
from recore.sync.models import DriftReport, SyncRun
from tests.support.shop import Shop
from tests.support.store import Pc, auction, detail, item, listing, orders_now, pc_of, state_of, wire, won


@pytest.fixture
def pc(shop: Shop, client: FlaskClient, account_id: int) -> Pc:
    return pc_of(shop, client, account_id, "レジ横のPC")


@pytest.fixture
def other_pc(shop: Shop, new_client: Callable[[], FlaskClient], account_id: int) -> Pc:
    return pc_of(shop, new_client(), account_id, "奥のPC")


def run_states(shop: Shop) -> dict[int, str]:
    with shop.read() as session:
        return {
            row.number: str(row.state) for row in session.execute(sa.select(SyncRun.number, SyncRun.state))
        }


def observed(shop: Shop) -> dict[str, tuple[int, int, int]]:
    """auction id → (price, run, seq)"""
    with shop.read() as session:
        rows = session.execute(
            sa.select(
                ObservedListing.external_id,
                ObservedListing.current_price,
                ListingSeen.run_number,
                ListingSeen.seq,
            ).join(ListingSeen, ListingSeen.external_id == ObservedListing.external_id)
        )
        return {row[0]: (row[1], row[2], row[3]) for row in rows}


def attention(shop: Shop) -> list[str]:
    with shop.read() as session:
        entries = session.scalars(sa.select(MarketplaceAccount.attention)).one() or []
        return [entry["code"] for entry in entries]


def test_r17_runs_are_numbered_per_account_by_the_server(shop: Shop, pc: Pc) -> None:
    for number in (1, 2, 3):
        answer = pc.start().get_json()
        assert (answer["number"], answer["lease_seconds"]) == (number, 120)
        pc.finish()
    other = pc_of(shop, pc.client, shop.yahoo_account(store_id="demo-store-2"))
    assert other.start().get_json()["number"] == 1


def test_r17_the_same_key_returns_the_same_run_and_another_body_is_refused(pc: Pc) -> None:
    key, sent_at = str(uuid.uuid4()), datetime.now(UTC)
    first = pc.start(key=key, sent_at=sent_at).get_json()
    assert pc.start(key=key, sent_at=sent_at).get_json() == first
    refused = pc.start(key=key, sent_at=sent_at + timedelta(seconds=1))
    assert (refused.status_code, refused.get_json()["code"]) == (409, "KEY_REUSED")


def test_r17_a_second_pc_is_told_who_is_running(pc: Pc, other_pc: Pc) -> None:
    pc.start()
    refused = other_pc.start()
    assert (refused.status_code, refused.get_json()["code"]) == (409, "ALREADY_RUNNING")
    assert refused.get_json()["holder"] == "レジ横のPC"
    running = other_pc.call("GET", "/context", answer="context").get_json()["accounts"][0]["running"]
    assert running == {"run_id": pc.run_id, "number": 1, "device_name": "レジ横のPC", "mine": False}


def test_r17_an_expired_lease_is_taken_over_and_the_old_run_is_over(shop: Shop, pc: Pc, other_pc: Pc) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 3, tzinfo=UTC), tick=False) as clock:
        pc.start()
        pc.post("selling", [auction("a1")])
        clock.shift(119)
        assert other_pc.start().status_code == 409
        clock.shift(2)
        assert other_pc.start().status_code == 201
        late = pc.send(pc.body("selling", [auction("a1", current_price=9)], seq=2))
        assert (late.status_code, late.get_json()["code"]) == (409, "RUN_OVER")
    assert run_states(shop) == {1: "ABANDONED", 2: "RUNNING"}
    assert observed(shop) == {"a1": (1000, 1, 1)}


def test_r17_every_post_renews_the_lease(pc: Pc, other_pc: Pc) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 3, tzinfo=UTC), tick=False) as clock:
        pc.start()
        for seq in range(1, 5):
            clock.shift(100)
            pc.post("selling", [auction(f"a{seq}")])
        assert other_pc.start().get_json()["code"] == "ALREADY_RUNNING"


def test_r17_a_run_whose_lease_ran_out_goes_on_when_nobody_took_over(pc: Pc) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 3, tzinfo=UTC), tick=False) as clock:
        pc.start()
        clock.shift(3600)
        assert pc.post("selling", [auction("a1")])["stored"] == 1


def test_r17_the_lease_is_a_tenant_setting(shop: Shop, pc: Pc) -> None:
    with shop.work() as uow:
        change_setting(uow, "sync.lease_seconds", 300)
    assert pc.start().get_json()["lease_seconds"] == 300


def test_r17_two_pcs_that_start_at_once_get_one_run(
    shop: Shop, new_client: Callable[[], FlaskClient], account_id: int
) -> None:
    pcs = [pc_of(shop, new_client(), account_id) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(response.status_code for response in pool.map(lambda each: each.start(), pcs))
    assert statuses == [201, 409, 409, 409]
    assert run_states(shop) == {1: "RUNNING"}


def test_r3_a_disabled_account_is_not_synchronised(shop: Shop, pc: Pc) -> None:
    pc.start()
    with shop.work() as uow:
        uow.session.execute(sa.update(MarketplaceAccount).values(is_enabled=False))
    refused = pc.send(pc.body("selling", [auction("a1")], seq=1))
    assert (refused.status_code, refused.get_json()["code"]) == (409, "ACCOUNT_DISABLED")
    assert pc.start().get_json()["code"] == "ACCOUNT_DISABLED"
    assert observed(shop) == {}


def test_r17_the_pcs_clock_is_measured(shop: Shop, pc: Pc) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 3, tzinfo=UTC), tick=False):
        pc.start(sent_at=datetime(2026, 11, 23, 2, 59, 30, tzinfo=UTC))
    with shop.read() as session:
        assert session.scalars(sa.select(SyncRun.clock_offset_ms)).one() == 30_000


def test_r17_a_page_posted_twice_is_taken_once(shop: Shop, pc: Pc) -> None:
    pc.start()
    body = pc.body("selling", [auction("a1"), auction("a2")], seq=1)
    first = pc.send(body).get_json()
    assert (
        pc.send(body).get_json()
        == first
        == {"seq": 1, "stored": 2, "unchanged": 0, "wanted_details": [], "lease_seconds": 120}
    )
    refused = pc.send(pc.body("selling", [auction("a1", current_price=9)], seq=1))
    assert (refused.status_code, refused.get_json()["code"]) == (409, "KEY_REUSED")
    assert observed(shop) == {"a1": (1000, 1, 1), "a2": (1000, 1, 1)}


def test_r17_a_page_that_was_stored_answers_the_same_after_the_run_is_over(pc: Pc) -> None:
    pc.start()
    body = pc.body("selling", [auction("a1")], seq=1)
    first = pc.send(body).get_json()
    pc.finish()
    assert pc.send(body).get_json() == first


def test_r17_a_page_of_another_pcs_run_is_not_found(pc: Pc, other_pc: Pc) -> None:
    pc.start()
    other_pc.run_id = pc.run_id
    assert other_pc.send(other_pc.body("selling", [], seq=1)).status_code == 404


def test_r17_unchanged_rows_are_not_rewritten_but_count_as_seen(shop: Shop, pc: Pc) -> None:
    pc.sync(selling=[auction("a1"), auction("a2")])
    pc.start()
    assert pc.post("selling", [auction("a1"), auction("a2", current_price=1500)])["stored"] == 1
    assert observed(shop) == {"a1": (1000, 2, 1), "a2": (1500, 2, 1)}


def test_r17_of_a_row_that_stands_twice_on_a_page_the_last_counts(shop: Shop, pc: Pc) -> None:
    pc.start()
    pc.post("selling", [auction("a1", current_price=1), auction("a1", current_price=2)])
    assert observed(shop)["a1"][0] == 2


def test_r17_an_older_page_never_overwrites_a_newer_one(shop: Shop, pc: Pc) -> None:
    pc.start()
    pc.post("selling", [auction("a1", current_price=500)], seq=5)
    late = pc.post("selling", [auction("a1", current_price=400), auction("a2", current_price=7)], seq=4)
    assert (late["stored"], late["unchanged"]) == (1, 1)
    assert observed(shop) == {"a1": (500, 1, 5), "a2": (7, 1, 4)}


def test_r17_an_unchanged_newer_page_protects_against_an_older_change(shop: Shop, pc: Pc) -> None:
    pc.sync(selling=[auction("a1", current_price=500)], orders=[won("w1", status="入金済み")])
    pc.start()
    pc.post("selling", [auction("a1", current_price=500)], seq=5)
    pc.post("selling", [auction("a1", current_price=400)], seq=4)
    pc.post("won", [won("w1", status="入金済み")], seq=7)
    pc.post("won", [won("w1", status="未処理")], seq=6)
    assert observed(shop)["a1"] == (500, 2, 5)
    assert [order.state for order in orders_now(shop)] == ["UNSHIPPED"]


def everything(shop: Shop) -> object:
    """What a sync leaves behind, without ids and times."""
    with shop.read() as session:
        sold = session.execute(
            sa.select(Order.raw_status, Order.state, Order.buyer_label).order_by(Order.title)
        ).all()
    lines = sorted(pair for order in orders_now(shop) for pair in order.lines.items())
    return {key: value[0] for key, value in observed(shop).items()}, sorted(map(tuple, sold)), lines


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_r17_pages_in_any_order_and_in_parallel_leave_the_same(
    shop: Shop, new_client: Callable[[], FlaskClient], account_id: int, seed: int
) -> None:
    stock_items = [shop.item(quantity=1) for _ in range(4)]
    listings = [
        listing(shop, account_id, stock_item, f"N{number}") for number, stock_item in enumerate(stock_items)
    ]
    pcs = [pc_of(shop, new_client(), account_id) for _ in range(4)]
    pcs[0].start()
    for each in pcs[1:]:
        each.run_id, each.token = pcs[0].run_id, pcs[0].token
    make = pcs[0].body
    pages = [
        make("selling", [auction(f"a{at}", f"N{at}", current_price=at) for at in range(3)], seq=1),
        make("selling", [auction("a2", "N2", current_price=20), auction("a3", "N3", bid_count=1)], seq=2),
        make(
            "closed",
            [auction("a0", "N0", result="落札者あり"), auction("a1", "N1", result="落札者なし")],
            seq=3,
        ),
        make("won", [won("a0", "N0"), won("b9", "unknown", status="入金済み")], seq=4),
        make("won", [won("a0", "N0", status="入金済み")], seq=5),
        make("detail", [detail("a0", [item("a0", "N0")], "入金済み")], seq=6),
    ]
    posts = pages * 3
    random.Random(seed).shuffle(posts)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda job: pcs[job[0] % 4].send(job[1]), enumerate(posts)))
    assert {answer.status_code for answer in answers} == {200}
    by_seq = {json.loads(answer.data)["seq"]: set() for answer in answers}
    for answer in answers:
        by_seq[json.loads(answer.data)["seq"]].add(answer.data)
    assert all(len(same) == 1 for same in by_seq.values())
    assert {key: value[0] for key, value in observed(shop).items()} == {
        "a0": 1000,
        "a1": 1000,
        "a2": 20,
        "a3": 1000,
    }
    by_lines = {tuple(order.lines.items()): (order.state, order.raw_status) for order in orders_now(shop)}
    assert by_lines == {
        (("a0", "RESERVED"),): ("UNSHIPPED", "入金済み"),
        (("b9", "UNLINKED"),): ("UNSHIPPED", "入金済み"),
    }
    assert [state_of(shop, each) for each in listings] == ["SOLD_OUT", "ENDED", "ACTIVE", "ACTIVE"]
    assert [shop.counts(each) for each in stock_items] == [(1, 1, 0), (1, 0, 1), (1, 0, 1), (1, 1, 0)]


def test_r17_the_same_sync_again_changes_nothing(shop: Shop, pc: Pc, account_id: int) -> None:
    stock_item = shop.item()
    listing(shop, account_id, stock_item, "N1")
    when = wire(datetime.now(UTC))
    rows = {
        "selling": [auction("a2", "foreign")],
        "closed": [auction("a1", "N1", result="落札者あり")],
        "orders": [won("a1", "N1", won_at=when), won("b1", "x", status="発送済み", won_at=when)],
    }
    pc.sync(**rows)
    before, counts = everything(shop), shop.counts(stock_item)
    with shop.read() as session:
        events = [session.scalar(sa.text(f"SELECT count(*) FROM {table} WHERE tenant_id = {shop.tenant_id}"))
                  for table in ("order_events", "listing_events", "stock_ledger", "audit_entries")]  # fmt: skip
    answer = pc.sync(**rows)
    assert answer["summary"]["orders_new"] == 0
    assert (everything(shop), shop.counts(stock_item)) == (before, counts)
    with shop.read() as session:
        again = [session.scalar(sa.text(f"SELECT count(*) FROM {table} WHERE tenant_id = {shop.tenant_id}"))
                 for table in ("order_events", "listing_events", "stock_ledger", "audit_entries")]  # fmt: skip
    assert again == events


def test_r28_finish_tells_what_was_seen_and_records_the_pull(shop: Shop, pc: Pc) -> None:
    answer = pc.sync(
        selling=[auction("a1"), auction("a2")],
        closed=[auction("c1", result="落札者なし")],
        orders=[won("w1")],
    )
    assert answer["state"] == "COMPLETE"
    assert answer["summary"] == {
        "selling": 2,
        "closed": 1,
        "orders": 1,
        "orders_new": 1,
        "needs_review": 0,
        "unlinked": 3,
    }
    account = pc.call("GET", "/context", answer="context").get_json()["accounts"][0]
    assert (account["last_sync_device"], account["running"], account["attention"]) == ("レジ横のPC", None, [])


def test_r17_finishing_twice_gives_the_same_answer_and_another_report_is_refused(pc: Pc) -> None:
    pc.start()
    first = pc.finish()
    assert pc.finish() == first
    refused = pc.call(
        "POST", f"/runs/{pc.run_id}/finish", {"outcome": "complete", "phases": [], "error": None}
    )
    assert (refused.status_code, refused.get_json()["code"]) == (409, "KEY_REUSED")


def test_r17_a_run_that_did_not_read_every_list_is_not_complete(shop: Shop, pc: Pc) -> None:
    pc.start()
    answer = pc.finish(complete=False)
    assert (answer["state"], attention(shop)) == ("FAILED", ["INCOMPLETE"])


def test_r17_a_run_whose_page_never_arrived_is_not_complete(shop: Shop, pc: Pc) -> None:
    pc.start()
    pc.post("selling", [auction("a1")], seq=1)
    pc.post("won", [], seq=3)
    assert pc.finish()["state"] == "FAILED"


@pytest.mark.parametrize("code", ["LOGIN_REQUIRED", "WRONG_ACCOUNT", "NOT_STORE", "PAGE_DRIFT"])
def test_r3_a_run_that_may_not_read_invents_nothing_and_says_why(
    shop: Shop, pc: Pc, account_id: int, code: str
) -> None:
    stock_item = shop.item()
    active = listing(shop, account_id, stock_item, "N1")
    pc.sync(selling=[auction("a1", "N1", bid_count=1)])
    for _ in range(3):
        pc.start()
        answer = pc.fail(code)
        assert (answer["state"], [each["code"] for each in answer["notices"]]) == ("FAILED", [code])
    assert (state_of(shop, active), shop.counts(stock_item), orders_now(shop)) == ("ACTIVE", (1, 1, 0), [])
    told = pc.call("GET", "/context", answer="context").get_json()["accounts"][0]["attention"]
    assert [each["code"] for each in told] == [code]
    pc.sync(selling=[auction("a1", "N1")])
    assert attention(shop) == []


@pytest.mark.parametrize(
    "code", ["BRAND_NEW", "PAGES_ASIDE", "DOUBLE_LISTED", "net::ERR_FAILED <b>", "ｴﾗｰ" * 50],
    ids=["new", "ours", "also ours", "text", "long"],
)  # fmt: skip
def test_r28_a_reason_that_nobody_knows_is_kept_as_it_came_and_leaves_the_account_blind(
    shop: Shop, client: FlaskClient, pc: Pc, code: str
) -> None:
    """It never passes for one of our own notices, which would say that all was read."""
    pc.start()
    answer = pc.fail(code, detail="where it stopped")
    assert answer["state"] == "FAILED"
    (notice,) = answer["notices"]
    assert notice["code"] == "UNKNOWN" and "要確認" in notice["message"] and code[:40] in notice["message"]
    with shop.read() as session:
        run = session.scalars(sa.select(SyncRun)).one()
        assert run.error_code == code[:40] and "where it stopped" in str(run.error_detail)
        assert len(code) <= 40 or code in str(run.error_detail)
        account = session.scalars(sa.select(MarketplaceAccount)).one()
        assert [each.account_id for each in blind_accounts(session, run.started_at)] == [account.id]
    pc.sync()
    with shop.read() as session:
        assert session.scalars(sa.select(MarketplaceAccount)).one().attention == []


def test_r28_every_page_says_since_when_an_account_is_blind(shop: Shop, client: FlaskClient, pc: Pc) -> None:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    banner = f'data-testid="banner-{pc.account_id}"'
    with time_machine.travel(datetime(2026, 11, 23, 3, 0, tzinfo=UTC), tick=False) as time:
        pc.sync()
        client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
        assert banner not in client.get("/stock").text
        pc.start()
        pc.fail("LOGIN_REQUIRED")
        for path in ("/", "/stock", "/ec/listings"):
            page = client.get(path).text
            assert banner in page, path
            assert "2026/11/23 12:00" in page
            assert "ログインしていない" in page
        time.shift(timedelta(hours=1))
        pc.sync()
        assert banner not in client.get("/stock").text
        time.shift(timedelta(hours=24, minutes=1))
        client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
        assert "24時間以上、同期していません" in client.get("/stock").text
        with shop.work() as uow:
            change_setting(uow, "health.silent_hours", 0)
        assert banner not in client.get("/stock").text


def test_r28_staff_see_which_pc_reads_next_and_when_nobody_came(
    shop: Shop, client: FlaskClient, pc: Pc, other_pc: Pc
) -> None:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    path = f"/accounts/{pc.account_id}/plan"

    def shown() -> str:
        found = re.search(r'data-testid="next-pull">([^<]*)<', client.get("/").text)
        assert found is not None
        return found[1]

    with time_machine.travel(datetime(2026, 11, 23, 3, 0, tzinfo=UTC), tick=False) as time:
        pc.sync()
        client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
        assert "自動の同期はありません" in shown()
        assert pc.call("POST", path, {"next_at": "2026-11-23T03:30:00Z"}).status_code == 204
        assert other_pc.call("POST", path, {"next_at": "2026-11-23T03:15:00Z"}).status_code == 204
        assert "12:15（奥のPC）" in shown()
        time.shift(timedelta(minutes=20))
        assert "12:30（レジ横のPC）" in shown(), "the other PC did not come, this one still will"
        time.shift(timedelta(minutes=20))
        assert "12:30 を過ぎています。レジ横のPC" in shown()
        pc.call("POST", path, {"next_at": None})
        other_pc.call("DELETE", "/device")
        assert "自動の同期はありません" in shown()
        assert pc.call("POST", "/accounts/999999/plan", {"next_at": None}).status_code == 404


def test_r28_a_drifted_page_is_kept_as_a_skeleton(shop: Shop, pc: Pc) -> None:
    pc.start()
    pc.fail(
        "PAGE_DRIFT",
        contract="classic_selling@1",
        missing=["price"],
        skeleton="<table><tr></tr></table>",
        detail="price",
    )
    with shop.read() as session:
        report = session.execute(
            sa.select(DriftReport.contract, DriftReport.missing, DriftReport.skeleton)
        ).one()
    assert tuple(report) == ("classic_selling@1", ["price"], "<table><tr></tr></table>")


def test_r28_the_record_of_passes_shows_what_could_not_be_read(
    shop: Shop, client: FlaskClient, pc: Pc, account_id: int
) -> None:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    pc.sync()
    pc.start()
    pc.fail("PAGE_DRIFT", contract="classic_selling@1", missing=["price: <b>"], skeleton="table\n tr.row")
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    page = client.get(f"/settings/accounts/{account_id}/runs").text
    first, second = page.index('data-testid="run-2"'), page.index('data-testid="run-1"')
    assert first < second, "newest first"
    assert "classic_selling@1" in page[first:second]
    assert "price: &lt;b&gt;" in page[first:second]
    assert "table\n tr.row" in page[first:second]
    assert 'data-copy="classic_selling@1&#10;price: &lt;b&gt;&#10;table\n tr.row"' in page[first:second]
    assert "運用者（このシステムを管理している人）" in page[first:second]
    assert "完了" in page[second:]


def test_r18_a_classic_store_without_the_cancel_status_is_told_how_to_make_it(shop: Shop, pc: Pc) -> None:
    without = detail("w1", status="未処理", status_options=["未処理", "入金済み", "発送済み", "対応終了"])
    answer = pc.sync(orders=[won("w1")], details={"w1": without})
    (notice,) = answer["notices"]
    assert notice["code"] == "CANCEL_STATUS_MISSING"
    assert "「キャンセル」" in notice["message"]
    assert "ステータスを追加" in notice["message"]
    pc.sync(orders=[won("w1")])
    assert attention(shop) == ["CANCEL_STATUS_MISSING"]  # no page has shown otherwise
    pc.sync(orders=[won("w1", status="入金済み")])
    assert attention(shop) == []


def test_r1_another_shops_run_and_account_are_not_found(
    shop: Shop, new_client: Callable[[], FlaskClient], pc: Pc
) -> None:
    pc.start()
    stranger = Pc(shop, new_client(), pc.account_id + 1000, pc.token, "x", run_id=pc.run_id + 1000)
    assert stranger.start().status_code == 404
    assert stranger.send(stranger.body("selling", [], seq=1)).status_code == 404
    stranger.token = "no-such-token-at-all"
    assert stranger.start().get_json()["code"] == "NOT_PAIRED"


def test_a_time_that_does_not_exist_and_an_id_that_no_row_has_are_named(pc: Pc) -> None:
    body = {"trigger": "button", "sent_at": "2026-02-31T00:00:00Z"}
    refused = pc.call("POST", f"/accounts/{pc.account_id}/runs", body, key=str(uuid.uuid4()))
    assert (refused.status_code, refused.get_json()["code"]) == (422, "BODY")
    for number in (2**63, 10**30):
        assert pc.call("POST", f"/accounts/{number}/runs", body, key="k").status_code == 404
        assert pc.call("POST", f"/runs/{number}/finish", {}).status_code == 404
