"""Yahoo!'s order API over HTTP: consent and tokens (Yahoo! ID連携 v2), lists of orders, single orders. Status first, body second.

The hosts come from the operator's settings, never from a tenant. Nothing here logs: addresses and bodies hold secrets.
"""

from __future__ import annotations

import base64
from copy import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError

import httpx
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from recore.channels.base import OrderRecord
from recore.channels.http import http_client, seconds_told
from recore.channels.order_api import (
    AccessExpired,
    ChangedOrders,
    Client,
    ConsentOver,
    KeyHeard,
    OrderOperation,
    Place,
    StoreKey,
    Tokens,
    UnreadableOrder,
)
from recore.channels.yahoo_auction import order_xml
from recore.platform import clock
from recore.platform.errors import Invalid, RecoreError, Retryable, Terminal
from recore.platform.ratelimit import Rate
from recore.shared_schemas import load

TOO_FAST_SECONDS = 60
TOKEN_SECONDS = 3600
TRIED_BACK = timedelta(days=1)
CHECK_AT_YAHOO = "運用者の手引き「受注API」の手順を確かめてください。"

REFUSALS: dict[str, tuple[type[Terminal], str, str]] = {
    "CONSENT_OVER": (
        ConsentOver, "Yahoo! JAPANとの連携の期限が切れました。", "【Yahoo! JAPANと連携する】を押して、連携し直してください。",
    ),
    "API_NOT_ALLOWED": (
        Terminal, "このClient IDは、注文APIを使う許可をYahoo!から受けていません。",
        f"Yahoo!に注文APIの利用を申請し、許可されてからもう一度試してください。{CHECK_AT_YAHOO}",
    ),
    "WRONG_STORE": (
        Terminal, "連携したYahoo! JAPAN IDでは、このストアの注文を見られません。",
        "このストアの管理者のYahoo! JAPAN IDで、連携し直してください。",
    ),
    "CLIENT_REFUSED": (
        Terminal, "Client IDかシークレットが、Yahoo!に登録されたものと違います。",
        "Yahoo!デベロッパーネットワークの管理画面で確かめて、入力し直してください。",
    ),
    "NO_SUCH_ORDER": (UnreadableOrder, "Yahoo!が、この注文はないと答えました。", order_xml.LOOK_THERE),
}  # fmt: skip


