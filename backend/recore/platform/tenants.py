"""The tenants of this installation (R1)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from recore.platform.db import Base
from recore.platform.errors import NotFound


class Tenant(Base):
    """`host` is the name it answers on (`shop.example.com`, without port); a tenant that is alone answers on any."""

    __tablename__ = "tenants"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    host: Mapped[str | None] = mapped_column(sa.String(253), unique=True)


def tenant_for_host(session: Session, host: str) -> Tenant:
    """The tenant that answers on `host`; call it in `system_scope()`. Raises NotFound NO_SUCH_TENANT."""
    tenants = session.scalars(sa.select(Tenant).where(Tenant.host == host.lower())).all()
    if not tenants:
        everyone = session.scalars(sa.select(Tenant).limit(2)).all()
        tenants = everyone if len(everyone) == 1 else []
    if not tenants:
        raise NotFound(
            "NO_SUCH_TENANT", "このアドレスのお店は見つかりません。", remedy="URLを確認してください。"
        )
    return tenants[0]
