"""Pairing a browser with the tenant (R13): at once by whoever is logged in, else by a device code (RFC 8628).

Codes and tokens are kept as hashes only; a code lives ten minutes and gives one token.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.identity.models import Device, PairingRequest, PairingStatus
from recore.platform.audit import record
from recore.platform.crypto import hash_token, new_token
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, NotFound
from recore.platform.text_ja import fold

LIFE = timedelta(minutes=10)
KEPT = timedelta(days=1)  # a code that is over says so for a while, then it is gone: anybody may ask for one
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"  # RFC 8628: no vowels, nothing that looks like a digit
TRIES = 10


class PollStatus(StrEnum):
    PENDING = "pending"
    PAIRED = "paired"
    DENIED = "denied"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Poll:
    """`device` and `token` are there once, with PAIRED."""

    status: PollStatus
    device: Device | None = None
    token: str | None = None


def start_pairing(
    uow: UnitOfWork, device_name: str, extension_version: str
) -> tuple[str, str, PairingRequest]:
    """(device code for the extension, user code for the person, the request)."""
    uow.session.execute(
        sa.delete(PairingRequest).where(PairingRequest.expires_at <= uow.at - KEPT),
        execution_options={"synchronize_session": False},
    )
    device_code = new_token()
    for _ in range(TRIES):
        user_code = _new_user_code()
        inserted = uow.session.execute(
            upsert(uow.session, PairingRequest)
            .values(
                tenant_id=uow.tenant_id, device_code_hash=hash_token(device_code), user_code=user_code,
                device_name=device_name[:120], extension_version=extension_version[:20],
                status=PairingStatus.PENDING, expires_at=uow.at + LIFE,
            )
            .on_conflict_do_nothing()
            .returning(PairingRequest.id)
        ).scalar_one_or_none()  # fmt: skip
        if inserted is not None:
            return device_code, user_code, uow.session.get_one(PairingRequest, inserted)
    raise Conflict(
        "PAIRING_BUSY", "接続コードを発行できませんでした。", remedy="もう一度【保存する】を押してください。"
    )


def _new_user_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def waiting_request(session: Session, user_code: str, at: datetime) -> PairingRequest:
    """The request that waits at `at` under a typed code, however it was typed. Raises NotFound NO_SUCH_CODE."""
    letters = "".join(char for char in fold(user_code).upper() if char in ALPHABET)
    request = session.scalars(
        sa.select(PairingRequest).where(
            PairingRequest.user_code == f"{letters[:4]}-{letters[4:]}",
            PairingRequest.status == PairingStatus.PENDING,
            PairingRequest.expires_at > at,
        )
    ).one_or_none()
    if request is None:
        raise NotFound(
            "NO_SUCH_CODE", "この接続コードは見つからないか、期限が切れています。", field="user_code",
            remedy="拡張機能のオプションで【保存する】を押し直し、表示されたコードを入力してください。",
        )  # fmt: skip
    return request


def decide(uow: UnitOfWork, user_code: str, approve: bool, by: str) -> PairingRequest:
    """Approve or refuse a waiting request. Raises NotFound NO_SUCH_CODE; a second decision finds none waiting."""
    request = waiting_request(uow.session, user_code, uow.at)
    status = PairingStatus.APPROVED if approve else PairingStatus.DENIED
    decided = uow.execute_one(
        sa.update(PairingRequest)
        .where(PairingRequest.id == request.id, PairingRequest.status == PairingStatus.PENDING)
        .values(status=status, decided_by=by[:120], login_id=uow.actor.account_id)
    )
    if not decided:
        raise NotFound("NO_SUCH_CODE", "この接続コードはすでに使われています。", field="user_code")
    record(
        uow,
        "device.approve" if approve else "device.deny",
        "pairing_request",
        request.id,
        request.device_name,
    )
    return request


def poll_pairing(uow: UnitOfWork, device_code: str) -> Poll:
    """What became of the request of a device code; with PAIRED comes the token, this once."""
    request = uow.session.scalars(
        sa.select(PairingRequest).where(PairingRequest.device_code_hash == hash_token(device_code))
    ).one_or_none()
    if request is None or request.status is PairingStatus.USED or request.expires_at <= uow.at:
        return Poll(PollStatus.EXPIRED)
    if request.status is PairingStatus.DENIED:
        return Poll(PollStatus.DENIED)
    taken = uow.execute_one(
        sa.update(PairingRequest)
        .where(PairingRequest.id == request.id, PairingRequest.status == PairingStatus.APPROVED)
        .values(status=PairingStatus.USED)
    )
    if not taken:
        return Poll(PollStatus.PENDING)
    by, login_id = request.decided_by or "", request.login_id
    device, token = pair_now(uow, request.device_name, request.extension_version, by, login_id)
    return Poll(PollStatus.PAIRED, device, token)


def pair_now(
    uow: UnitOfWork, device_name: str, extension_version: str, by: str, login_id: int | None = None
) -> tuple[Device, str]:
    """A new device and its token, which is shown this once; `login_id` has let it in."""
    token = new_token()
    device = Device(
        name=device_name[:120],
        token_hash=hash_token(token),
        extension_version=extension_version[:20],
        paired_by=by[:120],
        login_id=login_id,
        paired_at=uow.at,
    )
    uow.session.add(device)
    uow.session.flush()
    record(uow, "device.pair", "device", device.id, device.name, after={"by": by})
    return device, token


def revoke_device(uow: UnitOfWork, device_id: int) -> None:
    """The token is dead from now on; a repeat changes nothing. Raises NotFound."""
    device = uow.session.scalars(sa.select(Device).where(Device.id == device_id)).one_or_none()
    if device is None:
        raise NotFound(
            "NO_SUCH_DEVICE", "この拡張機能は見つかりません。", remedy="画面を再読み込みしてください。"
        )
    revoked = uow.execute_one(
        sa.update(Device).where(Device.id == device_id, Device.revoked_at.is_(None)).values(revoked_at=uow.at)
    )
    if revoked:
        record(uow, "device.revoke", "device", device.id, device.name)
