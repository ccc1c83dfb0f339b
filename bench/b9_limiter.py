"""B9: 500 of Amazon's `getOrder` calls by four workers through the shared limiter, against the best a token bucket allows.

The clock is simulated: it moves on when all workers sleep, to the first who wakes. The limiter, its table and its waiting
are the real ones, the rate is the one of `shared_schemas/amazon/rates.json`. The judge is the sandbox's bucket, which was
written from Amazon's documentation by somebody else; calls reach it after a way that takes now 0.05, now 0.8 seconds.
"""

from __future__ import annotations

import random
import tempfile
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from flask import Flask

from bench.result import Result
from recore.app import create_app
from recore.channels.amazon.settings import rate_of
from recore.demo import add_tenant
from recore.migrations import upgrade
from recore.platform import clock
from recore.platform.actor import OPERATOR
from recore.platform.db import db
from recore.platform.errors import NotYet
from recore.platform.ratelimit import wait_for_turn
from recore.platform.tenancy import tenant_scope
from recore.settings import Settings
from sandbox.amazon.buckets import Buckets

OPERATION, CALLS, WORKERS = "getOrder", 500, 4
WAY_SECONDS = (0.05, 0.8)
START = datetime(2026, 11, 25, tzinfo=UTC)


class SimulatedTime:
    """A clock for `workers` threads that do nothing between two sleeps that takes time."""

    def __init__(self, workers: int) -> None:
        self._now, self._awake = START, workers
        self._sleeping: list[datetime] = []
        self._moved = threading.Condition()

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> None:
        with self._moved:
            wakes = self._now + timedelta(seconds=seconds)
            self._sleeping.append(wakes)
            self._rest()
            self._moved.wait_for(lambda: self._now >= wakes)

    def leave(self) -> None:
        """A worker is done."""
        with self._moved:
            self._rest()

    def _rest(self) -> None:
        self._awake -= 1
        if self._awake == 0 and self._sleeping:
            self._now = min(self._sleeping)
            later = [each for each in self._sleeping if each > self._now]
            self._awake = len(self._sleeping) - len(later)
            self._sleeping = later
            self._moved.notify_all()


@dataclass
class Amazon:
    """Takes calls as its token bucket allows."""

    time: SimulatedTime
    taken: int = 0
    refused: int = 0
    last: datetime = START
    turned_away: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.buckets = Buckets(self.time.now)

    def call(self) -> None:
        with self.lock:
            if not self.buckets.take("seller", OPERATION, "market"):
                self.refused += 1
                return
            self.taken += 1
            if self.taken == CALLS:
                self.last = self.time.now()

    @property
    def is_done(self) -> bool:
        return self.taken >= CALLS


def work(app: Flask, tenant_id: int, number: int, amazon: Amazon) -> None:
    dice, sleep = random.Random(number), amazon.time.sleep
    with app.app_context(), tenant_scope(tenant_id):
        while not amazon.is_done:
            try:
                wait_for_turn(OPERATOR, f"account:1:{OPERATION}", rate_of(OPERATION), sleep=sleep)
            except NotYet as error:  # as a job would come back
                amazon.turned_away += 1
                sleep(error.retry_after_seconds or 1)
                continue
            sleep(dice.uniform(*WAY_SECONDS))
            amazon.call()
            sleep(dice.uniform(*WAY_SECONDS))
        db.session.remove()
    amazon.time.leave()


def main() -> None:
    rate = rate_of(OPERATION)
    time = SimulatedTime(WORKERS)
    amazon = Amazon(time)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), log_level="WARNING"))
        with app.app_context():
            upgrade()
            tenant_id = add_tenant("bench", "計測")
        with mock.patch.object(clock, "now", time.now):
            workers = [
                threading.Thread(target=work, args=(app, tenant_id, number, amazon))
                for number in range(WORKERS)
            ]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
    optimum = (CALLS - rate.burst) / rate.per_second
    needed = (amazon.last - START).total_seconds()
    Result(
        "B9",
        ratios={"of_optimum": optimum / needed, "refused_429": amazon.refused},
        targets={"of_optimum": 0.98, "refused_429": 0},
        at_most=frozenset({"refused_429"}),
        details={"seconds": needed, "optimum_seconds": optimum, "calls": amazon.taken, "workers": WORKERS,
                 "turned_away": amazon.turned_away},
    ).save()  # fmt: skip


if __name__ == "__main__":
    main()
