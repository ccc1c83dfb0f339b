"""出品待ち and 【出品】 (R5, R7, R8, R12, product.md "Listing states")."""

from __future__ import annotations

import html
import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.identity.models import Staff
from recore.listings import waiting as waiting_list
from recore.listings.drafts import Refused, save_draft
from recore.listings.forms import forms_of, item_for_listing
from recore.listings.models import Listing, ListingDraft, ListingEvent
from recore.listings.rules import ListingState
from recore.listings.service import confirm_listed, confirm_not_listed, move, own_external_id, take_back
from recore.photos.service import (
    MAX_PHOTOS,
    delete_photo,
    keep_copy,
    known_copy,
    prepare_turned,
    replace_picture,
    restore_photo,
)
from recore.photos.service import get as get_photo
from recore.platform import clock
from recore.platform.clock import to_jst
from recore.platform.errors import Conflict, Invalid
from recore.stock.rules import SalesRoute
from recore.stock.service import sell_at_counter
from tests.support.desk import draft, listing_now, photo, press_list, queued, wired
from tests.support.shop import Shop, open_shop


def waiting(shop: Shop, text: str = "") -> list[tuple[int, int]]:
    """(item, units still to offer), as 出品待ち shows them."""
    with shop.read() as session:
        page = waiting_list.page(session, wired(shop).channels, waiting_list.Wanted(text))
        return [(each.row.id, each.row.units) for each in page.rows]


def test_r5_only_items_for_ec_wait_newest_first(shop: Shop) -> None:
    both, ec = shop.item(route=SalesRoute.BOTH), shop.item(route=SalesRoute.EC_ONLY)
    shop.item(route=SalesRoute.STORE_ONLY)
    assert waiting(shop) == [(ec, 1), (both, 1)]


def test_r7_items_are_found_by_every_word_in_any_writing(shop: Shop) -> None:
    watch = shop.item(name="セイコー 腕時計 ＳＫＸ")
    shop.item(name="オメガ 腕時計")
    assert waiting(shop, "せいこー skx") == [(watch, 1)]
    assert waiting(shop, "100%_") == []


def test_r5_a_store_only_item_cannot_be_listed(shop: Shop, account_id: int) -> None:
    item = shop.item(route=SalesRoute.STORE_ONLY)
    with pytest.raises(Conflict, match="STORE_ONLY"):
        press_list(shop, item)


def test_r7_the_form_of_an_item_that_is_offered_says_where(
    shop: Shop, account_id: int, client: FlaskClient
) -> None:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    listing_id = queued(shop, account_id)
    item = listing_now(shop, listing_id).stock_item_id
    page = client.get(f"/ec/drafts/{item}").text
    assert "いま出品できる在庫がありません" in page and f'href="/ec/listings/{listing_id}"' in page
    assert 'data-testid="offered"' not in client.get(f"/ec/drafts/{shop.item()}").text


def test_r8_an_empty_form_is_refused_naming_every_field(shop: Shop, account_id: int) -> None:
    item = shop.item()
    refused = press_list(shop, item)
    assert isinstance(refused, Refused)
    assert [problem.field for _, problem in refused.problems] == [
        "category", "description", "buyout_price", "payment", "shipping", "prefecture", "city", "photos",
    ]  # fmt: skip
    assert all(problem.remedy for _, problem in refused.problems)
    assert waiting(shop) == [(item, 1)]


def test_r8_what_buying_knew_is_filled_in(shop: Shop, account_id: int) -> None:
    item = shop.item(name="腕時計 SEIKO 5", grade="B", price=4980, quantity=3, jan="4954628232366")
    with shop.read() as session:
        it = item_for_listing(session, item)
        (form,) = forms_of(session, wired(shop).channels, it)
    assert {key: form.values[key] for key in ("title", "condition", "start_price", "quantity", "jan")} == {
        "title": "腕時計 SEIKO 5", "condition": "目立った傷や汚れなし", "start_price": 4980, "quantity": 3, "jan": "4954628232366",
    }  # fmt: skip
    assert (form.values["management_number"], form.version, form.is_ticked) == (it.it_code, 0, True)


