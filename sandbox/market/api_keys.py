"""公開鍵認証 of the order API: the keys of a store (Yahoo! keeps the private halves), and what a signature is worth."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sandbox.market.books import Unknown, wire
from sandbox.market.csv_templates import CsvTemplates

KEY_LIFE = timedelta(days=365)
MOST_ENABLED = 2
AUTHORIZED = "authorized"
PEM = serialization.Encoding.PEM


class ApiKeys(CsvTemplates):
    def api_keys(self, store_id: str | None = None) -> list[dict[str, Any]]:
        """Without their secret; is_expired by the market's clock."""
        now = wire(self.now())
        with self.books() as books:
            rows = books.execute(
                "SELECT store_id, version, public_key, enabled, issued_at, expires_at FROM api_keys"
                " WHERE ? IS NULL OR store_id = ? ORDER BY store_id, version",
                [store_id, store_id],
            ).fetchall()
        return [
            dict(row) | {"enabled": bool(row["enabled"]), "is_expired": row["expires_at"] <= now}
            for row in rows
        ]

    def issue_api_key(self, store_id: str) -> tuple[int, str]:
        """公開鍵発行: the next version, enabled at once, and its public half as PEM."""
        self.store(store_id)
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        private = made.private_bytes(
            PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        public = made.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
        now = self.now()
        with self.books() as books:
            self._refuse_a_third(store_id)
            (version,) = books.execute(
                "SELECT COALESCE(MAX(version), 0) + 1 FROM api_keys WHERE store_id = ?", [store_id]
            ).fetchone()
            books.execute(
                "INSERT INTO api_keys VALUES (?, ?, ?, ?, 1, ?, ?)",
                [store_id, version, private, public, wire(now), wire(now + KEY_LIFE)],
            )
        return int(version), public

    def set_api_key(self, store_id: str, version: int, *, enabled: bool, expired: bool | None = None) -> None:
        """有効 or 無効; the control room can also end a key's year, or let it begin again."""
        self.store(store_id)
        now = self.now()
        with self.books() as books:
            if version not in {key["version"] for key in self.api_keys(store_id)}:
                raise Unknown(f"ストア「{store_id}」に公開鍵のバージョン「{version}」はありません。")
            if expired is not None:
                books.execute(
                    "UPDATE api_keys SET expires_at = ? WHERE store_id = ? AND version = ?",
                    [wire(now if expired else now + KEY_LIFE), store_id, version],
                )
            if enabled:
                self._refuse_a_third(store_id, but=version)
            books.execute(
                "UPDATE api_keys SET enabled = ? WHERE store_id = ? AND version = ?",
                [int(enabled), store_id, version],
            )

    def _refuse_a_third(self, store_id: str, but: int = 0) -> None:
        others = [
            key
            for key in self.api_keys(store_id)
            if key["enabled"] and not key["is_expired"] and key["version"] != but
        ]
        if len(others) >= MOST_ENABLED:
            raise Unknown(f"有効にできる公開鍵は{MOST_ENABLED}個までです。ほかの公開鍵を無効にしてください。")

    def authorize_status(self, store_id: str | None, headers: Mapping[str, str]) -> str:
        """The word of X-SWS-Authorize-Status for a request of a store's program; None: of nobody's."""
        signature = headers.get("X-sws-signature")
        version = headers.get("X-sws-signature-version", "").strip()
        if signature is None:
            return "none"
        if store_id is None:
            return "unauthorized"
        if not re.fullmatch(r"[1-9][0-9]{0,8}", version):
            return "invalid-key-version"
        key = next((each for each in self.api_keys(store_id) if each["version"] == int(version)), None)
        if key is None:
            return "not-found-key-version"
        if key["is_expired"]:
            return "expired-key-version"
        return self._worth(key, signature) if key["enabled"] else "invalid-key-status"

    def _worth(self, key: Mapping[str, Any], signature: str) -> str:
        """Of what was encrypted with a good key."""
        try:
            seller, colon, seconds = self._decrypted(key, signature).partition(":")
        except ValueError:
            return "invalid-authorize-value"
        if not colon:
            return "invalid-authorize-value"
        if seller != key["store_id"]:
            return "invalid-sellerid"
        if not seconds.isdigit():
            return "invalid-timestamp"
        age = abs(int(self.now().timestamp()) - int(seconds))
        return "expired-timestamp" if age > self.setting("signature_seconds", seller) else AUTHORIZED

    def _decrypted(self, key: Mapping[str, Any], signature: str) -> str:
        """Raises ValueError. What another key encrypted may also come out as random bytes."""
        with self.books() as books:
            (pem,) = books.execute(
                "SELECT private_key FROM api_keys WHERE store_id = ? AND version = ?",
                [key["store_id"], key["version"]],
            ).fetchone()
        private = serialization.load_pem_private_key(pem.encode(), None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise TypeError("not an RSA key")
        return private.decrypt(base64.b64decode(signature, validate=True), padding.PKCS1v15()).decode("ascii")
