"""R21: what Amazon answers, in whatever form, is one of a few things to us. Status first, body second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from recore.channels.amazon import AmazonOffers
from recore.channels.offer_api import Amounts, NotAllowed, Operation, OutcomeUnknown, Seller
from recore.channels.order_api import AccessExpired, Client, ConsentOver
from recore.platform.errors import RecoreError, Retryable, Terminal
from recore.settings import BadSetting, Settings

SELLER, CLIENT = Seller("Atza|token", "A1SELLER"), Client("id", "secret")
VALUES: dict[str, Any] = {
    "asin": "B0SBX00001",
    "condition": "used_good",
    "price": 1,
    "quantity": 1,
    "management_number": "S",
}
HTML = "<html>Service Unavailable</html>"
EXPIRED = {
    "errors": [
        {
            "code": "Unauthorized",
            "message": "Access to requested resource is denied.",
            "details": "The access token you provided has expired.",
        }
    ]
}
DENIED = {
    "errors": [{"code": "Unauthorized", "message": "Access to requested resource is denied.", "details": ""}]
}
Answer = Callable[[httpx.Request], httpx.Response]


def api(answer: httpx.Response | Exception) -> AmazonOffers:
    def handle(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return AmazonOffers(transport=httpx.MockTransport(handle))


def put(answer: httpx.Response | Exception) -> Any:
    return api(answer).put(SELLER, "S", VALUES, Amounts(1, 1))


def look(answer: httpx.Response | Exception) -> Any:
    return api(answer).look(SELLER, "S")


def error_of(call: Callable[[Any], Any], answer: httpx.Response | Exception) -> RecoreError:
    with pytest.raises(RecoreError) as caught:
        call(answer)
    return caught.value


@pytest.mark.parametrize(
    ("answer", "of_write", "of_read"),
    [
        (httpx.Response(503, text=HTML), OutcomeUnknown, Retryable),
        (httpx.Response(500), OutcomeUnknown, Retryable),
        (httpx.Response(200, text=HTML), OutcomeUnknown, Retryable),
        (httpx.Response(302, headers={"Location": "https://elsewhere"}), OutcomeUnknown, Retryable),
        (httpx.ReadTimeout("slow"), OutcomeUnknown, Retryable),
        (httpx.RemoteProtocolError("broken off"), OutcomeUnknown, Retryable),
        (httpx.ConnectError("no route"), Retryable, Retryable),
        (httpx.ConnectTimeout("no route"), Retryable, Retryable),
        (httpx.Response(429), Retryable, Retryable),
        (httpx.Response(429, json={"errors": [{"code": "QuotaExceeded", "message": "x"}]}), Retryable, Retryable),
        (httpx.Response(403, json=EXPIRED), AccessExpired, AccessExpired),
        (httpx.Response(403, json=DENIED), NotAllowed, NotAllowed),
        (httpx.Response(403, text=HTML), NotAllowed, NotAllowed),
        (httpx.Response(400, json={"errors": [{"code": "InvalidInput", "message": "bad sku"}]}), Terminal, Terminal),
        (httpx.Response(400), Terminal, Terminal),
        (httpx.Response(413, text=HTML), Terminal, Terminal),
    ],
)  # fmt: skip
def test_every_answer_is_one_of_a_few_things(
    answer: httpx.Response | Exception, of_write: type[RecoreError], of_read: type[RecoreError]
) -> None:
    assert type(error_of(put, answer)) is of_write
    assert type(error_of(look, answer)) is of_read


def test_only_a_write_that_may_have_happened_is_unknown() -> None:
    """A preview changes nothing: its lost answer is simply asked again."""
    lost = httpx.ReadTimeout("slow")
    assert type(error_of(lambda answer: api(answer).check(SELLER, "S", VALUES), lost)) is Retryable


def test_404_is_not_there_and_no_error() -> None:
    assert look(httpx.Response(404, json={"errors": [{"code": "NOT_FOUND", "message": "x"}]})) is None
    assert type(error_of(put, httpx.Response(404))) is Terminal
    assert api(httpx.Response(404)).withdraw(SELLER, "S").is_accepted


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(400, json={"error": "invalid_grant", "error_description": "x"}), ConsentOver),
        (httpx.Response(401, json={"error": "invalid_client"}), NotAllowed),
        (httpx.Response(400, json={"error": "unauthorized_client"}), NotAllowed),
        (httpx.Response(400, json={"error": "invalid_scope"}), NotAllowed),
        (httpx.Response(200, json={"token_type": "bearer"}), Retryable),
        (httpx.Response(400, text=HTML), Retryable),
        (httpx.Response(503, text=HTML), Retryable),
        (httpx.Response(500), Retryable),
        (httpx.ReadTimeout("slow"), Retryable),
    ],
)
def test_a_token_that_is_not_given_says_who_has_to_act(
    answer: httpx.Response | Exception, kind: type[RecoreError]
) -> None:
    error = error_of(lambda each: api(each).new_tokens(CLIENT, "Atzr|refresh"), answer)
    assert type(error) is kind
    assert "Atzr" not in str(error) and "secret" not in str(error)


def test_429_waits_as_long_as_a_turn_takes() -> None:
    error = error_of(put, httpx.Response(429))
    assert isinstance(error, Retryable) and error.retry_after_seconds == 1
    error = error_of(put, httpx.Response(429, headers={"Retry-After": "7"}))
    assert isinstance(error, Retryable) and error.retry_after_seconds == 7


def test_what_is_asked_for_has_the_token_the_marketplace_and_the_language() -> None:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(
            200, json={"sku": "A/1", "status": "ACCEPTED", "submissionId": "x", "issues": []}
        )

    AmazonOffers(transport=httpx.MockTransport(handle)).put(SELLER, "A/1", VALUES, Amounts(1, 1))
    (request,) = asked
    assert request.url.raw_path.startswith(b"/listings/2021-08-01/items/A1SELLER/A%2F1?")
    assert request.url.host == "sellingpartnerapi-fe.amazon.com"
    assert request.headers["x-amz-access-token"] == "Atza|token"
    assert dict(request.url.params) == {"marketplaceIds": "A1VC38T7YXB528", "issueLocale": "ja_JP"}


def test_preview_and_offer_take_turns_from_one_bucket() -> None:
    offers = AmazonOffers()
    assert offers.limit(Operation.CHECK) == offers.limit(Operation.PUT)
    assert offers.limit(Operation.LOOK)[0] == "getListingsItem"
    name, rate = offers.limit(Operation.CHANGE)
    assert (name, rate.per_second, rate.burst) == ("patchListingsItem", 5, 5)


def test_the_hosts_are_the_operators_and_never_plain_http_elsewhere() -> None:
    Settings(amazon_api_url="http://sellingpartnerapi-fe.amazon.localhost:8100")
    with pytest.raises(BadSetting):
        Settings(amazon_api_url="http://amazon.example.com")
    with pytest.raises(BadSetting):
        Settings(amazon_auth_url="https://api.amazon.com/auth")
