"""公開鍵: the public key of a store, with which its calls of the official API are proved, so that a consent lasts longer (R24).

The key is kept among the account's credentials, how the marketplace takes it at the link. One that it does not take stops
nothing; the consent only ends as early as without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts import credentials
from recore.accounts.access import CLIENT_SECRET, change_link
from recore.accounts.credentials import Credentials
from recore.accounts.models import ApiLink, MarketplaceAccount
from recore.accounts.queries import account as account_by_id
from recore.accounts.queries import api_link
from recore.channels.order_api import ConsentApi, StoreKey
from recore.platform.audit import record
from recore.platform.clock import to_jst
from recore.platform.crypto import Keyring
from recore.platform.db import UnitOfWork
from recore.platform.errors import Conflict, Invalid, RecoreError

PUBLIC_KEY, VERSION = "public_key", "key_version"
MOST = 5_000
OF_THE_KEY = (PUBLIC_KEY, VERSION)


def of_the_store(known: Mapping[str, str]) -> dict[str, str]:
    """Those of an account's credentials that are not of one program's consent."""
    return {name: known[name] for name in OF_THE_KEY if name in known}


def version(session: Session, keyring: Keyring, account_id: int) -> str:
    """Empty where no key is registered."""
    return credentials.read(session, keyring, account_id).get(VERSION)


def with_its_key(
    session: Session, keyring: Keyring, api: ConsentApi, account: MarketplaceAccount
) -> ConsentApi:
    """The API as the account calls it: with proof, where there is a key."""
    known = credentials.read(session, keyring, account.id)
    return api.with_key(_key(account, known)) if known.get(PUBLIC_KEY) else api


def _key(account: MarketplaceAccount, known: Credentials) -> StoreKey:
    return StoreKey(account.store_id, known.get(VERSION), known.get(PUBLIC_KEY))


def save(
    uow: UnitOfWork, keyring: Keyring, api: ConsentApi, account_id: int, typed: Mapping[str, str]
) -> None:
    """Keep `public_key`, `key_version` and, if told, `key_ends_on` (ISO date). A link that was over is tried once more.

    Raises Invalid with a problem per field, Conflict NO_CLIENT, CHANGED_MEANWHILE.
    """
    account = account_by_id(uow.session, account_id, locked=True)
    known = credentials.read(uow.session, keyring, account_id)
    if not known.get(CLIENT_SECRET):
        raise Conflict(
            "NO_CLIENT", "Client IDとシークレットがまだ登録されていません。", remedy="先に登録してください。"
        )
    wanted = {name: typed.get(name, "").strip() for name in OF_THE_KEY}
    ends_on, problems = _checked(uow, api, account, wanted, typed.get("key_ends_on", "").strip())
    if problems:
        raise Invalid("BAD_KEY", "公開鍵はまだ登録できません。", problems=problems)
    credentials.change(uow, keyring, account_id, known, {**known.values, **wanted})
    change_link(
        uow, account_id, key_taken_at=None, key_problem=None, key_ends_on=ends_on, over_at=None,
        next_pull_at=sa.case((sa.and_(ApiLink.is_on, ApiLink.linked_at.is_not(None)), uow.at)),
    )  # fmt: skip
    record(uow, "account.api_key", "account", account_id, account.name)


def _checked(
    uow: UnitOfWork, api: ConsentApi, account: MarketplaceAccount, wanted: Mapping[str, str], ends_on: str
) -> tuple[date | None, list[RecoreError]]:
    problems: list[RecoreError] = []
    try:
        api.with_key(StoreKey(account.store_id, wanted[VERSION], wanted[PUBLIC_KEY][:MOST]))
    except Invalid as error:
        problems.append(error)
    if not (wanted[VERSION].isascii() and wanted[VERSION].isdecimal() and len(wanted[VERSION]) <= 9):
        problems.append(Invalid("BAD_VERSION", "バージョンを、半角の数字で入力してください。", field=VERSION))
    if not ends_on:
        return None, problems
    try:
        ends = date.fromisoformat(ends_on)
    except ValueError:
        problems.append(Invalid("BAD_DATE", "有効期限を、日付で入力してください。", field="key_ends_on"))
        return None, problems
    if ends < to_jst(uow.at).date():
        problems.append(
            Invalid("KEY_OVER", "この公開鍵の有効期限は過ぎています。", field="key_ends_on", remedy="新しい公開鍵を発行してください。")
        )  # fmt: skip
    return ends, problems


def forget(uow: UnitOfWork, keyring: Keyring, api: ConsentApi, account_id: int) -> None:
    """The consent ends as early as without one."""
    account = account_by_id(uow.session, account_id, locked=True)
    known = credentials.read(uow.session, keyring, account_id)
    kept = {name: value for name, value in known.values.items() if name not in OF_THE_KEY}
    credentials.change(uow, keyring, account_id, known, kept)
    change_link(uow, account_id, key_taken_at=None, key_problem=None, key_ends_on=None)
    _set_end(uow, api, account_id, is_taken=False)
    record(uow, "account.api_key_forget", "account", account_id, account.name)


def note_heard(uow: UnitOfWork, api: ConsentApi, account_id: int) -> None:
    """What the marketplace said of the key with which `api` called, and until when the consent lasts by that."""
    heard = api.key_heard
    if heard is None:
        return
    taken = {"key_taken_at": uow.at} if heard.problem is None else {}
    change_link(uow, account_id, key_problem=heard.problem, **taken)
    _set_end(uow, api, account_id, is_taken=heard.problem is None)


def _set_end(uow: UnitOfWork, api: ConsentApi, account_id: int, *, is_taken: bool) -> None:
    link = api_link(uow.session, account_id)
    lasts = api.keyed_lasts if is_taken else api.consent_lasts
    if link is not None and link.linked_at is not None and lasts is not None:
        change_link(uow, account_id, ends_at=link.linked_at + lasts)
