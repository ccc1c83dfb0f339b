"""R34: the official order API: letting a program in, tokens that end, XML, one query per second."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from werkzeug.test import TestResponse

from tests.sandbox.conftest import Visitor, page

API, AUTH = "circus.shopping.yahooapis", "auth.login.yahoo"
LIST, INFO = "/ShoppingWebService/V1/orderList", "/ShoppingWebService/V1/orderInfo"
AUTHORIZATION, TOKEN = "/yconnect/v2/authorization", "/yconnect/v2/token"
BACK = "http://localhost:5000/back"
CLIENT = ("sandbox-client-id", "sandbox-client-secret")
ASK = {
    "response_type": "code",
    "client_id": CLIENT[0],
    "redirect_uri": BACK,
    "scope": "openid",
    "state": "xyz",
}


@pytest.fixture
def shop3(modern: Visitor) -> Visitor:
    """A store whose program may ask as fast as it likes."""
    modern.act("settings", api_queries_per_second=0)
    return modern


def order(shop: Visitor, **bid: Any) -> tuple[str, str]:
    """An auction, and the number of its order."""
    (auction,) = shop.act("seed", store="demo-store-3")["auction_ids"]
    (order_id,) = shop.act("win", auction_id=auction, **bid)["order_ids"]
    shop.act("pay", order_id=order_id)
    return auction, f"demo-store-3-{10_000_000 + order_id}"


def access(shop: Visitor, store: str = "demo-store-3") -> str:
    return str(shop.act("grant-api", store=store)["access_token"])


def call(shop: Visitor, path: str, body: str, token: str) -> TestResponse:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/xml"}
    return shop.post(API, path, data=body.encode(), headers=headers)


def search(
    condition: str = "<OrderTimeFrom>20200101000000</OrderTimeFrom>", field: str = "OrderId", more: str = ""
) -> str:
    return (
        f"<Req><Search>{more}<Condition>{condition}</Condition><Field>{field}</Field></Search>"
        "<SellerId>demo-store-3</SellerId></Req>"
    )


def info(number: str, field: str) -> str:
    target = f"<Target><OrderId>{number}</OrderId><Field>{field}</Field></Target>"
    return f'<?xml version="1.0" encoding="UTF-8"?><Req>{target}<SellerId>demo-store-3</SellerId></Req>'


def xml(answer: TestResponse) -> ElementTree.Element:
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/xml"
    return ElementTree.fromstring(answer.data)  # noqa: S314 - the sandbox's own


def numbers(answer: TestResponse) -> list[str | None]:
    return [each.text for each in xml(answer).iterfind("Search/OrderInfo/OrderId")]


def failure(answer: TestResponse) -> tuple[int, str | None]:
    root = ElementTree.fromstring(answer.data)  # noqa: S314 - the sandbox's own
    assert root.tag == "Error"
    assert root.findtext("Message")
    return answer.status_code, root.findtext("Code")


# --- orders ---


def test_a_list_says_how_many_and_what_was_asked_for(shop3: Visitor) -> None:
    auction, number = order(shop3)
    field = "OrderId,OrderStatus,PayStatus,ShipStatus,IsYahooAuctionOrder,YahooAuctionId,YahooAuctionMerchantId,SettleStatus"
    root = xml(call(shop3, LIST, search(field=field), access(shop3)))
    assert (root.tag, root.findtext("Status"), root.findtext("Search/TotalCount")) == ("Result", "OK", "1")
    (shown,) = root.iterfind("Search/OrderInfo")
    assert {each.tag: each.text for each in shown} == {
        "Index": "1", "OrderId": number, "OrderStatus": "2", "PayStatus": "1", "ShipStatus": "1",
        "IsYahooAuctionOrder": "true", "YahooAuctionId": auction, "YahooAuctionMerchantId": "OLD00001",
        "SettleStatus": None,
    }  # fmt: skip


def test_lists_page_by_start_and_result(shop3: Visitor) -> None:
    made = [order(shop3)[1] for _ in range(12)]
    token = access(shop3)
    assert numbers(call(shop3, LIST, search(), token)) == made[:10]
    assert numbers(call(shop3, LIST, search(more="<Start>11</Start>"), token)) == made[10:]
    newest = "<Result>2</Result><Sort>-order_time</Sort>"
    assert numbers(call(shop3, LIST, search(more=newest), token)) == made[:-3:-1]
    assert xml(call(shop3, LIST, search(more=newest), token)).findtext("Search/TotalCount") == "12"


def test_conditions_choose(shop3: Visitor) -> None:
    (first, one), (_, two) = order(shop3), order(shop3)
    shop3.act("order-state", order_id=2, order_status=5, ship_status=4)
    token = access(shop3)

    def found(condition: str) -> list[str | None]:
        return numbers(call(shop3, LIST, search(condition), token))

    assert found("<OrderStatus>5</OrderStatus>") == [two]
    assert found("<OrderStatus>2,5</OrderStatus><ShipStatus>1</ShipStatus>") == [one]
    assert found(f"<OrderId>{two}</OrderId>") == [two]
    assert found(f"<YahooAuctionId>{first}</YahooAuctionId>") == [one]
    assert found("<IsYahooAuctionOrder>false</IsYahooAuctionOrder>") == []
    assert found("<OrderTimeTo>20200101000000</OrderTimeTo>") == []
    assert found("<LastUpdateTimeFrom>20200101000000</LastUpdateTimeFrom>") == [one, two]


def test_what_is_won_but_not_ordered_is_in_no_list(shop3: Visitor) -> None:
    (auction,) = shop3.act("seed", store="demo-store-3")["auction_ids"]
    shop3.act("win", auction_id=auction)
    assert xml(call(shop3, LIST, search(), access(shop3))).findtext("Search/TotalCount") == "0"


def test_one_order_in_its_groups(shop3: Visitor) -> None:
    auction, number = order(shop3, bidder="taro")
    field = "OrderId,OrderTime,PayStatus,ShipLastName,ShipPrefecture,ShipCity,ShipZipCode,TotalPrice,ItemYahooAucId,Title,Quantity,SellerId"
    root = xml(call(shop3, INFO, info(number, field), access(shop3)))
    assert (root.tag, root.get("totalResultsReturned"), root.findtext("Result/Status")) == (
        "ResultSet",
        "1",
        "OK",
    )
    shown = root.find("Result/OrderInfo")
    assert shown is not None
    buyer = shop3.state()["orders"][0]["buyer"]
    assert (shown.findtext("OrderTime") or "").endswith("+09:00")
    assert shown.findtext("Pay/PayStatus") == "1"
    assert shown.findtext("Ship/ShipLastName") == buyer["name"].split()[0]
    assert shown.findtext("Ship/ShipZipCode") == buyer["postal_code"].replace("-", "")
    assert buyer["address"].startswith(
        f"{shown.findtext('Ship/ShipPrefecture')}{shown.findtext('Ship/ShipCity')}"
    )
    assert shown.findtext("Detail/TotalPrice") == "1800"
    assert [each.findtext("ItemYahooAucId") for each in shown.iterfind("Item")] == [auction]
    assert shown.findtext("Seller/SellerId") == "demo-store-3"


def test_a_bundle_names_its_auctions_in_its_items_only(shop3: Visitor) -> None:
    auctions = shop3.act("seed", store="demo-store-3", auctions=2)["auction_ids"]
    orders = [shop3.act("win", auction_id=each, bidder="hanako")["order_ids"][0] for each in auctions]
    shop3.act("bundle", order_ids=orders)
    number = shop3.act("proceed", order_id=orders[0])["order_number"]
    field = "YahooAuctionId,YahooAuctionBundleType,ItemYahooAucId,ItemYahooAucMerchantId"
    shown = xml(call(shop3, INFO, info(number, field), access(shop3))).find("Result/OrderInfo")
    assert shown is not None
    assert (shown.findtext("YahooAuctionId"), shown.findtext("YahooAuctionBundleType")) == ("", "1")
    assert [each.findtext("ItemYahooAucId") for each in shown.iterfind("Item")] == auctions


BAD = [
    (LIST, "no xml", 400, "od91101"),
    (LIST, '<!DOCTYPE Req [<!ENTITY a "b">]><Req/>', 400, "od91101"),
    (LIST, search(field=""), 400, "od91103"),
    (LIST, search(field="OrderID"), 400, "od91103"),
    (LIST, search(condition=""), 400, "od91105"),
    (LIST, search(condition="<Colour>red</Colour>"), 400, "od91105"),
    (LIST, search(condition="<OrderTimeFrom>2020-01-01</OrderTimeFrom>"), 400, "od91106"),
    (LIST, search(more="<Start>0</Start>"), 400, "od91102"),
    (LIST, search().replace("demo-store-3", "demo-store-4"), 403, "px-04301"),
    (INFO, info("demo-store-3-1", "OrderId"), 400, "od01002"),
]


@pytest.mark.parametrize(("path", "body", "status", "code"), BAD)
def test_a_bad_question_is_refused_in_xml(
    shop3: Visitor, path: str, body: str, status: int, code: str
) -> None:
    order(shop3)
    assert failure(call(shop3, path, body, access(shop3))) == (status, code)


# --- limits ---


def test_one_query_per_second(modern: Visitor) -> None:
    token = access(modern)
    assert call(modern, LIST, search(), token).status_code == 200
    throttled = call(modern, LIST, search(), token)
    assert failure(throttled) == (429, None)
    assert throttled.headers["Retry-After"] == "1"
    modern.act("clock", minutes=0.1)
    assert call(modern, LIST, search(), token).status_code == 200


def test_the_api_can_fail_for_one_store_too(shop3: Visitor) -> None:
    token, other = access(shop3), access(shop3, "demo-store-4")
    shop3.client.delete_cookie("Y", domain="yahoo.localhost")
    shop3.act("break", store="demo-store-3", kind="503")
    assert call(shop3, LIST, search().replace("demo-store-3", "demo-store-4"), other).status_code == 200
    assert [call(shop3, LIST, search(), token).status_code for _ in range(2)] == [503, 200]


def test_a_store_may_not_have_the_order_api(shop3: Visitor) -> None:
    shop3.act("settings", store="demo-store-3", order_api=False)
    assert failure(call(shop3, LIST, search(), access(shop3))) == (403, "px-04303")


def test_an_access_token_lives_an_hour(shop3: Visitor) -> None:
    token = access(shop3)
    shop3.act("clock", minutes=59)
    assert call(shop3, LIST, search(), token).status_code == 200
    shop3.act("clock", minutes=2)
    answer = call(shop3, LIST, search(), token)
    assert failure(answer) == (401, None)
    assert 'error_description="expired token"' in answer.headers["WWW-Authenticate"]
    assert failure(call(shop3, LIST, search(), "nonsense")) == (401, None)
    assert shop3.post(API, LIST, data=search()).status_code == 401


def refresh(shop: Visitor, token: str) -> TestResponse:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return shop.post(AUTH, TOKEN, data=form, auth=CLIENT)


def test_a_refresh_token_lives_twelve_hours_however_often_it_is_used(shop3: Visitor) -> None:
    token = shop3.act("grant-api", store="demo-store-3")["refresh_token"]
    shop3.act("clock", minutes=11 * 60)
    new = refresh(shop3, token).json or {}
    assert (new["token_type"], new["expires_in"], "refresh_token" in new) == ("Bearer", 3600, False)
    assert call(shop3, LIST, search(), new["access_token"]).status_code == 200
    shop3.act("clock", minutes=61)
    over = refresh(shop3, token)
    assert (over.status_code, (over.json or {})["error"]) == (400, "invalid_grant")


def test_after_twelve_hours_it_can_also_be_the_api_that_refuses(shop3: Visitor) -> None:
    shop3.act("settings", api_session_ends="order_api")
    token = shop3.act("grant-api", store="demo-store-3")["refresh_token"]
    shop3.act("clock", minutes=12 * 60 + 1)
    new = refresh(shop3, token).json or {}
    assert failure(call(shop3, LIST, search(), new["access_token"])) == (401, "px-04102")


def test_a_changed_password_ends_all(shop3: Visitor) -> None:
    both = shop3.act("grant-api", store="demo-store-3")
    shop3.act("revoke-api", store="demo-store-3")
    assert refresh(shop3, both["refresh_token"]).status_code == 400
    assert call(shop3, LIST, search(), both["access_token"]).status_code == 401


# --- letting in ---


def consent(shop: Visitor, answer: str = "yes", **changes: str) -> dict[str, list[str]]:
    shown = page(shop.get(AUTH, AUTHORIZATION, query_string=ASK | changes))
    form = {each.attributes["name"] or "": each.attributes["value"] or "" for each in shown.css("form input")}
    back = shop.post(AUTH, AUTHORIZATION, data=form | {"answer": answer})
    assert (back.location or "").startswith(BACK), back.text
    return parse_qs(urlsplit(back.location or "").query)


def exchange(shop: Visitor, code: str, **changes: str) -> TestResponse:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK} | changes
    return shop.post(AUTH, TOKEN, data=form, auth=CLIENT)


def test_the_shop_consents_and_the_code_is_good_once(shop3: Visitor) -> None:
    back = consent(shop3)
    assert back["state"] == ["xyz"]
    tokens = exchange(shop3, back["code"][0]).json or {}
    assert call(shop3, LIST, search(), tokens["access_token"]).status_code == 200
    assert exchange(shop3, back["code"][0]).status_code == 400
    again = exchange(shop3, consent(shop3)["code"][0]).json or {}
    assert again["refresh_token"] == tokens["refresh_token"]  # the same one, living on


def test_without_a_session_one_logs_in_and_comes_back(visitor: Visitor) -> None:
    answer = visitor.get(AUTH, AUTHORIZATION, query_string=ASK)
    done = parse_qs(urlsplit(answer.location or "").query)[".done"][0]
    assert done.startswith("http://auth.login.yahoo.localhost:8100/yconnect/v2/authorization?")


def test_no_is_an_answer_too(shop3: Visitor) -> None:
    assert consent(shop3, "no") == {"error": ["access_denied"], "state": ["xyz"]}


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "other"},
        {"redirect_uri": "https://evil.example/"},
        {"response_type": "token"},
        {"scope": ""},
    ],
)
def test_a_program_that_is_not_registered_gets_nowhere(shop3: Visitor, change: dict[str, str]) -> None:
    assert shop3.get(AUTH, AUTHORIZATION, query_string=ASK | change).status_code == 400


def test_a_code_is_for_its_program_its_address_and_its_verifier(shop3: Visitor) -> None:
    assert exchange(shop3, consent(shop3)["code"][0], redirect_uri="http://localhost/x").status_code == 400
    wrong = shop3.post(AUTH, TOKEN, data={"grant_type": "refresh_token"}, auth=("a", "b"))
    assert (wrong.status_code, (wrong.json or {})["error"]) == (401, "invalid_client")
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"verifier").digest()).rstrip(b"=").decode()
    for verifier, status in (("other", 400), ("verifier", 200)):
        code = consent(shop3, code_challenge=challenge)["code"][0]
        assert exchange(shop3, code, code_verifier=verifier).status_code == status
    code = consent(shop3)["code"][0]
    shop3.act("clock", minutes=11)
    assert exchange(shop3, code).status_code == 400
    assert (shop3.post(AUTH, TOKEN, data={"grant_type": "password"}, auth=CLIENT).json or {})["error"] == (
        "unsupported_grant_type"
    )
