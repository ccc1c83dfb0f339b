"""The seller's own pages, to look at: offers with price, quantity and state, and orders."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from sandbox.amazon.gateway import amazon
from sandbox.amazon.views import offer_rows
from sandbox.amazon.words import CONDITIONS, ORDER_STATES, offer_state
from sandbox.market.books import Unknown

bp = Blueprint("amazon_seller_central", __name__)
SHOWN = 500  # rows of a table


@bp.before_request
def begin() -> None:
    amazon().settle()


@bp.errorhandler(Unknown)
def unknown(error: Unknown) -> Any:
    return render_template("amazon/missing.html", words=str(error)), 404


@bp.get("/")
def sellers() -> str:
    return render_template("amazon/sellers.html", sellers=amazon().sellers())


@bp.get("/<account>/offers")
def offers(account: str) -> str:
    seller = amazon().seller(account)
    rows = [row | {"state": offer_state(row)} for row in offer_rows(amazon(), seller["id"])]
    return render_template(
        "amazon/offers.html", seller=seller, rows=rows[:SHOWN], total=len(rows), conditions=CONDITIONS
    )


@bp.get("/<account>/orders")
def orders(account: str) -> str:
    seller = amazon().seller(account)
    rows = amazon().orders(seller["id"])[::-1]
    return render_template(
        "amazon/orders.html", seller=seller, rows=rows[:SHOWN], total=len(rows), states=ORDER_STATES
    )
