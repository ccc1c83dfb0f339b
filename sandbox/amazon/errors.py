"""How Amazon says no: every API has its own words and, sometimes, its own form."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, jsonify

MISSING = "Access token is missing in the request header."
EXPIRED = "The access token you provided has expired."
VOID = "The access token you provided is revoked, malformed or invalid."
# code and message of a refused request; confirmShipment is an older API than the other orders' operations
WORDS = {
    "orders_2026-01-01": ("InvalidInput", "Invalid Input"),
    "ordersV0": ("InvalidInput", "Invalid Input"),
    "listingsItems_2021-08-01": ("BAD_REQUEST", "Invalid input"),
    "listingsRestrictions_2021-08-01": ("BAD_REQUEST", "Invalid input"),
    "catalogItems_2022-04-01": ("400", "Request has missing or invalid parameters and cannot be parsed."),
    "definitionsProductTypes_2020-09-01": ("BAD_REQUEST", "Invalid input"),
}
BARE = frozenset({"listingsRestrictions_2021-08-01"})  # its model has no {"errors": …} around the list


class Refused(Exception):
    """An answer that is none."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.details = status, code, message, details

    def answer(self, model: str = "") -> Response:
        error: dict[str, Any] = {"code": self.code, "message": self.message, "details": self.details}
        response = jsonify([error] if model in BARE else {"errors": [error]})
        response.status_code = self.status
        return response


def invalid(model: str, details: str, message: str = "") -> Refused:
    code, usual = WORDS[model]
    return Refused(400, code, message or usual, details)


def not_found(message: str) -> Refused:
    return Refused(404, "NOT_FOUND", message)


def denied(details: str = "") -> Refused:
    return Refused(403, "Unauthorized", "Access to requested resource is denied.", details)


def throttled() -> Refused:
    return Refused(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")


def request_id() -> str:
    return secrets.token_hex(18)
