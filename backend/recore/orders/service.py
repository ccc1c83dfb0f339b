"""Commands on orders. What the marketplace shows comes in through `observe.py`; this is the vocabulary both share with
the pages: moving an order, flagging it, linking its lines, and what a person decides about them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from recore.accounts import permits
from recore.accounts.queries import account as account_by_id
from recore.commands.asking import end_without_stock
from recore.commands.service import follow_order
from recore.identity.models import Staff
from recore.identity.settings import setting_of_channel
from recore.orders import buyers
from recore.orders.booking import book_lines
from recore.orders.line_stock import count_units, settle, stock_note
from recore.orders.models import AddressExport, Order, OrderEvent, OrderExternalId, OrderLine
from recore.orders.rules import ORDER_MACHINE, WAITING_STATES, LineStock, OrderState, Review
from recore.platform.audit import record
from recore.platform.db import UnitOfWork
from recore.platform.errors import Conflict, Invalid, NotFound
from recore.platform.text_ja import fold
from recore.stock import service as stock
from recore.stock.models import StockItem
from recore.stock.rules import ReservationKind


def locked(uow: UnitOfWork, order_id: int) -> Order:
    """The order as it is now, locked until the end of the transaction. Raises NotFound."""
    order = uow.session.scalars(
        sa.select(Order).where(Order.id == order_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if order is None:
        raise NotFound(
            "NO_SUCH_ORDER", "この受注は見つかりません。", remedy="受注管理の一覧から選び直してください。"
        )
    return order


def lines_of(uow: UnitOfWork, order_id: int) -> list[OrderLine]:
    statement = sa.select(OrderLine).where(OrderLine.order_id == order_id).order_by(OrderLine.id)
    return list(uow.session.scalars(statement, execution_options={"populate_existing": True}))


def move(uow: UnitOfWork, order: Order, target: OrderState, cause: str) -> None:
    """Move a locked order and write the event (rule 8); stays where it is when it is there. Moves no stock."""
    source = order.state
    if source is target:
        return
    ORDER_MACHINE.check(source, target, item=order.number)
    shipped_at = (order.shipped_at or uow.at) if target is OrderState.SHIPPED else None
    values = {"state": target, "state_at": uow.at, "shipped_at": shipped_at}
    if not uow.execute_one(
        sa.update(Order).where(Order.id == order.id, Order.state == source).values(**values)
    ):
        raise Conflict(
            "FORBIDDEN_MOVE", f"受注「{order.number}」はほかの操作で変わりました。", item=order.number
        )
    for name, value in values.items():
        set_committed_value(order, name, value)
    write_event(uow, order, source, cause)
    keep_buyer_until(uow, order)
    follow_order(
        uow, order.id,
        is_shipped=target is OrderState.SHIPPED, is_unshipped=target is OrderState.UNSHIPPED,
    )  # fmt: skip


def keep_buyer_until(uow: UnitOfWork, order: Order) -> None:
    """The clock of the buyer's data runs once there is nothing left to send."""
    buyers.set_retention(uow, order.id, buyer_ends_at(uow, order))


def buyer_ends_at(uow: UnitOfWork, order: Order) -> datetime | None:
    """When the buyer's data is deleted; None while the order is to be sent."""
    if order.state in WAITING_STATES:
        return None
    channel = account_by_id(uow.session, order.account_id).channel
    days = setting_of_channel(uow.session, channel, "buyer_days", otherwise="buyer.retention_days")
    over_at = order.state_at
    if order.created_at == over_at and order.changed_there is not None:  # it was over before we first saw it
        over_at = min(over_at, order.changed_there)
    return over_at + timedelta(days=days)


def write_event(uow: UnitOfWork, order: Order, source: OrderState | None, cause: str) -> None:
    uow.session.add(
        OrderEvent(
            order_id=order.id,
            source=source,
            target=order.state,
            cause=cause[:200],
            actor_kind=str(uow.actor.kind),
            actor_label=uow.actor.label,
            at=uow.at,
        )
    )
    if source is not order.state:
        record(
            uow, "order.state" if source else "order.new", "order", order.id, order.number,
            before={"order_state": source} if source else None,
            after={"order_state": order.state, "cause": cause[:200]},
        )  # fmt: skip


