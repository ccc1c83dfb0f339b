"""Files that people import, one way for every kind: looked through, shown, taken in by a job, refused rows given back.

A kind (`ImportKind`) says what the columns are, judges rows and takes them in. Here is the rest: the upload, encrypted,
for it may hold anything (rule 13), and kept a day; the job, which goes on where it was killed; a result per row; and
the refused rows as a file to correct. The same file twice changes nothing, because the kind knows a row again.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, cast

import msgspec
import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from recore.platform.actor import Actor, ActorKind
from recore.platform.audit import record
from recore.platform.crypto import Keyring
from recore.platform.db import (
    Base,
    TenantScoped,
    UnitOfWork,
    db,
    tenant_args,
    tenant_fk,
    unit_of_work,
    upsert,
)
from recore.platform.errors import Conflict, Invalid, NotFound, RecoreError
from recore.platform.import_rules import (
    IMPORT_MACHINE,
    REASON,
    Column,
    Fate,
    FileRow,
    Headings,
    ImportState,
    Judged,
    file_rows,
    headings_of,
)
from recore.platform.jobs import JobRun, enqueue
from recore.platform.tables import Row, Table, read_table, write_excel

log = structlog.get_logger(__name__)

TAKE = "imports.take"
MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
AT_ONCE = 100
KEPT_FOR = timedelta(hours=24)
REFUSED_KEPT_FOR = timedelta(days=7)
RESULT_KEPT_FOR = timedelta(days=90)
PURPOSE = "file"
QUIETLY = {"synchronize_session": False}
NOT_TAKEN = "思わぬ理由で取り込めませんでした。運用者に知らせてください。"


class FileImport(TenantScoped, Base):
    """An uploaded file. `cipher`: its rows, until `expires_at`; once it is taken in, only those that were refused.

    `undo_at`: somebody asked to take it back, which is over at `undone_at` (import_undo.py).
    """

    __tablename__ = "file_imports"
    kind: Mapped[str] = mapped_column(sa.String(30))
    file_name: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[ImportState] = mapped_column(default=ImportState.READ)
    total: Mapped[int]
    shop_id: Mapped[int]
    cipher: Mapped[bytes | None]
    expires_at: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(sa.String(120))
    staff_id: Mapped[int | None]
    taken_by: Mapped[str | None] = mapped_column(sa.String(120))
    login_id: Mapped[int | None]
    finished_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(sa.String(500))
    undo_at: Mapped[datetime | None]
    undo_by: Mapped[str | None] = mapped_column(sa.String(120))
    undone_at: Mapped[datetime | None]
    __table_args__ = tenant_args(
        sa.Index(None, "tenant_id", "made_at"), tenant_fk("shop_id", "shops"), tenant_fk("staff_id", "staff")
    )


class FileImportRow(TenantScoped, Base):
    """What became of a row: `fate` a letter (import_rules.Fate), `made` the code of what it became. `undo_note`: '' when that was
    taken back, else why it stays.
    """

    __tablename__ = "file_import_rows"
    import_id: Mapped[int]
    row_number: Mapped[int]
    fate: Mapped[str] = mapped_column(sa.String(1))
    made: Mapped[str] = mapped_column(sa.String(20))
    note: Mapped[str] = mapped_column(sa.String(500))
    undo_note: Mapped[str | None] = mapped_column(sa.String(500))
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "import_id", "row_number"), tenant_fk("import_id", "file_imports")
    )


@dataclass(frozen=True)
class Upload:
    """What a kind may know of the file whose rows it takes in."""

    id: int
    file_name: str
    shop_id: int
    staff_id: int


class ImportKind(Protocol):
    """What a file may be. The texts are for staff."""

    name: str
    label: str
    help: str
    columns: tuple[Column, ...]

    def judge(self, session: Session, rows: Sequence[FileRow]) -> list[Judged]:
        """What each of these rows of one file would do now, in their order. Raises nothing about a row."""

    def take(self, uow: UnitOfWork, upload: Upload, rows: Sequence[FileRow]) -> list[Judged]:
        """Judge again in this transaction and write what is new. Idempotent: a row that was taken in before is SAME."""


@dataclass(frozen=True)
class Plan:
    headings: Headings
    rows: list[Judged]

    def count(self, fate: Fate) -> int:
        return sum(each.fate is fate for each in self.rows)


@dataclass(frozen=True)
class Importer:
    """The house's imports; made by create_app's wiring."""

    keyring: Keyring
    kinds: Mapping[str, ImportKind]

    # --- upload and preview ---

    def read(self, kind: ImportKind, body: bytes) -> Table:
        """Raises Invalid: as `read_table` and `headings_of`, and NO_ROWS."""
        table = read_table(body, max_bytes=MAX_BYTES, max_rows=MAX_ROWS)
        headings_of(table.header, kind.columns)
        if not table.rows:
            raise Invalid(
                "NO_ROWS", "見出しのほかに、行が1つもありません。", field="file",
                remedy="2行目から商品を入力してください。",
            )  # fmt: skip
        return table

    def keep(self, uow: UnitOfWork, kind: ImportKind, file_name: str, table: Table, shop_id: int) -> int:
        """The id of an upload; nothing of it is taken in yet."""
        upload = FileImport(
            kind=kind.name, file_name=file_name.replace("\0", "")[:120], total=len(table.rows), shop_id=shop_id,
            cipher=self._sealed(uow.tenant_id, table), expires_at=uow.at + KEPT_FOR, made_at=uow.at,
            made_by=uow.actor.label,
        )  # fmt: skip
        uow.session.add(upload)
        uow.session.flush()
        return upload.id

    def plan(self, session: Session, upload: FileImport) -> Plan:
        """What the upload would do now. Raises Conflict UPLOAD_EXPIRED."""
        table, kind = self._opened(upload), self.kinds[upload.kind]
        rows = kind.judge(session, file_rows(table, kind.columns))
        return Plan(headings_of(table.header, kind.columns), rows)

    def template(self, kind: ImportKind) -> bytes:
        """An Excel file to fill in: the headings, and on a second sheet what belongs where."""
        help_rows = [
            (each.label, "必須" if each.is_required else "任意", each.example, each.help)
            for each in kind.columns
        ]
        header = [each.label for each in kind.columns]
        return write_excel(
            "取り込み", header, [], ("書き方", ("列", "必須", "例", "説明"), help_rows), is_form=True
        )

    # --- taking it in ---

    def start(self, uow: UnitOfWork, import_id: int) -> None:
        """Let the job take the upload in, for the staff member who acts; a repeat changes nothing.

        Raises NotFound, Conflict UPLOAD_EXPIRED.
        """
        upload = import_by_id(uow.session, import_id)
        if upload.state is ImportState.READ and upload.cipher is None:
            raise _expired(upload)
        moved = uow.execute_one(
            sa.update(FileImport)
            .where(FileImport.id == import_id, FileImport.state.in_(IMPORT_MACHINE.sources_of(ImportState.TAKING)))
            .values(
                state=ImportState.TAKING, staff_id=uow.actor.id, taken_by=uow.actor.label,
                login_id=uow.actor.account_id, expires_at=uow.at + KEPT_FOR,
            )
        )  # fmt: skip
        if moved:
            enqueue(uow, TAKE, {"import_id": import_id}, dedupe_key=str(import_id))
            after = {"file": upload.file_name, "rows": upload.total}
            record(uow, f"import.{upload.kind}", "file_import", import_id, upload.file_name, after=after)

    def run(self, run: JobRun) -> None:
        """The job: some rows at a time. What comes again goes on with the rows that have no result yet."""
        session, import_id = db.session(), int(run.payload["import_id"])
        upload = import_by_id(session, import_id)
        if upload.state is not ImportState.TAKING:
            return
        kind = self.kinds[upload.kind]
        actor = Actor(ActorKind.STAFF, upload.staff_id, upload.taken_by or "", upload.login_id)  # rule 14
        about = Upload(upload.id, upload.file_name, upload.shop_id, cast("int", upload.staff_id))
        done = set(
            session.scalars(sa.select(FileImportRow.row_number).where(FileImportRow.import_id == import_id))
        )
        rows = [row for row in file_rows(self._opened(upload), kind.columns) if row.number not in done]
        for start in range(0, len(rows), AT_ONCE):
            self._take_some(actor, kind, about, rows[start : start + AT_ONCE])
            run.heartbeat()
        with unit_of_work(actor) as uow:
            self.finish(uow, import_id)

    def _take_some(self, actor: Actor, kind: ImportKind, upload: Upload, rows: Sequence[FileRow]) -> None:
        """All in one transaction; when one of them breaks it, each in its own."""
        try:
            with unit_of_work(actor) as uow:
                _note(uow, upload.id, kind.take(uow, upload, rows))
        except OperationalError:  # the database is away or busy: the job comes again
            raise
        except Exception as error:  # a row that nobody thought of must not keep the others out
            if len(rows) > 1:
                for row in rows:
                    self._take_some(actor, kind, upload, [row])
                return
            log.error("row not imported", error=type(error).__name__, upload=upload.id, row=rows[0].number)
            told = f"{error.message}{error.remedy or ''}" if isinstance(error, RecoreError) else NOT_TAKEN
            with unit_of_work(actor) as uow:
                _note(uow, upload.id, [Judged(rows[0], Fate.REFUSED, note=told)])

    def finish(self, uow: UnitOfWork, import_id: int, problem: str | None = None) -> None:
        """Of the file only the refused rows are kept, and those that the job never came to."""
        upload = import_by_id(uow.session, import_id)
        if upload.state is not ImportState.TAKING:
            return
        cipher = None
        if upload.cipher is not None:
            refused = _refused(self._opened(upload), results(uow.session, import_id))
            cipher = self._sealed(uow.tenant_id, refused) if refused.rows else None
        uow.execute_one(
            sa.update(FileImport)
            .where(FileImport.id == import_id, FileImport.state == ImportState.TAKING)
            .values(
                state=ImportState.DONE, finished_at=uow.at, cipher=cipher, expires_at=uow.at + REFUSED_KEPT_FOR,
                problem=problem and problem[:500],
            )
        )  # fmt: skip

    def refused_file(self, session: Session, import_id: int) -> bytes:
        """The refused rows with the reason, to correct and upload again. Raises NotFound, Conflict."""
        upload = import_by_id(session, import_id)
        if upload.state is not ImportState.DONE:
            raise Conflict(
                "NOT_FINISHED", "取り込みがまだ終わっていません。", remedy="終わるまで待ってください。"
            )
        table = self._opened(upload)
        return write_excel("取り込み", table.header, (row.cells for row in table.rows), is_form=True)

    # --- the rows, encrypted ---

    def _sealed(self, tenant_id: int, table: Table) -> bytes:
        body = base64.b64encode(zlib.compress(msgspec.msgpack.encode(table))).decode("ascii")
        return self.keyring.encrypt_json(
            body, tenant_id=tenant_id, table=FileImport.__tablename__, purpose=PURPOSE
        )

    def _opened(self, upload: FileImport) -> Table:
        if upload.cipher is None:
            raise _expired(upload)
        body = self.keyring.decrypt_json(
            upload.cipher, tenant_id=upload.tenant_id, table=FileImport.__tablename__, purpose=PURPOSE
        )
        return msgspec.msgpack.decode(zlib.decompress(base64.b64decode(body)), type=Table)


def _expired(upload: FileImport) -> Conflict:
    return Conflict(
        "UPLOAD_EXPIRED", f"「{upload.file_name}」は古いため消しました。", item=upload.file_name,
        remedy="ファイルをもう一度選んでください。同じ行が二重に入ることはありません。",
    )  # fmt: skip


def _note(uow: UnitOfWork, import_id: int, judged: Iterable[Judged]) -> None:
    values = [
        {"tenant_id": uow.tenant_id, "import_id": import_id, "row_number": each.row.number, "fate": str(each.fate),
         "made": each.made[:20], "note": each.note[:500]}
        for each in judged
    ]  # fmt: skip
    uow.session.execute(upsert(uow.session, FileImportRow).values(values).on_conflict_do_nothing())


def _refused(table: Table, found: Sequence[FileImportRow]) -> Table:
    by_number = {row.row_number: row for row in found}
    at = [place for place, name in enumerate(table.header) if name != REASON]
    rows = []
    for row in table.rows:
        result = by_number.get(row.number)
        if result is None or result.fate == Fate.REFUSED:
            reason = result.note if result else "途中で止まりました。もう一度取り込んでください。"
            rows.append(Row(row.number, (*(row.cells[place] for place in at), reason)))
    return Table((*(table.header[place] for place in at), REASON), tuple(rows))


# --- reads and housekeeping --------------------------------------------------------------------------------------


def import_by_id(session: Session, import_id: int) -> FileImport:
    """As it is now. Raises NotFound."""
    found = session.scalars(
        sa.select(FileImport).where(FileImport.id == import_id), execution_options={"populate_existing": True}
    ).one_or_none()
    if found is None:
        raise NotFound(
            "NO_SUCH_IMPORT",
            "この取り込みは見つかりません。",
            remedy="取り込みの一覧から選び直してください。",
        )
    return found


def imports(session: Session, limit: int = 20) -> Sequence[FileImport]:
    """The latest that were taken in, newest first."""
    statement = sa.select(FileImport).where(FileImport.state != ImportState.READ)
    return session.scalars(
        statement.order_by(FileImport.id.desc()).limit(limit).options(sa.orm.defer(FileImport.cipher))
    ).all()


def results(session: Session, import_id: int) -> Sequence[FileImportRow]:
    statement = sa.select(FileImportRow).where(FileImportRow.import_id == import_id)
    return session.scalars(statement.order_by(FileImportRow.row_number)).all()


def rows_by_code(session: Session, import_id: int, fate: Fate) -> dict[str, int]:
    """What rows of the import became already: code → row number."""
    rows = session.execute(
        sa.select(FileImportRow.made, FileImportRow.row_number).where(
            FileImportRow.import_id == import_id, FileImportRow.fate == fate
        )
    )
    return {row.made: row.row_number for row in rows}


def counts(session: Session, import_id: int) -> dict[Fate, int]:
    rows = session.execute(
        sa.select(FileImportRow.fate, sa.func.count())
        .where(FileImportRow.import_id == import_id)
        .group_by(FileImportRow.fate)
    )
    return {Fate(fate): count for fate, count in rows}


@dataclass(frozen=True)
class UndoCounts:
    taken_back: int
    kept: int


def undo_counts(session: Session, import_id: int) -> UndoCounts:
    """Rows by what became of them when the import was taken back."""
    is_back = FileImportRow.undo_note == ""
    row = session.execute(
        sa.select(
            sa.func.count(sa.case((is_back, 1))).label("back"),
            sa.func.count(FileImportRow.undo_note).label("all"),
        ).where(FileImportRow.import_id == import_id)
    ).one()
    return UndoCounts(row.back, row.all - row.back)


def forget_expired(uow: UnitOfWork) -> int:
    """Delete files whose time is over, uploads that were never taken in, and old results; how many rows."""
    old = sa.select(FileImport.id).where(
        sa.or_(
            sa.and_(FileImport.state == ImportState.READ, FileImport.expires_at <= uow.at),
            sa.and_(FileImport.state == ImportState.DONE, FileImport.made_at < uow.at - RESULT_KEPT_FOR),
        )
    )
    gone = uow.session.scalars(old.limit(100)).all()
    for table, column in ((FileImportRow, FileImportRow.import_id), (FileImport, FileImport.id)):
        uow.session.execute(sa.delete(table).where(column.in_(gone)), execution_options=QUIETLY)
    emptied = uow.session.execute(
        sa.update(FileImport)
        .where(
            FileImport.state == ImportState.DONE,
            FileImport.expires_at <= uow.at,
            FileImport.cipher.is_not(None),
        )
        .values(cipher=None),
        execution_options=QUIETLY,
    )
    return len(gone) + cast("sa.CursorResult[tuple[()]]", emptied).rowcount
