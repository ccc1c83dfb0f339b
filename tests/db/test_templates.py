"""出品テンプレート: kept per marketplace profile and category, applied by hand, in bulk, and by themselves."""

from __future__ import annotations

import threading
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from recore.accounts.models import MarketplaceAccount
from recore.catalog.models import Product
from recore.listings.drafts import save_draft
from recore.listings.form_templates import (
    Applied,
    TemplateForm,
    add_template,
    apply_template,
    archive_template,
    change_template,
    copy_template,
    draft_for,
    template_by_id,
    templates,
)
from recore.listings.forms import forms_of, item_for_listing
from recore.listings.models import ListingDraft, ListingTemplate
from recore.platform.audit import AuditEntry
from recore.platform.errors import Conflict, Invalid, NotFound
from recore.stock.models import StockItem
from tests.support.desk import ended, queued, wired
from tests.support.shop import Shop, open_shop

YAHOO, CLASSIC = "yahoo_auction", "classic"
TITLE = "【{{ グレード }}】{{ 商品名 }} {{ ITコード }}"
BODY = "<b>{{ 商品名 }}</b>\n{% if 状態説明 %}状態：{{ 状態説明 }}{% endif %}"
FIELDS: dict[str, Any] = {
    "title": TITLE,
    "description": BODY,
    "buyout_price": "none",
    "prefecture": "東京都",
    "duration": 3,
}


def add(shop: Shop, name: str = "基本", for_category: str = "", *, automatic: bool = False, profile: str = CLASSIC, **fields: Any) -> int:  # fmt: skip
    form = TemplateForm(name, for_category, automatic, fields or FIELDS)
    with shop.work() as uow:
        return add_template(uow, wired(shop).channels[YAHOO], profile, form)


def values(shop: Shop, item: int) -> dict[str, Any]:
    with shop.read() as session:
        (form,) = forms_of(session, wired(shop).channels, item_for_listing(session, item))
        return form.values


def apply(shop: Shop, item: int, account_id: int, template_id: int, *, overwrite: bool = False) -> Applied:
    with shop.work() as uow:
        draft_id = draft_for(uow, wired(shop).channels, item, account_id)
        return apply_template(uow, wired(shop).channels, draft_id, template_id, overwrite=overwrite)


def type_in(shop: Shop, item: int, account_id: int, **typed: Any) -> None:
    with shop.work() as uow:
        draft_id = draft_for(uow, wired(shop).channels, item, account_id)
        now = uow.session.scalars(sa.select(ListingDraft).where(ListingDraft.id == draft_id)).one()
        save_draft(uow, item, account_id, fields={**now.fields, **typed}, is_ticked=True, version=now.version)


# --- templates ---------------------------------------------------------------------------------------------------


def test_a_template_keeps_values_for_every_field_but_the_items_own(shop: Shop) -> None:
    template_id = add(shop, **FIELDS, management_number="X-1", quantity=2)
    with shop.read() as session:
        kept = template_by_id(session, template_id)
        assert kept.fields == {**FIELDS, "quantity": 2}
        assert (kept.version, kept.updated_by) == (1, "運用者")


BAD = [
    ({"title": "{{ 商品 }}"}, "title", "「タイトル」の1行目：「商品」という項目はありません"),
    ({"description": "一行\n{% for a in b %}{% endfor %}"}, "description", "「商品説明」の2行目：くり返し"),
    ({"duration": 99}, "duration", "範囲の外"),
    ({"duration": "三日"}, "duration", "数字ではありません"),
    ({"condition": "新品"}, "condition", "選べない値"),
    ({"payment": ["知らない払い方"]}, "payment", "保存された値にありません"),
    ({"category": "時計"}, "category", "番号で入力"),
    ({"category": "23000"}, "category", "下の分類"),
    ({}, "title", "1つも入っていません"),
]


