"""Reads of marketplace accounts."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from recore.accounts.models import ApiLink, MarketplaceAccount
from recore.identity.rules import Scope
from recore.platform.errors import Conflict, NotFound


def accounts(session: Session) -> Sequence[MarketplaceAccount]:
    """Every account, enabled or not."""
    return session.scalars(sa.select(MarketplaceAccount).order_by(MarketplaceAccount.id)).all()


def account(session: Session, account_id: int, *, locked: bool = False) -> MarketplaceAccount:
    """Raises NotFound. `locked`: inside a unit of work, nobody else changes it until the end."""
    statement = sa.select(MarketplaceAccount).where(MarketplaceAccount.id == account_id)
    if locked:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound(
            "NO_SUCH_ACCOUNT",
            "このマーケットプレイスは見つかりません。",
            remedy="一覧から選び直してください。",
        )
    return found


def enabled_account(session: Session, account_id: int) -> MarketplaceAccount:
    """Raises NotFound, Conflict ACCOUNT_DISABLED."""
    found = account(session, account_id)
    if not found.is_enabled:
        raise Conflict(
            "ACCOUNT_DISABLED", f"「{found.name}」は停止中です。", item=found.name,
            remedy="設定のマーケットプレイスで有効にしてください。",
        )  # fmt: skip
    return found


def api_link(session: Session, account_id: int) -> ApiLink | None:
    """The account's link to its marketplace's official API, as it is now."""
    return session.scalars(
        sa.select(ApiLink).where(ApiLink.account_id == account_id),
        execution_options={"populate_existing": True},
    ).one_or_none()


def within(scope: Scope, column: InstrumentedAttribute[int]) -> sa.ColumnElement[bool]:
    """The rows of the accounts of `scope`."""
    return column.not_in(scope.ids) if scope.is_all_but else column.in_(scope.ids)
