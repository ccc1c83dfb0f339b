"""R34: logging in, losing the session, and who one is."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.sandbox.conftest import AUCTIONS, LOGIN, ONAVI, Visitor, page

SELLING = "/onavi/show/storelist?select=selling"
TOP = "http://auctions.yahoo.localhost:8100/"


def test_after_login_one_is_on_the_top_page(visitor: Visitor) -> None:
    answer = visitor.log_in()
    assert (answer.status_code, answer.location) == (302, TOP)


def test_done_is_followed_inside_the_market(visitor: Visitor) -> None:
    wanted = f"http://onavi.auctions.yahoo.localhost:8100{SELLING}"
    assert visitor.log_in(done=wanted).location == wanted


@pytest.mark.parametrize(
    "done", ["http://evil.example/", "//evil.example/", "http://evilyahoo.localhost/", "javascript:alert(1)"]
)
def test_done_never_leads_out_of_the_market(visitor: Visitor, done: str) -> None:
    assert visitor.log_in(done=done).location == TOP


def test_a_wrong_password_says_so(visitor: Visitor) -> None:
    answer = visitor.post(LOGIN, "/config/login", data={"login": "store1", "passwd": "wrong"})
    assert "IDかパスワードが違います" in answer.text


@pytest.mark.parametrize(
    ("login", "store"), [("store1", "ゆめリユース本店（ストアID：demo-store-1）"), ("store2", "demo-store-2")]
)
def test_every_store_page_shows_the_store(visitor: Visitor, login: str, store: str) -> None:
    visitor.log_in(login)
    paths = [
        (AUCTIONS, "/jp/show/mystatus"), (AUCTIONS, "/jp/store/manage"), (AUCTIONS, "/jp/store/items"),
        (AUCTIONS, "/jp/store/bulkupload"), (ONAVI, "/onavi/show/statussetting"),
        *((ONAVI, f"/onavi/show/storelist?select={select}") for select in ("selling", "closed", "won")),
    ]  # fmt: skip
    for host, path in paths:
        masthead = page(visitor.get(host, path)).css_first("#masthead")
        assert masthead is not None and store in masthead.text(), path


def is_login_page(answer: TestResponse) -> bool:
    return page(answer).css_first("input[name=passwd]") is not None


def test_without_a_session_the_answer_is_a_login_page_with_status_200(visitor: Visitor) -> None:
    answer = visitor.get(ONAVI, SELLING)
    assert answer.status_code == 302
    assert (answer.location or "").startswith("http://login.yahoo.localhost:8100/config/login?")
    assert is_login_page(visitor.get(LOGIN, (answer.location or "").partition(":8100")[2]))


def test_expired_sessions_are_gone_for_everyone_or_for_one_store(shop: Visitor) -> None:
    shop.act("expire-sessions", store="demo-store-2")
    assert shop.get(ONAVI, SELLING).status_code == 200
    shop.act("expire-sessions")
    assert shop.get(ONAVI, SELLING).status_code == 302


def test_a_session_can_end_after_so_many_pages(shop: Visitor) -> None:
    shop.act("settings", expire_after_requests=2)
    assert [shop.get(ONAVI, SELLING).status_code for _ in range(3)] == [200, 200, 302]


def test_login_forgets_where_one_wanted_to_go_unless_told_otherwise(visitor: Visitor) -> None:
    assert "storelist" not in (visitor.get(ONAVI, SELLING).location or "")
    visitor.act("settings", return_after_login=True)
    assert "storelist" in (visitor.get(ONAVI, SELLING).location or "")


def test_a_personal_account_has_no_store_tool(visitor: Visitor) -> None:
    visitor.log_in("kojin")
    assert "ストアのアカウントだけが使えます" in visitor.get(AUCTIONS, "/jp/show/mystatus").text
    for host, path in ((ONAVI, SELLING), (AUCTIONS, "/jp/store/bulkupload"), (AUCTIONS, "/jp/store/manage")):
        shown = page(visitor.get(host, path))
        assert shown.css_first("#notStore") is not None
        assert shown.css_first("form, table") is None


def test_logging_out_ends_the_session_itself(shop: Visitor) -> None:
    cookie = shop.client.get_cookie("Y", domain="yahoo.localhost")
    assert cookie is not None
    shop.get(LOGIN, "/config/logout")
    shop.client.set_cookie("Y", cookie.value, domain="yahoo.localhost", origin_only=False)
    assert shop.get(ONAVI, SELLING).status_code == 302
