"""Tenant settings: values that shops differ in or that nobody outside could confirm (sureness C), with their defaults."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.identity.models import TenantSetting
from recore.platform.audit import record
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Invalid


@dataclass(frozen=True)
class SettingDefinition:
    """`source`: why this is a setting. int settings have inclusive bounds."""

    label: str
    default: int | bool
    low: int = 0
    high: int = 1
    unit: str = ""
    source: str = ""
    help: str = ""


DEFINITIONS: dict[str, SettingDefinition] = {
    "settle.download_hours": SettingDefinition(
        "ファイルをダウンロードしてから要確認にするまで",
        24,
        0,
        240,
        "時間",
        help="この時間がたち、同期を2回しても見つからない出品を「要確認」にします。",
    ),
    "yahoo.rows_per_file": SettingDefinition(
        "出品ファイル1つの最大件数", 100, 1, 5000, "件", "yahoo.md: unknown, default 100 (C)"
    ),
    "yahoo.megabytes_per_file": SettingDefinition(
        "出品ファイル1つの最大サイズ", 100, 1, 2000, "MB", "yahoo.md: unknown, default 100 MB (C)"
    ),
    "yahoo.pacing_ms": SettingDefinition("ヤフオクのページを読む間隔", 1000, 0, 60000, "ミリ秒"),
    "route.changeable": SettingDefinition("買取のあとで販路を変えられる", False),
    "buyer.retention_days": SettingDefinition("出荷後に購入者情報を消すまで", 180, 1, 3650, "日"),
    "sync.lease_seconds": SettingDefinition("同期が止まったとみなすまで", 120, 30, 3600, "秒"),
}


def setting(session: Session, key: str) -> int:
    """The tenant's value of `key` (bools as 0 or 1), or its default."""
    definition = DEFINITIONS[key]
    found = session.execute(
        sa.select(TenantSetting.value).where(TenantSetting.key == key)
    ).scalar_one_or_none()
    return int(found["value"]) if found else int(definition.default)


def change_setting(uow: UnitOfWork, key: str, value: int) -> None:
    """Set `key`; Invalid SETTING_RANGE outside the bounds; audited."""
    definition = DEFINITIONS[key]
    if not definition.low <= value <= definition.high:
        raise Invalid(
            "SETTING_RANGE",
            f"「{definition.label}」は{definition.low}〜{definition.high}{definition.unit}で入力してください。",
            field=key,
        )
    before = setting(uow.session, key)
    statement = upsert(uow.session, TenantSetting).values(
        tenant_id=uow.tenant_id, key=key, value={"value": value}
    )
    uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "key"], set_={"value": statement.excluded.value}
        )
    )
    record(uow, "settings.change", "setting", None, key, before={"value": before}, after={"value": value})
