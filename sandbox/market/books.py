"""The market's SQLite file: tables, the accounts that exist, and one transaction at a time."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS stores (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, login TEXT NOT NULL UNIQUE, password TEXT NOT NULL,
  is_store INTEGER NOT NULL, has_cancel_status INTEGER NOT NULL DEFAULT 0, tool TEXT NOT NULL DEFAULT 'classic');
CREATE TABLE IF NOT EXISTS sessions (
  sid TEXT PRIMARY KEY, store_id TEXT NOT NULL REFERENCES stores, requests INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, sid TEXT NOT NULL, made_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS auctions (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, store_id TEXT NOT NULL REFERENCES stores,
  management_number TEXT NOT NULL, title TEXT NOT NULL, description TEXT NOT NULL, start_price INTEGER NOT NULL,
  buyout_price INTEGER, quantity INTEGER NOT NULL, starts_at TEXT NOT NULL, ends_at TEXT NOT NULL,
  relists INTEGER NOT NULL, state TEXT NOT NULL, result TEXT, images TEXT NOT NULL, row TEXT NOT NULL,
  upload_id INTEGER, relisted_from TEXT);
CREATE INDEX IF NOT EXISTS auctions_by_state ON auctions (state, store_id);
CREATE INDEX IF NOT EXISTS auctions_by_end ON auctions (state, ends_at);
CREATE INDEX IF NOT EXISTS auctions_of_store ON auctions (store_id, state, ends_at, number);
CREATE TABLE IF NOT EXISTS bids (
  id INTEGER PRIMARY KEY, auction_id TEXT NOT NULL, bidder TEXT NOT NULL, price INTEGER NOT NULL,
  quantity INTEGER NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS bids_by_auction ON bids (auction_id);
CREATE TABLE IF NOT EXISTS orders (
  id INTEGER PRIMARY KEY AUTOINCREMENT, store_id TEXT NOT NULL, winner TEXT NOT NULL, status TEXT NOT NULL,
  buyer TEXT NOT NULL, won_at TEXT NOT NULL, paid_at TEXT, shipped_at TEXT, shipping_method TEXT NOT NULL,
  payment_method TEXT NOT NULL, shipping_fee INTEGER NOT NULL, message TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS order_lines (
  order_id INTEGER NOT NULL REFERENCES orders, auction_id TEXT NOT NULL, quantity INTEGER NOT NULL,
  unit_price INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS orders_by_time ON orders (store_id, won_at, id);
CREATE TABLE IF NOT EXISTS pro_orders (
  order_id INTEGER PRIMARY KEY REFERENCES orders, order_number TEXT UNIQUE, ordered_at TEXT,
  order_status INTEGER NOT NULL, pay_status INTEGER NOT NULL, ship_status INTEGER NOT NULL,
  pay_later INTEGER NOT NULL DEFAULT 0, carrier TEXT NOT NULL DEFAULT '', tracking_number TEXT NOT NULL DEFAULT '',
  updated_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS lines_by_order ON order_lines (order_id);
CREATE INDEX IF NOT EXISTS lines_by_auction ON order_lines (auction_id);
CREATE TABLE IF NOT EXISTS uploads (
  id INTEGER PRIMARY KEY AUTOINCREMENT, store_id TEXT NOT NULL, file_name TEXT NOT NULL, sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL, accepted INTEGER NOT NULL, refused TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS folders (
  id INTEGER PRIMARY KEY AUTOINCREMENT, store_id TEXT NOT NULL REFERENCES stores, name TEXT NOT NULL,
  UNIQUE (store_id, name));
CREATE TABLE IF NOT EXISTS items (
  id INTEGER PRIMARY KEY AUTOINCREMENT, store_id TEXT NOT NULL REFERENCES stores, folder_id INTEGER NOT NULL,
  management_number TEXT NOT NULL, title TEXT NOT NULL, row TEXT NOT NULL, upload_id INTEGER,
  visible_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS items_by_folder ON items (folder_id, visible_at, id);
CREATE TABLE IF NOT EXISTS csv_templates (
  id INTEGER PRIMARY KEY AUTOINCREMENT, store_id TEXT NOT NULL REFERENCES stores, name TEXT NOT NULL,
  columns TEXT NOT NULL, UNIQUE (store_id, name));
CREATE TABLE IF NOT EXISTS grants (
  token TEXT PRIMARY KEY, kind TEXT NOT NULL, store_id TEXT NOT NULL, expires_at TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS api_keys (
  store_id TEXT NOT NULL REFERENCES stores, version INTEGER NOT NULL, private_key TEXT NOT NULL,
  public_key TEXT NOT NULL, enabled INTEGER NOT NULL, issued_at TEXT NOT NULL, expires_at TEXT NOT NULL,
  PRIMARY KEY (store_id, version));
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS store_settings (
  store_id TEXT NOT NULL REFERENCES stores, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (store_id, name));
"""
CLASSIC, CURRENT = "classic", "current"  # マイオクのストア管理; 競りナビ and ストアクリエイターPro
STORES = (
    ("demo-store-1", "ゆめリユース本店", "store1", "store1-pass", 1, CLASSIC),
    ("demo-store-2", "青空リサイクル", "store2", "store2-pass", 1, CLASSIC),
    ("kojin-taro", "個人の太郎", "kojin", "kojin-pass", 0, CLASSIC),
    ("demo-store-3", "みどりリユース市場", "store3", "store3-pass", 1, CURRENT),
    ("demo-store-4", "はまかぜ買取堂", "store4", "store4-pass", 1, CURRENT),
)
FIRST_FOLDERS = ("未分類", "新着商品")  # the first is where items without a folder go
EMPTIED_BY_RESET = (
    "order_lines", "pro_orders", "orders", "bids", "auctions", "items", "folders", "csv_templates", "grants",
    "api_keys", "uploads", "tokens", "sessions", "settings", "store_settings",
)  # fmt: skip


