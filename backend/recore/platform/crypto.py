"""Keys: encryption of buyer data, blind indexes to search it, random and signed tokens (architecture rule 13).

What the indexes give away to a reader of the database without the key file: which rows share a value, and how often
one occurs. The last four digits have 10,000 values, so without the key they are still safe, with it they are not.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from itsdangerous import BadData, URLSafeSerializer

from recore.platform import clock
from recore.platform.errors import NotIdentified, Terminal
from recore.platform.files import create_once, sync_directory
from recore.platform.text_ja import fold

ENVELOPE_VERSION = 1
FILE_VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12
_KEY_ID = re.compile(r"[0-9a-z]{1,32}")
_DIGITS = re.compile(r"[0-9]+")
# What people write between the digits of a phone number or postcode, after NFKC: dashes of every kind, brackets, 〒.
_BETWEEN_DIGITS = re.compile(r"[-‐‑‒–—―−ー・.()+〒\s]+")


class IndexKind(StrEnum):
    """What a blind index token stands for; also the purpose its key is derived for."""

    PHONE = "phone"
    PHONE_LAST4 = "phone_last4"
    NAME = "name"
    POSTCODE = "postcode"


class IndexToken(NamedTuple):
    """`token`: 64 hex digits."""

    purpose: IndexKind
    token: str


class BadKeyFile(SystemExit):
    """The key file is missing, damaged or cannot be made; the message says what to do and holds no key."""


class Keyring:
    """Encryption keys by id, newest first: the first encrypts, all decrypt.

    `index_root` is apart from them, so that replacing an encryption key leaves every blind index valid.
    """

    def __init__(self, keys: dict[str, bytes], index_root: bytes) -> None:
        """ValueError unless every key has 32 bytes and every id is 1–32 of [0-9a-z]."""
        if not keys or any(len(key) != KEY_BYTES for key in (*keys.values(), index_root)):
            raise ValueError("a keyring needs keys of 32 bytes")
        if not all(_KEY_ID.fullmatch(name) for name in keys):
            raise ValueError("a key id is 1 to 32 of [0-9a-z]")
        self._keys = dict(keys)
        self._current = next(iter(keys))
        self._index_root = index_root

    def __repr__(self) -> str:
        return f"<Keyring {', '.join(self._keys)}>"

    @classmethod
    def generate(cls) -> Keyring:
        return cls({secrets.token_hex(4): secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))

    @classmethod
    def open(cls, path: Path) -> Keyring:
        """From the key file; made (mode 0600, whole or not at all) when missing. Several processes may start at once."""
        if not path.exists():
            cls.generate()._create(path)
        return cls.load(path)

    @classmethod
    def load(cls, path: Path) -> Keyring:
        """From an existing key file. Raises BadKeyFile."""
        try:
            stored = json.loads(path.read_text("ascii"))
            if stored["version"] != FILE_VERSION:
                raise ValueError(stored["version"])
            keys = {each["id"]: _decoded(each["key"]) for each in stored["keys"]}
            return cls(keys, _decoded(stored["index_root"]))
        except FileNotFoundError:
            reason = "鍵ファイルがありません。バックアップから戻してください"
        except OSError as error:
            reason = f"鍵ファイルを読めません（{error.strerror}）"
        except (ValueError, KeyError, TypeError):
            reason = (
                "鍵ファイルが壊れているか、このバージョンのものではありません。バックアップから戻してください"
            )
        raise BadKeyFile(f"{path}: {reason}")  # outside the handlers: a chained parse error quotes the file

    @classmethod
    def add_key(cls, path: Path) -> Keyring:
        """Put a fresh key first in the key file; rows follow with `needs_rotation` and `rotate`. Raises BadKeyFile.

        Running processes must be started anew before anything is encrypted with it: they cannot read it yet.
        """
        beside = path.with_name(path.name + ".new")
        try:
            descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            raise BadKeyFile(
                f"{beside}: 鍵の追加がすでに行われています。行われていなければこのファイルを消してください"
            ) from None
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                old = cls.load(path)
                new = cls(
                    {secrets.token_hex(4): secrets.token_bytes(KEY_BYTES), **old._keys}, old._index_root
                )
                file.write(new._text())
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
        sync_directory(path.parent)
        return new

    def encrypt_json(self, value: Any, *, tenant_id: int, table: str, purpose: str) -> bytes:
        """AES-256-GCM envelope of a JSON value: version, length of the key id, key id, nonce, cipher with tag.

        Bound to tenant, table and purpose: moved to another of them it no longer opens.
        """
        nonce = secrets.token_bytes(NONCE_BYTES)
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        header = _header(self._current)
        cipher = AESGCM(self._keys[self._current]).encrypt(
            nonce, plain, _bound(header, tenant_id, table, purpose)
        )
        return header + nonce + cipher

    def decrypt_json(self, envelope: bytes, *, tenant_id: int, table: str, purpose: str) -> Any:
        """The inverse. Raises Terminal KEY_MISSING (no such key here) or CIPHER_BROKEN (wrong place, key or bytes)."""
        key_id = _key_id(envelope)
        key = self._keys.get(key_id)
        if key is None:
            raise Terminal(
                "KEY_MISSING",
                f"個人情報を読むための鍵（{key_id}）がありません。",
                item=table,
                remedy="運用者に、鍵ファイルをバックアップから戻すよう知らせてください。",
            )
        header, rest = _header(key_id), envelope[len(_header(key_id)) :]
        try:
            plain = AESGCM(key).decrypt(
                rest[:NONCE_BYTES], rest[NONCE_BYTES:], _bound(header, tenant_id, table, purpose)
            )
        except (InvalidTag, ValueError) as error:  # ValueError: cut off within the nonce or tag
            raise _broken(table) from error
        return json.loads(plain)

    def needs_rotation(self, envelope: bytes) -> bool:
        """Whether an older key than the newest made it. Raises Terminal CIPHER_BROKEN."""
        return _key_id(envelope) != self._current

    def rotate(self, envelope: bytes, *, tenant_id: int, table: str, purpose: str) -> bytes:
        """The same value under the newest key. Raises what `decrypt_json` raises."""
        value = self.decrypt_json(envelope, tenant_id=tenant_id, table=table, purpose=purpose)
        return self.encrypt_json(value, tenant_id=tenant_id, table=table, purpose=purpose)

    def blind_index(self, tenant_id: int, purpose: str, value: str) -> str:
        """HMAC-SHA256 (64 hex digits) to search by: equal only for equal values of one tenant and purpose."""
        key = _derived(self._index_root, "index", tenant_id, purpose)
        return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()

    def buyer_tokens(
        self, tenant_id: int, *, name: str = "", phone: str = "", postcode: str = ""
    ) -> set[IndexToken]:
        """Every token to store for a person; empty fields give none."""
        digits, code = phone_digits(phone), postcode_digits(postcode)
        pairs = [(IndexKind.NAME, gram) for gram in name_bigrams(name) | name_initial(name)]
        pairs += [(IndexKind.PHONE, digits)] if digits else []
        pairs += [(IndexKind.PHONE_LAST4, digits[-4:])] if len(digits) >= 4 else []
        pairs += [(IndexKind.POSTCODE, code)] if code else []
        return self._tokens(tenant_id, pairs)

    def query_tokens(self, tenant_id: int, text: str) -> list[set[IndexToken]]:
        """What a search text may mean: a row is a candidate when it has *all* tokens of *any one* set of the list.

        Digits: 4 = the end of a phone number, 7 = postcode or phone, else a phone; other words: part of a name (a
        single character: the first of the name); both: both must hold. Bigrams do not say where they stood, so check
        the decrypted rows. [] for an empty text.
        """
        digits, name = _split_query(text)
        grams = name_bigrams(name) or name_initial(name)
        named = self._tokens(tenant_id, ((IndexKind.NAME, gram) for gram in grams))
        if not digits:
            return [named] if named else []
        kinds = {4: [IndexKind.PHONE_LAST4], 7: [IndexKind.POSTCODE, IndexKind.PHONE]}.get(
            len(digits), [IndexKind.PHONE]
        )
        return [named | self._tokens(tenant_id, [(kind, digits)]) for kind in kinds]

    def sign(self, purpose: str, payload: Any, expires_at: datetime) -> str:
        """A URL-safe token of a JSON payload, readable by anyone, forgeable by none; see `verify`."""
        return self._serializer(purpose).dumps([int(expires_at.timestamp()), payload])

    def verify(self, purpose: str, token: str) -> Any:
        """The payload. Raises NotIdentified TOKEN_INVALID (also: another purpose) or TOKEN_EXPIRED."""
        try:
            expires_at, payload = self._serializer(purpose).loads(token)
        except BadData as error:
            raise NotIdentified(
                "TOKEN_INVALID", "このリンクは使えません。", remedy="もう一度操作してください。"
            ) from error
        if clock.now().timestamp() >= expires_at:
            raise NotIdentified(
                "TOKEN_EXPIRED", "このリンクの有効期限が切れました。", remedy="もう一度操作してください。"
            )
        return payload

    def _tokens(self, tenant_id: int, pairs: Iterable[tuple[IndexKind, str]]) -> set[IndexToken]:
        return {IndexToken(kind, self.blind_index(tenant_id, kind, value)) for kind, value in pairs}

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        oldest_first = [_derived(key, "sign", purpose) for key in reversed(self._keys.values())]
        return URLSafeSerializer(
            oldest_first,
            salt=purpose,
            signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
        )

    def _create(self, path: Path) -> None:
        try:
            create_once(path, self._text())
        except OSError as error:
            raise BadKeyFile(f"{path}: 鍵ファイルを作れません（{error.strerror}）") from error

    def _text(self) -> str:
        keys = [{"id": name, "key": _encoded(key)} for name, key in self._keys.items()]
        return json.dumps({"version": FILE_VERSION, "keys": keys, "index_root": _encoded(self._index_root)})


def new_token() -> str:
    """A random token of 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored of a random token: 64 hex digits (no salt needed: it cannot be guessed)."""
    return hashlib.sha256(token.encode()).hexdigest()


def same_token(one: str, other: str) -> bool:
    """Compare in constant time; any text is allowed."""
    return hmac.compare_digest(one.encode(), other.encode())


def phone_digits(phone: str) -> str:
    """Digits of a phone number, in any width, with Japan's +81 or +81(0) as a leading 0."""
    text = unicodedata.normalize("NFKC", phone).strip()
    digits = "".join(_DIGITS.findall(text))
    return "0" + digits[2:].removeprefix("0") if text.startswith("+81") else digits


