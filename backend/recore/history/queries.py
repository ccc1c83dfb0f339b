"""Reads for 操作履歴 (R31)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.buyin.models import PurchaseLine
from recore.identity.models import Account, Policy, Staff
from recore.listings.models import Listing, ListingDraft
from recore.orders.models import OrderLine
from recore.platform.actor import ActorKind
from recore.platform.audit import AuditEntry
from recore.platform.clock import JST
from recore.platform.paging import PAGE_SIZE, AnyRow, Page
from recore.platform.text_ja import fold
from recore.sales.models import CounterSaleLine
from recore.stock.models import StockItem


@dataclass(frozen=True)
class Filter:
    """`staff_id` or `kind` say who; `actions` empty: all; days in Japan, both inside; `text`: an IT code finds everything
    about the item, anything else what the subject or the person is called."""

    text: str = ""
    staff_id: int | None = None
    kind: ActorKind | None = None
    actions: Sequence[str] = ()
    first: date | None = None
    last: date | None = None


def entries(session: Session, chosen: Filter, *, before: int | None = None) -> Page[AuditEntry]:
    """Newest first."""
    statement = sa.select(AuditEntry).where(*_clauses(session, chosen))
    if before is not None:
        statement = statement.where(AuditEntry.id < before)
    rows = session.scalars(statement.order_by(AuditEntry.id.desc()).limit(PAGE_SIZE + 1)).all()
    more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    return Page(rows, rows[-1].id if more else None, before is None)


def _clauses(session: Session, chosen: Filter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if chosen.staff_id is not None:
        found += [AuditEntry.actor_kind == ActorKind.STAFF, AuditEntry.actor_id == chosen.staff_id]
    elif chosen.kind is not None:
        found.append(AuditEntry.actor_kind == chosen.kind)
    if chosen.actions:
        found.append(AuditEntry.action.in_(list(chosen.actions)))
    if chosen.first is not None:
        found.append(AuditEntry.at >= _midnight(chosen.first))
    if chosen.last is not None:
        found.append(AuditEntry.at < _midnight(chosen.last + timedelta(days=1)))
    if chosen.text:
        found.append(_about(session, chosen.text))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), JST)


def _about(session: Session, text: str) -> sa.ColumnElement[bool]:
    item = session.execute(
        sa.select(StockItem.id, StockItem.purchase_line_id).where(StockItem.it_code == fold(text).upper())
    ).one_or_none()
    if item is None:
        return sa.or_(
            AuditEntry.subject_label.icontains(text, autoescape=True),
            AuditEntry.actor_label.icontains(text, autoescape=True),
        )
    return sa.or_(
        sa.and_(AuditEntry.subject_kind == "stock_item", AuditEntry.subject_id == item.id),
        _of("listing", sa.select(Listing.id).where(Listing.stock_item_id == item.id)),
        _of("listing_draft", sa.select(ListingDraft.id).where(ListingDraft.stock_item_id == item.id)),
        _of("order", sa.select(OrderLine.order_id).where(OrderLine.stock_item_id == item.id)),
        _of(
            "counter_sale", sa.select(CounterSaleLine.sale_id).where(CounterSaleLine.stock_item_id == item.id)
        ),
        _of("purchase", sa.select(PurchaseLine.purchase_id).where(PurchaseLine.id == item.purchase_line_id)),
    )


def _of(kind: str, ids: sa.Select[int]) -> sa.ColumnElement[bool]:
    return sa.and_(AuditEntry.subject_kind == kind, AuditEntry.subject_id.in_(ids))


def staff(session: Session) -> Sequence[AnyRow]:
    """Everybody who may have done something; the retired too."""
    return session.execute(sa.select(Staff.id, Staff.name).order_by(Staff.code)).all()


def logins(session: Session) -> dict[int, str]:
    """login id → the name of its PC or phone."""
    return {row.id: row.name for row in session.execute(sa.select(Account.id, Account.name))}


def policies(session: Session) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(sa.select(Policy.id, Policy.name))}
