"""Operations that policies allow or deny (R2); no I/O. What no rule mentions is denied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OPERATIONS: dict[str, str] = {
    "buyin.write": "買取を登録・確定する",
    "ledger.read": "売り主と古物台帳を見る・出力する（お客様の個人情報を含む）",
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


HELP: dict[str, str] = {
    "buyin.write": "買取の画面を開き、商品を登録して確定します。買取価格が見えます。",
    "stock.read": "在庫の一覧と、数が動いた記録を見ます。",
    "stock.write": "棚卸で数を直し、販路や価格を変えます。操作履歴に残ります。",
    "counter.sell": "店頭販売の画面で売り、取り消します。",
    "ec.read": "出品待ち、出品リスト、生成済みリスト、落札者なしを見ます。",
    "ec.edit": "出品フォーム、写真、テンプレートを入力し、まとめて出品を準備します。",
    "ec.list": "【出品】【再出品】を押し、送る前の出品を取り下げ、出品ファイルをダウンロードします。",
    "ec.review": "要確認の出品を、出品中にするか、出品待ちに戻します。",
    "orders.read": "受注と、お届け先などの個人情報を見ます。",
    "orders.write": "発送済みにし、在庫とつなぎ、返品を記録します。",
    "orders.export": "宛先CSVを出力します。",
    "sales.read": "売上、利益、手数料を見ます。",
    "settings.manage": "マーケットプレイス、カテゴリ、お店の設定、自動処理を変えます。",
    "staff.manage": "スタッフ、権限、ログインを登録し、変えます。",
    "device.pair": "Chrome拡張機能の接続を許可し、解除します。",
    "audit.read": "だれが何をしたかの記録を見ます。",
    "ledger.read": "買取の売り主と古物台帳を見て、出力します。お客様の個人情報が入っています。",
}
# What may be decided otherwise for a shop (that of the PC at which somebody acts) or for a marketplace account.
BY_SHOP = frozenset(OPERATIONS) - {
    "settings.manage",
    "staff.manage",
    "device.pair",
    "audit.read",
    "sales.read",
}
BY_ACCOUNT = frozenset({"ec.list", "ec.review", "orders.read", "orders.write", "orders.export"})
EXCEPTIONS = "exceptions"  # key of a policy's rules: [{"operation", "shop_id" or "account_id", "allow"}]


@dataclass(frozen=True)
class Scope:
    """Marketplace accounts: those of `ids`, or (`is_all_but`) all others."""

    ids: frozenset[int]
    is_all_but: bool = False

    def __contains__(self, account_id: int) -> bool:
        return (account_id in self.ids) is not self.is_all_but

    def __bool__(self) -> bool:
        return self.is_all_but or bool(self.ids)


def scope(rules: Mapping[str, Any], operation: str, *, shop_id: int | None = None) -> Scope:
    """The accounts on which a policy's `rules` allow `operation` in a shop; whatever denies wins. KeyError for an operation
    that does not exist.
    """
    if operation not in OPERATIONS:
        raise KeyError(operation)
    found = [each for each in rules.get(EXCEPTIONS, []) if each["operation"] == operation]
    of_shop = [each["allow"] for each in found if shop_id is not None and each.get("shop_id") == shop_id]
    if False in of_shop:
        return Scope(frozenset())
    of_account = {
        is_allowed: frozenset(
            each["account_id"] for each in found if each.get("account_id") and each["allow"] is is_allowed
        )
        for is_allowed in (True, False)
    }
    if rules.get(operation) is True or True in of_shop:
        return Scope(of_account[False], is_all_but=True)
    return Scope(of_account[True] - of_account[False])


def allows(
    rules: Mapping[str, Any], operation: str, *, shop_id: int | None = None, account_id: int | None = None
) -> bool:
    """Whether they allow it on the marketplace account `account_id`; without one, on any."""
    where = scope(rules, operation, shop_id=shop_id)
    return bool(where) if account_id is None else account_id in where


def undecided(rules: Mapping[str, Any]) -> list[str]:
    """Operations that are newer than the policy: denied until somebody saves it."""
    return [operation for operation in OPERATIONS if operation not in rules]


def allow_all() -> dict[str, bool]:
    return dict.fromkeys(OPERATIONS, True)


def allow_only(*operations: str) -> dict[str, bool]:
    return {operation: operation in operations for operation in OPERATIONS}