def postcode_digits(postcode: str) -> str:
    """Digits of a postcode, in any width."""
    return "".join(_DIGITS.findall(unicodedata.normalize("NFKC", postcode)))


def name_bigrams(name: str) -> set[str]:
    """Pairs of neighbouring characters of the folded name, spaces aside: width, case and kana kind do not matter."""
    text = _joined(name)
    return {text[at : at + 2] for at in range(len(text) - 1)}


def name_initial(name: str) -> set[str]:
    """The first character behind a `^`: it lets 林 be found by one character, which has no bigram."""
    text = _joined(name)
    return {"^" + text[0]} if text else set()


def _joined(name: str) -> str:
    return fold(name).replace(" ", "")


def _split_query(text: str) -> tuple[str, str]:
    """(digits, the rest) of a search text: a word is digits when nothing but separators is between them."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _DIGITS.fullmatch(_BETWEEN_DIGITS.sub("", plain)):
        return phone_digits(plain), ""
    words = [(word, _BETWEEN_DIGITS.sub("", word)) for word in plain.split()]
    numeric = [word for word, bare in words if _DIGITS.fullmatch(bare)]
    return phone_digits("".join(numeric)), "".join(word for word, _ in words if word not in numeric)


def _bound(header: bytes, tenant_id: int, table: str, purpose: str) -> bytes:
    """Associated data; JSON, so that no two places read alike."""
    return header + json.dumps([tenant_id, table, purpose]).encode()


def _derived(root: bytes, *info: str | int) -> bytes:
    hkdf = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=b"recore", info=json.dumps(info).encode())
    return hkdf.derive(root)


def _header(key_id: str) -> bytes:
    return bytes((ENVELOPE_VERSION, len(key_id))) + key_id.encode()


def _key_id(envelope: bytes) -> str:
    found = envelope[2 : 2 + envelope[1]].decode("latin-1") if len(envelope) > 2 else ""
    if (
        not envelope[:1] == bytes((ENVELOPE_VERSION,))
        or not _KEY_ID.fullmatch(found)
        or len(found) != envelope[1]
    ):
        raise _broken(None)
    return found


def _broken(table: str | None) -> Terminal:
    return Terminal(
        "CIPHER_BROKEN",
        "個人情報を読めません（鍵が違うか、データが壊れています）。",
        item=table,
        remedy="運用者に知らせてください。",
    )


def _encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _decoded(text: str) -> bytes:
    """ValueError for anything but base64."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
