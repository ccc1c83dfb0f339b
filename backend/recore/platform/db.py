"""The database: one code path for SQLite and PostgreSQL.

- `Base`, `TenantScoped`, `tenant_args`, `tenant_fk`: how tables are declared (rules 10, 11, 15).
- `unit_of_work(actor)`: the only place that commits (rule 1). On SQLite it takes the per-process writer lock and
  `BEGIN IMMEDIATE` (rule 2). `again_after_deadlock` repeats one.
- Guards: writes outside a unit of work are refused; a statement on a tenant table without a bound tenant is refused.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum as PyEnum
from functools import lru_cache
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, with_loader_criteria

from recore.platform import clock
from recore.platform.actor import Actor
from recore.platform.tenancy import SYSTEM, TenantMissing, bound_tenant, require_tenant

T = TypeVar("T")
DEADLOCKS = frozenset({"40P01", "40001"})  # deadlock_detected, serialization_failure
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.TypeDecorator[datetime]):
    """Aware datetimes in UTC; a naive one is refused. SQLite keeps them as sortable text."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        int: BigId,
        datetime: UtcDateTime(),
        dict[str, Any]: Json,
        list[Any]: Json,
        PyEnum: sa.Enum(PyEnum, native_enum=False, length=24, create_constraint=True, validate_strings=True),
    }


class TenantOwned:
    """Rows that belong to one tenant, under a key of their own; almost every table is TenantScoped instead."""

    tenant_id: Mapped[int] = mapped_column(sa.ForeignKey("tenants.id"), default=require_tenant, sort_order=-9)


class TenantScoped(TenantOwned):
    """A table whose rows belong to one tenant. Declare `__table_args__ = tenant_args(…)`."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)


def tenant_args(*more: sa.schema.SchemaItem) -> tuple[sa.schema.SchemaItem, ...]:
    """The table arguments of a tenant table: UNIQUE (tenant_id, id), so that others can point to it with their tenant."""
    return (sa.UniqueConstraint("tenant_id", "id"), *more)


def tenant_fk(column: str, table: str) -> sa.ForeignKeyConstraint:
    """(tenant_id, column) → table (tenant_id, id): a row cannot point into another tenant."""
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"])


db = SQLAlchemy()  # holds the session of the app context; models use our own Base

# --- unit of work ------------------------------------------------------------------------------------------------

_writing: ContextVar[bool] = ContextVar("recore_writing", default=False)
_flushing: ContextVar[bool] = ContextVar("recore_flushing", default=False)
_sqlite_writer = threading.RLock()


@dataclass
class UnitOfWork:
    """One transaction: who acts, when, and the session. Services take it and never commit."""

    session: Session
    actor: Actor
    at: datetime
    _after_commit: list[Callable[[], None]] = field(default_factory=list)

    @property
    def tenant_id(self) -> int:
        return require_tenant()

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Run `callback` once the transaction is safely committed (waking the worker); not on rollback."""
        self._after_commit.append(callback)

    def execute_one(self, statement: sa.Update | sa.Delete) -> bool:
        """Run a conditional UPDATE or DELETE; True when exactly one row matched, False when none did."""
        result = self.session.execute(statement, execution_options={"synchronize_session": False})
        count: int = result.rowcount  # type: ignore[attr-defined]
        if count > 1:
            raise RuntimeError(f"conditional statement matched {count} rows")
        return count == 1


@contextmanager
def unit_of_work(actor: Actor) -> Iterator[UnitOfWork]:
    """Open a write transaction in the current app context; commit at the end, roll back on any exception.

    Objects read before it are expired: load what you change inside. Units of work do not nest.
    """
    if _writing.get():
        raise RuntimeError("units of work do not nest")
    session: Session = db.session()
    if session.in_transaction():
        session.rollback()
    on_sqlite = db.engine.dialect.name == "sqlite"
    mark = _writing.set(True)
    if on_sqlite:
        _sqlite_writer.acquire()
    try:
        uow = UnitOfWork(session, actor, clock.now())
        try:
            yield uow
            session.commit()
        except BaseException:
            session.rollback()
            raise
    finally:
        if on_sqlite:
            _sqlite_writer.release()
        _writing.reset(mark)
    for callback in uow._after_commit:
        callback()


