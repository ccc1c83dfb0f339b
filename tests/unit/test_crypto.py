"""Rule 13: buyer data opens only in its own place, keys can be replaced, and search needs no plain text."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from recore.platform.crypto import (
    BadKeyFile,
    IndexKind,
    IndexToken,
    Keyring,
    hash_token,
    name_bigrams,
    new_token,
    phone_digits,
    same_token,
)
from recore.platform.errors import NotIdentified, Terminal

OLD, NEW, ROOT = b"o" * 32, b"n" * 32, b"r" * 32
BUYER = {"氏名": "山田 太郎", "電話": "090-1234-5678"}
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def ring() -> Keyring:
    return Keyring({"old1": OLD}, ROOT)


def seal(ring: Keyring) -> bytes:
    return ring.encrypt_json(BUYER, tenant_id=1, table="order_buyers", purpose="buyer")


def unseal(
    ring: Keyring, envelope: bytes, tenant_id: int = 1, table: str = "order_buyers", purpose: str = "buyer"
) -> object:
    return ring.decrypt_json(envelope, tenant_id=tenant_id, table=table, purpose=purpose)


def test_r24_what_was_encrypted_comes_back_and_names_its_key(ring: Keyring) -> None:
    envelope = seal(ring)
    assert envelope[:6] == b"\x01\x04old1"
    assert "山田".encode() not in envelope
    assert unseal(ring, envelope) == BUYER
    assert seal(ring) != envelope


@pytest.mark.parametrize("place", [{"tenant_id": 2}, {"table": "sellers"}, {"purpose": "seller"}])
def test_r24_a_cipher_moved_to_another_place_does_not_open(ring: Keyring, place: dict[str, object]) -> None:
    with pytest.raises(Terminal) as caught:
        unseal(ring, seal(ring), **place)  # type: ignore[arg-type]
    assert caught.value.code == "CIPHER_BROKEN"


def test_r24_places_cannot_be_joined_into_one_another(ring: Keyring) -> None:
    envelope = ring.encrypt_json(1, tenant_id=1, table="a", purpose="b:c")
    with pytest.raises(Terminal):
        ring.decrypt_json(envelope, tenant_id=1, table="a:b", purpose="c")


def test_r24_every_changed_bit_and_every_cut_is_noticed(ring: Keyring) -> None:
    envelope = seal(ring)
    damaged = [envelope[:cut] for cut in range(len(envelope))]
    damaged += [envelope[:at] + bytes((byte ^ 1,)) + envelope[at + 1 :] for at, byte in enumerate(envelope)]
    for each in damaged:
        with pytest.raises(Terminal) as caught:
            unseal(ring, each)
        assert caught.value.code in ("CIPHER_BROKEN", "KEY_MISSING")


@given(st.binary(max_size=80))
def test_r24_noise_is_a_typed_refusal(noise: bytes) -> None:
    with pytest.raises(Terminal):
        unseal(Keyring({"old1": OLD}, ROOT), noise)


def test_r24_a_wrong_key_and_a_missing_key_are_told_apart(ring: Keyring) -> None:
    with pytest.raises(Terminal) as wrong:
        unseal(Keyring({"old1": NEW}, ROOT), seal(ring))
    with pytest.raises(Terminal) as missing:
        unseal(Keyring({"new1": NEW}, ROOT), seal(ring))
    assert (wrong.value.code, missing.value.code) == ("CIPHER_BROKEN", "KEY_MISSING")
    assert "old1" in missing.value.message


def test_r24_after_rotation_the_old_opens_and_the_new_key_seals(ring: Keyring) -> None:
    envelope = seal(ring)
    both = Keyring({"new1": NEW, "old1": OLD}, ROOT)
    assert both.needs_rotation(envelope)
    moved = both.rotate(envelope, tenant_id=1, table="order_buyers", purpose="buyer")
    assert not both.needs_rotation(moved)
    assert unseal(Keyring({"new1": NEW}, ROOT), moved) == BUYER


def test_r24_indexes_survive_rotation(ring: Keyring) -> None:
    both = Keyring({"new1": NEW, "old1": OLD}, ROOT)
    assert both.buyer_tokens(1, name="山田", phone="0312345678") == ring.buyer_tokens(
        1, name="山田", phone="0312345678"
    )


def test_r24_indexes_are_known_values_and_differ_by_tenant_purpose_and_root(ring: Keyring) -> None:
    token = ring.blind_index(1, "phone", "09012345678")
    others = [
        ring.blind_index(2, "phone", "09012345678"),
        ring.blind_index(1, "postcode", "09012345678"),
        Keyring({"old1": OLD}, NEW).blind_index(1, "phone", "09012345678"),
    ]
    # Worked out with hmac alone (RFC 5869): stored indexes stay valid only while this stands.
    assert token == "6ade8a212ac7fcbd1fbbfc10c480c578a26e2dc458d1043624806bf5106bb3fb"
    assert token not in others and len(set(others)) == 3


def found(ring: Keyring, text: str, tenant_id: int = 1) -> bool:
    stored = ring.buyer_tokens(1, name="ﾔﾏﾀﾞ　Ｔａｒｏ", phone="+81 90-1234-5678", postcode="〒100－0001")
    return any(meant <= stored for meant in ring.query_tokens(tenant_id, text))


@pytest.mark.parametrize(
    "text",
    [
        "090-1234-5678",
        "０９０１２３４５６７８",
        "090 1234 5678",
        "+81 (0)90 1234 5678",
        "5678",
        "１００－０００１",
        "1000001",
        "〒100-0001",
        "やまだ",
        "ヤマダ taro",
        "マダ",
        "や",
        "だ T",
        "やまだ 5678",
        "5678 taro",
        "やまだ 100-0001",
    ],
)
def test_r24_a_buyer_is_found_however_it_is_typed(ring: Keyring, text: str) -> None:
    assert found(ring, text)


@pytest.mark.parametrize(
    "text", ["", "  ", "090-1234-5679", "1234", "10000", "やまぐち", "ま", "やまだ 0000", "2000001", "-"]
)
def test_r24_a_buyer_is_not_found_by_what_it_is_not(ring: Keyring, text: str) -> None:
    assert not found(ring, text)


def test_r24_another_tenants_search_finds_nothing(ring: Keyring) -> None:
    assert not found(ring, "5678", tenant_id=2)


def test_r24_a_person_has_exactly_these_tokens(ring: Keyring) -> None:
    values = {
        (IndexKind.NAME, "^林"), (IndexKind.NAME, "林太"), (IndexKind.NAME, "太郎"), (IndexKind.POSTCODE, "1000001"),
        (IndexKind.PHONE, "0312345678"), (IndexKind.PHONE_LAST4, "5678"),
    }  # fmt: skip
    expected = {IndexToken(kind, ring.blind_index(1, kind, value)) for kind, value in values}
    assert ring.buyer_tokens(1, name="林 太郎", phone="03-1234-5678", postcode="100-0001") == expected
    assert ring.buyer_tokens(1, name=" ", phone="なし", postcode="") == set()


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("+81-3-1234-5678", "0312345678"),
        ("＋８１(0)3 1234 5678", "0312345678"),
        ("03ー1234ー5678", "0312345678"),
        ("٣", ""),
    ],
)
def test_r24_phone_numbers_are_brought_to_one_form(typed: str, digits: str) -> None:
    assert phone_digits(typed) == digits


def test_r24_bigrams_ignore_width_spaces_and_kana_kind() -> None:
    assert name_bigrams("サトウ　ハナ") == {"さと", "とう", "うは", "はな"} == name_bigrams("ｻﾄｳﾊﾅ")


def test_r32_a_key_file_is_made_once_private_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "keys.json"
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: Keyring.open(path), range(8)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["keys.json"]
    assert {unseal(each, seal(rings[0]))["氏名"] for each in rings} == {"山田 太郎"}  # type: ignore[index]


def test_r32_adding_a_key_keeps_the_old_one_and_the_mode(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    before = Keyring.open(path)
    added = Keyring.add_key(path)
    loaded = Keyring.load(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert unseal(loaded, seal(before)) == unseal(loaded, seal(added)) == BUYER
    assert loaded.needs_rotation(seal(before)) and not loaded.needs_rotation(seal(added))
    assert loaded.blind_index(1, "phone", "1") == before.blind_index(1, "phone", "1")
    assert [each.name for each in tmp_path.iterdir()] == ["keys.json"]


def test_r32_two_rotations_at_once_never_lose_a_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    Keyring.open(path)
    (tmp_path / "keys.json.new").touch()
    with pytest.raises(BadKeyFile, match=r"keys.json.new"):
        Keyring.add_key(path)
    assert len(json.loads(path.read_text())["keys"]) == 1
    assert (tmp_path / "keys.json.new").exists()


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", "{}", '{"version": 2, "keys": [], "index_root": ""}', '{"old": "c2VjcmV0"}']
)
def test_r32_a_damaged_key_file_stops_the_start_and_stays_as_it_is(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(damage)
    with pytest.raises(BadKeyFile, match=r"keys.json: .*壊れている") as caught:
        Keyring.open(path)
    assert path.read_text() == damage
    assert "c2VjcmV0" not in str(caught.value) and caught.value.__context__ is None


def test_r32_a_missing_key_file_is_never_replaced_by_load(tmp_path: Path) -> None:
    with pytest.raises(BadKeyFile, match="鍵ファイルがありません"):
        Keyring.load(tmp_path / "keys.json")
    assert list(tmp_path.iterdir()) == []


def test_r32_no_key_appears_when_a_keyring_is_printed(ring: Keyring) -> None:
    assert repr(ring) == str(ring) == "<Keyring old1>"


def test_r13_signed_tokens_hold_for_one_purpose_until_they_expire(ring: Keyring) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        token = ring.sign("photo.phone", {"item": 7}, NOON + timedelta(minutes=5))
        assert ring.verify("photo.phone", token) == {"item": 7}
        assert Keyring({"new1": NEW, "old1": OLD}, ROOT).verify("photo.phone", token) == {"item": 7}
        for purpose, text in (
            ("pairing", token),
            ("photo.phone", token[:-1]),
            ("photo.phone", ""),
            ("photo.phone", "é.é"),
        ):
            with pytest.raises(NotIdentified) as caught:
                ring.verify(purpose, text)
            assert caught.value.code == "TOKEN_INVALID"
        clock.shift(300)
        with pytest.raises(NotIdentified) as caught:
            ring.verify("photo.phone", token)
        assert caught.value.code == "TOKEN_EXPIRED"


def test_r13_random_tokens_are_long_fresh_and_stored_as_a_hash() -> None:
    assert len(new_token()) == 43 and new_token() != new_token()
    assert hash_token("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert same_token("あ", "あ") and not same_token("あ", "い")
