"""Commands on logins, usually one per PC or phone, not per person (R2)."""

from __future__ import annotations

import sqlalchemy as sa

from recore.identity.models import Account, Shop
from recore.identity.service import hash_password
from recore.identity.staff import checked, lock_policies, policy_by_id, require_manager
from recore.platform.audit import record
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, Invalid, NotFound

MIN_PASSWORD, MAX_PASSWORD = 8, 200


def checked_password_hash(password: str) -> str:
    """The hash of a new password; slow, so make it before the unit of work. Raises Invalid BAD_PASSWORD."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise Invalid(
            "BAD_PASSWORD", f"パスワードは{MIN_PASSWORD}〜{MAX_PASSWORD}文字にしてください。", field="password",
            remedy="ほかで使っていない、長めのパスワードにしてください。",
        )  # fmt: skip
    return hash_password(password)


def add_login(uow: UnitOfWork, login_id: str, name: str, password_hash: str, policy_id: int) -> None:
    """A login for a further PC or phone, at the first shop. Raises Invalid, Conflict LOGIN_TAKEN, NotFound."""
    login_id, name = checked(login_id, "login_id", "ログインID", 80), checked(name, "name", "名前", 120)
    policy_by_id(uow, policy_id)
    values = {
        "tenant_id": uow.tenant_id, "login_id": login_id, "name": name, "policy_id": policy_id,
        "password_hash": password_hash,
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
            "LOGIN_TAKEN", f"ログインID「{login_id}」はすでに使われています。", field="login_id", item=login_id,
            remedy="別のIDにしてください。",
        )  # fmt: skip
    record(uow, "login.add", "login", added, login_id, after={"name": name, "policy": policy_id})


def change_login(uow: UnitOfWork, login: int, name: str, policy_id: int) -> None:
    """Raises Invalid, NotFound, Conflict LAST_MANAGER."""
    name = checked(name, "name", "名前", 120)
    lock_policies(uow)
    policy_by_id(uow, policy_id)
    account = _locked(uow, login)
    before = {"name": account.name, "policy": account.policy_id}
    account.name, account.policy_id = name, policy_id
    require_manager(uow, account.login_id)
    after = {"name": name, "policy": policy_id}
    record(uow, "login.change", "login", account.id, account.login_id, before=before, after=after)


def change_password(uow: UnitOfWork, login: int, password_hash: str) -> int:
    """A new password; whoever is logged in with the old one is logged out, and a lock is lifted. Returns the new version
    of its sessions. Raises NotFound.
    """
    account = _locked(uow, login)
    account.password_hash, account.session_version = password_hash, account.session_version + 1
    account.failed_logins, account.locked_until = 0, None
    record(uow, "login.password", "login", account.id, account.login_id)
    return account.session_version


def enable_login(uow: UnitOfWork, login: int, *, is_enabled: bool, own: int) -> None:
    """Disabling ends its sessions. Raises NotFound, Conflict OWN_LOGIN (nobody locks themselves out), LAST_MANAGER."""
    lock_policies(uow)
    account = _locked(uow, login)
    if login == own and not is_enabled:
        raise Conflict(
            "OWN_LOGIN", "いま使っているログインは停止できません。", item=account.login_id,
            remedy="別のログインから停止してください。",
        )  # fmt: skip
    if account.is_enabled == is_enabled:
        return
    account.is_enabled = is_enabled
    account.session_version += 1
    account.failed_logins, account.locked_until = 0, None
    require_manager(uow, account.login_id)
    record(
        uow,
        "login.enable",
        "login",
        account.id,
        account.login_id,
        before={"is_enabled": not is_enabled},
        after={"is_enabled": is_enabled},
    )


def _locked(uow: UnitOfWork, login: int) -> Account:
    account = uow.session.scalars(
        sa.select(Account).where(Account.id == login).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if account is None:
        raise NotFound(
            "NO_SUCH_LOGIN", "このログインは見つかりません。", remedy="一覧から選び直してください。"
        )
    return account
