"""店頭販売 (R6): scanned items leave the shelf at once, several in one receipt, and a mistake can be undone."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from recore.commands.asking import end_without_stock
from recore.identity.models import Staff
from recore.platform.audit import record
from recore.platform.clock import to_jst
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, Invalid, NotFound
from recore.platform.numbering import next_number
from recore.sales.book import Line, book
from recore.sales.models import CounterSale, CounterSaleLine
from recore.sales.rules import NOTHING, Total
from recore.stock import service as stock


@dataclass(frozen=True)
class SaleLine:
    """`unit_price` in yen, tax included."""

    stock_item_id: int
    quantity: int
    unit_price: int


def sell(uow: UnitOfWork, request_key: str, shop_id: int, staff: Staff, lines: list[SaleLine]) -> int:
    """Sell all lines or none; the sale's id. The same `request_key` again returns the first sale.

    Items are taken in the order of their ids, so that two tills cannot wait for each other.
    Raises Invalid EMPTY_SALE, Conflict NO_STOCK or EC_ONLY naming the item.
    """
    if not lines or any(line.quantity < 1 or line.unit_price < 0 for line in lines):
        raise Invalid(
            "EMPTY_SALE", "販売する商品がありません。", remedy="商品のバーコードを読み取ってください。"
        )
    values = {"tenant_id": uow.tenant_id, "number": f"S{next_number(uow, 'counter_sale'):06d}",
              "request_key": request_key, "shop_id": shop_id, "staff_id": staff.id, "sold_at": uow.at,
              "total": sum(line.quantity * line.unit_price for line in lines)}  # fmt: skip
    sale_id = uow.session.execute(
        upsert(uow.session, CounterSale)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["tenant_id", "request_key"])
        .returning(CounterSale.id)
    ).scalar_one_or_none()
    if sale_id is None:
        return uow.session.execute(
            sa.select(CounterSale.id).where(CounterSale.request_key == request_key)
        ).scalar_one()  # fmt: skip
    for line in sorted(lines, key=lambda each: each.stock_item_id):
        stock.sell_at_counter(uow, line.stock_item_id, line.quantity, sale_id)
        sold = CounterSaleLine(
            sale_id=sale_id,
            stock_item_id=line.stock_item_id,
            quantity=line.quantity,
            unit_price=line.unit_price,
        )
        uow.session.add(sold)
        uow.session.flush()
        _book(uow, str(values["number"]), shop_id, staff.id, sold, "店頭販売")
    end_without_stock(uow, [line.stock_item_id for line in lines])
    record(
        uow, "counter.sell", "counter_sale", sale_id, str(values["number"]), after={"total": values["total"]}
    )
    return int(sale_id)


def void(uow: UnitOfWork, sale_id: int) -> None:
    """Undo a counter sale: its units are back on the shelf. Raises Conflict ALREADY_VOID, NotFound."""
    voided = uow.execute_one(
        sa.update(CounterSale)
        .where(CounterSale.id == sale_id, CounterSale.voided_at.is_(None))
        .values(voided_at=uow.at)
    )
    sale = uow.session.execute(
        sa.select(CounterSale.number, CounterSale.shop_id, CounterSale.staff_id).where(
            CounterSale.id == sale_id
        )
    ).one_or_none()
    if sale is None:
        raise NotFound("NO_SUCH_SALE", "この店頭販売は見つかりません。")
    if not voided:
        raise Conflict(
            "ALREADY_VOID", f"店頭販売「{sale.number}」はすでに取り消されています。", item=sale.number
        )
    lines = uow.session.scalars(
        sa.select(CounterSaleLine)
        .where(CounterSaleLine.sale_id == sale_id)
        .order_by(CounterSaleLine.stock_item_id)
    ).all()
    for line in lines:
        stock.undo_counter_sale(uow, line.stock_item_id, line.quantity, sale_id)
        _book(uow, sale.number, sale.shop_id, sale.staff_id, line, "店頭販売の取消", is_void=True)
    record(uow, "counter.void", "counter_sale", sale_id, sale.number)


def _book(
    uow: UnitOfWork,
    number: str,
    shop_id: int,
    staff_id: int,
    line: CounterSaleLine,
    cause: str,
    *,
    is_void: bool = False,
) -> None:
    named = Line(
        document=number, name="", counter_sale_id=line.sale_id, counter_line_id=line.id, shop_id=shop_id,
        staff_id=staff_id, stock_item_id=line.stock_item_id,
    )  # fmt: skip
    wanted = NOTHING if is_void else Total(line.quantity, line.quantity * line.unit_price)
    book(uow, named, wanted, sold_on=to_jst(uow.at).date(), cause=cause)
