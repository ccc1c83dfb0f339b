"""A file of orders that a clerk uploads: looked through, shown, taken in order by order, its refused rows given back (R24).

The file holds buyers' data. It is kept encrypted, for a day at most, and nothing that stays after it quotes a cell.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts import permits
from recore.accounts.models import MarketplaceAccount
from recore.accounts.queries import enabled_account
from recore.channels.base import OrderFile, OrderRecord, RowProblem, StoreTool, store_tool
from recore.identity.models import Staff
from recore.orders.models import Order, OrderLine
from recore.orders.rules import LineStock, Sighting
from recore.platform.actor import Actor, ActorKind
from recore.platform.audit import record as audit
from recore.platform.crypto import Keyring
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, Invalid, NotFound
from recore.platform.import_rules import IMPORT_MACHINE, REASON, ImportState
from recore.platform.jobs import enqueue
from recore.platform.tables import Row, Table, read_table, write_csv
from recore.sync.judging import Fate, Verdict, judge_records
from recore.sync.models import OrderImport, OrderImportRow
from recore.sync.records import SYNCING, hold_account, own_run, take_record
from recore.sync.service import Tools

IMPORT = "sync.order_import"
KEPT_FOR = timedelta(hours=24)
RESULT_KEPT_FOR = timedelta(days=90)
AT_ONCE = 20
TABLE, PURPOSE = OrderImport.__tablename__, "file"
NOT_ABOUT_AN_ORDER = {
    SYNCING,
    "ACCOUNT_DISABLED",
    "NO_SUCH_ACCOUNT",
    "NO_SUCH_IMPORT",
    "KEY_MISSING",
    "CIPHER_BROKEN",
}
NOT_TAKEN = Verdict(
    Fate.UNREADABLE, None, ("思わぬ理由で取り込めませんでした。",),
    "拡張機能の【同期開始】で取り込むか、この行を運用者に見てもらってください。",
)  # fmt: skip


@dataclass(frozen=True)
class PlannedOrder:
    """One order of the file: its rows, the order numbers there and here, and what it would do.

    `buyer_label` is the marketplace's name for the buyer; `buyer` is private. `amount` of the goods, in yen.
    """

    rows: tuple[int, ...]
    there: str
    title: str
    verdict: Verdict
    buyer_label: str = ""
    buyer: str | None = field(default=None, repr=False)
    amount: int | None = None


@dataclass(frozen=True)
class Plan:
    """What an uploaded file would do in a store. `outside`: rows without an auction, which are other orders of the store."""

    file: OrderFile
    orders: list[PlannedOrder]
    store: str

    def count(self, fate: Fate) -> int:
        return sum(each.verdict.fate is fate for each in self.orders)


# --- upload and preview ------------------------------------------------------------------------------------------


def orders_in(session: Session, tools: Tools, account_id: int, body: bytes) -> int:
    """How many orders the file holds. Raises what `read_table` and the channel's reader raise, ACCOUNT_DISABLED, NO_ORDERS."""
    _, file = _read(tools, enabled_account(session, account_id), body)
    if not file.records and not file.problems:
        raise Invalid(
            "NO_ORDERS", "このファイルに、オークションの注文は1件もありません。", field="file",
            remedy="オークションの注文が入った期間を選んで、ダウンロードし直してください。",
        )  # fmt: skip
    return len(file.records) + len(file.problems)


def keep_upload(
    uow: UnitOfWork, keyring: Keyring, account_id: int, file_name: str, body: bytes, total: int
) -> int:
    """The id of an upload of `total` orders; nothing of it is taken in yet."""
    upload = OrderImport(
        account_id=account_id,
        file_name=file_name.replace("\0", "")[:120],
        total=total,
        ticked=[],
        cipher=_sealed(keyring, uow.tenant_id, body),
        expires_at=uow.at + KEPT_FOR,
        made_at=uow.at,
        made_by=uow.actor.label,
    )
    uow.session.add(upload)
    uow.session.flush()
    return upload.id