@pytest.mark.parametrize(("fields", "field", "message"), BAD, ids=lambda each: str(each)[:24])
def test_a_bad_value_is_refused_at_its_field(shop: Shop, account_id: int, fields: Any, field: str, message: str) -> None:  # fmt: skip
    with pytest.raises(Invalid) as refused, shop.work() as uow:
        add_template(uow, wired(shop).channels[YAHOO], CLASSIC, TemplateForm("名前", "", False, fields))
    (problem,) = refused.value.problems
    assert (problem.field, message in problem.message) == (field, True), problem.message
    with shop.read() as session:
        assert templates(session) == []


def test_a_name_and_the_automatic_place_are_taken_once(shop: Shop) -> None:
    first = add(shop, "基本", automatic=True)
    with pytest.raises(Conflict, match="NAME_TAKEN"):
        add(shop, " 基本 ")
    with pytest.raises(Conflict, match="AUTOMATIC_TAKEN"):
        add(shop, "別", automatic=True)
    add(shop, "別", "9990000032", automatic=True)
    add(shop, "基本", profile="current", duration=3)
    with shop.work() as uow:
        archive_template(uow, first, is_archived=True)
        archive_template(uow, first, is_archived=True)
    add(shop, "基本", automatic=True)
    with pytest.raises(Conflict, match="NAME_TAKEN"), shop.work() as uow:
        archive_template(uow, first, is_archived=False)


