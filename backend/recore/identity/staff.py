"""Commands on staff and their policies; staff are never deleted, only 停止 or 退職 (R2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from recore.identity.models import Account, Policy, Staff, StaffStatus
from recore.identity.rules import BY_ACCOUNT, BY_SHOP, EXCEPTIONS, OPERATIONS, allow_only
from recore.platform.audit import record
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, Invalid, NotFound

STATUS_LABELS = {StaffStatus.ACTIVE: "在職", StaffStatus.SUSPENDED: "停止", StaffStatus.RETIRED: "退職"}


@dataclass(frozen=True)
class PolicyException:
    """An operation that is decided otherwise in one shop, or on one marketplace account."""

    operation: str
    allow: bool
    shop_id: int | None = None
    account_id: int | None = None

    def as_rule(self) -> dict[str, Any]:
        where = {"shop_id": self.shop_id} if self.shop_id else {"account_id": self.account_id}
        return {"operation": self.operation, "allow": self.allow, **where}


def add_staff(uow: UnitOfWork, code: str, name: str, policy_id: int) -> None:
    """Raises Invalid (empty or too long), Conflict STAFF_CODE_TAKEN, NotFound."""
    code, name = _checked_code(code), checked(name, "name", "名前", 120)
    policy_by_id(uow, policy_id)
    added = uow.session.execute(
        upsert(uow.session, Staff)
        .values(tenant_id=uow.tenant_id, code=code, name=name, policy_id=policy_id, status=StaffStatus.ACTIVE)
        .on_conflict_do_nothing(index_elements=["tenant_id", "code"])
        .returning(Staff.id)
    ).scalar_one_or_none()
    if added is None:
        raise _code_taken(code)
    record(uow, "staff.add", "staff", added, code, after={"name": name, "policy": policy_id})


def change_staff(
    uow: UnitOfWork, staff_id: int, *, code: str, name: str, policy_id: int, status: StaffStatus
) -> None:
    """Everything about a person; history refers to the person, not to the code. Raises Invalid, NotFound, Conflict
    STAFF_CODE_TAKEN.
    """
    code, name = _checked_code(code), checked(name, "name", "名前", 120)
    policy_by_id(uow, policy_id)
    staff = uow.session.scalars(sa.select(Staff).where(Staff.id == staff_id).with_for_update()).one_or_none()
    if staff is None:
        raise NotFound(
            "NO_SUCH_STAFF", "このスタッフは見つかりません。", remedy="一覧から選び直してください。"
        )
    before = _as_audited(staff)
    staff.code, staff.name, staff.policy_id, staff.status = code, name, policy_id, status
    try:
        uow.session.flush()
    except IntegrityError as error:
        raise _code_taken(code) from error
    record(uow, "staff.change", "staff", staff_id, code, before=before, after=_as_audited(staff))


def add_policy(uow: UnitOfWork, name: str) -> int:
    """A policy that allows nothing yet: its id. Raises Invalid, Conflict POLICY_TAKEN."""
    name = checked(name, "name", "権限の名前", 80)
    added = uow.session.execute(
        upsert(uow.session, Policy)
        .values(tenant_id=uow.tenant_id, name=name, rules=allow_only())
        .on_conflict_do_nothing(index_elements=["tenant_id", "name"])
        .returning(Policy.id)
    ).scalar_one_or_none()
    if added is None:
        raise _policy_taken(name)
    record(uow, "policy.add", "policy", added, name)
    return added


def change_policy(
    uow: UnitOfWork,
    policy_id: int,
    name: str,
    allowed: Collection[str],
    exceptions: Sequence[PolicyException] = (),
) -> None:
    """Allow exactly these operations, but for the exceptions. Raises Invalid, NotFound, Conflict POLICY_TAKEN, LAST_MANAGER."""
    name = checked(name, "name", "権限の名前", 80)
    unknown = set(allowed) - set(OPERATIONS)
    unknown |= {
        each.operation
        for each in exceptions
        if each.operation not in (BY_SHOP if each.shop_id else BY_ACCOUNT)
    }
    if unknown:
        raise Invalid("NO_SUCH_OPERATION", "知らない操作が選ばれています。", field="allowed")
    lock_policies(uow)
    policy = policy_by_id(uow, policy_id)
    before = _audited_policy(policy)
    policy.name, policy.rules = name, allow_only(*allowed)
    if exceptions:
        policy.rules = policy.rules | {EXCEPTIONS: [each.as_rule() for each in exceptions]}
    try:
        uow.session.flush()
    except IntegrityError as error:
        raise _policy_taken(name) from error
    require_manager(uow, policy.name)
    after = _audited_policy(policy)
    record(uow, "policy.change", "policy", policy_id, name, before=before, after=after)


def lock_policies(uow: UnitOfWork) -> None:
    """Commands that could take the last manager away wait for each other."""
    uow.session.execute(sa.select(Policy.id).order_by(Policy.id).with_for_update()).all()


def require_manager(uow: UnitOfWork, item: str) -> None:
    """After a change: an enabled login that manages staff is left. Raises Conflict LAST_MANAGER (nobody could undo it)."""
    uow.session.flush()
    enabled = sa.select(Policy.rules).join(Account, Account.policy_id == Policy.id).where(Account.is_enabled)
    if not any(rules.get("staff.manage") is True for rules in uow.session.scalars(enabled)):
        raise Conflict(
            "LAST_MANAGER", f"「{OPERATIONS['staff.manage']}」権限のある有効なログインがなくなります。", item=item,
            remedy="この権限のあるログインを1つは残してください。",
        )  # fmt: skip


def policy_by_id(uow: UnitOfWork, policy_id: int) -> Policy:
    """Raises NotFound."""
    statement = sa.select(Policy).where(Policy.id == policy_id).execution_options(populate_existing=True)
    policy = uow.session.scalars(statement).one_or_none()
    if policy is None:
        raise NotFound(
            "NO_SUCH_POLICY", "この権限は見つかりません。", field="policy_id", remedy="選び直してください。"
        )
    return policy


def _checked_code(code: str) -> str:
    """A code that fits into a barcode, in half-width characters. Raises Invalid."""
    code = checked(unicodedata.normalize("NFKC", code), "code", "スタッフコード", 40)
    if not re.fullmatch(r"[!-~]+", code):
        raise Invalid(
            "BAD_CODE", "スタッフコードは、半角の英数字と記号で入力してください。", field="code",
            remedy="名札のバーコードにできるのは、半角の文字だけです。",
        )  # fmt: skip
    return code


def checked(text: str, field: str, label: str, most: int) -> str:
    """`text` without surrounding space, 1 to `most` characters long. Raises Invalid."""
    text = text.strip()
    if not text or len(text) > most:
        raise Invalid("BAD_TEXT", f"{label}を1〜{most}文字で入力してください。", field=field)
    return text


def _code_taken(code: str) -> Conflict:
    return Conflict(
        "STAFF_CODE_TAKEN", f"スタッフコード「{code}」はすでに使われています。", field="code", item=code,
        remedy="別のコードを付けてください。退職した人のコードも使い回せません。",
    )  # fmt: skip


def _policy_taken(name: str) -> Conflict:
    return Conflict(
        "POLICY_TAKEN", f"権限「{name}」はすでにあります。", field="name", item=name, remedy="別の名前にしてください。",
    )  # fmt: skip


def _allowed(policy: Policy) -> list[str]:
    return sorted(operation for operation, is_allowed in policy.rules.items() if is_allowed is True)


def _in_words(exception: Mapping[str, Any]) -> str:
    kind, number = (
        ("店", exception["shop_id"]) if exception.get("shop_id") else ("出品先", exception["account_id"])
    )
    return f"{OPERATIONS[exception['operation']]}（{kind}{number}）：{'できる' if exception['allow'] else 'できない'}"


def _audited_policy(policy: Policy) -> dict[str, Any]:
    exceptions = policy.rules.get(EXCEPTIONS)
    return {"name": policy.name, "allowed": _allowed(policy)} | (
        {EXCEPTIONS: [_in_words(each) for each in exceptions]} if exceptions else {}
    )


def _as_audited(staff: Staff) -> dict[str, object]:
    return {"code": staff.code, "name": staff.name, "policy": staff.policy_id, "status": str(staff.status)}
