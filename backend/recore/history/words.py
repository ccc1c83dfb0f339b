"""Japanese words for the codes of the audit log: actions, subjects, fields and values. What has no word shows its code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from recore.identity.rules import OPERATIONS
from recore.identity.settings import DEFINITIONS, SettingDefinition
from recore.listings.rules import LABELS as LISTING_LABELS
from recore.orders.rules import LABELS as ORDER_LABELS
from recore.platform.audit import AuditEntry
from recore.stock.rules import SalesRoute

GROUPS: dict[str, dict[str, str]] = {
    "買取・在庫": {
        "buyin.confirm": "買取を確定",
        "import.stock": "買取をファイルから取り込み",
        "import.undo": "ファイルの取り込みを取り消し",
        "import.products": "商品をファイルから取り込み",
        "product.change": "商品（カタログ）を変更",
        "seller.keep": "買取の売り主を記録",
        "seller.look": "買取の売り主を表示",
        "seller.export": "古物台帳を出力",
        "photo.add": "写真を追加",
        "photo.order": "写真を並べ替え",
        "photo.turn": "写真を回転",
        "photo.delete": "写真を削除",
        "photo.restore": "写真を元に戻した",
        "photo_link.make": "撮影用のQRコードを発行",
        "photo_link.revoke": "撮影用のQRコードを無効に",
        "stock.adjust": "在庫数を修正（棚卸）",
        "stock.price": "販売価格を変更",
        "stock.route": "販路を変更",
        "bulk.undo": "まとめての変更を元に戻した",
    },
    "店頭販売": {"counter.sell": "店頭で販売", "counter.void": "店頭販売を取り消し"},
    "出品": {
        "draft.apply_template": "出品フォームにテンプレートを使用",
        "listing.queue": "出品（待機中に入れた）",
        "listing.relist": "再出品",
        "listing.take_back": "送る前に取り消し",
        "listing.state": "出品の状態が変化",
        "listing.price": "出品の価格を変更",
        "listing.withdraw": "出品を取り下げ",
        "listing.end": "オークションの取り下げを依頼",
        "listing.adopt": "未連携の出品を連携",
        "listing.confirm_listed": "「出品されている」と確認",
        "listing.confirm_not_listed": "「出品されていない」と確認",
        "batch.create": "出品ファイルを作成",
        "batch.download": "出品ファイルをダウンロード",
        "batch.send": "直接出品で送信",
        "batch.give_back": "出品ファイルの送信を中止",
        "command.take_back": "拡張機能への依頼を取りやめ",
        "command.resolve": "拡張機能への依頼の結果を確認",
    },
    "受注": {
        "order.new": "受注を取り込み",
        "order.state": "受注の状態が変化",
        "order.flag": "受注が要確認になった",
        "order.clear_review": "要確認を解除",
        "order.link": "受注を在庫と連携",
        "order.merge": "まとめ取引のため受注を1つにした",
        "order.ship": "発送通知を依頼",
        "order.close_return": "返品を確認",
        "order.export": "宛先CSVを出力",
        "orders.import": "注文CSVを取り込み",
    },
    "テンプレート・カテゴリ": {
        "template.add": "テンプレートを作成",
        "template.change": "テンプレートを変更",
        "template.copy": "テンプレートをコピー",
        "template.archive": "テンプレートをアーカイブ・復元",
        "categories.import": "カテゴリ一覧を取り込み",
    },
    "マーケットプレイス": {
        "account.add": "マーケットプレイスを追加",
        "account.change": "マーケットプレイスの設定を変更",
        "account.enable": "マーケットプレイスを有効・停止",
        "account.api_client": "受注APIのアプリ情報を保存",
        "account.api_link": "受注APIを連携",
        "account.api_key": "受注APIの公開鍵を登録",
        "account.api_key_forget": "受注APIの公開鍵を削除",
        "account.api_unlink": "APIの連携を解除",
        "account.api_switch": "受注APIの取り込みを切り替え",
        "account.api_keys": "APIの鍵を保存",
    },
    "スタッフ・権限・ログイン": {
        "staff.add": "スタッフを登録",
        "staff.change": "スタッフを変更",
        "policy.add": "権限を作成",
        "policy.change": "権限を変更",
        "login.add": "ログインを追加",
        "login.change": "ログインを変更",
        "login.password": "パスワードを変更",
        "login.enable": "ログインを有効・停止",
    },
    "設定・端末・自動処理": {
        "settings.change": "お店の設定を変更",
        "device.pair": "拡張機能を接続",
        "device.approve": "拡張機能の接続を許可",
        "device.deny": "拡張機能の接続を拒否",
        "device.revoke": "拡張機能の接続を解除",
        "automation.run_again": "自動処理をもう一度実行",
        "automation.call_off": "自動処理を取りやめ",
        "automation.put_aside": "失敗した自動処理を確認済みに",
    },
}
ACTIONS = {action: words for group in GROUPS.values() for action, words in group.items()}

SUBJECTS = {
    "account": "マーケットプレイス", "address_export": "宛先CSV", "batch": "出品ファイル", "bulk_edit": "まとめての変更",
    "category_tree": "カテゴリ一覧", "counter_sale": "店頭販売", "device": "拡張機能", "job": "自動処理", "listing": "出品",
    "listing_draft": "出品待ち", "listing_template": "テンプレート", "login": "ログイン", "order": "受注",
    "order_import": "注文CSV", "file_import": "取り込み", "ledger": "古物台帳", "pairing_request": "接続の依頼", "policy": "権限", "product": "商品", "purchase": "買取", "setting": "設定",
    "staff": "スタッフ", "stock_item": "在庫",
}  # fmt: skip

FIELDS = {
    "account": "出品先", "addresses": "ページのアドレス", "allowed": "できる操作", "auction_id": "オークションID", "batches": "ファイル",
    "brand": "ブランド", "buyout": "即決価格", "by": "許可した人", "came_back": "商品", "carrier": "配送会社", "category": "カテゴリ", "cause": "理由",
    "code": "スタッフコード", "cost": "買取価格", "defaults": "いつもの値", "encoding": "文字コード", "exceptions": "お店・出品先ごとの決まり", "fields": "内容", "file": "ファイル",
    "id": "もとの番号", "is_archived": "アーカイブ", "is_automatic": "自動で使う", "is_enabled": "有効", "is_on": "取り込み",
    "it_code": "ITコード", "it_codes": "ITコード", "items": "件数", "jan": "JANコード", "kept": "そのままの商品", "left_out": "除いた件数", "line": "明細",
    "link": "QRコード", "listing_id": "前回の出品", "listing_state": "状態", "merged": "まとめた受注", "model_number": "型番", "name": "名前", "on_hand": "在庫数",
    "order_state": "状態", "orders": "件数", "overwrite": "上書き", "photo": "写真の番号", "photos": "写真の順", "policy": "権限", "price": "価格", "profile": "ストアツール",
    "reason": "理由", "removed": "なくなった件数", "restored": "元に戻した件数", "sales_route": "販路", "saved_choices": "保存した選択肢",
    "staff": "担当", "start": "開始価格", "status": "在籍", "store_id": "ストアID", "template": "テンプレート", "ticked": "選んだ行",
    "rows": "行数", "sellers": "売り主の記録", "since": "期間の始め", "until": "期間の終わり", "total": "合計", "units": "点数", "value": "値", "NEW": "新しい", "CHANGED": "変わった", "SAME": "同じ", "REFUSED": "取り込めない",
}  # fmt: skip
YEN = {"price", "start", "buyout", "total", "cost"}
STATUS = {"ACTIVE": "在籍", "SUSPENDED": "停止", "RETIRED": "退職"}
HIDDEN = ("values", "applied", "version")  # what an undoer needs
NESTED = ("fields", "defaults", "saved_choices", "addresses")
CHANNELS = {"yahoo_auction": "ヤフオク!", "amazon": "Amazon"}


@dataclass(frozen=True)
class Change:
    """One field of an entry; `before` None: nothing is known of before, or there was nothing."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Names:
    """What only the tenant knows: labels of form fields, names of policies."""

    form_fields: Mapping[str, str]
    policies: Mapping[int, str]