def plan(session: Session, tools: Tools, upload: OrderImport, tenant_id: int) -> Plan:
    """What the upload would do now. Raises Conflict UPLOAD_EXPIRED."""
    account = enabled_account(session, upload.account_id)
    _, file = _read(tools, account, _opened(tools.keyring, tenant_id, upload))
    judged = judge_records(session, tools.keyring, account.id, file.records, tools.reader(account))
    orders = [_planned(record, verdict) for record, verdict in judged]
    orders += [PlannedOrder(each.rows, "", "", _refused(each)) for each in file.problems]
    return Plan(file, sorted(orders, key=lambda each: each.rows), account.name)


def _planned(record: OrderRecord, verdict: Verdict) -> PlannedOrder:
    there = record.order_number or record.items[0].auction_id
    more = f" ほか{len(record.items) - 1}点" if len(record.items) > 1 else ""
    prices = [item.unit_price * item.quantity for item in record.items if item.unit_price is not None]
    return PlannedOrder(
        record.rows, there, record.items[0].title + more, verdict,
        buyer_label=record.buyer_label,
        buyer=record.recipient.name if record.recipient else None,
        amount=sum(prices) if len(prices) == len(record.items) else record.items_total,
    )  # fmt: skip


def _refused(problem: RowProblem) -> Verdict:
    return Verdict(Fate.UNREADABLE, None, (f"「{problem.column}」の欄：{problem.message}",), problem.remedy)


def _read(tools: Tools, account: MarketplaceAccount, body: bytes) -> tuple[Table, OrderFile]:
    """The table, and the orders in it. A file of the store's other tool is named as such."""
    table, channel = read_table(body), store_tool(tools.channels[account.channel])
    try:
        return table, channel.read_order_file(account.profile, account.store_id, table)
    except Invalid as error:
        if error.code == "MISSING_COLUMNS" and (other := _other_tool(channel, account, table)):
            error.remedy = (
                f"これは「{other}」のファイルのようです。ストアとファイルの組み合わせを確かめてください。"
            )
        raise


def _other_tool(channel: StoreTool, account: MarketplaceAccount, table: Table) -> str | None:
    for profile, label in channel.profiles.items():
        if profile != account.profile:
            try:
                channel.read_order_file(profile, account.store_id, table)
            except Invalid:
                continue
            return label
    return None


def _sealed(keyring: Keyring, tenant_id: int, body: bytes) -> bytes:
    text = base64.b64encode(body).decode("ascii")
    return keyring.encrypt_json(text, tenant_id=tenant_id, table=TABLE, purpose=PURPOSE)


def _opened(keyring: Keyring, tenant_id: int, upload: OrderImport) -> bytes:
    if upload.cipher is None:
        raise Conflict(
            "UPLOAD_EXPIRED", f"「{upload.file_name}」は、個人情報を守るため消しました（1日たったため）。",
            remedy="ファイルをもう一度選んでください。",
        )  # fmt: skip
    return base64.b64decode(
        keyring.decrypt_json(upload.cipher, tenant_id=tenant_id, table=TABLE, purpose=PURPOSE)
    )


# --- taking it in ------------------------------------------------------------------------------------------------


def start(uow: UnitOfWork, import_id: int, staff: Staff, ticked: Sequence[int]) -> None:
    """Let the upload be taken in by the background job; a repeat changes nothing. Raises NotFound, DeniedHere,
    Conflict UPLOAD_EXPIRED.
    """
    upload = upload_by_id(uow.session, import_id)
    permits.require(uow, "orders.write", upload.account_id)
    if upload.state is ImportState.READ and upload.cipher is None:
        raise Conflict(
            "UPLOAD_EXPIRED",
            "このファイルは古いため消しました。",
            remedy="ファイルをもう一度選んでください。",
        )
    moved = uow.execute_one(
        sa.update(OrderImport)
        .where(OrderImport.id == import_id, OrderImport.state.in_(IMPORT_MACHINE.sources_of(ImportState.TAKING)))
        .values(
            state=ImportState.TAKING, staff_id=staff.id, login_id=uow.actor.account_id, ticked=sorted(set(ticked)),
            expires_at=uow.at + KEPT_FOR,
        )
    )  # fmt: skip
    if moved:
        enqueue(uow, IMPORT, {"import_id": import_id}, dedupe_key=str(import_id))
        after = {"file": upload.file_name, "orders": upload.total, "ticked": len(set(ticked))}
        audit(uow, "orders.import", "order_import", import_id, upload.file_name, after=after)


