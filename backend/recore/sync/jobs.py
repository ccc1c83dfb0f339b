"""Background work of the sync: what never appeared, and files of orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog

from recore.channels.base import OrderRecord
from recore.platform.actor import Actor
from recore.platform.db import UnitOfWork, db, unit_of_work
from recore.platform.errors import RecoreError
from recore.platform.import_rules import ImportState
from recore.platform.jobs import JobRun, enqueue
from recore.sync import order_import, pull_jobs, ship_jobs
from recore.sync.order_import import IMPORT
from recore.sync.overdue import doubt_unseen
from recore.sync.records import SYNCING
from recore.sync.service import Tools
from recore.wiring import Services

log = structlog.get_logger(__name__)

OVERDUE = "sync.overdue"
FORGET = "sync.forget_imports"
AFTER_SYNC = timedelta(seconds=20)


def register(wired: Services) -> None:
    tools = Tools(wired.keyring, wired.channels)
    wired.jobs.add(OVERDUE, overdue, "出品されたかどうかの見回り", every=timedelta(minutes=1))
    wired.jobs.add(FORGET, forget, "取り込み済みの注文ファイルの削除", every=timedelta(hours=1))

    def given_up(uow: UnitOfWork, payload: dict[str, Any], why: str) -> None:
        order_import.finish(uow, tools, payload["import_id"], problem=why)

    wired.jobs.add(IMPORT, lambda run: take_in(run, tools), "注文ファイルの取り込み", given_up=given_up)
    pull_jobs.register(wired)
    ship_jobs.register(wired)


def overdue(run: JobRun) -> None:
    """Move what never appeared to 要確認."""
    with unit_of_work(run.actor) as uow:
        doubt_unseen(uow)


def forget(run: JobRun) -> None:
    """Repeats until nothing is left, a bounded number of files per transaction."""
    while True:
        with unit_of_work(run.actor) as uow:
            if order_import.forget_expired(uow) == 0:
                return
        run.heartbeat()


def take_in(run: JobRun, tools: Tools) -> None:
    """Take an uploaded file of orders in, some at a time; what comes again goes on where the last one stopped.

    An order that cannot be taken in is noted as such and the others go on. While a sync runs, the job waits in line.
    """
    import_id: int = run.payload["import_id"]
    upload = order_import.upload_by_id(db.session(), import_id)
    if upload.state is not ImportState.TAKING:
        return
    actor = order_import.actor_of(db.session(), upload)
    records, problems = order_import.next_orders(db.session(), tools, import_id, run.tenant_id)
    with unit_of_work(actor) as uow:
        order_import.note_problems(uow, import_id, problems)
    for start in range(0, len(records), order_import.AT_ONCE):
        try:
            _take_some(actor, tools, import_id, records[start : start + order_import.AT_ONCE])
        except RecoreError as error:
            if error.code != SYNCING:
                raise
            with unit_of_work(run.actor) as uow:
                enqueue(uow, IMPORT, run.payload, dedupe_key=str(import_id), not_before=uow.at + AFTER_SYNC)
            return
        run.heartbeat()
    with unit_of_work(actor) as uow:
        order_import.finish(uow, tools, import_id)


def _take_some(actor: Actor, tools: Tools, import_id: int, records: Sequence[OrderRecord]) -> None:
    """All in one transaction; when one of them breaks it, each in its own."""
    try:
        with unit_of_work(actor) as uow:
            order_import.take_some(uow, tools, import_id, records)
    except RecoreError as error:
        if error.code in order_import.NOT_ABOUT_AN_ORDER:
            raise
        _one_by_one(actor, tools, import_id, records, error)
    except Exception as error:  # an order that nobody thought of must not keep the others out
        _one_by_one(actor, tools, import_id, records, error)


def _one_by_one(
    actor: Actor, tools: Tools, import_id: int, records: Sequence[OrderRecord], error: Exception
) -> None:
    if len(records) > 1:
        for record in records:
            _take_some(actor, tools, import_id, [record])
        return
    log.error("order not imported", error=type(error).__name__, upload=import_id, row=records[0].rows[0])
    with unit_of_work(actor) as uow:
        order_import.note_result(uow, import_id, records[0].rows, order_import.NOT_TAKEN)
