"""What a template put into many forms at once is taken out again, through platform/undo.py (R31).

An entry keeps only what the form held before, where it differs: `before` {"template", "values" by key (None: there was
nothing), "applied"}, `after` {"template", "fields", "version"}.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from recore.listings.models import BulkRow, BulkRun, ListingDraft
from recore.listings.rules import BulkState
from recore.platform.audit import AuditEntry
from recore.platform.db import UnitOfWork
from recore.platform.undo import Undoer, has_changed

APPLY = "draft.apply_template"
KINDS = (APPLY,)


def before(draft: ListingDraft, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry keeps of a form that is about to hold `fields`."""
    differs = [key for key in {**draft.fields, **fields} if draft.fields.get(key) != fields.get(key)]
    return {
        "template": draft.applied["name"] if draft.applied else None,
        "values": {key: draft.fields.get(key) for key in sorted(differs)},
        "applied": draft.applied,
    }


def _take_out(uow: UnitOfWork, entry: AuditEntry) -> None:
    """The form is as it was, if nobody has saved it since; and a run in preparation does not name the template any more."""
    was, now = entry.before or {}, entry.after or {}
    draft = uow.session.scalars(
        sa.select(ListingDraft).where(
            ListingDraft.id == entry.subject_id, ListingDraft.version == now["version"]
        ),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if draft is None:
        raise has_changed(entry.subject_label)
    values = {key: value for key, value in draft.fields.items() if key not in was["values"]}
    values |= {key: value for key, value in was["values"].items() if value is not None}
    item, account = draft.stock_item_id, str(draft.account_id)
    put_back = uow.execute_one(
        sa.update(ListingDraft)
        .where(ListingDraft.id == draft.id, ListingDraft.version == now["version"])
        .values(
            fields=values, applied=was["applied"], version=ListingDraft.version + 1, updated_at=uow.at,
            updated_by=uow.actor.label,
        )
    )  # fmt: skip
    if not put_back:
        raise has_changed(entry.subject_label)
    rows = sa.select(BulkRow).join(BulkRun, BulkRun.id == BulkRow.run_id)
    rows = rows.where(BulkRun.state == BulkState.OPEN, BulkRow.stock_item_id == item)
    for row in uow.session.scalars(rows.with_for_update(of=BulkRow)):
        if row.choices.get(account):
            row.choices = row.choices | {account: ""}


UNDOERS: dict[str, Undoer] = {APPLY: _take_out}
