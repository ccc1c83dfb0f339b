"""Ways the same page may look: layouts change without notice, and a reader must survive or refuse them."""

from __future__ import annotations

from dataclasses import dataclass, field

SELLING = ("auction_id", "title", "management_number", "current_price", "bids", "ends_at")
CLOSED = (*SELLING, "result")
WON = ("auction_id", "management_number", "title", "winner", "amount", "won_at", "status")
GOODS = ("auction_id", "management_number", "title", "quantity", "unit_price")
DEAL = (
    "auction_id", "winner", "won_at", "payment_method", "shipping_method", "shipping_fee", "total", "status",
)  # fmt: skip
ADDRESS = ("name", "kana", "postal_code", "address", "phone", "email", "message")
ITEM = ("image", "folder", "updated_at", "title_and_number", "start_price", "quantity", "edit")
RUNNING = ("image", "auction_id", "title_and_number", "current_price", "bids", "ends_at")
ENDED = (*RUNNING, "result")
SOLD = ("auction_id", "title_and_number", "amount", "sold_at", "order_number")
ORDERS = (
    "order_number", "ordered_at", "goods", "buyer", "total", "order_status", "pay_status", "ship_status",
)  # fmt: skip
ORDER = (
    "order_number", "ordered_at", "order_status", "pay_status", "ship_status", "pay_type", "payment_method",
    "shipping_method", "shipping_fee", "total", "carrier", "tracking_number",
)  # fmt: skip
RECIPIENT = ("name", "kana", "postal_code", "address", "phone", "email")
ORDER_GOODS = ("line", "auction_id", "management_number", "title", "quantity", "unit_price")
PAGES = {
    "selling": SELLING, "closed": CLOSED, "won": WON, "goods": GOODS, "deal": DEAL, "address": ADDRESS,
    "item": ITEM, "running": RUNNING, "ended": ENDED, "sold": SOLD, "orders": ORDERS, "order": ORDER,
    "recipient": RECIPIENT, "order_goods": ORDER_GOODS,
}  # fmt: skip
LABELS = {
    "auction_id": "オークションID", "title": "商品名", "management_number": "管理番号", "current_price": "現在の価格",
    "bids": "入札件数", "ends_at": "終了日時", "result": "結果", "winner": "落札者", "amount": "落札価格", "won_at": "落札日時",
    "status": "ステータス", "quantity": "個数", "unit_price": "単価", "payment_method": "お支払い方法",
    "shipping_method": "配送方法", "shipping_fee": "送料", "total": "お支払い金額", "name": "氏名", "kana": "フリガナ",
    "postal_code": "郵便番号", "address": "住所", "phone": "電話番号", "email": "メールアドレス", "message": "取引メッセージ",
    "title_and_number": "商品名", "image": "画像", "folder": "フォルダ", "updated_at": "更新日時", "start_price": "開始価格", "edit": "操作", "line": "ライン",
    "sold_at": "落札日", "order_number": "注文番号", "ordered_at": "注文日時", "goods": "商品", "buyer": "お届け先",
    "order_status": "注文ステータス", "pay_status": "入金ステータス", "ship_status": "出荷ステータス", "carrier": "配送会社", "pay_type": "支払い分類",
    "tracking_number": "お問い合わせ伝票番号",
}  # fmt: skip


@dataclass(frozen=True)
class Skin:
    """`classes` renames CSS classes, `labels` column headings; `dropped` columns are gone; `moved` shifts the order."""

    classes: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    is_wrapped: bool = False
    moved: int = 0

    def cls(self, name: str) -> str:
        return self.classes.get(name, name)

    def label(self, column: str) -> str:
        return self.labels.get(column, LABELS[column])

    def columns(self, page: str) -> list[str]:
        """The facts that a page shows, in its order: columns of a list or of the goods, rows of a detail table."""
        names = PAGES[page]
        shifted = names[self.moved :] + names[: self.moved]
        return [name for name in shifted if name not in self.dropped]


SKINS = {
    "normal": Skin(),
    "reshuffled": Skin(
        classes={
            "itemList": "lst2",
            "itemRow": "r2",
            "storeName": "shopTtl",
            "pager": "pg2",
            "detailTable": "dt2",
        },
        is_wrapped=True,
        moved=2,
    ),
    "renamed": Skin(
        labels={
            "management_number": "商品番号",
            "ends_at": "終了予定",
            "status": "取引状況",
            "won_at": "日時",
        }
    ),
    "missing": Skin(dropped=frozenset({"management_number", "won_at", "result", "address"})),
}
