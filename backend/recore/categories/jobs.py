"""Background work: old uploads are forgotten."""

from __future__ import annotations

from datetime import timedelta

from recore.categories.service import forget_old
from recore.platform.db import unit_of_work
from recore.platform.jobs import JobRun
from recore.wiring import Services

FORGET = "categories.forget_imports"


def register(wired: Services) -> None:
    wired.jobs.add(FORGET, forget, "古いカテゴリファイルの削除", every=timedelta(hours=6))


def forget(run: JobRun) -> None:
    """Repeats until nothing is left, a bounded number of files per transaction."""
    while True:
        with unit_of_work(run.actor) as uow:
            if forget_old(uow) == 0:
                return
        run.heartbeat()
