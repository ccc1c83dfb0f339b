"""What was asked, held against `data/operations.json` and `data/bodies.json`: anything unknown, missing or misspelt is 400."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Request
from jsonschema import Draft202012Validator, ValidationError

from sandbox.amazon.books import MARKETPLACE, data
from sandbox.amazon.errors import Refused, denied, invalid
from sandbox.amazon.market import Amazon

WITHOUT_415 = ("ordersV0",)  # its model does not know that status
UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")


@dataclass(frozen=True)
class Call:
    """One request of a seller's program, understood."""

    amazon: Amazon
    operation: str
    model: str
    seller: dict[str, Any]
    origin: str  # of this API, for links
    path: dict[str, str]
    query: dict[str, Any] = field(default_factory=dict)  # list, int, datetime or str by name
    body: dict[str, Any] = field(default_factory=dict)

    def invalid(self, details: str, message: str = "") -> Refused:
        return invalid(self.model, details, message)

    @property
    def seller_id(self) -> str:
        return str(self.seller["id"])

    def wants(self, name: str, default: str) -> bool:
        """Whether this data set was asked for in includedData."""
        return name in self.query.get("includedData", [default])


def read(amazon: Amazon, operation: str, seller: dict[str, Any], request: Request) -> Call:
    spec = data("operations")[operation]
    model = spec["model"]
    call = Call(
        amazon, operation, model, seller, request.host_url.rstrip("/"), dict(request.view_args or {}),
        _query(model, spec["query"], request), _body(operation, model, request),
    )  # fmt: skip
    _own_seller_and_marketplace(call)
    return call


def _query(model: str, fields: dict[str, Any], request: Request) -> dict[str, Any]:
    unknown = sorted(set(request.args) - set(fields))
    if unknown:
        raise invalid(model, f"Unknown parameter [{', '.join(unknown)}].")
    missing = sorted(
        name for name, wanted in fields.items() if wanted.get("required") and not request.args.get(name)
    )
    if missing:
        raise invalid(model, f"Missing required parameter [{', '.join(missing)}].")
    return {name: _value(model, name, fields[name], request.args.getlist(name)) for name in request.args}


def _value(model: str, name: str, wanted: dict[str, Any], given: list[str]) -> Any:
    """A list comes as one parameter with commas, or as the same parameter several times."""
    kind, most = wanted["type"], wanted.get("most")
    if kind == "list":
        values = [each for text in given for each in text.split(",")]
        if most is not None and len(values) > most:
            raise invalid(model, f"[{name}] takes {most} values at most.")
        _known(model, name, wanted, values)
        return values
    if len(given) > 1:
        raise invalid(model, f"[{name}] was given more than once.")
    (text,) = given
    _known(model, name, wanted, [text])
    if kind == "number":
        return _number(model, name, text, most)
    return _moment(model, name, text) if kind == "time" else text


def _known(model: str, name: str, wanted: dict[str, Any], values: list[str]) -> None:
    strange = [each for each in values if not each or each not in wanted.get("one_of", [each])]
    if strange:
        raise invalid(model, f"Invalid value {strange[0]!r} for [{name}].")


def _number(model: str, name: str, text: str, most: int | None) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1 or (most is not None and int(text) > most):
        raise invalid(model, f"[{name}] must be a number from 1{f' to {most}' if most else ''}.")
    return int(text)


def _moment(model: str, name: str, text: str) -> datetime:
    """UTC with Z and nothing else: `+09:00` is ISO 8601, too, and is refused."""
    with suppress(ValueError):  # the thirteenth month is refused like any other nonsense
        if UTC_TIME.fullmatch(text):
            return datetime.fromisoformat(text[:19]).replace(tzinfo=UTC)
    raise invalid(model, f"Invalid date-time field(s) [{name}].")


def _body(operation: str, model: str, request: Request) -> dict[str, Any]:
    schema = data("bodies").get(operation)
    if schema is None:
        return {}
    if not request.is_json and model not in WITHOUT_415:
        raise Refused(415, "UnsupportedMediaType", "The request payload is in an unsupported format.")
    body: Any = request.get_json(silent=True)
    if body is None:
        raise invalid(model, "The request body is no JSON.")
    wrong = next(iter(Draft202012Validator(schema).iter_errors(body)), None)
    if wrong is not None:
        raise invalid(model, "", _complaint(wrong))
    return dict(body)


def _complaint(wrong: ValidationError) -> str:
    """The place only: a value may be a buyer's."""
    place = ".".join(str(each) for each in wrong.absolute_path)
    if wrong.validator == "type":
        what = f"with invalid type [{place}]"
    elif wrong.validator == "required":
        wanted: Any = wrong.validator_value
        missing = [each for each in wanted if each not in wrong.instance]  # type: ignore[operator]
        what = f"that are missing [{', '.join(f'{place}.{each}'.lstrip('.') for each in missing)}]"
    else:
        what = f"[{place}] ({wrong.validator})"
    return f"The input you have submitted is not valid. Please check the fields {what}."


def _own_seller_and_marketplace(call: Call) -> None:
    """Nobody acts for somebody else; here there is one marketplace only."""
    named = {call.path.get("sellerId"), call.query.get("sellerId")} - {None}
    if named - {call.seller_id}:
        raise denied()
    if set(call.query.get("marketplaceIds", [MARKETPLACE])) - {MARKETPLACE}:
        raise call.invalid(f"Invalid marketplaceIds; this seller sells in {MARKETPLACE}.")