def test_r12_a_complete_form_becomes_a_queued_listing(shop: Shop, account_id: int) -> None:
    item = shop.item()
    first, second = photo(shop, item, "navy"), photo(shop, item, "red")
    draft(shop, item, account_id, title="SEIKO 5 自動巻き")
    listed = press_list(shop, item, "1002")
    assert isinstance(listed, list)
    now = listing_now(shop, listed[0])
    assert (now.state, now.quantity, now.title, now.photo_ids) == (
        "QUEUED", 1, "SEIKO 5 自動巻き", [first, second],
    )  # fmt: skip
    assert waiting(shop) == []
    with shop.read() as session:
        assert session.scalars(sa.select(ListingDraft)).all() == []
        (event,) = session.scalars(sa.select(ListingEvent)).all()
        assert (event.source, event.target, event.cause) == (None, "QUEUED", "鈴木 EC担当さんが出品")


def test_r7_the_rest_of_a_lot_stays_visible_and_gets_the_next_number(shop: Shop, account_id: int) -> None:
    item = shop.item(quantity=3)
    photo(shop, item)
    draft(shop, item, account_id, quantity=1)
    first = press_list(shop, item)
    assert waiting(shop) == [(item, 2)]
    draft(shop, item, account_id, quantity=2)
    second = press_list(shop, item)
    assert isinstance(first, list)
    assert isinstance(second, list)
    numbers = [listing_now(shop, each).management_number for each in (first[0], second[0])]
    assert numbers[1] == f"{numbers[0]}-2"
    assert waiting(shop) == []


def test_r7_more_than_there_is_is_refused(shop: Shop, account_id: int) -> None:
    item = shop.item(quantity=2)
    photo(shop, item)
    draft(shop, item, account_id, quantity=3)
    refused = press_list(shop, item)
    assert isinstance(refused, Refused)
    assert [(problem.field, problem.message) for _, problem in refused.problems] == [
        ("quantity", "出品できる在庫は2点です。")
    ]


def test_r7_two_accounts_both_or_none(shop: Shop, account_id: int) -> None:
    other = shop.yahoo_account(store_id="demo-store-2")
    item = shop.item()
    photo(shop, item)
    draft(shop, item, account_id)
    draft(shop, item, other, category="")
    refused = press_list(shop, item)
    assert isinstance(refused, Refused)
    assert [(name, problem.field) for name, problem in refused.problems] == [
        ("ヤフオク!demo-store-2", "category")
    ]
    with shop.read() as session:
        assert session.scalars(sa.select(Listing)).all() == []
        assert len(session.scalars(sa.select(ListingDraft)).all()) == 2


def test_r5_while_listed_no_account_is_added_that_was_not_ticked(shop: Shop, account_id: int) -> None:
    item = shop.item(quantity=2)
    photo(shop, item)
    draft(shop, item, account_id, quantity=1)
    assert isinstance(press_list(shop, item), list)
    other = shop.yahoo_account(store_id="demo-store-2")
    with shop.read() as session:
        forms = forms_of(session, wired(shop).channels, item_for_listing(session, item))
    assert {form.account.id: form.can_tick for form in forms} == {account_id: True, other: False}


def test_r12_a_second_click_lists_nothing_more(shop: Shop, account_id: int) -> None:
    listing = queued(shop, account_id)
    again = press_list(shop, listing_now(shop, listing).stock_item_id)
    assert isinstance(again, Refused)
    assert again.problems[0][1].message.startswith("出品できる在庫がありません")


def test_r12_two_clerks_at_once_list_one_unit_once(shop: Shop, account_id: int) -> None:
    item = shop.item()
    photo(shop, item)
    draft(shop, item, account_id)
    start, answers = threading.Barrier(4), []

    def click() -> None:
        start.wait()
        try:
            answers.append(press_list(shop, item))
        except Conflict as error:
            answers.append(error)

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert sum(isinstance(answer, list) for answer in answers) == 1
    with shop.read() as session:
        assert session.scalar(sa.select(sa.func.count(Listing.id))) == 1


def test_r8_nobodys_typing_is_lost(shop: Shop, account_id: int) -> None:
    item = shop.item()
    version = draft(shop, item, account_id, title="先の人")
    with shop.work() as uow, pytest.raises(Conflict) as refused:
        save_draft(uow, item, account_id, fields={"title": "後の人"}, is_ticked=True, version=version - 1)
    assert refused.value.code == "DRAFT_CHANGED"
    assert refused.value.extra["now"]["values"]["title"] == ["先の人"]
    with shop.work() as uow:
        assert save_draft(uow, item, account_id, fields={}, is_ticked=True, version=version) == version + 1


# --- what browsers send (R8) ---


@pytest.fixture
def pc(shop: Shop, client: FlaskClient) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    return client


