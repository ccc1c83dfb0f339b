"""The market's own books in SQLite: stores, auctions, bids, orders, and a clock that can be put forward."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS stores (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, login TEXT NOT NULL UNIQUE, password TEXT NOT NULL,
  is_store INTEGER NOT NULL, has_cancel_status INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS sessions (
  sid TEXT PRIMARY KEY, store_id TEXT NOT NULL REFERENCES stores, requests INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, sid TEXT NOT NULL, made_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS auctions (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, store_id TEXT NOT NULL REFERENCES stores,
  management_number TEXT NOT NULL, title TEXT NOT NULL, description TEXT NOT NULL, start_price INTEGER NOT NULL,
  buyout_price INTEGER, quantity INTEGER NOT NULL, starts_at TEXT NOT NULL, ends_at TEXT NOT NULL,
  relists INTEGER NOT NULL, state TEXT NOT NULL, result TEXT, images TEXT NOT NULL, row TEXT NOT NULL,
  upload_id INTEGER, relisted_from TEXT);
CREATE TABLE IF NOT EXISTS bids (
  id INTEGER PRIMARY KEY, auction_id TEXT NOT NULL, bidder TEXT NOT NULL, price INTEGER NOT NULL,
  quantity INTEGER NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS orders (
  id INTEGER PRIMARY KEY AUTOINCREMENT, store_id TEXT NOT NULL, winner TEXT NOT NULL, status TEXT NOT NULL,
  buyer TEXT NOT NULL, won_at TEXT NOT NULL, paid_at TEXT, shipped_at TEXT, shipping_method TEXT NOT NULL,
  payment_method TEXT NOT NULL, shipping_fee INTEGER NOT NULL, message TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS order_lines (
  order_id INTEGER NOT NULL REFERENCES orders, auction_id TEXT NOT NULL, quantity INTEGER NOT NULL,
  unit_price INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS uploads (
  id INTEGER PRIMARY KEY AUTOINCREMENT, store_id TEXT NOT NULL, file_name TEXT NOT NULL, sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL, accepted INTEGER NOT NULL, refused TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
STORES = (
    ("demo-store-1", "ゆめリユース本店", "store1", "store1-pass", 1),
    ("demo-store-2", "青空リサイクル", "store2", "store2-pass", 1),
    ("kojin-taro", "個人の太郎", "kojin", "kojin-pass", 0),
)
STATUSES = ("未処理", "入金済み", "発送済み", "対応終了")
CANCEL = "キャンセル"
BUYERS = (
    {"name": "山田 花子", "kana": "ヤマダ ハナコ", "postal_code": "060-0001",
     "address": "北海道札幌市中央区北1条西2丁目3-4 リユースビル401", "phone": "090-0123-4567"},
    {"name": "髙橋 一郎", "kana": "タカハシ イチロウ", "postal_code": "150-0002",
     "address": "東京都渋谷区渋谷2-1-1 青山荘①号室", "phone": "03-1234-5678"},
    {"name": "与那覇 さくら", "kana": "ヨナハ サクラ", "postal_code": "900-0014",
     "address": "沖縄県那覇市松尾1-2-3", "phone": "080-9876-5432"},
)  # fmt: skip
DEFAULTS: dict[str, Any] = {
    "clock_offset": 0,  # seconds
    "skin": "normal",
    "slow_seconds": 0.0,
    "fail_next": 0,
    "fail_kind": "503",
    "expire_after_requests": 0,
    "maintenance": False,
    "upload_outcome": "normal",
    "bad_rows": "accept_good",
    "max_rows": 1000,
    "max_megabytes": 200,
    "show_after_minutes": 0,
}
CHOICES = {
    "skin": ("normal", "reshuffled", "renamed", "missing"),
    "fail_kind": ("503", "429", "500", "drop"),
    "upload_outcome": ("normal", "error_after_accept", "lost_after_accept", "refused_token"),
    "bad_rows": ("accept_good", "refuse_file"),
}


class Unknown(Exception):
    """Something that the market does not have or that makes no sense now; the text is for the control room."""


def wire(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Market:
    """All methods that change something take their own transaction; several threads may call at once."""

    def __init__(self, folder: Path) -> None:
        self.images = folder / "images"
        self.images.mkdir(parents=True, exist_ok=True)
        self._path = folder / "market.sqlite3"
        self._lock = threading.RLock()
        with self.books() as books:
            books.executescript(SCHEMA)
            books.executemany(
                "INSERT OR IGNORE INTO stores (id, name, login, password, is_store) VALUES (?, ?, ?, ?, ?)",
                STORES,
            )

    @contextmanager
    def books(self) -> Iterator[sqlite3.Connection]:
        """One transaction; the market is small, so there is one at a time."""
        with self._lock:
            connection = sqlite3.connect(self._path, timeout=30)
            connection.row_factory = sqlite3.Row
            try:
                with connection:
                    yield connection
            finally:
                connection.close()

    # settings and clock

    def setting(self, name: str) -> Any:
        with self.books() as books:
            row = books.execute("SELECT value FROM settings WHERE name = ?", [name]).fetchone()
        return json.loads(row["value"]) if row else DEFAULTS[name]

    def settings(self) -> dict[str, Any]:
        with self.books() as books:
            rows = books.execute("SELECT name, value FROM settings").fetchall()
        return DEFAULTS | {row["name"]: json.loads(row["value"]) for row in rows}

    def set(self, name: str, value: Any) -> None:
        """Raises Unknown for a name or value that there is not."""
        if name not in DEFAULTS:
            raise Unknown(f"設定「{name}」はありません。")
        if name in CHOICES and value not in CHOICES[name]:
            raise Unknown(f"「{name}」は {' / '.join(CHOICES[name])} のどれかです。")
        if not isinstance(value, type(DEFAULTS[name])) and not (
            isinstance(DEFAULTS[name], float) and isinstance(value, int)
        ):
            raise Unknown(f"「{name}」の値の形が違います。")
        with self.books() as books:
            books.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [name, json.dumps(value)])

    def take_one(self, name: str) -> bool:
        """Count a setting down; whether it was above zero."""
        with self._lock:
            left = int(self.setting(name))
            if left > 0:
                self.set(name, left - 1)
            return left > 0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.setting("clock_offset"))

    def put_clock_forward(self, minutes: float) -> None:
        if minutes < 0:
            raise Unknown("時計は進めるだけです。")
        self.set("clock_offset", int(self.setting("clock_offset") + minutes * 60))
        self.end_due()

    # logging in

    def log_in(self, login: str, password: str) -> str | None:
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

    def session_store(self, sid: str) -> sqlite3.Row | None:
        """The store of a living session; every call is one request of it."""
        limit = self.setting("expire_after_requests")
        with self.books() as books:
            books.execute("UPDATE sessions SET requests = requests + 1 WHERE sid = ?", [sid])
            if limit:
                books.execute("DELETE FROM sessions WHERE sid = ? AND requests > ?", [sid, limit])
            row: sqlite3.Row | None = books.execute(
                "SELECT stores.* FROM sessions JOIN stores ON stores.id = store_id WHERE sid = ?", [sid]
            ).fetchone()
        return row

    def expire_sessions(self) -> None:
        with self.books() as books:
            books.execute("DELETE FROM sessions")

    def new_token(self, sid: str) -> str:
        token = secrets.token_hex(8)
        with self.books() as books:
            books.execute("INSERT INTO tokens VALUES (?, ?, ?)", [token, sid, wire(datetime.now(UTC))])
        return token

    def use_token(self, token: str, sid: str) -> bool:
        """A token is for one request of the session that it was shown to."""
        with self.books() as books:
            used = books.execute("DELETE FROM tokens WHERE token = ? AND sid = ?", [token, sid])
            return used.rowcount == 1

    # listing

    def list_auction(
        self, books: sqlite3.Connection, store_id: str, row: Mapping[str, Any], *, upload_id: int | None = None,
        relisted_from: str | None = None,
    ) -> str:  # fmt: skip
        """Open an auction from a checked row (see upload.Row.as_auction); its id."""
        starts = self.now() + timedelta(minutes=self.setting("show_after_minutes"))
        cursor = books.execute(
            """INSERT INTO auctions (store_id, management_number, title, description, start_price, buyout_price,
                 quantity, starts_at, ends_at, relists, state, images, row, upload_id, relisted_from)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'selling', ?, ?, ?, ?)""",
            [
                store_id, row["management_number"], row["title"], row["description"], row["start_price"],
                row["buyout_price"], row["quantity"], wire(starts), wire(starts + timedelta(days=row["days"])),
                row["relists"], json.dumps(row["images"]), json.dumps(row, ensure_ascii=False), upload_id,
                relisted_from,
            ],
        )  # fmt: skip
        number = int(cursor.lastrowid or 0)
        auction_id = f"{'abcdefghjkmnpqrstuvwx'[number % 21]}{1_100_000_000 + number * 7919}"
        books.execute("UPDATE auctions SET id = ? WHERE number = ?", [auction_id, number])
        return auction_id

    def auction(self, auction_id: str) -> sqlite3.Row:
        with self.books() as books:
            return self._auction(books, auction_id)

    def _auction(self, books: sqlite3.Connection, auction_id: str, *states: str) -> sqlite3.Row:
        row: sqlite3.Row | None = books.execute(
            "SELECT * FROM auctions WHERE id = ?", [auction_id]
        ).fetchone()
        if row is None:
            raise Unknown(f"オークション「{auction_id}」はありません。")
        if states and row["state"] not in states:
            raise Unknown(f"オークション「{auction_id}」は終了しています。")
        return row

    def auctions(self, store_id: str | None = None, state: str | None = None) -> list[dict[str, Any]]:
        """Newest end first for ended ones, next to end first for selling ones; with price and bid count."""
        order = "ends_at DESC, number DESC" if state == "closed" else "ends_at, number"
        with self.books() as books:
            rows = books.execute(
                f"""SELECT auctions.*, COUNT(bids.id) AS bid_count, COALESCE(SUM(bids.quantity), 0) AS bid_units,
                      COALESCE(MAX(bids.price), start_price) AS current_price
                    FROM auctions LEFT JOIN bids ON bids.auction_id = auctions.id
                    WHERE (:store IS NULL OR store_id = :store) AND (:state IS NULL OR auctions.state = :state)
                    GROUP BY auctions.number ORDER BY {order}""",  # noqa: S608 - two constants
                {"store": store_id, "state": state},
            ).fetchall()
        return [dict(row) | {"images": json.loads(row["images"])} for row in rows]

    def bids(self, auction_id: str) -> list[sqlite3.Row]:
        with self.books() as books:
            return books.execute(
                "SELECT * FROM bids WHERE auction_id = ? ORDER BY id", [auction_id]
            ).fetchall()

    # buyers

    def bid(
        self, auction_id: str, *, bidder: str = "bidder_a", price: int | None = None, quantity: int = 1
    ) -> None:
        with self.books() as books:
            auction = self._auction(books, auction_id, "selling")
            highest = books.execute(
                "SELECT MAX(price) FROM bids WHERE auction_id = ?", [auction_id]
            ).fetchone()[0]
            lowest = auction["start_price"] if highest is None else highest + 10
            if price is not None and price < lowest:
                raise Unknown(f"{lowest}円以上で入札してください。")
            if not 1 <= quantity <= auction["quantity"]:
                raise Unknown(f"個数は1〜{auction['quantity']}です。")
            books.execute(
                "INSERT INTO bids (auction_id, bidder, price, quantity, at) VALUES (?, ?, ?, ?, ?)",
                [auction_id, bidder, price or lowest, quantity, wire(self.now())],
            )

    def buy(self, auction_id: str, *, bidder: str = "buyer_b") -> int:
        """即決: the auction ends with this winner of all its units; the order."""
        with self.books() as books:
            auction = self._auction(books, auction_id, "selling")
            if not auction["buyout_price"]:
                raise Unknown("この商品に即決価格はありません。")
            self._close(books, auction, "落札者あり")
            won = [(bidder, auction["quantity"], auction["buyout_price"])]
            return self._orders_of(books, auction, won)[0]

    def end(self, auction_id: str) -> list[int]:
        """Time is up now: the orders of the winners, none when nobody bid."""
        with self.books() as books:
            return self._end(books, self._auction(books, auction_id, "selling"), self.now())

    def withdraw(self, auction_id: str) -> None:
        """取消 by the shop."""
        with self.books() as books:
            self._close(books, self._auction(books, auction_id, "selling"), "取消")

    def relist(self, auction_id: str) -> str:
        """再出品 by hand of an ended auction; the new id."""
        with self.books() as books:
            auction = self._auction(books, auction_id, "closed")
            row = json.loads(auction["row"])
            return self.list_auction(books, auction["store_id"], row, relisted_from=auction_id)

    def end_due(self) -> None:
        """End what the clock has passed."""
        now = self.now()
        with self.books() as books:
            due = books.execute(
                "SELECT * FROM auctions WHERE state = 'selling' AND ends_at <= ? ORDER BY ends_at",
                [wire(now)],
            ).fetchall()
            for auction in due:
                self._end(books, auction, moment(auction["ends_at"]))

    def _end(self, books: sqlite3.Connection, auction: sqlite3.Row, at: datetime) -> list[int]:
        bids = books.execute(
            "SELECT bidder, MAX(price) AS price, MAX(quantity) AS quantity FROM bids WHERE auction_id = ?"
            " GROUP BY bidder ORDER BY price DESC, MIN(id)",
            [auction["id"]],
        ).fetchall()
        if not bids:
            self._close(books, auction, "落札者なし", at)
            if auction["relists"] > 0:
                row = json.loads(auction["row"]) | {"relists": auction["relists"] - 1}
                self.list_auction(books, auction["store_id"], row, relisted_from=auction["id"])
            return []
        self._close(books, auction, "落札者あり", at)
        left, won = auction["quantity"], []
        for each in bids:
            units = min(left, each["quantity"])
            if units:
                won.append((each["bidder"], units, each["price"]))
            left -= units
        return self._orders_of(books, auction, won, at)

    def _close(
        self, books: sqlite3.Connection, auction: sqlite3.Row, result: str, at: datetime | None = None
    ) -> None:
        books.execute(
            "UPDATE auctions SET state = 'closed', result = ?, ends_at = ? WHERE number = ?",
            [result, wire(at or self.now()), auction["number"]],
        )

    def _orders_of(
        self, books: sqlite3.Connection, auction: sqlite3.Row, won: Sequence[tuple[str, int, int]],
        at: datetime | None = None,
    ) -> list[int]:  # fmt: skip
        orders = []
        for winner, units, price in won:
            buyer = BUYERS[sum(map(ord, winner)) % len(BUYERS)]
            cursor = books.execute(
                """INSERT INTO orders (store_id, winner, status, buyer, won_at, shipping_method, payment_method,
                     shipping_fee) VALUES (?, ?, '未処理', ?, ?, 'ゆうパック', 'Yahoo!かんたん決済', 800)""",
                [auction["store_id"], winner, json.dumps(buyer, ensure_ascii=False), wire(at or self.now())],
            )
            orders.append(int(cursor.lastrowid or 0))
            books.execute(
                "INSERT INTO order_lines VALUES (?, ?, ?, ?)", [orders[-1], auction["id"], units, price]
            )
        return orders

    # orders

    def orders(self, store_id: str | None = None) -> list[dict[str, Any]]:
        """Newest first, each with its lines and the auction's title and 管理番号."""
        with self.books() as books:
            orders = books.execute(
                "SELECT * FROM orders WHERE ? IS NULL OR store_id = ? ORDER BY won_at DESC, id DESC",
                [store_id, store_id],
            ).fetchall()
            lines = books.execute(
                "SELECT order_lines.*, auctions.title, auctions.management_number FROM order_lines"
                " JOIN auctions ON auctions.id = auction_id ORDER BY order_lines.rowid"
            ).fetchall()
        by_order: dict[int, list[dict[str, Any]]] = {}
        for line in lines:
            by_order.setdefault(line["order_id"], []).append(dict(line))
        found = [
            dict(order) | {"buyer": json.loads(order["buyer"]), "lines": by_order.get(order["id"], [])}
            for order in orders
        ]
        for order in found:
            goods = sum(line["unit_price"] * line["quantity"] for line in order["lines"])
            order["total"] = goods + order["shipping_fee"]
        return found

    def order(self, order_id: int) -> dict[str, Any]:
        found = next((order for order in self.orders() if order["id"] == order_id), None)
        if found is None:
            raise Unknown(f"注文「{order_id}」はありません。")
        return found

    def set_status(self, order_id: int, status: str) -> None:
        """Any word: real ones, and ones that a reader has never heard of."""
        self.order(order_id)
        stamps = {"入金済み": "paid_at", "発送済み": "shipped_at"}
        with self.books() as books:
            books.execute("UPDATE orders SET status = ? WHERE id = ?", [status, order_id])
            if status in stamps:
                books.execute(
                    f"UPDATE orders SET {stamps[status]} = ? WHERE id = ?",  # noqa: S608 - two constants
                    [wire(self.now()), order_id],
                )

    def set_buyer(self, order_id: int, changes: Mapping[str, str]) -> None:
        order = self.order(order_id)
        unknown = set(changes) - set(order["buyer"])
        if unknown:
            raise Unknown(f"購入者の項目「{'・'.join(sorted(unknown))}」はありません。")
        buyer = json.dumps(order["buyer"] | dict(changes), ensure_ascii=False)
        with self.books() as books:
            books.execute("UPDATE orders SET buyer = ? WHERE id = ?", [buyer, order_id])

    def bundle(self, order_ids: Sequence[int]) -> int:
        """まとめて取引: orders of one winner become the first of them."""
        orders = [self.order(each) for each in order_ids]
        if len({(order["winner"], order["store_id"]) for order in orders}) != 1 or len(orders) < 2:
            raise Unknown("同じ落札者の注文を2件以上選んでください。")
        with self.books() as books:
            for order in orders[1:]:
                books.execute(
                    "UPDATE order_lines SET order_id = ? WHERE order_id = ?", [orders[0]["id"], order["id"]]
                )
                books.execute("DELETE FROM orders WHERE id = ?", [order["id"]])
        return int(orders[0]["id"])

    # stores and uploads

    def stores(self) -> list[sqlite3.Row]:
        with self.books() as books:
            return books.execute("SELECT * FROM stores ORDER BY rowid").fetchall()

    def create_cancel_status(self, store_id: str, *, exists: bool = True) -> None:
        with self.books() as books:
            books.execute("UPDATE stores SET has_cancel_status = ? WHERE id = ?", [int(exists), store_id])

    def status_words(self, store: Mapping[str, Any]) -> list[str]:
        return [*STATUSES, *([CANCEL] if store["has_cancel_status"] else [])]

    def uploads(self) -> list[dict[str, Any]]:
        with self.books() as books:
            rows = books.execute("SELECT * FROM uploads ORDER BY id DESC").fetchall()
        return [dict(row) | {"refused": json.loads(row["refused"])} for row in rows]

    def reset(self) -> None:
        """As on the first day."""
        with self.books() as books:
            for table in (
                "order_lines",
                "orders",
                "bids",
                "auctions",
                "uploads",
                "tokens",
                "sessions",
                "settings",
            ):
                books.execute(f"DELETE FROM {table}")  # noqa: S608 - constants
            books.execute("UPDATE stores SET has_cancel_status = 0")
