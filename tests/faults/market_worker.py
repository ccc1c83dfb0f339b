"""`python -m tests.faults.market_worker DEATH CLOCK`: `job_worker` by a clock that the test puts forward.

DEATH: a number, as there; or PUT or POST: by SIGKILL when Amazon has done the first such thing, before its answer is seen.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.faults import job_worker, shared_clock

LEASE = timedelta(minutes=3)  # of that clock


def die_at_answer(method: str) -> None:
    send = httpx.Client.send

    def sent(client: httpx.Client, request: httpx.Request, **how: Any) -> httpx.Response:
        answer = send(client, request, **how)
        if request.method == method and not request.url.path.endswith("/token"):
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    httpx.Client.send = sent  # type: ignore[method-assign]


if __name__ == "__main__":
    death = sys.argv[1]
    shared_clock.follow(Path(sys.argv[2]))
    if death.isdecimal():
        job_worker.main(int(death), LEASE)
    else:
        die_at_answer(death)
        job_worker.main(0, LEASE)
