"""Auctions from their listing to their end: bids, 即決, 取消, the clock, and the automatic relist."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from sandbox.market.books import Unknown, moment, wire
from sandbox.market.orders import Orders

JST = timezone(timedelta(hours=9))
BID_STEP = 10  # yen


def end_of(starts: datetime, days: int, hour: int | None) -> datetime:
    """The last time within `days` that it is `hour` o'clock in Japan; exactly `days` later without an hour."""
    latest = starts + timedelta(days=days)
    if hour is None:
        return latest
    local = latest.astimezone(JST)
    on_the_hour = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return on_the_hour if on_the_hour <= local else on_the_hour - timedelta(days=1)


class Auctions(Orders):
    def list_auction(
        self, store_id: str, row: Mapping[str, Any], *, upload_id: int | None = None,
        relisted_from: str | None = None, starts: datetime | None = None,
    ) -> str:  # fmt: skip
        """Open an auction from a checked row (see upload.rules.as_auction); its id, one letter and digits."""
        starts = starts or self.starts_now(store_id)
        ends = end_of(starts, row["days"], row.get("end_hour"))
        with self.books() as books:
            cursor = books.execute(
                """INSERT INTO auctions (store_id, management_number, title, description, start_price, buyout_price,
                     quantity, starts_at, ends_at, relists, state, images, row, upload_id, relisted_from)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'selling', ?, ?, ?, ?)""",
                [
                    store_id, row["management_number"], row["title"], row["description"], row["start_price"],
                    row["buyout_price"], row["quantity"], wire(starts), wire(ends), row["relists"],
                    json.dumps(row["images"]), json.dumps(row, ensure_ascii=False), upload_id, relisted_from,
                ],
            )  # fmt: skip
            number = int(cursor.lastrowid or 0)
            auction_id = f"{'abcdefghjkmnpqrstuvwx'[number % 21]}{1_100_000_000 + number * 7919}"
            books.execute("UPDATE auctions SET id = ? WHERE number = ?", [auction_id, number])
        return auction_id

    def starts_now(self, store_id: str) -> datetime:
        return self.now() + timedelta(minutes=self.setting("show_after_minutes", store_id))

    def auction(self, auction_id: str, state: str | None = None) -> sqlite3.Row:
        """Raises Unknown when there is none, or not in that state."""
        with self.books() as books:
            row: sqlite3.Row | None = books.execute(
                "SELECT * FROM auctions WHERE id = ?", [auction_id]
            ).fetchone()
        if row is None:
            raise Unknown(f"オークション「{auction_id}」はありません。")
        if state is not None and row["state"] != state:
            words = "終了しています" if state == "selling" else "まだ終了していません"
            raise Unknown(f"オークション「{auction_id}」は{words}。")
        return row

    def auction_of(self, store_id: str, auction_id: str) -> sqlite3.Row:
        """Raises Unknown when it is not that store's."""
        auction = self.auction(auction_id)
        if auction["store_id"] != store_id:
            raise Unknown(f"オークション「{auction_id}」はありません。")
        return auction

    def auctions(
        self, store_id: str | None = None, state: str | None = None, *, start: int = 0, count: int = -1,
        result: str | None = None,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Newest end first for ended ones, next to end first for selling ones; with price and bid count."""
        order = "ends_at DESC, number DESC" if state == "closed" else "ends_at, number"
        where, values = self._which(store_id, state, result)
        with self.books() as books:
            rows = books.execute(
                f"""SELECT auctions.*, (SELECT COUNT(*) FROM bids WHERE auction_id = auctions.id) AS bid_count,
                      (SELECT COALESCE(SUM(quantity), 0) FROM bids WHERE auction_id = auctions.id) AS bid_units,
                      COALESCE((SELECT MAX(price) FROM bids WHERE auction_id = auctions.id), start_price) AS current_price
                    FROM auctions WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?""",  # noqa: S608 - constants
                [*values, count, start],
            ).fetchall()
        return [dict(row) | {"images": json.loads(row["images"])} for row in rows]

    def auction_count(
        self, store_id: str | None = None, state: str | None = None, *, result: str | None = None
    ) -> int:
        where, values = self._which(store_id, state, result)
        with self.books() as books:
            count = books.execute(f"SELECT COUNT(*) FROM auctions WHERE {where}", values)  # noqa: S608 - constants
            return int(count.fetchone()[0])

    def _which(self, store_id: str | None, state: str | None, result: str | None) -> tuple[str, list[Any]]:
        """A store sees among its selling ones those that have begun."""
        clauses, values = ["TRUE"], []
        for column, value in (("store_id", store_id), ("state", state), ("result", result)):
            if value is not None:
                clauses.append(f"{column} = ?")
                values.append(value)
        if store_id is not None and state == "selling":
            clauses.append("starts_at <= ?")
            values.append(wire(self.now()))
        return " AND ".join(clauses), values

    def bids(self, auction_id: str) -> list[sqlite3.Row]:
        with self.books() as books:
            return books.execute(
                "SELECT * FROM bids WHERE auction_id = ? ORDER BY id", [auction_id]
            ).fetchall()

    def bid(
        self, auction_id: str, *, bidder: str = "bidder_a", price: int | None = None, quantity: int = 1
    ) -> None:
        with self.books() as books:
            auction = self._live(auction_id)
            highest = books.execute(
                "SELECT MAX(price) FROM bids WHERE auction_id = ?", [auction_id]
            ).fetchone()[0]
            lowest = auction["start_price"] if highest is None else highest + BID_STEP
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
        with self.books():
            auction = self._live(auction_id)
            if not auction["buyout_price"]:
                raise Unknown("この商品に即決価格はありません。")
            self._close(auction, "落札者あり", self.now())
            return self.open_order(auction, bidder, auction["quantity"], auction["buyout_price"], self.now())

    def _live(self, auction_id: str) -> sqlite3.Row:
        auction = self.auction(auction_id, "selling")
        if auction["starts_at"] > wire(self.now()):
            raise Unknown(f"オークション「{auction_id}」はまだ始まっていません。")
        return auction

    def end(self, auction_id: str) -> list[int]:
        """Time is up now: the orders of the winners, none when nobody bid."""
        with self.books():
            return self._end(self.auction(auction_id, "selling"), self.now())

    def withdraw(self, auction_id: str) -> None:
        """取消 by the shop."""
        with self.books():
            self._close(self.auction(auction_id, "selling"), "取消", self.now())

    def withdraw_by_shop(self, auction_id: str) -> None:
        """取り消し on the shop's own pages: not when somebody has bid, unless the market lets it."""
        with self.books():
            store_id = self.auction(auction_id, "selling")["store_id"]
            if self.bids(auction_id) and not self.setting("withdraw_with_bids", store_id):
                raise Unknown("入札があるため、取り消せません。")
            self.withdraw(auction_id)

    def relist(self, auction_id: str) -> str:
        """再出品 by hand of an ended auction; the new id."""
        auction = self.auction(auction_id, "closed")
        return self.list_auction(auction["store_id"], json.loads(auction["row"]), relisted_from=auction_id)

    def end_due(self) -> None:
        """End what the clock has passed, also what relisted itself meanwhile and has ended again."""
        now = wire(self.now())
        with self.books() as books:
            while due := books.execute(
                "SELECT * FROM auctions WHERE state = 'selling' AND ends_at <= ? ORDER BY ends_at", [now]
            ).fetchall():
                for auction in due:
                    self._end(auction, moment(auction["ends_at"]))

    def put_clock_forward(self, minutes: float) -> None:
        super().put_clock_forward(minutes)
        self.end_due()

    def sell_some(self, store_id: str, count: int) -> None:
        """Somebody wins the next ones to end: rows leave the one list and enter two others."""
        if not count:
            return
        for each in self.auctions(store_id, "selling", count=count):
            self.bid(each["id"], bidder="buyer_c")
            self.end(each["id"])

    def _end(self, auction: sqlite3.Row, at: datetime) -> list[int]:
        with self.books() as books:
            bids = books.execute(
                "SELECT bidder, MAX(price) AS price, MAX(quantity) AS quantity FROM bids WHERE auction_id = ?"
                " GROUP BY bidder ORDER BY price DESC, MIN(id)",
                [auction["id"]],
            ).fetchall()
        if not bids:
            self._close(auction, "落札者なし", at)
            if auction["relists"] > 0:
                row = json.loads(auction["row"]) | {"relists": auction["relists"] - 1}
                self.list_auction(auction["store_id"], row, relisted_from=auction["id"], starts=at)
            return []
        self._close(auction, "落札者あり", at)
        left, orders = auction["quantity"], []
        for each in bids:
            units = min(left, each["quantity"])
            if units:
                orders.append(self.open_order(auction, each["bidder"], units, each["price"], at))
            left -= units
        return orders

    def _close(self, auction: sqlite3.Row, result: str, at: datetime) -> None:
        with self.books() as books:
            books.execute(
                "UPDATE auctions SET state = 'closed', result = ?, ends_at = ? WHERE number = ?",
                [result, wire(at), auction["number"]],
            )
