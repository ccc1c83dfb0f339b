"""R4: 買取 makes stock with an IT code; confirmed once, whatever happens."""

from __future__ import annotations

import html
import re
import threading

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.buyin.labels import MAX_LABELS
from recore.buyin.models import PurchaseLine
from recore.buyin.service import LineInput, add_line, confirm, open_purchase, remove_line
from recore.catalog.models import Product
from recore.catalog.queries import find_products, product_by_code
from recore.catalog.service import register_product
from recore.identity.models import Shop as ShopRow
from recore.identity.models import Staff
from recore.platform.audit import AuditEntry
from recore.platform.errors import Conflict, Invalid
from recore.stock.models import StockItem
from recore.stock.queries import item_by_code, stock_items
from recore.stock.rules import SalesRoute
from recore.stock.service import change_price
from tests.support.shop import Shop


def draft_with(shop: Shop, *lines: tuple[str, int, SalesRoute]) -> int:
    with shop.work() as uow:
        shop_id = uow.session.scalars(sa.select(ShopRow.id)).one()
        purchase = open_purchase(uow, shop_id)
        for name, quantity, route in lines:
            product = register_product(uow, name=name)
            add_line(uow, purchase.id, LineInput(product.id, "A", 1000, 3000, quantity, route))
        return purchase.id


def confirm_as(shop: Shop, purchase_id: int) -> list[str]:
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        return [item.it_code for item in confirm(uow, purchase_id, staff)]


def test_r4_confirming_makes_one_stock_item_per_line(shop: Shop) -> None:
    purchase = draft_with(shop, ("時計", 1, SalesRoute.BOTH), ("皿", 4, SalesRoute.EC_ONLY))
    assert confirm_as(shop, purchase) == ["IT0000001", "IT0000002"]
    with shop.read() as session:
        rows = session.execute(
            sa.select(StockItem.on_hand, StockItem.available, StockItem.sales_route).order_by(StockItem.id)
        ).all()
    assert [tuple(row) for row in rows] == [(1, 1, SalesRoute.BOTH), (4, 4, SalesRoute.EC_ONLY)]


def test_r4_a_confirmed_purchase_cannot_be_confirmed_or_changed_again(shop: Shop) -> None:
    purchase = draft_with(shop, ("時計", 1, SalesRoute.BOTH))
    confirm_as(shop, purchase)
    with pytest.raises(Conflict) as caught:
        confirm_as(shop, purchase)
    assert caught.value.code == "NOT_DRAFT"
    with pytest.raises(Conflict), shop.work() as uow:
        remove_line(uow, purchase, 1)
    with shop.read() as session:
        assert session.scalar(sa.select(sa.func.count(StockItem.id))) == 1


def test_r4_two_clerks_confirming_at_once_make_the_stock_once(shop: Shop) -> None:
    purchase = draft_with(shop, ("時計", 1, SalesRoute.BOTH))
    outcomes: list[str] = []
    start = threading.Barrier(6)

    def clerk() -> None:
        start.wait()
        try:
            outcomes.extend(confirm_as(shop, purchase))
        except Conflict as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=clerk) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["IT0000001"] + ["NOT_DRAFT"] * 5


def test_r4_an_empty_purchase_is_refused(shop: Shop) -> None:
    with shop.work() as uow:
        shop_id = uow.session.scalars(sa.select(ShopRow.id)).one()
        purchase = open_purchase(uow, shop_id).id
    with pytest.raises(Invalid) as caught:
        confirm_as(shop, purchase)
    assert caught.value.code == "NO_LINES"


def test_r4_every_wrong_field_of_a_line_is_named_at_once(shop: Shop) -> None:
    purchase = draft_with(shop)
    with pytest.raises(Invalid) as caught, shop.work() as uow:
        product = register_product(uow, name="時計")
        add_line(uow, purchase, LineInput(product.id, "Z", 100_000_000, 0, 0, SalesRoute.BOTH))
    assert [problem.field for problem in caught.value.problems] == ["grade", "cost", "quantity"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("セイコー", 1), ("ｾｲｺｰ", 1), ("せいこー", 1), ("seiko", 1), ("ＳＥＩＫＯ　５", 1), ("時計", 1), ("4902370535709", 1),
     ("PD0000001", 1), ("オメガ", 0), ("100%", 0), ("", 0)],
)  # fmt: skip
def test_r4_products_are_found_width_and_kana_insensitively(shop: Shop, typed: str, found: int) -> None:
    with shop.work() as uow:
        register_product(uow, name="腕時計 SEIKO 5", brand="セイコー", jan="4902370535709")
    with shop.read() as session:
        assert len(find_products(session, typed)) == found


