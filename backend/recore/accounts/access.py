"""Calls of an account at its marketplace's official API: an access token that all workers share, and a turn for every call.

Whoever calls holds no transaction. Tokens are stored by replacing exactly those that were read, so two workers that renew
them at once do no harm, and a late refusal of old tokens says nothing of newer ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import sqlalchemy as sa

from recore.accounts import credentials
from recore.accounts.credentials import Credentials
from recore.accounts.models import ApiLink
from recore.channels.order_api import AccessExpired, Client, ConsentOver, Tokens
from recore.platform import clock
from recore.platform.actor import Actor
from recore.platform.clock import from_wire, to_wire
from recore.platform.crypto import Keyring
from recore.platform.db import UnitOfWork, db, unit_of_work, upsert
from recore.platform.errors import Conflict, Retryable
from recore.platform.ratelimit import Rate, hold_off, wait_for_turn

T = TypeVar("T")
EARLY = timedelta(minutes=5)
TRIES = 3
CLIENT_ID, CLIENT_SECRET = "client_id", "client_secret"
ACCESS, ACCESS_UNTIL, REFRESH = "access_token", "access_until", "refresh_token"


class Issuer(Protocol):
    """Whoever gives access tokens for a refresh token."""

    def new_tokens(self, client: Client, refresh: str) -> Tokens: ...


class Caller(Protocol):
    """What a call needs: who asks, the keys, and the API that issues the tokens."""

    @property
    def actor(self) -> Actor: ...

    @property
    def keyring(self) -> Keyring: ...

    @property
    def api(self) -> Issuer: ...


@dataclass(frozen=True)
class Bucket:
    """How often the account may ask this kind of thing, all workers together."""

    name: str
    rate: Rate


def call(caller: Caller, account_id: int, bucket: Bucket, ask: Callable[[str], T]) -> T:
    """The answer of `ask(access token)`, in its turn; once more with a new token when the first one is refused.

    Raises Conflict NOT_LINKED, Retryable, and what `ask` raises; a consent that is over is noted.
    """
    access = access_token(caller, account_id)
    try:
        try:
            return _in_turn(caller, account_id, bucket, lambda: ask(access))
        except AccessExpired:
            access = access_token(caller, account_id, refused=access)
            return _in_turn(caller, account_id, bucket, lambda: ask(access))
    except ConsentOver:
        with unit_of_work(caller.actor) as uow:
            if credentials.read(uow.session, caller.keyring, account_id).get(ACCESS) == access:
                change_link(uow, account_id, over_at=uow.at)
        raise


def access_token(caller: Caller, account_id: int, refused: str = "") -> str:
    """One that is good for a while, and not `refused`. Raises Conflict NOT_LINKED, ConsentOver, Retryable."""
    for _ in range(TRIES):
        known = _read(caller.keyring, account_id)
        if not known.get(REFRESH):
            raise not_linked()
        if (
            known.get(ACCESS) not in ("", refused)
            and from_wire(known.get(ACCESS_UNTIL)) > clock.now() + EARLY
        ):
            return known.get(ACCESS)
        if (renewed := _renewed(caller, account_id, known)) is not None:
            return renewed.get(ACCESS)
    raise Retryable("TOKENS_CHANGING", "連携の鍵が同時に更新されています。")


def _read(keyring: Keyring, account_id: int) -> Credentials:
    session = db.session()
    try:
        return credentials.read(session, keyring, account_id)
    finally:
        session.rollback()  # nothing is held while the marketplace is asked


def _renewed(caller: Caller, account_id: int, known: Credentials) -> Credentials | None:
    """None when somebody else was faster."""
    client = Client(known.get(CLIENT_ID), known.get(CLIENT_SECRET))
    try:
        tokens = caller.api.new_tokens(client, known.get(REFRESH))
    except ConsentOver:
        with unit_of_work(caller.actor) as uow:
            if credentials.read(uow.session, caller.keyring, account_id) != known:
                return None
            change_link(uow, account_id, over_at=uow.at)
        raise
    with unit_of_work(caller.actor) as uow:
        values = dict(known.values) | stored(tokens, uow.at)
        return credentials.replace(uow, caller.keyring, account_id, known, values)


def _in_turn(caller: Caller, account_id: int, bucket: Bucket, ask: Callable[[], T]) -> T:
    name = f"account:{account_id}:{bucket.name}"
    wait_for_turn(caller.actor, name, bucket.rate)
    try:
        return ask()
    except Retryable as error:
        if error.retry_after_seconds:
            with unit_of_work(caller.actor) as uow:
                hold_off(uow, name, bucket.rate, timedelta(seconds=error.retry_after_seconds))
        raise


def stored(tokens: Tokens, at: datetime) -> dict[str, str]:
    """The tokens as they are kept among the account's credentials."""
    kept = {ACCESS: tokens.access, ACCESS_UNTIL: to_wire(at + tokens.lasts)}
    return kept | ({REFRESH: tokens.refresh} if tokens.refresh else {})


def change_link(uow: UnitOfWork, account_id: int, **values: object) -> None:
    """Of the account's link, which is made when it is not there."""
    uow.session.execute(
        upsert(uow.session, ApiLink)
        .values(tenant_id=uow.tenant_id, account_id=account_id, is_on=True)
        .on_conflict_do_nothing()
    )
    uow.execute_one(sa.update(ApiLink).where(ApiLink.account_id == account_id).values(**values))


def not_linked() -> Conflict:
    return Conflict(
        "NOT_LINKED", "公式APIと連携していません。", remedy="マーケットプレイスの設定で連携してください。"
    )
