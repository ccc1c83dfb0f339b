"""R34: the pretend Amazon against Amazon's own models and sandbox examples (`../shared/facts/amazon-models`).

Every answer in the other tests is held against these models, too; here are what is asked and what the examples say.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.amazon_program import JAPAN, MODELS, Program, answer_schema, model, offer, operations

if not MODELS.exists():
    pytest.skip("Amazon's models are not there: ../shared/facts/amazon-models", allow_module_level=True)

# Refused examples without a fault: Amazon's static sandbox knows them by a magic word; an empty ASIN is another path.
MAGIC_WORDS = {"BadSKU", "Invalid Request", ""}


def asked_of_model(operation: str) -> list[dict[str, Any]]:
    spec = operations()[operation]
    asked = model(spec["model"])["paths"][spec["path"]][spec["method"].lower()]
    assert asked["operationId"] == operation
    return list(asked["parameters"])


@pytest.mark.parametrize("operation", operations())
def test_the_parameters_are_the_models(operation: str) -> None:
    kinds = {"array": "list", "integer": "number", "string": "text"}
    wanted = {}
    for each in asked_of_model(operation):
        if each["in"] == "query":
            kind = "time" if each.get("format") == "date-time" else kinds[each["type"]]
            most, known = (
                each.get("maxItems", each.get("maximum")),
                each.get("enum", each.get("items", {}).get("enum")),
            )
            wanted[each["name"]] = {"type": kind} | {
                name: value
                for name, value in (("required", each.get("required")), ("most", most), ("one_of", known))
                if value
            }
    assert operations()[operation]["query"] == wanted


@pytest.mark.parametrize("operation", operations())
def test_the_rates_are_the_models(operation: str) -> None:
    from sandbox.amazon.books import data  # noqa: PLC0415 - only this test looks inside

    spec = operations()[operation]
    words = model(spec["model"])["paths"][spec["path"]][spec["method"].lower()]["description"]
    told = re.search(r"\| *(?:Default *\| *)?([\d.]+) *\| *(\d+) *\|", words)
    assert told is not None
    assert data("rates")[operation] == [float(told[1]), int(told[2])]


def test_bodies_have_the_models_fields() -> None:
    from sandbox.amazon.books import data  # noqa: PLC0415

    def same(ours: dict[str, Any], of_model: dict[str, Any], definitions: dict[str, Any]) -> None:
        theirs = definitions[of_model["$ref"].rsplit("/", 1)[1]] if "$ref" in of_model else of_model
        if theirs.get("type") == "array":
            if "items" in ours:
                same(ours["items"], theirs["items"], definitions)
        elif "properties" in theirs and "properties" in ours:
            assert set(ours["properties"]) == set(theirs["properties"])
            assert sorted(ours.get("required", [])) == sorted(theirs.get("required", []))
            for name, each in ours["properties"].items():
                same(each, theirs["properties"][name], definitions)
        assert ours.get("enum", theirs.get("enum")) == theirs.get("enum")

    for operation, schema in data("bodies").items():
        (body,) = (each["schema"] for each in asked_of_model(operation) if each["in"] == "body")
        same(schema, body, model(operations()[operation]["model"])["definitions"])


# --- examples ---


def examples() -> Iterator[Any]:
    """(operation, status, parameters, answer) of every pair in the models that we play."""
    for operation, spec in operations().items():
        answers = model(spec["model"])["paths"][spec["path"]][spec["method"].lower()]["responses"]
        for status, answer in answers.items():
            pairs = answer.get("x-amzn-api-sandbox", {}).get("static", [])
            for number, pair in enumerate(pairs):
                given = {name: each.get("value") for name, each in pair["request"]["parameters"].items()}
                yield pytest.param(
                    operation, int(status), given, pair.get("response"), id=f"{operation}-{status}-{number}"
                )


@pytest.mark.parametrize(("operation", "status", "given", "answer"), list(examples()))
def test_the_examples_themselves_fit_the_closed_models(
    operation: str, status: int, given: dict[str, Any], answer: Any
) -> None:
    """Else what every other answer is held against would be too strict."""
    schema = answer_schema(operation, status)
    if schema is None:
        assert answer in (None, {})
        return
    wrong = [f"{each.json_path}: {each.message}" for each in schema.iter_errors(answer)]
    assert wrong == []


def path_values(operation: str, given: dict[str, Any]) -> dict[str, Any]:
    usual = {
        "sku": "EXAMPLE-1",
        "asin": "B0SBX00001",
        "productType": "PRODUCT",
        "orderId": "503-0000000-0000000",
    }
    path = operations()[operation]["path"]
    return {name: given.get(name) or value for name, value in usual.items() if f"{{{name}}}" in path}


def query_of(operation: str, given: dict[str, Any]) -> dict[str, str]:
    """The example's own, moved to Japan and to this seller; what it leaves out and the model needs is filled in."""
    here = {"marketplaceIds": JAPAN, "sellerId": "A1SANDBOXSHOP01"}
    query = {}
    for name, spec in operations()[operation]["query"].items():
        value = given.get(name)
        if name in here and (value is not None or spec.get("required")):
            query[name] = here[name]
        elif value is not None:
            query[name] = ",".join(value) if isinstance(value, list) else str(value)
        elif spec.get("required"):
            query[name] = "B0SBX00001"
    return query


