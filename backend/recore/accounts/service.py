"""Commands on marketplace accounts (R3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from recore.accounts.models import MarketplaceAccount
from recore.accounts.page_addresses import checked_addresses, known_pages
from recore.accounts.queries import account as account_by_id
from recore.accounts.queries import api_link
from recore.channels.base import Channel, FormContext, Severity
from recore.listings.models import Listing
from recore.listings.rules import ListingState
from recore.platform.audit import record
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, Invalid, RecoreError

MAX_CHOICES = 100
MAX_CHOICE = 200
ON_THE_WAY = (ListingState.QUEUED, ListingState.PROCESSING)


@dataclass(frozen=True)
class AccountForm:
    """What the shop enters: `defaults` by field key, `saved_choices` by list name, both as the form of the profile that
    the account has *now* names them; `profile` is the one it shall have;
    `addresses` by phase (page_addresses.py).
    """

    name: str
    profile: str
    store_id: str
    defaults: Mapping[str, Any]
    saved_choices: Mapping[str, Sequence[str]]
    addresses: Mapping[str, str] = field(default_factory=dict)


def add_account(uow: UnitOfWork, channel: Channel, profile: str, name: str, store_id: str) -> int:
    """The new account's id. Raises Invalid, Conflict STORE_TAKEN or NAME_TAKEN."""
    _check_profile(channel, profile)
    name, store_id = _checked(name, "name", "名前", 120), _checked(store_id, "store_id", "ストアID", 80)
    added = uow.session.execute(
        upsert(uow.session, MarketplaceAccount)
        .values(
            tenant_id=uow.tenant_id, channel=channel.name, profile=profile, name=name, store_id=store_id,
            is_enabled=True, options={"defaults": {}, "saved_choices": {}},
        )
        .on_conflict_do_nothing()
        .returning(MarketplaceAccount.id)
    ).scalar_one_or_none()  # fmt: skip
    if added is None:
        raise _taken(uow, channel.name, name, store_id)
    record(uow, "account.add", "account", added, name, after={"store_id": store_id, "profile": profile})
    return added


def change_account(uow: UnitOfWork, channel: Channel, account_id: int, form: AccountForm) -> None:
    """Raises NotFound, Invalid, Conflict STORE_TAKEN or NAME_TAKEN, STORE_IN_USE (it was read already, or something
    was sent there: listings belong to that store), PROFILE_IN_USE (listings filled in for the other tool are on their way).
    """
    name, store_id = (
        _checked(form.name, "name", "名前", 120),
        _checked(form.store_id, "store_id", "ストアID", 80),
    )
    _check_profile(channel, form.profile)
    account = account_by_id(uow.session, account_id, locked=True)
    if store_id != account.store_id and (why := _why_in_use(uow, account)) is not None:
        raise Conflict(
            "STORE_IN_USE", f"「{account.name}」は{why}ため、ストアIDを変えられません。", item=account.name,
            field="store_id", remedy="別のストアは、新しいマーケットプレイスとして追加してください。",
        )  # fmt: skip
    if form.profile != account.profile:
        _refuse_while_listing(uow, account)
    choices = {key: _choices(values) for key, values in form.saved_choices.items()}
    _check_defaults(channel, account.profile, form.defaults, choices)
    before = _as_audited(account)
    account.name, account.store_id = name, store_id
    account.options = _options(channel, account, form.defaults, choices)
    if known_pages(channel.name, account.profile):
        addresses = checked_addresses(channel.name, account.profile, form.addresses)
        account.options = account.options | {"addresses": addresses}
    account.profile = form.profile
    try:
        uow.session.flush()
    except IntegrityError as error:
        uow.session.rollback()
        raise _taken(uow, channel.name, name, store_id, but=account_id) from error
    record(uow, "account.change", "account", account_id, name, before=before, after=_as_audited(account))


def _why_in_use(uow: UnitOfWork, account: MarketplaceAccount) -> str | None:
    """What binds the account to its store; None while nothing does. The caller holds the account: what is sent waits for it
    (batches.note_sent).
    """
    link = api_link(uow.session, account.id)
    if account.last_pull_at is not None or (link is not None and link.pulled_at is not None):
        return "すでに同期している"
    sent = sa.select(Listing.id).where(Listing.account_id == account.id, Listing.sent_at.is_not(None))
    if uow.session.scalar(sent.limit(1)) is not None:
        return "すでにこのストアに出品を送っている（または出品ファイルをダウンロードした）"
    return None


