"""Commands on staff, policies and logins; staff are never deleted, only 停止 or 退職 (R2)."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from recore.identity.models import Account, Policy, Shop, Staff, StaffStatus
from recore.identity.rules import OPERATIONS
from recore.identity.service import hash_password
from recore.platform.audit import record
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, Invalid, NotFound

MIN_PASSWORD = 8
STATUS_LABELS = {StaffStatus.ACTIVE: "在職", StaffStatus.SUSPENDED: "停止", StaffStatus.RETIRED: "退職"}


def add_staff(uow: UnitOfWork, code: str, name: str, policy_id: int) -> None:
    """Raises Invalid (empty or too long), Conflict STAFF_CODE_TAKEN, NotFound."""
    code, name = _checked(code, "code", "スタッフコード", 40), _checked(name, "name", "名前", 120)
    _policy(uow, policy_id)
    values = {"tenant_id": uow.tenant_id, "code": code, "name": name, "policy_id": policy_id,
              "status": StaffStatus.ACTIVE}  # fmt: skip
    added = uow.session.execute(
        upsert(uow.session, Staff)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["tenant_id", "code"])
        .returning(Staff.id)
    ).scalar_one_or_none()
    if added is None:
        raise Conflict(
            "STAFF_CODE_TAKEN", f"スタッフコード「{code}」はすでに使われています。", field="code", item=code,
            remedy="別のコードを付けてください。退職した人のコードも使い回せません。",
        )  # fmt: skip
    record(uow, "staff.add", "staff", added, code, after={"name": name, "policy": policy_id})


def change_staff(uow: UnitOfWork, staff_id: int, name: str, policy_id: int, status: StaffStatus) -> None:
    """Name, policy and status; the code stays, the history refers to it. Raises Invalid, NotFound."""
    name = _checked(name, "name", "名前", 120)
    _policy(uow, policy_id)
    staff = uow.session.scalars(sa.select(Staff).where(Staff.id == staff_id)).one_or_none()
    if staff is None:
        raise NotFound(
            "NO_SUCH_STAFF", "このスタッフは見つかりません。", remedy="一覧から選び直してください。"
        )
    before = {"name": staff.name, "policy": staff.policy_id, "status": str(staff.status)}
    staff.name, staff.policy_id, staff.status = name, policy_id, status
    after = {"name": name, "policy": policy_id, "status": str(status)}
    record(uow, "staff.change", "staff", staff.id, staff.code, before=before, after=after)


def change_policy(uow: UnitOfWork, policy_id: int, allowed: Collection[str]) -> None:
    """Allow exactly these operations. Raises NotFound, Conflict LAST_MANAGER (nobody could change it back)."""
    policy = _policy(uow, policy_id)
    before = sorted(name for name, is_allowed in policy.rules.items() if is_allowed)
    policy.rules = {operation: operation in allowed for operation in OPERATIONS}
    uow.session.flush()
    managers = [
        rules
        for rules in uow.session.scalars(
            sa.select(Policy.rules).join(Account, Account.policy_id == Policy.id).where(Account.is_enabled)
        )
        if rules.get("staff.manage") is True
    ]
    if not managers:
        raise Conflict(
            "LAST_MANAGER", "「スタッフと権限を管理する」権限のあるログインがなくなります。", item=policy.name,
            remedy="この権限を1つは残してください。",
        )  # fmt: skip
    record(
        uow, "policy.change", "policy", policy.id, policy.name, before={"allowed": before},
        after={"allowed": sorted(allowed)},
    )  # fmt: skip


def add_login(uow: UnitOfWork, login_id: str, name: str, password: str, policy_id: int) -> None:
    """A login for a further PC or phone, at the first shop. Raises Invalid, Conflict LOGIN_TAKEN, NotFound."""
    login_id, name = _checked(login_id, "login_id", "ログインID", 80), _checked(name, "name", "名前", 120)
    _policy(uow, policy_id)
    values = {
        "tenant_id": uow.tenant_id, "login_id": login_id, "name": name, "policy_id": policy_id,
        "password_hash": hash_password(_checked_password(password)),
        "shop_id": uow.session.scalars(sa.select(Shop.id).order_by(Shop.id).limit(1)).one(),
        "is_enabled": True, "session_version": 1, "failed_logins": 0,
    }  # fmt: skip
    added = uow.session.execute(
        upsert(uow.session, Account)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["tenant_id", "login_id"])
        .returning(Account.id)
    ).scalar_one_or_none()
    if added is None:
        raise Conflict(
            "LOGIN_TAKEN",
            f"ログインID「{login_id}」はすでに使われています。",
            field="login_id",
            remedy="別のIDにしてください。",
        )
    record(uow, "login.add", "login", added, login_id, after={"name": name, "policy": policy_id})


def change_password(uow: UnitOfWork, login: int, password: str) -> None:
    """A new password; whoever is logged in with the old one is logged out. Raises Invalid, NotFound."""
    hashed = hash_password(_checked_password(password))
    account = _login(uow, login)
    account.password_hash, account.session_version = hashed, account.session_version + 1
    record(uow, "login.password", "login", account.id, account.login_id)


def enable_login(uow: UnitOfWork, login: int, *, is_enabled: bool, own: int) -> None:
    """Raises NotFound, Conflict OWN_LOGIN (nobody locks themselves out)."""
    account = _login(uow, login)
    if login == own and not is_enabled:
        raise Conflict(
            "OWN_LOGIN", "いま使っているログインは停止できません。", item=account.login_id,
            remedy="別のログインから停止してください。",
        )  # fmt: skip
    account.is_enabled = is_enabled
    account.session_version += 1
    record(uow, "login.enable", "login", account.id, account.login_id, after={"is_enabled": is_enabled})


def _policy(uow: UnitOfWork, policy_id: int) -> Policy:
    policy = uow.session.scalars(
        sa.select(Policy).where(Policy.id == policy_id).with_for_update()
    ).one_or_none()
    if policy is None:
        raise NotFound("NO_SUCH_POLICY", "この権限は見つかりません。", field="policy_id")
    return policy


def _login(uow: UnitOfWork, login: int) -> Account:
    account = uow.session.scalars(sa.select(Account).where(Account.id == login)).one_or_none()
    if account is None:
        raise NotFound(
            "NO_SUCH_LOGIN", "このログインは見つかりません。", remedy="一覧から選び直してください。"
        )
    return account


def _checked(text: str, field: str, label: str, most: int) -> str:
    text = text.strip()
    if not text or len(text) > most:
        raise Invalid("BAD_TEXT", f"{label}を1〜{most}文字で入力してください。", field=field)
    return text


def _checked_password(password: str) -> str:
    if not MIN_PASSWORD <= len(password) <= 200:
        raise Invalid(
            "BAD_PASSWORD", f"パスワードは{MIN_PASSWORD}文字以上にしてください。", field="password",
            remedy="ほかで使っていない、長めのパスワードにしてください。",
        )  # fmt: skip
    return password
