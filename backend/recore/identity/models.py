"""Who may enter and who acts: login accounts, staff, policies, paired devices, tenant settings (R1, R2, R13)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from recore.platform.db import Base, TenantScoped, tenant_args, tenant_fk


class StaffStatus(StrEnum):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"  # 停止
    RETIRED = "RETIRED"  # 退職


class PairingStatus(StrEnum):
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    DENIED = "DENIED"
    USED = "USED"


class Shop(TenantScoped, Base):
    __tablename__ = "shops"
    name: Mapped[str] = mapped_column(sa.String(120))
    __table_args__ = tenant_args(sa.UniqueConstraint("tenant_id", "name"))


class Policy(TenantScoped, Base):
    """A named set of decisions (権限); `rules` maps an operation of `identity.rules` to true or false."""

    __tablename__ = "policies"
    name: Mapped[str] = mapped_column(sa.String(80))
    rules: Mapped[dict[str, Any]]
    __table_args__ = tenant_args(sa.UniqueConstraint("tenant_id", "name"))


class Account(TenantScoped, Base):
    """A login, usually one per PC or phone, not per person (R2). `policy_id` decides what that login may open."""

    __tablename__ = "login_accounts"
    login_id: Mapped[str] = mapped_column(sa.String(80))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    name: Mapped[str] = mapped_column(sa.String(120))
    shop_id: Mapped[int]
    policy_id: Mapped[int]
    is_enabled: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=1)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    __table_args__ = tenant_args(
        sa.UniqueConstraint("tenant_id", "login_id"),
        tenant_fk("shop_id", "shops"),
        tenant_fk("policy_id", "policies"),
    )


class Staff(TenantScoped, Base):
    """A person, identified per action by code or barcode; never deleted."""

    __tablename__ = "staff"
    code: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(120))
    status: Mapped[StaffStatus] = mapped_column(default=StaffStatus.ACTIVE)
    policy_id: Mapped[int]
    __table_args__ = tenant_args(sa.UniqueConstraint("tenant_id", "code"), tenant_fk("policy_id", "policies"))


class Device(TenantScoped, Base):
    """A paired browser; the token is kept as a hash only, and dies with `revoked_at`.

    `login_id`: the login that paired it, whose policy says on which marketplace accounts it may list; None for one that was
    paired before that was kept.
    """

    __tablename__ = "devices"
    name: Mapped[str] = mapped_column(sa.String(120))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    extension_version: Mapped[str] = mapped_column(sa.String(20))
    paired_by: Mapped[str] = mapped_column(sa.String(120))
    login_id: Mapped[int | None]
    paired_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    __table_args__ = tenant_args()


class PairingRequest(TenantScoped, Base):
    """One device-code grant (RFC 8628) under way."""

    __tablename__ = "pairing_requests"
    device_code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_code: Mapped[str] = mapped_column(sa.String(12))
    device_name: Mapped[str] = mapped_column(sa.String(120))
    extension_version: Mapped[str] = mapped_column(sa.String(20))
    status: Mapped[PairingStatus] = mapped_column(default=PairingStatus.PENDING)
    decided_by: Mapped[str | None] = mapped_column(sa.String(120))
    login_id: Mapped[int | None]
    expires_at: Mapped[datetime]
    __table_args__ = tenant_args(sa.UniqueConstraint("tenant_id", "user_code"))


class TenantSetting(TenantScoped, Base):
    """A value that differs from the default in `identity/settings.py`."""

    __tablename__ = "tenant_settings"
    key: Mapped[str] = mapped_column(sa.String(80))
    value: Mapped[dict[str, Any]]
    __table_args__ = tenant_args(sa.UniqueConstraint("tenant_id", "key"))
