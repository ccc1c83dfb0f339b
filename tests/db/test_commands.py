"""Commands (R24, R27): what the extension does on the store's pages happens at most once, and only while it is wanted."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.accounts.models import MarketplaceAccount
from recore.channels.registry import CHANNELS
from recore.commands import asking, service
from recore.commands.models import CommandEvent, MarketplaceCommand
from recore.identity.models import Shop as ShopRow
from recore.identity.models import Staff
from recore.identity.settings import change_setting
from recore.orders.shipping import Parcel, ship
from recore.platform.db import UnitOfWork
from recore.platform.errors import Conflict, RecoreError
from recore.sales.service import SaleLine, sell, void
from recore.stock.models import StockItem
from tests.support.shop import Shop
from tests.support.store import (
    Pc,
    auction,
    detail,
    item,
    listing,
    order_now,
    orders_now,
    pc_of,
    state_of,
    won,
)

NONCE = "0c2a5e4e-6a0e-4f0f-9d2c-1f2e3d4c5b6a"
NOTHING: dict[str, Any] = {"status": None, "is_selling": None, "bid_count": None, "result": None}
SELLING = NOTHING | {"is_selling": True, "bid_count": 0}
PAID, SENT = NOTHING | {"status": "入金済み"}, NOTHING | {"status": "発送済み"}


@pytest.fixture
def desk(shop: Shop, new_client: Callable[[], FlaskClient]) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    client = new_client()
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    return client


def staff_of(uow: UnitOfWork) -> Staff:
    return uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()


def paid_order(shop: Shop, pc: Pc, auction_id: str = "x1") -> int:
    pc.sync(orders=[won(auction_id, status="入金済み")])
    return orders_now(shop)[-1].id


def ask_to_ship(shop: Shop, order_id: int, carrier: str = "1001", number: str = "1234-5678-9012") -> None:
    with shop.work() as uow:
        ship(uow, CHANNELS, order_id, Parcel(carrier, number), staff_of(uow))


def command_now(shop: Shop) -> MarketplaceCommand:
    """The newest one."""
    with shop.read() as session:
        return session.scalars(sa.select(MarketplaceCommand).order_by(MarketplaceCommand.id.desc())).first()  # type: ignore[return-value]


def state_now(shop: Shop) -> str:
    return str(command_now(shop).state)


def pass_time(shop: Shop, **columns: timedelta) -> None:
    """As if so much time had gone by since these moments."""
    table = MarketplaceCommand
    with shop.work() as uow:
        command = uow.session.scalars(sa.select(table).order_by(table.id.desc()).limit(1)).one()
        values = {name: getattr(command, name) - by for name, by in columns.items()}
        uow.session.execute(sa.update(table).where(table.id == command.id).values(**values))


MINUTES = {name: timedelta(minutes=11) for name in ("lease_until", "not_before", "sent_at")}


def claim(pc: Pc) -> dict[str, Any] | None:
    response = pc.call("POST", f"/accounts/{pc.account_id}/commands", {}, answer="command_answer")
    assert response.status_code == 200, response.text
    found: dict[str, Any] | None = response.get_json()["command"]
    return found


def claimed(pc: Pc) -> int:
    command = claim(pc)
    assert command is not None and command["state"] == "claimed", command
    return int(command["id"])


def call(pc: Pc, command_id: int, what: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    response = pc.call("POST", f"/commands/{command_id}/{what}", body, answer="command")
    return response.status_code, response.get_json()


def send(pc: Pc, command_id: int, seen: dict[str, Any] = PAID, nonce: str = NONCE) -> str:
    """The state afterwards, or the code of the refusal."""
    status, answer = call(pc, command_id, "sending", {"nonce": nonce, "seen": seen})
    return str(answer["state"] if status == 200 else answer["code"])


def see(pc: Pc, command_id: int, seen: dict[str, Any]) -> str:
    status, answer = call(pc, command_id, "seen", seen)
    return str(answer["state"] if status == 200 else answer["code"])


@pytest.fixture
def shipment(shop: Shop, pc: Pc) -> int:
    """An order for which a notice waits."""
    order_id = paid_order(shop, pc)
    ask_to_ship(shop, order_id)
    return order_id


# --- 発送通知 ----------------------------------------------------------------------------------------------------


def test_r24_asked_claimed_sent_and_done_when_a_read_back_shows_it(shop: Shop, pc: Pc, shipment: int) -> None:
    command = claim(pc)
    assert command is not None
    assert (command["kind"], command["key"], command["carrier"], command["tracking_number"]) == (
        "ship", "x1", "1001", "1234-5678-9012",
    )  # fmt: skip
    assert send(pc, command["id"]) == "sending"
    assert order_now(shop).state == "UNSHIPPED", "R18: the order is what the marketplace shows"
    assert see(pc, command["id"], SENT) == "done"
    pc.sync(orders=[won("x1", status="発送済み")])
    assert order_now(shop).state == "SHIPPED"
    assert claim(pc) is None
    with shop.read() as session:
        moves = session.execute(sa.select(CommandEvent.source, CommandEvent.target).order_by(CommandEvent.id))
        assert [tuple(row) for row in moves] == [
            (None, "QUEUED"), ("QUEUED", "CLAIMED"), ("CLAIMED", "SENDING"), ("SENDING", "DONE"),
        ]  # fmt: skip


def test_r24_the_context_says_how_many_wait(shop: Shop, pc: Pc, shipment: int) -> None:
    def waiting() -> int:
        return int(pc.call("GET", "/context", answer="context").get_json()["accounts"][0]["commands_waiting"])

    assert waiting() == 1
    call(pc, claimed(pc), "give-back", {"code": "NETWORK"})
    assert waiting() == 0


def test_r24_two_pcs_at_once_one_claim(
    shop: Shop, new_client: Callable[[], FlaskClient], account_id: int, shipment: int
) -> None:
    pcs = [pc_of(shop, new_client(), account_id) for _ in range(4)]
    barrier = threading.Barrier(len(pcs))
    found: list[object] = []

    def press(each: Pc) -> None:
        barrier.wait()
        found.append(claim(each))

    threads = [threading.Thread(target=press, args=(each,)) for each in pcs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each is not None for each in found].count(True) == 1


def test_r24_a_claim_is_renewed_for_its_pc_and_free_for_others_when_its_lease_is_over(
    shop: Shop, client: FlaskClient, pc: Pc, account_id: int, shipment: int
) -> None:
    other = pc_of(shop, client, account_id)
    first = claimed(pc)
    assert claimed(pc) == first, "a lost answer is asked for again"
    assert claim(other) is None
    pass_time(shop, lease_until=timedelta(minutes=6))
    assert claimed(other) == first
    assert send(pc, first) == "NO_SUCH_COMMAND", "it is another PC's by now"
    assert send(other, first) == "sending"


def test_r24_what_was_sent_is_read_back_first_and_never_clicked_blindly(
    shop: Shop, client: FlaskClient, pc: Pc, account_id: int, shipment: int
) -> None:
    first = claimed(pc)
    assert send(pc, first) == "sending"
    assert send(pc, first) == "sending", "the same click, which has not happened yet"
    assert send(pc, first, nonce="another-click") == "COMMAND_OVER"
    other = pc_of(shop, client, account_id)
    assert claim(other) is None
    pass_time(shop, lease_until=timedelta(minutes=6))
    command = claim(other)
    assert command is not None and (command["id"], command["state"]) == (first, "sending")
    assert send(other, first, nonce="another-click") == "COMMAND_OVER"
    assert see(pc, first, SENT) == "NO_SUCH_COMMAND", "a late word of the PC that lost it"
    assert see(other, first, SENT) == "done"
    assert see(other, first, PAID) == "done", "a second word changes nothing"


def test_r24_one_more_click_only_when_a_read_back_proves_after_the_settle_time_that_nothing_happened(
    shop: Shop, pc: Pc, shipment: int
) -> None:
    first = claimed(pc)
    send(pc, first)
    assert see(pc, first, PAID) == "sending", "too early to tell"
    assert claim(pc) is None
    pass_time(shop, **MINUTES)
    again = claim(pc)
    assert again is not None and again["state"] == "sending", "read back first"
    assert see(pc, first, PAID) == "queued"
    assert claimed(pc) == first
    assert send(pc, first, nonce="second-click") == "sending"
    pass_time(shop, **MINUTES)
    assert see(pc, first, PAID) == "needs_review"
    assert "2回送りましたが" in str(command_now(shop).reason)
    assert claim(pc) is None


def test_r24_a_click_that_was_never_read_back_is_for_a_person_and_the_sync_may_still_see_it(
    shop: Shop, pc: Pc, shipment: int
) -> None:
    first = claimed(pc)
    send(pc, first)
    call(pc, first, "give-back", {"code": "LOGIN_REQUIRED"})
    assert (state_now(shop), "ログインしていません" in str(command_now(shop).reason)) == ("SENDING", True)
    with shop.work() as uow:
        assert service.sweep(uow) == 0
    pass_time(shop, sent_at=timedelta(hours=25))
    for moved in (1, 0):
        with shop.work() as uow:
            assert service.sweep(uow) == moved
    assert state_now(shop) == "NEEDS_REVIEW"
    pc.sync(orders=[won("x1", status="発送済み")])
    assert state_now(shop) == "DONE"


def swept(shop: Shop) -> int:
    with shop.work() as uow:
        return service.sweep(uow)


def standing(desk: FlaskClient, order_id: int) -> str:
    """What the page of the order says about its command."""
    text = desk.get(f"/ec/orders/{order_id}").text
    return text[text.index('data-testid="standing"') :].partition("</p>\n  <form")[0]


def test_r24_a_claim_of_a_pc_that_is_gone_for_good_comes_free_and_says_why_and_when(
    shop: Shop, client: FlaskClient, desk: FlaskClient, pc: Pc, account_id: int, shipment: int
) -> None:
    first = claimed(pc)
    assert swept(shop) == 0
    pass_time(shop, lease_until=timedelta(minutes=6))
    assert (swept(shop), swept(shop)) == (1, 0)
    assert state_now(shop) == "QUEUED"
    shown = standing(desk, shipment)
    assert pc.name in shown and "まだ送っていません" in shown and "次の同期" in shown
    assert send(pc, first) == "COMMAND_OVER", "it comes back after all, and begins anew"
    other = pc_of(shop, client, account_id)
    assert claimed(other) == first
    assert send(pc, first) == "NO_SUCH_COMMAND"
    assert send(other, first) == "sending"


def test_r24_a_click_of_a_pc_that_is_gone_for_good_is_read_back_by_another_and_not_repeated(
    shop: Shop, client: FlaskClient, desk: FlaskClient, pc: Pc, account_id: int, shipment: int
) -> None:
    first = claimed(pc)
    send(pc, first)
    pass_time(shop, lease_until=timedelta(minutes=6))
    assert (swept(shop), swept(shop)) == (1, 0)
    assert state_now(shop) == "SENDING"
    shown = standing(desk, shipment)
    assert pc.name in shown and "反映されたかを確かめます" in shown and "要確認になります" in shown
    other = pc_of(shop, client, account_id)
    again = claim(other)
    assert again is not None and again["state"] == "sending"
    assert see(other, first, SENT) == "done"


def test_r24_what_was_put_off_says_when_it_is_tried_again(
    shop: Shop, desk: FlaskClient, pc: Pc, shipment: int
) -> None:
    call(pc, claimed(pc), "give-back", {"code": "PAGE_DRIFT"})
    assert "以降の同期です" in standing(desk, shipment)


@pytest.mark.parametrize(
    ("status", "ends"),
    [("発送済み", "done"), ("キャンセル", "cancelled"), ("未処理", "cancelled"), ("謎", "queued")],
)
def test_r24_what_the_page_shows_just_before_the_click_decides(
    shop: Shop, pc: Pc, shipment: int, status: str, ends: str
) -> None:
    assert send(pc, claimed(pc), NOTHING | {"status": status}) == ends
    assert command_now(shop).clicks == 0


@pytest.mark.parametrize("is_claimed", [False, True])
def test_r24_staff_take_it_back_until_it_is_sent(shop: Shop, pc: Pc, shipment: int, is_claimed: bool) -> None:
    first = claimed(pc) if is_claimed else command_now(shop).id
    for _ in range(2):
        with shop.work() as uow:
            service.take_back(uow, first, "取りやめた")
    if is_claimed:
        assert send(pc, first) == "COMMAND_OVER"
    assert (state_now(shop), claim(pc)) == ("CANCELLED", None)
    ask_to_ship(shop, shipment)
    assert claim(pc) is not None, "it may be asked for again"


def test_r24_what_is_on_its_way_cannot_be_taken_back(shop: Shop, pc: Pc, shipment: int) -> None:
    first = claimed(pc)
    send(pc, first)
    with pytest.raises(Conflict, match="ALREADY_SENT"), shop.work() as uow:
        service.take_back(uow, first, "取りやめた")


def test_r24_taken_back_and_sent_at_once_one_of_them_happens(
    shop: Shop, pc: Pc, account_id: int, shipment: int
) -> None:
    first, codes = claimed(pc), []
    barrier = threading.Barrier(2)

    def staff() -> None:
        barrier.wait()
        try:
            with shop.work() as uow:
                service.take_back(uow, first, "取りやめた")
            codes.append("taken back")
        except Conflict as error:
            codes.append(error.code)

    def device() -> None:
        barrier.wait()
        codes.append(send(pc, first))

    threads = [threading.Thread(target=each) for each in (staff, device)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) in (["COMMAND_OVER", "taken back"], ["ALREADY_SENT", "sending"])


@pytest.mark.parametrize("status", ["キャンセル", "未処理"])
def test_r25_an_order_that_is_cancelled_meanwhile_is_not_shipped(
    shop: Shop, pc: Pc, shipment: int, status: str
) -> None:
    first = claimed(pc)
    pc.sync(orders=[won("x1", status=status)])
    assert (state_now(shop), send(pc, first)) == ("CANCELLED", "COMMAND_OVER")


def test_r25_cancelled_while_it_was_on_its_way_the_read_back_decides(
    shop: Shop, pc: Pc, shipment: int
) -> None:
    first = claimed(pc)
    send(pc, first)
    pc.sync(orders=[won("x1", status="キャンセル")])
    assert state_now(shop) == "SENDING"
    assert see(pc, first, NOTHING | {"status": "キャンセル"}) == "cancelled"


def test_r18_shipped_there_by_hand_the_sync_ends_it(shop: Shop, pc: Pc, shipment: int) -> None:
    pc.sync(orders=[won("x1", status="発送済み")])
    assert (state_now(shop), claim(pc)) == ("DONE", None)


def test_r26_orders_that_become_one_ship_once(shop: Shop, pc: Pc) -> None:
    pc.sync(orders=[won("x1", status="入金済み"), won("x2", status="入金済み")])
    for order in orders_now(shop):
        ask_to_ship(shop, order.id)
    bundle = detail("x1", [item("x1"), item("x2")], status="入金済み")
    pc.start()
    pc.post("detail", [bundle])
    pc.finish()
    assert len(orders_now(shop)) == 1
    with shop.read() as session:
        states = session.scalars(sa.select(MarketplaceCommand.state).order_by(MarketplaceCommand.id)).all()
    assert [str(each) for each in states] == ["QUEUED", "CANCELLED"]


def test_r24_refused_with_the_marketplaces_words_and_may_be_asked_anew(
    shop: Shop, pc: Pc, shipment: int
) -> None:
    first = claimed(pc)
    send(pc, first)
    for _ in range(2):
        assert (
            call(pc, first, "outcome", {"kind": "refused", "message": "伝票番号が違います。"})[1]["state"]
            == "failed"
        )
    assert command_now(shop).reason == "マーケットプレイスに断られました：伝票番号が違います。"
    ask_to_ship(shop, shipment)
    assert claimed(pc) != first


def test_r24_a_form_that_was_too_old_is_sent_again_but_not_for_ever(
    shop: Shop, pc: Pc, shipment: int
) -> None:
    for ends in ("queued", "queued", "needs_review"):
        first = claimed(pc)
        assert send(pc, first) == "sending"
        assert call(pc, first, "outcome", {"kind": "not_taken", "message": "有効期限"})[1]["state"] == ends
        if command_now(shop).not_taken == 2:
            assert claim(pc) is None, "the first time at once, then a while later"
            pass_time(shop, not_before=timedelta(minutes=11))


@pytest.mark.parametrize("kind", ["refused", "not_taken"])
def test_r24_what_a_killed_worker_says_late_of_one_click_is_not_taken_for_the_next(
    shop: Shop, pc: Pc, shipment: int, kind: str
) -> None:
    first = claimed(pc)
    send(pc, first, nonce="click-number-1")
    no = {"kind": "not_taken", "message": "", "nonce": "click-number-1"}
    assert call(pc, first, "outcome", no)[1]["state"] == "queued"
    send(pc, claimed(pc), nonce="click-number-2")
    assert call(pc, first, "outcome", {**no, "kind": kind})[1]["state"] == "sending"
    assert see(pc, first, SENT) == "done"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("PAGE_DRIFT: form: missing", "：マーケットプレイスの画面が変わったため、操作できません"),
        ("NETWORK", "：マーケットプレイスの画面を開けませんでした"),
        ("INTERNAL: no form", "：拡張機能で止まりました（INTERNAL）"),
        ("有効期限が切れました。", "：有効期限が切れました"),
        ("", ""),
    ],
)
def test_r24_what_was_never_taken_is_told_in_words_not_in_a_code(
    shop: Shop, pc: Pc, shipment: int, message: str, told: str
) -> None:
    for _ in range(3):
        first = claimed(pc)
        send(pc, first)
        call(pc, first, "outcome", {"kind": "not_taken", "message": message})
        pass_time(shop, not_before=timedelta(minutes=11))
    assert command_now(shop).reason == (
        f"マーケットプレイスの画面が受け付けません{told}。マーケットプレイスの画面で行ってください。"
    )
    with shop.read() as session:
        causes = session.scalars(sa.select(CommandEvent.cause)).all()
    assert f"画面が受け付けなかった{told}" in causes


def test_r3_what_could_not_be_done_waits_with_its_reason_and_the_others_go_on(shop: Shop, pc: Pc) -> None:
    pc.sync(orders=[won("x1", status="入金済み"), won("x2", status="入金済み")])
    for order in orders_now(shop):
        ask_to_ship(shop, order.id)
    first = claimed(pc)
    assert call(pc, first, "give-back", {"code": "PAGE_DRIFT"})[1]["state"] == "queued"
    second = claimed(pc)
    assert second != first
    with shop.read() as session:
        reason = session.scalar(sa.select(MarketplaceCommand.reason).where(MarketplaceCommand.id == first))
    assert "画面が変わった" in str(reason)


def test_r3_after_the_login_it_is_done_at_the_next_visit(shop: Shop, pc: Pc, shipment: int) -> None:
    first = claimed(pc)
    call(pc, first, "give-back", {"code": "LOGIN_REQUIRED"})
    assert "ログインしていません" in str(command_now(shop).reason)
    assert claimed(pc) == first


def test_r28_nothing_is_handed_out_of_a_stopped_account_or_to_a_revoked_pc(
    shop: Shop, pc: Pc, account_id: int, shipment: int
) -> None:
    first = claimed(pc)
    with shop.work() as uow:
        uow.session.execute(sa.update(MarketplaceAccount).values(is_enabled=False))
    assert send(pc, first) == "ACCOUNT_DISABLED"
    assert pc.call("POST", f"/accounts/{account_id}/commands", {}).get_json()["code"] == "ACCOUNT_DISABLED"
    with shop.work() as uow:
        uow.session.execute(sa.update(MarketplaceAccount).values(is_enabled=True))
    pc.call("DELETE", "/device")
    assert pc.call("POST", f"/accounts/{account_id}/commands", {}).status_code == 401
    assert call(pc, first, "sending", {"nonce": NONCE, "seen": PAID})[0] == 401


@pytest.mark.parametrize(
    ("profile", "carrier", "number", "code"),
    [
        ("classic", "", "", None),
        ("classic", "", "12345", "CARRIER"),
        ("classic", "9999", "", "CARRIER"),
        ("current", "", "", "CARRIER"),
        ("current", "1001", "", "TRACKING_NUMBER"),
        ("current", "1001", "ABC-123", "TRACKING_NUMBER"),
        ("current", "1001", "１２３４－５６７８－９０１２", None),
        ("current", "1003", "EF123456789JP", None),
    ],
)
def test_r24_carrier_and_number_are_checked_before_anything_is_sent(
    shop: Shop, client: FlaskClient, profile: str, carrier: str, number: str, code: str | None
) -> None:
    pc = pc_of(shop, client, shop.yahoo_account(profile))
    pc.start()
    pc.post(
        "detail", [detail("x1", order_number="st-1", status="2-1-1" if profile == "current" else "入金済み")]
    )
    pc.finish()
    order = order_now(shop)
    if code is None:
        ask_to_ship(shop, order.id, carrier, number)
        assert command_now(shop).key == ("st-1" if profile == "current" else "x1")
        return
    with pytest.raises(RecoreError, match=code) as refused:
        ask_to_ship(shop, order.id, carrier, number)
    assert refused.value.item == order.number and refused.value.remedy


def test_r24_only_unshipped_orders_and_each_once(shop: Shop, pc: Pc, shipment: int) -> None:
    with pytest.raises(Conflict, match="ALREADY_ASKED"):
        ask_to_ship(shop, shipment)
    pc.sync(orders=[won("x1", status="未処理")])
    with pytest.raises(Conflict, match="NOT_UNSHIPPED"):
        ask_to_ship(shop, shipment)
    pc.sync(orders=[won("x1", status="謎の状態")])
    with pytest.raises(Conflict, match=r"IN_REVIEW|NOT_UNSHIPPED"):
        ask_to_ship(shop, shipment)


def test_r24_pressed_on_two_screens_at_once_it_is_asked_for_once(shop: Shop, pc: Pc) -> None:
    order_id = paid_order(shop, pc)
    barrier, codes = threading.Barrier(3), []

    def press() -> None:
        barrier.wait()
        try:
            ask_to_ship(shop, order_id)
            codes.append("asked")
        except Conflict as error:
            codes.append(error.code)

    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["ALREADY_ASKED", "ALREADY_ASKED", "asked"]


# --- 取り下げ ----------------------------------------------------------------------------------------------------


@pytest.fixture
def allowed(shop: Shop) -> None:
    with shop.work() as uow:
        change_setting(uow, "yahoo.end_auctions", 1)


def on_sale(
    shop: Shop, pc: Pc, auction_id: str = "a1", *, stock_item_id: int | None = None, bids: int = 0
) -> tuple[int, int]:
    """(stock item, listing) of an auction that was seen selling."""
    stock_item_id = stock_item_id or shop.item()
    number = f"N-{auction_id}"
    made = listing(shop, pc.account_id, stock_item_id, number)
    pc.sync(selling=[auction(auction_id, number, bid_count=bids)])
    assert state_of(shop, made) == "ACTIVE"
    return stock_item_id, made


def sell_at_counter(shop: Shop, stock_item_id: int) -> int:
    with shop.work() as uow:
        shop_id = uow.session.scalars(sa.select(ShopRow.id)).first()
        return sell(
            uow, uuid.uuid4().hex, int(shop_id or 0), staff_of(uow), [SaleLine(stock_item_id, 1, 500)]
        )


def commands_now(shop: Shop) -> list[tuple[str, str]]:
    with shop.read() as session:
        rows = session.execute(
            sa.select(MarketplaceCommand.key, MarketplaceCommand.state).order_by(MarketplaceCommand.id)
        )
        return [(row.key, str(row.state)) for row in rows]


def test_r27_a_counter_sale_asks_for_the_end_in_its_own_commit(shop: Shop, pc: Pc, allowed: None) -> None:
    stock_item_id, made = on_sale(shop, pc)
    with pytest.raises(ZeroDivisionError), shop.work() as uow:
        shop_id = uow.session.scalars(sa.select(ShopRow.id)).first()
        sell(uow, uuid.uuid4().hex, int(shop_id or 0), staff_of(uow), [SaleLine(stock_item_id, 1, 500)])
        raise ZeroDivisionError
    assert commands_now(shop) == []
    sell_at_counter(shop, stock_item_id)
    assert commands_now(shop) == [("a1", "QUEUED")]
    command = claimed(pc)
    assert send(pc, command, SELLING) == "sending"
    assert see(pc, command, NOTHING | {"is_selling": False, "result": "取消"}) == "done"
    pc.sync(closed=[auction("a1", "N-a1", result="取消")])
    assert state_of(shop, made) == "WITHDRAWN"


def test_r27_off_by_default_staff_are_told(shop: Shop, pc: Pc, desk: FlaskClient) -> None:
    stock_item_id, made = on_sale(shop, pc)
    sell_at_counter(shop, stock_item_id)
    with shop.work() as uow:
        assert asking.end_without_stock(uow) == 0
    assert commands_now(shop) == []
    shown = desk.get(f"/ec/listings/{made}/withdrawal").text
    assert "在庫がなくなりました。" in shown and "ヤフオク!で取り下げてください。" in shown
    assert 'data-testid="withdraw"' not in shown
    assert "在庫がなくなった出品が1件あります" in desk.get("/ec/listings").text
    with pytest.raises(Conflict, match="NOT_SWITCHED_ON"), shop.work() as uow:
        asking.end(uow, made, staff_of(uow))


def test_r27_sold_on_another_marketplace_it_is_ended_here(
    shop: Shop, client: FlaskClient, pc: Pc, allowed: None
) -> None:
    stock_item_id, _ = on_sale(shop, pc)
    elsewhere = pc_of(shop, client, shop.yahoo_account(store_id="demo-store-2"))
    listing(shop, elsewhere.account_id, stock_item_id, "E-1")
    elsewhere.sync(orders=[won("e1", "E-1", status="入金済み")])
    assert commands_now(shop) == [("a1", "QUEUED")]


def test_r27_a_bid_elsewhere_takes_the_unit_and_only_the_one_without_bids_is_ended(
    shop: Shop, client: FlaskClient, pc: Pc, allowed: None
) -> None:
    stock_item_id, _ = on_sale(shop, pc)
    elsewhere = pc_of(shop, client, shop.yahoo_account(store_id="demo-store-2"))
    on_sale(shop, elsewhere, "e1", stock_item_id=stock_item_id, bids=1)
    with shop.work() as uow:
        asking.end_without_stock(uow)
    assert commands_now(shop) == [("a1", "QUEUED")], "never the auction that holds the reservation"


def test_r27_with_bids_it_is_never_ended(shop: Shop, pc: Pc, allowed: None) -> None:
    stock_item_id, made = on_sale(shop, pc, bids=1)
    with shop.work() as uow:
        uow.session.execute(
            sa.update(StockItem).where(StockItem.id == stock_item_id).values(on_hand=1, reserved=1)
        )
        assert asking.end_without_stock(uow) == 0
    with pytest.raises(Conflict, match="NOT_ENDABLE"), shop.work() as uow:
        asking.end(uow, made, staff_of(uow))


@pytest.mark.parametrize("is_claimed", [False, True])
def test_r27_a_bid_that_a_sync_sees_meanwhile_stops_it(
    shop: Shop, pc: Pc, allowed: None, is_claimed: bool
) -> None:
    stock_item_id, _ = on_sale(shop, pc)
    sell_at_counter(shop, stock_item_id)
    command = claimed(pc) if is_claimed else 0
    pc.sync(selling=[auction("a1", "N-a1", bid_count=1)])
    if is_claimed:
        assert send(pc, command, SELLING) == "cancelled"
    else:
        assert claim(pc) is None
    assert commands_now(shop) == [("a1", "CANCELLED")]
    assert "入札がある" in str(command_now(shop).reason)


@pytest.mark.parametrize(
    ("seen", "ends"),
    [
        (SELLING | {"bid_count": 2}, "cancelled"),
        (NOTHING | {"is_selling": False, "result": "落札者あり"}, "cancelled"),
        (NOTHING | {"is_selling": False, "result": "落札者なし"}, "cancelled"),
        (NOTHING | {"is_selling": False, "result": "取消"}, "done"),
        (NOTHING | {"is_selling": False, "result": "謎"}, "queued"),
        (NOTHING | {"is_selling": True}, "queued"),
        (NOTHING, "queued"),
    ],
)
def test_r27_what_the_page_shows_just_before_the_click_decides(
    shop: Shop, pc: Pc, allowed: None, seen: dict[str, Any], ends: str
) -> None:
    stock_item_id, _ = on_sale(shop, pc)
    sell_at_counter(shop, stock_item_id)
    assert send(pc, claimed(pc), seen) == ends
    assert command_now(shop).clicks == 0


def test_r27_a_bid_between_the_word_and_the_click_stops_it(shop: Shop, pc: Pc, allowed: None) -> None:
    stock_item_id, _ = on_sale(shop, pc)
    sell_at_counter(shop, stock_item_id)
    command = claimed(pc)
    send(pc, command, SELLING)
    assert see(pc, command, SELLING | {"bid_count": 1}) == "cancelled"


def test_r27_stock_that_comes_back_or_a_setting_switched_off_stops_it(
    shop: Shop, pc: Pc, allowed: None
) -> None:
    stock_item_id, made = on_sale(shop, pc)
    sale_id = sell_at_counter(shop, stock_item_id)
    with shop.work() as uow:
        void(uow, sale_id)
    assert claim(pc) is None
    assert "在庫が戻った" in str(command_now(shop).reason)
    with shop.work() as uow:
        asking.end(uow, made, staff_of(uow))
    with shop.work() as uow:
        change_setting(uow, "yahoo.end_auctions", 0)
    assert claim(pc) is None
    assert commands_now(shop) == [("a1", "CANCELLED"), ("a1", "CANCELLED")]


def test_r27_pressed_by_hand_it_is_ended_although_there_is_stock(shop: Shop, pc: Pc, allowed: None) -> None:
    _, made = on_sale(shop, pc)
    with shop.work() as uow:
        asking.end(uow, made, staff_of(uow))
    with pytest.raises(Conflict, match="ALREADY_ASKED"), shop.work() as uow:
        asking.end(uow, made, staff_of(uow))
    assert send(pc, claimed(pc), SELLING) == "sending"


def test_r27_what_a_sync_saw_end_needs_nobody(shop: Shop, pc: Pc, allowed: None) -> None:
    stock_item_id, _ = on_sale(shop, pc)
    sell_at_counter(shop, stock_item_id)
    command = claimed(pc)
    send(pc, command, SELLING)
    pc.sync(closed=[auction("a1", "N-a1", result="取消")])
    with shop.work() as uow:
        service.sweep(uow)
    assert commands_now(shop) == [("a1", "DONE")]


def test_r27_counted_down_by_hand_the_sweep_finds_it(shop: Shop, pc: Pc, allowed: None) -> None:
    stock_item_id, _ = on_sale(shop, pc)
    with shop.work() as uow:
        uow.session.execute(sa.update(StockItem).where(StockItem.id == stock_item_id).values(on_hand=0))
    for new in (1, 0):
        with shop.work() as uow:
            assert asking.end_without_stock(uow) == new


def test_r27_sold_at_two_tills_at_once_it_is_asked_for_once(shop: Shop, pc: Pc, allowed: None) -> None:
    stock_item_id = shop.item(quantity=2)
    on_sale(shop, pc, stock_item_id=stock_item_id)
    barrier = threading.Barrier(2)
    sold: list[int] = []

    def till() -> None:
        barrier.wait()
        sold.append(sell_at_counter(shop, stock_item_id))

    threads = [threading.Thread(target=till) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(sold), commands_now(shop)) == (2, [("a1", "QUEUED")])


# --- screens -----------------------------------------------------------------------------------------------------


def test_r24_the_order_shows_how_its_notice_stands(shop: Shop, pc: Pc, desk: FlaskClient) -> None:
    order_id = paid_order(shop, pc)
    form = {"staff_code": "1001", "carrier": "1001", "tracking_number": "1234"}
    assert desk.post(f"/ec/orders/{order_id}/shipment/ask", data=form).status_code == 302
    for page in (f"/ec/orders/{order_id}", "/ec/orders?tab=unshipped"):
        shown = desk.get(page).text
        assert "発送通知" in shown and "待機中" in shown
    assert desk.post(f"/ec/orders/{order_id}/shipment/ask", data=form).status_code == 409
    desk.post(f"/ec/orders/{order_id}/shipment/take_back", data=form)
    assert state_now(shop) == "CANCELLED"


@pytest.mark.parametrize(("action", "ends"), [("done", "DONE"), ("not_done", "CANCELLED")])
def test_r24_a_person_resolves_what_is_to_be_checked(
    shop: Shop, pc: Pc, desk: FlaskClient, shipment: int, action: str, ends: str
) -> None:
    send(pc, claimed(pc))
    form = {"staff_code": "1001"}
    assert desk.post(f"/ec/orders/{shipment}/shipment/{action}", data=form).status_code == 409
    pass_time(shop, sent_at=timedelta(hours=25))
    with shop.work() as uow:
        service.sweep(uow)
    assert "要確認" in desk.get(f"/ec/orders/{shipment}").text
    assert desk.post(f"/ec/orders/{shipment}/shipment/{action}", data=form).status_code == 302
    assert state_now(shop) == ends


def test_r24_several_at_once_the_good_ones_go_and_the_others_say_why(
    shop: Shop, pc: Pc, desk: FlaskClient
) -> None:
    pc.sync(orders=[won("x1", status="入金済み"), won("x2", status="入金済み")])
    first, second = (each.id for each in orders_now(shop))
    where = desk.post("/ec/orders/shipments/choose", data={"order_ids": [first, second]}).headers["Location"]
    assert desk.get(where).text.count('data-testid="shipment-') == 2
    form = {
        "staff_code": "1001", "order_ids": [first, second], f"carrier-{first}": "1001",
        f"tracking_number-{first}": "1234", f"carrier-{second}": "1001", f"tracking_number-{second}": "だめ",
    }  # fmt: skip
    answer = desk.post("/ec/orders/shipments", data=form)
    assert answer.status_code == 422
    assert "1件の発送通知を依頼しました" in answer.text and "「だめ」は使えません" in answer.text
    assert [each[1] for each in commands_now(shop)] == ["QUEUED"]


def test_r27_a_person_ends_an_auction_from_its_page(
    shop: Shop, pc: Pc, desk: FlaskClient, allowed: None
) -> None:
    _, made = on_sale(shop, pc)
    assert 'data-testid="withdraw"' in desk.get(f"/ec/listings/{made}/withdrawal").text
    form = {"staff_code": "1001"}
    assert desk.post(f"/ec/listings/{made}/withdrawal/ask", data=form).status_code == 302
    shown = desk.get(f"/ec/listings/{made}/withdrawal").text
    assert "待機中" in shown and 'data-testid="withdraw"' not in shown
    assert desk.post(f"/ec/listings/{made}/withdrawal/take_back", data=form).status_code == 302
    assert state_now(shop) == "CANCELLED"


def test_r2_ending_needs_the_permission_to_list(shop: Shop, pc: Pc, desk: FlaskClient, allowed: None) -> None:
    _, made = on_sale(shop, pc)
    url = f"/ec/listings/{made}/withdrawal/ask"
    assert desk.post(url, data={"staff_code": "1003"}).status_code == 403
    assert commands_now(shop) == []
    assert desk.post(url, data={"staff_code": "1001"}).status_code == 302
