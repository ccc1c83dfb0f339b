"""A seller's program that talks to the pretend Amazon; every answer is held against Amazon's own models where they are."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft4Validator, FormatChecker
from werkzeug.test import TestResponse

if TYPE_CHECKING:
    from tests.sandbox.conftest import Visitor

MODELS = Path(__file__).parents[3] / "shared" / "facts" / "amazon-models"
OPERATIONS = Path(__file__).parents[2] / "sandbox" / "amazon" / "data" / "operations.json"
API, LWA, SELLER_CENTRAL = "sellingpartnerapi-fe.amazon", "api.amazon", "sellercentral.amazon"
JAPAN = "A1VC38T7YXB528"
SELLERS = {"amazon1": "A1SANDBOXSHOP01", "amazon2": "A2SANDBOXSHOP02"}
EVERYTHING = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT"
GATE_ANSWERS = (
    403,
    429,
)  # the restrictions' model has a bare list, which the gate in front of it does not know
formats = FormatChecker(())


@formats.checks("date-time", ValueError)
def _is_moment(text: Any) -> bool:
    return not isinstance(text, str) or (text.endswith("Z") and bool(datetime.fromisoformat(text)))


@cache
def operations() -> dict[str, Any]:
    return dict(json.loads(OPERATIONS.read_text("utf-8")))


@cache
def model(name: str) -> dict[str, Any]:
    return dict(json.loads((MODELS / f"{name}.json").read_text("utf-8")))


def closed(schema: Any) -> Any:
    """The same schema, in which a field that Amazon has not named is a mistake."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: closed(each) for name, each in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        told.setdefault("additionalProperties", False)
    return told


@cache
def answer_schema(operation: str, status: int) -> Any:
    """None where Amazon has no body for it; KeyError for a status that Amazon does not have."""
    spec = operations()[operation]
    of_model = model(spec["model"])
    answer = of_model["paths"][spec["path"]][spec["method"].lower()]["responses"][str(status)]
    if "schema" not in answer:
        return None
    definitions = {name: closed(each) for name, each in of_model["definitions"].items()}
    return Draft4Validator({**answer["schema"], "definitions": definitions}, format_checker=formats)


def hold_against_model(operation: str, answer: TestResponse) -> None:
    if (
        not MODELS.exists()
        or answer.mimetype == "text/html"
        or (answer.status_code >= 429 and not answer.data)
    ):
        return
    is_bare = operation == "getListingsRestrictions" and answer.status_code in GATE_ANSWERS
    schema = answer_schema("getListingsItem" if is_bare else operation, answer.status_code)
    if schema is None:
        assert not answer.data
        return
    wrong = [f"{each.json_path}: {each.message}" for each in schema.iter_errors(answer.json)]
    assert not wrong, wrong


