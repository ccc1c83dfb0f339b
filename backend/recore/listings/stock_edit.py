"""Prices and 販路 of many stock items at once (R5), with what stands on offer kept in mind; undone through platform/undo.py.

`plan_prices` and `plan_routes` show what `change_many` will do, row by row; a row that changed since is left and named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.catalog.models import Product
from recore.listings.drafts import lock_item
from recore.listings.models import Listing
from recore.listings.price_change import PriceRule
from recore.listings.rules import OPEN_STATES
from recore.platform.audit import AuditEntry
from recore.platform.db import UnitOfWork
from recore.platform.errors import Conflict, RecoreError
from recore.platform.undo import Undoer, begin, forget_if_empty
from recore.stock import service as stock
from recore.stock.models import StockItem
from recore.stock.rules import SalesRoute

PRICE, ROUTE = "stock.price", "stock.route"
KINDS = (PRICE, ROUTE)


@dataclass(frozen=True)
class Row:
    """One item: its value now and the one it will have. `error`: why it stays; both equal: nothing to do."""

    stock_item_id: int
    it_code: str
    name: str
    was: int | SalesRoute
    wanted: int | SalesRoute
    error: RecoreError | None = None

    @property
    def is_ready(self) -> bool:
        return self.error is None and self.was != self.wanted


def as_they_are(session: Session, kind: str, stock_item_ids: Sequence[int]) -> list[Row]:
    """The items with nothing to do yet, in the order of the ids; an unknown one is left out."""
    column = StockItem.price if kind == PRICE else StockItem.sales_route
    rows = session.execute(
        sa.select(StockItem.id, StockItem.it_code, Product.name, column.label("value"))
        .join(Product, Product.id == StockItem.product_id)
        .where(StockItem.id.in_(stock_item_ids))
    )
    found = {row.id: Row(row.id, row.it_code, row.name, row.value, row.value) for row in rows}
    return [found[each] for each in stock_item_ids if each in found]


def plan_prices(session: Session, stock_item_ids: Sequence[int], rule: PriceRule) -> list[Row]:
    return [_priced(row, rule) for row in as_they_are(session, PRICE, stock_item_ids)]


def plan_routes(session: Session, stock_item_ids: Sequence[int], route: SalesRoute) -> list[Row]:
    rows = [replace(row, wanted=route) for row in as_they_are(session, ROUTE, stock_item_ids)]
    on_offer = _on_offer(session, [row.stock_item_id for row in rows])
    return [
        replace(row, error=_is_on_offer(row.it_code))
        if row.is_ready and not route.sells_online and row.stock_item_id in on_offer
        else row
        for row in rows
    ]


def change_many(
    uow: UnitOfWork, kind: str, summary: str, rows: Sequence[Row]
) -> tuple[int | None, list[Row]]:
    """Carry out the rows that are ready, as one bulk edit: (its id, None when nothing changed; the rows with their errors)."""
    edit_id = begin(uow, kind, summary)
    change = {PRICE: _change_price, ROUTE: _change_route}[kind]
    done = {
        row.stock_item_id: _try(uow, change, row, edit_id)
        for row in sorted(rows, key=lambda each: each.stock_item_id)
    }
    rows = [done[row.stock_item_id] for row in rows]
    return None if forget_if_empty(uow, edit_id) else edit_id, rows


def _try(uow: UnitOfWork, change: Callable[[UnitOfWork, Row, int], None], row: Row, edit_id: int) -> Row:
    if not row.is_ready:
        return row
    try:
        change(uow, row, edit_id)
    except RecoreError as error:
        return replace(row, error=error)
    return row


def _change_price(uow: UnitOfWork, row: Row, edit_id: int | None) -> None:
    stock.change_price(uow, row.stock_item_id, was=int(row.was), price=int(row.wanted), bulk_edit_id=edit_id)


def _change_route(uow: UnitOfWork, row: Row, edit_id: int | None) -> None:
    """Locked against 【出品】, which would offer what may not be offered any more."""
    route = SalesRoute(str(row.wanted))
    lock_item(uow, row.stock_item_id)
    if not route.sells_online and _on_offer(uow.session, [row.stock_item_id]):
        raise _is_on_offer(row.it_code)
    stock.change_route(
        uow, row.stock_item_id, was=SalesRoute(str(row.was)), route=route, bulk_edit_id=edit_id
    )


def _undo_price(uow: UnitOfWork, entry: AuditEntry) -> None:
    _change_price(uow, _back(entry, "price"), None)


def _undo_route(uow: UnitOfWork, entry: AuditEntry) -> None:
    _change_route(uow, _back(entry, "sales_route"), None)


def _back(entry: AuditEntry, key: str) -> Row:
    if entry.subject_id is None or entry.before is None or entry.after is None:
        raise RuntimeError(f"audit entry {entry.id} does not say what it changed")
    return Row(entry.subject_id, entry.subject_label, "", was=entry.after[key], wanted=entry.before[key])


UNDOERS: dict[str, Undoer] = {PRICE: _undo_price, ROUTE: _undo_route}


def _priced(row: Row, rule: PriceRule) -> Row:
    price = int(row.was)
    if rule.refuses(price):
        return replace(row, error=Conflict(
            "BELOW_FLOOR", f"いまの価格{price:,}円は、下限より安くなっています。", item=row.it_code,
            remedy="この商品を外すか、下限を下げてください。",
        ))  # fmt: skip
    wanted = rule.of(price)
    if wanted < 0:
        return replace(row, error=Conflict(
            "NOTHING_LEFT", f"いまの価格{price:,}円からは引けません。", item=row.it_code,
            remedy="この商品を外すか、値下げの金額を小さくしてください。",
        ))  # fmt: skip
    return replace(row, wanted=wanted)


def _on_offer(session: Session, stock_item_ids: Sequence[int]) -> set[int]:
    statement = sa.select(Listing.stock_item_id).where(
        Listing.stock_item_id.in_(stock_item_ids), Listing.state.in_(OPEN_STATES)
    )
    return set(session.scalars(statement))


def _is_on_offer(it_code: str) -> Conflict:
    return Conflict(
        "ON_OFFER", f"「{it_code}」は出品中か、出品の準備中のため、「店頭のみ」にできません。", item=it_code,
        remedy="先に出品を取り下げてください。",
    )  # fmt: skip