def actor_of(session: Session, upload: OrderImport) -> Actor:
    """Who pressed 【取り込む】: the history of the orders names them (rule 14)."""
    staff = session.get_one(Staff, upload.staff_id)
    return Actor(ActorKind.STAFF, staff.id, staff.name, upload.login_id)


def upload_by_id(session: Session, import_id: int) -> OrderImport:
    """As it is now. Raises NotFound."""
    found = session.scalars(
        sa.select(OrderImport).where(OrderImport.id == import_id),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if found is None:
        raise NotFound(
            "NO_SUCH_IMPORT",
            "この取り込みは見つかりません。",
            remedy="受注管理の【注文CSVを取り込む】からやり直してください。",
        )
    return found


def next_orders(
    session: Session, tools: Tools, import_id: int, tenant_id: int
) -> tuple[list[OrderRecord], list[RowProblem]]:
    """(orders, unreadable rows) of an upload that is being taken in and which have no result yet."""
    upload = upload_by_id(session, import_id)
    _, file = _read(
        tools, enabled_account(session, upload.account_id), _opened(tools.keyring, tenant_id, upload)
    )
    done = set(
        session.scalars(sa.select(OrderImportRow.row_number).where(OrderImportRow.import_id == import_id))
    )
    records = [each for each in file.records if each.rows[0] not in done]
    return records, [each for each in file.problems if each.rows[0] not in done]


def take_some(uow: UnitOfWork, tools: Tools, import_id: int, records: Sequence[OrderRecord]) -> None:
    """Take these orders of the file in and note what became of each. Raises Conflict SYNCING, ACCOUNT_DISABLED."""
    upload = upload_by_id(uow.session, import_id)
    account = enabled_account(uow.session, upload.account_id)
    if upload.run_number is None:
        upload.run_number = own_run(uow, account.id)
    else:
        hold_account(uow, account.id)
    reader = tools.reader(account)
    for record in records:
        at = Sighting(upload.run_number, record.rows[0])
        ((completed, verdict),) = judge_records(uow.session, tools.keyring, account.id, [record], reader, at)
        is_let = verdict.fate is Fate.ASK and record.rows[0] in upload.ticked
        if verdict.fate in (Fate.NEW, Fate.CHANGED) or is_let:
            number = take_record(uow, tools.keyring, account.id, at, completed, reader)
            fate = Fate.CHANGED if is_let else verdict.fate
            verdict = Verdict(fate, number, verdict.changes, verdict.remedy)
        note_result(uow, import_id, record.rows, verdict)


def note_result(uow: UnitOfWork, import_id: int, rows: tuple[int, ...], verdict: Verdict) -> None:
    note = "、".join(verdict.changes) + (f" {verdict.remedy}" if verdict.remedy else "")
    uow.session.execute(
        upsert(uow.session, OrderImportRow)
        .values(
            tenant_id=uow.tenant_id, import_id=import_id, row_number=rows[0], rows=row_names(rows), fate=verdict.fate,
            order_number=verdict.order_number, note=note[:500],
        )
        .on_conflict_do_nothing()
    )  # fmt: skip


def note_problems(uow: UnitOfWork, import_id: int, problems: Sequence[RowProblem]) -> None:
    for each in problems:
        note_result(uow, import_id, each.rows, _refused(each))


def row_names(rows: Sequence[int]) -> str:
    """「3、4行目」, for staff."""
    shown = "、".join(str(row) for row in rows[:10])
    return f"{shown}{'…' if len(rows) > 10 else ''}行目"


def finish(uow: UnitOfWork, tools: Tools, import_id: int, problem: str | None = None) -> None:
    """Of the file only the refused rows are kept, for the clerk to correct."""
    upload = upload_by_id(uow.session, import_id)
    if upload.state is not ImportState.TAKING:
        return
    cipher = None
    if upload.cipher is not None and (rejects := _rejects(uow, tools, upload)) is not None:
        cipher = _sealed(tools.keyring, uow.tenant_id, rejects)
    uow.execute_one(
        sa.update(OrderImport)
        .where(OrderImport.id == import_id, OrderImport.state == ImportState.TAKING)
        .values(state=ImportState.DONE, finished_at=uow.at, cipher=cipher, problem=problem and problem[:500])
    )


def _rejects(uow: UnitOfWork, tools: Tools, upload: OrderImport) -> bytes | None:
    """The rows of the file that were not taken in, with the reason in front; None when there are none.

    A row without a result counts as well: the job ended before it.
    """
    account = uow.session.get_one(MarketplaceAccount, upload.account_id)
    table, file = _read(tools, account, _opened(tools.keyring, uow.tenant_id, upload))
    results = {
        row.row_number: row
        for row in uow.session.scalars(sa.select(OrderImportRow).where(OrderImportRow.import_id == upload.id))
    }
    by_number = {row.number: row for row in table.rows}
    refused: list[tuple[Row, str]] = []
    for rows in sorted([each.rows for each in file.records] + [each.rows for each in file.problems]):
        result = results.get(rows[0])
        if result is None or result.fate in (Fate.UNREADABLE, Fate.ASK):
            refused += [
                (by_number[number], result.note if result else "途中で止まりました") for number in rows
            ]
    if not refused:
        return None
    return write_csv([*table.header, REASON], [[*row.cells, note] for row, note in refused])


def refused_rows(session: Session, tools: Tools, import_id: int, tenant_id: int) -> bytes:
    """The file to correct. Raises NotFound, Conflict UPLOAD_EXPIRED."""
    upload = upload_by_id(session, import_id)
    if upload.state is not ImportState.DONE:
        raise Conflict(
            "NOT_FINISHED", "取り込みがまだ終わっていません。", remedy="終わるまで待ってください。"
        )
    return _opened(tools.keyring, tenant_id, upload)


# --- reads and housekeeping --------------------------------------------------------------------------------------


def imports(session: Session, limit: int = 20) -> Sequence[OrderImport]:
    """The latest, newest first."""
    return session.scalars(
        sa.select(OrderImport)
        .where(OrderImport.state != ImportState.READ)
        .order_by(OrderImport.id.desc())
        .limit(limit)
        .options(sa.orm.defer(OrderImport.cipher))
    ).all()


def results(session: Session, import_id: int) -> Sequence[OrderImportRow]:
    return session.scalars(
        sa.select(OrderImportRow)
        .where(OrderImportRow.import_id == import_id)
        .order_by(OrderImportRow.row_number)
    ).all()


def counts(rows: Sequence[OrderImportRow]) -> Mapping[Fate, int]:
    return {fate: found for fate in Fate if (found := sum(row.fate == fate for row in rows))}


def unlinked(session: Session, rows: Sequence[OrderImportRow]) -> int:
    """How many of the new orders have no stock behind them yet (未連携)."""
    numbers = [row.order_number for row in rows if row.fate == Fate.NEW and row.order_number]
    found = sa.select(sa.func.count(sa.distinct(Order.id))).join(OrderLine, OrderLine.order_id == Order.id)
    count: int | None = session.scalar(
        found.where(Order.number.in_(numbers), OrderLine.stock_state == LineStock.UNLINKED)
    )
    return count or 0


def forget_expired(uow: UnitOfWork) -> int:
    """Delete the files whose day is over, uploads that were never taken in, and old results; how many rows."""
    quietly = {"synchronize_session": False}
    old = sa.select(OrderImport.id).where(
        sa.or_(
            sa.and_(OrderImport.state == ImportState.READ, OrderImport.expires_at <= uow.at),
            OrderImport.made_at < uow.at - RESULT_KEPT_FOR,
        )
    )
    gone = uow.session.scalars(old.limit(100)).all()
    uow.session.execute(
        sa.delete(OrderImportRow).where(OrderImportRow.import_id.in_(gone)), execution_options=quietly
    )
    uow.session.execute(sa.delete(OrderImport).where(OrderImport.id.in_(gone)), execution_options=quietly)
    emptied = uow.session.execute(
        sa.update(OrderImport)
        .where(OrderImport.expires_at <= uow.at, OrderImport.cipher.is_not(None))
        .values(cipher=None),
        execution_options=quietly,
    )
    return len(gone) + cast("sa.CursorResult[tuple[()]]", emptied).rowcount
