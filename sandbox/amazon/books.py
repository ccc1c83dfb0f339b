"""Amazon's own SQLite file: sellers, offers and what they were, orders and what they were, settings."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.market.books import Book, Unknown, moment, wire

MARKETPLACE = "A1VC38T7YXB528"
DATA = Path(__file__).parent / "data"
SCHEMA = """
CREATE TABLE IF NOT EXISTS sellers (
  id TEXT PRIMARY KEY, account TEXT NOT NULL UNIQUE, refresh_token TEXT NOT NULL, is_authorized INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS access_tokens (
  token TEXT PRIMARY KEY, seller_id TEXT NOT NULL, expires_at TEXT NOT NULL, is_revoked INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS settings (
  seller_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (seller_id, name));
CREATE TABLE IF NOT EXISTS restrictions (
  asin TEXT NOT NULL, seller_id TEXT NOT NULL, restriction TEXT NOT NULL, PRIMARY KEY (asin, seller_id));
CREATE TABLE IF NOT EXISTS submissions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, seller_id TEXT NOT NULL, sku TEXT NOT NULL, kind TEXT NOT NULL,
  content TEXT NOT NULL, at TEXT NOT NULL, due_at TEXT NOT NULL, is_done INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS submissions_due ON submissions (is_done, due_at, id);
CREATE INDEX IF NOT EXISTS submissions_of_sku ON submissions (seller_id, sku, id);
CREATE TABLE IF NOT EXISTS offers (
  seller_id TEXT NOT NULL, sku TEXT NOT NULL, state TEXT NOT NULL, suppress_at TEXT, PRIMARY KEY (seller_id, sku));
CREATE TABLE IF NOT EXISTS offer_versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, seller_id TEXT NOT NULL, sku TEXT NOT NULL, at TEXT NOT NULL, state TEXT);
CREATE INDEX IF NOT EXISTS versions_of_offer ON offer_versions (seller_id, sku, id);
CREATE TABLE IF NOT EXISTS lost_skus (seller_id TEXT NOT NULL, sku TEXT NOT NULL, PRIMARY KEY (seller_id, sku));
CREATE TABLE IF NOT EXISTS deleted_skus (
  seller_id TEXT NOT NULL, sku TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (seller_id, sku));
CREATE TABLE IF NOT EXISTS orders (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, seller_id TEXT NOT NULL, created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL, state TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS orders_of_seller ON orders (seller_id, updated_at, id);
CREATE TABLE IF NOT EXISTS order_versions (
  version INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, seller_id TEXT NOT NULL, at TEXT NOT NULL,
  state TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS versions_of_order ON order_versions (seller_id, id, version);
CREATE TABLE IF NOT EXISTS pages (
  token TEXT PRIMARY KEY, seller_id TEXT NOT NULL, made_at TEXT NOT NULL, asked TEXT NOT NULL, after TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS calls (
  seller_id TEXT NOT NULL, operation TEXT NOT NULL, status INTEGER NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (seller_id, operation, status));
"""
TABLES = (
    "sellers", "access_tokens", "settings", "restrictions", "submissions", "offers", "offer_versions", "lost_skus",
    "deleted_skus", "orders", "order_versions", "pages", "calls",
)  # fmt: skip


@cache
def data(name: str) -> Any:
    """A file of `data/`, read once."""
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))


def iso(time: datetime | str) -> str:
    """As Amazon writes a moment: UTC with Z."""
    at = moment(time) if isinstance(time, str) else time
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Books(Book):
    """`now` is the market's clock, which the control room can put forward."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        super().__init__(folder / "amazon.sqlite3", SCHEMA)
        self.now = now
        self._make_sellers()

    def _make_sellers(self) -> None:
        with self.books() as books:
            books.executemany(
                "INSERT OR IGNORE INTO sellers (id, account, refresh_token) VALUES (?, ?, ?)",
                [(each["id"], account, each["refresh_token"]) for account, each in data("sellers").items()],
            )

    def reset(self) -> None:
        """As on the first day; order ids are not used a second time."""
        with self.books() as books:
            for table in TABLES:
                books.execute(f"DELETE FROM {table}")  # noqa: S608 - constants
            self._make_sellers()

    def time(self, seconds_ago: float = 0) -> str:
        """The market's time as the book keeps it."""
        return wire(self.now() - timedelta(seconds=seconds_ago))

    def sellers(self) -> list[dict[str, Any]]:
        """With what is known of them beforehand: name, client, shipping templates."""
        with self.books() as books:
            rows = books.execute("SELECT * FROM sellers ORDER BY account").fetchall()
        return [data("sellers")[row["account"]] | dict(row) for row in rows]

    def seller(self, account: str) -> dict[str, Any]:
        """By account name or by Amazon's id."""
        for each in self.sellers():
            if account in (each["account"], each["id"]):
                return each
        raise Unknown(f"Amazonの出品者「{account}」はありません。")

    def count_call(self, seller_id: str, operation: str, status: int) -> None:
        with self.books() as books:
            books.execute(
                "INSERT INTO calls VALUES (?, ?, ?, 1)"
                " ON CONFLICT (seller_id, operation, status) DO UPDATE SET count = count + 1",
                [seller_id, operation, status],
            )

    def calls(self) -> list[dict[str, Any]]:
        """How often each operation was asked for, and what came of it."""
        accounts = {each["id"]: each["account"] for each in self.sellers()}
        with self.books() as books:
            rows: list[sqlite3.Row] = books.execute("SELECT * FROM calls ORDER BY 1, 2, 3").fetchall()
        return [
            {"seller": accounts.get(row["seller_id"], ""), "operation": row["operation"],
             "status": row["status"], "count": row["count"]}
            for row in rows
        ]  # fmt: skip
