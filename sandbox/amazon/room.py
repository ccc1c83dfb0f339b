"""The control room's page for Amazon."""

from __future__ import annotations

from flask import render_template

from sandbox.amazon.gateway import amazon
from sandbox.amazon.settings import CHOICES
from sandbox.amazon.views import offer_rows
from sandbox.amazon.words import ORDER_STATES, SETTING_WORDS, offer_state
from sandbox.market.books import wire

SHOWN = 100  # rows of a table


def room(problem: str | None) -> str:
    books = amazon()
    sellers = books.sellers()
    offers = [
        row | {"account": each["account"], "state": offer_state(row)}
        for each in sellers
        for row in offer_rows(books, each["id"])
    ]
    orders = [
        order | {"account": each["account"]} for each in sellers for order in books.orders(each["id"])[::-1]
    ]
    return render_template(
        "amazon/room.html", sellers=sellers, offers=offers, orders=orders, shown=SHOWN, states=ORDER_STATES,
        settings=books.settings(), own={each["id"]: books.own_settings(each["id"]) for each in sellers},
        words=SETTING_WORDS, choices=CHOICES, clock=wire(books.now()), problem=problem,
    )  # fmt: skip
