"""The switches of the control room, for the whole market or for one store, and the clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.market.books import Books, Unknown

DEFAULTS: dict[str, Any] = {
    "clock_offset": 0,  # seconds
    "skin": "normal",
    "slow_seconds": 0.0,
    "fail_next": 0,
    "fail_kind": "503",
    "fail_where": "any",
    "expire_after_requests": 0,
    "return_after_login": False,
    "refuse_tokens": 0,
    "maintenance": False,
    "upload_outcome": "normal",
    "bad_rows": "accept_good",
    "max_rows": 100,
    "max_megabytes": 100,
    "show_after_minutes": 0,
    "sell_while_reading": 0,
    "items_after_seconds": 2,
    "loading_seconds": 0.3,
    "stale_seconds": 0,
    "write_outcome": "normal",
    "withdraw_with_bids": False,
    "refuse_listings": 0,
    "order_api": True,
    "api_queries_per_second": 1.0,
    "api_session_ends": "refresh",
    "signature_seconds": 300,
}
CHOICES: dict[str, tuple[str, ...]] = {
    "skin": ("normal", "reshuffled", "renamed", "missing"),
    "fail_kind": ("503", "429", "500", "drop"),
    "api_session_ends": ("refresh", "order_api"),
    "fail_where": ("any", "page", "data"),
    "upload_outcome": (
        "normal",
        "error_after_accept",
        "lost_after_accept",
        "error_not_accepted",
        "refused_token",
    ),
    "write_outcome": ("normal", "error_after_accept", "lost_after_accept", "error_not_accepted"),
    "bad_rows": ("accept_good", "refuse_file"),
}
MOST_SLOW_SECONDS = 600
MARKET_WIDE = frozenset(
    {"clock_offset", "return_after_login", "api_queries_per_second", "api_session_ends"}
)  # one time for all; neither a lost session nor a program at the gate has a store


def check(name: str, value: Any) -> None:
    """Raises Unknown for a name or value that there is not."""
    if name not in DEFAULTS:
        raise Unknown(f"設定「{name}」はありません。")
    if name in CHOICES and value not in CHOICES[name]:
        raise Unknown(f"「{name}」は {' / '.join(CHOICES[name])} のどれかです。")
    kinds = (int, float) if isinstance(DEFAULTS[name], float) else (type(DEFAULTS[name]),)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise Unknown(f"「{name}」の値の形が違います。")
    if not isinstance(value, (bool, str)) and value < 0:
        raise Unknown(f"「{name}」は0以上です。")
    if name == "slow_seconds" and value > MOST_SLOW_SECONDS:
        raise Unknown(f"「{name}」は{MOST_SLOW_SECONDS}秒までです。")


class Settings(Books):
    """A store's own value goes before the market's, the market's before the default."""

    def setting(self, name: str, store_id: str | None = None) -> Any:
        return self.settings(store_id)[name]

    def settings(self, store_id: str | None = None) -> dict[str, Any]:
        """Every setting as it holds for a store, or for somebody who is nobody yet."""
        with self.books() as books:
            rows = books.execute(
                "SELECT 0 AS own, name, value FROM settings UNION ALL"
                " SELECT 1, name, value FROM store_settings WHERE store_id = ? ORDER BY own",
                [store_id],
            ).fetchall()
        return DEFAULTS | {row["name"]: json.loads(row["value"]) for row in rows if row["name"] in DEFAULTS}

    def store_settings(self) -> dict[str, dict[str, Any]]:
        """What is set for single stores only: store id → name → value."""
        with self.books() as books:
            rows = books.execute("SELECT * FROM store_settings ORDER BY store_id, name").fetchall()
        found: dict[str, dict[str, Any]] = {}
        for row in rows:
            found.setdefault(row["store_id"], {})[row["name"]] = json.loads(row["value"])
        return found

    def set(self, name: str, value: Any, store_id: str | None = None) -> None:
        """For a store, None means: as the market again. Raises Unknown."""
        if store_id is None or value is not None:
            check(name, value)
        if store_id is not None and name in MARKET_WIDE:
            raise Unknown(f"「{name}」はストアごとには設定できません。")
        with self.books() as books:
            if store_id is None:
                books.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [name, json.dumps(value)])
                return
            if books.execute("SELECT 1 FROM stores WHERE id = ?", [store_id]).fetchone() is None:
                raise Unknown(f"ストア「{store_id}」はありません。")
            books.execute("DELETE FROM store_settings WHERE store_id = ? AND name = ?", [store_id, name])
            if value is not None:
                books.execute(
                    "INSERT INTO store_settings VALUES (?, ?, ?)", [store_id, name, json.dumps(value)]
                )

    def take(self, name: str, store_id: str | None, *, all_of_it: bool = False) -> int:
        """Use up one (or all) of a counted setting, the store's own first; how many were used."""
        with self.books():
            own = self.store_settings().get(store_id or "", {})
            holder = store_id if name in own else None
            left = int(self.setting(name, holder))
            used = left if all_of_it else min(left, 1)
            if used:
                self.set(name, left - used, holder)
        return used

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.setting("clock_offset"))

    def put_clock_forward(self, minutes: float) -> None:
        if not 0 <= minutes <= 60 * 24 * 366:
            raise Unknown("時計は進めるだけです（一度に366日まで）。")
        self.set("clock_offset", int(self.setting("clock_offset") + minutes * 60))
