"""R24: a store's public key proves our calls, so its consent lasts 28 days; one that is not taken stops nothing and is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from flask.testing import FlaskClient

from recore.accounts import credentials, linking
from recore.platform.clock import to_jst
from tests.sandbox.api_market import (
    CLIENT,
    LIST,
    STORE,
    Market,
    answer,
    banners,
    link_again,
    link_now,
    manager,
    pull,
    use,
)
from tests.support.desk import wired
from tests.support.shop import Shop
from tests.support.store import orders_now

HALF_A_DAY, FOUR_WEEKS = timedelta(hours=12), timedelta(days=28)


@pytest.fixture
def patient(market: Market) -> Market:
    """The market's clock is put forward and ours is not: it takes older times."""
    market.act("settings", signature_seconds=60 * 60 * 24 * 60)
    return market


@pytest.fixture
def desk(shop: Shop, client: FlaskClient) -> FlaskClient:
    manager(shop, client)
    return client


def register(client: FlaskClient, account_id: int, market: Market, **typed: str) -> str:
    """A key that the store has just made, put into the form; what the page says."""
    form = dict(typed)
    if "public_key" not in form:
        made = market.act("api-key", store=STORE)
        form = {"public_key": made["public_key"], "key_version": str(made["version"])} | typed
    return press(client, account_id, "key", **form)


def press(client: FlaskClient, account_id: int, action: str, **form: str) -> str:
    assert client.post(f"/settings/accounts/{account_id}/api/{action}", data=form).status_code == 302
    flashes = re.findall(r'data-testid="flash">\s*(.*?)\s*<button', page(client, account_id), re.DOTALL)
    return " ".join(flashes)


def page(client: FlaskClient, account_id: int) -> str:
    return client.get(f"/settings/accounts/{account_id}").text


def lasts(shop: Shop, account_id: int) -> timedelta:
    link = link_now(shop, account_id)
    assert link.ends_at is not None and link.linked_at is not None
    return link.ends_at - link.linked_at


def goes_on_well(shop: Shop, account_id: int) -> None:
    """As if it were pulled for weeks to come."""
    with shop.work() as uow:
        linking.change_link(uow, account_id, pulled_at=uow.at + FOUR_WEEKS)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(*form).decode()


@pytest.mark.parametrize("ends", ["refresh", "order_api"])
def test_a_proved_consent_lasts_four_weeks_and_no_longer(
    shop: Shop, patient: Market, desk: FlaskClient, account_id: int, ends: str
) -> None:
    patient.act("settings", api_session_ends=ends)
    assert "公開鍵を登録しました" in register(desk, account_id, patient)
    pull(shop, account_id)
    assert lasts(shop, account_id) == FOUR_WEEKS
    assert "公開鍵も使えています" in press(desk, account_id, "try")
    assert "バージョン1：使えています" in page(desk, account_id)
    patient.act("clock", minutes=27 * 24 * 60)
    patient.sold()
    pull(shop, account_id)
    assert len(orders_now(shop)) == 1 and banners(shop) == []
    patient.act("clock", minutes=25 * 60)
    pull(shop, account_id)
    assert link_now(shop, account_id).over_at is not None


def test_a_long_consent_is_told_of_days_before(
    shop: Shop, market: Market, desk: FlaskClient, account_id: int
) -> None:
    register(desk, account_id, market)
    pull(shop, account_id)
    goes_on_well(shop, account_id)
    assert banners(shop, timedelta(days=25)) == []
    ((_, message),) = banners(shop, timedelta(days=25, hours=12))
    assert "連携の期限が" in message and "連携し直す" in message


@pytest.mark.parametrize(
    ("trouble", "told"),
    [({"enabled": False}, "公開鍵が無効"), ({"enabled": True, "expired": True}, "有効期限が切れて")],
)
def test_a_key_that_is_not_taken_stops_nothing_and_is_told(
    shop: Shop, market: Market, desk: FlaskClient, account_id: int, trouble: dict[str, bool], told: str
) -> None:
    register(desk, account_id, market)
    pull(shop, account_id)
    market.act("api-key-state", store=STORE, version=1, **trouble)
    market.sold()
    pull(shop, account_id)
    assert len(orders_now(shop)) == 1 and lasts(shop, account_id) == HALF_A_DAY
    ((_, message),) = banners(shop)
    assert told in message and "暗号鍵管理" in message
    assert told in press(desk, account_id, "try") and told in page(desk, account_id)
    register(desk, account_id, market)
    assert "まだ確かめていません" in page(desk, account_id)
    pull(shop, account_id)
    assert banners(shop) == [] and lasts(shop, account_id) == FOUR_WEEKS


