"""Amazon's Selling Partner API over HTTP: tokens and single calls. Status first, body second: an error may be HTML or empty.

The hosts come from the operator's settings, never from a tenant. Nothing here logs: addresses and bodies hold secrets.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx

from recore.channels.amazon.settings import api_facts, rate_of
from recore.channels.http import http_client, seconds_told
from recore.channels.offer_api import NotAllowed, OutcomeUnknown
from recore.channels.order_api import AccessExpired, Client, ConsentOver, Tokens
from recore.platform.errors import RecoreError, Retryable, Terminal

TOKEN_SECONDS = 3600
NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
CHECK_KEYS = "Amazonのセラーセントラルの「アプリの開発」で確かめて、入力し直してください。"
# Whether it was about orders → what is not allowed, and what to do.
NO_ROLE = {
    False: (
        "この鍵では、この出品者IDの出品を扱えないとAmazonが答えました。",
        "出品者IDと、リフレッシュトークンが同じお店（日本のAmazon）のものか、アプリに出品の権限があるかを確かめてください。",
    ),
    True: (
        "この鍵では、受注とお届け先を読めないとAmazonが答えました。",
        "Amazonのセラーセントラルの「アプリの開発」で、アプリのロールに「在庫と注文の管理」と「消費者への直接配送」があるかを確かめ、承認し直して新しいリフレッシュトークンを登録してください。",
    ),
}
Body = dict[str, Any]


class AmazonClient:
    """`auth_url`, `api_url`: origins in place of the real ones; `transport`: how to reach them, for tests."""

    def __init__(
        self, auth_url: str = "", api_url: str = "", transport: httpx.BaseTransport | None = None
    ) -> None:
        hosts = api_facts()["hosts"]
        self._auth, self._api = auth_url or hosts["auth"], api_url or hosts["api"]
        self._http = http_client(transport)

    def new_tokens(self, client: Client, refresh: str) -> Tokens:
        """Raises ConsentOver, NotAllowed CLIENT_REFUSED, Retryable."""
        form = {
            "grant_type": "refresh_token", "refresh_token": refresh,
            "client_id": client.id, "client_secret": client.secret,
        }  # fmt: skip
        answer = self._answered("POST", self._auth + api_facts()["token_path"], is_write=False, data=form)
        told = _body(answer)
        if answer.status_code != httpx.codes.OK:
            raise _refused_tokens(answer, told)
        if told is None or not isinstance(told.get("access_token"), str):
            raise _unreadable(is_write=False)
        lasts = told.get("expires_in")
        return Tokens(
            told["access_token"],
            None,
            timedelta(seconds=lasts if isinstance(lasts, int) else TOKEN_SECONDS),
        )

    def ask(
        self,
        operation: str,
        access: str,
        query: Mapping[str, str],
        body: Body | None = None,
        **path: str,
    ) -> Body | None:
        """The body of a good answer; None for a 404. Raises as `channels/offer_api.py` says."""
        method, template = api_facts()["paths"][operation]
        url = self._api + template.format(**{name: quote(value, safe="") for name, value in path.items()})
        is_write = method != "GET" and "mode" not in query
        answer = self._answered(
            method, url, is_write=is_write, params=dict(query), json=body,
            headers={"x-amz-access-token": access, "Accept": "application/json"},
            pause=math.ceil(1 / rate_of(operation).per_second),
        )  # fmt: skip
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        if answer.status_code == httpx.codes.NO_CONTENT:
            return {}
        told = _body(answer)
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            raise _refused(answer, told, template)
        if told is None:
            raise _unreadable(is_write=is_write)
        return told

    def _answered(
        self, method: str, url: str, *, is_write: bool, pause: int = 1, **request: Any
    ) -> httpx.Response:
        """An answer that is the other side's last word on this request. Raises Retryable for everything that may pass."""
        try:
            answer = self._http.request(method, url, **request)
        except NOTHING_SENT as error:
            raise Retryable("API_UNREACHABLE", "Amazonにつながりません。") from error
        except httpx.HTTPError as error:
            raise _lost("Amazonの返事が届きませんでした。", "API_SLOW", is_write=is_write) from error
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise Retryable(
                "API_TOO_FAST",
                "Amazonへの問い合わせが多すぎると断られました。",
                retry_after_seconds=seconds_told(answer) or pause,
            )
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            message = f"Amazonのサーバーが使えません（{answer.status_code}）。"
            raise _lost(message, "API_DOWN", is_write=is_write)
        return answer


def _lost(message: str, code: str, *, is_write: bool) -> Retryable:
    return OutcomeUnknown("OUTCOME_UNKNOWN", message) if is_write else Retryable(code, message)


def _unreadable(*, is_write: bool) -> Retryable:
    return _lost("Amazonの返事が読めない形でした。", "API_BROKEN", is_write=is_write)


def _body(answer: httpx.Response) -> Body | None:
    """None when it is no JSON object. The restrictions' errors are a bare list."""
    try:
        told = answer.json()
    except ValueError:
        return None
    if isinstance(told, list):
        return {"errors": told}
    return told if isinstance(told, dict) else None


def _refused(answer: httpx.Response, told: Body | None, path: str) -> RecoreError:
    errors = [each for each in (told or {}).get("errors") or [] if isinstance(each, dict)]
    words = " ".join(str(each.get(key) or "") for each in errors for key in ("message", "details"))
    if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        if "access token" in words.lower():
            return AccessExpired("ACCESS_EXPIRED", "Amazonが鍵を受け付けませんでした。")
        what, remedy = NO_ROLE[path.split("/")[1] == "orders"]
        return NotAllowed("API_NOT_ALLOWED", what, remedy=remedy)
    code = str(errors[0].get("code") or "") if errors else ""
    return Terminal(
        "API_REFUSED",
        f"Amazonが断りました（{answer.status_code} {code[:40]}）：{words.strip()[:200]}",
        remedy="入力した内容を確かめてください。続くときは運用者に知らせてください。",
    )


def _refused_tokens(answer: httpx.Response, told: Body | None) -> RecoreError:
    error = str((told or {}).get("error") or "")
    if error == "invalid_grant":
        return ConsentOver(
            "CONSENT_OVER", "リフレッシュトークンが正しくないか、取り消されています。",
            remedy="Amazonのセラーセントラルでアプリを承認し直し、新しいリフレッシュトークンを登録してください。",
        )  # fmt: skip
    if error in ("invalid_client", "unauthorized_client"):
        return NotAllowed(
            "CLIENT_REFUSED",
            "クライアントIDかシークレットが、Amazonに登録されたものと違います。",
            remedy=CHECK_KEYS,
        )
    if not error:
        return _unreadable(is_write=False)
    return NotAllowed(
        "API_REFUSED",
        f"Amazonが連携を断りました（{answer.status_code} {error[:40]}）。",
        remedy=CHECK_KEYS,
    )
