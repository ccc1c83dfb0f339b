"""Reads for the settings screens of who may enter and who acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.identity.models import Account, Device, Policy, Shop, Staff
from recore.platform.errors import NotFound
from recore.platform.paging import AnyRow


def devices(session: Session) -> Sequence[Device]:
    """Paired browsers: living ones first, then the ended ones, newest first."""
    return session.scalars(sa.select(Device).order_by(Device.revoked_at.is_not(None), Device.id.desc())).all()


def staff(session: Session) -> Sequence[AnyRow]:
    """Every staff member with the policy's name, by code."""
    statement = sa.select(
        Staff.id, Staff.code, Staff.name, Staff.status, Staff.policy_id, Policy.name.label("policy")
    )
    return session.execute(statement.join(Policy, Policy.id == Staff.policy_id).order_by(Staff.code)).all()


def person(session: Session, staff_id: int) -> Staff:
    """Raises NotFound."""
    found = session.scalars(sa.select(Staff).where(Staff.id == staff_id)).one_or_none()
    if found is None:
        raise NotFound(
            "NO_SUCH_STAFF", "このスタッフは見つかりません。", remedy="一覧から選び直してください。"
        )
    return found


def shops(session: Session) -> Sequence[Shop]:
    return session.scalars(sa.select(Shop).order_by(Shop.id)).all()


def shop_name(session: Session, shop_id: int) -> str:
    return session.scalars(sa.select(Shop.name).where(Shop.id == shop_id)).one()


def policies(session: Session) -> Sequence[Policy]:
    return session.scalars(sa.select(Policy).order_by(Policy.id)).all()


def policy_choices(session: Session) -> list[tuple[int, str]]:
    """(id, name) of every policy, for a select."""
    return [(each.id, each.name) for each in policies(session)]


def policy(session: Session, policy_id: int) -> Policy:
    """Raises NotFound."""
    found = session.scalars(sa.select(Policy).where(Policy.id == policy_id)).one_or_none()
    if found is None:
        raise NotFound("NO_SUCH_POLICY", "この権限は見つかりません。", remedy="一覧から選び直してください。")
    return found


def logins(session: Session) -> Sequence[AnyRow]:
    """Every login with the names of its shop and policy."""
    return session.execute(_logins().order_by(Account.id)).all()


def login(session: Session, login_id: int) -> AnyRow:
    """Raises NotFound."""
    found = session.execute(_logins().where(Account.id == login_id)).one_or_none()
    if found is None:
        raise NotFound(
            "NO_SUCH_LOGIN", "このログインは見つかりません。", remedy="一覧から選び直してください。"
        )
    return found


def _logins() -> sa.Select[int, str, str, bool, int, datetime | None, str, str]:
    return (
        sa.select(
            Account.id, Account.login_id, Account.name, Account.is_enabled, Account.policy_id, Account.locked_until,
            Shop.name.label("shop"), Policy.name.label("policy"),
        )
        .join(Shop, Shop.id == Account.shop_id)
        .join(Policy, Policy.id == Account.policy_id)
    )  # fmt: skip
