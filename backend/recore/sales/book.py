"""Writing the book of sales (R30). Callers hold the lock of the order or the receipt that the line belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from recore.catalog.models import Product
from recore.platform.clock import to_jst
from recore.platform.db import UnitOfWork
from recore.sales.models import SaleEntry
from recore.sales.rules import Booked, Total, next_step
from recore.stock.models import StockItem


@dataclass(frozen=True)
class Line:
    """A line of a receipt or of an order, as the book names it. `name` stands where no stock item is known."""

    document: str
    name: str
    counter_sale_id: int | None = None
    counter_line_id: int | None = None
    order_id: int | None = None
    order_line_id: int | None = None
    account_id: int | None = None
    shop_id: int | None = None
    staff_id: int | None = None
    stock_item_id: int | None = None


def book(uow: UnitOfWork, line: Line, wanted: Total, *, sold_on: date, cause: str) -> None:
    """Make the book say that `wanted` is sold of the line, as an absolute number: repeating it writes nothing."""
    last = _last_entry(uow, line)
    booked = None
    if last is not None:
        total = Total(last.quantity_after, last.amount_after)
        booked = Booked(total, last.booked_on, to_jst(last.recorded_at).date())
        if line.stock_item_id is not None and last.stock_item_id is None:
            _fill_in_item(uow, line)
    step = next_step(booked, wanted, sold_on=sold_on, today=to_jst(uow.at).date())
    if step is None:
        return
    shop_id, name = _shop_and_name(uow, line)
    uow.session.add(
        SaleEntry(
            **{**vars(line), "name": name, "shop_id": shop_id},
            seq=last.seq + 1 if last else 1,
            kind=step.kind,
            booked_on=step.on,
            recorded_at=uow.at,
            quantity=step.change.quantity,
            amount=step.change.amount,
            quantity_after=wanted.quantity,
            amount_after=wanted.amount,
            cause=cause[:200],
            actor_kind=str(uow.actor.kind),
            actor_label=uow.actor.label,
        )
    )
    uow.session.flush()


def take_over_order(uow: UnitOfWork, order_id: int, other_id: int) -> None:
    """`other_id` became part of `order_id`: its entries point there."""
    uow.session.execute(
        sa.update(SaleEntry).where(SaleEntry.order_id == other_id).values(order_id=order_id),
        execution_options={"synchronize_session": False},
    )


def _of(line: Line) -> sa.ColumnElement[bool]:
    if line.counter_line_id is not None:
        return SaleEntry.counter_line_id == line.counter_line_id
    return SaleEntry.order_line_id == line.order_line_id


def _last_entry(uow: UnitOfWork, line: Line) -> SaleEntry | None:
    statement = sa.select(SaleEntry).where(_of(line)).order_by(SaleEntry.seq.desc()).limit(1)
    return uow.session.scalars(statement).one_or_none()


def _shop_and_name(uow: UnitOfWork, line: Line) -> tuple[int | None, str]:
    """An item is sold by the shop that has it, under its name in the catalogue."""
    if line.stock_item_id is None:
        return line.shop_id, line.name[:500]
    item = uow.session.execute(
        sa.select(StockItem.shop_id, Product.name)
        .join(Product, Product.id == StockItem.product_id)
        .where(StockItem.id == line.stock_item_id)
    ).one()
    return line.shop_id or item.shop_id, item.name[:500]


def _fill_in_item(uow: UnitOfWork, line: Line) -> None:
    shop_id, name = _shop_and_name(uow, line)
    uow.session.execute(
        sa.update(SaleEntry)
        .where(_of(line), SaleEntry.stock_item_id.is_(None))
        .values(stock_item_id=line.stock_item_id, shop_id=shop_id, name=name),
        execution_options={"synchronize_session": False},
    )
