"""Background work of orders: deleting buyers' data when its time is over (rule 13), and who gets units that are free again (R27, R29)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from recore.listings import offers
from recore.orders.buyers import forget_expired
from recore.orders.service import take_freed_units, waiting_for_units
from recore.platform.db import again_after_deadlock, db, unit_of_work
from recore.platform.jobs import JobRun
from recore.stock.service import MOVED
from recore.wiring import Services

FORGET = "orders.forget_buyers"


def register(wired: Services) -> None:
    wired.jobs.add(FORGET, forget, "保存期間を過ぎた購入者情報の削除", every=timedelta(hours=1))
    wired.jobs.add(MOVED, follow_stock, "在庫の変化を受注と出品先に伝える準備")


def forget(run: JobRun) -> None:
    """Repeats until nothing is left, a bounded number of orders per transaction."""
    while True:
        with unit_of_work(run.actor) as uow:
            if forget_expired(uow) == 0:
                return
        run.heartbeat()


def follow_stock(run: JobRun) -> None:
    """Units of an item moved: orders that wait for them come first, then what marketplaces with an API offer follows."""
    stock_item_id: int = run.payload["stock_item_id"]
    waiting = waiting_for_units(db.session(), stock_item_id)
    for order_id in waiting:
        again_after_deadlock(partial(_take_units, run, order_id))
        run.heartbeat()
    with unit_of_work(run.actor) as uow:
        offers.follow_stock(uow, stock_item_id)


def _take_units(run: JobRun, order_id: int) -> None:
    with unit_of_work(run.actor) as uow:
        take_freed_units(uow, order_id)
