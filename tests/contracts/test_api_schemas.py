"""The API's JSON Schemas accept and refuse here what the extension's validators accept and refuse.

The same instances are judged by `extension/tests/api-schemas.test.ts`.
"""

import json
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from recore.platform.errors import Invalid
from recore.sync.schemas import auction_ids, decode_page, listing_rows

ROOT = Path(__file__).parents[2]
SCHEMAS = {
    path.name: json.loads(path.read_text("utf-8"))
    for path in sorted((ROOT / "shared_schemas/api").glob("*.schema.json"))
}
INSTANCES = [
    json.loads(path.read_text("utf-8"))
    for path in sorted((ROOT / "tests/contracts/api_instances").glob("*.json"))
]
REGISTRY: Registry[object] = Registry().with_resources(
    (name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)


def cases(verdict: str) -> list[object]:
    return [
        pytest.param(group["schema"], case["body"], id=f"{group['schema']}: {case['name']}")
        for group in INSTANCES
        for case in group[verdict]
    ]


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS[name], registry=REGISTRY)


def test_every_schema_is_sound_and_has_instances_of_both_kinds() -> None:
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)
    judged = {group["schema"] for group in INSTANCES if group["valid"] and group["invalid"]}
    assert judged == set(SCHEMAS)


@pytest.mark.parametrize(("name", "body"), cases("valid"))
def test_r17_accepts(name: str, body: object) -> None:
    assert [error.message for error in validator(name).iter_errors(body)] == []


@pytest.mark.parametrize(("name", "body"), cases("invalid"))
def test_r17_refuses(name: str, body: object) -> None:
    assert not validator(name).is_valid(body)


def read_as_the_server_does(body: object) -> None:
    wire = msgspec.json.encode(body)
    page = decode_page(wire)
    assert len(auction_ids(wire)) == len(listing_rows(page.listings))


@pytest.mark.parametrize(
    ("schema", "body"), [each for each in cases("valid") if each.values[0] == "page.schema.json"]
)  # type: ignore[attr-defined]
def test_the_servers_reader_of_pages_accepts_what_the_schema_does(schema: str, body: object) -> None:
    read_as_the_server_does(body)


@pytest.mark.parametrize(
    ("schema", "body"), [each for each in cases("invalid") if each.values[0] == "page.schema.json"]
)  # type: ignore[attr-defined]
def test_the_servers_reader_of_pages_refuses_what_the_schema_does(schema: str, body: object) -> None:
    with pytest.raises(Invalid, match="BODY"):
        read_as_the_server_does(body)