def flag(uow: UnitOfWork, order: Order, code: Review, reason: str) -> None:
    """要確認, with the reason; the state stays."""
    order.needs_review, order.review_code, order.review_reason = True, code, reason[:500]
    write_event(uow, order, order.state, f"要確認：{reason}")
    record(uow, "order.flag", "order", order.id, order.number, after={"reason": reason[:500]})


def unflag(order: Order) -> None:
    order.needs_review, order.review_code, order.review_reason = False, None, None


def settle_lines(uow: UnitOfWork, order: Order, lines: list[OrderLine]) -> None:
    """Bring the stock behind every line, and the book of sales, to the order's state; a line that is off by itself counts
    as cancelled.

    The order's note then says of every line where its units are (R25), and auctions elsewhere that offer them too are to end.
    """
    changed = False
    for line in lines:
        changed |= settle(uow, line, OrderState.CANCELLED if line.is_cancelled else order.state)
    if changed:
        order.stock_note = stock_note(uow, lines)
        for listing_id in sorted({line.listing_id for line in lines if line.listing_id}):
            count_units(uow, listing_id)
        uow.session.flush()
        end_without_stock(uow, [line.stock_item_id for line in lines if line.stock_item_id])
    book_lines(uow, order, lines)


def waiting_for_units(session: Session, stock_item_id: int) -> Sequence[int]:
    """Orders that are to be sent and lack units of the item (空売り), the oldest first."""
    statement = (
        sa.select(Order.id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(
            OrderLine.stock_item_id == stock_item_id, OrderLine.stock_state == LineStock.OVERSOLD,
            OrderLine.is_cancelled.is_(False), Order.state.in_(WAITING_STATES),
        )
        .order_by(Order.ordered_at, Order.id)
    )  # fmt: skip
    return list(dict.fromkeys(session.scalars(statement)))


def take_freed_units(uow: UnitOfWork, order_id: int) -> None:
    """What an order lacks is held for it as far as there is something by now."""
    order = locked(uow, order_id)
    lines = lines_of(uow, order.id)
    before = [line.stock_state for line in lines]
    settle_lines(uow, order, lines)
    covered = [
        line for line, was in zip(lines, before, strict=True)
        if was is LineStock.OVERSOLD and line.stock_state is LineStock.RESERVED
    ]  # fmt: skip
    if covered:
        names = "、".join(line.management_number or line.external_id for line in covered)
        write_event(uow, order, order.state, f"在庫が戻ったため、空売りの商品（{names}）を確保")


def refresh_search(uow: UnitOfWork, order: Order, lines: list[OrderLine]) -> None:
    """Everything the list is searched by except the buyer's data."""
    ids = uow.session.scalars(
        sa.select(OrderExternalId.external_id).where(OrderExternalId.order_id == order.id)
    ).all()
    items = [line.stock_item_id for line in lines if line.stock_item_id]
    codes = uow.session.scalars(sa.select(StockItem.it_code).where(StockItem.id.in_(items))).all()
    per_line = [
        part for line in lines for part in (line.external_id, line.management_number or "", line.title)
    ]
    order.search_text = fold(" ".join([order.number, order.buyer_label, *ids, *codes, *per_line]))


def link_line(uow: UnitOfWork, order_id: int, line_id: int, it_code: str, staff: Staff) -> Order:
    """未連携 → our stock item. Raises NotFound, Conflict NOT_UNLINKED, Invalid NO_SUCH_ITEM."""
    order, line = _order_and_line(uow, order_id, line_id)
    if line.stock_state is not LineStock.UNLINKED:
        raise Conflict(
            "NOT_UNLINKED", f"受注「{order.number}」の「{line.title[:40]}」はすでに在庫と連携しています。", item=order.number,
            remedy="画面を再読み込みしてください。",
        )  # fmt: skip
    code = fold(it_code).upper()
    item_id = uow.session.scalar(sa.select(StockItem.id).where(StockItem.it_code == code))
    if item_id is None:
        raise Invalid(
            "NO_SUCH_ITEM", f"ITコード「{it_code[:40]}」の在庫はありません。", item=order.number, field="it_code",
            remedy="商品のバーコードを読み取るか、在庫の一覧でITコードを確かめてください。",
        )  # fmt: skip
    line.stock_item_id, line.stock_state = item_id, LineStock.RELEASED
    lines = lines_of_flushed(uow, order.id)
    settle_lines(uow, order, lines)
    refresh_search(uow, order, lines)
    write_event(uow, order, order.state, f"{staff.name}さんが{code}と連携")
    record(
        uow, "order.link", "order", order.id, order.number, after={"line": line.external_id, "it_code": code}
    )
    return order


def lines_of_flushed(uow: UnitOfWork, order_id: int) -> list[OrderLine]:
    """`lines_of`, with what was changed in this unit of work."""
    uow.session.flush()
    return lines_of(uow, order_id)


def clear_review(uow: UnitOfWork, order_id: int, staff: Staff) -> Order:
    """A person has looked at the flagged order. The same unknown word does not flag it again."""
    order = locked(uow, order_id)
    permits.require(uow, "orders.write", order.account_id)
    if order.needs_review:
        before = order.review_reason
        unflag(order)
        write_event(uow, order, order.state, f"{staff.name}さんが要確認を解除")
        record(uow, "order.clear_review", "order", order.id, order.number, before={"reason": before})
    return order


def close_return(uow: UnitOfWork, order_id: int, line_id: int, staff: Staff, *, came_back: bool) -> Order:
    """A cancel after shipping: the units are back on the shelf, or will not come back (R25). Raises Conflict NO_RETURN."""
    order, line = _order_and_line(uow, order_id, line_id)
    if line.stock_state not in (LineStock.RETURN_PENDING, LineStock.NOT_RETURNED):
        raise Conflict(
            "NO_RETURN", f"受注「{order.number}」に、返品待ちの商品はありません。", item=order.number,
            remedy="画面を再読み込みしてください。",
        )  # fmt: skip
    units = stock.take_back(uow, line.id) if came_back else 0
    line.stock_state = LineStock.RELEASED if came_back else LineStock.NOT_RETURNED
    what = f"返品{units}点を在庫に戻した" if came_back else "商品は戻らないと確認した"
    order.stock_note = f"{staff.name}さんが、{what}。"
    write_event(uow, order, order.state, f"{staff.name}さんが{what}")
    record(
        uow,
        "order.close_return",
        "order",
        order.id,
        order.number,
        after={"units": units, "came_back": came_back},
    )
    return order


def _order_and_line(uow: UnitOfWork, order_id: int, line_id: int) -> tuple[Order, OrderLine]:
    """For what a person does with a line. Raises NotFound, DeniedHere, Conflict ORDER_CHANGED."""
    order = locked(uow, order_id)
    permits.require(uow, "orders.write", order.account_id)
    line = next((each for each in lines_of(uow, order_id) if each.id == line_id), None)
    if line is None:
        raise Conflict("ORDER_CHANGED", f"受注「{order.number}」は変わりました。", item=order.number,
                       remedy="画面を再読み込みしてください。")  # fmt: skip
    return order, line


def record_export(
    uow: UnitOfWork, order_ids: list[int], left_out: list[tuple[str, str]], encoding: str
) -> AddressExport:
    """Note that a 宛先CSV was made of these orders; `left_out` is (order number, reason)."""
    export = AddressExport(
        order_ids=order_ids,
        left_out=[{"number": number, "reason": reason} for number, reason in left_out],
        encoding=encoding,
        made_at=uow.at,
        made_by=uow.actor.label,
    )
    uow.session.add(export)
    uow.session.execute(
        sa.update(Order).where(Order.id.in_(order_ids)).values(exported_at=uow.at),
        execution_options={"synchronize_session": False},
    )
    uow.session.flush()
    after = {"orders": len(order_ids), "left_out": len(left_out), "encoding": encoding}
    record(uow, "order.export", "address_export", export.id, f"{len(order_ids)}件", after=after)
    return export


def release_bids_of_sold_out(uow: UnitOfWork, listing_id: int) -> None:
    """Nothing of the listing is left to bid for."""
    stock.release(uow, ReservationKind.BID, listing_id)
