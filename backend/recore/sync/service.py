"""Sync runs: numbered by the server, exclusive per account by a lease, fed page by page, finished once (rule 7, R17)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts import health
from recore.accounts.models import MarketplaceAccount
from recore.accounts.queries import account as account_by_id
from recore.accounts.queries import enabled_account
from recore.channels.base import Channel, OrderWords, PageReader, store_tool
from recore.identity.models import Device
from recore.identity.settings import setting
from recore.orders.rules import Sighting
from recore.platform.clock import to_wire
from recore.platform.crypto import Keyring
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, NotFound
from recore.platform.numbering import next_number
from recore.platform.receipts import Receipt, once
from recore.sync.aside import note_set_aside, proof_pages
from recore.sync.conclude import conclude, misses_listings, named, open_questions
from recore.sync.ingest import Counts, missing_statuses, take_listings, take_orders
from recore.sync.known import KnownRow, known_rows
from recore.sync.models import DriftReport, SyncRun
from recore.sync.rules import LIST_PHASES, OFFER_PHASES, RUN_MACHINE, Phase, RunState
from recore.sync.schemas import Page, auction_ids, decode_page, moment, page_seq

MOST_CODE = 40
MAX_OFFSET_MS = 10 * 365 * 86_400_000  # a PC without a battery for its clock


@dataclass(frozen=True)
class Tools:
    """What ingestion needs of the application."""

    keyring: Keyring
    channels: Mapping[str, Channel]

    def reader(self, account: MarketplaceAccount) -> PageReader:
        return store_tool(self.channels[account.channel]).pages(account.profile)

    def order_words(self, account: MarketplaceAccount) -> OrderWords:
        return self.channels[account.channel].order_words(account.profile)


def start_run(
    uow: UnitOfWork, tools: Tools, account_id: int, key: str, body: bytes, trigger: str, sent_at: str
) -> dict[str, Any]:
    """The answer of POST …/runs. The same `key` returns the same run.

    Raises NotFound, Conflict ACCOUNT_DISABLED, ALREADY_RUNNING (its `holder` is the other PC) or KEY_REUSED.
    """
    return once(
        uow, f"runs:{account_id}", key, body, lambda: _start(uow, tools, account_id, trigger, sent_at)
    )


def _start(uow: UnitOfWork, tools: Tools, account_id: int, trigger: str, sent_at: str) -> dict[str, Any]:
    account = enabled_account(uow.session, account_id)
    uow.session.execute(
        sa.update(SyncRun)
        .where(
            SyncRun.account_id == account_id,
            SyncRun.state.in_(RUN_MACHINE.sources_of(RunState.ABANDONED)),
            SyncRun.lease_until <= uow.at,
        )
        .values(state=RunState.ABANDONED, finished_at=uow.at),
        execution_options={"synchronize_session": False},
    )
    number = next_number(uow, f"sync_run:{account_id}")
    lease = setting(uow.session, "sync.lease_seconds")
    is_full = _must_be_full(uow, account_id)
    offset = round((uow.at - moment(sent_at)).total_seconds() * 1000)
    run_id = uow.session.execute(
        upsert(uow.session, SyncRun)
        .values(
            tenant_id=uow.tenant_id, account_id=account_id, number=number, device_id=uow.actor.id, trigger=trigger, is_full=is_full,
            state=RunState.RUNNING, lease_until=uow.at + timedelta(seconds=lease), started_at=uow.at, last_seq=0,
            clock_offset_ms=max(-MAX_OFFSET_MS, min(MAX_OFFSET_MS, offset)), summary={},
        )
        .on_conflict_do_nothing()
        .returning(SyncRun.id)
    ).scalar_one_or_none()  # fmt: skip
    if run_id is None:
        raise _already_running(uow, account_id)
    return {
        "run_id": run_id, "number": number, "lease_seconds": lease, "server_time": to_wire(uow.at),
        "proof_pages": proof_pages(uow, account_id, by_number=tools.reader(account).details_by_number),
    }  # fmt: skip


def _must_be_full(uow: UnitOfWork, account_id: int) -> bool:
    """Once a day, and when something of ours was not on the lists as far as the last run read them."""
    since = uow.at - timedelta(hours=setting(uow.session, "sync.full_check_hours"))
    last_full = uow.session.scalar(
        sa.select(SyncRun.id)
        .where(
            SyncRun.account_id == account_id,
            SyncRun.state == RunState.COMPLETE,
            SyncRun.is_full,
            SyncRun.started_at > since,
        )
        .limit(1)
    )
    return last_full is None or misses_listings(uow, account_id)


def known(session: Session, tools: Tools, run_id: int, device_id: int, phase: Phase) -> list[KnownRow]:
    """What the run of this device need not send again of a list; nothing when it is to read and send all. Raises NotFound."""
    run = _run(session, run_id, device_id)
    if run.is_full:
        return []
    reader = tools.reader(account_by_id(session, run.account_id))
    return known_rows(session, run.account_id, phase, reader.status_in_lists)


def _already_running(uow: UnitOfWork, account_id: int) -> Conflict:
    holder = uow.session.scalar(
        sa.select(Device.name)
        .join(SyncRun, SyncRun.device_id == Device.id)
        .where(SyncRun.account_id == account_id, SyncRun.state == RunState.RUNNING)
    )
    return Conflict(
        "ALREADY_RUNNING", f"「{holder or '別のPC'}」で同期しています。", remedy="その同期が終わるまで待ってください。",
        extra={"holder": holder or ""},
    )  # fmt: skip


def post_page(uow: UnitOfWork, tools: Tools, run_id: int, body: bytes) -> dict[str, Any]:
    """The answer of POST /runs/{id}/pages; a repeat gets the first answer (R17, rule 7).

    Raises NotFound, Invalid BODY, Conflict RUN_OVER or KEY_REUSED, ACCOUNT_DISABLED.
    """
    seq = page_seq(body)
    lease = setting(uow.session, "sync.lease_seconds")
    is_alive = _renew(uow, run_id, lease)
    run = _run(uow.session, run_id, uow.actor.id)

    def effect() -> dict[str, Any]:
        if not is_alive:
            raise _run_over(run)
        counts = _take(uow, tools, run, body)
        return {
            "seq": seq,
            "stored": counts.stored,
            "unchanged": counts.unchanged,
            "wanted_details": counts.wanted,
            "lease_seconds": lease,
        }

    return once(uow, _pages_scope(run_id), str(seq), body, effect)


def _renew(uow: UnitOfWork, run_id: int, lease_seconds: int) -> bool:
    """Renew the lease and lock the run's row: one account's pages are taken in one after the other."""
    return uow.execute_one(
        sa.update(SyncRun)
        .where(SyncRun.id == run_id, SyncRun.device_id == uow.actor.id, SyncRun.state == RunState.RUNNING)
        .values(lease_until=uow.at + timedelta(seconds=lease_seconds))
    )


def _run(session: Session, run_id: int, device_id: int | None) -> SyncRun:
    """The run, if it is this device's. Raises NotFound."""
    run = session.scalars(
        sa.select(SyncRun).where(SyncRun.id == run_id, SyncRun.device_id == device_id),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if run is None:
        raise NotFound(
            "NO_SUCH_RUN", "この同期は見つかりません。", remedy="もう一度【同期開始】を押してください。"
        )
    return run


def _run_over(run: SyncRun) -> Conflict:
    what = "別のPCに引き継がれました" if run.state is RunState.ABANDONED else "すでに終わっています"
    return Conflict(
        "RUN_OVER", f"この同期（{run.number}回目）は{what}。", remedy="もう一度【同期開始】を押してください。"
    )


def _pages_scope(run_id: int) -> str:
    return f"run:{run_id}:pages"


def _take(uow: UnitOfWork, tools: Tools, run: SyncRun, body: bytes) -> Counts:
    page = decode_page(body)
    account = enabled_account(uow.session, run.account_id)
    reader = tools.reader(account)
    at = Sighting(run.number, page.seq)
    if page.phase in OFFER_PHASES:
        counts = take_listings(uow, account.id, at, page, auction_ids(body), reader)
    else:
        counts = take_orders(uow, tools.keyring, account.id, at, page, reader)
    if page.phase is Phase.DETAIL:
        _check_statuses(uow, account.id, page, reader)
    run.last_seq = max(run.last_seq, page.seq)
    run.summary = dict(Counter(run.summary or {}) + Counter(counts.summary))
    uow.session.flush()
    return counts


def _check_statuses(uow: UnitOfWork, account_id: int, page: Page, reader: PageReader) -> None:
    """R18: the shop must have created the status キャンセル itself."""
    shows, missing = missing_statuses(page, reader)
    if not shows:
        return
    account = account_by_id(uow.session, account_id, locked=True)
    if missing:
        health.raise_attention(
            uow, account, health.CANCEL_STATUS_MISSING, health.cancel_status_message(missing)
        )
    else:
        health.clear_attention(account, health.CANCEL_STATUS_MISSING)


def finish_run(
    uow: UnitOfWork, tools: Tools, run_id: int, body: bytes, report: dict[str, Any]
) -> dict[str, Any]:
    """The answer of POST /runs/{id}/finish; `report` is the checked body. Raises NotFound, Conflict RUN_OVER, KEY_REUSED."""
    is_alive = _renew(uow, run_id, setting(uow.session, "sync.lease_seconds"))
    run = _run(uow.session, run_id, uow.actor.id)

    def effect() -> dict[str, Any]:
        if not is_alive:
            raise _run_over(run)
        return _finish(uow, tools, run, report)

    return once(uow, f"run:{run_id}", "finish", body, effect)


def _finish(uow: UnitOfWork, tools: Tools, run: SyncRun, report: dict[str, Any]) -> dict[str, Any]:
    account = account_by_id(uow.session, run.account_id, locked=True)
    error = report["error"]
    code = error["code"] if error else None
    if report["outcome"] == "failed" or code is not None:
        code = code or health.UNKNOWN
    elif not _read_everything(uow, run, account.profile, report["phases"]):
        code = health.INCOMPLETE
    run.phases, run.finished_at = report["phases"], uow.at
    target = RunState.COMPLETE if code is None else RunState.FAILED
    RUN_MACHINE.check(run.state, target, item=f"{run.number}回目の同期")
    run.state = target
    if code is None:
        _complete(uow, tools, run, account)
        note_set_aside(uow, run, account, tools.reader(account).label, report.get("set_aside", []))
    else:
        _fail(uow, run, account, code, error)
    uow.session.flush()
    return _answer(uow, run, account)


def _read_everything(uow: UnitOfWork, run: SyncRun, profile: str, phases: list[dict[str, Any]]) -> bool:
    """Every list was read to its end, and every page up to the last has arrived."""
    read = {Phase(each["phase"]) for each in phases if each["complete"]}
    arrived = uow.session.scalar(
        sa.select(sa.func.count(Receipt.id)).where(Receipt.scope == _pages_scope(run.id))
    )
    return read >= LIST_PHASES[profile] and arrived == run.last_seq


def _complete(uow: UnitOfWork, tools: Tools, run: SyncRun, account: MarketplaceAccount) -> None:
    uow.session.flush()
    findings = conclude(uow, run, tools.reader(account))
    health.clear_failures(account)
    for code, numbers, message in (
        (health.DOUBLE_LISTED, findings.doubled, "二重出品の疑いがあります（管理番号 {}）。ヤフオク!で片方を取り消してください。"),
        (health.BID_WITHOUT_STOCK, findings.short, "入札がありますが、在庫が足りません（管理番号 {}）。ヤフオク!での取り消しを検討してください。"),
    ):  # fmt: skip
        if numbers:
            health.raise_attention(uow, account, code, message.format(named(numbers)))
        else:
            health.clear_attention(account, code)
    account.last_pull_at, account.last_pull_device = uow.at, uow.actor.label


def _fail(
    uow: UnitOfWork, run: SyncRun, account: MarketplaceAccount, code: str, error: dict[str, Any] | None
) -> None:
    kept = code[:MOST_CODE]
    run.error_code = kept
    run.error_detail = f"{code if kept != code else ''} {error['detail']}".strip()[:1000] if error else None
    message = health.failure_message(kept, f"「{account.name}」（{account.store_id}）")
    health.raise_attention(uow, account, health.failure_code(kept), message)
    if error and code == "PAGE_DRIFT" and error["contract"]:
        uow.session.add(
            DriftReport(
                run_id=run.id, contract=error["contract"], missing=error["missing"], skeleton=error["skeleton"] or "",
                at=uow.at,
            )
        )  # fmt: skip


def _answer(uow: UnitOfWork, run: SyncRun, account: MarketplaceAccount) -> dict[str, Any]:
    needs_review, unlinked_lines = open_questions(uow, account.id)
    totals = run.summary or {}
    summary = {key: totals.get(key, 0) for key in ("selling", "closed", "orders", "orders_new")}
    summary |= {"needs_review": needs_review, "unlinked": totals.get("unlinked", 0) + unlinked_lines}
    run.summary = totals | summary
    notices = [{"code": entry["code"], "message": entry["message"]} for entry in account.attention or []]
    return {"run_id": run.id, "state": str(run.state), "summary": summary, "notices": notices}
