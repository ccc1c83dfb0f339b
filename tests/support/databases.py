"""Migrate once per engine and session; every test gets its own copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

from recore.app import create_app
from recore.migrations import upgrade
from recore.platform.db import db
from recore.settings import Settings
from tests.support.postgres import PostgresCluster

MOST_ROWS = 5_000  # deleted rows stay in the files until they are vacuumed


class Databases(Protocol):
    """One engine's supply of fresh, migrated databases."""

    def fresh(self, folder: Path) -> AbstractContextManager[str]:
        """The URL of a migrated, empty database that goes at the end; files, if any, in `folder`."""
        ...


def migrate(url: str, data_dir: Path) -> None:
    """Bring the database at `url` to the newest revision, as `recore init` does, and let go of it."""
    app = create_app(Settings(data_dir=data_dir, database_url=url, testing=True, log_level="WARNING"))
    with app.app_context():
        upgrade()
        db.engine.dispose()


class SqliteDatabases:
    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.sqlite3"
        migrate(f"sqlite:///{self._template}", folder / "data")

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        path = folder / "recore.sqlite3"
        shutil.copyfile(self._template, path)
        yield f"sqlite:///{path}"


class PostgresDatabases:
    """A copy of the migrated database is used again as long as a test leaves nothing in it but rows, and not very many:
    emptying it is far quicker than copying and dropping it.
    """

    def __init__(self, cluster: PostgresCluster, folder: Path) -> None:
        self._cluster = cluster
        self._numbers = count(1)
        self._kept: str | None = None
        migrate(cluster.create_database("migrated"), folder / "data")

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        name, self._kept = self._kept, None
        if name is None:
            name = f"test_{next(self._numbers)}"
            self._cluster.create_database(name, template="migrated")
        yield self._cluster.url(name)
        if self._cluster.empty(name, most_rows=MOST_ROWS):
            self._kept = name
        else:
            self._cluster.drop_database(name)
