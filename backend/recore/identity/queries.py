"""Reads for the settings screens of who may enter and who acts."""

from __future__ import annotations

from collections.abc import Sequence

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


def policies(session: Session) -> Sequence[Policy]:
    return session.scalars(sa.select(Policy).order_by(Policy.id)).all()


def policy(session: Session, policy_id: int) -> Policy:
    """Raises NotFound."""
    found = session.scalars(sa.select(Policy).where(Policy.id == policy_id)).one_or_none()
    if found is None:
        raise NotFound("NO_SUCH_POLICY", "この権限は見つかりません。", remedy="一覧から選び直してください。")
    return found


def logins(session: Session) -> Sequence[AnyRow]:
    """Every login with the names of its shop and policy."""
    statement = (
        sa.select(
            Account.id, Account.login_id, Account.name, Account.is_enabled, Account.policy_id,
            Shop.name.label("shop"), Policy.name.label("policy"),
        )
        .join(Shop, Shop.id == Account.shop_id)
        .join(Policy, Policy.id == Account.policy_id)
        .order_by(Account.id)
    )  # fmt: skip
    return session.execute(statement).all()
