"""A job with effects that can be counted, in a table of the test's own."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from recore.platform.db import UnitOfWork, db, unit_of_work
from recore.platform.errors import Retryable
from recore.platform.jobs import JobRegistry, JobRun, enqueue
from recore.platform.receipts import once
from recore.platform.tenancy import require_tenant

KIND = "test.effect"
CREATE = "CREATE TABLE effects (shop int, n int, runs int NOT NULL, total int NOT NULL, value int, PRIMARY KEY (shop, n))"
CHILDREN = 100_000  # a child's number is its parent's plus this


def register(jobs: JobRegistry) -> None:
    jobs.add(KIND, take_effect, "試験の処理")


def ask(uow: UnitOfWork, number: int) -> None:
    enqueue(uow, KIND, {"n": number})


def take_effect(run: JobRun) -> None:
    """Counts its runs carelessly, one effect by a receipt, sets an absolute value; some try again or have a child."""
    number: int = run.payload["n"]
    with unit_of_work(run.actor) as uow:
        _write(uow, number, "runs = effects.runs + 1")
    run.heartbeat()
    with unit_of_work(run.actor) as uow:
        once(uow, KIND, str(number), b"", lambda: _count(uow, number))
    if number % 7 == 0 and run.attempt == 1:
        raise Retryable("BUSY", "混み合っています。", retry_after_seconds=1)
    with unit_of_work(run.actor) as uow:
        _write(uow, number, f"value = {number * 10}")


def _count(uow: UnitOfWork, number: int) -> dict[str, object]:
    _write(uow, number, "total = effects.total + 1")
    if number % 5 == 0 and number < CHILDREN:
        enqueue(uow, KIND, {"n": number + CHILDREN}, not_before=uow.at + timedelta(seconds=1))
    return {}


def _write(uow: UnitOfWork, number: int, change: str) -> None:
    at = {"shop": require_tenant(), "n": number}
    uow.session.execute(
        sa.text("INSERT INTO effects VALUES (:shop, :n, 0, 0, NULL) ON CONFLICT DO NOTHING"), at
    )
    uow.session.execute(sa.text(f"UPDATE effects SET {change} WHERE shop = :shop AND n = :n"), at)


def effects() -> dict[tuple[int, int], tuple[int, int, int | None]]:
    """(tenant, number) → (runs, total, value); in an app context."""
    rows = db.session.execute(sa.text("SELECT shop, n, runs, total, value FROM effects")).all()
    db.session.rollback()
    return {(row.shop, row.n): (row.runs, row.total, row.value) for row in rows}
