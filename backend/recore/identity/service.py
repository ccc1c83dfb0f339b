"""Logging in, and identifying staff per action (R2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from recore.identity.models import Account, Device, Policy, Staff, StaffStatus
from recore.identity.rules import OPERATIONS, allows
from recore.platform.actor import Actor, ActorKind
from recore.platform.db import UnitOfWork
from recore.platform.errors import Denied, NotIdentified

_hasher = PasswordHasher()
_DUMMY_HASH = _hasher.hash("no such account")  # an unknown login costs as much time as a wrong password
MAX_FAILURES = 10
LOCK = timedelta(minutes=5)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


@dataclass(frozen=True)
class LoginAttempt:
    """One counted try at a login; `account_id` is None where there is nothing to get into."""

    account_id: int | None
    password_hash: str


def begin_login(uow: UnitOfWork, login_id: str) -> LoginAttempt:
    """Count a try before its password is looked at: tries sent all at once are no way around the limit.

    The `MAX_FAILURES`th try without a success between locks the login for `LOCK`; a locked, disabled or unknown one
    gives an attempt that cannot succeed, and costs as much time.
    """
    tries = Account.failed_logins + 1
    found = uow.session.execute(
        sa.update(Account)
        .where(
            Account.login_id == login_id,
            Account.is_enabled,
            sa.or_(Account.locked_until.is_(None), Account.locked_until <= uow.at),
        )
        .values(
            failed_logins=tries,
            locked_until=sa.case((tries % MAX_FAILURES == 0, uow.at + LOCK), else_=sa.null()),
        )
        .returning(Account.id, Account.password_hash),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    return LoginAttempt(found.id, found.password_hash) if found else LoginAttempt(None, _DUMMY_HASH)


def password_matches(attempt: LoginAttempt, password: str) -> bool:
    """Slow on purpose: call it outside a unit of work, nobody should wait for it."""
    try:
        return _hasher.verify(attempt.password_hash, password) and attempt.account_id is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def complete_login(uow: UnitOfWork, attempt: LoginAttempt) -> Account | None:
    """The account of an attempt whose password matched; None when it was disabled or its password changed meanwhile."""
    entered = uow.execute_one(
        sa.update(Account)
        .where(
            Account.id == attempt.account_id,
            Account.is_enabled,
            Account.password_hash == attempt.password_hash,
        )
        .values(failed_logins=0, locked_until=None)
    )
    if not entered:
        return None
    return uow.session.scalars(sa.select(Account).where(Account.id == attempt.account_id)).one()


def identify_staff(uow: UnitOfWork, code: str, operation: str | None) -> Staff:
    """The active staff member with this code who may do `operation` (None: whatever it may be) in the shop of the acting
    login. On which marketplace account is asked by what acts on one (`accounts.permits`).

    Raises NotIdentified STAFF_CODE_MISSING / STAFF_UNKNOWN / STAFF_INACTIVE, Denied STAFF_NOT_ALLOWED.
    """
    code = code.strip()
    if not code:
        raise NotIdentified(
            "STAFF_CODE_MISSING", "スタッフコードが入力されていません。", field="staff_code",
            remedy="スタッフコードを入力するか、名札のバーコードを読み取ってください。",
        )  # fmt: skip
    return _who_may(uow, Staff.code == code, code, operation, uow.actor.account_id)


def staff_who_pressed(uow: UnitOfWork, staff_id: int, login_id: int | None, operation: str) -> Staff:
    """The staff member for whom the server goes on with what he began at a login: one who left or lost the permission
    meanwhile acts no more. Raises NotIdentified STAFF_INACTIVE, Denied STAFF_NOT_ALLOWED.
    """
    return _who_may(uow, Staff.id == staff_id, str(staff_id), operation, login_id)


@dataclass(frozen=True)
class Acting:
    """Whose policy decides over what is done now, in which shop, and how staff are told who it is."""

    rules: Mapping[str, Any]
    shop_id: int | None
    words: str
    remedy: str
    code: str | None = None  # of a staff member


def acting(uow: UnitOfWork) -> Acting | None:
    """Staff by their own policy, a login by its own, a paired browser by that of the login that let it in. None: the server's own
    work, the operator, and a browser that was paired before its login was kept.
    """
    actor, login_id = uow.actor, uow.actor.account_id
    if actor.kind is ActorKind.STAFF:
        row = uow.session.execute(
            sa.select(Staff.code, Staff.name, Policy.rules)
            .join(Policy, Policy.id == Staff.policy_id)
            .where(Staff.id == actor.id)
        ).one()
        remedy = "権限のあるスタッフに頼むか、店長に権限を相談してください。"
        return Acting(row.rules, _shop_of(uow, login_id), f"{row.name}さん（{row.code}）", remedy, row.code)
    words, remedy = "このログイン", "権限のあるアカウントでログインするか、店長に相談してください。"
    if actor.kind is ActorKind.DEVICE:
        login_id = uow.session.scalar(sa.select(Device.login_id).where(Device.id == actor.id))
        words = "この拡張機能を接続したログイン"
        remedy = "権限のあるアカウントでログインし、拡張機能のオプションで接続し直してください。"
    found = uow.session.execute(
        sa.select(Policy.rules, Account.shop_id)
        .join(Policy, Policy.id == Account.policy_id)
        .where(Account.id == login_id)
    ).one_or_none()
    return Acting(found.rules, found.shop_id, words, remedy) if found else None


def _shop_of(uow: UnitOfWork, login_id: int | None) -> int | None:
    """The shop of the PC at which somebody acts."""
    return uow.session.scalar(sa.select(Account.shop_id).where(Account.id == login_id)) if login_id else None


def _who_may(
    uow: UnitOfWork, who: sa.ColumnElement[bool], named: str, operation: str | None, login_id: int | None
) -> Staff:
    row = uow.session.execute(
        sa.select(Staff, Policy).join(Policy, Policy.id == Staff.policy_id).where(who)
    ).one_or_none()
    if row is None:
        raise NotIdentified(
            "STAFF_UNKNOWN", f"スタッフコード「{named}」は登録されていません。", item=named, field="staff_code",
            remedy="コードを確かめて、もう一度読み取ってください。",
        )  # fmt: skip
    staff, policy = row
    if staff.status is not StaffStatus.ACTIVE:
        raise NotIdentified(
            "STAFF_INACTIVE", f"{staff.name}さん（{staff.code}）は停止または退職になっています。", item=staff.code,
            field="staff_code", remedy="ほかのスタッフコードで操作してください。",
        )  # fmt: skip
    if operation is not None and not allows(policy.rules, operation, shop_id=_shop_of(uow, login_id)):
        raise Denied(
            "STAFF_NOT_ALLOWED", f"{staff.name}さん（{staff.code}）には「{OPERATIONS[operation]}」の権限がありません。",
            item=staff.code, field="staff_code", remedy="権限のあるスタッフに頼むか、店長に権限を相談してください。",
        )  # fmt: skip
    return staff


def staff_actor(staff: Staff, account_id: int | None) -> Actor:
    return Actor(ActorKind.STAFF, staff.id, staff.name, account_id)
