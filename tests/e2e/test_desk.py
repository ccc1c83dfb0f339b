"""R2, R7 in a real browser: the desk by keyboard and barcode reader, and まとめて出品 from the ticks to the results."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from demo.photos import draw_photos
from demo.record import eventually
from demo.shop import Clerk
from tests.e2e.guide import picture

WATCHES = [
    {"name": f"セイコー 腕時計 {at}", "grade": "A", "quantity": "1", "cost": "1000", "price": "5000", "route": "BOTH"}
    for at in range(4)
]  # fmt: skip


@pytest.fixture
def clerk(desk: Clerk) -> Clerk:
    return desk


READ = """const [code] = arguments;
for (const key of [...code, "Enter"]) {
  const target = document.activeElement ?? document.body;
  const goes = target.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
  if (goes && key.length === 1 && target.matches("input, textarea")) {
    target.value += key;
    target.dispatchEvent(new Event("input", {bubbles: true}));
  }
}"""


def read(clerk: Clerk, code: str) -> None:
    """A barcode reader: all keys within an instant, to whatever has the focus, and Enter."""
    clerk.driver.execute_script(READ, code)


def focused(clerk: Clerk) -> str:
    return str(clerk.driver.switch_to.active_element.get_attribute("data-testid"))


def test_r2_r7_a_desk_that_is_worked_with_keyboard_and_barcode_reader(clerk: Clerk, tmp_path: Path) -> None:
    codes = list(clerk.buy_in(WATCHES, "1001").values())

    # a name tag on any page, in a text field or not
    clerk.open("/ec/templates/new/yahoo_auction/classic")
    clerk.type("@field-name", "腕時計")
    read(clerk, "1002")
    eventually("the switch", lambda: clerk.text("@current-staff") == "鈴木 EC担当")
    assert (
        clerk.one("@field-name").get_attribute("value") == "腕時計"
    )  # what was typed is there, and nothing more
    for field, value in {
        "title": "{{ 商品名 }}",
        "category": "9990000032",
        "description": "動作品です。",
    }.items():
        clerk.type(f"@field-{field}", value)
    clerk.click("@field-buyout_price-none")
    clerk.click("@field-is_automatic")
    clerk.click("@save-template")
    clerk.one("@templates")

    # a label opens its item; / goes to the search, ? tells of it
    clerk.open("/ec/drafts")
    read(clerk, codes[0])
    eventually("the form", lambda: codes[0] in clerk.text("h1 + p"))
    clerk.upload_photos(draw_photos(tmp_path / "photos", "watch", 1))
    clerk.open("/ec/drafts")
    body = clerk.driver.find_element(By.TAG_NAME, "body")
    body.send_keys("/")
    assert focused(clerk) == "search"
    clerk.driver.execute_script("document.activeElement.blur()")
    body.send_keys("?")
    assert "名札を読む" in clerk.text("@shortcuts")
    eventually(
        "the help has the focus",
        lambda: clerk.driver.switch_to.active_element.get_attribute("id") == "shortcuts",
    )
    clerk.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    eventually(
        "the help is closed", lambda: not clerk.driver.find_elements(By.CSS_SELECTOR, ".modal-backdrop")
    )

    tick_from_one_to_another(clerk)
    picture(clerk.driver, "drafts")

    # the dry run names the very field
    clerk.click("@bulk-begin")
    assert clerk.text("@ready-count") == "1件が出品できます"
    assert clerk.text("@mend-count") == "3件は直すところがあります"
    picture(clerk.driver, "bulk")
    clerk.click(f"@row-{codes[1]} [data-testid='problem-photos'] a")
    eventually("the photos", lambda: clerk.driver.switch_to.active_element.get_attribute("id") == "photos")
    clerk.driver.back()

    # what was changed for all and not put into the rows yet holds 【出品】 back
    clerk.click("@overwrite")
    assert not clerk.one("@list").is_enabled()
    clerk.driver.refresh()

    # a choice for one row, and the focus stays where it was
    clerk.click(f"@row-{codes[2]} input[type=checkbox]")
    eventually("the row", lambda: "出品先が選ばれていません" in clerk.text(f"@row-{codes[2]}"))
    assert focused(clerk).startswith("tick-")

    # 【出品】, with the staff code that the name tag filled in
    assert clerk.one("@bulk-bar [name=staff_code]").get_attribute("value") == "1002"
    clerk.click("@list")
    clerk.one("@results", seconds=60)
    assert clerk.text("@listed-count") == "1件を待機中にしました。"
    assert clerk.text("@refused-count") == "3件は出品できませんでした。"
    assert clerk.listing_states() == {codes[0]: "待機中"}

    scan_where_codes_are_taken(clerk, codes[3])


def scan_where_codes_are_taken(clerk: Clerk, code: str) -> None:
    """A label goes into the cart of the till; a half-filled 買取 keeps what was typed."""
    clerk.open("/counter")
    clerk.driver.execute_script("document.activeElement.blur()")
    read(clerk, code)
    eventually("the cart", lambda: code in clerk.text("@cart"))
    clerk.open("/buyin")
    clerk.click("@buyin-start")
    clerk.type("#name", "カメラ")
    clerk.one("#cost").click()
    read(clerk, "4954628232366")
    eventually("the note", lambda: "もう一度読み取ってください" in clerk.text(".toast-area"))
    assert (clerk.one("#cost").get_attribute("value"), clerk.one("#name").get_attribute("value")) == (
        "",
        "カメラ",
    )


def tick_from_one_to_another(clerk: Clerk) -> None:
    boxes = clerk.driver.find_elements(By.CSS_SELECTOR, "input[data-select]")
    boxes[0].click()
    clerk.driver.execute_script(
        "arguments[0].dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true, shiftKey: true}))",
        boxes[3],
    )
    assert [each.is_selected() for each in boxes] == [True] * 4
    assert clerk.text("@selected-count") == "4件選択中"
