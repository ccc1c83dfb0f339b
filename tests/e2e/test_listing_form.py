"""R10 in a real browser: a category is found and taken with the keyboard alone, and brings its template along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from demo.record import eventually
from demo.shop import Clerk
from demo.stage import back_office, chromium, free_port

STAFF = "1001"
WATCH = {
    "name": "セイコー 腕時計",
    "grade": "A",
    "quantity": "1",
    "cost": "1000",
    "price": "5000",
    "route": "BOTH",
}
MENS_WATCHES = "9990000032"


@pytest.fixture
def clerk(tmp_path: Path) -> Iterator[Clerk]:
    """At the demo shop, without the extension."""
    port = free_port()
    with (
        back_office(tmp_path / "shop", port, tmp_path / "shop.log", free_port()),
        chromium(tmp_path / "profile", tmp_path / "downloads", None) as driver,
    ):
        found = Clerk(driver, f"http://localhost:{port}", "", tmp_path / "downloads")
        found.log_in("demo", "demo-pass")
        yield found


def value(clerk: Clerk, field: str) -> str:
    return (
        clerk.driver.find_element(By.CSS_SELECTOR, f'[data-testid="field-{field}"]').get_attribute("value")
        or ""
    )


def make_template(clerk: Clerk) -> None:
    clerk.open("/ec/templates/new/yahoo_auction/classic")
    clerk.type("@field-name", "腕時計の型")
    clerk.type("@for-category", MENS_WATCHES)
    clerk.click("@field-is_automatic")
    clerk.type("@field-title", "【{{ グレード }}】{{ 商品名 }}{% if 型番 %} {{ 型番 }}{% endif %}")
    clerk.type("@field-duration", "3")
    eventually("the live preview", lambda: "腕時計 SEIKO 5" in clerk.text("@preview-title"))
    clerk.type("@field-description", "{{ 商品 }}")
    eventually("the line to mend", lambda: "「商品説明」の1行目" in clerk.text("@preview-problems"))
    clerk.type("@field-description", "<b>{{ 商品名 }}</b>")
    clerk.click("@save-template")
    clerk.one("@templates")


def test_r10_a_category_is_taken_by_keyboard_and_fills_the_form_from_its_template(clerk: Clerk) -> None:
    make_template(clerk)
    clerk.buy_in([WATCH], STAFF)
    clerk.open("/ec/drafts")
    clerk.click('a[href*="/ec/drafts/"]')
    search = clerk.in_view("@category-search")
    search.click()
    eventually("suggestions before typing", lambda: "メンズ腕時計" in clerk.text(".category-hits"))
    search.send_keys("ｳﾃﾞﾄﾞｹｲ")
    eventually(
        "what was typed is found",
        lambda: clerk.driver.find_elements(By.CSS_SELECTOR, '[aria-label="見つかったカテゴリ"]'),
    )
    search.send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_UP)
    active = clerk.driver.find_element(By.ID, str(search.get_attribute("aria-activedescendant")))
    assert (active.get_attribute("aria-selected"), search.get_attribute("aria-expanded")) == ("true", "true")
    assert active.get_attribute("data-value") == MENS_WATCHES
    search.send_keys(Keys.ENTER)
    eventually("the path", lambda: "アクセサリー・時計 > メンズ腕時計" in clerk.text("@category-path"))
    assert value(clerk, "category") == MENS_WATCHES
    assert clerk.driver.switch_to.active_element.get_attribute("name") == "category"
    eventually("the template", lambda: value(clerk, "title") == "【A】セイコー 腕時計")
    assert (value(clerk, "description"), value(clerk, "duration")) == ("<b>セイコー 腕時計</b>", "3")
    clerk.driver.refresh()
    assert value(clerk, "title") == "【A】セイコー 腕時計"


def test_r10_a_word_that_finds_nothing_says_what_to_do_and_escape_closes(clerk: Clerk) -> None:
    clerk.buy_in([WATCH], STAFF)
    clerk.open("/ec/drafts")
    clerk.click('a[href*="/ec/drafts/"]')
    search = clerk.in_view("@category-search")
    search.send_keys("ぬりかべ")
    eventually("the remedy", lambda: "短い言葉" in clerk.text("@category-none"))
    search.send_keys(Keys.ENTER)
    assert value(clerk, "category") == ""
    search.send_keys(Keys.ESCAPE)
    assert not clerk.driver.find_elements(By.CSS_SELECTOR, '[data-testid="category-none"]')
