"""Token buckets in the database: exact under a simulated clock, and shared by processes."""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from recore.app import create_app
from recore.platform.actor import OPERATOR
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Retryable
from recore.platform.ratelimit import Rate, RateBucket, hold_off, take_turn, wait_for_turn
from recore.platform.tenancy import tenant_scope
from recore.settings import Settings
from tests.support.shop import Shop, open_shop

START = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
SLOW = Rate(1)
AMAZON = Rate(0.5, burst=30)


def turn(shop: Shop, rate: Rate = SLOW, name: str = "a") -> float:
    """Seconds until the next call."""
    with shop.work() as uow:
        return (take_turn(uow, name, rate) - uow.at).total_seconds()


@contextmanager
def at(seconds: float) -> Iterator[None]:
    with time_machine.travel(START + timedelta(seconds=seconds), tick=False):
        yield


def test_turns_follow_each_other_at_the_rate(shop: Shop) -> None:
    with at(0):
        assert [turn(shop) for _ in range(4)] == [0, 1, 2, 3]
    with at(3.5):
        assert turn(shop) == 0.5
    with at(60):
        assert [turn(shop) for _ in range(2)] == [0, 1], "a pause saves nothing up where there is no burst"


def test_after_a_pause_a_burst_goes_at_once(shop: Shop) -> None:
    with at(0):
        assert [turn(shop, AMAZON) for _ in range(32)] == [0] * 30 + [2, 4]
    with at(14):
        assert [turn(shop, AMAZON) for _ in range(6)] == [0] * 5 + [2]


def test_who_counts_later_than_we_do_is_given_time(shop: Shop) -> None:
    """The other side counts from when the first call arrives: the burst is that much shorter, the rate is the same."""
    with at(0):
        assert [turn(shop, Rate(0.5, burst=3, leeway=1)) for _ in range(5)] == [0, 0, 1, 3, 5]


def test_names_and_tenants_have_buckets_of_their_own(shop: Shop) -> None:
    other = open_shop(shop.app, "other", "other.localhost")
    with at(0):
        assert [turn(shop), turn(shop, name="b"), turn(other)] == [0, 0, 0]


def test_who_would_wait_too_long_reserves_nothing(shop: Shop) -> None:
    with at(0):
        for _ in range(11):
            turn(shop)
        with pytest.raises(Retryable, match="BUSY") as refused:
            turn(shop)
        assert refused.value.retry_after_seconds == 11
        with shop.read() as session:
            until = session.scalars(sa.select(RateBucket.busy_until)).one()
    with at(1):
        assert turn(shop) == 10
    assert until == round(START.timestamp() * 1_000_000) + 11_000_000


@pytest.mark.parametrize("rate", [SLOW, AMAZON])
def test_nobody_calls_while_the_other_side_wants_to_be_left_alone(shop: Shop, rate: Rate) -> None:
    with at(0):
        turn(shop, rate)
        with shop.work() as uow:
            hold_off(uow, "a", rate, timedelta(seconds=5))
            hold_off(uow, "a", rate, timedelta(seconds=3))
        assert turn(shop, rate) == 5


def test_a_rate_that_does_not_divide_a_second_is_never_too_fast(shop: Shop) -> None:
    with at(0):
        waits = [turn(shop, Rate(3)) for _ in range(10)]
    assert all(later - sooner >= 1 / 3 for sooner, later in itertools.pairwise(waits))


def test_waiting_is_done_outside_of_the_transaction(shop: Shop) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        assert not db.session().in_transaction()
        slept.append(seconds)

    with at(0), shop.app.app_context(), tenant_scope(shop.tenant_id):
        wait_for_turn(OPERATOR, "a", SLOW, sleep=sleep)
        wait_for_turn(OPERATOR, "a", SLOW, sleep=sleep)
        db.session.remove()
    assert slept == [1]


def take_many(
    settings: Settings, tenant_id: int, count: int, results: multiprocessing.Queue[list[datetime]]
) -> None:
    app = create_app(settings)
    turns = []
    with app.app_context(), tenant_scope(tenant_id):
        for _ in range(count):
            with unit_of_work(OPERATOR) as uow:
                turns.append(take_turn(uow, "shared", Rate(50), patience=timedelta(hours=1)))
        db.session.remove()
        db.engine.dispose()
    results.put(turns)


def test_processes_share_a_bucket(shop: Shop, settings: Settings) -> None:
    spawn = multiprocessing.get_context("spawn")
    results = spawn.Queue()
    workers = [
        spawn.Process(target=take_many, args=(settings, shop.tenant_id, 50, results)) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    turns = sorted(moment for _ in workers for moment in results.get(timeout=120))
    for worker in workers:
        worker.join()
    gaps = [later - sooner for sooner, later in itertools.pairwise(turns)]
    assert len(turns) == 200 and min(gaps) >= timedelta(milliseconds=20)
