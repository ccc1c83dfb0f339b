"""R3, R7, R11: the keys, the form and the offers of Amazon on their pages."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.accounts.models import MarketplaceAccount
from recore.listings.models import Listing
from tests.sandbox.amazon_market import (
    KEYS,
    REFRESH,
    SELLER,
    Market,
    fill_in,
    go_on,
    manager,
    offered,
    state_of,
    use,
)
from tests.sandbox.api_market import answer, unreachable
from tests.support.shop import Shop

MINUTE = timedelta(minutes=1)


def test_r3_keys_are_entered_tried_and_never_shown_again(
    shop: Shop, market: Market, client: FlaskClient
) -> None:
    use(shop, market)
    browser = manager(shop, client)
    form = {"channel": "amazon", "profile": "current", "name": "Amazon店", "store_id": SELLER}
    page = browser.post("/settings/accounts", data=form).headers["Location"]

    def said(action: str, **typed: str) -> str:
        return browser.post(f"{page}/keys{action}", data=typed, follow_redirects=True).text

    assert "リフレッシュトークンを、発行されたとおりに" in said("", client_id="id")
    assert "登録しました" in said("", **(KEYS | {"client_secret": "wrong"}))
    assert "クライアントIDかシークレットが" in said("/try_out")
    said("", client_secret=KEYS["client_secret"])
    assert "つながりました" in said("/try_out")
    said("", refresh_token="Atzr|other")
    assert "取り消されています" in said("/try_out")
    assert 'data-testid="keys-over"' in browser.get(f"{page}/keys").text
    said("", refresh_token=REFRESH)
    market.line.faults["GET"] = [unreachable]
    assert "Amazonにつながりません" in said("/try_out")
    browser.post(page, data={"name": "Amazon店", "profile": "japan", "store_id": "A9SOMEBODYELSE"})
    assert "この鍵では、この出品者IDの出品を扱えない" in said("/try_out")
    shown = browser.get(page).text + browser.get(f"{page}/keys").text
    assert not any(secret in shown for secret in (*KEYS.values(), "wrong", "Atza"))
    with shop.read() as session:
        kept = str(session.execute(sa.text("SELECT * FROM audit_entries WHERE tenant_id = 1")).all())
        envelope = session.scalars(sa.select(MarketplaceAccount.credentials)).one()
    assert envelope is not None and KEYS["client_secret"].encode() not in envelope
    assert "Atzr" not in kept and "sandbox1" not in kept
    assert "鍵を消しました" in said("/forget")
    assert "NOT_LINKED" not in said("/try_out") and "公式APIと連携していません" in said("/try_out")


def test_r11_a_jan_offers_a_choice_and_a_miss_says_what_to_do(
    shop: Shop, market: Market, account_id: int, client: FlaskClient
) -> None:
    browser = manager(shop, client)
    found = browser.post(f"/ec/accounts/{account_id}/find", data={"q": "4580000000010"}).text
    assert found.count('data-testid="product-') == 3 and "ヨロズ" in found
    missed = browser.post(f"/ec/accounts/{account_id}/find", data={"q": "4999999999999"}).text
    assert "商品名や型番の短い言葉で探すか" in missed
    market.line.faults["GET catalog"] = [answer(503)]
    away = browser.post(f"/ec/accounts/{account_id}/find", data={"q": "4580000000010"}).text
    assert "Amazonのサーバーが使えません" in away


def test_r7_what_amazon_would_refuse_is_told_before_anything_is_sent(
    shop: Shop, market: Market, account_id: int, client: FlaskClient
) -> None:
    browser, item = manager(shop, client), shop.item()
    fill_in(shop, item, account_id, asin="B0SBX00022")
    checked = browser.post(f"/ec/drafts/{item}/accounts/{account_id}/check").text
    assert f'href="#f-{account_id}-condition"' in checked and "コンディション" in checked
    refused = browser.post(f"/ec/drafts/{item}/list", data={"staff_code": "1001"})
    assert refused.status_code == 422 and "まだ出品できません" in refused.text
    with shop.read() as session:
        assert session.scalars(sa.select(Listing)).all() == []
    fill_in(shop, item, account_id, asin="B0SBX00001")
    assert "このまま出品できます" in browser.post(f"/ec/drafts/{item}/accounts/{account_id}/check").text
    page = browser.get(f"/ec/drafts/{item}").text
    assert "写真はAmazonへ送られません" in page and "出品する" in page
    assert browser.post(f"/ec/drafts/{item}/list", data={"staff_code": "1001"}).status_code == 302
    assert market.line.calls.count("PUT") == 0, "the worker sends, not the request"
    go_on(shop)
    go_on(shop, MINUTE)
    with shop.read() as session:
        (listing,) = session.scalars(sa.select(Listing.id)).all()
    assert state_of(shop, listing) == ("ACTIVE", None)


def test_an_amazon_that_is_away_does_not_keep_the_clerk(
    shop: Shop, market: Market, account_id: int, client: FlaskClient
) -> None:
    browser, item = manager(shop, client), shop.item()
    fill_in(shop, item, account_id)
    market.line.faults["GET restrictions"] = [answer(503)]
    assert browser.post(f"/ec/drafts/{item}/list", data={"staff_code": "1001"}).status_code == 302


def test_staff_change_the_price_look_and_take_it_off_on_the_listings_page(
    shop: Shop, market: Market, account_id: int, client: FlaskClient
) -> None:
    _, listing = offered(shop, account_id)
    browser = manager(shop, client)

    def act(action: str, **typed: str) -> str:
        data = {"staff_code": "1001"} | typed
        return browser.post(f"/ec/listings/{listing}/offer/{action}", data=data, follow_redirects=True).text

    assert "価格の変更を送ります" in act("price", price="3,980")
    assert "確かめています" in act("look")
    go_on(shop)
    assert "3,980円" in browser.get(f"/ec/listings/{listing}/offer").text
    act("withdraw")
    assert "取り下げています" in browser.get(f"/ec/listings/{listing}/offer").text
    go_on(shop)
    go_on(shop, MINUTE)
    assert state_of(shop, listing)[0] == "WITHDRAWN"
    assert "この操作ができません" in act("withdraw")
    forbidden = browser.post(f"/ec/listings/{listing}/not_listed", data={"staff_code": "1001"})
    assert forbidden.status_code == 409