def test_r8_an_open_form_is_told_who_saved_what_and_when(
    shop: Shop, account_id: int, pc: FlaskClient
) -> None:
    item = shop.item()
    url = f"/ec/drafts/{item}/accounts/{account_id}"
    assert pc.get(f"{url}?version=0").get_json() == {"version": 0}
    first = pc.post(
        url, data={"version": "0", "title": " 題 ", "start_price": "１，０００", "is_ticked": "1"}
    ).get_json()
    assert first["values"] == {"title": ["題"], "start_price": ["1000"], "is_ticked": ["1"]}
    assert pc.get(f"{url}?version=1").get_json() == {"version": 1}
    now = pc.get(f"{url}?version=0").get_json()
    assert (now["values"], now["by"]) == (first["values"], "店長PC")
    assert now["at"] == f"{to_jst(clock.now()):%m/%d %H:%M}"
    late = pc.post(url, data={"version": "0", "title": "後の人"}, headers={"Accept": "application/json"})
    assert (late.status_code, late.get_json()["code"]) == (409, "DRAFT_CHANGED")
    assert late.get_json()["now"] == now


def test_r8_what_was_listed_meanwhile_is_not_saved_over_but_can_be_begun_anew(
    shop: Shop, account_id: int, pc: FlaskClient
) -> None:
    item = shop.item(quantity=2)
    photo(shop, item)
    version = draft(shop, item, account_id, quantity=1)
    assert isinstance(press_list(shop, item), list)
    url = f"/ec/drafts/{item}/accounts/{account_id}"
    late = pc.post(url, data={"version": version, "title": "後の人"}, headers={"Accept": "application/json"})
    assert (late.status_code, late.get_json()["code"]) == (409, "DRAFT_GONE")
    assert pc.post(url, data={"version": 0, "title": "後の人"}).get_json()["version"] == 1


def test_r8_a_login_that_is_over_is_an_answer_that_a_script_understands(
    shop: Shop, account_id: int, new_client: Callable[[], FlaskClient]
) -> None:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    url = f"/ec/drafts/{shop.item()}/accounts/{account_id}"
    answer = new_client().post(url, data={"title": "題"}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["code"]) == (401, "LOGIN_REQUIRED")


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "あ" * 10_000, "😀絵文字", "𠮷野家", "ﾃﾞｼﾞｶﾒ",
        "一行目\n二行目", "=cmd()|'/C calc'!A0", "{{ 7 * 7 }}", "'; DROP TABLE listings; --", "前\0後",
    ],
    ids=["script", "attribute", "long", "emoji", "yoshi", "half-kana", "lines", "formula", "template", "sql", "nul"],
)  # fmt: skip
def test_r8_whatever_is_typed_into_any_field_is_kept_shown_and_never_run(
    shop: Shop, account_id: int, pc: FlaskClient, typed: str
) -> None:
    item = shop.item()
    photo(shop, item)
    fields = wired(shop).channels["yahoo_auction"].form("classic").fields
    sent = {each.key: typed for each in fields} | {"version": "0", "is_ticked": "1"}
    answer = pc.post(f"/ec/drafts/{item}/accounts/{account_id}", data=sent)
    assert answer.status_code == 200
    kept = typed.replace("\0", "")
    assert answer.get_json()["values"] == {
        "is_ticked": ["1"],
        **{each.key: [kept[:200] if each.kind == "saved_choices" else kept] for each in fields},
    }
    assert {each["field"] for each in answer.get_json()["problems"]} >= {
        "category",
        "condition",
        "start_price",
    }
    page = pc.get(f"/ec/drafts/{item}").text
    assert "<script>alert" not in page and "<img src=x" not in page
    assert kept in html.unescape(page)
    preview = pc.post("/ec/preview/yahoo_auction", data={"description": typed})
    assert "script" not in preview.text and "onerror" not in preview.text
    assert "sandbox" in preview.headers["Content-Security-Policy"]
    assert isinstance(press_list(shop, item), Refused)


def test_r8_a_text_beyond_all_measure_is_refused_by_field(
    shop: Shop, account_id: int, pc: FlaskClient
) -> None:
    url = f"/ec/drafts/{shop.item()}/accounts/{account_id}"
    answer = pc.post(url, data={"description": "あ" * 100_001}, headers={"Accept": "application/json"})
    body = answer.get_json()
    assert (answer.status_code, body["field"], body["detail"]) == (
        422,
        "description",
        "「商品説明」が長すぎます（100,001文字）。",
    )


