"""`python -m tests.sandbox.amazon_worker MARKET DATA DATABASE CALLS TAKEN`: a worker that is killed (SIGKILL) at its call after
so many; TAKEN 1: the call was answered, and nobody heard it.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import httpx

from recore.app import create_app
from recore.settings import Settings
from tests.sandbox.amazon_market import Market, go_on, use
from tests.support.shop import Shop


def main(market: str, data: str, database: str, calls: str, taken: str) -> None:
    settings = Settings(data_dir=Path(data), database_url=database, testing=True, log_level="WARNING")
    app, sandbox = create_app(settings), Market(Path(market))
    shop = Shop(app, 1)
    use(shop, sandbox)
    answered = sandbox.line.handle_request

    def handle_request(request: httpx.Request) -> httpx.Response:
        if len(sandbox.line.calls) == int(calls):
            if taken == "1":
                answered(request)
            os.kill(os.getpid(), signal.SIGKILL)
        return answered(request)

    sandbox.line.handle_request = handle_request  # type: ignore[method-assign]
    go_on(shop)
    go_on(shop, timedelta(minutes=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
