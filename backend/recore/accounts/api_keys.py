"""The keys that a shop got from its marketplace and enters here (R3), and every call made with them.

They are encrypted, never shown again, and never leave `credentials`. A new key voids the access token that came of the old one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from recore.accounts import access, credentials
from recore.accounts.queries import account as account_by_id
from recore.channels.offer_api import OfferApi, Operation, Seller
from recore.platform.actor import Actor
from recore.platform.audit import record
from recore.platform.crypto import Keyring
from recore.platform.db import UnitOfWork
from recore.platform.errors import Invalid, RecoreError

T = TypeVar("T")
MAX_KEY = 2000


@dataclass(frozen=True)
class Counter:
    """What a call needs: who asks, our keyring, and the API of the account's marketplace."""

    actor: Actor
    keyring: Keyring
    api: OfferApi


def ask(
    counter: Counter, account_id: int, seller_id: str, operation: Operation, question: Callable[[Seller], T]
) -> T:
    """The answer of `question`, in the operation's turn. Raises as `access.call` and the API do. No transaction is open."""
    bucket = access.Bucket(*counter.api.limit(operation))
    return access.call(counter, account_id, bucket, lambda token: question(Seller(token, seller_id)))


def save_keys(
    uow: UnitOfWork, keyring: Keyring, api: OfferApi, account_id: int, typed: Mapping[str, str]
) -> None:
    """Keep what was typed; a blank one stays as it is. Raises Invalid, Conflict CHANGED_MEANWHILE."""
    account = account_by_id(uow.session, account_id, locked=True)
    known = credentials.read(uow.session, keyring, account_id)
    wanted = {key.name: typed.get(key.name, "").strip() or known.get(key.name) for key in api.keys}
    problems: list[RecoreError] = [
        Invalid("BAD_KEY", f"{key.label}を、発行されたとおりに入力してください。", field=key.name)
        for key in api.keys
        if not _is_key(wanted[key.name])
    ]
    if problems:
        raise Invalid("BAD_KEYS", "まだ登録できません。", problems=problems)
    credentials.change(uow, keyring, account_id, known, wanted)
    access.change_link(
        uow, account_id, linked_at=uow.at, linked_by=uow.actor.label, over_at=None, ends_at=None, failing_since=None,
        failure=None, next_pull_at=uow.at,
    )  # fmt: skip
    record(uow, "account.api_keys", "account", account_id, account.name)


def _is_key(text: str) -> bool:
    return bool(text) and len(text) <= MAX_KEY and text.isascii() and text.isprintable() and " " not in text
