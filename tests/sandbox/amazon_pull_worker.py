"""`python -m tests.sandbox.amazon_pull_worker MARKET DATA DATABASE AT ORDERS`: a worker at that time that is killed (SIGKILL) when it
has taken in so many orders.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

import time_machine

from recore.app import create_app
from recore.settings import Settings
from recore.sync import order_pull, pull_jobs
from tests.sandbox.amazon_market import Market, use
from tests.support.desk import run_jobs
from tests.support.shop import Shop


def main(market: str, data: str, database: str, at: str, orders: str) -> None:
    settings = Settings(data_dir=Path(data), database_url=database, testing=True, log_level="WARNING")
    with time_machine.travel(datetime.fromisoformat(at), tick=True):
        app, sandbox = create_app(settings), Market(Path(market))
        shop = Shop(app, 1)
        use(shop, sandbox)
        left = int(orders)
        take = order_pull.take_order

        def take_order(*given: object) -> object:
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return take(*given)  # type: ignore[arg-type]

        pull_jobs.order_pull.take_order = take_order  # type: ignore[assignment]
        run_jobs(shop)


if __name__ == "__main__":
    main(*sys.argv[1:])
