"""Reads of marketplace accounts."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts.models import MarketplaceAccount
from recore.platform.errors import NotFound


def accounts(session: Session) -> Sequence[MarketplaceAccount]:
    """Every account, enabled or not."""
    return session.scalars(sa.select(MarketplaceAccount).order_by(MarketplaceAccount.id)).all()


def account(session: Session, account_id: int) -> MarketplaceAccount:
    """Raises NotFound."""
    found = session.scalars(
        sa.select(MarketplaceAccount).where(MarketplaceAccount.id == account_id)
    ).one_or_none()
    if found is None:
        raise NotFound(
            "NO_SUCH_ACCOUNT",
            "このマーケットプレイスは見つかりません。",
            remedy="一覧から選び直してください。",
        )
    return found