def subject_label(entry: AuditEntry) -> str:
    """The subject as staff call it; a setting by its label."""
    if entry.subject_kind == "setting" and entry.subject_label in DEFINITIONS:
        return DEFINITIONS[entry.subject_label].label
    return entry.subject_label


def changes(entry: AuditEntry, names: Names) -> list[Change]:
    """Field by field, what differs; nested values one level deep."""
    if entry.subject_kind == "setting" and entry.subject_label in DEFINITIONS:
        definition = DEFINITIONS[entry.subject_label]
        return [
            Change(
                "値",
                *(_setting(definition, (each or {}).get("value")) for each in (entry.before, entry.after)),
            )
        ]
    before, after = _flat(entry.before, names), _flat(entry.after, names)
    found = []
    for key in [*before, *(each for each in after if each not in before)]:
        old, new = before.get(key), after.get(key)
        if old != new or old is None:
            found.append(Change(key, old and old[:500], new and new[:500]))
    return found


def _setting(definition: SettingDefinition, value: int | None) -> str | None:
    if value is None:
        return None
    return (
        ("いいえ", "はい")[bool(value)]
        if isinstance(definition.default, bool)
        else f"{value:,}{definition.unit}"
    )


def _flat(values: Mapping[str, Any] | None, names: Names) -> dict[str, str]:
    """label → words; an operation of a policy is a field of its own, so that one sees which came and went."""
    found = {}
    for key, value in (values or {}).items():
        if value is None or value == "" or key in HIDDEN:
            continue
        if key in NESTED and isinstance(value, Mapping):
            for inner, each in value.items():
                found[names.form_fields.get(inner, inner)] = _words(inner, each, names)
        elif key == "fields" and isinstance(value, list):
            found["入れた項目"] = "、".join(names.form_fields.get(str(each), str(each)) for each in value)
        elif key == "allowed":
            found |= {OPERATIONS.get(str(each), str(each)): "できる" for each in value}
        else:
            found[FIELDS.get(key, key)] = _words(key, value, names)
    return found


def _words(key: str, value: Any, names: Names) -> str:
    if isinstance(value, bool):
        return {"came_back": ("戻らない", "在庫に戻した")}.get(key, ("いいえ", "はい"))[value]
    if isinstance(value, int):
        return f"{value:,}円" if key in YEN else _tables(names).get(key, {}).get(value, str(value))
    if isinstance(value, list):
        return "、".join(str(each) for each in value) or "なし"
    if isinstance(value, Mapping):
        return "、".join(f"{inner}: {each}" for inner, each in value.items())
    return _tables(names).get(key, {}).get(value, str(value))


def _tables(names: Names) -> Mapping[str, Mapping[Any, str]]:
    return {
        "sales_route": _ROUTES, "listing_state": LISTING_LABELS, "order_state": ORDER_LABELS, "status": STATUS,
        "policy": names.policies,
    }  # fmt: skip


_ROUTES: Mapping[Any, str] = {each: each.label for each in SalesRoute}


def group_of(wanted: str) -> Iterator[str]:
    """The actions behind a filter's value: one action, or all of a group."""
    yield from GROUPS.get(wanted, [wanted] if wanted in ACTIONS else [])
