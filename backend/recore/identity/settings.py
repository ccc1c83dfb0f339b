"""Tenant settings: values that shops differ in or that nobody outside could confirm (sureness C), with their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.identity.models import TenantSetting
from recore.platform.audit import record
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Invalid, RecoreError


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
        "ファイルをダウンロードしてから要確認にするまで", 24, 0, 240, "時間",
        help="この時間がたち、同期を2回しても見つからない出品を「要確認」にします。",
    ),
    "settle.direct_minutes": SettingDefinition(
        "直接出品で送ってから要確認にするまで", 30, 0, 1440, "分",
        help="この時間がたち、同期を2回しても見つからない出品を「要確認」にします。",
    ),
    "settle.api_minutes": SettingDefinition(
        "APIで送ってから要確認にするまで", 120, 1, 2880, "分", "amazon.md: it may take an hour, or never show",
        help="この時間がたっても購入できる状態にならない出品を「要確認」にします。",
    ),
    "settle.command_minutes": SettingDefinition(
        "発送通知・取り下げを送ってから、もう一度送るまで", 10, 0, 1440, "分",
        help="返事が届かなかったときは、この時間がたってもまだ反映されていない場合に限り、もう一度だけ送ります。",
    ),
    "yahoo.end_auctions": SettingDefinition(
        "在庫がなくなったオークションを、拡張機能が取り下げる", False, source="product.md R27: off by default",
        help="入札のないオークションだけを取り下げます。オフのときは、お店がヤフオク!の画面で取り下げます。",
    ),
    "yahoo.rows_per_file": SettingDefinition(
        "出品ファイル1つの最大件数", 100, 1, 5000, "件", "yahoo.md: unknown, default 100 (C)",
        help="これより多いときは、出品ファイルを分けて作ります。",
    ),
    "yahoo.megabytes_per_file": SettingDefinition(
        "出品ファイル1つの最大サイズ", 100, 1, 2000, "MB", "yahoo.md: unknown, default 100 MB (C)",
        help="一括アップロードで「大きすぎる」と断られるときは、小さくします。",
    ),
    "yahoo.pacing_ms": SettingDefinition(
        "ヤフオク!のページを読む間隔", 1000, 0, 60000, "ミリ秒",
        help="「混み合っている」と出るときは、長くします。",
    ),
    "sync.lease_seconds": SettingDefinition(
        "同期が止まったとみなすまで", 120, 30, 3600, "秒",
        help="ほかのPCの同期がこの時間とだえたら、別のPCで始められます。",
    ),
    "sync.full_check_hours": SettingDefinition(
        "ヤフオク!の一覧を最後まで読み直す間隔", 24, 0, 168, "時間",
        help="ふだんの同期は変わったところだけを読みます。この時間ごとに、すべてのページを読み直します。",
    ),
    "orders.pull_minutes": SettingDefinition(
        "受注APIで受注を取り込む間隔", 5, 1, 1440, "分",
        help="受注APIを連携したマーケットプレイスの受注を、この間隔で取り込みます。",
    ),
    "orders.consent_hours": SettingDefinition(
        "受注APIの連携が切れることを知らせるまで", 3, 1, 11, "時間前",
        help="連携は12時間で切れます。この時間になると、すべての画面の上に【連携し直す】が出ます。閉店までに気づける長さにしてください。",
    ),
    "health.silent_hours": SettingDefinition(
        "同期していないと知らせるまで", 24, 0, 720, "時間",
        help="この時間同期していないマーケットプレイスを、すべての画面の上に表示します。0なら表示しません。",
    ),
    "staff.idle_minutes": SettingDefinition(
        "だれも触らないとき、担当者を外すまで", 10, 0, 480, "分",
        help="この時間だれもPCに触らないと、名札で選んだ担当者が外れます。0なら外れません。",
    ),
    "route.changeable": SettingDefinition(
        "買取のあとで販路を変えられる", False,
        help="変えるには権限が要り、操作履歴に残ります。",
    ),
    "ledger.enabled": SettingDefinition(
        "買取の売り主を記録する（古物台帳）", False, source="product.md R37: optional",
        help="買取の画面で、売り主の氏名・住所・生年月日・職業・確認した書類を記録できます。暗号にして保管します。",
    ),
    "ledger.retention_days": SettingDefinition(
        "売り主の記録を消すまで", 1095, 1, 3650, "日", "古物営業法: the ledger is kept three years (B)",
        help="記録した日から数えます。変えると、これから記録する分に使われます。古物営業法では3年の保存が必要です。",
    ),
    "buyer.retention_days": SettingDefinition(
        "出荷後に購入者情報を消すまで", 180, 1, 3650, "日",
        help="購入者の名前・住所・電話番号を、この日数で消します。Amazonの購入者は、下の日数です。",
    ),
    "amazon.buyer_days": SettingDefinition(
        "Amazonの購入者情報を、出荷後に消すまで", 30, 1, 3650, "日", "amazon.md: 30 days after delivery, Amazon's data protection policy",
        help="Amazonは、お届けから30日までに消すことを出品者に求めています。",
    ),
}  # fmt: skip


def setting_of_channel(session: Session, channel: str, name: str, otherwise: str) -> int:
    """The setting `name` of that marketplace, where it has one of its own."""
    own = f"{channel}.{name}"
    return setting(session, own if own in DEFINITIONS else otherwise)


def setting(session: Session, key: str) -> int:
    """The tenant's value of `key` (bools as 0 or 1), or its default."""
    definition = DEFINITIONS[key]
    found = session.execute(
        sa.select(TenantSetting.value).where(TenantSetting.key == key)
    ).scalar_one_or_none()
    return int(found["value"]) if found else int(definition.default)


def change_setting(uow: UnitOfWork, key: str, value: int) -> None:
    """Set `key`; Invalid SETTING_RANGE outside the bounds; audited."""
    if (problem := _out_of_range(key, value)) is not None:
        raise problem
    before = setting(uow.session, key)
    statement = upsert(uow.session, TenantSetting).values(
        tenant_id=uow.tenant_id, key=key, value={"value": value}
    )
    uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "key"], set_={"value": statement.excluded.value}
        )
    )
    if value == before:
        return
    record(uow, "settings.change", "setting", None, key, before={"value": before}, after={"value": value})


def change_settings(uow: UnitOfWork, wanted: Mapping[str, int]) -> None:
    """Set several, or none: Invalid SETTINGS with a problem per value that is out of bounds."""
    problems: list[RecoreError] = [
        problem for key, value in wanted.items() if (problem := _out_of_range(key, value)) is not None
    ]
    if problems:
        raise Invalid("SETTINGS", "保存できない値があります。", problems=problems)
    for key, value in wanted.items():
        change_setting(uow, key, value)


def _out_of_range(key: str, value: int) -> Invalid | None:
    definition = DEFINITIONS[key]
    if definition.low <= value <= definition.high:
        return None
    bounds = f"{definition.low:,}〜{definition.high:,}{definition.unit}"
    return Invalid("SETTING_RANGE", f"「{definition.label}」は{bounds}で入力してください。", field=key)
