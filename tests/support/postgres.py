"""A private PostgreSQL cluster: own directory, socket and port; gone with the process that started it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg import sql

SUPERUSER, APP_ROLE = "cluster_owner", "recore_app"
PORT = 5433  # only names the socket file: nothing listens on the network
# A test's data need not survive a power cut.
OPTIONS = {"listen_addresses": "", "fsync": "off", "full_page_writes": "off", "max_connections": "200"}
START_SECONDS = 30.0
# Another result after every change of tables, columns, keys, triggers, policies or functions.
SCHEMA = sql.SQL(" UNION ALL ").join(
    sql.SQL("SELECT {}, count(*), max(xmin::text::bigint) FROM {}").format(sql.Literal(each), sql.Identifier(each))
    for each in (
        "pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger", "pg_policy", "pg_proc", "pg_type",
    )
)  # fmt: skip


@dataclass(frozen=True)
class PostgresCluster:
    """A running server. The application connects as APP_ROLE, which owns its databases and is neither
    superuser nor exempt from row-level security (both would bypass the second wall)."""

    socket_dir: Path

    def url(self, database: str) -> str:
        """SQLAlchemy URL of `database` for the application's role."""
        return f"postgresql+psycopg://{APP_ROLE}@/{database}?host={self.socket_dir}&port={PORT}"

    def create_database(self, name: str, template: str = "template0") -> str:
        """Make `name`, owned by the application's role, as a copy of `template`; its URL."""
        self._run(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(APP_ROLE), sql.Identifier(template)
            )
        )
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop `name`, cutting off whoever is still connected."""
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def empty(self, name: str, most_rows: int) -> bool:
        """Cut off whoever is still connected and delete every row, as in a new copy of "migrated"; False, and nothing is promised,
        when there were more than `most_rows`, or the schema is another one.
        """
        with self.connect_as_superuser(name) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if connection.execute(SCHEMA).fetchall() != self._migrated_schema:
                return False
            connection.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
            rows = 0
            for (table,) in connection.execute(self._used_tables).fetchall():
                rows += connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table))).rowcount
            connection.execute(
                "SELECT setval(quote_ident(schemaname) || '.' || quote_ident(sequencename), start_value, false)"
                " FROM pg_sequences WHERE last_value IS NOT NULL"
            )
        return rows <= most_rows

    @cached_property
    def _migrated_schema(self) -> list[tuple[object, ...]]:
        with self.connect_as_superuser("migrated") as connection:
            return connection.execute(SCHEMA).fetchall()

    @cached_property
    def _used_tables(self) -> sql.Composed:
        """A statement that names the tables with rows."""
        with self.connect_as_superuser("migrated") as connection:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            ).fetchall()
        one = "SELECT {} WHERE EXISTS (SELECT FROM {})"
        return sql.SQL(" UNION ALL ").join(
            sql.SQL(one).format(sql.Literal(name), sql.Identifier(name)) for (name,) in tables
        )

    @contextmanager
    def away(self, name: str) -> Iterator[None]:
        """`name` breaks off every conversation and answers nobody, as while its server is restarted."""
        database = sql.Identifier(name)
        self._run(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(database))
        ended = sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}")
        self._run(ended.format(sql.Literal(name)))
        try:
            yield
        finally:
            self._run(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(database))

    def _run(self, statement: sql.Composed) -> None:
        with self.connect_as_superuser() as connection:
            connection.execute(statement)

    def connect_as_superuser(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.socket_dir), port=PORT, user=SUPERUSER, dbname=database, autocommit=True
        )


@contextmanager
def running_cluster() -> Iterator[PostgresCluster]:
    """initdb and start a server in a new directory; stop it and remove the directory at the end."""
    binaries = server_binaries()
    home = Path(tempfile.mkdtemp(prefix="recore-pg-", dir="/tmp"))  # a socket's path has 107 bytes at most
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(home, owner.pw_uid, owner.pw_gid)
    log = home / "server.log"
    try:
        _initdb(binaries, home)
        server = _start(binaries, home)
        try:
            cluster = PostgresCluster(home)
            _wait_until_ready(cluster, server, log)
            cluster._run(
                sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(APP_ROLE))
            )
            yield cluster
        finally:
            _stop(server)
    finally:
        shutil.rmtree(home)


def server_binaries() -> Path:
    """The newest installed server's bin folder (initdb and postgres are not on Debian's PATH)."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise RuntimeError("PostgreSQL's server is not installed: apt-get install postgresql")
    return (found[-1] if found else Path(str(on_path)).resolve()).parent


def _unprivileged() -> list[str]:
    """The prefix that runs a command as a plain user (PostgreSQL refuses root) and ends it when this process dies."""
    identity = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *identity, "--pdeathsig=QUIT", "--"]


def _initdb(binaries: Path, home: Path) -> None:
    subprocess.run(
        [*_unprivileged(), str(binaries / "initdb"), "-D", str(home / "data"), "-U", SUPERUSER, "--auth=trust",
         "--locale=C.UTF-8", "-E", "UTF8", "--no-sync"],
        check=True, cwd="/", stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _start(binaries: Path, home: Path) -> subprocess.Popen[bytes]:
    options = [part for name, value in OPTIONS.items() for part in ("-c", f"{name}={value}")]
    with (home / "server.log").open("wb") as log:
        return subprocess.Popen(
            [*_unprivileged(), str(binaries / "postgres"), "-D", str(home / "data"), "-k", str(home), "-p", str(PORT),
             *options],
            cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip


def _wait_until_ready(cluster: PostgresCluster, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with suppress(psycopg.OperationalError), cluster.connect_as_superuser():
            return
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text('utf-8')[-2000:]}")
        time.sleep(0.05)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()  # with sessions still open TERM would wait for them: QUIT ends at once
    try:
        server.wait(2)
    except subprocess.TimeoutExpired:
        server.send_signal(3)
        server.wait(10)
