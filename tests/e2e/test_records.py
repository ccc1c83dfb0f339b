"""R2, R4, R31, R37 in a real browser: what a manager sets, looks up and takes back: staff and permissions, 古物台帳,
a bulk change and an import undone, and what 操作履歴 says of all that.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver.support.ui import Select

from demo.record import eventually
from demo.shop import Clerk
from recore.platform.tables import read_table, write_csv

MANAGER = "1001"
SELLER = {"name": "山田 𠮷子", "address": "東京都千代田区1-1", "occupation": "会社員"}
STOCK = [
    ("取込番号", "商品名", "グレード", "買取価格", "販売価格", "数量", "販路"),
    ("K-1", "レンズ", "B", "500", "1500", "2", "併売"),
    ("K-2", "三脚", "A", "700", "2500", "1", "併売"),
]


@pytest.fixture
def clerk(desk: Clerk) -> Clerk:
    return desk


def test_r2_r31_r37_what_a_manager_sets_looks_up_and_takes_back(clerk: Clerk, tmp_path: Path) -> None:
    (code,) = clerk.buy_in(
        [{"name": "古い時計", "grade": "B", "quantity": "1", "cost": "900", "price": "3000", "route": "BOTH"}], MANAGER
    ).values()  # fmt: skip
    note_a_seller(clerk)
    export_the_ledger(clerk)
    change_a_price_and_take_it_back(clerk, code)
    take_an_import_back(clerk, tmp_path)
    deny_and_retire(clerk)
    look_it_up(clerk, code)


def note_a_seller(clerk: Clerk) -> None:
    clerk.open("/settings/shop")
    clerk.click('[name="ledger.enabled"]')
    clerk.click("@save-settings")
    clerk.one("@flash")
    clerk.open("/buyin")
    clerk.click("#content tbody a")
    clerk.click("@to-seller")
    clerk.click("@keep-seller")
    eventually("every problem at once", lambda: "氏名" in clerk.text("#content .invalid-feedback"))
    for field, text in SELLER.items():
        clerk.type(f"@field-{field}", text)
    # as a person types a date, whatever order the browser's language gives its parts
    clerk.driver.execute_script("arguments[0].value = '1980-01-02'", clerk.one("@field-birth_date"))
    Select(clerk.one("@field-document")).select_by_index(1)
    clerk.type("@field-document_number", "123456789012")
    clerk.click("@keep-seller")
    eventually("it is kept", lambda: "売り主を記録済み" in clerk.text("@seller"))


def export_the_ledger(clerk: Clerk) -> None:
    clerk.open("/buyin/ledger")
    clerk.type("@staff-code", "1003")
    clerk.click("@export-ledger")
    eventually("the refusal names the permission", lambda: "権限" in clerk.text("#content"))
    clerk.type("@staff-code", MANAGER)
    clerk.click("@export-ledger")
    file = eventually("the ledger", lambda: next(iter(clerk.downloads.glob("*.xlsx")), None))
    assert isinstance(file, Path)
    words = str(read_table(file.read_bytes()).rows)
    assert SELLER["name"] in words and "古い時計" in words


def change_a_price_and_take_it_back(clerk: Clerk, code: str) -> None:
    def price() -> str:
        clerk.open("/stock")
        return clerk.text(f"@item-{code} [data-label='販売価格']")

    assert price() == "3,000円"
    clerk.click(f"@item-{code} input[type=checkbox]")
    clerk.click("@change-price")
    clerk.type("@field-fixed", "2800")  # which chooses that way
    clerk.click("@check")
    eventually("before and after", lambda: "2,800円" in clerk.text(f"@row-{code}"))
    clerk.type("@staff-code", MANAGER)
    clerk.click("@change")
    clerk.one("@undo-all")
    assert price() == "2,800円"
    clerk.open("/settings/history")
    clerk.click("@history tbody tr:first-child a.small")
    clerk.type("@undo [name=staff_code]", MANAGER)
    clerk.click("@undo-all")
    eventually("taken back", lambda: "1件を元に戻しました" in clerk.text("#content"))
    assert price() == "3,000円"


def take_an_import_back(clerk: Clerk, folder: Path) -> None:
    file = folder / "stock.csv"
    file.write_bytes(write_csv(STOCK[0], STOCK[1:]))
    clerk.open("/buyin/imports")
    clerk.one("@file").send_keys(str(file))
    clerk.click("@upload")
    clerk.type("@staff-code", MANAGER)
    clerk.click("@take")
    eventually("taken in", lambda: "追加 2行" in clerk.text("@summary"), seconds=60)
    clerk.click("@undo-import summary")
    clerk.type("@undo-staff", MANAGER)
    clerk.click("@undo-start")
    clerk.click("@confirm-yes")
    clerk.one("@undone", seconds=60)
    assert "取り消し済み" in clerk.text("@row-2") and "取り消し済み" in clerk.text("@row-3")


def deny_and_retire(clerk: Clerk) -> None:
    """A permission without 買取; somebody with it is named when trying; then they retire, and their name stays."""
    clerk.open("/settings/staff")
    clerk.type("@field-policy_name", "写真とフォーム")
    clerk.click("@add-policy")
    clerk.click('[data-testid="allow-ec.edit"]')
    clerk.click("@save-policy")
    clerk.one("@flash")
    clerk.open("/settings/staff")
    clerk.type("@field-code", "2001")
    clerk.type("@field-name", "新人 花子")
    Select(clerk.one("@field-policy_id")).select_by_visible_text("写真とフォーム")
    clerk.click("@add-staff")
    eventually("the new one", lambda: "新人 花子" in clerk.text("@staff"))
    clerk.click("@edit-staff-2001")
    Select(clerk.one("@field-status")).select_by_visible_text("退職")
    clerk.click("@save-staff")
    clerk.open("/settings/staff")
    assert "退職" in clerk.text("@staff") and "新人 花子" in clerk.text("@staff")


def look_it_up(clerk: Clerk, code: str) -> None:
    """By the item; the seller is in none of it."""
    clerk.open(f"/settings/history?q={code}")
    words = clerk.text("@history")
    assert "3,000円" in words and "2,800円" in words and "佐藤 店長" in words
    clerk.open("/settings/history")
    assert SELLER["name"] not in clerk.text("@history")
