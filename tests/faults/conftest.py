from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from recore.app import create_app
from recore.platform.db import db
from recore.settings import Settings
from tests.faults import effects
from tests.faults.workers import Desk
from tests.support.databases import PostgresDatabases
from tests.support.redis import RedisServer, running_redis
from tests.support.shop import open_shop


@pytest.fixture
def dice(pytestconfig: pytest.Config) -> random.Random:
    """Thrown alike again under the same --hypothesis-seed; check.py prints it."""
    return random.Random(pytestconfig.getoption("hypothesis_seed"))


@pytest.fixture
def broker() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@pytest.fixture
def scaled(_postgres_databases: PostgresDatabases, broker: RedisServer, tmp_path: Path) -> Iterator[Settings]:
    """The settings of many hosts: PostgreSQL, Redis, Celery."""
    with _postgres_databases.fresh(tmp_path) as url:
        yield Settings(
            data_dir=tmp_path / "data", database_url=url, engine="celery", broker_url=broker.url, log_level="WARNING"
        )  # fmt: skip


@pytest.fixture
def web(scaled: Settings) -> Iterator[Flask]:
    """The process that writes jobs and runs none."""
    made = create_app(scaled)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def desk(web: Flask) -> Desk:
    with web.app_context(), db.engine.connect() as connection:
        connection.info["recore_unguarded"] = True
        connection.exec_driver_sql(effects.CREATE)
        connection.commit()
        connection.info.pop("recore_unguarded")
    return Desk([open_shop(web, name, f"{name}.example") for name in ("first", "second", "third")])
