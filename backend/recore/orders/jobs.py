"""Background work of orders: deleting buyers' data when its time is over (rule 13)."""

from __future__ import annotations

from datetime import timedelta

from recore.orders.buyers import forget_expired
from recore.platform.db import unit_of_work
from recore.platform.jobs import JobRun
from recore.wiring import Services

FORGET = "orders.forget_buyers"


def register(wired: Services) -> None:
    wired.jobs.add(FORGET, forget, "保存期間を過ぎた購入者情報の削除", every=timedelta(hours=1))


def forget(run: JobRun) -> None:
    """Repeats until nothing is left, a bounded number of orders per transaction."""
    while True:
        with unit_of_work(run.actor) as uow:
            if forget_expired(uow) == 0:
                return
        run.heartbeat()
