"""Gap-tolerant numbers per tenant (IT codes, PD codes, order and purchase numbers, sync runs), safe under concurrency."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import ReturningInsert

from recore.platform.db import Base, TenantScoped, UnitOfWork, tenant_args


class NumberSeries(TenantScoped, Base):
    """The last number given out under `name`."""

    __tablename__ = "number_series"
    name: Mapped[str] = mapped_column(sa.String(60))
    last: Mapped[int]
    __table_args__ = tenant_args(sa.UniqueConstraint("tenant_id", "name"))


def next_number(uow: UnitOfWork, name: str, *, count: int = 1) -> int:
    """Reserve `count` numbers of the series `name` and return the first; the series starts at 1."""
    last: int = (
        uow.session.connection()
        .execute(
            _statement(uow.session.get_bind().dialect.name),
            {"tenant_id": uow.tenant_id, "name": name, "last": count},
        )
        .scalar_one()
    )
    return last - count + 1


@cache
def _statement(dialect: str) -> ReturningInsert[Any]:
    """Built once per dialect: building it takes longer than running it (B5)."""
    table = cast(sa.Table, NumberSeries.__table__)
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    insert = insert.values({name: sa.bindparam(name) for name in ("tenant_id", "name", "last")})
    return insert.on_conflict_do_update(
        index_elements=["tenant_id", "name"], set_={"last": table.c.last + insert.excluded.last}
    ).returning(table.c.last)
