"""Gap-tolerant numbers per tenant (IT codes, PD codes, order and purchase numbers, sync runs), safe under concurrency."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform.db import Base, TenantScoped, UnitOfWork, tenant_args, upsert


class NumberSeries(TenantScoped, Base):
    """The last number given out under `name`."""

    __tablename__ = "number_series"
    name: Mapped[str] = mapped_column(sa.String(60))
    last: Mapped[int]
    __table_args__ = tenant_args(sa.UniqueConstraint("tenant_id", "name"))


def next_number(uow: UnitOfWork, name: str, *, count: int = 1) -> int:
    """Reserve `count` numbers of the series `name` and return the first; the series starts at 1."""
    statement = upsert(uow.session, NumberSeries).values(tenant_id=uow.tenant_id, name=name, last=count)
    statement = statement.on_conflict_do_update(
        index_elements=["tenant_id", "name"], set_={"last": NumberSeries.last + count}
    ).returning(NumberSeries.last)
    last: int = uow.session.execute(statement).scalar_one()
    return last - count + 1