def test_r12_taking_back_brings_the_item_back(shop: Shop, account_id: int) -> None:
    listing = queued(shop, account_id)
    with shop.work() as uow:
        take_back(uow, listing)
    assert listing_now(shop, listing).state is ListingState.WITHDRAWN
    assert len(waiting(shop)) == 1
    with shop.work() as uow:
        take_back(uow, listing)  # a second click changes nothing
    sent = needs_review(shop, account_id)
    with shop.work() as uow, pytest.raises(Conflict, match="FORBIDDEN_MOVE"):
        take_back(uow, sent)


def needs_review(shop: Shop, account_id: int) -> int:
    listing = queued(shop, account_id)
    with shop.work() as uow:
        move(uow, listing, ListingState.PROCESSING, "試験")
        move(uow, listing, ListingState.NEEDS_REVIEW, "試験")
    return listing


def test_a_person_says_that_it_is_listed(shop: Shop, account_id: int) -> None:
    listing = needs_review(shop, account_id)
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        with pytest.raises(Invalid, match="AUCTION_ID"):
            confirm_listed(uow, listing, "オークション", staff)
        confirm_listed(uow, listing, " x123456789 ", staff)
    assert listing_now(shop, listing).state is ListingState.ACTIVE
    with shop.work() as uow:
        assert own_external_id(uow, listing, account_id, "x123456789")


def test_a_person_says_that_it_is_not_listed(shop: Shop, account_id: int) -> None:
    listing = needs_review(shop, account_id)
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        confirm_not_listed(uow, listing, staff)
    assert listing_now(shop, listing).state is ListingState.WITHDRAWN
    assert len(waiting(shop)) == 1


def test_an_auction_has_one_owner(shop: Shop, account_id: int) -> None:
    first, second = needs_review(shop, account_id), needs_review(shop, account_id)
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        confirm_listed(uow, first, "x1", staff)
    with shop.work() as uow, pytest.raises(Conflict, match="AUCTION_ID_TAKEN"):
        confirm_listed(uow, second, "x1", staff)


def test_r6_an_item_sold_at_the_counter_waits_no_more(shop: Shop, account_id: int) -> None:
    item = shop.item()
    with shop.work() as uow:
        sell_at_counter(uow, item, 1, 1)
    assert waiting(shop) == []


def test_r1_another_tenants_listing_is_not_there(shop: Shop, account_id: int) -> None:
    listing = queued(shop, account_id)
    stranger = open_shop(shop.app, "stranger")
    with stranger.work() as uow, pytest.raises(Exception, match="NO_SUCH_LISTING"):
        take_back(uow, listing)
    assert waiting(stranger) == []


def test_r36_an_item_that_came_back_is_listed_again_with_one_click(shop: Shop, account_id: int) -> None:
    first = queued(shop, account_id, title="時計 美品", duration=7)
    with shop.work() as uow:
        move(uow, first, ListingState.PROCESSING, "試験")
        move(uow, first, ListingState.ACTIVE, "試験")
        move(uow, first, ListingState.ENDED, "試験")
    item = listing_now(shop, first).stock_item_id
    again = press_list(shop, item)
    assert isinstance(again, list)
    second = listing_now(shop, again[0])
    assert (second.title, second.fields["duration"], second.management_number) == (
        "時計 美品", 7, listing_now(shop, first).management_number,
    )  # fmt: skip
    assert second.photo_ids == listing_now(shop, first).photo_ids


def test_r9_a_photo_comes_back_only_where_there_is_room(shop: Shop) -> None:
    item = shop.item()
    photos = [photo(shop, item) for _ in range(MAX_PHOTOS)]
    with shop.work() as uow:
        delete_photo(uow, photos[0])
    photo(shop, item)
    with pytest.raises(Invalid, match="TOO_MANY_PHOTOS"), shop.work() as uow:
        restore_photo(uow, photos[0])


def test_r9_a_copy_of_the_photo_before_it_was_turned_is_not_kept(shop: Shop) -> None:
    photo_id = photo(shop, shop.item())
    with shop.work() as uow:
        before = get_photo(uow.session, photo_id).sha256
        turned = prepare_turned(wired(shop).blobs, shop.tenant_id, before)
        assert replace_picture(uow, photo_id, before, turned)
        keep_copy(uow, photo_id, before, "thumbnail", "0" * 64, 1)
        assert known_copy(uow.session, photo_id, "thumbnail") is None
        keep_copy(uow, photo_id, turned.sha256, "thumbnail", "1" * 64, 1)
        assert known_copy(uow.session, photo_id, "thumbnail") == ("1" * 64, 1)