class Program:
    """Of one seller; asks for an access token when it first needs one."""

    def __init__(self, visitor: Visitor, account: str = "amazon1") -> None:
        self.visitor, self.account, self.seller_id = visitor, account, SELLERS[account]
        self.token = ""

    def credentials(self, **changes: str) -> dict[str, str]:
        number = self.account[-1]
        return {
            "grant_type": "refresh_token", "client_id": f"amzn1.application-oa2-client.sandbox{number}",
            "client_secret": f"amzn1.oa2-cs.v1.sandbox{number}", "refresh_token": f"Atzr|sandbox-{self.account}",
        } | changes  # fmt: skip

    def refresh(self, **changes: str) -> TestResponse:
        answer = self.visitor.post(LWA, "/auth/o2/token", data=self.credentials(**changes))
        if answer.status_code == 200:
            self.token = (answer.json or {})["access_token"]
        return answer

    def ask(self, operation: str, body: Any = None, token: str | None = None, **query: Any) -> TestResponse:
        """`sku`, `sellerId`, `asin`, `orderId`, `productType` go into the path where there is such a place."""
        if token is None and not self.token:
            assert self.refresh().status_code == 200
        spec = operations()[operation]
        path = spec["path"]
        if "marketplaceIds" in spec["query"] and spec["query"]["marketplaceIds"].get("required"):
            query.setdefault("marketplaceIds", JAPAN)
        if "{sellerId}" in path:
            query.setdefault("sellerId", self.seller_id)
        for name in [name for name in query if f"{{{name}}}" in path]:
            path = path.replace(f"{{{name}}}", query.pop(name))
        answer = self.visitor.client.open(
            path, method=spec["method"], base_url=f"http://{API}.localhost:8100", json=body, query_string=query,
            headers={"x-amz-access-token": self.token if token is None else token} if token != "" else {},
        )  # fmt: skip
        hold_against_model(operation, answer)
        return answer

    def told(self, operation: str, body: Any = None, **query: Any) -> dict[str, Any]:
        answer = self.ask(operation, body, **query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json or {})

    def refused(self, operation: str, body: Any = None, status: int = 400, **query: Any) -> dict[str, Any]:
        """The one error that came."""
        answer = self.ask(operation, body, **query)
        assert answer.status_code == status, answer.text
        said: Any = answer.json
        (error,) = said["errors"] if isinstance(said, dict) else said
        return dict(error)

    # --- listings ---

    def put(self, sku: str, **changes: Any) -> dict[str, Any]:
        return self.told("putListingsItem", offer(**changes), sku=sku)

    def item(self, sku: str) -> dict[str, Any] | None:
        data = "summaries,attributes,issues,offers,fulfillmentAvailability"
        answer = self.ask("getListingsItem", sku=sku, includedData=data)
        return dict(answer.json or {}) if answer.status_code == 200 else None

    def status(self, sku: str) -> list[str] | None:
        item = self.item(sku)
        return None if item is None else list(item["summaries"][0]["status"])

    def patch(self, sku: str, name: str, value: Any, op: str = "replace", **query: Any) -> dict[str, Any]:
        patch = {"op": op, "path": f"/attributes/{name}"} | ({} if value is None else {"value": value})
        return self.told(
            "patchListingsItem", {"productType": "PRODUCT", "patches": [patch]}, sku=sku, **query
        )

    def set_quantity(self, sku: str, quantity: int) -> dict[str, Any]:
        return self.patch(sku, "fulfillment_availability", availability(quantity))

    # --- orders ---

    def order(self, order_id: str, data: str = EVERYTHING) -> dict[str, Any]:
        return dict(self.told("getOrder", orderId=order_id, includedData=data)["order"])

    def confirm(
        self, order: dict[str, Any], body: dict[str, Any] | None = None, **changes: Any
    ) -> TestResponse:
        package = {
            "packageReferenceId": "1", "carrierCode": "YAMATO", "trackingNumber": "123456789012",
            "shipDate": "2026-11-25T01:00:00Z",
            "orderItems": [
                {"orderItemId": each["orderItemId"], "quantity": each["quantityOrdered"]} for each in order["orderItems"]
            ],
        }  # fmt: skip
        package = {name: value for name, value in (package | changes).items() if value is not None}
        sent = {"marketplaceId": JAPAN, "packageDetail": package} | (body or {})
        return self.ask("confirmShipment", sent, orderId=order["orderId"])


def availability(quantity: int) -> list[dict[str, Any]]:
    return [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}]


def price(yen: float) -> list[dict[str, Any]]:
    return [
        {"currency": "JPY", "our_price": [{"schedule": [{"value_with_tax": yen}]}], "marketplace_id": JAPAN}
    ]


def offer(asin: str = "B0SBX00001", **attributes: Any) -> dict[str, Any]:
    """The body of a PUT; an attribute None is left out."""
    usual = {
        "merchant_suggested_asin": [{"value": asin, "marketplace_id": JAPAN}],
        "condition_type": [{"value": "used_good", "marketplace_id": JAPAN}],
        "condition_note": [{"value": "箱に傷があります", "language_tag": "ja_JP", "marketplace_id": JAPAN}],
        "purchasable_offer": price(4980),
        "fulfillment_availability": availability(1),
        "merchant_shipping_group": [{"value": "legacy-template-id", "marketplace_id": JAPAN}],
    }
    given = {name: value for name, value in (usual | attributes).items() if value is not None}
    return {"productType": "PRODUCT", "requirements": "LISTING_OFFER_ONLY", "attributes": given}


def ago(visitor: Visitor, **delta: float) -> str:
    """A moment of the market's clock as Amazon wants it."""
    now = datetime.fromisoformat(visitor.state()["clock"])
    return (now - timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%SZ")


def sell(program: Program, *skus: str, units: int = 1, **more: Any) -> str:
    """The order of a customer who buys `units` of A00001, B00001, …, of each of which there are five on sale."""
    for prefix in skus:
        program.visitor.act("amazon-seed-offers", prefix=prefix, quantity=5)
    bought = program.visitor.act("amazon-buy", skus=[f"{each}00001" for each in skus], quantity=units, **more)
    return str(bought["order_id"])


def put_problems(program: Program, **changes: Any) -> list[tuple[str, list[str], list[str]]]:
    """Code, attributes and categories of what is wrong; nothing was submitted."""
    answer = program.ask("putListingsItem", offer(**changes), sku="S-1")
    assert answer.status_code == 200
    told = answer.json or {}
    assert told["status"] == ("INVALID" if told["issues"] else "ACCEPTED")
    if told["issues"]:
        assert program.visitor.state()["amazon"]["waiting"] == []
    return [(each["code"], each["attributeNames"], each["categories"]) for each in told["issues"]]
