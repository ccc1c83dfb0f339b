"""Device tokens of paired browsers."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.identity.models import Device
from recore.platform.crypto import hash_token
from recore.platform.errors import NotIdentified


def device_for_token(session: Session, authorization: str) -> Device:
    """The live device of an `Authorization: Bearer …` header. Raises NotIdentified NOT_PAIRED."""
    scheme, _, token = authorization.partition(" ")
    device = None
    if scheme.lower() == "bearer" and token:
        statement = sa.select(Device).where(
            Device.token_hash == hash_token(token), Device.revoked_at.is_(None)
        )
        device = session.scalars(statement).one_or_none()
    if device is None:
        raise NotIdentified(
            "NOT_PAIRED",
            "この拡張機能は接続されていません。",
            remedy="拡張機能のオプションを開き、【保存する】を押して接続し直してください。",
        )
    return device
