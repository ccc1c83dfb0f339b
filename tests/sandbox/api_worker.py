"""`python -m tests.sandbox.api_worker MARKET DATA DATABASE CALLS`: a worker that is killed (SIGKILL) after so many calls."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from recore.app import create_app
from recore.platform.job_runner import run_next
from recore.settings import Settings
from tests.sandbox import api_market
from tests.sandbox.api_market import Go, Market


def main(market: str, data: str, database: str, calls: str) -> None:
    settings = Settings(data_dir=Path(data), database_url=database, testing=True, log_level="WARNING")
    app, sandbox = create_app(settings), Market(Path(market))
    wired = app.extensions["recore"]
    wired.order_apis = {"yahoo_auction": sandbox.api()}

    def killed(go: Go) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    steps = [lambda go: go()] * int(calls) + [killed]
    sandbox.line.faults[api_market.LIST] = sandbox.line.faults[api_market.INFO] = steps
    while run_next(app, wired.jobs) is not None:
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
