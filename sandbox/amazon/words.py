"""The words of the seller's pages and of the control room's page for Amazon."""

from __future__ import annotations

from typing import Any

CONDITIONS = {
    "new_new": "新品", "used_like_new": "中古品 - ほぼ新品", "used_very_good": "中古品 - 非常に良い",
    "used_good": "中古品 - 良い", "used_acceptable": "中古品 - 可",
}  # fmt: skip
ORDER_STATES = {
    "PENDING_AVAILABILITY": "予約中", "PENDING": "保留中", "UNSHIPPED": "未出荷", "PARTIALLY_SHIPPED": "一部出荷済み",
    "SHIPPED": "出荷済み", "CANCELLED": "キャンセル済み", "UNFULFILLABLE": "出荷不可",
}  # fmt: skip
SETTING_WORDS = {
    "visible_after_seconds": "新しいSKUが読めるまで（秒）",
    "buyable_after_seconds": "販売中になるまで（秒）",
    "change_after_seconds": "変更・削除が反映されるまで（秒）",
    "reading_lag_seconds": "出品の読み取りの遅れ（秒）",
    "sku_rest_hours": "削除したSKUを再利用できるまで（時間）",
    "lose_listings": "次のN件の新しいSKUは現れない",
    "suppress_listings": "次のN件の新しいSKUは後で停止される",
    "suppress_after_seconds": "販売中から停止まで（秒）",
    "get_order_lag_seconds": "getOrder の遅れ（秒）",
    "search_orders_lag_seconds": "searchOrders の遅れ（秒）",
    "page_token_minutes": "次ページのトークンの期限（分）",
    "token_minutes": "アクセストークンの期限（分）",
    "restock_on_cancel": "キャンセルで在庫を戻す",
    "mask_names": "購入者名を伏せる",
    "carriers": "配送業者コード（listed＝一覧のみ / any）",
    "throttle": "呼び出し制限（real / market / off）",
    "token_down": "トークンの発行を止める",
    "slow_seconds": "応答を遅らせる（秒）",
    "fail_next": "次のN回を失敗させる",
    "fail_kind": "失敗の種類",
    "fail_where": "失敗させる操作",
    "lose_answers": "次のN回の書き込みは、実行後に応答が届かない",
}


def offer_state(row: dict[str, Any]) -> str:
    if row["issues"]:
        return "停止中（要対応）"
    if "BUYABLE" in row["statuses"]:
        return "販売中"
    return "在庫なし" if row["quantity"] == 0 else "出品処理中"
