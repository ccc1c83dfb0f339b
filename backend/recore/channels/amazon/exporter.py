"""The `OfferApi` of Amazon: offers on products that Amazon's catalogue has (LISTING_OFFER_ONLY)."""

from __future__ import annotations

import re
from typing import Any

import httpx

from recore.channels.amazon import mapper
from recore.channels.amazon.channel import amazon_form
from recore.channels.amazon.client import AmazonClient
from recore.channels.amazon.settings import api_facts, rate_of
from recore.channels.base import FieldProblem, Values
from recore.channels.offer_api import (
    Amounts,
    CatalogItem,
    Key,
    Operation,
    SeenOffer,
    Seller,
    Submitted,
)
from recore.channels.order_api import Client, Tokens
from recore.platform.errors import Terminal
from recore.platform.ratelimit import Rate

NAMES = {
    Operation.FIND: "searchCatalogItems",
    Operation.RESTRICTIONS: "getListingsRestrictions",
    Operation.CHECK: "putListingsItem",
    Operation.PUT: "putListingsItem",
    Operation.CHANGE: "patchListingsItem",
    Operation.WITHDRAW: "deleteListingsItem",
    Operation.LOOK: "getListingsItem",
}
JAN = re.compile(r"[0-9]{8}|[0-9]{13}")
ASIN = re.compile(r"B[0-9A-Z]{9}")


class AmazonOffers:
    """`auth_url`, `api_url`: origins in place of the real ones; `transport`: how to reach them, for tests."""

    label = "Amazon"
    keys: tuple[Key, ...] = (
        Key("client_id", "クライアントID", "amzn1.application-oa2-client. で始まります。"),
        Key("client_secret", "クライアントシークレット", "amzn1.oa2-cs. で始まります。"),
        Key(
            "refresh_token",
            "リフレッシュトークン",
            "アプリを承認したときに表示された、Atzr| で始まるものです。",
        ),
    )
    where = (
        "Amazonのセラーセントラルの「アプリとサービス」→「アプリの開発」で、アプリを承認すると表示されます。"
    )

    def __init__(
        self, auth_url: str = "", api_url: str = "", transport: httpx.BaseTransport | None = None
    ) -> None:
        self._client = AmazonClient(auth_url, api_url, transport)

    def limit(self, operation: Operation) -> tuple[str, Rate]:
        return NAMES[operation], rate_of(NAMES[operation])

    def new_tokens(self, client: Client, refresh: str) -> Tokens:
        return self._client.new_tokens(client, refresh)

    def try_out(self, seller: Seller) -> None:
        """An offer that nobody has: 404 is a good answer."""
        self.look(seller, api_facts()["test_sku"])

    def find(self, seller: Seller, text: str) -> list[CatalogItem]:
        kind = "JAN" if JAN.fullmatch(text) else "ASIN" if ASIN.fullmatch(text) else None
        asked = {"identifiers": text, "identifiersType": kind} if kind else {"keywords": text}
        query = _market() | asked | {"includedData": "summaries", "pageSize": "20"}
        answer = self._client.ask("searchCatalogItems", seller.access, query)
        return mapper.catalog_items(answer) if answer else []

    def restrictions(self, seller: Seller, values: Values) -> list[FieldProblem]:
        query = _market() | {
            "asin": values["asin"], "conditionType": values["condition"], "sellerId": seller.id,
            "reasonLocale": api_facts()["locale"],
        }  # fmt: skip
        answer = self._client.ask("getListingsRestrictions", seller.access, query)
        return mapper.restrictions(answer, amazon_form()) if answer else []

    def check(self, seller: Seller, number: str, values: Values) -> list[FieldProblem]:
        amounts = Amounts(values["quantity"], values["price"])
        body = mapper.offer_document(values, amounts)
        answer = self._submit(
            Operation.CHECK, seller, number, body, mode="VALIDATION_PREVIEW", includedData="issues"
        )
        return list(answer.problems)

    def put(self, seller: Seller, number: str, values: Values, amounts: Amounts) -> Submitted:
        return self._submit(Operation.PUT, seller, number, mapper.offer_document(values, amounts))

    def change(
        self,
        seller: Seller,
        number: str,
        values: Values,
        *,
        quantity: int | None = None,
        price: int | None = None,
    ) -> Submitted:
        body = mapper.change_document(values, quantity, price)
        return self._submit(Operation.CHANGE, seller, number, body)

    def withdraw(self, seller: Seller, number: str) -> Submitted:
        """What is not there needs no taking off."""
        query = _market() | _locale()
        answer = self._client.ask(
            NAMES[Operation.WITHDRAW], seller.access, query, seller=seller.id, sku=number
        )
        return mapper.submitted(answer, amazon_form()) if answer else Submitted(True, ())

    def look(self, seller: Seller, number: str) -> SeenOffer | None:
        query = _market() | _locale() | {"includedData": api_facts()["item_data"]}
        answer = self._client.ask("getListingsItem", seller.access, query, seller=seller.id, sku=number)
        return mapper.seen_offer(answer, amazon_form()) if answer else None

    def _submit(
        self,
        operation: Operation,
        seller: Seller,
        number: str,
        body: dict[str, Any],
        **query: str,
    ) -> Submitted:
        answer = self._client.ask(
            NAMES[operation], seller.access, _market() | _locale() | query, body, seller=seller.id, sku=number
        )
        if answer is None:
            raise Terminal(
                "NO_SUCH_OFFER", f"Amazonに、SKU「{number}」の出品がありません。", item=number,
                remedy="Amazonのセラーセントラルで確かめてください。",
            )  # fmt: skip
        return mapper.submitted(answer, amazon_form())


def _market() -> dict[str, str]:
    return {"marketplaceIds": api_facts()["marketplace"]}


def _locale() -> dict[str, str]:
    return {"issueLocale": api_facts()["locale"]}
