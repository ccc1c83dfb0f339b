"""An account's link to the marketplace's official API: the shop's consent, the tokens it gives, and every call made with them.

Consent is OAuth 2: we send a person to the marketplace with a state that is good once, and get a code for tokens. How they
are used and renewed: access.py.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts import access, credentials, store_key
from recore.accounts.access import CLIENT_ID, CLIENT_SECRET, change_link, not_linked, stored
from recore.accounts.credentials import Credentials
from recore.accounts.models import ApiLink, MarketplaceAccount
from recore.accounts.queries import account as account_by_id
from recore.accounts.queries import api_link
from recore.channels.order_api import Client, ConsentApi, ConsentOver, OrderApi, OrderOperation, consent_api
from recore.platform.actor import Actor
from recore.platform.audit import record
from recore.platform.crypto import Keyring, hash_token, new_token
from recore.platform.db import UnitOfWork, UtcDateTime, unit_of_work
from recore.platform.errors import Conflict, Invalid, RecoreError
from recore.platform.jobs import enqueue

T = TypeVar("T")
PULL = "orders.pull"  # the job that fetches an account's orders; whoever knows orders registers it
ASKED_FOR = timedelta(minutes=30)
SOONEST, LATEST = timedelta(minutes=1), timedelta(minutes=15)
VERIFIER, BACK = "verifier", "redirect_uri"
LINK_AGAIN = "もう一度【連携する】を押してください。"


@dataclass(frozen=True)
class Reach:
    """What a call needs: who asks, the keys, and the API of the account's marketplace."""

    actor: Actor
    keyring: Keyring
    api: OrderApi


# --- consent -----------------------------------------------------------------------------------------------------


def save_client(uow: UnitOfWork, keyring: Keyring, account_id: int, client_id: str, secret: str) -> None:
    """Keep what the marketplace gave the shop for this program; a consent given to another one is void. Raises Invalid."""
    typed = {CLIENT_ID: client_id.strip(), CLIENT_SECRET: secret.strip()}
    for field, label in ((CLIENT_ID, "Client ID"), (CLIENT_SECRET, "シークレット")):
        if not typed[field] or len(typed[field]) > 500 or not typed[field].isascii():
            raise Invalid("BAD_TEXT", f"{label}を、発行されたとおりに入力してください。", field=field)
    account = account_by_id(uow.session, account_id, locked=True)
    known = credentials.read(uow.session, keyring, account_id)
    credentials.change(uow, keyring, account_id, known, typed | store_key.of_the_store(known.values))
    change_link(uow, account_id, linked_at=None, linked_by=None, ends_at=None, over_at=None, asked=None)
    record(uow, "account.api_client", "account", account_id, account.name)


def ask_consent(
    uow: UnitOfWork, keyring: Keyring, api: ConsentApi, account_id: int, redirect_uri: str
) -> tuple[str, str]:
    """(state to be kept in the person's session, where to send the person). Raises Conflict NO_CLIENT."""
    account_by_id(uow.session, account_id, locked=True)
    known = credentials.read(uow.session, keyring, account_id)
    if not known.get(CLIENT_SECRET):
        raise Conflict(
            "NO_CLIENT", "Client IDとシークレットがまだ登録されていません。", remedy="先に登録してください。"
        )
    state, verifier = new_token(), new_token()
    values = {**known.values, VERIFIER: verifier, BACK: redirect_uri}
    credentials.change(uow, keyring, account_id, known, values)
    change_link(uow, account_id, asked=hash_token(state), asked_until=uow.at + ASKED_FOR)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return state, api.consent_url(known.get(CLIENT_ID), redirect_uri, state, challenge)


def finish_consent(reach: Reach, account_id: int, state: str, code: str) -> None:
    """Use up the state, get tokens for the code, keep them, and pull. Raises Conflict NOT_ASKED, and what the API raises."""
    with unit_of_work(reach.actor) as uow:
        asked = _use_state(uow, reach.keyring, account_id, state)
    client, api = Client(asked.get(CLIENT_ID), asked.get(CLIENT_SECRET)), consent_api(reach.api)
    try:
        tokens = api.tokens_for_code(client, code, asked.get(BACK), asked.get(VERIFIER))
    except ConsentOver as error:  # of a code it says that it is too old
        raise Conflict("CODE_OVER", "許可を確認できませんでした（時間切れ）。", remedy=LINK_AGAIN) from error
    with unit_of_work(reach.actor) as uow:
        account = account_by_id(uow.session, account_id, locked=True)
        known = credentials.read(uow.session, reach.keyring, account_id)
        if known.get(CLIENT_ID) != client.id:
            raise credentials.changed_meanwhile()
        values = {key: value for key, value in known.values.items() if key not in (VERIFIER, BACK)}
        credentials.change(uow, reach.keyring, account_id, known, values | stored(tokens, uow.at))
        lasts = api.consent_lasts
        change_link(
            uow, account_id, linked_at=uow.at, linked_by=uow.actor.label, ends_at=lasts and uow.at + lasts, over_at=None,
            failing_since=None, failure=None, next_pull_at=uow.at,
        )  # fmt: skip
        enqueue(uow, PULL, {"account_id": account_id}, dedupe_key=str(account_id))
        record(uow, "account.api_link", "account", account_id, account.name)


