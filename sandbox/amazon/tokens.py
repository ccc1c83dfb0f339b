"""Who may ask: refresh tokens that live until the seller revokes them, access tokens that live for an hour."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from sandbox.amazon.settings import Settings
from sandbox.market.books import wire


class Tokens(Settings):
    def client(self, client_id: str, client_secret: str) -> dict[str, Any] | None:
        """Each seller's shop has a program of its own."""
        for each in self.sellers():
            if (each["client_id"], each["client_secret"]) == (client_id, client_secret):
                return each
        return None

    def new_access_token(self, seller_id: str) -> tuple[str, int]:
        """The token and for how many seconds it is good."""
        token = f"Atza|{secrets.token_urlsafe(40)}"
        life = timedelta(minutes=self.setting("token_minutes", seller_id))
        with self.books() as books:
            books.execute(
                "INSERT INTO access_tokens (token, seller_id, expires_at) VALUES (?, ?, ?)",
                [token, seller_id, wire(self.now() + life)],
            )
        return token, int(life.total_seconds())

    def token(self, token: str) -> dict[str, Any] | None:
        """Whose it is and whether it is over or void; None for one that there never was."""
        with self.books() as books:
            row = books.execute("SELECT * FROM access_tokens WHERE token = ?", [token]).fetchone()
        return None if row is None else dict(row) | {"is_over": row["expires_at"] <= self.time()}

    def revoke(self, seller_id: str) -> None:
        """The seller takes the authorisation back in Seller Central."""
        with self.books() as books:
            books.execute("UPDATE sellers SET is_authorized = 0 WHERE id = ?", [seller_id])
            books.execute("UPDATE access_tokens SET is_revoked = 1 WHERE seller_id = ?", [seller_id])

    def authorize(self, seller_id: str) -> str:
        """The seller allows the program again: a new refresh token, the old one stays void."""
        refresh = f"Atzr|{secrets.token_urlsafe(24)}"
        with self.books() as books:
            books.execute(
                "UPDATE sellers SET is_authorized = 1, refresh_token = ? WHERE id = ?", [refresh, seller_id]
            )
        return refresh

    def expire_tokens(self, seller_id: str) -> None:
        """All access tokens are over before their hour."""
        with self.books() as books:
            books.execute(
                "UPDATE access_tokens SET expires_at = ? WHERE seller_id = ? AND expires_at > ?",
                [self.time(), seller_id, self.time()],
            )
