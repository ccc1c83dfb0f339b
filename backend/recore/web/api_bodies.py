"""Bodies of the extension's API, checked against the same JSON Schemas that the extension is built from."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, cast

from flask import request
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from recore.platform.errors import Invalid
from recore.platform.text_ja import holds_nul
from recore.shared_schemas import FOLDER

_KEY = re.compile(r"[A-Za-z0-9_-]{8,80}")


@cache
def validator(name: str) -> Draft202012Validator:
    """The validator of `shared_schemas/api/<name>.schema.json`; its neighbours resolve by file name and by `$id`."""
    registry: Registry[Any] = Registry()
    schemas = {
        path.name: json.loads(path.read_text("utf-8")) for path in (FOLDER / "api").glob("*.schema.json")
    }
    for file_name, schema in schemas.items():
        resource = Resource.from_contents(schema)
        registry = registry.with_resource(file_name, resource)
        if "$id" in schema:
            registry = registry.with_resource(schema["$id"], resource)
    return Draft202012Validator(
        schemas[f"{name}.schema.json"], registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def body_of(name: str) -> dict[str, Any]:
    """The request's JSON body if it fits the schema. Raises Invalid BODY naming the first place that does not."""
    body = None if holds_nul(request.get_data()) else request.get_json(silent=True)
    error = next(iter(validator(name).iter_errors(body)), None)
    if error is not None:
        place = "/".join(map(str, error.absolute_path)) or "(body)"
        raise Invalid(
            "BODY", "拡張機能から届いたデータの形が違います。", field=place,
            remedy="拡張機能を最新の版にしてください。",
        )  # fmt: skip
    return cast(dict[str, Any], body)


def idempotency_key() -> str:
    """The `Idempotency-Key` header. Raises Invalid IDEMPOTENCY_KEY when it is missing or malformed."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise Invalid("IDEMPOTENCY_KEY", "受付番号がありません。", field="Idempotency-Key")
    return key
