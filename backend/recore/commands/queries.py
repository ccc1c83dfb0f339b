"""Reads of commands for the screens and for the extension's context."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.commands.models import MarketplaceCommand
from recore.commands.rules import CommandKind, CommandState
from recore.platform.paging import AnyRow

COLUMNS = (
    MarketplaceCommand.id, MarketplaceCommand.kind, MarketplaceCommand.order_id, MarketplaceCommand.listing_id,
    MarketplaceCommand.state, MarketplaceCommand.state_at, MarketplaceCommand.reason, MarketplaceCommand.payload,
    MarketplaceCommand.asked_by, MarketplaceCommand.created_at, MarketplaceCommand.is_automatic, MarketplaceCommand.by_server,
    MarketplaceCommand.not_before,
)  # fmt: skip
HANDED_OUT = (CommandState.QUEUED, CommandState.CLAIMED, CommandState.SENDING)


def of_orders(session: Session, order_ids: Sequence[int]) -> dict[int, AnyRow]:
    """order → its newest command."""
    rows = session.execute(
        sa.select(*COLUMNS)
        .where(MarketplaceCommand.order_id.in_(list(order_ids)))
        .order_by(MarketplaceCommand.id)
    )
    return {row.order_id: row for row in rows}


def of_listing(session: Session, listing_id: int) -> AnyRow | None:
    """The newest command for a listing."""
    statement = sa.select(*COLUMNS).where(MarketplaceCommand.listing_id == listing_id)
    return session.execute(statement.order_by(MarketplaceCommand.id.desc()).limit(1)).one_or_none()


def waiting_counts(session: Session, at: datetime) -> dict[int, int]:
    """account → commands that a visit of the extension would be given."""
    statement = sa.select(MarketplaceCommand.account_id, sa.func.count(MarketplaceCommand.id)).where(
        MarketplaceCommand.state.in_(HANDED_OUT),
        MarketplaceCommand.not_before <= at,
        ~MarketplaceCommand.by_server,
    )
    return dict(session.execute(statement.group_by(MarketplaceCommand.account_id)).all())


def review_counts(session: Session) -> dict[CommandKind, int]:
    """Commands that need a person, by kind."""
    statement = sa.select(MarketplaceCommand.kind, sa.func.count(MarketplaceCommand.id))
    statement = statement.where(MarketplaceCommand.state == CommandState.NEEDS_REVIEW)
    return dict(session.execute(statement.group_by(MarketplaceCommand.kind)).all())
