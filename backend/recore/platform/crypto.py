"""Keys: encryption of buyer data, blind indexes, device tokens, short-lived signed tokens (architecture rule 13)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from recore.platform.errors import NotIdentified, Terminal

ENVELOPE_VERSION = 1


def new_token() -> str:
    """A random token of 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored of a random token (no salt needed: it cannot be guessed)."""
    return hashlib.sha256(token.encode()).hexdigest()


class Keyring:
    """Keys by id; the first encrypts, all decrypt. `purpose` and tenant bind a cipher to its place."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        if not keys or any(len(key) != 32 for key in keys.values()):
            raise ValueError("a keyring needs keys of 32 bytes")
        self._keys = keys
        self._current = next(iter(keys))
        self._root = next(reversed(keys.values()))  # the oldest: indexes and signatures must survive rotation

    @classmethod
    def open(cls, path: Path) -> Keyring:
        """From a JSON file {id: base64}, newest first; made with one key (mode 0600) when missing."""
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            stored = json.loads(path.read_text("ascii"))
            return cls({name: base64.b64decode(key) for name, key in stored.items()})
        key_id, key = secrets.token_hex(4), secrets.token_bytes(32)
        with os.fdopen(descriptor, "w") as file:
            json.dump({key_id: base64.b64encode(key).decode()}, file)
            file.flush()
            os.fsync(file.fileno())
        return cls({key_id: key})

    def encrypt_json(self, value: Any, *, tenant_id: int, purpose: str) -> bytes:
        """AES-256-GCM envelope: version, key id, nonce, cipher; bound to tenant and purpose."""
        nonce = secrets.token_bytes(12)
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        cipher = AESGCM(self._keys[self._current]).encrypt(nonce, plain, _bound(tenant_id, purpose))
        key_id = self._current.encode()
        return bytes((ENVELOPE_VERSION, len(key_id))) + key_id + nonce + cipher

    def decrypt_json(self, envelope: bytes, *, tenant_id: int, purpose: str) -> Any:
        """The inverse. Raises Terminal KEY_MISSING or CIPHER_BROKEN (wrong tenant, purpose or bytes)."""
        key_id, rest = _key_id(envelope), envelope[2 + envelope[1] :]
        key = self._keys.get(key_id)
        if key is None:
            raise Terminal("KEY_MISSING", "個人情報を読むための鍵がありません。", remedy="運用者に知らせてください。")
        try:
            plain = AESGCM(key).decrypt(rest[:12], rest[12:], _bound(tenant_id, purpose))
        except InvalidTag as error:
            raise Terminal("CIPHER_BROKEN", "個人情報を読めません。", remedy="運用者に知らせてください。") from error
        return json.loads(plain)

    def needs_rotation(self, envelope: bytes) -> bool:
        return _key_id(envelope) != self._current

    def blind_index(self, tenant_id: int, purpose: str, value: str) -> str:
        """A keyed hash to search by: equal values of one tenant and purpose give equal tokens."""
        return hmac.new(self._derived(f"index:{tenant_id}:{purpose}"), value.encode(), hashlib.sha256).hexdigest()

    def sign(self, purpose: str, payload: Any) -> str:
        """A short-lived token; see `verify`."""
        return self._serializer(purpose).dumps(payload)

    def verify(self, purpose: str, token: str, *, max_age_seconds: int) -> Any:
        """The payload. Raises NotIdentified TOKEN_EXPIRED or TOKEN_INVALID."""
        try:
            return self._serializer(purpose).loads(token, max_age=max_age_seconds)
        except SignatureExpired as error:
            raise NotIdentified(
                "TOKEN_EXPIRED", "このリンクの有効期限が切れました。", remedy="もう一度操作してください。"
            ) from error
        except BadSignature as error:
            raise NotIdentified("TOKEN_INVALID", "このリンクは使えません。", remedy="もう一度操作してください。") from error

    def _serializer(self, purpose: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._derived("sign"), salt=purpose)

    def _derived(self, info: str) -> bytes:
        return HKDF(algorithm=hashes.SHA256(), length=32, salt=b"recore", info=info.encode()).derive(self._root)


def phone_digits(phone: str) -> str:
    """Digits of a phone number, in any width, with Japan's +81 as a leading 0."""
    text = unicodedata.normalize("NFKC", phone)
    digits = "".join(char for char in text if char.isdigit())
    return "0" + digits[2:] if text.strip().startswith("+81") else digits


def name_bigrams(name: str) -> set[str]:
    """The pairs of neighbouring characters of a name, width and spaces aside; the name itself when it has only one."""
    text = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    return {text[at : at + 2] for at in range(len(text) - 1)} or ({text} if text else set())


def same_token(one: str, other: str) -> bool:
    return hmac.compare_digest(one, other)


def _bound(tenant_id: int, purpose: str) -> bytes:
    return f"{tenant_id}:{purpose}".encode()


def _key_id(envelope: bytes) -> str:
    if len(envelope) < 2 or envelope[0] != ENVELOPE_VERSION:
        raise Terminal("CIPHER_BROKEN", "個人情報を読めません。", remedy="運用者に知らせてください。")
    return envelope[2 : 2 + envelope[1]].decode()