def magic_words(given: dict[str, Any]) -> set[str]:
    """An empty marketplace is a fault that one can send; an empty ASIN is not."""
    values = [
        each for value in given.values() for each in (value if isinstance(value, list) else [str(value)])
    ]
    return {each for each in values if each in MAGIC_WORDS and (each or given.get("asin") == "")}


GOOD = [each for each in examples() if each.values[1] in (200, 204)]
REFUSED = [each for each in examples() if each.values[1] == 400]
BAD = [each for each in REFUSED if not magic_words(each.values[2])]


@pytest.mark.parametrize(("operation", "status", "given", "_answer"), GOOD)
def test_what_amazons_examples_ask_is_understood(
    program: Program, operation: str, status: int, given: dict[str, Any], _answer: Any
) -> None:
    """The example's order, product or definition may not be there, and its page's token is none; its form is good."""
    bodies = {
        "putListingsItem": offer(),
        "patchListingsItem": {"productType": "PRODUCT", "patches": [{"op": "delete", "path": "/attributes/condition_note"}]},
    }  # fmt: skip
    body = bodies.get(operation)
    if operation == "confirmShipment":
        body = copy.deepcopy(given["body"])
        body["marketplaceId"] = JAPAN
    query = query_of(operation, given)
    query.pop("paginationToken", None)
    if operation == "getDefinitionsProductType":
        query["requirements"] = "LISTING_OFFER_ONLY"
    answer = program.ask(operation, body, **path_values(operation, given), **query)
    is_of_nothing = operation in ("getOrder", "confirmShipment", "getListingsItem", "getCatalogItem")
    assert answer.status_code in ((404, status) if is_of_nothing else (status,)), answer.text


@pytest.mark.parametrize(("operation", "status", "given", "answer"), BAD)
def test_what_amazons_examples_refuse_is_refused_alike(
    program: Program, operation: str, status: int, given: dict[str, Any], answer: Any
) -> None:
    query = {
        name: ",".join(value) if isinstance(value, list) else str(value)
        for name, value in given.items()
        if name != "body"
    }
    order = program.visitor.act("amazon-seed-orders", count=1)["order_ids"][0]
    body = given.get("body")
    if operation == "confirmShipment":  # its fault is the shipDate
        body = copy.deepcopy(given["body"]) | {"marketplaceId": JAPAN}
        query["orderId"] = order
    if operation == "searchListingsItems":  # its fault is the marketplace; another seller's would be 403
        query["sellerId"] = program.seller_id
    needed = {"sellerId": program.seller_id} if operation == "getListingsRestrictions" else {}
    error = program.refused(operation, body, status, **(path_values(operation, given) | query | needed))
    theirs = answer["errors"][0] if isinstance(answer, dict) else answer[0]
    assert error["message"].casefold() == theirs["message"].casefold()
    assert error["code"] in (theirs["code"], theirs["code"].replace(" ", ""))


def test_these_examples_are_refused_by_a_magic_word_only() -> None:
    assert sorted(each.values[0] for each in REFUSED if each not in BAD) == [
        "deleteListingsItem", "getCatalogItem", "getListingsItem", "patchListingsItem", "putListingsItem",
        "searchDefinitionsProductTypes",
    ]  # fmt: skip


def test_the_invalid_preview_of_the_example_says_the_same(program: Program) -> None:
    (example,) = (
        each.values[3]
        for each in GOOD
        if each.values[0] == "putListingsItem" and each.values[2].get("sku") == "VALIDATION_INVALID"
    )
    body = offer(condition_type=None, fake_attribute=[{"value": "x"}])
    told = program.told(
        "putListingsItem",
        body,
        sku="VALIDATION_INVALID",
        issueLocale="en_US",
        mode="VALIDATION_PREVIEW",
        includedData="identifiers,issues",
    )
    assert (told["status"], told["identifiers"]) == (example["status"], example["identifiers"])

    def short(issues: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        return sorted(
            (each["code"], each["message"], each["severity"], each["attributeNames"]) for each in issues
        )

    assert short(told["issues"]) == short(example["issues"])


def example_orders() -> dict[str, Any]:
    orders: dict[str, Any] = {}
    for each in GOOD:
        operation, answer = each.values[0], each.values[3]
        if operation in ("searchOrders", "getOrder"):
            for order in answer["orders"] if operation == "searchOrders" else [answer["order"]]:
                orders.setdefault(order["orderId"], order)
    return orders


@pytest.mark.parametrize("order", example_orders().values(), ids=example_orders())
def test_an_example_order_can_be_imported_and_reads_as_it_was(
    program: Program, order: dict[str, Any]
) -> None:
    program.visitor.act("amazon-import-order", order=order)
    everything = ",".join(operations()["getOrder"]["query"]["includedData"]["one_of"])
    assert program.order(order["orderId"], everything) == order
    program.visitor.act("clock", minutes=3)
    found = program.told("searchOrders", createdAfter="2024-01-01T00:00:00Z", includedData=everything)
    assert found["orders"] == [order]
