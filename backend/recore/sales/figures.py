"""Reads for 売上 (R30): entries of the book and their totals, by day in Japan, where sold, and shop."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts.models import MarketplaceAccount
from recore.identity.models import Shop, Staff
from recore.platform.paging import PAGE_SIZE, AnyRow, AnySelect
from recore.sales.models import SaleEntry
from recore.sales.rules import SaleKind
from recore.stock.models import StockItem

COUNTER, ONLINE = "counter", "online"  # `where`, besides the id of an account
_CURSOR = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}|-?[0-9]{1,15})_([0-9]{1,18})")


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    DEAR = "dear"
    CHEAP = "cheap"

    @property
    def label(self) -> str:
        return {"newest": "日付が新しい順", "oldest": "日付が古い順", "dear": "金額が高い順", "cheap": "金額が安い順"}[self.value]  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """`first` and `last` are days in Japan, both inside; `where` is an account's id, COUNTER, ONLINE or everywhere (None)."""

    first: date
    last: date
    where: int | str | None = None
    shop_id: int | None = None

    def clauses(self) -> list[sa.ColumnElement[bool]]:
        found: list[sa.ColumnElement[bool]] = [SaleEntry.booked_on.between(self.first, self.last)]
        if self.where == COUNTER:
            found.append(SaleEntry.account_id.is_(None))
        elif self.where == ONLINE:
            found.append(SaleEntry.account_id.is_not(None))
        elif self.where is not None:
            found.append(SaleEntry.account_id == self.where)
        if self.shop_id is not None:
            found.append(SaleEntry.shop_id == self.shop_id)
        return found


@dataclass(frozen=True)
class SalesPage:
    """As `platform.paging.Page`, for any order: `older` is the cursor of the next page, None on the last."""

    rows: Sequence[AnyRow]
    older: str | None
    is_first: bool


@dataclass(frozen=True)
class Sums:
    """Entries, units and yen: what was sold, what was taken back or corrected, and both together."""

    entries: int
    sold: int
    taken_back: int
    quantity: int

    @property
    def amount(self) -> int:
        return self.sold + self.taken_back


def entries(session: Session, chosen: Filter, order: Order, *, before: str | None = None) -> SalesPage:
    """One page of the book; anything that is not a cursor starts from the top."""
    column: Any = SaleEntry.booked_on if order in (Order.NEWEST, Order.OLDEST) else SaleEntry.amount
    is_rising = order in (Order.OLDEST, Order.CHEAP)
    statement, cursor = _entries(chosen), _read_cursor(before, is_day=column is SaleEntry.booked_on)
    if cursor is not None:
        here, there = sa.tuple_(column, SaleEntry.id), sa.tuple_(*(sa.literal(each) for each in cursor))
        statement = statement.where(here > there if is_rising else here < there)
    keys = (column, SaleEntry.id) if is_rising else (column.desc(), SaleEntry.id.desc())
    rows = session.execute(statement.order_by(*keys).limit(PAGE_SIZE + 1)).all()
    older = None
    if len(rows) > PAGE_SIZE:
        last = rows[PAGE_SIZE - 1]
        older = f"{getattr(last, column.key)}_{last.id}"
    return SalesPage(rows[:PAGE_SIZE], older, cursor is None)


def all_entries(session: Session, chosen: Filter) -> Iterator[AnyRow]:
    """Everything that is chosen, oldest first, for a file."""
    yield from session.execute(_entries(chosen).order_by(SaleEntry.booked_on, SaleEntry.id))


def _entries(chosen: Filter) -> AnySelect:
    return (
        sa.select(
            SaleEntry.id, SaleEntry.booked_on, SaleEntry.recorded_at, SaleEntry.kind, SaleEntry.document, SaleEntry.order_id,
            SaleEntry.stock_item_id, SaleEntry.name, SaleEntry.quantity, SaleEntry.amount, SaleEntry.cause,
            MarketplaceAccount.name.label("account_name"), Shop.name.label("shop_name"), Staff.name.label("staff_name"),
            StockItem.it_code,
        )
        .outerjoin(MarketplaceAccount, MarketplaceAccount.id == SaleEntry.account_id)
        .outerjoin(Shop, Shop.id == SaleEntry.shop_id)
        .outerjoin(Staff, Staff.id == SaleEntry.staff_id)
        .outerjoin(StockItem, StockItem.id == SaleEntry.stock_item_id)
        .where(*chosen.clauses())
    )  # fmt: skip


def _read_cursor(text: str | None, *, is_day: bool) -> tuple[date | int, int] | None:
    found = _CURSOR.fullmatch(text or "")
    if found is None or ("-" in found[1][1:]) != is_day:
        return None
    try:
        return (date.fromisoformat(found[1]) if is_day else int(found[1])), int(found[2])
    except ValueError:
        return None


_SUMS = (
    sa.func.count(SaleEntry.id).label("entries"),
    sa.func.coalesce(sa.func.sum(sa.case((SaleEntry.kind == SaleKind.SALE, SaleEntry.amount), else_=0)), 0).label("sold"),
    sa.func.coalesce(sa.func.sum(sa.case((SaleEntry.kind == SaleKind.SALE, 0), else_=SaleEntry.amount)), 0).label("taken_back"),
    sa.func.coalesce(sa.func.sum(SaleEntry.quantity), 0).label("quantity"),
)  # fmt: skip


def sums(session: Session, chosen: Filter) -> Sums:
    row = session.execute(sa.select(*_SUMS).where(*chosen.clauses())).one()
    return Sums(row.entries, int(row.sold), int(row.taken_back), int(row.quantity))


def sums_by_day(session: Session, chosen: Filter) -> list[tuple[date, Sums]]:
    """The days with entries, newest first."""
    statement = sa.select(SaleEntry.booked_on, *_SUMS).where(*chosen.clauses()).group_by(SaleEntry.booked_on)
    return [
        (row.booked_on, Sums(row.entries, int(row.sold), int(row.taken_back), int(row.quantity)))
        for row in session.execute(statement.order_by(SaleEntry.booked_on.desc()))
    ]


def shops(session: Session) -> Sequence[AnyRow]:
    return session.execute(sa.select(Shop.id, Shop.name).order_by(Shop.id)).all()
