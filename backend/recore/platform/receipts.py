"""Receipts: a repeated request is a no-op with the first answer (architecture rule 7)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform.db import Base, TenantScoped, UnitOfWork, tenant_args, upsert
from recore.platform.errors import Conflict


class Receipt(TenantScoped, Base):
    """`answer` never holds buyer data (rule 13)."""

    __tablename__ = "receipts"
    scope: Mapped[str] = mapped_column(sa.String(80))
    key: Mapped[str] = mapped_column(sa.String(80))
    body_sha256: Mapped[str] = mapped_column(sa.String(64))
    answer: Mapped[dict[str, Any] | None]
    at: Mapped[datetime]
    __table_args__ = tenant_args(sa.UniqueConstraint("tenant_id", "scope", "key"))


def once(
    uow: UnitOfWork, scope: str, key: str, body: bytes, effect: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Run `effect` and keep its answer under (scope, key); a repeat with the same `body` gets that answer back.

    The receipt commits together with the effect: after a crash either both are there or neither.
    Raises Conflict KEY_REUSED when the key came with another body.
    """
    digest = hashlib.sha256(body).hexdigest()
    inserted = uow.session.execute(
        upsert(uow.session, Receipt)
        .values(tenant_id=uow.tenant_id, scope=scope, key=key, body_sha256=digest, at=uow.at)
        .on_conflict_do_nothing(index_elements=["tenant_id", "scope", "key"])
        .returning(Receipt.id)
    ).scalar_one_or_none()
    if inserted is None:
        return _first_answer(uow, scope, key, digest)
    answer = effect()
    uow.session.flush()
    uow.session.execute(
        sa.update(Receipt).where(Receipt.id == inserted).values(answer=answer),
        execution_options={"synchronize_session": False},
    )
    return answer


def _first_answer(uow: UnitOfWork, scope: str, key: str, digest: str) -> dict[str, Any]:
    found = uow.session.execute(
        sa.select(Receipt.body_sha256, Receipt.answer).where(
            Receipt.tenant_id == uow.tenant_id, Receipt.scope == scope, Receipt.key == key
        )
    ).one()
    if found.body_sha256 != digest:
        raise Conflict(
            "KEY_REUSED", "同じ受付番号で違う内容が送られました。", remedy="もう一度操作してください。"
        )
    answer: dict[str, Any] = found.answer
    return answer
