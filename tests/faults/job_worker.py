"""`python -m tests.faults.job_worker DIE_AFTER`: `recore worker` with a job that can be counted and a short lease, ended
by SIGKILL before the given statement or commit (0: never). Settings come from the environment.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from recore.app import create_app
from recore.platform import job_runner, jobs
from recore.settings import Settings
from tests.faults import effects

LEASE = timedelta(seconds=2)


def main(die_after: int, lease: timedelta = LEASE) -> None:
    jobs.LEASE = job_runner.LEASE = lease
    job_runner.AFTER_DEATH = timedelta(seconds=0.5)
    app = create_app(Settings.load())
    registry = app.extensions["recore"].jobs
    effects.register(registry)
    if die_after:
        _die(die_after)
    app.extensions[jobs.ENGINE].work(app, registry)


def _die(after: int) -> None:
    left = after

    def step(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "commit"):
        sa.event.listen(sa.Engine, name, step)


if __name__ == "__main__":
    main(int(sys.argv[1]))
