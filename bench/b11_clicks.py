"""B11: clicks and page loads of a clerk, counted by a real Chromium: from 買取 confirmed to 出品 with a template, and from 50
orders to their labels.

A click is a click that the browser delivers to the page (a label's click on its own box is one); typing, scanning and choosing
a file are none. The staff member has identified himself at the PC with his name tag, as in a shop. The photos of the items
are there already: they were taken with the phone.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from selenium.webdriver import Chrome

from bench.result import Result
from demo.photos import draw_photos
from demo.record import eventually, expect
from demo.shop import Clerk
from demo.stage import back_office, chromium, free_port

ORDERS = 50
COUNTER = """
if (window.top === window) {
  addEventListener("click", (event) => {
    if (event.isTrusted && event.detail > 0) sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1;
  }, true);
  sessionStorage.loads = Number(sessionStorage.loads ?? 0) + 1;
}"""
WATCHES = [
    {"name": f"腕時計 {at}", "grade": "A", "quantity": "1", "cost": "1000", "price": "5000", "route": "BOTH"}
    for at in range(3)
]  # fmt: skip
TEMPLATE = {
    "name": "腕時計",
    "title": "{{ 商品名 }}",
    "category": "9990000032",
    "description": "動作品です。",
}


def counted(driver: Chrome) -> tuple[int, int]:
    """(clicks, page loads) since `begin`."""
    seen = driver.execute_script("return [sessionStorage.clicks ?? 0, sessionStorage.loads ?? 0]")
    return int(seen[0]), int(seen[1])


def begin(driver: Chrome) -> None:
    driver.execute_script("sessionStorage.clicks = 0; sessionStorage.loads = 0")


def prepare(clerk: Clerk, folder: Path) -> None:
    """A template that applies by itself, items with a photo each, and who works here."""
    clerk.open("/ec/templates/new/yahoo_auction/classic")
    for field, value in TEMPLATE.items():
        clerk.type(f"@field-{field}", value)
    clerk.click("@field-buyout_price-none")
    clerk.click("@save-template")
    clerk.one("@templates")
    clerk.open("/")
    clerk.click("@staff-menu")
    clerk.type("@switch-staff", "1002")
    clerk.click("@switch-staff-go")
    eventually("the staff member", lambda: clerk.text("@current-staff") == "鈴木 EC担当")
    clerk.buy_in(WATCHES, "1002")
    bought = clerk.driver.current_url
    photos = draw_photos(folder / "photos", "watch", 1)
    for code in clerk.waiting():
        clerk.open("/ec/drafts")
        clerk.click(f"@waiting-{code} a")
        clerk.upload_photos(photos)
    clerk.go(bought)


def list_with_template(clerk: Clerk) -> tuple[int, int]:
    """The page of the confirmed 買取 is open."""
    begin(clerk.driver)
    clerk.click("@to-drafts")
    clerk.click("@select-all")
    clerk.click("@bulk-begin")
    chooser = clerk.one('[data-testid^="all-template-"]')
    chooser.send_keys("腕")  # by keyboard, as a select is worked
    clerk.click("@choose-all")
    expect(clerk.text("@ready-count") == "3件が出品できます", clerk.text())
    clerk.click("@list")
    clerk.one("@results", seconds=60)
    expect(clerk.text("@listed-count").startswith("3件"), clerk.text())
    return counted(clerk.driver)


def to_labels(clerk: Clerk, folder: Path) -> tuple[int, int]:
    """From the start page to the file for the label software. The orders came before, by the store's own file."""
    file = folder / "orders.csv"
    heading = "オークションID,落札日時,落札価格,ステータス,商品名,落札者,お届け先氏名,お届け先郵便番号,お届け先都道府県,お届け先市区町村,お届け先住所1,お届け先電話番号"
    rows = [f"x{at:04},2026/09/01 10:00,1000,入金済み,腕時計{at},buyer{at},山田 太郎,100-0001,東京都,千代田区,千代田1-{at},03-0000-{at:04}"
            for at in range(ORDERS)]  # fmt: skip
    file.write_text("\r\n".join([heading, *rows]), "cp932")
    clerk.open("/ec/orders/imports")
    clerk.one("@file").send_keys(str(file))
    clerk.click("@upload")
    clerk.click("@take")
    clerk.one("@summary", seconds=120)
    clerk.open("/")
    before = set(clerk.downloads.glob("*.csv"))
    begin(clerk.driver)
    clerk.click("@nav-orders")
    if not clerk.driver.find_elements("css selector", '[data-testid="tab-unshipped"].active'):
        clerk.click("@tab-unshipped")
    clerk.click("@select-all")
    clerk.click("@export")
    expect(clerk.text("@included").startswith(f"{ORDERS}件"), clerk.text())
    clerk.click("@download")
    eventually("the file", lambda: set(clerk.downloads.glob("*.csv")) - before)
    return counted(clerk.driver)


def main() -> None:
    with TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        with (
            back_office(folder / "shop", port, folder / "shop.log", free_port()),
            chromium(folder / "profile", folder / "downloads", None) as driver,
        ):
            driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": COUNTER})
            clerk = Clerk(driver, f"http://localhost:{port}", "", folder / "downloads")
            clerk.log_in("demo", "demo-pass")
            prepare(clerk, folder)
            listing = list_with_template(clerk)
            labels = to_labels(clerk, folder)
    Result(
        "B11",
        ratios={"listing_clicks": listing[0], "label_clicks": labels[0]},
        targets={"listing_clicks": 6, "label_clicks": 5},
        at_most=frozenset({"listing_clicks", "label_clicks"}),
        details={
            "items": len(WATCHES),
            "listing_page_loads": listing[1],
            "orders": ORDERS,
            "label_page_loads": labels[1],
        },
    ).save()


if __name__ == "__main__":
    main()