def test_r4_a_wrong_jan_is_refused_with_its_reason(shop: Shop) -> None:
    with pytest.raises(Invalid) as caught, shop.work() as uow:
        register_product(uow, name="時計", jan="4902370535708")
    assert [(problem.field, problem.code) for problem in caught.value.problems] == [("jan", "JAN")]


def test_r4_a_scanned_code_finds_its_item_whatever_the_width(shop: Shop) -> None:
    item = shop.item()
    with shop.read() as session:
        found = item_by_code(session, "ｉｔ０００００01")
        assert found is not None and found.id == item
        assert [row.id for row in stock_items(session, text="it0000001").rows] == [item]


# --- the screen, as a till sends it ------------------------------------------------------------------------------

LINE = {"grade": "A", "cost": "1,000", "price": "３０００", "quantity": "2", "sales_route": "BOTH"}
CAMERA_JAN = "4902370535709"


@pytest.fixture
def till(shop: Shop) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    client = shop.app.test_client()
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    return client


def started(till: FlaskClient) -> str:
    return str(till.post("/buyin").headers["Location"])


def lines_of(shop: Shop) -> list[tuple[str, int, bool]]:
    """(product, cost, is removed) of every line."""
    with shop.read() as session:
        rows = session.execute(
            sa.select(Product.name, PurchaseLine.cost, PurchaseLine.removed_at)
            .join(Product, Product.id == PurchaseLine.product_id)
            .order_by(PurchaseLine.id)
        )
        return [(row.name, row.cost, row.removed_at is not None) for row in rows]


def test_r4_a_line_that_is_sent_twice_is_one_line(shop: Shop, till: FlaskClient) -> None:
    where, form = started(till), {**LINE, "name": "カメラ", "key": "k" * 40}
    assert [till.post(f"{where}/lines", data=form).status_code for _ in range(2)] == [302, 302]
    assert lines_of(shop) == [("カメラ", 1000, False)]
    till.post(f"{where}/lines", data={**LINE, "name": "カメラ", "key": "m" * 40})
    assert len(lines_of(shop)) == 2


def test_r4_a_second_press_of_confirm_shows_the_one_purchase(shop: Shop, till: FlaskClient) -> None:
    where = started(till)
    till.post(f"{where}/lines", data={**LINE, "name": "カメラ"})
    for _ in range(2):
        answer = till.post(f"{where}/confirm", data={"staff_code": "1001"}, follow_redirects=True)
        assert answer.status_code == 200
        assert "IT0000001" in answer.text
    assert "もう確定してあります" in answer.text
    with shop.read() as session:
        assert session.scalar(sa.select(sa.func.count(StockItem.id))) == 1
        assert session.scalars(
            sa.select(AuditEntry.actor_label).where(AuditEntry.action == "buyin.confirm")
        ).all() == ["佐藤 店長"]


def test_r4_every_wrong_field_of_the_form_is_said_at_once_and_nothing_is_registered(
    shop: Shop, till: FlaskClient
) -> None:
    where = started(till)
    answer = till.post(
        f"{where}/lines",
        data={"name": "", "jan": "4902370535708", "cost": "", "price": "千円", "quantity": "1"},
    )
    assert answer.status_code == 422
    named = re.findall(r'data-testid="problem-(\w+)"', answer.text)
    assert sorted(named) == ["cost", "grade", "jan", "name", "price", "sales_route"]
    assert "千円" in answer.text
    with shop.read() as session:
        assert session.scalar(sa.select(sa.func.count(Product.id))) == 0


