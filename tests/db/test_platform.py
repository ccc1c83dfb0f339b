"""The rules that keep data safe (architecture.md, "Rules that keep data safe")."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from recore.catalog.models import Product
from recore.identity.models import Shop as ShopRow
from recore.platform import clock
from recore.platform.db import Base, db
from recore.platform.errors import Conflict, Invalid, Retryable
from recore.platform.housekeeping import DONE_JOBS_FOR, PURGE, register
from recore.platform.job_runner import MAX_RETRIES, run_next
from recore.platform.jobs import LEASE, Job, JobRegistry, JobRun, JobState, enqueue
from recore.platform.numbering import next_number
from recore.platform.receipts import Receipt, once
from recore.platform.tenancy import TenantMissing, tenant_scope
from recore.stock.models import StockItem
from recore.stock.rules import SalesRoute
from recore.stock.service import NewStock, take_in
from tests.support.shop import Shop, open_shop


def test_rule_1_a_write_outside_a_unit_of_work_is_refused(shop: Shop) -> None:
    item = shop.item()
    with pytest.raises(RuntimeError, match="write outside unit_of_work"), shop.read() as session:
        session.execute(sa.update(StockItem).where(StockItem.id == item).values(price=1))
    with pytest.raises(RuntimeError, match="write outside unit_of_work"), shop.read() as session:
        session.execute(
            sa.text("WITH x AS (SELECT 1) DELETE FROM stock_items WHERE tenant_id = :t"),
            {"t": shop.tenant_id},
        )


def test_rule_1_an_exception_rolls_everything_back(shop: Shop) -> None:
    with pytest.raises(ZeroDivisionError), shop.work() as uow:
        uow.session.add(Product(pd_code="PDX", name="x", search_text="x", created_at=uow.at))
        uow.session.flush()
        raise ZeroDivisionError
    with shop.read() as session:
        assert session.scalar(sa.select(sa.func.count(Product.id))) == 0


def test_rule_10_another_tenants_rows_cannot_be_read_changed_or_pointed_to(app: Flask) -> None:
    ours, theirs = open_shop(app, "ours", "ours.example"), open_shop(app, "theirs", "theirs.example")
    item = theirs.item()
    with ours.read() as session:
        assert session.scalars(sa.select(StockItem).where(StockItem.id == item)).one_or_none() is None
        assert session.get(StockItem, item) is None
    with ours.work() as uow:
        assert not uow.execute_one(sa.update(StockItem).where(StockItem.id == item).values(price=1))
        assert not uow.execute_one(sa.delete(StockItem).where(StockItem.id == item))
    with theirs.read() as session:
        their_product = session.scalars(sa.select(Product.id)).one()
    with ours.read() as session:
        our_shop = session.scalars(sa.select(ShopRow.id)).one()
    new = NewStock(their_product, our_shop, None, "A", 1, 1, 1, SalesRoute.BOTH, "")
    with pytest.raises(sa.exc.IntegrityError), ours.work() as uow:
        take_in(uow, new)
    assert theirs.counts(item) == (1, 0, 1)


def test_rule_10_a_statement_without_a_tenant_is_refused(app: Flask, shop: Shop) -> None:
    with app.app_context():
        with pytest.raises(TenantMissing):
            db.session.scalars(sa.select(StockItem)).all()
        db.session.remove()
        with tenant_scope(shop.tenant_id), pytest.raises(TenantMissing):
            db.session.execute(sa.text("SELECT count(*) FROM stock_items"))
        db.session.remove()


def test_rule_10_row_security_stands_behind_the_filter_on_postgresql(app: Flask, shop: Shop) -> None:
    """Every tenant table has forced row security there; on SQLite the filter and the hook are the walls."""
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            assert db.engine.dialect.name == "sqlite"
            return
        with db.engine.connect() as connection:
            secured = set(
                connection.execute(
                    sa.text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
                ).scalars()
            )
    assert secured == {name for name, table in Base.metadata.tables.items() if "tenant_id" in table.columns}


def test_rule_7_a_receipt_makes_a_repeat_a_no_op_and_another_body_a_conflict(shop: Shop) -> None:
    runs: list[int] = []

    def effect() -> dict[str, object]:
        runs.append(1)
        return {"answer": len(runs)}

    for _ in range(3):
        with shop.work() as uow:
            assert once(uow, "test", "key", b"body", effect) == {"answer": 1}
    with pytest.raises(Conflict) as caught, shop.work() as uow:
        once(uow, "test", "key", b"other", effect)
    assert caught.value.code == "KEY_REUSED"
    assert runs == [1]


def test_rule_7_parallel_repeats_have_one_effect(shop: Shop) -> None:
    answers: list[int] = []
    start = threading.Barrier(8)

    def post() -> None:
        start.wait()
        with shop.work() as uow:
            answers.append(once(uow, "test", "key", b"body", lambda: {"n": next_number(uow, "effect")})["n"])

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [1] * 8


def test_numbers_are_never_given_twice(shop: Shop) -> None:
    numbers: list[int] = []
    start = threading.Barrier(6)

    def take() -> None:
        start.wait()
        for _ in range(10):
            with shop.work() as uow:
                numbers.append(next_number(uow, "series"))

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 61))


def job_rows(shop: Shop) -> list[tuple[JobState, int, str | None]]:
    with shop.read() as session:
        return [
            tuple(row)
            for row in session.execute(sa.select(Job.state, Job.attempts, Job.last_error).order_by(Job.id))
        ]


def test_rule_4_a_job_is_written_with_its_cause_and_not_without(shop: Shop) -> None:
    with pytest.raises(ZeroDivisionError), shop.work() as uow:
        enqueue(uow, "test", {})
        raise ZeroDivisionError
    assert job_rows(shop) == []


def test_rule_4_waiting_jobs_with_the_same_dedupe_key_are_one(shop: Shop) -> None:
    with shop.work() as uow:
        for _ in range(3):
            enqueue(uow, "test", {}, dedupe_key="a")
        enqueue(uow, "test", {}, dedupe_key="b")
    assert len(job_rows(shop)) == 2


def test_rule_4_a_job_runs_once_and_is_done(app: Flask, shop: Shop) -> None:
    seen: list[dict[str, object]] = []
    registry = JobRegistry()
    registry.add("test", lambda run: seen.append(run.payload))
    with shop.work() as uow:
        enqueue(uow, "test", {"n": 1})
    assert run_next(app, registry) == shop.tenant_id
    assert run_next(app, registry) is None
    assert seen == [{"n": 1}]
    assert job_rows(shop) == [(JobState.DONE, 1, None)]


def test_rule_4_a_retryable_failure_waits_and_a_final_one_is_kept_with_its_reason(
    app: Flask, shop: Shop
) -> None:
    def fail_softly(run: JobRun) -> None:
        raise Retryable("BUSY", "混み合っています。", retry_after_seconds=60)

    def fail_hard(run: JobRun) -> None:
        raise Invalid("BROKEN", "直してください。")

    registry = JobRegistry()
    registry.add("soft", fail_softly)
    registry.add("hard", fail_hard)
    with time_machine.travel(clock.now(), tick=False) as now:
        with shop.work() as uow:
            enqueue(uow, "soft", {})
            enqueue(uow, "hard", {})
        assert run_next(app, registry) == shop.tenant_id
        assert run_next(app, registry) == shop.tenant_id
        assert run_next(app, registry) is None
        assert job_rows(shop) == [
            (JobState.QUEUED, 1, "混み合っています。"),
            (JobState.FAILED, 1, "直してください。"),
        ]
        for attempt in range(2, MAX_RETRIES + 1):
            now.shift(timedelta(minutes=90))
            assert run_next(app, registry) == shop.tenant_id, attempt
        now.shift(timedelta(days=1))
        assert run_next(app, registry) is None
    assert job_rows(shop)[0] == (JobState.FAILED, MAX_RETRIES, "混み合っています。")


def test_rule_4_a_dead_workers_job_is_taken_over_after_its_lease(app: Flask, shop: Shop) -> None:
    class Killed(BaseException):
        pass

    def die(run: JobRun) -> None:
        raise Killed

    dying, living = JobRegistry(), JobRegistry()
    dying.add("test", die)
    living.add("test", lambda run: None)
    with time_machine.travel(clock.now(), tick=False) as now:
        with shop.work() as uow:
            enqueue(uow, "test", {})
        with pytest.raises(Killed):
            run_next(app, dying)
        assert run_next(app, living) is None
        now.shift(LEASE + timedelta(seconds=1))
        assert run_next(app, living) == shop.tenant_id
    assert job_rows(shop) == [(JobState.DONE, 2, None)]


def test_rule_4_tenants_take_turns(app: Flask) -> None:
    first, second = open_shop(app, "first", "first.example"), open_shop(app, "second", "second.example")
    for shop, count in ((first, 3), (second, 1)):
        with shop.work() as uow:
            for _ in range(count):
                enqueue(uow, "test", {})
    registry = JobRegistry()
    registry.add("test", lambda run: None)
    served, last = [], 0
    while (tenant := run_next(app, registry, after_tenant=last)) is not None:
        served.append(tenant)
        last = tenant
    assert served == [first.tenant_id, second.tenant_id, first.tenant_id, first.tenant_id]


def test_what_is_over_is_deleted_and_nothing_else(app: Flask, shop: Shop) -> None:
    registry = JobRegistry()
    register(registry)

    def fail(run: JobRun) -> None:
        raise Invalid("NO", "だめ")

    registry.add("good", lambda run: None)
    registry.add("bad", fail)
    with shop.work() as uow:
        for kind in ("good", "bad"):
            enqueue(uow, kind, {})
        once(uow, "test", "old", b"", dict)
        uow.session.execute(sa.update(Receipt).values(at=uow.at - timedelta(days=31)))
        once(uow, "test", "new", b"", dict)
    assert [run_next(app, registry) for _ in range(2)] == [shop.tenant_id] * 2
    with shop.work() as uow:
        uow.session.execute(sa.update(Job).values(finished_at=uow.at - DONE_JOBS_FOR - timedelta(minutes=1)))
        enqueue(uow, "good", {})
        enqueue(uow, PURGE, {})
    assert [run_next(app, registry) for _ in range(2)] == [shop.tenant_id] * 2
    with shop.read() as session:
        kept = session.scalars(sa.select(Job.kind).order_by(Job.id)).all()
        receipts = session.scalars(sa.select(Receipt.key)).all()
    assert (kept, receipts) == (["bad", "good", PURGE], ["new"])
