"""B5: eight processes sell 2,000 units of one item; nothing oversold, no errors.

The ratio compares the whole command (stock update, ledger row, sale, sale line, audit entry, one commit each) with a bare
conditional UPDATE, one commit each, in the same run, on the same kind of SQLite database with the same pragmas.
"""

from __future__ import annotations

import multiprocessing
import sqlite3
import tempfile
import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import sqlalchemy as sa

from bench.result import Result
from recore.app import create_app
from recore.catalog.service import register_product
from recore.demo import add_tenant
from recore.identity.models import Shop, Staff
from recore.migrations import upgrade
from recore.platform.actor import OPERATOR
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Conflict
from recore.platform.tenancy import tenant_scope
from recore.sales.service import SaleLine, sell
from recore.settings import Settings
from recore.stock.models import StockItem
from recore.stock.rules import SalesRoute
from recore.stock.service import NewStock, take_in

PROCESSES, UNITS = 8, 2000
TRIES = UNITS // PROCESSES + 25  # each asks for more than its share, so that the end is contended


def whole_command(
    data_dir: str, tenant_id: int, item_id: int, number: int, start: Barrier, answers: Queue[tuple[int, int]]
) -> None:
    app = create_app(Settings(data_dir=Path(data_dir), log_level="WARNING"))
    sold = errors = 0
    with app.app_context(), tenant_scope(tenant_id):
        staff = db.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        shop_id = db.session.scalars(sa.select(Shop.id)).one()
        db.session.remove()
        start.wait()
        for attempt in range(TRIES):
            try:
                with unit_of_work(OPERATOR) as uow:
                    sell(uow, f"{number}-{attempt}", shop_id, staff, [SaleLine(item_id, 1, 100)])
                sold += 1
            except Conflict:
                continue
            except Exception as error:
                print(f"process {number}: {error!r}", flush=True)
                errors += 1
    answers.put((sold, errors))


def bare_update(path: str, start: Barrier, answers: Queue[tuple[int, int]]) -> None:
    connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    connection.execute("PRAGMA synchronous=FULL")
    sold = errors = 0
    start.wait()
    for _ in range(TRIES):
        try:
            connection.execute("BEGIN IMMEDIATE")
            sold += connection.execute("UPDATE item SET on_hand = on_hand - 1 WHERE on_hand >= 1").rowcount
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            print(repr(error), flush=True)
            errors += 1
    answers.put((sold, errors))


def race(target: object, arguments: list[tuple[object, ...]]) -> tuple[float, int, int]:
    """(seconds, units sold, errors) of PROCESSES processes released together once all are ready."""
    context = multiprocessing.get_context("spawn")
    answers: Queue[tuple[int, int]] = context.Queue()
    start = context.Barrier(PROCESSES + 1)
    processes = [context.Process(target=target, args=(*each, start, answers)) for each in arguments]  # type: ignore[arg-type]
    for process in processes:
        process.start()
    start.wait()
    started = time.perf_counter()
    results = [answers.get(timeout=600) for _ in processes]
    elapsed = time.perf_counter() - started
    for process in processes:
        process.join()
    return elapsed, sum(sold for sold, _ in results), sum(errors for _, errors in results)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), log_level="WARNING"))
        with app.app_context():
            upgrade()
            tenant_id = add_tenant("bench", "計測")
            with tenant_scope(tenant_id), unit_of_work(OPERATOR) as uow:
                product = register_product(uow, name="計測用")
                shop_id = uow.session.scalars(sa.select(Shop.id)).one()
                new = NewStock(product.id, shop_id, None, "A", 1, 100, UNITS, SalesRoute.BOTH, "x")
                item_id = take_in(uow, new).id
        arguments: list[tuple[object, ...]] = [
            (folder, tenant_id, item_id, number) for number in range(PROCESSES)
        ]
        whole, sold, errors = race(whole_command, arguments)
        with app.app_context(), tenant_scope(tenant_id):
            left = db.session.execute(
                sa.select(StockItem.on_hand).where(StockItem.id == item_id)
            ).scalar_one()

        path = str(Path(folder) / "bare.sqlite3")
        connection = sqlite3.connect(path)
        connection.executescript("PRAGMA journal_mode=WAL; CREATE TABLE item (on_hand INTEGER);")
        connection.execute("INSERT INTO item VALUES (?)", [UNITS])
        connection.commit()
        bare, bare_sold, bare_errors = race(bare_update, [(path,)] * PROCESSES)

    oversold = max(0, sold - UNITS)
    Result(
        "B5",
        ratios={"oversold": oversold, "errors": errors, "command_vs_update": bare / whole},
        targets={"oversold": 0, "errors": 0, "command_vs_update": 0.12},
        at_most=frozenset({"oversold", "errors"}),
        details={"sold": sold, "left": left, "seconds": whole, "bare_seconds": bare, "bare_sold": bare_sold,
                 "bare_errors": bare_errors},
    ).save()  # fmt: skip
    if left != 0 or sold != UNITS:
        raise SystemExit(f"sold {sold}, left {left}")


if __name__ == "__main__":
    main()
