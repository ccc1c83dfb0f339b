"""R34: the current tool's pages in a real Chromium: the overlay, then the rows, as the facts say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from demo.stage import chromium
from tests.sandbox.files import GOOD, modern_sheet
from tests.sandbox.test_process import Running, running

pytestmark = pytest.mark.browser


class Window:
    """One Chromium at a running sandbox."""

    def __init__(self, driver: webdriver.Chrome, market: Running, downloads: Path) -> None:
        self.driver, self.market, self.downloads = driver, market, downloads

    def open(self, path: str, host: str = "auctions.store.yahoo") -> None:
        self.driver.get(f"http://{host}.localhost:{self.market.port}{path}")

    def log_in(self, login: str) -> None:
        self.open("/config/login", "login.bizmanager.yahoo")
        self.driver.find_element(By.ID, "login_handle").send_keys(login)
        self.driver.find_element(By.ID, "password").send_keys(f"{login}-pass")
        self.driver.find_element(By.ID, "btnSubmit").click()
        self.until("location.host.startsWith('pro.store.yahoo')")
        self.settled()

    def js(self, code: str) -> Any:
        return self.driver.execute_script(f"return {code}")

    def until(self, code: str) -> Any:
        return WebDriverWait(self.driver, 20, 0.05).until(lambda _: self.js(code))

    def settled(self) -> None:
        self.until("document.querySelector('#js-loadingWrapper')?.childElementCount === 0")

    def press(self, words: str) -> None:
        self.js(f"[...document.querySelectorAll('button, a')].find(e => e.textContent === '{words}').click()")
        self.settled()

    def text(self) -> str:
        return str(self.js("document.body.innerText"))


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    folder = tmp_path_factory.mktemp("rendering")
    with running(folder) as market, chromium(folder / "profile", folder / "downloads", None) as driver:
        market.act("seed_auctions", store="demo-store-3", count=60)
        made = Window(driver, market, folder / "downloads")
        made.log_in("store3")
        yield made


def test_after_the_login_one_is_in_the_other_tool(window: Window) -> None:
    window.log_in("store3")
    assert "ストアアカウント：demo-store-3" in window.text()


def test_an_overlay_and_then_rows(window: Window) -> None:
    window.market.act("settings", loading_seconds=1.5)
    window.open("/serinavi/selling")
    window.until("document.querySelector('#js-loadingWrapper')?.childElementCount === 1")
    assert window.js("document.querySelectorAll('main ul').length") == 0
    window.settled()
    assert window.js("document.querySelectorAll('main ul input[name=itemCheckbox]').length") == 50
    assert "管理番号 MANY00001" in window.text()
    window.market.act("settings", loading_seconds=0)


def test_next_stays_in_the_page_with_old_rows_under_the_overlay(window: Window) -> None:
    window.open("/serinavi/selling")
    window.settled()
    window.market.act("settings", loading_seconds=1)
    window.js("[...document.querySelectorAll('a')].find(e => e.textContent === '次').click()")
    assert window.js("document.querySelector('#js-loadingWrapper').childElementCount") == 1
    assert window.js("document.querySelectorAll('main ul').length") >= 50
    assert window.js("location.search") == "?page=2"
    window.settled()
    assert window.js("document.querySelectorAll('main ul input').length") == 10
    window.market.act("settings", loading_seconds=0)


def test_class_names_mean_nothing(window: Window) -> None:
    window.open("/serinavi/selling")
    window.settled()
    names = window.js("[...document.querySelectorAll('main [class]')].map(e => e.className)")
    assert all(re.fullmatch(r"sc-[0-9a-f]{8}-[0-9] [A-Za-z]{5}", each) for each in names)


def test_upload_and_listing_by_hand(window: Window, tmp_path: Path) -> None:
    window.market.act("settings", items_after_seconds=0)
    window.open("/serinavi/upload")
    window.settled()
    decide = "[...document.querySelectorAll('a')].find(e => e.textContent === '決定する')"
    assert window.js(f"{decide}.hasAttribute('disabled')") is True
    assert window.js("document.querySelector('main input[type=hidden]').name") == ".crumb"
    file = tmp_path / "auctions.csv"
    file.write_bytes(modern_sheet(GOOD))
    window.driver.find_element(By.ID, "uploadFile").send_keys(str(file))
    assert window.js(f"{decide}.hasAttribute('disabled')") is False
    window.press("決定する")
    window.until("document.body.innerText.includes('受け付け')")

    window.open("/serinavi/items")
    window.settled()
    window.press("未分類（1）")
    assert "管理番号 IT0000001" in window.text()
    window.js("document.querySelector('input[name=itemCheckbox]').click()")
    window.press("出品する")
    assert window.js("document.querySelector('[role=dialog]').innerText.includes('出品の確認')")
    window.press("出品を確定する")
    window.until("document.body.innerText.includes('1件を出品しました')")
    assert "このフォルダに商品はありません" in window.text()


def test_broken_data_show_words_and_no_rows(window: Window) -> None:
    window.market.act("settings", fail_next=1, fail_where="data", fail_kind="503")
    window.open("/serinavi/selling")
    window.settled()
    assert "通信エラー" in window.text()
    assert window.js("document.querySelectorAll('main').length") == 0


def test_a_session_lost_under_the_page_leads_to_the_login(window: Window) -> None:
    window.open("/serinavi/selling")
    window.settled()
    window.market.act("expire-sessions")
    window.js("[...document.querySelectorAll('a')].find(e => e.textContent === '次').click()")
    window.until("location.host.startsWith('login.bizmanager.yahoo')")


def test_an_order_is_shipped_and_downloaded_by_hand(window: Window) -> None:
    window.log_in("store3")
    made = window.market.act("seed_auctions", store="demo-store-3", count=1, won=1, ordered=1, prefix="SHIP")
    number = f"demo-store-3-{10_000_000 + made['order_ids'][0]}"
    window.open("/pro.demo-store-3/order/manage/index", "pro.store.yahoo")
    window.settled()
    window.press(number)
    assert window.js("[...document.querySelectorAll('th')].some(e => e.textContent === '氏名')")
    window.js("document.querySelector('select[name=shipCompanyCode]').value = '1002'")
    window.driver.find_element(By.NAME, "shipInvoiceNumber1").send_keys("123456789012")
    window.press("出荷済みにする")
    window.until("document.body.innerText.includes('出荷済みにしました')")
    assert window.market.state()["orders"][0]["tracking_number"] == "123456789012"

    window.open("/pro.demo-store-3/order/manage/download", "pro.store.yahoo")
    window.settled()
    window.js(
        "[...document.querySelectorAll('button')].find(e => e.textContent === 'ダウンロードする').click()"
    )
    window.until("document.body.innerText.includes('注文データダウンロード')")
    WebDriverWait(window.driver, 20).until(lambda _: list(window.downloads.glob("order*.csv")))


def test_a_public_key_is_issued_and_copied_by_hand(window: Window) -> None:
    window.log_in("store3")
    for words in ("設定", "暗号鍵管理"):
        window.press(words)
    window.press("公開鍵発行")
    window.until("document.body.innerText.includes('公開鍵 バージョン1')")
    window.settled()
    origin = f"http://pro.store.yahoo.localhost:{window.market.port}"
    allowed = {"origin": origin, "permissions": ["clipboardReadWrite"]}
    window.driver.execute_cdp_cmd("Browser.grantPermissions", allowed)
    window.press("コピー")
    window.until("document.body.innerText.includes('コピーしました')")
    copied = window.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied == window.market.state()["api_keys"][0]["public_key"]
