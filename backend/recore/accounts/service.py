"""Commands on marketplace accounts (R3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from recore.accounts.models import MarketplaceAccount
from recore.accounts.queries import account as account_by_id
from recore.platform.audit import record
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, Invalid

MAX_CHOICES = 100


@dataclass(frozen=True)
class AccountForm:
    """What the shop enters: `defaults` by field key, `saved_choices` by list name; both as the channel's form names them."""

    name: str
    store_id: str
    defaults: Mapping[str, Any]
    saved_choices: Mapping[str, Sequence[str]]


def add_account(uow: UnitOfWork, channel: str, profile: str, name: str, store_id: str) -> MarketplaceAccount:
    """Raises Invalid, Conflict ACCOUNT_TAKEN (the store or the name is there already)."""
    name, store_id = _checked(name, "name", "名前", 120), _checked(store_id, "store_id", "ストアID", 80)
    values = {"tenant_id": uow.tenant_id, "channel": channel, "profile": profile, "name": name, "store_id": store_id,
              "is_enabled": True, "options": {"defaults": {}, "saved_choices": {}}}  # fmt: skip
    added = uow.session.execute(
        upsert(uow.session, MarketplaceAccount)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(MarketplaceAccount.id)
    ).scalar_one_or_none()
    if added is None:
        raise _taken(name, store_id)
    record(uow, "account.add", "account", added, name, after={"store_id": store_id, "profile": profile})
    return account_by_id(uow.session, added)


def change_account(uow: UnitOfWork, account_id: int, form: AccountForm) -> None:
    """Raises NotFound, Invalid, Conflict ACCOUNT_TAKEN, STORE_IN_USE (it was read already: listings belong to that store)."""
    name, store_id = (
        _checked(form.name, "name", "名前", 120),
        _checked(form.store_id, "store_id", "ストアID", 80),
    )
    account = account_by_id(uow.session, account_id)
    if store_id != account.store_id and account.last_pull_at is not None:
        raise Conflict(
            "STORE_IN_USE", f"「{account.name}」はすでに同期しているため、ストアIDを変えられません。", item=account.name,
            field="store_id", remedy="別のストアは、新しいマーケットプレイスとして追加してください。",
        )  # fmt: skip
    others = sa.or_(
        MarketplaceAccount.name == name,
        sa.and_(MarketplaceAccount.channel == account.channel, MarketplaceAccount.store_id == store_id),
    )
    if uow.session.scalar(
        sa.select(MarketplaceAccount.id).where(MarketplaceAccount.id != account_id, others)
    ):
        raise _taken(name, store_id)  # the constraints catch the two that come at once
    choices = {key: list(dict.fromkeys(values))[:MAX_CHOICES] for key, values in form.saved_choices.items()}
    account.name, account.store_id = name, store_id
    account.options = account.options | {"defaults": dict(form.defaults), "saved_choices": choices}
    record(uow, "account.change", "account", account.id, name, after={"store_id": store_id})


def enable_account(uow: UnitOfWork, account_id: int, *, is_enabled: bool) -> None:
    """A disabled account is neither listed on nor synchronised; what is on sale there stays on sale. Raises NotFound."""
    account = account_by_id(uow.session, account_id)
    account.is_enabled = is_enabled
    record(uow, "account.enable", "account", account.id, account.name, after={"is_enabled": is_enabled})


def _checked(text: str, field: str, label: str, most: int) -> str:
    text = text.strip()
    if not text or len(text) > most:
        raise Invalid("BAD_TEXT", f"{label}を1〜{most}文字で入力してください。", field=field)
    return text


def _taken(name: str, store_id: str) -> Conflict:
    return Conflict(
        "ACCOUNT_TAKEN", f"同じ名前「{name}」か、同じストア「{store_id}」がすでに登録されています。", item=name, field="store_id",
        remedy="一覧を確かめてください。",
    )  # fmt: skip
