"""What waits to be done, for the home screen and the figures in the menu."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts.models import MarketplaceAccount
from recore.accounts.queries import within
from recore.commands import queries as commands
from recore.commands.rules import CommandKind
from recore.identity.rules import Scope
from recore.listings import queries as listings
from recore.listings.rules import ListingState
from recore.orders.models import Order
from recore.orders.rules import OrderState


@dataclass(frozen=True)
class Waiting:
    """Counts of what somebody has to do; see the fields of 出品待ち, 出品リスト and 受注管理."""

    drafts: int
    without_file: int
    not_downloaded: int
    stopped: int
    review: int
    on_hold: int
    unshipped: int
    order_review: int
    without_stock: int
    ship_review: int
    end_review: int

    @property
    def unsent(self) -> int:
        return self.without_file + self.not_downloaded + self.stopped + self.review

    @property
    def orders(self) -> int:
        return self.unshipped + self.order_review


def waiting(session: Session, scope: Scope) -> Waiting:
    """`scope`: the accounts whose orders are counted."""
    not_sent, is_seen = listings.not_yet_sent(session), within(scope, Order.account_id)
    states: dict[OrderState, int] = dict(
        session.execute(
            sa.select(Order.state, sa.func.count(Order.id)).where(is_seen).group_by(Order.state)
        ).all()
    )
    flagged = session.scalar(sa.select(sa.func.count(Order.id)).where(is_seen, Order.needs_review))
    in_review = commands.review_counts(session)
    return Waiting(
        drafts=listings.waiting_count(session),
        without_file=not_sent.without_file,
        not_downloaded=not_sent.not_downloaded,
        stopped=not_sent.stopped_items,
        review=listings.state_counts(session).get(ListingState.NEEDS_REVIEW, 0),
        on_hold=states.get(OrderState.ON_HOLD, 0),
        unshipped=states.get(OrderState.UNSHIPPED, 0),
        order_review=flagged or 0,
        without_stock=len(listings.without_stock(session)),
        ship_review=in_review.get(CommandKind.SHIP, 0),
        end_review=in_review.get(CommandKind.END, 0),
    )


def accounts(session: Session) -> Sequence[MarketplaceAccount]:
    """Enabled marketplace accounts with their health."""
    statement = sa.select(MarketplaceAccount).where(MarketplaceAccount.is_enabled)
    return session.scalars(statement.order_by(MarketplaceAccount.id)).all()
