"""Bulk edits and their undoing: one way for all of them (R31).

Whoever changes many rows at once calls `begin` and gives its id to `audit.record` for every row that changes. An undoer
per action knows how to put one row back; `undo` runs it over the entries of a bulk edit, once. A row whose value is no
longer the one that was set stays as it is, and is named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform.audit import AuditEntry, record
from recore.platform.db import Base, TenantScoped, UnitOfWork, tenant_args
from recore.platform.errors import Conflict, NotFound, RecoreError
from recore.platform.paging import Page, newest_first


class BulkEdit(TenantScoped, Base):
    """`kind` is the action of its audit entries; `summary` says in Japanese what was done."""

    __tablename__ = "bulk_edits"
    kind: Mapped[str] = mapped_column(sa.String(60))
    summary: Mapped[str] = mapped_column(sa.String(200))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(sa.String(120))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(sa.String(120))
    __table_args__ = tenant_args()


Undoer = Callable[[UnitOfWork, AuditEntry], None]
"""Puts one row back to `entry.before`, by a conditional UPDATE on `entry.after`. Raises a RecoreError that says why not."""


@dataclass(frozen=True)
class Kept:
    """A row that stays as it is, and why."""

    label: str
    error: RecoreError


@dataclass(frozen=True)
class Undone:
    restored: int
    kept: list[Kept]


def begin(uow: UnitOfWork, kind: str, summary: str) -> int:
    """The id of a new bulk edit, for `record(…, bulk_edit_id=…)`."""
    edit = BulkEdit(kind=kind, summary=summary[:200], made_at=uow.at, made_by=uow.actor.label)
    uow.session.add(edit)
    uow.session.flush()
    return edit.id


def forget_if_empty(uow: UnitOfWork, bulk_edit_id: int) -> bool:
    """Nothing was changed after all: there is nothing to show or to undo."""
    uow.session.flush()
    has_entries = sa.exists().where(
        AuditEntry.tenant_id == BulkEdit.tenant_id, AuditEntry.bulk_edit_id == BulkEdit.id
    )
    return uow.execute_one(sa.delete(BulkEdit).where(BulkEdit.id == bulk_edit_id, ~has_entries))


def undo(uow: UnitOfWork, undoers: Mapping[str, Undoer], bulk_edit_id: int, kinds: tuple[str, ...]) -> Undone:
    """Put back every row of a bulk edit of one of `kinds`. Raises NotFound, Conflict ALREADY_UNDONE."""
    edit = bulk_edit(uow.session, bulk_edit_id, kinds)
    marked = uow.execute_one(
        sa.update(BulkEdit)
        .where(BulkEdit.id == bulk_edit_id, BulkEdit.undone_at.is_(None))
        .values(undone_at=uow.at, undone_by=uow.actor.label)
    )
    if not marked:
        raise Conflict(
            "ALREADY_UNDONE", f"「{edit.summary}」は、すでに元に戻されています。", item=edit.summary,
            remedy="画面を再読み込みしてください。",
        )  # fmt: skip
    restored, kept = 0, []
    for entry in entries_of(uow.session, bulk_edit_id):
        try:
            undoers[entry.action](uow, entry)
            restored += 1
        except RecoreError as error:
            kept.append(Kept(entry.subject_label, error))
    after = {"restored": restored, "kept": [each.label for each in kept][:100]}
    record(uow, "bulk.undo", "bulk_edit", edit.id, edit.summary, after=after)
    return Undone(restored, kept)


def bulk_edit(session: sa.orm.Session, bulk_edit_id: int, kinds: tuple[str, ...]) -> BulkEdit:
    """Raises NotFound, also for one of another kind: each room shows and undoes its own."""
    found = session.scalars(
        sa.select(BulkEdit).where(BulkEdit.id == bulk_edit_id, BulkEdit.kind.in_(kinds))
    ).one_or_none()
    if found is None:
        raise NotFound("NO_SUCH_BULK_EDIT", "このまとめての変更は見つかりません。")
    return found


def bulk_edits(session: sa.orm.Session, kinds: tuple[str, ...], *, before: int | None) -> Page[Any]:
    """Newest first."""
    columns = (
        BulkEdit.id,
        BulkEdit.summary,
        BulkEdit.made_at,
        BulkEdit.made_by,
        BulkEdit.undone_at,
        BulkEdit.undone_by,
    )
    return newest_first(
        session, sa.select(*columns).where(BulkEdit.kind.in_(kinds)), BulkEdit.id, before=before
    )


def entries_of(session: sa.orm.Session, bulk_edit_id: int) -> list[AuditEntry]:
    """What a bulk edit changed, always in the same order, so that two at once cannot wait for each other."""
    statement = sa.select(AuditEntry).where(AuditEntry.bulk_edit_id == bulk_edit_id)
    return list(session.scalars(statement.order_by(AuditEntry.subject_id, AuditEntry.id)))


def has_changed(label: str) -> Conflict:
    """For undoers: somebody changed the row since."""
    return Conflict(
        "CHANGED_SINCE", f"「{label}」は、そのあとで変わっているため、そのままにしました。", item=label,
        remedy="必要なら、1件ずつ直してください。",
    )  # fmt: skip
