"""What stands behind an order line: the table of `rules.STOCK_MOVES` carried out on stock and on the sold listing."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from recore.listings import offers
from recore.listings.models import Listing
from recore.listings.service import count_sold
from recore.orders.models import Order, OrderLine
from recore.orders.rules import LineStock, OrderState, StockMove, stock_move
from recore.platform.db import UnitOfWork
from recore.stock import service as stock
from recore.stock.models import Reservation
from recore.stock.rules import ReservationKind, ReservationState

NOTED = 5  # items that a note names
GONE_FROM_SHELF = (LineStock.RETURN_PENDING, LineStock.NOT_RETURNED)


def attach(uow: UnitOfWork, line: OrderLine, listing_id: int) -> None:
    """The line is a sale of our listing: its stock item stands behind it, and the listing counts it as sold."""
    line.listing_id = listing_id
    line.stock_item_id = uow.session.scalar(sa.select(Listing.stock_item_id).where(Listing.id == listing_id))
    line.stock_state = LineStock.RELEASED
    count_units(uow, listing_id)


def count_units(uow: UnitOfWork, listing_id: int) -> None:
    """Tell the listing how many of its units are sold, after a line of it came, changed its quantity or was cancelled."""
    uow.session.flush()
    statement = sa.select(sa.func.coalesce(sa.func.sum(OrderLine.quantity), 0)).where(
        OrderLine.listing_id == listing_id
    )
    if offers.of_listing(uow.session, listing_id) is None:
        count_sold(uow, listing_id, uow.session.execute(statement).scalar_one())
        return
    is_off = sa.or_(OrderLine.is_cancelled, Order.state == OrderState.CANCELLED)
    came_back = sa.and_(is_off, OrderLine.stock_state.not_in(GONE_FROM_SHELF))
    statement = statement.join(Order, Order.id == OrderLine.order_id).where(sa.not_(came_back))
    offers.count_sold(uow, listing_id, uow.session.execute(statement).scalar_one())


def settle(uow: UnitOfWork, line: OrderLine, state: OrderState) -> bool:
    """Bring the line's units to what `state` asks; whether that changed what stands behind it."""
    before = line.stock_state
    match stock_move(state, before):
        case StockMove.HOLD:
            line.stock_state = LineStock.RESERVED if _hold(uow, line) else LineStock.OVERSOLD
            if line.stock_state is LineStock.OVERSOLD is not before:
                stock.wait_for_units(uow, line.stock_item_id)
        case StockMove.HOLD_AND_SHIP:
            line.stock_state = LineStock.SHIPPED if _hold(uow, line) else LineStock.OVERSOLD
            stock.ship(uow, line.id)
        case StockMove.RELEASE:
            line.stock_state = _let_go(uow, line)
        case StockMove.EXPECT_RETURN:
            line.stock_state = LineStock.RETURN_PENDING
        case StockMove.KEEP_SHIPPED:
            line.stock_state = LineStock.SHIPPED
    return line.stock_state is not before


def _hold(uow: UnitOfWork, line: OrderLine) -> bool:
    """Whether all units of the line are held, or have left the house for it before."""
    if line.stock_item_id is None:
        raise RuntimeError(f"order line {line.id} has no stock item to hold")
    gone = uow.session.scalar(
        sa.select(Reservation.quantity).where(
            Reservation.kind == ReservationKind.ORDER,
            Reservation.source_id == line.id,
            Reservation.state == ReservationState.CONSUMED,
        )
    )
    if gone is not None:
        return gone >= line.quantity
    if line.listing_id is not None:
        held = stock.take_over_bid(uow, line.stock_item_id, line.listing_id, line.id, line.quantity)
    else:
        held = stock.hold(uow, line.stock_item_id, ReservationKind.ORDER, line.id, line.quantity)
    return held >= line.quantity


def _let_go(uow: UnitOfWork, line: OrderLine) -> LineStock:
    """Release what is held; units of a short line that were shipped all the same wait for their return."""
    stock.release(uow, ReservationKind.ORDER, line.id)
    shipped = uow.session.scalar(
        sa.select(Reservation.id).where(
            Reservation.kind == ReservationKind.ORDER,
            Reservation.source_id == line.id,
            Reservation.state == ReservationState.CONSUMED,
        )
    )
    return LineStock.RELEASED if shipped is None else LineStock.RETURN_PENDING


def stock_note(uow: UnitOfWork, lines: Sequence[OrderLine]) -> str | None:
    """Where the items of an order are now, for its page (R25); None when there is nothing to tell."""
    notes = [note for note in (_note(uow, line) for line in lines) if note is not None]
    more = f" ほか{len(notes) - NOTED}点も同じ画面で確かめてください。" if len(notes) > NOTED else ""
    return " ".join(notes[:NOTED]) + more if notes else None


def _note(uow: UnitOfWork, line: OrderLine) -> str | None:
    if line.stock_item_id is None:
        return None
    item = stock.get(uow, line.stock_item_id)
    match line.stock_state:
        case LineStock.RELEASED:
            where = "出品待ちに表示されます" if item.sales_route.sells_online else "店頭の在庫です"
            return f"{item.it_code}：キャンセルのため{line.quantity}点を在庫に戻しました（{where}）。"
        case LineStock.RETURN_PENDING:
            return f"{item.it_code}：出荷後のキャンセルです。商品が戻ったら、この画面で在庫に戻してください。"
        case LineStock.OVERSOLD:
            return f"{item.it_code}：在庫が足りません（空売り）。在庫を確保できないときは、購入者に連絡してください。"
    return None
