"""Background work of commands: what nobody would come back to, and auctions whose stock is gone by any other way."""

from __future__ import annotations

from datetime import timedelta

from recore.commands.asking import end_without_stock
from recore.commands.service import sweep
from recore.platform.db import unit_of_work
from recore.platform.jobs import JobRun
from recore.wiring import Services

SWEEP = "commands.sweep"


def register(wired: Services) -> None:
    wired.jobs.add(SWEEP, run_sweep, "出荷連絡・取り下げの見回り", every=timedelta(minutes=1))


def run_sweep(run: JobRun) -> None:
    """Every minute; repeating it changes nothing."""
    with unit_of_work(run.actor) as uow:
        sweep(uow)
        end_without_stock(uow)