def enable_account(uow: UnitOfWork, account_id: int, *, is_enabled: bool) -> None:
    """A disabled account is neither listed on nor synchronised; what is on sale there stays on sale. Raises NotFound."""
    account = account_by_id(uow.session, account_id, locked=True)
    if account.is_enabled == is_enabled:
        return
    account.is_enabled = is_enabled
    record(
        uow,
        "account.enable",
        "account",
        account.id,
        account.name,
        before={"is_enabled": not is_enabled},
        after={"is_enabled": is_enabled},
    )


def _options(
    channel: Channel,
    account: MarketplaceAccount,
    defaults: Mapping[str, Any],
    choices: Mapping[str, list[str]],
) -> dict[str, Any]:
    """The account's options with the values of its profile replaced; those of its other profile stay for the day it goes
    back, and so does everything else.
    """
    own = {each.key for each in channel.form(account.profile).shop_defaults()}
    kept = {key: value for key, value in account.options.get("defaults", {}).items() if key not in own}
    saved = account.options.get("saved_choices", {})
    return account.options | {"defaults": kept | dict(defaults), "saved_choices": saved | dict(choices)}


def _choices(values: Sequence[str]) -> list[str]:
    """Opaque to us: passed to the marketplace as the shop wrote them."""
    if len(values) > MAX_CHOICES or any(len(value) > MAX_CHOICE for value in values):
        raise Invalid(
            "TOO_MANY_CHOICES", f"選択肢は{MAX_CHOICES}個まで、1つ{MAX_CHOICE}文字までです。",
            remedy="使わないものを消してください。",
        )  # fmt: skip
    return list(dict.fromkeys(values))


def _check_defaults(
    channel: Channel, profile: str, defaults: Mapping[str, Any], choices: Mapping[str, list[str]]
) -> None:
    """A value that every form would refuse is refused here, once, with its field."""
    context = FormContext(photos=[], units=1, saved_choices=choices)
    problems: list[RecoreError] = [
        Invalid("BAD_DEFAULT", f"{each.label}：{each.message}", field=each.field, remedy=each.remedy)
        for each in channel.validate(profile, defaults, context)
        if each.field in defaults and each.severity is Severity.ERROR
    ]
    if problems:
        raise Invalid("BAD_DEFAULTS", "保存できない値があります。", problems=problems)


def _refuse_while_listing(uow: UnitOfWork, account: MarketplaceAccount) -> None:
    waiting = uow.session.scalar(
        sa.select(sa.func.count(Listing.id)).where(
            Listing.account_id == account.id, Listing.state.in_(ON_THE_WAY)
        )
    )
    if waiting:
        raise Conflict(
            "PROFILE_IN_USE", f"待機中・出品処理中の出品が{waiting}件あるため、ストアツールを変えられません。", item=account.name,
            field="profile", remedy="出品が終わるのを待つか、出品リストで取り下げてから変えてください。",
        )  # fmt: skip


def _check_profile(channel: Channel, profile: str) -> None:
    if profile not in channel.profiles:
        raise Invalid("NOT_CHOSEN", "ストアツールを選んでください。", field="profile")


def _checked(text: str, field: str, label: str, most: int) -> str:
    text = text.strip()
    if not text or len(text) > most:
        raise Invalid("BAD_TEXT", f"{label}を1〜{most}文字で入力してください。", field=field)
    return text


def _taken(uow: UnitOfWork, channel: str, name: str, store_id: str, but: int | None = None) -> Conflict:
    """Which of the two the constraints refused, for the message."""
    same_store = uow.session.scalar(
        sa.select(MarketplaceAccount.name).where(
            MarketplaceAccount.channel == channel,
            MarketplaceAccount.store_id == store_id,
            MarketplaceAccount.id.is_distinct_from(but),
        )
    )
    if same_store is not None:
        return Conflict(
            "STORE_TAKEN", f"ストアID「{store_id}」は「{same_store}」としてすでに登録されています。", item=store_id,
            field="store_id", remedy="一覧から「" + same_store + "」を開いて直してください。",
        )  # fmt: skip
    return Conflict(
        "NAME_TAKEN", f"名前「{name}」はすでに使われています。", item=name, field="name", remedy="別の名前にしてください。",
    )  # fmt: skip


def _as_audited(account: MarketplaceAccount) -> dict[str, Any]:
    kept = {key: account.options.get(key, {}) for key in ("defaults", "saved_choices", "addresses")}
    return {"name": account.name, "profile": account.profile, "store_id": account.store_id, **kept}
