"""Make the goldens of the current store tool's contracts anew: its pages as Chromium shows them once they are settled.

`python -m tests.contracts.make_current_goldens`; then read the difference before committing it.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from demo.market import Market
from demo.record import eventually
from demo.stage import chromium, free_port, sandbox
from tests.contracts.make_goldens import Page, changed, real, write
from tests.sandbox.files import GOOD, JPEG, modern_sheet, zipped

STORE = "demo-store-3"
SERINAVI, PRO = "auctions.store.yahoo", "pro.store.yahoo"
LISTS = {
    "current_selling": (SERINAVI, "/serinavi/selling?page={page}"),
    "current_closed": (SERINAVI, "/serinavi/closed?page={page}"),
    "current_won": (SERINAVI, "/serinavi/sold-list?page={page}"),
    "current_numbered": (PRO, f"/pro.{STORE}/order/manage/index?page={{page}}"),
}
UPLOAD = (SERINAVI, "/serinavi/upload")


@dataclass
class Visitor:
    """Somebody at the sandbox with a real browser; addresses come back as the real ones."""

    driver: Chrome
    market: Market

    def log_in(self, name: str) -> None:
        self.driver.get(f"{self.market.host('login.bizmanager.yahoo')}/config/login")
        self.driver.find_element(By.ID, "login_handle").send_keys(name)
        self.driver.find_element(By.ID, "password").send_keys(f"{name}-pass")
        self.driver.find_element(By.ID, "btnSubmit").click()
        eventually("logged in", lambda: "/config/login" not in self.driver.current_url)

    def log_out(self) -> None:
        self.driver.get(f"{self.market.host('login.yahoo')}/config/logout")

    def get(self, place: tuple[str, str], page: int | None) -> Page:
        host, path = place
        self.driver.get(self.market.host(host) + path.format(page=page))
        return self.shown(page)

    def shown(self, page: int | None) -> Page:
        self.settle()
        html = str(self.driver.execute_script("return document.documentElement.outerHTML"))
        return Page(self.real(self.driver.current_url), self.real(html), page)

    def settle(self) -> None:
        time.sleep(0.2)
        still = (
            "return !!document.querySelector('#js-loadingWrapper > *') || document.readyState !== 'complete'"
        )
        eventually("the page is settled", lambda: not self.driver.execute_script(still))
        time.sleep(0.2)

    def real(self, text: str) -> str:
        return real(text.replace(f":{self.market.port}", ":8100"))

    def press(self, words: str) -> None:
        """The button or link with these words."""
        found = self.driver.find_elements(By.CSS_SELECTOR, "button, [role=button]")
        next(each for each in found if each.text == words).click()

    def upload(self, file: Path) -> Page:
        host, path = UPLOAD
        self.driver.get(self.market.host(host) + path)
        self.settle()
        self.driver.find_element(By.ID, "uploadFile").send_keys(str(file))
        self.press("決定する")
        return self.shown(None)


def cases(visitor: Visitor, place: tuple[str, str], page: int | None) -> Iterator[tuple[str, Page]]:
    """One page, what the sandbox's skins and careless redesigns make of it, and other pages in its place."""
    normal = visitor.get(place, page)
    yield "normal", normal
    for skin in ("reshuffled", "renamed", "missing"):
        visitor.market.act("settings", skin=skin)
        found = visitor.get(place, page)
        yield skin, Page(found.url, found.html, page, "normal")
    visitor.market.act("settings", skin="normal")
    yield "other_store", Page(normal.url, normal.html.replace(STORE, "demo-store-4"), page)
    yield "mutant_class", changed(normal, lambda html: re.sub(r' class="[^"]*"', ' class="x"', html))
    overlay = '<div id="js-loadingWrapper"><div>…</div></div>'
    yield (
        "loading",
        changed(normal, lambda html: re.sub(r'<div id="js-loadingWrapper"></div>', overlay, html)),
    )
    visitor.market.act("settings", fail_where="data", fail_next=1, fail_kind="503")
    found = visitor.get(place, page)
    yield "failed_data", Page(found.url, found.html, page)
    visitor.market.act("settings", maintenance=True)
    yield "error", visitor.get(place, page)
    visitor.market.act("settings", maintenance=False)
    visitor.log_out()
    yield "login", visitor.get(place, page)
    for name, login in (("personal", "kojin"), ("other_tool", "store1")):
        visitor.log_in(login)
        yield name, visitor.get(place, page)
        visitor.log_out()
    visitor.log_in("store3")


