"""R32, rule 4: what Redis loses or brings twice changes nothing; switching engines is settings only."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from demo.stage import free_port, process
from recore.app import create_app
from recore.listings.rules import BatchState
from recore.platform.db import db
from recore.platform.jobs import ENGINE
from recore.settings import Settings
from tests.faults import effects
from tests.faults.workers import ROOT, Desk, environment, open_jobs, wait_until, workers
from tests.support.desk import batch_now, make_batch, queued
from tests.support.postgres import PostgresCluster
from tests.support.redis import RedisServer
from tests.support.shop import open_shop


def nothing() -> None:
    pass


def test_rule_4_a_broker_that_forgets_everything_delays_jobs_and_loses_none(
    web: Flask, scaled: Settings, desk: Desk, broker: RedisServer, tmp_path: Path
) -> None:
    with workers(scaled, tmp_path, []):
        desk.ask(3)
        wait_until(lambda: open_jobs(web) == 0, nothing, tmp_path)
        broker.kill()
        desk.ask(6)  # nobody who saves a page notices
        assert open_jobs(web) == 6
        broker.start()
        wait_until(lambda: open_jobs(web) == 0, nothing, tmp_path)
    with web.app_context():
        found = effects.effects()
    assert {key: (total, value) for key, (_, total, value) in found.items()} == desk.expected()


@pytest.mark.parametrize("engine", ["embedded", "celery"])
def test_rule_4_workers_outlive_a_database_that_is_away(
    web: Flask, scaled: Settings, desk: Desk, postgres_cluster: PostgresCluster, tmp_path: Path, engine: str
) -> None:
    database = str(sa.make_url(scaled.database_url).database)
    with workers(dataclasses.replace(scaled, engine=engine), tmp_path, []):
        for _ in range(3):
            desk.ask(8)
            wait_until(lambda: open_jobs(web) < 8, nothing, tmp_path)  # they are at it
            with postgres_cluster.away(database):
                time.sleep(1)
        wait_until(lambda: open_jobs(web) == 0, nothing, tmp_path)
    with web.app_context():
        found = effects.effects()
    assert {key: (total, value) for key, (_, total, value) in found.items()} == desk.expected()


def test_rule_4_a_message_that_comes_twice_or_for_nothing_is_a_no_op(
    web: Flask, scaled: Settings, desk: Desk, tmp_path: Path
) -> None:
    desk.ask(4)
    with web.app_context():
        for _ in range(5):
            for job_id in (4, 2, 3, 1, 999):
                web.extensions[ENGINE].announce(desk.shops[0].tenant_id, job_id)
    with workers(scaled, tmp_path, []):
        wait_until(lambda: open_jobs(web) == 0, nothing, tmp_path)
        wait_until(lambda: web.extensions[ENGINE].waiting() == 0, nothing, tmp_path)
    with web.app_context():
        assert [runs for runs, _, _ in effects.effects().values()] == [1] * 4


@contextmanager
def commands(settings: Settings, folder: Path) -> Iterator[None]:
    """Two web processes and two `recore worker`s; the workers end when they are asked to."""
    here = environment(settings)
    with (folder / "workers.log").open("wb") as log:
        started = [
            subprocess.Popen([sys.executable, "-m", "recore.cli", "worker"], cwd=ROOT, env=here, stdout=log, stderr=log)
            for _ in range(2)
        ]  # fmt: skip
    port = free_port()
    gunicorn = [
        sys.executable,
        "-m",
        "gunicorn",
        "--workers",
        "2",
        "--bind",
        f"127.0.0.1:{port}",
        "recore.wsgi:app",
    ]
    try:
        with process(gunicorn, folder / "web.log", f"http://127.0.0.1:{port}/login", here):
            yield
        for each in started:
            each.terminate()
        assert [each.wait(60) for each in started] == [0, 0]
    finally:
        for each in started:
            each.kill()
            each.wait()


@pytest.mark.parametrize("engine", ["embedded", "celery"])
def test_r32_switching_the_engine_is_settings_only(scaled: Settings, tmp_path: Path, engine: str) -> None:
    settings = dataclasses.replace(scaled, engine=engine)
    app = create_app(settings)
    shop = open_shop(app)
    account_id = shop.yahoo_account()
    with commands(settings, tmp_path):
        queued(shop, account_id)
        (batch_id,) = make_batch(shop, account_id).batch_ids
        wait_until(lambda: batch_now(shop, batch_id).state is BatchState.READY, nothing, tmp_path)
    with app.app_context():
        db.engine.dispose()
