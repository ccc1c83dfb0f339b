"""Orders in the book of sales (R30): a line is sold while its order is 出荷済み and the line is not off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from recore.listings.models import Listing
from recore.orders.models import Order, OrderLine
from recore.orders.rules import OrderState
from recore.platform.clock import to_jst
from recore.platform.db import UnitOfWork
from recore.sales.book import Line, book
from recore.sales.rules import NOTHING, Total


def book_lines(uow: UnitOfWork, order: Order, lines: Sequence[OrderLine]) -> None:
    """Bring the book to what a locked order says now; backwards moves are entries of their own.

    Whoever listed the item is the staff of the sale.
    """
    sold_on, why = _day(order)
    listed_by = _staff_of_listings(uow, [line.listing_id for line in lines if line.listing_id])
    for line in lines:
        is_sold = order.state is OrderState.SHIPPED and not line.is_cancelled
        named = Line(
            document=order.number, name=line.title, order_id=order.id, order_line_id=line.id, account_id=order.account_id,
            staff_id=listed_by.get(line.listing_id or 0), stock_item_id=line.stock_item_id,
        )  # fmt: skip
        wanted = Total(line.quantity, line.quantity * line.unit_price) if is_sold else NOTHING
        book(
            uow, named, wanted, sold_on=sold_on, cause="この商品だけキャンセル" if line.is_cancelled else why
        )


def _day(order: Order) -> tuple[date, str]:
    """The day of the sale and the words for its cause: the day it was shipped.

    An order that was 出荷済み when it was first seen (a shop's first sync, a PC that was off) was shipped some day before,
    which nobody tells; its own day is nearest, and today would be a day with all the sales of the past.
    """
    if order.state is not OrderState.SHIPPED or order.shipped_at is None:
        return to_jst(order.state_at).date(), f"受注が「{order.state.label}」になった"
    if order.shipped_at == order.created_at:
        return to_jst(order.ordered_at).date(), "取り込んだときには出荷済み（注文日で計上）"
    return to_jst(order.shipped_at).date(), "出荷済み"


def _staff_of_listings(uow: UnitOfWork, listing_ids: Sequence[int]) -> dict[int, int]:
    if not listing_ids:
        return {}
    rows = uow.session.execute(
        sa.select(Listing.id, Listing.staff_id).where(Listing.id.in_(sorted(set(listing_ids))))
    )
    return {row.id: row.staff_id for row in rows}
