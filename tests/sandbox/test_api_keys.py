"""R34: 公開鍵認証 of the order API: keys in ストアクリエイターPro, signed calls, and how long a consent then lasts.

One market for the module, as each key takes a while to make: its clock goes on from test to test."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from werkzeug.test import TestResponse

from sandbox.app import create_app
from tests.sandbox.conftest import PRO, Visitor, data_path
from tests.sandbox.test_orderapi import API, AUTH, CLIENT, LIST, TOKEN, access, failure, search

STORE, HOUR = "demo-store-3", 60
KEYS = f"/pro.{STORE}/setting/key"


@pytest.fixture(scope="module")
def seller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    market = create_app(tmp_path_factory.mktemp("keys") / "market")
    shop = Visitor(market)
    shop.act("settings", api_queries_per_second=0)
    yield shop
    market.close()


@pytest.fixture(scope="module")
def pem(seller: Visitor) -> str:
    """Version 1, which is 有効."""
    made = seller.act("api-key", store=STORE)
    assert made["version"] == 1
    return str(made["public_key"])


def encrypted(pem: str, text: str) -> str:
    key = load_pem_public_key(pem.encode())
    assert isinstance(key, rsa.RSAPublicKey)
    return base64.b64encode(key.encrypt(text.encode(), padding.PKCS1v15())).decode()


def seconds(shop: Visitor) -> int:
    return int(datetime.fromisoformat(shop.state()["clock"]).timestamp())


def signed(shop: Visitor, pem: str, version: int = 1) -> dict[str, str]:
    value = encrypted(pem, f"{STORE}:{seconds(shop)}")
    return {"X-sws-signature": value, "X-sws-signature-version": str(version)}


def call(shop: Visitor, token: str, signature: dict[str, str]) -> TestResponse:
    return shop.post(API, LIST, data=search(), headers={"Authorization": f"Bearer {token}"} | signature)


def told(answer: TestResponse) -> tuple[int, str | None]:
    return answer.status_code, answer.headers.get("X-SWS-Authorize-Status")


def refresh(shop: Visitor, token: str, signature: dict[str, str]) -> str | None:
    """The new access token, if there is one."""
    form = {"grant_type": "refresh_token", "refresh_token": token}
    found = shop.post(AUTH, TOKEN, data=form, auth=CLIENT, headers=signature).json or {}
    return found.get("access_token")


# --- signatures ---


def test_a_signed_call_is_authorized_and_a_call_without_is_answered_too(seller: Visitor, pem: str) -> None:
    token = access(seller)
    assert told(call(seller, token, signed(seller, pem))) == (200, "authorized")
    assert told(call(seller, token, {})) == (200, "none")
    assert told(call(seller, token, {"X-sws-signature-version": "1"})) == (200, "none")


BAD = [
    ("{store}:{late}", "1", "expired-timestamp"),
    ("{store}:{early}", "1", "expired-timestamp"),
    ("{store}:{now}000", "1", "expired-timestamp"),
    ("{store}:soon", "1", "invalid-timestamp"),
    ("{store}:", "1", "invalid-timestamp"),
    ("demo-store-4:{now}", "1", "invalid-sellerid"),
    ("{store}", "1", "invalid-authorize-value"),
    ("{store}:{now}", "9", "not-found-key-version"),
    ("{store}:{now}", "v1", "invalid-key-version"),
    ("{store}:{now}", "", "invalid-key-version"),
]


@pytest.mark.parametrize(("text", "version", "word"), BAD)
def test_a_bad_signature_is_told_and_refuses_nothing(
    seller: Visitor, pem: str, text: str, version: str, word: str
) -> None:
    now = seconds(seller)
    value = encrypted(pem, text.format(store=STORE, now=now, late=now - 330, early=now + 330))
    signature = {"X-sws-signature": value, "X-sws-signature-version": version}
    assert told(call(seller, access(seller), signature)) == (200, word)


@pytest.mark.parametrize("value", ["not Base64", "", "YWJj"])
def test_what_cannot_be_decrypted_is_no_value(seller: Visitor, pem: str, value: str) -> None:
    signature = {"X-sws-signature": value, "X-sws-signature-version": "1"}
    assert told(call(seller, access(seller), signature)) == (200, "invalid-authorize-value")


def test_a_version_must_be_told(seller: Visitor, pem: str) -> None:
    only = {"X-sws-signature": signed(seller, pem)["X-sws-signature"]}
    assert told(call(seller, access(seller), only)) == (200, "invalid-key-version")


def test_the_market_says_how_old_a_signature_may_be(seller: Visitor, pem: str) -> None:
    signature, token = signed(seller, pem), access(seller)
    seller.act("clock", minutes=10)
    assert told(call(seller, token, signature)) == (200, "expired-timestamp")
    seller.act("settings", signature_seconds=700)
    assert told(call(seller, token, signature)) == (200, "authorized")
    seller.act("settings", signature_seconds=300)


def test_a_disabled_or_expired_key_authorizes_nothing(seller: Visitor, pem: str) -> None:
    token = access(seller)
    for state, word in (
        ({"enabled": False}, "invalid-key-status"),
        ({"enabled": True, "expired": True}, "expired-key-version"),
        ({"enabled": True, "expired": False}, "authorized"),
    ):
        seller.act("api-key-state", store=STORE, version=1, **state)
        assert told(call(seller, token, signed(seller, pem))) == (200, word)


def test_a_refused_call_tells_it_too(seller: Visitor, pem: str) -> None:
    assert told(call(seller, "nonsense", signed(seller, pem))) == (401, "unauthorized")
    assert told(call(seller, "nonsense", {})) == (401, "none")
    seller.act("settings", order_api=False)
    assert told(call(seller, access(seller), signed(seller, pem))) == (403, "authorized")
    seller.act("settings", order_api=True)


# --- 12 hours and 28 days ---


@pytest.mark.parametrize("mode", ["order_api", "refresh"])
def test_a_consent_lasts_twelve_hours_and_signed_28_days(seller: Visitor, pem: str, mode: str) -> None:
    seller.act("revoke-api", store=STORE)
    seller.act("settings", api_session_ends=mode)
    lasting = seller.act("grant-api", store=STORE)["refresh_token"]
    seller.act("clock", minutes=11 * HOUR)
    bad = signed(seller, pem) | {"X-sws-signature-version": "9"}
    assert refresh(seller, lasting, bad)  # the token endpoint minds no signature while the 12 hours last

    seller.act("clock", minutes=HOUR + 1)
    for unsigned in ({}, bad):
        assert bool(refresh(seller, lasting, unsigned)) == (mode == "order_api")
    token = refresh(seller, lasting, signed(seller, pem))
    assert token is not None
    for unsigned in ({}, bad):
        assert failure(call(seller, token, unsigned)) == (401, "px-04102")
    assert told(call(seller, token, signed(seller, pem))) == (200, "authorized")

    seller.act("clock", minutes=27.5 * 24 * HOUR - 31)
    token = refresh(seller, lasting, signed(seller, pem))
    assert token is not None
    assert told(call(seller, token, signed(seller, pem))) == (200, "authorized")
    seller.act("clock", minutes=31)
    over = call(seller, token, signed(seller, pem))
    assert failure(over) == (401, "px-04102")
    assert told(over) == (401, "authorized")
    assert refresh(seller, lasting, signed(seller, pem)) is None


def test_another_stores_signature_refreshes_nothing(seller: Visitor, pem: str) -> None:
    seller.act("settings", api_session_ends="refresh")
    other = seller.act("grant-api", store="demo-store-4")["refresh_token"]
    seller.act("clock", minutes=12 * HOUR + 1)
    assert refresh(seller, other, signed(seller, pem)) is None


# --- keys ---


def test_two_are_enabled_at_most_and_versions_count_up_per_store(seller: Visitor) -> None:
    store = "demo-store-4"
    made = [seller.act("api-key", store=store) for _ in range(2)]
    assert [each["version"] for each in made] == [1, 2]
    assert made[0]["public_key"] != made[1]["public_key"]
    assert "2個まで" in seller.refused("api-key", store=store)
    seller.act("api-key-state", store=store, version=1, enabled=False)
    assert seller.act("api-key", store=store)["version"] == 3
    assert "2個まで" in seller.refused("api-key-state", store=store, version=1, enabled=True)
    assert [
        (each["version"], each["enabled"], each["is_expired"], "private_key" in each)
        for each in seller.state()["api_keys"]
        if each["store_id"] == store
    ] == [(1, False, False, False), (2, True, False, False), (3, True, False, False)]


def test_a_person_issues_copies_and_disables_a_key(modern: Visitor) -> None:
    def shown() -> tuple[list[str], list[dict[str, Any]]]:
        blocks = modern.data(KEYS, PRO)["blocks"]
        pressed = [each for block in blocks if block["kind"] == "buttons" for each in block["buttons"]]
        return [block["text"] for block in blocks if "text" in block], pressed

    def press(path: str) -> dict[str, Any]:
        return modern.send(data_path(f"{KEYS}/{path}"), modern.data(KEYS, PRO)["crumb"], PRO)

    assert shown()[0] == ["公開鍵はありません。"]
    assert "発行しました" in press("issue")["done"]
    words, pressed = shown()
    assert words[0] == "公開鍵 バージョン1"
    assert words[1].startswith("状態：有効　有効期限：")
    assert [each["label"] for each in pressed] == ["公開鍵発行", "コピー", "無効にする"]
    pem = pressed[1]["copy"]
    assert pem.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert pem.endswith("-----END PUBLIC KEY-----\n")
    assert told(call(modern, access(modern), signed(modern, pem))) == (200, "authorized")
    assert "無効にしました" in press("1/off")["done"]
    assert [each["label"] for each in shown()[1]] == ["公開鍵発行", "有効にする"]
    assert told(call(modern, access(modern), signed(modern, pem)))[1] == "invalid-key-status"
    stale = modern.send(data_path(f"{KEYS}/1/on"), "stale", PRO)
    assert "有効期限が切れました" in stale["problem"]
    modern.act("api-key-state", store=STORE, version=1, enabled=True, expired=True)
    assert "期限切れ" in shown()[0][1]
    assert [each["label"] for each in shown()[1]] == ["公開鍵発行"]


def test_keys_survive_a_restart(data: Path) -> None:
    first = create_app(data)
    pem = Visitor(first).act("api-key", store=STORE)["public_key"]
    first.close()
    second = create_app(data)
    shop = Visitor(second)
    assert told(call(shop, access(shop), signed(shop, pem))) == (200, "authorized")
    second.close()
