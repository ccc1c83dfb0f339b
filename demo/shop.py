"""What a clerk does in the back office and with the extension: clicks and files, nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from selenium.common.exceptions import (
    NoSuchElementException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

from demo.record import StepDiffers, eventually, expect

Locator = str
T = TypeVar("T")


def was_redrawn(error: WebDriverException) -> bool:
    """The page was drawn anew under the look; between two documents Chromium's driver has no name of its own for that."""
    return (
        isinstance(error, StaleElementReferenceException)
        or "does not belong to the document" in f"{error.msg}"
    )


@dataclass(frozen=True)
class Clerk:
    """`shop` is the back office's origin, `extension` the id of the extension."""

    driver: Chrome
    shop: str
    extension: str
    downloads: Path

    # looking and clicking

    def one(self, selector: Locator, *, seconds: float = 15) -> WebElement:
        """The element, once it is there and shown. `@name` is short for its data-testid."""
        css = re.sub(r"@([\w-]+)", r'[data-testid="\1"]', selector)

        def look() -> WebElement | None:
            try:
                found = self.driver.find_element(By.CSS_SELECTOR, css)
                return found if found.is_displayed() else None
            except NoSuchElementException:
                return None
            except WebDriverException as error:
                if was_redrawn(error):
                    return None
                raise

        found = eventually(f"{selector} on {self.driver.current_url}", look, seconds=seconds)
        if not isinstance(found, WebElement):
            raise StepDiffers(selector)
        return found

    def in_view(self, selector: Locator) -> WebElement:
        """The element in the middle of the window, where no bar covers it."""
        element = self.one(selector)
        self.driver.execute_script(
            "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element
        )
        return element

    def once(self, selector: Locator, act: Callable[[], T]) -> T:
        """`act` on an element; again only where the page was redrawn before it could reach it."""
        results: list[T] = []

        def done() -> bool:
            try:
                results.append(act())
            except WebDriverException as error:
                if was_redrawn(error):
                    return False
                raise
            return True

        eventually(f"{selector} holds still", done)
        return results[0]

    def click(self, selector: Locator) -> None:
        """Once it is there, shown and may be pressed."""
        self.once(selector, lambda: self.in_view(f"{selector}:not([disabled])").click())

    def type(self, selector: Locator, text: str) -> None:
        def typed() -> None:
            element = self.in_view(selector)
            element.clear()
            element.send_keys(text)

        self.once(selector, typed)

    def text(self, selector: Locator = "body") -> str:
        return self.once(selector, lambda: self.one(selector).text)

    def open(self, path: str) -> None:
        self.go(f"{self.shop}{path}")

    def go(self, url: str) -> None:
        """Be on that site, also when a form sent on another a moment ago answers only now and would take us back.

        A form whose staff code is being checked, or that was sent just now, is waited for.
        """
        busy = "form[data-checking], form[data-sent]"
        eventually("the form is sent", lambda: not self.driver.find_elements(By.CSS_SELECTOR, busy))

        def there() -> bool:
            self.driver.get(url)
            return urlsplit(self.driver.current_url)[:2] == urlsplit(url)[:2]

        eventually(url, there)

    # the back office

    def log_in(self, login: str, password: str) -> None:
        self.open("/login")
        self.type("@login-id", login)
        self.type("@password", password)
        self.click("@log-in")
        self.one("@nav")

    def buy_in(self, items: list[dict[str, str]], staff: str) -> dict[str, str]:
        """One 買取 with a line per item; the IT code by name."""
        self.open("/buyin")
        self.click("@buyin-start")
        for item in items:
            self.type("#name", item["name"])
            Select(self.one("#grade")).select_by_value(item["grade"])
            for field in ("quantity", "cost", "price"):
                self.type(f"#{field}", item[field])
            self.click(f"@route-{item['route']}")
            self.click("@add-line")
            self.one("@lines")
            expect(item["name"] in self.text("@lines"), f"{item['name']} is not in the lines")
        self.type("@staff-code", staff)
        self.click("@confirm")
        self.one("@confirmed")
        cell = '[data-testid="lines"] tbody tr [data-testid="it-code"]'
        codes = self.once(
            cell, lambda: [each.text for each in self.driver.find_elements(By.CSS_SELECTOR, cell)]
        )
        return {item["name"]: code for item, code in zip(items, codes, strict=True)}

    def add_yahoo_account(self, name: str, store_id: str) -> None:
        """設定 → マーケットプレイス: another store, on the store tool that new accounts are offered first."""
        self.open("/settings/accounts")
        self.type("@field-name", name)
        self.type("@field-store_id", store_id)
        self.click("@add-account")
        self.one("@save-account")
        Select(self.in_view("@field-prefecture")).select_by_value("東京都")
        self.type("@field-city", "千代田区")
        self.click("@save-account")
        eventually("saved", lambda: "保存" in self.text("@flash"))

    def add_amazon_account(self, name: str, seller: dict[str, str]) -> None:
        """設定 → マーケットプレイス: an Amazon shop with its keys, tried out. Its orders are to be pulled every minute."""
        self.open("/settings/shop")
        self.type('[name="orders.pull_minutes"]', "1")
        self.click("@save-settings")
        self.one("@flash")
        self.open("/settings/accounts")
        Select(self.one("#f-channel")).select_by_value("amazon")
        self.type("@field-name", name)
        self.type("@field-store_id", seller["id"])
        self.click("@add-account")
        for key in ("client_id", "client_secret", "refresh_token"):
            self.type(f"@field-{key}", seller[key])
        self.click("@keys-save")
        self.click("@keys-try")
        self.one("@flash")

    def use_current_tool(self, store_id: str) -> None:
        """設定 → マーケットプレイス: the first account moves to the current store tool."""
        self.open("/settings/accounts")
        self.click('[data-testid^="account-"] a')
        Select(self.one("@field-profile")).select_by_value("current")
        self.type("@field-store_id", store_id)
        self.click("@save-account")
        self.one("@flash")

    def stop_account(self) -> None:
        """設定 → マーケットプレイス: the first account is stopped."""
        self.open("/settings/accounts")
        self.click('[data-testid^="account-"] a')
        self.click("@toggle-account")
        self.confirm()
        self.one("@flash")

    def confirm(self) -> None:
        """Yes to the question on the screen; again while it still comes up and the click missed it."""

        def answered() -> bool:
            shown = self.driver.find_elements(By.CSS_SELECTOR, '[data-testid="confirm-yes"]')
            if shown and shown[0].is_displayed():
                shown[0].click()
                return False
            return True

        self.one("@confirm-yes")
        eventually("the question is answered", lambda: self.once("@confirm-yes", answered))

    def make_stock(self, grade: str, route: str) -> None:
        """在庫を作って連携, for the ticked auctions of 未連携の出品."""
        self.click("@make summary")
        Select(self.one("@grade")).select_by_value(grade)
        Select(self.one("@route")).select_by_visible_text(route)
        self.click("@link-by-making")
        self.confirm()
        self.one("@linked", seconds=120)

    def sales(self) -> str:
        """What the 売上 page says of today."""
        self.open("/sales?period=today")
        return self.text("#content")

    def waiting(self) -> list[str]:
        """The IT codes in 出品待ち."""
        self.open("/ec/drafts")
        return list(self._rows("waiting-", lambda _: None))

    def fill_draft(
        self, it_code: str, photos: list[Path], typed: dict[str, str], account: str | None = None
    ) -> None:
        """Open the item in 出品待ち, upload its photos, type what is not filled in, and wait until it is saved.

        `account` is ticked, and its form is the one; else the first, which is ticked where there is no other.
        """
        self.open("/ec/drafts")
        self.click(f"@waiting-{it_code} a")
        self.upload_photos(photos)
        form = self._form_of(account) if account else '[data-testid^="form-"] '
        for field, value in typed.items():
            element = self.one(f"{form}@field-{field}")
            if element.tag_name == "select":
                Select(element).select_by_visible_text(value)
            else:
                self.type(f"{form}@field-{field}", value)
        if self.driver.find_elements(By.CSS_SELECTOR, f'{form}[data-testid="field-buyout_price-none"]'):
            self.click(f"{form}@field-buyout_price-none")
        self.click(f"{form}@save")
        eventually(
            "保存済み",
            lambda: (
                "保存" in self.text(f"{form}@save-status") and "中" not in self.text(f"{form}@save-status")
            ),
        )

    def _form_of(self, account: str) -> str:
        """The selector of the account's form on the open draft, which is ticked."""
        labels = {
            each.text: str(each.get_attribute("for")).removeprefix("tick-")
            for each in self.driver.find_elements(By.CSS_SELECTOR, 'label[for^="tick-"]')
        }
        form = f'[data-testid="form-{labels[account]}"] '
        if not self.one(f'[data-testid="tick-{labels[account]}"]').is_selected():
            self.click(f'[data-testid="tick-{labels[account]}"]')
        return form

    def upload_photos(self, photos: list[Path]) -> None:
        chooser = self.one("@photo-input")
        shown = len(self.driver.find_elements(By.CSS_SELECTOR, '[data-testid="photo"]'))
        chooser.send_keys("\n".join(map(str, photos)))
        eventually(
            f"{len(photos)} photos",
            lambda: (
                len(self.driver.find_elements(By.CSS_SELECTOR, '[data-testid="photo"]'))
                == shown + len(photos)
            ),
        )

    def press_list(self, staff: str) -> None:
        """【出品】 on the open draft."""
        self.type("@staff-code", staff)
        self.click("@list")

    def listing_states(self) -> dict[str, str]:
        """管理番号 → state, as 出品リスト shows them."""
        self.open("/ec/listings")
        return self._rows(
            "listing-", lambda row: row.find_element(By.CSS_SELECTOR, '[data-testid="state"]').text
        )

    def _rows(self, prefix: str, read: Callable[[WebElement], T]) -> dict[str, T]:
        """What `read` finds in each row of the list, by the rest of the row's data-testid."""
        css = f'[data-testid^="{prefix}"]'

        def found() -> dict[str, T]:
            rows = self.driver.find_elements(By.CSS_SELECTOR, css)
            return {str(row.get_attribute("data-testid")).removeprefix(prefix): read(row) for row in rows}

        return self.once(css, found)

    # the extension

    def options(self) -> None:
        self.go(f"chrome-extension://{self.extension}/options.html")

    def popup(self) -> None:
        self.go(f"chrome-extension://{self.extension}/popup.html")

    def choose_account(self, name: str) -> None:
        """The popup's pulldown of accounts."""
        self.popup()
        Select(self.one("@popup-account")).select_by_visible_text(name)

    def pair(self) -> None:
        """Enter the shop's URL in the options and save it."""
        self.options()
        self.type("@tenant-url", self.shop)
        self.click("@save-tenant")
        self.one("@connected", seconds=30)

    def download_zip(self) -> Path:
        """【出品ファイルをダウンロード】 of 新規の出品待ちから; the file that arrived."""
        before = set(self.downloads.glob("*.zip"))
        self.popup()
        self.click("@popup-download")
        found = eventually("a zip in the downloads", lambda: self._finished(before), seconds=60)
        if not isinstance(found, Path):
            raise StepDiffers("no zip")
        return found

    def _finished(self, before: set[Path]) -> Path | None:
        if list(self.downloads.glob("*.crdownload")):
            return None
        return next(iter(set(self.downloads.glob("*.zip")) - before), None)

    def sync(self) -> str:
        """【同期開始】, wait for its end; `complete` or `failed`."""
        self.popup()
        before, _ = self.last_sync()
        self.click("@popup-sync")
        eventually("the sync has ended", lambda: self.last_sync()[0] not in ("", before), seconds=120)
        return self.last_sync()[1]

    def list_directly(self) -> str:
        """【直接出品を実行】, or its 続きから; wait for its end; `done` or `failed`."""
        self.start_direct()
        eventually(
            "the direct listing has ended", lambda: self.direct_state() in ("done", "failed"), seconds=300
        )
        return self.direct_state()

    def start_direct(self) -> None:
        self.popup()
        before = self._direct("since")
        if self.direct_state() == "failed":
            self.click("@popup-direct-again")
        else:
            self.click("@popup-direct")
            self.click("@popup-direct-yes")
        eventually("the direct listing has begun", lambda: self._direct("since") not in ("", before))

    def direct_state(self) -> str:
        return self._direct("state")

    def _direct(self, name: str) -> str:
        section = "@popup-direct-section"
        return self.once(section, lambda: str(self.one(section).get_attribute(f"data-{name}")))

    def last_sync(self) -> tuple[str, str]:
        """(when, how) the account's last sync ended, once the popup shows it; empty before the first."""

        def read() -> tuple[str, str]:
            shown = self.one("@popup-sync-result")
            return str(shown.get_attribute("data-at")), str(shown.get_attribute("data-outcome"))

        return self.once("@popup-sync-result", read)
