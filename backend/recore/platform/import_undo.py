"""Taking an import back: what is still untouched of what its rows became, row by row, once (R4).

Whoever knows what may stand in the way gives `take_out`; what it refuses stays, with the reason at its row. The job goes on
where it was killed, with the rows that were not looked at yet.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import sqlalchemy as sa

from recore.platform.actor import Actor, ActorKind
from recore.platform.audit import record
from recore.platform.db import UnitOfWork, again_after_deadlock, db, unit_of_work
from recore.platform.errors import Conflict, RecoreError
from recore.platform.import_rules import Fate, ImportState
from recore.platform.imports import FileImport, FileImportRow, import_by_id
from recore.platform.jobs import JobRun, enqueue

UNDO = "imports.undo"
TakeOut = Callable[[UnitOfWork, FileImport, str], None]
"""Takes back what a row became, by its code. Raises a RecoreError that says why it stays."""


def ask(uow: UnitOfWork, import_id: int, kinds: tuple[str, ...]) -> None:
    """Let the job take the import back, for the staff member who acts. Raises NotFound, Conflict NOT_UNDOABLE."""
    upload = import_by_id(uow.session, import_id)
    asked = uow.execute_one(
        sa.update(FileImport)
        .where(
            FileImport.id == import_id,
            FileImport.state == ImportState.DONE,
            FileImport.undo_at.is_(None),
            FileImport.kind.in_(kinds),
        )
        .values(undo_at=uow.at, undo_by=uow.actor.label)
    )
    if not asked:
        raise Conflict(
            "NOT_UNDOABLE", f"「{upload.file_name}」の取り込みは、取り消し済みか、取り消せません。", item=upload.file_name,
            remedy="画面を再読み込みしてください。",
        )  # fmt: skip
    payload = {"import_id": import_id, "staff_id": uow.actor.id, "login_id": uow.actor.account_id}
    enqueue(uow, UNDO, payload, dedupe_key=str(import_id))
    record(uow, "import.undo", "file_import", import_id, upload.file_name)


def run(run: JobRun, take_out: TakeOut) -> None:
    """The job."""
    session, import_id = db.session(), int(run.payload["import_id"])
    upload = import_by_id(session, import_id)
    if upload.undo_at is None or upload.undone_at is not None:
        return
    actor = Actor(ActorKind.STAFF, run.payload["staff_id"], upload.undo_by or "", run.payload["login_id"])
    waiting = sa.select(FileImportRow.id).where(
        FileImportRow.import_id == import_id,
        FileImportRow.fate == Fate.NEW,
        FileImportRow.undo_note.is_(None),
    )
    for row_id in session.scalars(waiting.order_by(FileImportRow.row_number)).all():
        again_after_deadlock(partial(_take_back, actor, import_id, row_id, take_out))
        run.heartbeat()
    with unit_of_work(actor) as uow:
        uow.execute_one(
            sa.update(FileImport)
            .where(FileImport.id == import_id, FileImport.undone_at.is_(None))
            .values(undone_at=uow.at)
        )


def _take_back(actor: Actor, import_id: int, row_id: int, take_out: TakeOut) -> None:
    """One row: out of the stock with its mark, or the mark that says why not, in one transaction."""
    try:
        with unit_of_work(actor) as uow:
            if (code := _mark(uow, row_id, "")) is not None:
                take_out(uow, import_by_id(uow.session, import_id), code)
    except RecoreError as error:
        with unit_of_work(actor) as uow:
            _mark(uow, row_id, error.message)


def _mark(uow: UnitOfWork, row_id: int, note: str) -> str | None:
    """What the row became; None when it has its mark already."""
    statement = sa.update(FileImportRow).where(FileImportRow.id == row_id, FileImportRow.undo_note.is_(None))
    found = uow.session.execute(
        statement.values(undo_note=note[:500]).returning(FileImportRow.made),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    return found.made if found else None


def give_up(uow: UnitOfWork, payload: dict[str, Any], why: str) -> None:
    """It may be asked for again; what was done stays done."""
    uow.execute_one(
        sa.update(FileImport)
        .where(FileImport.id == payload["import_id"], FileImport.undone_at.is_(None))
        .values(undo_at=None, undo_by=None)
    )