ATTEMPTS = 4


def again_after_deadlock(work: Callable[[], T]) -> T:
    """Run `work`, which is one whole unit of work; again, when PostgreSQL ended it to let another one through.

    Nothing of an ended one is left behind. Two units that take the same rows in another order come to this.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return work()
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in DEADLOCKS:
                raise
    return work()


def upsert(session: Session, table: type[Base] | sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT with ON CONFLICT in the dialect of `session`."""
    dialect = session.get_bind().dialect.name
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


# --- guards ------------------------------------------------------------------------------------------------------

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@lru_cache(maxsize=4096)
def _facts_of(statement: str) -> tuple[bool, bool, bool]:
    """(touches a tenant table, names tenant_id, writes)"""
    tables = [name for name, table in Base.metadata.tables.items() if "tenant_id" in table.columns]
    touches = bool(re.search(rf"\b({'|'.join(map(re.escape, tables))})\b", statement)) if tables else False
    head = statement.lstrip().upper()
    writes = head.startswith(WRITES) or (
        head.startswith("WITH") and bool(re.search(rf"\b({'|'.join(WRITES)})\s", head))
    )
    return touches, "tenant_id" in statement, writes


def _guard(
    conn: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    touches, names_tenant, writes = _facts_of(statement)
    if conn.info.get("recore_unguarded"):
        return
    if writes and not _writing.get():
        raise RuntimeError(f"write outside unit_of_work: {statement[:80]}")
    tenant = bound_tenant()
    if touches:
        if tenant is None:
            raise TenantMissing(f"no tenant is bound for: {statement[:80]}")
        if tenant != SYSTEM and not names_tenant and not _flushing.get():
            raise TenantMissing(f"the statement does not name tenant_id: {statement[:80]}")
    if conn.dialect.name == "postgresql":
        _bind_row_security(conn, cursor, tenant)


def _bind_row_security(conn: Connection, cursor: Any, tenant: int | None) -> None:
    """PostgreSQL's row-level security reads `recore.tenant`: the second wall behind the filter."""
    wanted = "*" if tenant == SYSTEM else str(tenant or "")
    if conn.info.get("recore_rls") != wanted:
        cursor.execute("SELECT set_config('recore.tenant', %s, true)", (wanted,))
        conn.info["recore_rls"] = wanted


def _forget_row_security(conn: Connection) -> None:
    conn.info.pop("recore_rls", None)


def _begin_sqlite(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def _prepare_sqlite(dbapi_connection: Any, record: Any) -> None:
    dbapi_connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        dbapi_connection.execute(f"PRAGMA {pragma}")


def install_guards(engine: Engine) -> None:
    """Attach pragmas, BEGIN and the guards to `engine`; called once by create_app (and by alembic's env)."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        for name in ("begin", "commit", "rollback"):
            event.listen(engine, name, _forget_row_security)
    event.listen(engine, "before_cursor_execute", _guard)


@event.listens_for(Session, "do_orm_execute")
def _add_tenant_filter(state: Any) -> None:
    tenant = bound_tenant()
    if tenant is None or tenant == SYSTEM or not (state.is_select or state.is_update or state.is_delete):
        return
    state.statement = state.statement.options(
        with_loader_criteria(TenantOwned, lambda cls: cls.tenant_id == tenant, include_aliases=True)
    )


@event.listens_for(Session, "before_flush")
def _check_flush(session: Session, context: Any, instances: Sequence[Any] | None) -> None:
    tenant = bound_tenant()
    for each in (*session.new, *session.dirty, *session.deleted):
        if isinstance(each, TenantOwned) and tenant != SYSTEM and each.tenant_id not in (None, tenant):
            raise TenantMissing(f"{type(each).__name__} of tenant {each.tenant_id} flushed under {tenant}")
    session.info["recore_flush_mark"] = _flushing.set(True)


@event.listens_for(Session, "after_flush")
def _end_flush(session: Session, context: Any) -> None:
    _flushing.reset(session.info.pop("recore_flush_mark"))


@event.listens_for(Session, "after_rollback")
def _end_failed_flush(session: Session) -> None:
    """A flush that failed never reaches after_flush."""
    if "recore_flush_mark" in session.info:
        _flushing.reset(session.info.pop("recore_flush_mark"))