class Unknown(Exception):
    """Something that the market does not have or that makes no sense now; the text is for the control room."""


def wire(moment: datetime) -> str:
    """A moment as the books keep it: ISO 8601 in UTC, whole seconds, so that text compares as time."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Book:
    """One SQLite file, one connection behind one lock: the market is small, and its changes never interleave."""

    def __init__(self, file: Path, schema: str) -> None:
        self._lock = threading.RLock()
        self._is_open = False
        # autocommit: books() says when a transaction begins and ends
        self._connection = sqlite3.connect(file, timeout=30, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(schema)

    @contextmanager
    def books(self) -> Iterator[sqlite3.Connection]:
        """A transaction, or the one that this thread is already in; an exception undoes all of it."""
        with self._lock:
            if self._is_open:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._is_open = True
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            else:
                self._connection.execute("COMMIT")
            finally:
                self._is_open = False

    def close(self) -> None:
        with self._lock:
            self._connection.close()


class Books(Book):
    """The market's own book."""

    def __init__(self, folder: Path) -> None:
        self.images = folder / "images"
        self.images.mkdir(parents=True, exist_ok=True)
        super().__init__(folder / "market.sqlite3", SCHEMA)
        with self.books() as books:
            if "tool" not in {column["name"] for column in books.execute("PRAGMA table_info(stores)")}:
                books.execute(f"ALTER TABLE stores ADD COLUMN tool TEXT NOT NULL DEFAULT '{CLASSIC}'")
            books.executemany(
                "INSERT OR IGNORE INTO stores (id, name, login, password, is_store, tool) VALUES (?, ?, ?, ?, ?, ?)",
                STORES,
            )
            self._make_first_folders(books)

    @staticmethod
    def _make_first_folders(books: sqlite3.Connection) -> None:
        books.executemany(
            "INSERT OR IGNORE INTO folders (store_id, name) VALUES (?, ?)",
            [(store[0], name) for store in STORES if store[5] == CURRENT for name in FIRST_FOLDERS],
        )

    def reset(self) -> None:
        """As on the first day; ids are not used a second time."""
        with self.books() as books:
            for table in EMPTIED_BY_RESET:
                books.execute(f"DELETE FROM {table}")  # noqa: S608 - constants
            books.execute("UPDATE stores SET has_cancel_status = 0")
            self._make_first_folders(books)
        for image in self.images.iterdir():
            image.unlink()
