"""Fixtures for everybody. A test that takes `app` (or `client`, `engine_url`) runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from recore.app import create_app
from recore.identity import service as identity
from recore.platform.db import db
from recore.settings import Settings
from tests.support.browser import Browser, browser
from tests.support.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.support.postgres import PostgresCluster, running_cluster
from tests.support.servers import Servers, running_servers

ENGINES = ("sqlite", "postgresql")
TESTS = Path(__file__).parent

# A timing is never asserted (quality.md), so no example has a deadline.
hypothesis.settings.register_profile("test", deadline=None)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=2000, stateful_step_count=100)
hypothesis.settings.load_profile("test")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What drives Chromium is marked by where it stands: it runs after the rest, which needs the processor."""
    for item in items:
        if item.path.is_relative_to(TESTS / "e2e") or item.path.stem.endswith("_in_chromium"):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[PostgresCluster]:
    """A private server; its `url`s connect as a plain role that owns its databases."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def _sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def _postgres_databases(
    postgres_cluster: PostgresCluster, tmp_path_factory: pytest.TempPathFactory
) -> PostgresDatabases:
    return PostgresDatabases(postgres_cluster, tmp_path_factory.mktemp("postgresql"))


@pytest.fixture(params=ENGINES)
def engine_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, migrated, empty database on each engine in turn."""
    supply = {"sqlite": "_sqlite_databases", "postgresql": "_postgres_databases"}[request.param]
    databases: Databases = request.getfixturevalue(supply)  # only the engine asked for is started
    with databases.fresh(tmp_path) as url:
        yield url


@pytest.fixture
def settings(engine_url: str, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data",
        database_url=engine_url,
        testing=True,
        log_level="WARNING",
    )


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hashes that cost nothing: what a password costs to guess is argon2's own business, and every test makes logins."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def _compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, _compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The application on an empty database: no tenant yet, no worker thread."""
    made = create_app(settings)
    made.jinja_env.bytecode_cache = _compiled_templates
    with made.app_context():
        _share_compiled_statements(db.engine)
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", _without_flushing)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


_dialects: dict[str, sa.Dialect] = {}
_compiled: dict[object, object] = {}


def _share_compiled_statements(engine: sa.Engine) -> None:
    """A statement is compiled once for all tests: the key under which SQLAlchemy keeps it names the dialect object."""
    engine.dialect = _dialects.setdefault(engine.dialect.name, engine.dialect)
    engine.update_execution_options(compiled_cache=_compiled)


def _without_flushing(connection: sqlite3.Connection, _: object) -> None:
    """A test's data need not survive a power cut."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def new_client(app: Flask) -> Callable[[], FlaskClient]:
    """Further browsers, each with its own cookies."""
    return app.test_client


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The real back office and sandbox, with one fresh demo shop for all tests of a module."""
    with running_servers(tmp_path_factory.mktemp("servers")) as running:
        yield running


@pytest.fixture
def extension_browser(servers: Servers, tmp_path: Path) -> Iterator[Browser]:
    """Chromium with a fresh profile and the extension that knows this module's sandbox."""
    with browser(tmp_path, servers.extension) as opened:
        yield opened
