"""Many rows at once: upserts whose SQL is built once and run with plain tuples, and lists of keys to join with.

SQLAlchemy's own multi-row VALUES reach 0.01–0.03 of raw sqlite3 (architecture.md, "Why not"); this stays near 1.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import InstrumentedAttribute, Session

Column = Sequence[Any] | str | int | None
"""The values of one column: a list with one per row, or one value for every row."""


@dataclass(frozen=True)
class BulkUpsert:
    """INSERT into `table`; a row whose `key` is there already gets `update`, where `condition` (SQL over the table's name and
    `excluded`) holds. Rows that meet neither are left as they are.

    Keys must not repeat within one call: PostgreSQL refuses to touch a row twice.
    """

    table: sa.Table
    columns: tuple[str, ...]
    key: tuple[str, ...]
    update: tuple[str, ...]
    condition: str

    def run(self, session: Session, values: Mapping[str, Column]) -> int:
        """Write the rows; how many were inserted or changed. `values` has every one of `columns`, at least one a list."""
        connection = session.connection()
        count = max(len(each) for each in values.values() if isinstance(each, list))
        if count == 0:
            return 0
        bound = [_bound(self.table.c[name].type, values[name], connection.dialect) for name in self.columns]
        if connection.dialect.name == "sqlite":
            rows = list(
                zip(*(each if isinstance(each, list) else repeat(each, count) for each in bound), strict=True)
            )
            written = connection.exec_driver_sql(self._sqlite, rows).rowcount
        else:
            per_row = tuple(isinstance(each, list) for each in bound)
            written = connection.exec_driver_sql(self._postgresql(per_row), _scalars_first(bound)).rowcount
        return int(written)

    @cached_property
    def _sqlite(self) -> str:
        places = ", ".join("?" * len(self.columns))
        return f"{self._head} VALUES ({places}) {self._tail}"

    def _postgresql(self, per_row: Sequence[bool]) -> str:
        """A value that every row has in common is sent once: an array of it would cost as much as one of different values."""
        given = list(zip(self.columns, self._kinds, per_row, strict=True))
        chosen = ", ".join(f"given.{name}" if is_list else f"%s::{kind}" for name, kind, is_list in given)
        arrays = ", ".join(f"%s::{kind}[]" for _, kind, is_list in given if is_list)
        names = ", ".join(name for name, _, is_list in given if is_list)
        return f"{self._head} SELECT {chosen} FROM unnest({arrays}) AS given ({names}) {self._tail}"  # noqa: S608

    @cached_property
    def _kinds(self) -> list[str]:
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
        return [self.table.c[name].type.dialect_impl(dialect).compile(dialect) for name in self.columns]

    @property
    def _head(self) -> str:
        return f"INSERT INTO {self.table.name} ({', '.join(self.columns)})"

    @property
    def _tail(self) -> str:
        changes = ", ".join(f"{name} = excluded.{name}" for name in self.update)
        return f"ON CONFLICT ({', '.join(self.key)}) DO UPDATE SET {changes} WHERE {self.condition}"


def _scalars_first(bound: Sequence[Column]) -> tuple[Any, ...]:
    """In the order of their places: the select list stands before the arrays."""
    return tuple(sorted(bound, key=lambda each: isinstance(each, list)))


def _bound(kind: sa.types.TypeEngine[Any], values: Column, dialect: Dialect) -> Column:
    """Values as the driver takes them; a type without a conversion costs nothing."""
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    if convert is None:
        return values
    if not isinstance(values, list):
        return convert(values)  # type: ignore[no-any-return]
    known: dict[Any, Any] = {}  # times repeat a lot
    for value in values:
        if value not in known:
            known[value] = convert(value)
    return [known[value] for value in values]


def among(
    session: Session,
    column: sa.ColumnElement[Any] | InstrumentedAttribute[Any],
    values: Collection[str] | Collection[int],
) -> sa.ColumnElement[bool]:
    """`column` is one of these texts or row ids: one bound parameter however many there are.

    PostgreSQL gets an array to look up. `IN (SELECT unnest(…))` says the same, but of a table without statistics it was
    planned as a comparison of every row with every value: 5,000 keys of 100,000 rows took seconds instead of milliseconds.
    """
    if session.get_bind().dialect.name == sqlite.dialect.name:
        given = sa.func.json_each(sa.bindparam(None, _json(list(values)), sa.Text())).table_valued("value")
        return column.in_(sa.select(sa.type_coerce(given.c.value, column.type)))
    kind = (
        sa.Text() if isinstance(column.type, sa.String) else sa.BigInteger()
    )  # VARCHAR(n)[] would cut a text at n
    return column == sa.any_(sa.bindparam(None, list(values), postgresql.ARRAY(kind)))


def _json(values: object) -> str:
    return msgspec.json.encode(values).decode()


def pairs(session: Session, values: Mapping[str, int]) -> sa.FromClause:
    """A table of texts and numbers to join with, as columns `key` and `value`."""
    if session.get_bind().dialect.name == sqlite.dialect.name:
        text = sa.bindparam(None, _json(values), sa.Text())
        columns = sa.column("key", sa.Text()), sa.column("value", sa.BigInteger())
        return sa.func.json_each(text).table_valued(*columns, name="given")
    texts = sa.bindparam(None, list(values), postgresql.ARRAY(sa.Text()))
    numbers = sa.bindparam(None, list(values.values()), postgresql.ARRAY(sa.BigInteger()))
    columns = sa.column("key", sa.Text()), sa.column("value", sa.BigInteger())
    return sa.func.unnest(texts, numbers).table_valued(*columns, name="given").render_derived()