def test_after_half_a_day_the_key_is_named_and_a_new_one_goes_on(
    shop: Shop, patient: Market, desk: FlaskClient, account_id: int
) -> None:
    """The consent itself is still good where only the order API counts the hours."""
    patient.act("settings", api_session_ends="order_api")
    register(desk, account_id, patient)
    pull(shop, account_id)
    patient.act("api-key-state", store=STORE, version=1, enabled=False)
    patient.act("clock", minutes=13 * 60)
    patient.sold()
    pull(shop, account_id)
    assert link_now(shop, account_id).over_at is not None
    ((_, message),) = banners(shop)
    assert "公開鍵が無効" in message and "受注は届いていません" in message
    register(desk, account_id, patient)
    pull(shop, account_id)
    assert len(orders_now(shop)) == 1 and banners(shop) == [] and lasts(shop, account_id) == FOUR_WEEKS


def test_an_unknown_word_of_the_answer_is_kept_and_shown(
    shop: Shop, market: Market, desk: FlaskClient, account_id: int
) -> None:
    register(desk, account_id, market)
    body = "<Result><Status>OK</Status><Search><TotalCount>0</TotalCount></Search></Result>"
    market.line.faults[LIST] = [answer(200, body, **{"X-SWS-Authorize-Status": "retired-key"})]
    pull(shop, account_id)
    ((_, message),) = banners(shop)
    assert "retired-key" in message


def test_nothing_is_said_of_a_key_where_nothing_was_heard(
    shop: Shop, market: Market, desk: FlaskClient, account_id: int
) -> None:
    register(desk, account_id, market)
    market.line.faults[LIST] = [answer(503)]
    pull(shop, account_id)
    link = link_now(shop, account_id)
    assert (link.key_taken_at, link.key_problem) == (None, None) and lasts(shop, account_id) == HALF_A_DAY


def test_the_end_of_the_key_is_told_two_weeks_before(
    shop: Shop, market: Market, desk: FlaskClient, account_id: int
) -> None:
    today = to_jst(datetime.now(UTC)).date()
    register(desk, account_id, market, key_ends_on=str(today + timedelta(days=16)))
    pull(shop, account_id)
    goes_on_well(shop, account_id)
    assert banners(shop) == []
    ((_, message),) = banners(shop, timedelta(days=2, hours=1))
    assert f"{today + timedelta(days=16):%m月%d日}" in message and "新しい公開鍵" in message


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"public_key": "abc", "key_version": "1"}, "公開鍵の形が違います"),
        ({"public_key": pem(ec.generate_private_key(ec.SECP256R1())), "key_version": "1"}, "公開鍵の形が違います"),
        ({"key_version": "v1"}, "バージョンを、半角の数字で"),
        ({"key_version": ""}, "バージョンを、半角の数字で"),
        ({"key_ends_on": "2020-01-01"}, "有効期限は過ぎています"),
        ({"key_ends_on": "来年"}, "有効期限を、日付で"),
    ],
)  # fmt: skip
def test_a_key_that_cannot_be_one_is_refused_by_field(
    shop: Shop, market: Market, desk: FlaskClient, account_id: int, typed: dict[str, str], told: str
) -> None:
    assert told in register(desk, account_id, market, **typed)
    assert 'data-testid="api-key"' not in page(desk, account_id)
    pull(shop, account_id)
    assert lasts(shop, account_id) == HALF_A_DAY


def test_the_key_belongs_to_the_store_and_goes_with_the_link(
    shop: Shop, market: Market, desk: FlaskClient, account_id: int
) -> None:
    def kept() -> set[str]:
        with shop.read() as session:
            return set(credentials.read(session, wired(shop).keyring, account_id).values)

    register(desk, account_id, market)
    press(desk, account_id, "client", client_id=CLIENT[0], client_secret=CLIENT[1])
    assert kept() == {"client_id", "client_secret", "public_key", "key_version"}
    link_again(shop, market, account_id, use(shop, market))
    pull(shop, account_id)
    assert lasts(shop, account_id) == FOUR_WEEKS
    assert "公開鍵を消しました" in press(desk, account_id, "forget_key")
    assert lasts(shop, account_id) == HALF_A_DAY and "public_key" not in kept()
    pull(shop, account_id)
    assert lasts(shop, account_id) == HALF_A_DAY
    register(desk, account_id, market)
    press(desk, account_id, "unlink")
    assert kept() == set()
    assert "先に登録してください" in press(desk, account_id, "key", public_key="abc", key_version="1")


def test_a_key_that_is_not_the_stores_is_told(
    shop: Shop, market: Market, desk: FlaskClient, account_id: int
) -> None:
    made = market.act("api-key", store=STORE)
    stranger = pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    register(desk, account_id, market, public_key=stranger, key_version=str(made["version"]))
    pull(shop, account_id)
    ((_, message),) = banners(shop)
    assert "公開鍵" in message and lasts(shop, account_id) == HALF_A_DAY
