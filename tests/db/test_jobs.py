"""Jobs grown up: schedules, fairness, what is tried again and for how long, dead workers (rule 4), on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from recore.app import create_app
from recore.platform.db import UnitOfWork, db
from recore.platform.errors import NotYet, Retryable, Terminal
from recore.platform.job_runner import FELL_OVER, MAX_ATTEMPTS, MAX_DEATHS, MAX_RETRIES, run_next
from recore.platform.jobs import LEASE, Job, JobRegistry, JobRun, JobState, due_jobs, enqueue
from recore.platform.schedules import JobSchedule, enqueue_periodic
from recore.platform.tenancy import system_scope
from recore.settings import BadSetting, Settings
from tests.support.shop import Shop, open_shop

START = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def registry(handler: object = lambda run: None, **more: object) -> JobRegistry:
    made = JobRegistry()
    made.add("test", handler, **more)  # type: ignore[arg-type]
    return made


@contextmanager
def clock_stands() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(START, tick=False) as now:
        yield now


def ask(shop: Shop, count: int = 1) -> None:
    with shop.work() as uow:
        for _ in range(count):
            enqueue(uow, "test", {})


def only_job(shop: Shop) -> Job:
    with shop.read() as session:
        return session.scalars(sa.select(Job)).one()


def in_line(shop: Shop, kind: str = "test") -> int:
    with shop.read() as session:
        return session.scalar(sa.select(sa.func.count(Job.id)).where(Job.kind == kind)) or 0


# --- schedules ---------------------------------------------------------------------------------------------------


def test_what_is_done_regularly_has_one_job_per_period_however_many_look(app: Flask) -> None:
    shops = [open_shop(app, name, f"{name}.example") for name in ("one", "two")]
    jobs = registry(every=MINUTE)
    errors: list[BaseException] = []

    def look(start: threading.Barrier) -> None:
        try:
            start.wait()
            enqueue_periodic(app, jobs)
        except BaseException as error:
            errors.append(error)

    with clock_stands() as now:
        for _ in range(3):
            start = threading.Barrier(4)
            hosts = [threading.Thread(target=look, args=(start,)) for _ in range(4)]
            for host in hosts:
                host.start()
            for host in hosts:
                host.join()
            while run_next(app, jobs) is not None:
                pass
            now.shift(timedelta(seconds=30))
            enqueue_periodic(app, jobs)  # half a period later: nothing
            now.shift(timedelta(seconds=30))
    assert (errors, [in_line(shop) for shop in shops]) == ([], [3, 3])


def test_the_beat_is_kept_and_missed_periods_are_not_made_up_for(app: Flask, shop: Shop) -> None:
    jobs = registry(every=MINUTE)

    def look_after(seconds: int) -> tuple[int, float]:
        """(jobs, seconds until the next)"""
        now.shift(timedelta(seconds=seconds))
        enqueue_periodic(app, jobs)
        while run_next(app, jobs) is not None:
            pass
        with shop.read() as session:
            next_at = session.scalars(sa.select(JobSchedule.next_at)).one()
        return in_line(shop), (next_at - START).total_seconds()

    with clock_stands() as now:
        assert look_after(0) == (1, 60)
        assert look_after(65) == (2, 120)
        assert look_after(600) == (3, 725)


def test_a_job_that_still_waits_stands_for_the_missed_ones(app: Flask, shop: Shop) -> None:
    jobs = registry(every=MINUTE)
    with clock_stands() as now:
        for _ in range(5):
            enqueue_periodic(app, jobs)
            now.shift(MINUTE)
    assert in_line(shop) == 1


def test_a_shop_that_is_opened_later_is_served_too(app: Flask, shop: Shop) -> None:
    jobs = registry(every=MINUTE)
    with clock_stands():
        enqueue_periodic(app, jobs)
        later = open_shop(app, "later", "later.example")
        enqueue_periodic(app, jobs)
        assert (in_line(shop), in_line(later)) == (1, 1)


# --- fairness ----------------------------------------------------------------------------------------------------


def test_a_thousand_jobs_of_one_shop_do_not_hold_up_another(app: Flask) -> None:
    busy, small = open_shop(app, "busy", "busy.example"), open_shop(app, "small", "small.example")
    ask(busy, 1000)
    ask(small, 3)
    served, last = [], 0
    for _ in range(8):
        last = run_next(app, registry(), after_tenant=last) or 0
        served.append(last)
    assert Counter(served) == {busy.tenant_id: 5, small.tenant_id: 3}


def test_long_jobs_of_one_shop_do_not_take_every_worker(app: Flask) -> None:
    """While a worker is busy with a long job of one shop, the others see to the rest first."""
    long, short = open_shop(app, "long", "long.example"), open_shop(app, "short", "short.example")
    ask(long, 3)
    ask(short, 3)
    served: list[int] = []

    def work(run: JobRun) -> None:
        served.append(run.tenant_id)
        if len(served) == 1:  # meanwhile a second worker, whose turn it would be to serve the same shop
            for _ in range(3):
                run_next_beside(app, registry(work), after_tenant=short.tenant_id)

    run_next(app, registry(work))
    assert served == [long.tenant_id, *[short.tenant_id] * 3]


def run_next_beside(app: Flask, jobs: JobRegistry, *, after_tenant: int) -> None:
    other = threading.Thread(target=run_next, args=(app, jobs), kwargs={"after_tenant": after_tenant})
    other.start()
    other.join()


def test_workers_at_once_never_take_the_same_job(app: Flask) -> None:
    shops = [open_shop(app, name, f"{name}.example") for name in ("one", "two")]
    for shop in shops:
        ask(shop, 30)
    ran: list[int] = []
    jobs, start = registry(lambda run: ran.append(run.job_id)), threading.Barrier(6)

    def work() -> None:
        start.wait()
        while run_next(app, jobs) is not None:
            pass

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(ran) == list(range(1, 61))


def test_a_kind_that_this_version_does_not_know_is_left_for_the_next(app: Flask, shop: Shop) -> None:
    with shop.work() as uow:
        enqueue(uow, "of.tomorrow", {})
    assert run_next(app, registry()) is None
    assert (only_job(shop).state, only_job(shop).attempts) == (JobState.QUEUED, 0)


# --- failures ----------------------------------------------------------------------------------------------------


def fail_with(error: Exception) -> JobRegistry:
    def handler(run: JobRun) -> None:
        raise error

    return registry(handler)


def pauses(app: Flask, shop: Shop, jobs: JobRegistry, tries: int) -> list[float]:
    """Seconds until the next attempt after each of `tries`."""
    waits = []
    with clock_stands() as now:
        ask(shop)
        for _ in range(tries):
            assert run_next(app, jobs) == shop.tenant_id
            until = only_job(shop).not_before
            waits.append((until - datetime.now(UTC)).total_seconds())
            now.move_to(until)
    return waits


def test_pauses_grow_and_end_at_an_hour(app: Flask, shop: Shop) -> None:
    waits = pauses(app, shop, fail_with(Retryable("BUSY", "混雑")), 12)
    assert all(5 * 2**n * 0.8 <= wait <= 5 * 2**n * 1.2 for n, wait in enumerate(waits[:9], 1))
    assert all(3600 * 0.8 <= wait <= 3600 * 1.2 for wait in waits[9:])


def test_whoever_says_when_to_come_back_is_not_asked_before(app: Flask, shop: Shop) -> None:
    waits = pauses(app, shop, fail_with(Retryable("BUSY", "混雑", retry_after_seconds=300)), 3)
    assert waits == [300, 300, 300]


def test_a_call_whose_turn_has_not_come_is_no_attempt(app: Flask, shop: Shop) -> None:
    jobs = fail_with(NotYet("BUSY", "順番待ち", retry_after_seconds=20))
    assert pauses(app, shop, jobs, MAX_RETRIES + 5) == [20] * (MAX_RETRIES + 5)
    assert (only_job(shop).state, only_job(shop).attempts) == (JobState.QUEUED, 0)


def test_what_is_final_fails_at_once_with_its_reason_and_tells_who_waits(app: Flask, shop: Shop) -> None:
    told: list[tuple[object, str]] = []

    def given_up(uow: UnitOfWork, payload: dict[str, object], why: str) -> None:
        told.append((payload["n"], why))

    def handler(run: JobRun) -> None:
        raise Terminal("REFUSED", "断られました。")

    with shop.work() as uow:
        enqueue(uow, "test", {"n": 7})
    assert run_next(app, registry(handler, given_up=given_up)) == shop.tenant_id
    assert (only_job(shop).state, only_job(shop).last_error) == (JobState.FAILED, "断られました。")
    assert told == [(7, "断られました。")]


def test_a_faulty_handler_is_tried_a_few_times_and_its_words_are_not_kept(app: Flask, shop: Shop) -> None:
    jobs = fail_with(ValueError("佐藤様 090-1234-5678"))
    pauses(app, shop, jobs, MAX_ATTEMPTS)
    job = only_job(shop)
    assert (job.state, job.attempts) == (JobState.FAILED, MAX_ATTEMPTS)
    assert job.last_error == "思わぬ理由で止まりました（ValueError）。"


def test_a_job_that_ends_its_worker_every_time_is_given_up(app: Flask, shop: Shop) -> None:
    class Killed(BaseException):
        pass

    def poison(run: JobRun) -> None:
        raise Killed

    jobs, deaths = registry(poison), 0
    with clock_stands() as now:
        ask(shop)
        while only_job(shop).state is not JobState.FAILED:
            try:
                run_next(app, jobs)
            except Killed:
                deaths += 1
            now.shift(LEASE + timedelta(seconds=10))
    assert (deaths, only_job(shop).last_error) == (MAX_DEATHS, FELL_OVER)


def test_a_dead_workers_job_is_due(app: Flask, shop: Shop) -> None:
    """What Celery's lookout counts: nobody sends a message for a job that died with its worker otherwise."""

    class Killed(BaseException):
        pass

    def die(run: JobRun) -> None:
        raise Killed

    def due() -> int:
        with app.app_context(), system_scope():
            found = due_jobs(db.session(), datetime.now(UTC), ["test"], 10)
            db.session.remove()
            return len(found)

    with clock_stands() as now:
        ask(shop)
        assert due() == 1
        with pytest.raises(Killed):
            run_next(app, registry(die))
        assert due() == 0
        now.shift(LEASE + timedelta(seconds=1))
        assert due() == 1


