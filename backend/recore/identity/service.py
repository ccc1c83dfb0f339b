"""Logging in, and identifying staff per action (R2)."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from recore.identity.models import Account, Policy, Staff, StaffStatus
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


def log_in(uow: UnitOfWork, login_id: str, password: str) -> Account | None:
    """The account, or None when the pair is wrong or the login is disabled or locked; failures are counted.

    Returns rather than raises, so that the failure count is committed.
    """
    account = uow.session.scalars(sa.select(Account).where(Account.login_id == login_id)).one_or_none()
    if account is None:
        _matches(_DUMMY_HASH, password)
        return None
    if account.locked_until and account.locked_until > uow.at:
        return None
    if not _matches(account.password_hash, password) or not account.is_enabled:
        account.failed_logins += 1
        if account.failed_logins % MAX_FAILURES == 0:
            account.locked_until = uow.at + LOCK
        return None
    account.failed_logins, account.locked_until = 0, None
    return account


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def identify_staff(uow: UnitOfWork, code: str, operation: str) -> Staff:
    """The active staff member with this code who may do `operation`.

    Raises NotIdentified STAFF_CODE_MISSING / STAFF_UNKNOWN / STAFF_INACTIVE, Denied STAFF_NOT_ALLOWED.
    """
    code = code.strip()
    if not code:
        raise NotIdentified(
            "STAFF_CODE_MISSING", "スタッフコードが入力されていません。", field="staff_code",
            remedy="スタッフコードを入力するか、名札のバーコードを読み取ってください。",
        )  # fmt: skip
    row = uow.session.execute(
        sa.select(Staff, Policy).join(Policy, Policy.id == Staff.policy_id).where(Staff.code == code)
    ).one_or_none()
    if row is None:
        raise NotIdentified(
            "STAFF_UNKNOWN", f"スタッフコード「{code}」は登録されていません。", item=code, field="staff_code",
            remedy="コードを確かめて、もう一度読み取ってください。",
        )  # fmt: skip
    staff, policy = row
    if staff.status is not StaffStatus.ACTIVE:
        raise NotIdentified(
            "STAFF_INACTIVE", f"{staff.name}さん（{code}）は停止または退職になっています。", item=code, field="staff_code",
            remedy="ほかのスタッフコードで操作してください。",
        )  # fmt: skip
    if not allows(policy.rules, operation):
        raise Denied(
            "STAFF_NOT_ALLOWED", f"{staff.name}さん（{code}）には「{OPERATIONS[operation]}」の権限がありません。",
            item=code, field="staff_code", remedy="権限のあるスタッフに頼むか、店長に権限を相談してください。",
        )  # fmt: skip
    return staff


def staff_actor(staff: Staff, account_id: int | None) -> Actor:
    return Actor(ActorKind.STAFF, staff.id, staff.name, account_id)
