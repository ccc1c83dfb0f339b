"""Yahoo's words for orders and ended auctions, read through the maps in shared_schemas (R18). Pure functions."""

from __future__ import annotations

from recore.shared_schemas import load


def classic_order_state(status: str) -> str | None:
    """ON_HOLD, UNSHIPPED, SHIPPED or CANCELLED for a status of 落札管理; None for a word that nobody mapped."""
    for rule in load("yahoo_auction/state_map_classic.json")["rules"]:
        if rule["status"] == status.strip():
            return str(rule["state"])
    return None


def current_order_state(order: int, pay: int, ship: int, *, pay_later: bool = False) -> str | None:
    """The same for OrderStatus, PayStatus, ShipStatus of ストアクリエイターPro; the first matching rule decides."""
    given = {"order": order, "pay": pay, "ship": ship}
    for rule in load("yahoo_auction/state_map_current.json")["rules"]:
        fits = all(given[key] in rule[key] for key in given if key in rule)
        if fits and (pay_later or not rule.get("pay_later", False)):
            return rule["state"]  # type: ignore[no-any-return]
    return None


def state_before_ordering(word: str) -> str | None:
    """The state of a sale that has no order number yet, by the word that 競りナビ shows in its place."""
    words: dict[str, str] = load("yahoo_auction/state_map_current.json")["before_ordering"]
    return words.get(word.strip())


def ended_result(word: str) -> str | None:
    """SOLD, UNSOLD or WITHDRAWN for the word of an ended row; None for an unknown one."""
    results: dict[str, str] = load("yahoo_auction/ended_results_classic.json")["results"]
    return results.get(word.strip())


def cancel_status() -> str:
    """The status that a classic store must have created itself."""
    return str(load("yahoo_auction/state_map_classic.json")["cancel_status"])
