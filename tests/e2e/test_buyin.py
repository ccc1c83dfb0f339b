"""R4 in a real browser: a till buys with the barcode reader and the keyboard alone, prints labels, and takes a file in."""

from __future__ import annotations

import base64
import re
from functools import partial
from pathlib import Path

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

from demo.record import eventually
from demo.shop import Clerk
from recore.platform.tables import read_table, write_csv
from tests.e2e.guide import picture

STAFF, JAN = "1001", "4902370535709"
STOCK = [
    ("取込番号", "商品名", "JAN", "グレード", "買取価格", "販売価格", "数量", "販路"),
    ("K-1", "レンズ", "", "B", "500", "1500", "2", "併売"),
    ("K-2", "三脚", "", "Z", "千円", "1500", "1", "通販"),
]


@pytest.fixture
def clerk(desk: Clerk) -> Clerk:
    return desk


def focused(clerk: Clerk, name: str) -> WebElement:
    """The element with the focus, once it is the one of this id or data-testid."""
    active = clerk.driver.switch_to.active_element

    def is_there() -> bool:
        nonlocal active
        try:
            active = clerk.driver.switch_to.active_element
            return name in (active.get_attribute("id"), active.get_attribute("data-testid"))
        except StaleElementReferenceException:  # the page changes just now
            return False

    eventually(f"{name} has the focus", is_there)
    return active


def by_hand(field: WebElement, text: str) -> None:
    """A hand is slower than a reader; another key between stands for that."""
    field.send_keys(text, Keys.END, Keys.ENTER)


def scan(field: WebElement, code: str) -> None:
    """A reader types the code faster than any hand, and then Enter."""
    field.send_keys(code + Keys.ENTER)


def walk_through_the_line(clerk: Clerk, *, cost: str, price: str) -> None:
    """Enter moves on from field to field and never sends the form before the button."""
    by_hand(focused(clerk, "cost"), cost)
    by_hand(focused(clerk, "price"), price)
    focused(clerk, "quantity").send_keys(Keys.ENTER)
    route = clerk.driver.switch_to.active_element
    assert str(route.get_attribute("id")).startswith("route-")
    route.send_keys(Keys.SPACE, Keys.ENTER)
    focused(clerk, "note").send_keys(Keys.ENTER)


def test_r4_a_till_buys_with_reader_and_keyboard_prints_labels_and_takes_a_file_in(
    clerk: Clerk, tmp_path: Path
) -> None:
    driver = clerk.driver
    clerk.open("/buyin")
    clerk.click("@buyin-start")
    # an unknown product: its JAN is in the form, the name is asked for
    scan(focused(clerk, "product-search"), JAN)
    focused(clerk, "name").send_keys("カメラ 一眼", Keys.ENTER)
    assert clerk.one("#jan").get_attribute("value") == JAN
    # a code that is read in the wrong place is taken back, and sends nothing
    price = clerk.one("#price")
    price.click()
    scan(price, JAN)
    eventually("the reader is told", lambda: JAN in clerk.text("@toast"))
    assert price.get_attribute("value") == ""
    clerk.click("@add-line")
    eventually(
        "every problem at once", lambda: "グレード" in clerk.text("@error") and "販路" in clerk.text("@error")
    )
    grade = focused(clerk, "grade")
    Select(grade).select_by_value("A")
    grade.send_keys(Keys.ENTER)
    walk_through_the_line(clerk, cost="800", price="2000")
    focused(clerk, "add-line").send_keys(Keys.ENTER)
    eventually("the line", lambda: "カメラ 一眼" in clerk.text("@lines"))
    # the same product by two characters and the arrow keys; grade and 販路 are kept
    search = focused(clerk, "product-search")
    search.send_keys("一眼")
    eventually("it is found", lambda: "カメラ 一眼" in clerk.text("#found"))
    search.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    clerk.one("@chosen-product")
    assert Select(clerk.one("#grade")).first_selected_option.get_attribute("value") == "A"
    walk_through_the_line(clerk, cost="700", price="1900")
    focused(clerk, "add-line").send_keys(Keys.ENTER)
    eventually("two lines", lambda: "1,500円" in clerk.text("@totals"))
    picture(driver, "buyin")
    # delete, and put back
    clerk.click("@remove-line")
    clerk.click("@restore-line")
    eventually("two lines again", lambda: "1,500円" in clerk.text("@totals"))
    scan(clerk.in_view("@staff-code"), STAFF)
    clerk.one("@confirmed")
    focused(clerk, "print-labels").send_keys(Keys.ENTER)
    clerk.one("@labels")
    for paper, size in (("roll", "175.92 113.04"), ("a4", "594.95")):
        Select(clerk.one("#paper")).select_by_value(paper)
        clerk.click("@label-change")
        there = f"return document.readyState === 'complete' && location.search.includes('paper={paper}')"
        eventually(f"the labels for {paper}", partial(driver.execute_script, there))
        clerk.one(f".label-{paper}")
        printed = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
        pages = re.findall(rb"/MediaBox \[0 0 ([\d. ]+)\]", base64.b64decode(printed["data"]))
        assert len(pages) == (2 if paper == "roll" else 1)
        assert all(page.decode().startswith(size) for page in pages)
    take_a_file_in(clerk, tmp_path)


def take_a_file_in(clerk: Clerk, tmp_path: Path) -> None:
    file = tmp_path / "stock.csv"
    file.write_bytes(write_csv(STOCK[0], STOCK[1:]))
    clerk.open("/buyin")
    clerk.click("@to-imports")
    clerk.one("@file").send_keys(str(file))
    clerk.click("@upload")
    assert "「買取価格」の「千円」" in clerk.text("@row-3")
    picture(clerk.driver, "buyin-import")
    scan(clerk.in_view("@staff-code"), STAFF)
    eventually("taken in", lambda: "追加 1行" in clerk.text("@summary"), seconds=60)
    assert "IT0000003" in clerk.text("@row-2")
    clerk.click("@refused")
    got = eventually("the refused rows", lambda: next(iter(clerk.downloads.glob("torikomi_*.xlsx")), None))
    assert isinstance(got, Path)
    (row,) = read_table(got.read_bytes()).rows
    assert row.cells[:8] == STOCK[2]
    clerk.open("/buyin/imports")
    clerk.one("@file").send_keys(str(file))
    clerk.click("@upload")
    assert "取り込み済み" in clerk.text("@row-2")
    assert clerk.text("@count-SAME") == "1"