# --- engines -----------------------------------------------------------------------------------------------------


def test_every_kind_of_job_has_words_for_staff(app: Flask) -> None:
    kinds = app.extensions["recore"].jobs.kinds
    assert [kind for kind, each in kinds.items() if each.label == kind or each.label.isascii()] == []


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"engine": "threads"}, "RECORE_ENGINE: embedded or celery"),
        ({"engine": "celery"}, "RECORE_BROKER_URL"),
        ({"engine": "celery", "broker_url": "redis://localhost:6379/0"}, "PostgreSQL"),
        (
            {"engine": "celery", "broker_url": "redis://h/0", "database_url": "sqlite:///x.sqlite3"},
            "PostgreSQL",
        ),
        (
            {"engine": "celery", "broker_url": "amqp://h", "database_url": "postgresql+psycopg://h/d"},
            "redis://",
        ),
    ],
)
def test_an_engine_that_cannot_work_stops_the_start(given: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting, match=named):
        Settings(**given)  # type: ignore[arg-type]


def test_the_brokers_password_is_not_shown(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path, engine="celery", broker_url="redis://:hunter2@h/0", database_url="postgresql+psycopg://h/d"
    )  # fmt: skip
    assert "hunter2" not in repr(settings)
    create_app(settings)  # which asks neither the broker nor the database
