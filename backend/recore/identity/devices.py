"""Device tokens of paired browsers."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.identity.models import Device
from recore.platform.crypto import hash_token
from recore.platform.db import UnitOfWork
from recore.platform.errors import NotIdentified

# A sync posts many pages; one row written a minute is enough to know that the device lives.
SEEN_EVERY = timedelta(minutes=1)


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


def was_seen_long_ago(device: Device, at: datetime) -> bool:
    """Whether `note_seen` has something to write."""
    return device.last_seen_at is None or device.last_seen_at <= at - SEEN_EVERY


def note_seen(uow: UnitOfWork, device_id: int) -> None:
    """Keep when the device last sent us something; at most once in `SEEN_EVERY`, and never backwards."""
    uow.execute_one(
        sa.update(Device)
        .where(
            Device.id == device_id,
            sa.or_(Device.last_seen_at.is_(None), Device.last_seen_at <= uow.at - SEEN_EVERY),
        )
        .values(last_seen_at=uow.at)
    )
