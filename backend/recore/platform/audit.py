"""Audit log (R31): who, what, before, after; in the same commit as the change; never buyer data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform.db import Base, TenantScoped, UnitOfWork, tenant_args, tenant_fk


class AuditEntry(TenantScoped, Base):
    __tablename__ = "audit_entries"
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(sa.String(12))
    actor_id: Mapped[int | None]
    actor_label: Mapped[str] = mapped_column(sa.String(120))
    account_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(sa.String(60))
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int | None]
    subject_label: Mapped[str] = mapped_column(sa.String(200))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    bulk_edit_id: Mapped[int | None]
    __table_args__ = tenant_args(
        sa.Index(None, "tenant_id", "at"),
        sa.Index(None, "tenant_id", "subject_kind", "subject_id"),
        sa.Index(None, "tenant_id", "bulk_edit_id"),
        tenant_fk("bulk_edit_id", "bulk_edits"),
    )


def record_all(
    uow: UnitOfWork,
    action: str,
    subject_kind: str,
    subjects: Sequence[tuple[int, str, dict[str, Any] | None, dict[str, Any]]],
    *,
    bulk_edit_id: int | None = None,
) -> None:
    """One entry per subject (id, label, before, after), in one statement; else as `record`."""
    if not subjects:
        return
    shared = {
        "tenant_id": uow.tenant_id, "at": uow.at, "actor_kind": str(uow.actor.kind), "actor_id": uow.actor.id,
        "actor_label": uow.actor.label, "account_id": uow.actor.account_id, "action": action,
        "subject_kind": subject_kind, "bulk_edit_id": bulk_edit_id,
    }  # fmt: skip
    rows = [
        shared | {"subject_id": each, "subject_label": label, "before": before, "after": after}
        for each, label, before, after in subjects
    ]
    uow.session.execute(sa.insert(AuditEntry), rows)


def record(
    uow: UnitOfWork,
    action: str,
    subject_kind: str,
    subject_id: int | None,
    subject_label: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    bulk_edit_id: int | None = None,
) -> None:
    """Write one entry; `action` is `<feature>.<verb>`, e.g. `buyin.confirm`, and has its words in history/words.py.

    `bulk_edit_id`: the entry is a row of a bulk edit (platform/undo.py), which needs `before` and `after` to undo it.
    """
    uow.session.add(
        AuditEntry(
            at=uow.at,
            actor_kind=str(uow.actor.kind),
            actor_id=uow.actor.id,
            actor_label=uow.actor.label,
            account_id=uow.actor.account_id,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            subject_label=subject_label,
            before=before,
            after=after,
            bulk_edit_id=bulk_edit_id,
        )
    )
