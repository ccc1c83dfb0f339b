"""Templates of the order CSV: each store chooses its columns and their order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sandbox.market.books import Unknown
from sandbox.market.items import Items

DEFAULT_TEMPLATE = "標準テンプレート"
COLUMNS = (
    "OrderId", "OrderTime", "YahooAuctionId", "YahooAuctionMerchantId", "Title", "UnitPrice", "Quantity",
    "OrderStatus", "PayStatus", "ShipStatus", "BillName", "ShipName", "ShipNameKana", "ShipZipCode",
    "ShipPrefecture", "ShipCity", "ShipAddress1", "ShipAddress2", "ShipPhoneNumber", "BillMailAddress",
    "PayType", "ShipCharge", "Total", "ShipCompanyCode", "ShipInvoiceNumber1",
)  # fmt: skip


class CsvTemplates(Items):
    def csv_templates(self, store_id: str | None = None) -> list[dict[str, Any]]:
        """A store's own, in the order made; the default one is nobody's own."""
        with self.books() as books:
            rows = books.execute(
                "SELECT * FROM csv_templates WHERE ? IS NULL OR store_id = ? ORDER BY id",
                [store_id, store_id],
            ).fetchall()
        return [dict(row) | {"columns": json.loads(row["columns"])} for row in rows]

    def make_csv_template(self, store_id: str, name: str, columns: Sequence[str]) -> None:
        """A new one, or another instead of the one of that name."""
        self.store(store_id)
        unknown = [each for each in columns if each not in COLUMNS]
        if not name.strip() or not columns or unknown:
            raise Unknown(f"テンプレートの項目は {'、'.join(COLUMNS)} です。")
        with self.books() as books:
            books.execute(
                "INSERT OR REPLACE INTO csv_templates (store_id, name, columns) VALUES (?, ?, ?)",
                [store_id, name, json.dumps(list(columns))],
            )

    def csv_columns(self, store_id: str, name: str) -> list[str]:
        for each in self.csv_templates(store_id):
            if each["name"] == name:
                return list(each["columns"])
        if name == DEFAULT_TEMPLATE:
            return list(COLUMNS)
        raise Unknown(f"テンプレート「{name}」はありません。")
