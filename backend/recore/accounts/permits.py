"""Whether whoever acts may do it on this marketplace account (R2): asked by the services that act on one, whoever calls them.

What a person asked for and the extension or a job carries out later is not asked again; a sync only says what it saw.
"""

from __future__ import annotations

import sqlalchemy as sa

from recore.accounts.models import MarketplaceAccount
from recore.identity.rules import OPERATIONS, scope
from recore.identity.service import acting
from recore.platform.db import UnitOfWork
from recore.platform.errors import DeniedHere


def require(uow: UnitOfWork, operation: str, account_id: int, item: str = "") -> None:
    """`item`: what it is done to, named in a bulk action. Raises DeniedHere."""
    if (problem := missing(uow, operation, account_id, item)) is not None:
        raise problem


def missing(uow: UnitOfWork, operation: str, account_id: int, item: str = "") -> DeniedHere | None:
    """What to say of a row that has to stay; None where it is allowed."""
    who = acting(uow)
    if who is None or account_id in scope(who.rules, operation, shop_id=who.shop_id):
        return None
    name = uow.session.scalar(sa.select(MarketplaceAccount.name).where(MarketplaceAccount.id == account_id))
    return DeniedHere(
        "STAFF_NOT_ALLOWED" if who.code else "NOT_ALLOWED",
        f"{f'「{item}」：' if item else ''}{who.words}には、「{name}」で「{OPERATIONS[operation]}」権限がありません。",
        item=who.code, field="staff_code" if who.code else None, remedy=who.remedy,
    )  # fmt: skip
