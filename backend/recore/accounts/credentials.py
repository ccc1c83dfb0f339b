"""What lets us in at a marketplace: `MarketplaceAccount.credentials`, an encrypted dictionary of names and secrets.

Nothing here reaches a page, a log or the audit. A change says which content it replaces, so two that change it at once
never mix; nobody holds a lock while he asks the marketplace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts.models import MarketplaceAccount
from recore.platform.crypto import Keyring
from recore.platform.db import UnitOfWork
from recore.platform.errors import Conflict
from recore.platform.tenancy import require_tenant

TABLE, PURPOSE = MarketplaceAccount.__tablename__, "credentials"


@dataclass(frozen=True)
class Credentials:
    """The values as read, and the envelope they came in; the repr shows neither."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    envelope: bytes | None = field(default=None, repr=False)

    def get(self, name: str) -> str:
        """Empty for what there is not."""
        return self.values.get(name, "")


def read(session: Session, keyring: Keyring, account_id: int) -> Credentials:
    """Empty for an account that has none. Raises Terminal when a key is missing."""
    envelope = session.scalar(
        sa.select(MarketplaceAccount.credentials).where(MarketplaceAccount.id == account_id)
    )
    if envelope is None:
        return Credentials()
    values = keyring.decrypt_json(envelope, tenant_id=require_tenant(), table=TABLE, purpose=PURPOSE)
    return Credentials(values, envelope)


def replace(
    uow: UnitOfWork, keyring: Keyring, account_id: int, before: Credentials, values: Mapping[str, str]
) -> Credentials | None:
    """Put `values` in the place of `before`; None when somebody has changed them since. No values: nothing is kept."""
    envelope = None
    if values:
        envelope = keyring.encrypt_json(dict(values), tenant_id=uow.tenant_id, table=TABLE, purpose=PURPOSE)
    same = MarketplaceAccount.credentials.is_not_distinct_from(before.envelope)
    replaced = uow.execute_one(
        sa.update(MarketplaceAccount)
        .where(MarketplaceAccount.id == account_id, same)
        .values(credentials=envelope)
    )
    return Credentials(dict(values), envelope) if replaced else None


def change(
    uow: UnitOfWork, keyring: Keyring, account_id: int, before: Credentials, values: Mapping[str, str]
) -> None:
    """`replace` for what a person does. Raises Conflict CHANGED_MEANWHILE."""
    if replace(uow, keyring, account_id, before, values) is None:
        raise changed_meanwhile()


def changed_meanwhile() -> Conflict:
    return Conflict(
        "CHANGED_MEANWHILE",
        "ほかの人が同時に連携の設定を変えました。",
        remedy="画面を開き直して、もう一度操作してください。",
    )
