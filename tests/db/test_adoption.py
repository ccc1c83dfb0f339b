"""未連携 auctions become listings of our stock (R35)."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.identity.models import Staff
from recore.listings.models import Listing, ObservedListing
from recore.stock.models import StockItem
from recore.stock.rules import SalesRoute
from recore.sync import adoption
from recore.sync.adoption import Adopted, NewGoods, adopt, it_code_of
from recore.sync.queries import unlinked_count
from tests.support.desk import waiting_ids, wired
from tests.support.shop import Shop
from tests.support.store import Pc, auction, order_now, pc_of, won


@pytest.fixture
def pc(shop: Shop, client: FlaskClient) -> Pc:
    return pc_of(shop, client, shop.yahoo_account())


def code_of(shop: Shop, stock_item: int) -> str:
    with shop.read() as session:
        return session.scalars(sa.select(StockItem.it_code).where(StockItem.id == stock_item)).one()


def adopt_all(shop: Shop, goods: NewGoods | None = None) -> Adopted:
    """【連携】 of every observed auction, chosen on a page that may be old."""
    with shop.work() as uow:
        ids = uow.session.scalars(sa.select(ObservedListing.id)).all()
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        return adopt(uow, wired(shop).channels, ids, staff, goods)


def adopt_one(shop: Shop, external_id: str) -> None:
    with shop.work() as uow:
        wanted = sa.select(ObservedListing.id).where(ObservedListing.external_id == external_id)
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        assert adopt(uow, wired(shop).channels, [uow.session.scalars(wanted).one()], staff).count == 1


def waiting(shop: Shop) -> list[int]:
    with shop.read() as session:
        return waiting_ids(session)


def unlinked(shop: Shop) -> int:
    with shop.read() as session:
        return unlinked_count(session)


@pytest.mark.parametrize(
    ("number", "code"),
    [("IT0000012", "IT0000012"), ("ＩＴ０００００１２－２", "IT0000012"), (" it0000012-13 ", "IT0000012"),
     ("IT0000012-", "IT0000012-"), (None, ""), ("", "")],
)  # fmt: skip
def test_r35_a_management_number_means_an_it_code(number: str | None, code: str) -> None:
    assert it_code_of(number) == code


def test_r35_an_auction_is_linked_by_its_number_and_not_listed_again(shop: Shop, pc: Pc) -> None:
    stock_item = shop.item()
    code = code_of(shop, stock_item)
    pc.sync(selling=[auction("a1", code, bid_count=0), auction("a2", "OTHER")])
    assert (unlinked(shop), waiting(shop)) == (2, [stock_item])
    adopted = adopt_all(shop)
    assert (adopted.count, [each.external_id for each in adopted.refused]) == (1, ["a2"])
    assert "ITコードの在庫がありません" in adopted.refused[0].reason
    assert (unlinked(shop), waiting(shop)) == (1, [])
    again = adopt_all(shop)
    assert (again.count, len(again.refused)) == (0, 1)
    pc.sync(orders=[won("a1", code, "入金済み")], closed=[auction("a1", code, result="落札者あり")])
    assert (order_now(shop).lines, shop.counts(stock_item)) == ({"a1": "RESERVED"}, (1, 1, 0))


def test_r35_a_bid_holds_the_unit_at_once(shop: Shop, pc: Pc) -> None:
    stock_item = shop.item()
    pc.sync(selling=[auction("a1", code_of(shop, stock_item), bid_count=3)])
    adopt_all(shop)
    assert shop.counts(stock_item) == (1, 1, 0)


def test_r35_stock_is_made_for_auctions_that_have_none(shop: Shop, pc: Pc) -> None:
    pc.sync(selling=[auction("a1", None, title="古い柱時計", current_price=8000), auction("a2", "OLD-2")])
    adopted = adopt_all(shop, NewGoods("A", SalesRoute.BOTH))
    assert (adopted.count, adopted.refused, unlinked(shop)) == (2, [], 0)
    with shop.read() as session:
        made = session.execute(
            sa.select(StockItem.price, StockItem.on_hand, Listing.management_number, Listing.state)
            .join(Listing, Listing.stock_item_id == StockItem.id)
            .order_by(Listing.id)
        ).all()
    assert tuple(made[0]) == (8000, 1, "a1", "ACTIVE")
    assert made[1].management_number == "OLD-2"
    assert waiting(shop) == []


def test_r35_what_would_be_listed_twice_or_is_not_for_sale_stays_unlinked_with_its_reason(
    shop: Shop, pc: Pc
) -> None:
    twice, shop_only, sold = shop.item(), shop.item(route=SalesRoute.STORE_ONLY), shop.item()
    with shop.work() as uow:
        uow.session.execute(sa.update(StockItem).where(StockItem.id == sold).values(on_hand=0))
    numbers = [code_of(shop, each) for each in (twice, twice, shop_only, sold)]
    numbers.append(f"{numbers[0]}-2")
    pc.sync(selling=[auction(f"a{at}", number) for at, number in enumerate(numbers)])
    adopted = adopt_all(shop)
    reasons = {each.external_id: each.reason for each in adopted.refused}
    assert adopted.count == 1
    assert "二重出品" in reasons["a1"]
    assert "販路" in reasons["a2"]
    assert "在庫が残っていません" in reasons["a3"]
    assert "在庫が残っていません" in reasons["a4"]


def test_r35_two_clerks_at_once_link_each_auction_once(shop: Shop, pc: Pc) -> None:
    pc.sync(selling=[auction(f"a{number}", f"OLD-{number}") for number in range(20)])
    counts: list[int] = []
    start = threading.Barrier(3)

    def clerk() -> None:
        start.wait()
        counts.append(adopt_all(shop, NewGoods("A", SalesRoute.BOTH)).count)

    threads = [threading.Thread(target=clerk) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with shop.read() as session:
        made = session.scalar(sa.select(sa.func.count(StockItem.id)))
    assert (sum(counts), made, unlinked(shop)) == (20, 20, 0)


def test_r35_the_screen_names_what_stays_and_asks_for_a_person(
    shop: Shop, pc: Pc, client: FlaskClient
) -> None:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    stock_item = shop.item()
    pc.sync(selling=[auction("a1", code_of(shop, stock_item)), auction("a2", "OTHER", title="古時計")])
    page = client.get("/ec/unlinked").text
    assert code_of(shop, stock_item) in page
    assert "該当なし" in page
    assert "auction-a1" not in client.get("/ec/unlinked?q=古時計").text
    with shop.read() as session:
        ids = list(session.scalars(sa.select(ObservedListing.id)))
    wrong = client.post("/ec/unlinked", data={"auction": ids, "staff_code": "nobody"})
    assert (
        wrong.status_code == 401
        and wrong.text.count("data-select checked") + wrong.text.count("data-matches checked") == 2
    )
    assert 'data-testid="problem-staff_code"' in wrong.text and 'value="nobody"' in wrong.text
    assert unlinked(shop) == 2
    answer = client.post("/ec/unlinked", data={"auction": ids, "staff_code": "1001", "how": "number"})
    assert (answer.status_code, unlinked(shop)) == (422, 1)
    assert "1件を在庫と連携しました" in answer.text and f">{code_of(shop, stock_item)}</a>" in answer.text
    assert "古時計" in answer.text and "（1件）" in answer.text
    no_grade = client.post(
        "/ec/unlinked", data={"auction": ids, "staff_code": "1001", "how": "make", "sales_route": "BOTH"}
    )
    assert (no_grade.status_code, unlinked(shop)) == (422, 1)
    assert "グレードを選んでください" in no_grade.text and '<option value="BOTH" selected>' in no_grade.text
    rest = {"auction": ids, "staff_code": "1001", "how": "make", "grade": "A", "sales_route": "EC_ONLY"}
    made = client.post("/ec/unlinked", data=rest)
    with shop.read() as session:
        new = session.scalars(sa.select(StockItem).order_by(StockItem.id.desc()).limit(1)).one()
    assert (made.status_code, unlinked(shop)) == (200, 0)
    assert f'href="/stock/{new.id}">{new.it_code}</a> 古時計' in made.text


def test_r35_what_somebody_else_links_at_the_same_moment_is_one_result_and_the_others_go_on(
    shop: Shop, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two clerks link auctions under one 管理番号: the second one's batch was read before the first one's was committed."""
    shop.app.config["WTF_CSRF_ENABLED"] = False
    account = shop.yahoo_account()
    pc = pc_of(shop, shop.app.test_client(), account)
    codes = [code_of(shop, shop.item(quantity=2)) for _ in range(3)]
    pc.sync(selling=[auction("a0", codes[1]), *(auction(f"b{at}", code) for at, code in enumerate(codes))])
    adopt_one(shop, "a0")
    real, calls = adoption._open_numbers, []

    def before_the_other(*given: Any) -> set[tuple[int, str]]:
        calls.append(1)
        return set() if len(calls) == 1 else real(*given)

    monkeypatch.setattr(adoption, "_open_numbers", before_the_other)
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    with shop.read() as session:
        ids = session.scalars(sa.select(ObservedListing.id).where(ObservedListing.listing_id.is_(None))).all()
    page = client.post("/ec/unlinked", data={"staff_code": "1001", "auction": ids, "how": "link"})
    assert page.status_code == 422 and adoption.TAKEN in page.text
    with shop.read() as session:
        linked = session.scalars(sa.select(Listing.management_number).order_by(Listing.id)).all()
    assert linked == [codes[1], codes[0], codes[2]]
    assert len(calls) == 4


def test_r35_an_auction_that_is_overtaken_even_alone_says_so(
    shop: Shop, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    pc = pc_of(shop, shop.app.test_client(), shop.yahoo_account())
    code = code_of(shop, shop.item(quantity=2))
    pc.sync(selling=[auction("a0", code), auction("b0", code)])
    adopt_one(shop, "a0")
    monkeypatch.setattr(adoption, "_open_numbers", lambda *given: set())
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    with shop.read() as session:
        ids = session.scalars(sa.select(ObservedListing.id).where(ObservedListing.listing_id.is_(None))).all()
    page = client.post("/ec/unlinked", data={"staff_code": "1001", "auction": ids, "how": "link"})
    assert page.status_code == 422 and adoption.OVERTAKEN in page.text
