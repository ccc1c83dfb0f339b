"""What the control room can do with Amazon, one function per button: a body's names and types are its function's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from sandbox.amazon.market import Amazon
from sandbox.amazon.orders import open_units
from sandbox.market.books import Unknown, wire

MOST_SEEDED = 20_000
Object: TypeAlias = dict[str, Any]
WHO = ("BUYER", "MERCHANT", "AMAZON")


# --- offers ---


def seed_offers(
    amazon: Amazon, *, seller: str = "amazon1", count: int = 1, prefix: str = "OTHER", asin: str = "B0SBX00001",
    price: int = 4980, quantity: int = 1,
) -> dict[str, Any]:  # fmt: skip
    """Offers on sale that the seller has made without our doing."""
    seller_id = amazon.seller(seller)["id"]
    if not 1 <= count <= MOST_SEEDED or not 0 <= quantity <= 99_999:
        raise Unknown(f"count は1〜{MOST_SEEDED}、quantity は0〜99999です。")
    skus = [f"{prefix}{number:05d}" for number in range(1, count + 1)]
    with amazon.books():
        for sku in skus:
            amazon.list_at_once(seller_id, sku, asin=asin, price=price, quantity=quantity)
    return {"skus": skus}


def suppress(amazon: Amazon, *, sku: str, seller: str = "amazon1") -> None:
    amazon.suppress(amazon.seller(seller)["id"], sku)


def lift(amazon: Amazon, *, sku: str, seller: str = "amazon1") -> None:
    """Amazon lets a suppressed offer back."""
    amazon.suppress(amazon.seller(seller)["id"], sku, lift=True)


def delete_offer(amazon: Amazon, *, sku: str, seller: str = "amazon1") -> None:
    """The seller deletes it on his own pages."""
    amazon.forget(amazon.seller(seller)["id"], sku)


def restrict(
    amazon: Amazon, *, asin: str, seller: str = "amazon1", reason_code: str = "APPROVAL_REQUIRED",
    conditions: list[str] | None = None,
) -> None:  # fmt: skip
    """No conditions: all of them."""
    amazon.restrict(amazon.seller(seller)["id"], asin, reason_code, conditions or [])


def approve(amazon: Amazon, *, asin: str, seller: str = "amazon1") -> None:
    amazon.restrict(amazon.seller(seller)["id"], asin, None, [])


# --- orders ---


def buy(  # noqa: PLR0913 - one for each field of the body
    amazon: Amazon, *, skus: list[str], seller: str = "amazon1", quantity: int = 1, buyer: int = 0,
    payment: str = "CreditCard", shipping: int = 0, points: int = 0, paid: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """A customer buys offers that are on sale; until he has paid the order is PENDING."""
    if not skus or quantity < 1:
        raise Unknown("skus と quantity は1つ以上です。")
    with amazon.books():
        order_id = amazon.buy(
            amazon.seller(seller)["id"],
            skus,
            quantity,
            buyer=buyer,
            payment=payment,
            shipping=shipping,
            points=points,
        )
        if paid:
            amazon.pay(order_id)
    return {"order_id": order_id}


def order(
    amazon: Amazon, *, lines: list[Object], seller: str = "amazon1", buyer: int = 0, fulfilled_by: str = "MERCHANT",
    paid: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Of anything: lines of sku, price [quantity, asin, title, condition], whether or not there is such an offer."""
    if fulfilled_by not in ("MERCHANT", "AMAZON"):
        raise Unknown("fulfilled_by は MERCHANT / AMAZON のどれかです。")
    made = [{"quantity": 1, "asin": "B0SBX00001", **line} for line in lines]
    if not made or not all(
        isinstance(each.get("sku"), str) and isinstance(each.get("price"), int) for each in made
    ):
        raise Unknown("lines には sku（文字）と price（円）が必要です。")
    with amazon.books():
        order_id = amazon.place(amazon.seller(seller)["id"], made, buyer=buyer, fulfilled_by=fulfilled_by)
        if paid:
            amazon.pay(order_id)
    return {"order_id": order_id}


def seed_orders(
    amazon: Amazon,
    *,
    count: int,
    seller: str = "amazon1",
    prefix: str = "OTHER",
    price: int = 4980,
    paid: bool = True,
) -> dict[str, Any]:
    """Many at once, of SKUs that have no offer."""
    if not 1 <= count <= MOST_SEEDED:
        raise Unknown(f"count は1〜{MOST_SEEDED}です。")
    with amazon.books():
        return {"order_ids": [
            order(amazon, seller=seller, lines=[{"sku": f"{prefix}{number:05d}", "price": price}], buyer=number,
                  paid=paid)["order_id"]
            for number in range(1, count + 1)
        ]}  # fmt: skip