def main() -> None:
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            sandbox(folder / "sandbox", port, folder / "log"),
            chromium(folder / "profile", folder / "downloads", None) as driver,
        ):
            write(pages(Visitor(driver, Market(port)), folder))


def pages(visitor: Visitor, folder: Path) -> dict[str, dict[str, Page]]:
    market = visitor.market
    visitor.log_in("store3")
    found = {contract: {"empty": visitor.get(place, 1)} for contract, place in LISTS.items()}
    market.act("seed_auctions", store=STORE, count=12, with_bids=1, won=6, ordered=3, prefix="IT")
    orders = [each for each in market.state()["orders"] if each["order_number"]]
    market.act("order-state", order_id=orders[0]["id"], order_status=5, pay_status=1, ship_status=3)
    auctions = [each for each in market.state()["auctions"] if not each["result"]]
    market.act("withdraw", auction_id=auctions[0]["id"])
    market.act("end", auction_id=auctions[1]["id"])
    for contract, place in LISTS.items():
        found[contract] |= dict(cases(visitor, place, 1))
    swapped = found["current_numbered"]["normal"]
    found["current_numbered"]["mutant_columns"] = changed(swapped, swap_headings)
    detail = (PRO, f"/pro.{STORE}/order/manage/detail/{orders[0]['order_number']}")
    found["current_order"] = dict(cases(visitor, detail, None))
    found["current_upload"] = dict(cases(visitor, UPLOAD, None)) | answers(visitor, folder)
    found |= folder_pages(visitor) | command_pages(visitor)
    for contract in ("current_selling", "current_closed", "current_won", "current_folder"):
        found[contract] |= titled(found[contract]["normal"])
    market.act("seed_auctions", store=STORE, count=400, won=130, ordered=70, prefix="MANY")
    for contract, place in LISTS.items():
        full = visitor.get(place, 1)
        total, shown = (int(each) for each in re.findall(r">(?:1〜)?(\d+)件</p>", full.html)[:2])
        found[contract] |= {"full": full, "last": visitor.get(place, -(-total // shown))}
    return found


def swap_headings(html: str) -> str:
    """The first two headings change places, the cells do not."""
    first, second = re.findall(r"<th[^>]*>[^<]+</th>", html)[:2]
    return html.replace(first + second, second + first, 1)


def titled(page: Page) -> dict[str, Page]:
    """One of the goods has a title that begins as its 管理番号 does; the two lines of every row changed places."""
    lines = re.compile(r"(<p[^>]*>[^<]*</p>)(<p[^>]*>管理番号 [^<]*</p>)")
    spoken = re.sub(r">(?!管理番号)([^<]+)(</p><p[^>]*>管理番号 )", r">管理番号なし \1\2", page.html, count=1)
    titled = changed(page, lambda _: spoken)
    turned = changed(titled, lambda html: lines.sub(r"\2\1", html))
    return {
        "number_title": Page(page.url, titled.html, page.page),
        "mutant_turned": Page(page.url, turned.html, page.page, "number_title"),
    }


def folder_pages(visitor: Visitor) -> dict[str, dict[str, Page]]:
    """What happens to a file after it was uploaded: history, folders, a folder's items, 出品."""
    market = visitor.market
    time.sleep(3)  # the files of before are worked through by then
    history, folders = (SERINAVI, "/serinavi/upload/history"), (SERINAVI, "/serinavi/items")
    found = {
        "current_history": dict(cases(visitor, history, 1)),
        "current_folders": dict(cases(visitor, folders, 1)),
    }
    folder_id = market.act("folder", store=STORE, name="出品用")["folder_id"]
    folder = (SERINAVI, f"/serinavi/items?folder_id={folder_id}&sort=-update_date&page={{page}}")
    empty = {"empty": visitor.get(folder, 1)}
    market.act("seed_items", store=STORE, count=4, folder="出品用", prefix="SAVED")
    found["current_folder"] = empty | dict(cases(visitor, folder, 1))
    found["current_exhibit"] = {
        name: Page(page.url, page.html, None, page.mutant_of) for name, page in cases(visitor, folder, 1)
    }
    for name, settings in (
        ("stale_token", {"refuse_tokens": 1}),
        ("refused", {"refuse_listings": 1}),
        ("connection_error", {"write_outcome": "error_after_accept"}),
        ("accepted", {"write_outcome": "normal"}),
    ):
        visitor.get(folder, 1)
        visitor.driver.find_element(By.CSS_SELECTOR, "input[name=itemCheckbox]").click()
        visitor.press("出品する")
        visitor.settle()
        market.act("settings", **settings)
        visitor.press("出品を確定する")
        found["current_exhibit"][name] = visitor.shown(None)
    market.act("seed_items", store=STORE, count=70, folder="出品用", prefix="MORE")
    found["current_folder"] |= {"full": visitor.get(folder, 1), "last": visitor.get(folder, 2)}
    return found


def command_pages(visitor: Visitor) -> dict[str, dict[str, Page]]:
    """An order to mark as shipped, auctions to end, and what the pages say to it."""
    market = visitor.market
    auctions = market.act("seed", store=STORE, auctions=4, prefix="WORK", days=1)["auction_ids"]
    market.act("bid", auction_id=auctions[0])
    order_id = market.act("win", auction_id=auctions[1])["order_ids"][0]
    market.act("pay", order_id=order_id)
    number = next(each["order_number"] for each in market.state()["orders"] if each["id"] == order_id)
    detail = (PRO, f"/pro.{STORE}/order/manage/detail/{number}")
    selling = (SERINAVI, "/serinavi/selling?page={page}")
    found = {
        "current_ship": dict(cases(visitor, detail, None)),
        "current_withdraw": {
            name: Page(page.url, page.html, None, page.mutant_of) for name, page in cases(visitor, selling, 1)
        },
    }
    found["current_ship"]["refused"] = shipped(visitor, detail, "だめ")
    found["current_withdraw"]["asks"] = asked(visitor, selling, auctions[2])
    visitor.press("取り消しを確定する")
    found["current_withdraw"]["accepted"] = visitor.shown(None)
    asked(visitor, selling, auctions[0])
    visitor.press("取り消しを確定する")
    found["current_withdraw"]["refused"] = visitor.shown(None)
    for name, settings in (
        ("stale_token", {"refuse_tokens": 1}),
        ("connection_error", {"write_outcome": "error_not_accepted"}),
    ):
        asked(visitor, selling, auctions[3])
        market.act("settings", **settings)
        visitor.press("取り消しを確定する")
        found["current_withdraw"][name] = visitor.shown(None)
        market.act("settings", **settings)
        found["current_ship"][name] = shipped(visitor, detail, "1234-5678-9012")
    market.act("settings", write_outcome="normal")
    found["current_ship"]["accepted"] = shipped(visitor, detail, "1234-5678-9012")
    return found


def asked(visitor: Visitor, selling: tuple[str, str], auction_id: str) -> Page:
    visitor.get(selling, 1)
    visitor.driver.find_element(By.CSS_SELECTOR, f"input[name=itemCheckbox][value={auction_id}]").click()
    visitor.press("出品を取り消す")
    return visitor.shown(None)


def shipped(visitor: Visitor, detail: tuple[str, str], tracking_number: str) -> Page:
    visitor.get(detail, None)
    Select(visitor.driver.find_element(By.NAME, "shipCompanyCode")).select_by_value("1001")
    number = visitor.driver.find_element(By.NAME, "shipInvoiceNumber1")
    number.clear()
    number.send_keys(tracking_number)
    visitor.press("出荷済みにする")
    return visitor.shown(None)


def answers(visitor: Visitor, folder: Path) -> dict[str, Page]:
    """What the page says of a file."""
    market = visitor.market
    good = folder / "good.zip"
    good.write_bytes(zipped({"auctions.csv": modern_sheet(GOOD), "a.jpg": JPEG}))
    bad = folder / "bad.zip"
    bad.write_bytes(b"this is no zip")
    found = {"accepted": visitor.upload(good), "refused": visitor.upload(bad)}
    market.act("settings", refuse_tokens=1)
    found["stale_token"] = visitor.upload(good)
    market.act("settings", upload_outcome="error_after_accept")
    found["connection_error"] = visitor.upload(good)
    market.act("settings", upload_outcome="lost_after_accept")
    found["lost"] = visitor.upload(good)
    market.act("settings", upload_outcome="normal")
    return found


if __name__ == "__main__":
    main()
