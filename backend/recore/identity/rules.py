"""Operations that policies allow or deny (R2); no I/O. What no rule mentions is denied."""

from __future__ import annotations

from collections.abc import Mapping

OPERATIONS: dict[str, str] = {
    "buyin.write": "買取を登録・確定する",
    "stock.read": "在庫を見る",
    "stock.write": "在庫数・販路・価格を直す",
    "counter.sell": "店頭販売をする",
    "ec.read": "EC（出品待ち・出品リスト）を見る",
    "ec.edit": "出品フォームと写真を編集する",
    "ec.list": "ECに出品する",
    "ec.review": "要確認の出品を解決する",
    "orders.read": "受注を見る",
    "orders.write": "受注を編集・連携する",
    "orders.export": "宛先CSVを出力する（お客様の個人情報を含む）",
    "sales.read": "売上を見る・ダウンロードする",
    "settings.manage": "設定を変える",
    "staff.manage": "スタッフと権限を管理する",
    "device.pair": "拡張機能を接続する",
    "audit.read": "操作履歴を見る",
}


def allows(rules: Mapping[str, object], operation: str) -> bool:
    """Whether a policy's `rules` allow `operation`; KeyError for an operation that does not exist."""
    if operation not in OPERATIONS:
        raise KeyError(operation)
    return rules.get(operation) is True


def allow_all() -> dict[str, bool]:
    return dict.fromkeys(OPERATIONS, True)


def allow_only(*operations: str) -> dict[str, bool]:
    return {operation: operation in operations for operation in OPERATIONS}