def test_two_clerks_cannot_take_the_automatic_place_at_once(shop: Shop) -> None:
    outcomes: list[str] = []

    def race(name: str) -> None:
        try:
            add(shop, name, automatic=True)
            outcomes.append("added")
        except Conflict as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=race, args=(f"テンプレート{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["AUTOMATIC_TAKEN"] * 3 + ["added"]


def test_a_template_that_somebody_else_saved_is_not_overwritten(shop: Shop) -> None:
    template_id = add(shop)
    form = TemplateForm("基本", "", False, {"duration": 4})
    with shop.work() as uow:
        change_template(uow, wired(shop).channels, template_id, form, version=1)
    with pytest.raises(Conflict, match="TEMPLATE_CHANGED"), shop.work() as uow:
        change_template(uow, wired(shop).channels, template_id, form, version=1)
    with shop.read() as session:
        assert template_by_id(session, template_id).fields == {"duration": 4}
        actions = session.scalars(
            sa.select(AuditEntry.action).where(AuditEntry.subject_kind == "listing_template")
        )
        assert actions.all() == ["template.add", "template.change"]


def test_a_copy_has_a_name_of_its_own_and_applies_nowhere_by_itself(shop: Shop) -> None:
    template_id = add(shop, automatic=True)
    for _ in range(2):
        with shop.work() as uow:
            copy_template(uow, template_id)
    with shop.read() as session:
        rows = [(each.name, each.is_automatic, each.fields == FIELDS) for each in templates(session)]
    assert rows == [("基本", True, True), ("基本 のコピー", False, True), ("基本 のコピー2", False, True)]


def test_another_tenants_template_does_not_exist(app: Flask) -> None:
    ours, theirs = open_shop(app, "ours", "ours.example"), open_shop(app, "theirs", "theirs.example")
    template_id, account_id, item = add(theirs), ours.yahoo_account(), ours.item()
    with pytest.raises(NotFound, match="NO_SUCH_TEMPLATE"):
        apply(ours, item, account_id, template_id)
    with pytest.raises(NotFound), ours.work() as uow:
        copy_template(uow, template_id)


# --- applying ----------------------------------------------------------------------------------------------------


def test_untouched_fields_are_filled_and_typed_ones_stay(shop: Shop, account_id: int) -> None:
    item = shop.item(name="腕時計")
    it_code = values(shop, item)["management_number"]
    type_in(shop, item, account_id, duration=7)
    applied = apply(shop, item, account_id, add(shop))
    assert (applied.filled, applied.kept) == (
        ["タイトル", "商品説明", "即決価格", "商品発送元の都道府県"],
        ["期間（日）"],
    )
    now = values(shop, item)
    assert (now["title"], now["description"], now["duration"]) == (
        f"【A】腕時計 {it_code}",
        "<b>腕時計</b>",
        7,
    )
    assert (now["buyout_price"], now["prefecture"]) == ("none", "東京都")


def test_with_overwrite_everything_the_template_has_is_taken(shop: Shop, account_id: int) -> None:
    item = shop.item()
    type_in(shop, item, account_id, duration=7, title="手で入れた", city="千代田区")
    applied = apply(shop, item, account_id, add(shop), overwrite=True)
    assert applied.kept == []
    now = values(shop, item)
    assert (now["duration"], now["city"]) == (3, "千代田区")
    assert now["title"].startswith("【A】")


def test_applying_again_changes_nothing(shop: Shop, account_id: int) -> None:
    item, template_id = shop.item(), add(shop)
    apply(shop, item, account_id, template_id)

    def state() -> list[Any]:
        with shop.read() as session:
            rows = session.execute(sa.select(ListingDraft.version, ListingDraft.fields)).all()
            return [*rows, len(session.scalars(sa.select(AuditEntry.id)).all())]

    before = state()
    assert apply(shop, item, account_id, template_id, overwrite=True).filled == []
    assert state() == before


def test_a_template_for_another_tool_or_put_away_does_not_fit(shop: Shop, account_id: int) -> None:
    item, other, old = shop.item(), add(shop, profile="current", duration=3), add(shop, "古い")
    with shop.work() as uow:
        archive_template(uow, old, is_archived=True)
    for template_id in (other, old):
        with pytest.raises(Conflict, match="TEMPLATE_DOES_NOT_FIT"):
            apply(shop, item, account_id, template_id)


def test_many_drafts_take_mixed_templates(shop: Shop, account_id: int) -> None:
    """What a bulk run will do: one unit of work per draft, each with its own template."""
    wanted = {
        shop.item(): add(shop, f"型{number}", title=f"型{number} {{{{ 商品名 }}}}") for number in range(3)
    }
    for item, template_id in wanted.items():
        apply(shop, item, account_id, template_id)
    assert [values(shop, item)["title"][:2] for item in wanted] == ["型0", "型1", "型2"]


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "あ" * 200, "😀𠮷", "ﾃﾞｼﾞｶﾒ", "=cmd()", "a\nb", "{{ 7*7 }}{% include 'x' %}"],
    ids=["script", "long", "emoji", "half", "formula", "lines", "braces"],
)  # fmt: skip
def test_hostile_values_stay_text_and_are_checked_as_if_typed(shop: Shop, account_id: int, name: str) -> None:
    item = shop.item(name="仮")
    with shop.work() as uow:
        product_id = uow.session.scalar(sa.select(StockItem.product_id).where(StockItem.id == item))
        uow.session.execute(sa.update(Product).where(Product.id == product_id).values(name=name))
        uow.session.execute(sa.update(StockItem).where(StockItem.id == item).values(note=name * 2))
    apply(
        shop,
        item,
        account_id,
        add(shop, title="{{ 商品名 }}", description="<p>{{ 商品名 }}</p>{{ 状態説明 }}"),
    )
    now = values(shop, item)
    assert now["title"] == " ".join(name.split())
    sent = wired(shop).channels[YAHOO].preview(now["description"])
    assert "<script" not in sent
    assert unescape(now["description"]) == f"<p>{name}</p>{name * 2}"
    with shop.read() as session:
        (form,) = forms_of(session, wired(shop).channels, item_for_listing(session, item))
    refused = {
        each.field
        for each in form.problems
        if each.severity == "error" and each.field in ("title", "description")
    }
    assert refused == ({"title", "description"} if "😀" in name else {"title"} if len(name) == 200 else set())