def test_r4_a_line_is_changed_removed_and_put_back(shop: Shop, till: FlaskClient) -> None:
    where = started(till)
    for name in ("カメラ", "レンズ"):
        till.post(f"{where}/lines", data={**LINE, "name": name})
    with shop.read() as session:
        (first, product), (second, _) = session.execute(
            sa.select(PurchaseLine.id, PurchaseLine.product_id).order_by(PurchaseLine.id)
        ).all()
    assert 'value="1000"' in till.get(f"{where}?line={first}").text
    till.post(f"{where}/lines/{first}", data={**LINE, "product_id": product, "cost": "800"})
    till.post(f"{where}/lines/{second}/delete")
    assert lines_of(shop) == [("カメラ", 800, False), ("レンズ", 1000, True)]
    assert "「レンズ」（2点、1,000円）を削除しました" in till.get(where).text
    gone = till.post(f"{where}/lines/{second}", data={**LINE, "product_id": product})
    assert gone.status_code == 404
    till.post(f"{where}/lines/{second}/restore")
    assert lines_of(shop) == [("カメラ", 800, False), ("レンズ", 1000, False)]


def test_r4_what_was_removed_makes_no_stock(shop: Shop, till: FlaskClient) -> None:
    where = started(till)
    for name in ("カメラ", "レンズ"):
        till.post(f"{where}/lines", data={**LINE, "name": name})
    with shop.read() as session:
        second = session.scalars(sa.select(sa.func.max(PurchaseLine.id))).one()
    till.post(f"{where}/lines/{second}/delete")
    till.post(f"{where}/confirm", data={"staff_code": "1001"})
    assert lines_of(shop) == [("カメラ", 1000, False)]
    with shop.read() as session:
        assert [row.name for row in stock_items(session).rows] == ["カメラ"]
    assert till.post(f"{where}/lines/{second}/restore").status_code == 409


@pytest.mark.parametrize(
    "scanned", ["4902370535709", "４９０２３７０５３５７０９", "4902370-535709", "pd0000001", "IT0000001"]
)
def test_r4_a_scanned_code_chooses_its_product_at_once(shop: Shop, till: FlaskClient, scanned: str) -> None:
    shop.item(name="カメラ", jan=CAMERA_JAN)
    where = started(till)
    answer = till.get(where, query_string={"q": scanned})
    assert answer.headers["Location"].startswith(f"{where}?product_id=")
    assert 'data-testid="chosen-product"' in till.get(answer.headers["Location"]).text


def test_r4_an_unknown_jan_goes_into_the_form_and_a_known_one_is_not_registered_twice(
    shop: Shop, till: FlaskClient
) -> None:
    where = started(till)
    assert f'name="jan" value="{CAMERA_JAN}"' in till.get(where, query_string={"q": CAMERA_JAN}).text
    till.post(f"{where}/lines", data={**LINE, "name": "カメラ", "jan": CAMERA_JAN})
    again = till.post(f"{where}/lines", data={**LINE, "name": "別の名前", "jan": CAMERA_JAN})
    assert again.status_code == 422
    assert "「カメラ」（PD0000001）で登録済み" in again.text
    assert 'data-testid="use-known"' in again.text
    assert len(lines_of(shop)) == 1


def test_r4_a_upc_of_twelve_digits_is_the_jan_with_a_zero_in_front(shop: Shop) -> None:
    with shop.work() as uow:
        assert register_product(uow, name="レコード", jan="036000291452").jan == "0036000291452"
    with shop.read() as session:
        for code in ("036000291452", "0036000291452"):
            found = product_by_code(session, code)
            assert found is not None and found.name == "レコード"


