"""Worker processes that are killed and replaced, and somebody who gives them work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from recore.platform.db import db
from recore.platform.jobs import Job, JobState
from recore.platform.tenancy import system_scope
from recore.settings import Settings
from tests.faults import effects
from tests.support.shop import Shop

ROOT = Path(__file__).parents[2]
PATIENCE = 300.0  # seconds until a test is given up; nothing is measured


def environment(settings: Settings) -> dict[str, str]:
    """What makes a process of its own use `settings`."""
    given = {
        "RECORE_DATA_DIR": str(settings.data_dir), "RECORE_DATABASE_URL": settings.database_url,
        "RECORE_ENGINE": settings.engine, "RECORE_BROKER_URL": settings.broker_url, "RECORE_LOG_LEVEL": "WARNING",
    }  # fmt: skip
    if settings.amazon_api_url:
        given |= {
            "RECORE_AMAZON_AUTH_URL": settings.amazon_auth_url,
            "RECORE_AMAZON_API_URL": settings.amazon_api_url,
        }
    return {**os.environ, **given}


@dataclass
class Workers:
    """Two worker processes; who dies is replaced, each replacement with a next step to die at while there is one.

    `program`: the module that is run, with the step and `arguments`; what a step is, is its own.
    """

    settings: Settings
    folder: Path
    steps: list[int | str] = field(default_factory=list)
    program: str = "tests.faults.job_worker"
    arguments: tuple[str, ...] = ()
    kills: int = 0
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        step = self.steps.pop() if self.steps else 0
        with (self.folder / "workers.log").open("ab") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", self.program, str(step), *self.arguments],
                cwd=ROOT, env=environment(self.settings), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        self.running.append(started)

    def replace_the_dead(self) -> None:
        for each in list(self.running):
            if (status := each.poll()) is not None:
                assert status == -signal.SIGKILL, (self.folder / "workers.log").read_text("utf-8")[-4000:]
                self.kills += 1
                self.running.remove(each)
                self.start()


@contextmanager
def workers(settings: Settings, folder: Path, steps: Sequence[int | str], **how: Any) -> Iterator[Workers]:
    """Two of them; at the end they are asked to stop, and do."""
    them = Workers(settings, folder, list(steps), **how)
    them.start()
    them.start()
    try:
        yield them
        for each in them.running:
            each.terminate()
        ended = [each.wait(60) for each in them.running]
        # -TERM: of one that was only starting; -KILL: it came to its step just now
        assert set(ended) <= {0, -signal.SIGTERM, -signal.SIGKILL}, ended
        assert them.kills + ended.count(-signal.SIGKILL) <= len(steps), "more died than were to be killed"
    finally:
        for each in them.running:
            each.kill()
            each.wait()


def wait_until(
    is_so: Callable[[], bool], meanwhile: Callable[[], None], folder: Path, *, patience: float = PATIENCE
) -> None:
    deadline = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < deadline, (folder / "workers.log").read_text("utf-8")[-4000:]
        meanwhile()
        time.sleep(0.1)


def open_jobs(web: Flask) -> int:
    with web.app_context(), system_scope():
        try:
            statement = sa.select(sa.func.count(Job.id)).where(
                Job.kind == effects.KIND, Job.state.in_((JobState.QUEUED, JobState.RUNNING))
            )
            return db.session.scalar(statement) or 0
        finally:
            db.session.remove()


def jobs_by_state(web: Flask) -> dict[tuple[str, str], int]:
    """(kind, state) → how many, of the jobs that are not done."""
    with web.app_context(), system_scope():
        try:
            statement = sa.select(Job.kind, Job.state, sa.func.count(Job.id)).where(
                Job.state != JobState.DONE
            )
            return {
                (kind, str(state)): count
                for kind, state, count in db.session.execute(statement.group_by(Job.kind, Job.state))
            }
        finally:
            db.session.remove()


@dataclass
class Desk:
    """Who keeps asking for effects, one shop after the other."""

    shops: list[Shop]
    asked: dict[int, list[int]] = field(default_factory=dict)
    number: int = 0

    def ask(self, count: int) -> None:
        for _ in range(count):
            self.number += 1
            shop = self.shops[self.number % len(self.shops)]
            with shop.work() as uow:
                effects.ask(uow, self.number)
            self.asked.setdefault(shop.tenant_id, []).append(self.number)

    def expected(self) -> dict[tuple[int, int], tuple[int, int]]:
        """(tenant, number) → (total, value)"""
        numbers = [(tenant, each) for tenant, all_of in self.asked.items() for each in all_of]
        children = [(tenant, each + effects.CHILDREN) for tenant, each in numbers if each % 5 == 0]
        return {(tenant, each): (1, each * 10) for tenant, each in numbers + children}