# --- by itself ---------------------------------------------------------------------------------------------------


def test_an_automatic_template_fills_a_new_form_and_that_of_its_category_goes_over_it(shop: Shop, account_id: int) -> None:  # fmt: skip
    add(shop, "基本", automatic=True, title="基本 {{ 商品名 }}", category="9990000032", duration=3)
    add(shop, "時計", "9990000032", automatic=True, title="時計 {{ 商品名 }}", category="9990000033")
    now = values(shop, shop.item(name="時計"))
    assert (now["title"], now["duration"], now["category"]) == ("時計 時計", 3, "9990000032")


def test_an_automatic_template_leaves_a_saved_form_and_a_relisted_one_alone(
    shop: Shop, account_id: int
) -> None:
    item = shop.item(name="時計")
    type_in(shop, item, account_id)
    ended(shop, account_id, title="前の題")
    add(shop, automatic=True)
    assert values(shop, item)["title"] == "時計"
    with shop.read() as session:
        again = session.scalars(sa.select(StockItem.id).order_by(StockItem.id.desc())).first()
    assert again is not None
    assert values(shop, again)["title"] == "前の題"


# --- screens -----------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(shop: Shop, client: FlaskClient) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/login", data={"login_id": "demo", "password": "demo-pass"}).status_code == 302
    return client


def test_the_screens_make_show_change_copy_and_put_away(
    shop: Shop, account_id: int, browser: FlaskClient
) -> None:
    assert "テンプレートがまだありません" in browser.get("/ec/templates").text
    where = f"/ec/templates/new/{YAHOO}/{CLASSIC}"
    assert "決めない" in browser.get(where).text
    typed = {
        "name": "腕時計<b>",
        "title": TITLE,
        "buyout_price": "none",
        "for_category": "9990000032",
        "is_automatic": "1",
    }
    assert browser.post(where, data=typed).status_code == 302
    with shop.read() as session:
        (template,) = session.scalars(sa.select(ListingTemplate)).all()
    assert (template.category, template.is_automatic, template.fields) == ("9990000032", True, {"title": TITLE, "buyout_price": "none"})  # fmt: skip
    page = browser.get("/ec/templates").text
    assert "腕時計&lt;b&gt;" in page
    assert "アクセサリー・時計 &gt; メンズ腕時計" in page
    one = f"/ec/templates/{template.id}"
    assert TITLE in unescape(browser.get(one).text)
    refused = browser.post(one, data={**typed, "title": "{{ 商品", "version": "1"})
    assert refused.status_code == 422
    assert "「タイトル」の1行目" in refused.text
    assert browser.post(one, data={**typed, "name": "時計", "version": "1"}).status_code == 302
    assert browser.post(one, data={**typed, "version": "1"}).status_code == 409
    assert browser.post(f"{one}/copy").status_code == 302
    assert browser.post(f"{one}/archive").status_code == 302
    assert "時計" in browser.get("/ec/templates?archived=1").text
    assert browser.post(f"{one}/restore").status_code == 302
    assert browser.get("/ec/templates/new/nope/x").status_code == 404


def test_the_preview_shows_the_real_item_or_the_lines_to_mend(
    shop: Shop, account_id: int, browser: FlaskClient
) -> None:
    item = shop.item(name="<b>時計</b>")
    it_code = values(shop, item)["management_number"]
    where = f"/ec/templates/preview/{YAHOO}/{CLASSIC}"
    good = browser.post(where, data={"title": "{{ 商品名 }}", "description": "<script>x</script><u>{{ 商品名 }}</u>", "preview_item": it_code}).text  # fmt: skip
    assert "&lt;b&gt;時計&lt;/b&gt;" in good
    assert "<script" not in unescape(good)
    assert "&lt;u&gt;&amp;lt;b&amp;gt;時計" in good
    bad = browser.post(
        where, data={"title": "{{ 商品名 }}", "description": "a\n{% include 'x' %}", "preview_item": "IT9"}
    ).text
    assert "「商品説明」の2行目：ほかのファイルは読み込めません" in bad
    assert "「IT9」の在庫はない" in bad
    assert browser.post(where, data={}).status_code == 200