def _use_state(uow: UnitOfWork, keyring: Keyring, account_id: int, state: str) -> Credentials:
    used = uow.execute_one(
        sa.update(ApiLink)
        .where(
            ApiLink.account_id == account_id, ApiLink.asked == hash_token(state), ApiLink.asked_until > uow.at
        )
        .values(asked=None, asked_until=None)
    )
    if not used:
        raise Conflict("NOT_ASKED", "この許可はすでに使われたか、時間切れです。", remedy=LINK_AGAIN)
    return credentials.read(uow.session, keyring, account_id)


def unlink(uow: UnitOfWork, keyring: Keyring, account_id: int) -> None:
    """Forget tokens, client, secret and the store's key."""
    account = account_by_id(uow.session, account_id, locked=True)
    credentials.change(uow, keyring, account_id, credentials.read(uow.session, keyring, account_id), {})
    change_link(
        uow, account_id, linked_at=None, linked_by=None, ends_at=None, over_at=None, asked=None, failing_since=None,
        failure=None, next_pull_at=None, key_taken_at=None, key_problem=None, key_ends_on=None,
    )  # fmt: skip
    record(uow, "account.api_unlink", "account", account_id, account.name)


def switch(uow: UnitOfWork, account_id: int, *, is_on: bool) -> None:
    account = account_by_id(uow.session, account_id, locked=True)
    change_link(uow, account_id, is_on=is_on, next_pull_at=uow.at if is_on else None)
    record(
        uow,
        "account.api_switch",
        "account",
        account_id,
        account.name,
        before={"is_on": not is_on},
        after={"is_on": is_on},
    )


def pull_soon(uow: UnitOfWork, account_id: int) -> None:
    """Fetch as soon as a worker is free. Raises Conflict NOT_LINKED."""
    link = api_link(uow.session, account_id)
    if link is None or not is_pulling(link):
        raise not_linked()
    change_link(uow, account_id, next_pull_at=uow.at)
    enqueue(uow, PULL, {"account_id": account_id}, dedupe_key=str(account_id))


def is_pulling(link: ApiLink) -> bool:
    return link.is_on and link.linked_at is not None and link.over_at is None


# --- calls -------------------------------------------------------------------------------------------------------


def with_access(reach: Reach, account_id: int, operation: OrderOperation, ask: Callable[[str], T]) -> T:
    """`access.call` in the operation's turn."""
    return access.call(reach, account_id, access.Bucket(*reach.api.limit(operation)), ask)


# --- how it goes -------------------------------------------------------------------------------------------------


def claim_pull(uow: UnitOfWork, account_id: int, next_at: datetime) -> bool:
    """Whether a pull is due; then the following one is at `next_at`."""
    return uow.execute_one(
        sa.update(ApiLink)
        .where(ApiLink.account_id == account_id, ApiLink.is_on, _is_due(uow.at))
        .values(next_pull_at=next_at)
    )


def _is_due(at: datetime) -> sa.ColumnElement[bool]:
    """One that was never planned is due."""
    return sa.or_(ApiLink.next_pull_at.is_(None), ApiLink.next_pull_at <= at)


def note_pulled(uow: UnitOfWork, account_id: int, heard_until: datetime | None) -> None:
    """A pull went to its end: every order as it was `heard_until` is known."""
    change_link(uow, account_id, pulled_at=uow.at, heard_until=heard_until, failing_since=None, failure=None)


def note_failure(uow: UnitOfWork, account_id: int, error: RecoreError) -> None:
    """Why a pull ended early. It is tried again, for ever, but less and less often."""
    link = api_link(uow.session, account_id)
    since = link.failing_since if link and link.failing_since else uow.at
    pause = min(max((uow.at - since) / 2, SOONEST), LATEST)
    told = timedelta(seconds=getattr(error, "retry_after_seconds", None) or 0)
    why = f"{error.message}{error.remedy or ''}"[:500]
    uow.execute_one(
        sa.update(ApiLink)
        .where(ApiLink.account_id == account_id, ApiLink.linked_at.is_not(None))
        .values(
            failure=why,
            failing_since=since,
            next_pull_at=sa.case((ApiLink.is_on, sa.literal(uow.at + max(pause, told), UtcDateTime()))),
        )
    )


def due_accounts(session: Session, at: datetime) -> list[int]:
    """Enabled accounts whose orders are to be fetched now."""
    rows = session.scalars(
        sa.select(ApiLink)
        .join(MarketplaceAccount, MarketplaceAccount.id == ApiLink.account_id)
        .where(MarketplaceAccount.is_enabled, _is_due(at))
        .order_by(ApiLink.next_pull_at)
    )
    return [link.account_id for link in rows if is_pulling(link)]
