"""Amazon's switches in the control room, for all sellers or for one."""

from __future__ import annotations

import json
from typing import Any

from sandbox.amazon.books import Books, data
from sandbox.market.books import Unknown

DEFAULTS: dict[str, Any] = {
    "visible_after_seconds": 30,
    "buyable_after_seconds": 300,
    "change_after_seconds": 10,
    "reading_lag_seconds": 0,
    "sku_rest_hours": 24.0,
    "lose_listings": 0,
    "suppress_listings": 0,
    "suppress_after_seconds": 600,
    "get_order_lag_seconds": 0,
    "search_orders_lag_seconds": 0,
    "page_token_minutes": 1440,
    "token_minutes": 60,
    "restock_on_cancel": True,
    "mask_names": True,
    "carriers": "listed",
    "throttle": "real",
    "token_down": False,
    "slow_seconds": 0.0,
    "fail_next": 0,
    "fail_kind": "html503",
    "fail_where": "any",
    "lose_answers": 0,
}
CHOICES: dict[str, tuple[str, ...]] = {
    "carriers": ("listed", "any"),
    "throttle": ("real", "market", "off"),
    "fail_kind": ("html503", "empty503", "empty500", "429", "bare429", "drop"),
    "fail_where": ("any", "token", *data("operations")),
}
MOST_SLOW_SECONDS = 600
ALL = ""  # the seller_id of what holds for all of them


def check(name: str, value: Any) -> None:
    """Raises Unknown for a name or value that there is not."""
    if name not in DEFAULTS:
        raise Unknown(f"Amazonの設定「{name}」はありません。")
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
    """A seller's own value goes before everybody's, that before the default."""

    def settings(self, seller_id: str = ALL) -> dict[str, Any]:
        with self.books() as books:
            rows = books.execute(
                "SELECT name, value FROM settings WHERE seller_id IN ('', ?) ORDER BY seller_id", [seller_id]
            ).fetchall()
        return DEFAULTS | {row["name"]: json.loads(row["value"]) for row in rows}

    def setting(self, name: str, seller_id: str = ALL) -> Any:
        return self.settings(seller_id)[name]

    def own_settings(self, seller_id: str) -> dict[str, Any]:
        with self.books() as books:
            rows = books.execute(
                "SELECT name, value FROM settings WHERE seller_id = ?", [seller_id]
            ).fetchall()
        return {row["name"]: json.loads(row["value"]) for row in rows}

    def set(self, name: str, value: Any, seller_id: str = ALL) -> None:
        """For one seller, None means: as for everybody again. Raises Unknown."""
        if value is not None or seller_id == ALL:
            check(name, value)
        with self.books() as books:
            books.execute("DELETE FROM settings WHERE seller_id = ? AND name = ?", [seller_id, name])
            if value is not None:
                books.execute("INSERT INTO settings VALUES (?, ?, ?)", [seller_id, name, json.dumps(value)])

    def take(self, name: str, seller_id: str = ALL) -> bool:
        """Use up one of a counted setting, the seller's own first."""
        with self.books():
            holder = seller_id if name in self.own_settings(seller_id) else ALL
            left = int(self.setting(name, holder))
            if left:
                self.set(name, left - 1, holder)
        return left > 0