def test_r4_two_clerks_registering_one_jan_at_once_make_one_product(shop: Shop) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def clerk() -> None:
        start.wait()
        try:
            with shop.work() as uow:
                outcomes.append(register_product(uow, name="カメラ", jan=CAMERA_JAN).pd_code)
        except Invalid as error:
            outcomes.append(error.problems[0].code)

    threads = [threading.Thread(target=clerk) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["JAN_TAKEN"] * 3 + ["PD0000001"]


def test_r4_the_till_keeps_the_last_grade_and_route_and_shows_what_was_paid_last(
    shop: Shop, till: FlaskClient
) -> None:
    where = started(till)
    till.post(
        f"{where}/lines",
        data={**LINE, "name": "カメラ", "jan": CAMERA_JAN, "grade": "C", "sales_route": "EC_ONLY"},
    )
    till.post(f"{where}/confirm", data={"staff_code": "1001"})
    page = till.get(started(till), query_string={"q": CAMERA_JAN}, follow_redirects=True).text
    assert re.search(r'<option value="C" selected>', page)
    assert re.search(r'value="EC_ONLY" checked', page)
    assert "グレード C、買取 1,000円、販売 3,000円" in page


def test_r4_two_tills_never_share_an_empty_draft(shop: Shop, till: FlaskClient) -> None:
    other = shop.app.test_client()
    other.post("/login", data={"login_id": "till", "password": "demo-pass"})
    assert started(till) == started(till) != started(other) == started(other)


def test_r4_a_selling_price_below_the_buying_price_is_pointed_out_and_may_stay(
    shop: Shop, till: FlaskClient
) -> None:
    where = started(till)
    till.post(f"{where}/lines", data={**LINE, "cost": "1000", "price": "1000"})
    assert "買取価格より安い" not in till.get(where).text
    till.post(f"{where}/lines", data={**LINE, "name": "皿", "cost": "1000", "price": "100"})
    assert till.get(where).text.count("買取価格より安い") == 1
    assert till.post(f"{where}/confirm", data={"staff_code": "1001"}).status_code == 302


def test_r4_what_was_searched_for_in_vain_becomes_the_name_of_the_new_product(till: FlaskClient) -> None:
    where = started(till)
    found = till.get(f"{where}?q=ロレックス", headers={"HX-Request": "true"}).text
    (way,) = re.findall(r'href="([^"]+)"', found)
    assert 'id="name" name="name" value="ロレックス"' in till.get(html.unescape(way)).text


def test_r4_a_label_for_every_piece(shop: Shop, till: FlaskClient) -> None:
    where = started(till)
    for name, quantity in (("カメラ", "3"), ("レンズ", "1")):
        till.post(f"{where}/lines", data={**LINE, "name": name, "quantity": quantity})
    till.post(f"{where}/confirm", data={"staff_code": "1001"})
    assert till.get(f"{where}/labels").text.count('data-testid="label"') == 4
    assert till.get(f"{where}/labels?per=item").text.count('data-testid="label"') == 2
    till.get(f"{where}/labels?paper=roll")
    assert 'class="label-sheet label-roll"' in till.get(f"{where}/labels").text


def test_r4_labels_of_what_is_in_stock_are_printed_again_at_todays_price(
    shop: Shop, till: FlaskClient
) -> None:
    first, second = shop.item(name="カメラ", quantity=3), shop.item(name="レンズ")
    with shop.work() as uow:
        change_price(uow, first, was=5000, price=4200)
    page = till.get(f"/buyin/labels?item={first}&item={second}").text
    assert page.count('data-testid="label"') == 4 and page.count("4,200円") == 3
    assert till.get(f"/buyin/labels?item={first}&per=item").text.count('data-testid="label"') == 1
    assert f"/buyin/labels?item={first}" in till.get(f"/stock/{first}").text
    assert "印刷するラベルがありません" in till.get("/buyin/labels?item=x").text


def test_r4_a_page_of_labels_has_an_end(shop: Shop, till: FlaskClient) -> None:
    where = started(till)
    till.post(f"{where}/lines", data={**LINE, "name": "ネジ", "quantity": "9999"})
    till.post(f"{where}/confirm", data={"staff_code": "1001"})
    page = till.get(f"{where}/labels").text
    assert page.count('data-testid="label"') == MAX_LABELS
    assert f"残りの{9999 - MAX_LABELS}枚" in page


HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "あ" * 10_000, "😀👨‍👩‍👧", "𠮷野家", "ﾊﾝｶｸ ｶﾅ", "一行目\r\n二行目",
    '=cmd|"/c calc"!A1', "\0", "%_\\'", "{{ 7*7 }}", "9" * 30,
]  # fmt: skip


def test_hostile_input_is_kept_as_text_or_refused_at_its_field(shop: Shop, till: FlaskClient) -> None:
    where = started(till)
    for at, text in enumerate(HOSTILE):
        assert till.get(where, query_string={"q": text}).status_code == 200
        for field in ("name", "jan", "cost", "note", "product_id"):
            form = {**LINE, "name": "カメラ", "key": f"{field}{at}", field: text}
            answer = till.post(f"{where}/lines", data=form)
            assert answer.status_code in (302, 404, 422), (field, text[:20])
            if answer.status_code == 422:
                assert re.search(r'data-testid="problem-\w+"', answer.text), (field, text[:20])
    page = till.get(where).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "{{ 7*7 }}" in page
