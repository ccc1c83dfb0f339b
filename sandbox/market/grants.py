"""What a shop has allowed a program (Yahoo! ID連携): codes, access tokens, refresh tokens, and when they end."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any

from sandbox.market.books import wire
from sandbox.market.settings import Settings

CLIENT_ID, CLIENT_SECRET = "sandbox-client-id", "sandbox-client-secret"
CODE_LIFE = timedelta(minutes=10)
ACCESS_LIFE = timedelta(hours=1)
SESSION_LIFE = timedelta(hours=12)  # what the order API lets pass without 公開鍵認証
LONG_LIFE = timedelta(weeks=4)  # with it; and of the refresh tokens of programs that do not use the order API


class Grants(Settings):
    def new_code(self, store_id: str, **detail: str) -> str:
        return self._new_grant("code", store_id, CODE_LIFE, detail)

    def new_access_token(self, store_id: str, authorized_at: str) -> str:
        return self._new_grant("access", store_id, ACCESS_LIFE, {"authorized_at": authorized_at})

    def authorize(self, store_id: str) -> tuple[str, str]:
        """Access and refresh token: a refresh token that still lives stays the same and lives on."""
        now = wire(self.now())
        with self.books() as books:
            found = books.execute(
                "SELECT token FROM grants WHERE kind = 'refresh' AND store_id = ? AND expires_at > ?",
                [store_id, now],
            ).fetchone()
            detail = {"authorized_at": now}
            refresh = self._new_grant(
                "refresh", store_id, self._refresh_life(), detail, found["token"] if found else None
            )
        return self.new_access_token(store_id, now), refresh

    def grant(self, kind: str, token: str) -> dict[str, Any] | None:
        """Its store and details, and whether it is over; None for a token that there never was."""
        with self.books() as books:
            row = books.execute("SELECT * FROM grants WHERE kind = ? AND token = ?", [kind, token]).fetchone()
        if row is None:
            return None
        is_over = row["expires_at"] <= wire(self.now())
        return {"store_id": row["store_id"], "is_over": is_over, **json.loads(row["detail"])}

    def use_code(self, code: str) -> dict[str, Any] | None:
        """A code is good once, also for a request that gets something else wrong."""
        with self.books() as books:
            found = self.grant("code", code)
            books.execute("DELETE FROM grants WHERE token = ?", [code])
        return None if found is None or found["is_over"] else found

    def revoke(self, store_id: str) -> None:
        with self.books() as books:
            books.execute("DELETE FROM grants WHERE store_id = ?", [store_id])

    def _refresh_life(self) -> timedelta:
        return LONG_LIFE if self.setting("api_session_ends") == "order_api" else SESSION_LIFE

    def _new_grant(
        self, kind: str, store_id: str, life: timedelta, detail: dict[str, str], token: str | None = None
    ) -> str:
        token = token or secrets.token_urlsafe(24)
        with self.books() as books:
            books.execute(
                "INSERT OR REPLACE INTO grants VALUES (?, ?, ?, ?, ?)",
                [token, kind, store_id, wire(self.now() + life), json.dumps(detail)],
            )
        return token