def test_using_one_shows_first_what_it_changes(shop: Shop, account_id: int, browser: FlaskClient) -> None:
    item, template_id = shop.item(name="時計"), add(shop)
    type_in(shop, item, account_id, duration=7)
    where = f"/ec/drafts/{item}/accounts/{account_id}/template"
    assert "基本" in browser.get(where).text
    page = browser.get(f"{where}?template_id={template_id}").text
    assert "手を入れた項目（期間（日））" in page
    assert values(shop, item)["title"] == "時計"
    assert browser.post(where, data={"template_id": str(template_id)}).status_code == 302
    assert values(shop, item)["duration"] == 7
    assert browser.post(where, data={"template_id": str(template_id), "overwrite": "1"}).status_code == 302
    assert values(shop, item)["duration"] == 3
    assert browser.post(where, data={"template_id": "999"}).status_code == 404


def test_choosing_a_category_fills_the_rest_from_its_automatic_template(shop: Shop, account_id: int, browser: FlaskClient) -> None:  # fmt: skip
    add(
        shop,
        "時計",
        "9990000032",
        automatic=True,
        title="時計 {{ 商品名 }}",
        duration=3,
        prefecture="東京都",
        buyout_price="none",
    )
    item = shop.item(name="SEIKO")
    first = values(shop, item)
    form = {**{key: str(value) for key, value in first.items()}, "is_ticked": "1"}
    where = f"/ec/drafts/{item}/accounts/{account_id}"
    answer = browser.post(
        where, data={**form, "category": "9990000032", "prefecture": "大阪府", "version": "0"}
    ).get_json()
    assert answer["template"] == "時計"
    assert answer["filled"] == ["buyout_price", "duration", "title"]
    assert {key: answer["values"][key] for key in answer["filled"]} == {
        "title": ["時計 SEIKO"], "duration": ["3"], "buyout_price": ["none"],
    }  # fmt: skip
    assert answer["version"] == 2
    now = values(shop, item)
    assert (now["title"], now["prefecture"], now["duration"]) == ("時計 SEIKO", "大阪府", 3)
    again = {**form, "category": "9990000032", "prefecture": "大阪府", "title": "SEIKO", "version": "2"}
    answer = browser.post(where, data=again).get_json()
    assert (answer["version"], answer["filled"]) == (3, [])
    assert values(shop, item)["title"] == "SEIKO"


def test_a_listed_item_has_no_draft_to_fill(shop: Shop, account_id: int) -> None:
    queued(shop, account_id)
    template_id = add(shop)
    with pytest.raises(NotFound, match="NO_SUCH_DRAFT"), shop.work() as uow:
        apply_template(uow, wired(shop).channels, 1, template_id)


def test_a_disabled_account_takes_no_template(shop: Shop, account_id: int) -> None:
    item, template_id = shop.item(), add(shop)
    with shop.work() as uow:
        uow.session.execute(sa.update(MarketplaceAccount).values(is_enabled=False))
    with pytest.raises(Conflict, match="ACCOUNT_DISABLED"):
        apply(shop, item, account_id, template_id)


def test_r10_templates_are_made_for_the_forms_of_the_shops_own_marketplaces(
    shop: Shop, account_id: int, browser: FlaskClient
) -> None:
    page = browser.get("/ec/templates").text
    assert "/ec/templates/new/yahoo_auction/classic" in page
    assert "/new/yahoo_auction/current" not in page and "/new/amazon" not in page
    item = shop.item()
    way = browser.get(f"/ec/drafts/{item}/accounts/{account_id}/template").text
    assert 'href="/ec/templates/new/yahoo_auction/classic"' in way