class YahooOrderApi:
    """`auth_url`, `api_url`: origins in place of the real ones; `transport`: how to reach them, for tests."""

    label = "Yahoo! JAPAN"
    profiles = frozenset({"current"})
    by_consent = True
    behind: timedelta | None = None

    def __init__(
        self, auth_url: str = "", api_url: str = "", transport: httpx.BaseTransport | None = None
    ) -> None:
        data = _data()
        self._auth = auth_url or data["hosts"]["auth"]
        self._api = api_url or data["hosts"]["api"]
        self._http = http_client(transport)
        self.rate = Rate(1 / data["seconds_between_queries"])
        self.consent_lasts: timedelta | None = timedelta(hours=data["consent_hours"])
        self.keyed_lasts: timedelta | None = timedelta(hours=data["consent_hours_with_key"])
        self.key_heard: KeyHeard | None = None
        self._key: tuple[StoreKey, RSAPublicKey] | None = None
        self.overlap = timedelta(minutes=data["overlap_minutes"])
        self.first_look = timedelta(days=data["first_days"])

    def limit(self, operation: OrderOperation) -> tuple[str, Rate]:
        """All calls together."""
        return "orders", self.rate

    def with_key(self, key: StoreKey) -> YahooOrderApi:
        made = copy(self)
        made._key, made.key_heard = (key, _public_key(key.pem)), None
        return made

    def consent_url(self, client_id: str, redirect_uri: str, state: str, challenge: str) -> str:
        query = {
            "response_type": "code", "client_id": client_id, "redirect_uri": redirect_uri, "scope": _data()["scope"],
            "state": state, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{self._auth}{_data()['paths']['authorization']}?{urlencode(query)}"

    def tokens_for_code(self, client: Client, code: str, redirect_uri: str, verifier: str) -> Tokens:
        return self._tokens(
            client,
            {},
            grant_type="authorization_code",
            code=code,
            redirect_uri=redirect_uri,
            code_verifier=verifier,
        )

    def new_tokens(self, client: Client, refresh: str) -> Tokens:
        return self._tokens(client, self._proof(), grant_type="refresh_token", refresh_token=refresh)

    def try_out(self, access: str, store_id: str) -> str:
        page = self.changed_orders(access, store_id, Place(clock.now() - TRIED_BACK))
        return f"この24時間に変わったオークションの注文は{page.total}件です。"

    def changed_orders(self, access: str, store_id: str, place: Place) -> ChangedOrders:
        root = self._ask("list", access, order_xml.list_request(store_id, place.since, place.start))
        try:
            return order_xml.changed_orders(root)
        except ValueError as error:
            raise _broken() from error

    def order(self, access: str, store_id: str, number: str) -> OrderRecord:
        asked_at = clock.now()
        root = self._ask("order", access, order_xml.order_request(store_id, number))
        try:
            record = order_xml.order_record(root, store_id)
        except ValueError as error:
            raise _broken() from error
        return replace(record, asked_at=asked_at)

    def _tokens(self, client: Client, headers: dict[str, str], **form: str) -> Tokens:
        answer = self._post(
            self._auth + _data()["paths"]["token"],
            data=form,
            auth=httpx.BasicAuth(client.id, client.secret),
            headers=headers,
        )
        try:
            told = answer.json()
            if answer.status_code != httpx.codes.OK:
                raise _refused_tokens(str(told["error"]))
            return Tokens(
                str(told["access_token"]),
                told.get("refresh_token"),
                timedelta(seconds=int(told.get("expires_in", TOKEN_SECONDS))),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise _broken() from error

    def _ask(self, what: str, access: str, body: bytes) -> Element:
        """The root of a good answer."""
        answer = self._post(
            self._api + _data()["paths"][what],
            content=body,
            headers={
                "Authorization": f"Bearer {access}", "Content-Type": "application/xml; charset=UTF-8", **self._proof(),
            },
        )  # fmt: skip
        self._hear(answer)
        root = _parsed(answer.content)
        if answer.status_code != httpx.codes.OK or (root is not None and root.tag == "Error"):
            raise _refused(answer, root)
        if root is None or "OK" not in (root.findtext("Status"), root.findtext("Result/Status")):
            raise _broken()
        return root

    def _proof(self) -> dict[str, str]:
        """公開鍵認証: the store and the time, encrypted for Yahoo! alone; nothing without a key."""
        if self._key is None:
            return {}
        key, public = self._key
        sealed = public.encrypt(f"{key.store_id}:{int(clock.now().timestamp())}".encode(), PKCS1v15())
        names = _data()["key"]
        return {names["proof"]: base64.b64encode(sealed).decode(), names["version"]: key.version}

    def _hear(self, answer: httpx.Response) -> None:
        """A key that is not taken refuses nothing by itself: it only lets the consent end early."""
        names = _data()["key"]
        word = answer.headers.get(names["answer"])
        if self._key is None or word is None:
            return
        unknown = f"公開鍵が受け付けられませんでした（{word[:40]}）。公開鍵とバージョンを登録し直し、続くときは運用者に知らせてください。"
        problem = None if word == names["good"] else names["problems"].get(word, unknown)
        self.key_heard = KeyHeard(problem)

    def _post(self, url: str, **request: Any) -> httpx.Response:
        """An answer that is the other side's last word on this request. Raises Retryable for everything that may pass."""
        try:
            answer = self._http.post(url, **request)
        except httpx.TimeoutException as error:
            raise Retryable("API_SLOW", "Yahoo!の返事が遅いため、途中でやめました。") from error
        except httpx.HTTPError as error:
            raise Retryable("API_UNREACHABLE", "Yahoo!につながりません。") from error
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise Retryable(
                "API_TOO_FAST",
                "Yahoo!への問い合わせが多すぎると断られました。",
                retry_after_seconds=seconds_told(answer) or TOO_FAST_SECONDS,
            )
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise Retryable("API_DOWN", f"Yahoo!のサーバーが使えません（{answer.status_code}）。")
        return answer


def _public_key(pem: str) -> RSAPublicKey:
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPublicKey):
        raise Invalid(
            "BAD_KEY", "公開鍵の形が違います。", field="public_key",
            remedy="ストアクリエイターProの「設定」→「暗号鍵管理」の【コピー】でコピーした文字を、BEGINとENDの行も含めてそのまま貼り付けてください。",
        )  # fmt: skip
    return key


def _parsed(body: bytes) -> Element | None:
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return None
    for element in root.iter():  # whatever namespace its answers stand in
        element.tag = element.tag.rpartition("}")[2]
    return root


def _refused(answer: httpx.Response, root: Element | None) -> RecoreError:
    code = (root.findtext("Code") or "").strip() if root is not None else ""
    refusal = _data()["refusals"].get(code)
    if refusal is None and answer.status_code == httpx.codes.UNAUTHORIZED:
        if "insufficient_scope" in answer.headers.get("WWW-Authenticate", "") + answer.text:
            return _refusal("API_NOT_ALLOWED")
        return AccessExpired("ACCESS_EXPIRED", "Yahoo!が鍵を受け付けませんでした。")
    if refusal is not None:
        return _refusal(refusal)
    if root is None:
        return _broken()
    return Terminal(
        "API_REFUSED",
        f"Yahoo!が問い合わせを断りました（{answer.status_code} {code[:20]}）。",
        remedy=CHECK_AT_YAHOO,
    )


def _refused_tokens(error: str) -> Terminal:
    if error == "invalid_grant":
        return _refusal("CONSENT_OVER")
    if error in ("invalid_client", "unauthorized_client"):
        return _refusal("CLIENT_REFUSED")
    return Terminal("API_REFUSED", f"Yahoo!が連携を断りました（{error[:40]}）。", remedy=CHECK_AT_YAHOO)


def _refusal(code: str) -> Terminal:
    kind, message, remedy = REFUSALS[code]
    return kind(code, message, remedy=remedy)


def _broken() -> Retryable:
    return Retryable("API_BROKEN", "Yahoo!の返事が読めない形でした。")


def _data() -> dict[str, Any]:
    data: dict[str, Any] = load("yahoo_auction/order_api.json")
    return data