def pay(amazon: Amazon, *, order_id: str) -> None:
    amazon.pay(order_id)


def cancel(
    amazon: Amazon, *, order_id: str, by: str = "BUYER", reason: str = "注文の間違い", line: int | None = None
) -> None:
    """What has not been shipped; with `line` (from 1) of that line only."""
    if by not in WHO:
        raise Unknown(f"by は {' / '.join(WHO)} のどれかです。")
    amazon.cancel(order_id, by, reason, line)


def request_cancel(amazon: Amazon, *, order_id: str, reason: str = "不要になった") -> None:
    amazon.request_cancel(order_id, reason)


def ship(amazon: Amazon, *, order_id: str, line: int | None = None, quantity: int | None = None) -> None:
    """On the seller's own pages, or by Amazon: all that is left, or of one line (from 1) so many."""
    lines = amazon.order(order_id)["lines"]
    if line is not None and not 1 <= line <= len(lines):
        raise Unknown(f"line は1〜{len(lines)}です。")
    chosen = lines if line is None else [lines[line - 1]]
    left = {each["item_id"]: open_units(each) for each in chosen}
    if quantity is not None and not all(1 <= quantity <= each for each in left.values()):
        raise Unknown("quantity は未出荷の数までです。")
    units = {item: quantity or units for item, units in left.items() if units}
    place = len(amazon.order(order_id)["packages"]) + 1
    amazon.ship(order_id, units, {
        "reference": str(9000 + place), "carrier": "YAMATO", "tracking_number": f"4000000{place:05d}",
        "ship_time": wire(amazon.now()),
    })  # fmt: skip


def deliver(amazon: Amazon, *, order_id: str) -> None:
    amazon.deliver(order_id)


def order_state(amazon: Amazon, *, order_id: str, status: str) -> None:
    """Any word, also one that no reader knows."""
    amazon.set_order_state(order_id, status)


def change_order(
    amazon: Amazon,
    *,
    order_id: str,
    put: Object | None = None,
    drop: list[str] | None = None,
) -> None:
    """Answers have these values, and lack what these JSON pointers name; neither: as it really is again."""
    amazon.change_order(order_id, put or {}, drop or [])


def import_order(amazon: Amazon, *, order: Object, seller: str = "amazon1") -> dict[str, Any]:
    return {"order_id": amazon.import_order(amazon.seller(seller)["id"], order)}


# --- programs ---


def revoke(amazon: Amazon, *, seller: str = "amazon1") -> None:
    amazon.revoke(amazon.seller(seller)["id"])


def authorize(amazon: Amazon, *, seller: str = "amazon1") -> dict[str, Any]:
    return {"refresh_token": amazon.authorize(amazon.seller(seller)["id"])}


def expire_tokens(amazon: Amazon, *, seller: str = "amazon1") -> None:
    amazon.expire_tokens(amazon.seller(seller)["id"])


def fill_buckets(amazon: Amazon) -> None:
    amazon.buckets.fill()


def settings(amazon: Amazon, *, seller: str | None = None, **values: Any) -> None:
    """All of them or none; with `seller` for that one only, null there means: as for everybody again."""
    seller_id = amazon.seller(seller)["id"] if seller else ""
    with amazon.books():
        for name, value in values.items():
            amazon.set(name, value, seller_id)


ACTIONS: dict[str, Callable[..., dict[str, Any] | None]] = {
    "amazon-seed-offers": seed_offers,
    "amazon-suppress": suppress,
    "amazon-lift": lift,
    "amazon-delete-offer": delete_offer,
    "amazon-restrict": restrict,
    "amazon-approve": approve,
    "amazon-buy": buy,
    "amazon-order": order,
    "amazon-seed-orders": seed_orders,
    "amazon-pay": pay,
    "amazon-cancel": cancel,
    "amazon-request-cancel": request_cancel,
    "amazon-ship": ship,
    "amazon-deliver": deliver,
    "amazon-order-state": order_state,
    "amazon-change-order": change_order,
    "amazon-import-order": import_order,
    "amazon-revoke": revoke,
    "amazon-authorize": authorize,
    "amazon-expire-tokens": expire_tokens,
    "amazon-fill-buckets": fill_buckets,
    "amazon-settings": settings,
}
