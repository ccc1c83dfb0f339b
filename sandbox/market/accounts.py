"""Who may log in, living sessions, and the one-time tokens of forms."""

from __future__ import annotations

import secrets
import sqlite3
from datetime import UTC, datetime, timedelta

from sandbox.market.books import Unknown, wire
from sandbox.market.grants import Grants

STATUSES = ("未処理", "入金済み", "発送済み", "対応終了")
CANCEL = "キャンセル"
TOKEN_LIFE = timedelta(hours=1)  # of real time


class Accounts(Grants):
    def stores(self) -> list[sqlite3.Row]:
        with self.books() as books:
            return books.execute("SELECT * FROM stores ORDER BY rowid").fetchall()

    def store(self, store_id: str) -> sqlite3.Row:
        for row in self.stores():
            if row["id"] == store_id:
                return row
        raise Unknown(f"ストア「{store_id}」はありません。")

    def create_cancel_status(self, store_id: str, *, exists: bool = True) -> None:
        self.store(store_id)
        with self.books() as books:
            books.execute("UPDATE stores SET has_cancel_status = ? WHERE id = ?", [int(exists), store_id])

    def status_words(self, store: sqlite3.Row) -> list[str]:
        """What the shop may choose from: キャンセル only after it has created that status itself."""
        return [*STATUSES, *([CANCEL] if store["has_cancel_status"] else [])]

    def log_in(self, login: str, password: str) -> str | None:
        """The new session's id, or None when they do not fit."""
        with self.books() as books:
            store = books.execute(
                "SELECT id FROM stores WHERE login = ? AND password = ?", [login, password]
            ).fetchone()
            if store is None:
                return None
            sid = secrets.token_hex(16)
            books.execute("INSERT INTO sessions (sid, store_id) VALUES (?, ?)", [sid, store["id"]])
        return sid

    def log_out(self, sid: str) -> None:
        with self.books() as books:
            books.execute("DELETE FROM sessions WHERE sid = ?", [sid])

    def store_of(self, sid: str) -> str | None:
        """Whose session it is, without counting a request."""
        with self.books() as books:
            row = books.execute("SELECT store_id FROM sessions WHERE sid = ?", [sid]).fetchone()
        return row["store_id"] if row else None

    def session_store(self, sid: str) -> sqlite3.Row | None:
        """The store of a living session; every call is one request of it."""
        limit = self.setting("expire_after_requests", self.store_of(sid))
        with self.books() as books:
            books.execute("UPDATE sessions SET requests = requests + 1 WHERE sid = ?", [sid])
            if limit:
                books.execute("DELETE FROM sessions WHERE sid = ? AND requests > ?", [sid, limit])
            row: sqlite3.Row | None = books.execute(
                "SELECT stores.* FROM sessions JOIN stores ON stores.id = store_id WHERE sid = ?", [sid]
            ).fetchone()
        return row

    def expire_sessions(self, store_id: str | None = None) -> None:
        if store_id is not None:
            self.store(store_id)
        with self.books() as books:
            books.execute("DELETE FROM sessions WHERE ? IS NULL OR store_id = ?", [store_id, store_id])

    def new_token(self, sid: str) -> str:
        token, now = secrets.token_hex(8), datetime.now(UTC)
        with self.books() as books:
            books.execute("DELETE FROM tokens WHERE made_at < ?", [wire(now - TOKEN_LIFE)])
            books.execute("INSERT INTO tokens VALUES (?, ?, ?)", [token, sid, wire(now)])
        return token

    def use_token(self, token: str, sid: str) -> bool:
        """A token is for one request of the session that it was shown to."""
        with self.books() as books:
            used = books.execute("DELETE FROM tokens WHERE token = ? AND sid = ?", [token, sid])
            return used.rowcount == 1
