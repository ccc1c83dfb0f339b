"""Orders as CSV files: ストアクリエイターPro's by template, and 落札管理's of the classic tool. CP932, CRLF."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Response

from sandbox.market.address import split
from sandbox.web import jst, slashed

CLASSIC_COLUMNS = (
    "オークションID", "管理番号", "商品名", "個数", "落札価格", "落札者", "落札日時", "ステータス", "氏名", "フリガナ", "郵便番号",
    "住所", "電話番号", "送料", "お支払い金額",
)  # fmt: skip


def pro_csv(orders: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """One row per order; what differs by item (まとめて落札) is in one cell, a line each."""
    values = (pro_values(order) for order in orders)
    return _file(columns, ([row[column] for column in columns] for row in values))


def pro_values(order: Mapping[str, Any]) -> dict[str, str]:
    """Column name → text, for every column that a template may have."""
    buyer, where = order["buyer"], split(order["buyer"]["address"])

    def each(name: str) -> str:
        return "\n".join(str(line[name]) for line in order["lines"])

    return {
        "OrderId": order["order_number"], "OrderTime": slashed(order["ordered_at"]),
        "YahooAuctionId": each("auction_id"), "YahooAuctionMerchantId": each("management_number"),
        "Title": each("title"), "UnitPrice": each("unit_price"), "Quantity": each("quantity"),
        "OrderStatus": str(order["order_status"]), "PayStatus": str(order["pay_status"]),
        "ShipStatus": str(order["ship_status"]), "PayType": str(order["pay_type"]), "BillName": buyer["name"], "ShipName": buyer["name"],
        "ShipNameKana": buyer["kana"], "ShipZipCode": buyer["postal_code"], "ShipPrefecture": where["prefecture"],
        "ShipCity": where["city"], "ShipAddress1": where["address1"], "ShipAddress2": where["address2"],
        "ShipPhoneNumber": buyer["phone"], "BillMailAddress": buyer["email"],
        "ShipCharge": str(order["shipping_fee"]), "Total": str(order["total"]),
        "ShipCompanyCode": order["carrier"], "ShipInvoiceNumber1": order["tracking_number"],
    }  # fmt: skip


def classic_csv(orders: Iterable[Mapping[str, Any]]) -> bytes:
    """One row per auction won."""
    return _file(CLASSIC_COLUMNS, (
        [
            line["auction_id"], line["management_number"], line["title"], line["quantity"], line["unit_price"],
            order["winner"], jst(order["won_at"]), order["status"], order["buyer"]["name"],
            order["buyer"]["kana"], order["buyer"]["postal_code"], order["buyer"]["address"],
            order["buyer"]["phone"], order["shipping_fee"], order["total"],
        ]
        for order in orders for line in order["lines"]
    ))  # fmt: skip


def _file(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A character that CP932 does not have becomes a question mark."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode("cp932", "replace")


def csv_answer(data: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, mimetype="text/csv; charset=Shift_JIS", headers=headers)
