"""`make demo`: the whole loop in a real Chromium with the real extension, each step judged by the other side.

Leaves the zip, the address CSV, screenshots and summary.json in demo-output/; ends with 1 when a step differs.
"""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

from demo.market import Market
from demo.photos import draw_photos
from demo.record import Record, StepDiffers, eventually, expect
from demo.shop import Clerk
from demo.stage import (
    ROOT,
    back_office,
    build_extension,
    chromium,
    extension_id,
    free_port,
    grant_host,
    sandbox,
)

OUTPUT = ROOT / "demo-output"
STAFF = "1002"
ITEMS = [
    {"name": "セイコー5 自動巻き腕時計", "grade": "A", "quantity": "1", "cost": "3000", "price": "9800", "route": "BOTH"},
    {"name": "革のショルダーバッグ", "grade": "B", "quantity": "1", "cost": "1500", "price": "4800", "route": "EC_ONLY"},
    {"name": "フィルムカメラ", "grade": "C", "quantity": "1", "cost": "2000", "price": "7800", "route": "STORE_ONLY"},
]  # fmt: skip
LATER = [
    {"name": "銀の指輪", "grade": "B", "quantity": "1", "cost": "800", "price": "2980", "route": "BOTH"},
    {"name": "古い切手帳", "grade": "C", "quantity": "1", "cost": "500", "price": "1980", "route": "EC_ONLY"},
]
ON_AMAZON = {
    "name": "ヨロズ ゲームボックス2 ワイヤレスコントローラー", "grade": "A", "quantity": "1", "cost": "1500", "price": "4980",
    "route": "BOTH",
}  # fmt: skip
ASIN = "B0SBX00004"
YAHOO_SHOP, SECOND_SHOP, AMAZON_SHOP = "ヤフオク!本店", "2号店", "Amazon店"
FORGOTTEN = [
    {"name": "釣り竿", "grade": "B", "quantity": "1", "cost": "900", "price": "3980", "route": "BOTH"}
]
MODERN = [
    {
        "name": "赤いトランシーバー",
        "grade": "A",
        "quantity": "1",
        "cost": "1200",
        "price": "5980",
        "route": "BOTH",
    },
    {"name": "革の手帳", "grade": "B", "quantity": "1", "cost": "300", "price": "1480", "route": "EC_ONLY"},
]
CATEGORY = {"セイコー5 自動巻き腕時計": "9990000032", "革のショルダーバッグ": "9990000027", "銀の指輪": "9990000035",
            "古い切手帳": "9990000021", "釣り竿": "9990000024", "赤いトランシーバー": "9990000032", "革の手帳": "9990000027"}  # fmt: skip
KIND = {"セイコー5 自動巻き腕時計": "watch", "革のショルダーバッグ": "bag"}


class Story:
    """One run of the demo; the steps stand in the order of a shop's week."""

    def __init__(self, clerk: Clerk, market: Market, record: Record, folder: Path) -> None:
        self.clerk, self.market, self.record, self.folder = clerk, market, record, folder
        self.codes: dict[str, str] = {}

    def run(self) -> None:
        self.pair()
        # Amazon takes its time, in which the shop goes on; nothing but 出品する, looking and the CSV is a person's doing.
        self.list_on_amazon()
        self.buy_in_and_list()
        self.buy_on_amazon()
        self.upload_and_sync()
        self.bid_win_pay_ship()
        self.cancel_and_unsold()
        self.forget_an_upload()
        self.ship_on_amazon()
        self.current_tool()
        self.look_at_sales()

    # options → paired

    def pair(self) -> None:
        clerk, step = self.clerk, self.record.step
        with step("バックオフィスにログイン"):
            clerk.log_in("demo", "demo-pass")
        with step("拡張機能のオプションに店のURLを保存して接続"):
            for pattern in (f"{clerk.shop.rsplit(':', 1)[0]}/*", "http://*.yahoo.localhost/*"):
                grant_host(
                    clerk.driver, clerk.extension, pattern
                )  # what a person answers to Chrome's question
            clerk.pair()
            clerk.open("/settings/devices")
            expect("接続中" in clerk.text("@devices"), "the back office shows no paired browser")
        with step("練習用ヤフオク!にストアでログイン"):
            self.log_in_to_market()
            page = clerk.text()
            expect("demo-store-1" in page, "the market shows another store")

    def log_in_to_market(self) -> None:
        clerk = self.clerk
        clerk.driver.get(f"{self.market.host('onavi.auctions.yahoo')}/onavi/show/storelist?select=selling")
        clerk.type("#login_handle", "store1")
        clerk.type("#password", "store1-pass")
        clerk.click("#btnSubmit")
        clerk.one("#storeAccount")

    # 買取 → 出品

    def buy_in_and_list(self) -> None:
        clerk, step = self.clerk, self.record.step
        with step("買取3点（併売・ECのみ・店頭のみ）"):
            self.codes |= clerk.buy_in(ITEMS, STAFF)
            expect(all(item["name"] in self.codes for item in ITEMS), f"IT codes: {self.codes}")
        with step("出品待ちには店頭のみの商品がない"):
            expected = [self.codes[item["name"]] for item in ITEMS[1::-1]]
            expect(clerk.waiting() == expected, f"waiting: {clerk.waiting()}, expected {expected}")
        for item in ITEMS[:2]:
            with step(f"出品フォームと写真：{item['name']}"):
                self.fill_in(item["name"], 3)
            with step(f"【出品】：{item['name']}"):
                self.press_list(item["name"])

    def fill_in(self, name: str, photos: int, account: str = YAHOO_SHOP) -> None:
        files = draw_photos(self.folder / "photos" / self.codes[name], KIND.get(name, "camera"), photos)
        typed = {"category": CATEGORY[name], "description": f"{name}です。\n動作を確認しました。"}
        self.clerk.fill_draft(self.codes[name], files, typed, account)

    def press_list(self, name: str) -> None:
        """【出品】 on the open draft: the item leaves 出品待ち."""
        self.clerk.press_list(STAFF)
        code = self.codes[name]
        eventually(f"{code} has left 出品待ち", lambda: code not in self.clerk.waiting())

    # zip → 一括アップロード → 同期 → 出品中

    def upload_and_sync(self) -> None:
        clerk, step = self.clerk, self.record.step
        codes = [self.codes[item["name"]] for item in ITEMS[:2]]
        with step("ポップアップから出品ファイルをダウンロード"):
            path = self.keep(clerk.download_zip())
            check_zip(path, codes, photos=3)
        with step("練習用ヤフオク!の一括アップロードに渡す"):
            self.upload(path)
            expect("2件の商品を受け付けました" in clerk.text("#uploadDone"), clerk.text())
            logged = self.market.state()["uploads"][0]
            expect(
                logged["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest(),
                "the market got other bytes",
            )
            expect(all(len(self.market.auction(code)["images"]) == 3 for code in codes), "photos are missing")
        with step("【同期開始】で出品中になる"):
            self.sync()
            self.expect_states(dict.fromkeys(codes, "出品中"))

    def upload(self, path: Path) -> None:
        clerk = self.clerk
        clerk.driver.get(f"{self.market.host('auctions.yahoo')}/jp/store/bulkupload")
        clerk.one("#upfile").send_keys(str(path))
        clerk.click("#uploadButton")
        clerk.one("#uploadDone", seconds=60)

    def sync(self) -> None:
        outcome = self.clerk.sync()
        expect(outcome == "complete", f"sync: {outcome}: {self.clerk.text()}")

    def expect_states(self, expected: dict[str, str]) -> None:
        states = self.clerk.listing_states()
        seen = {number: states.get(number) for number in expected}
        expect(seen == expected, f"listings: {seen}, expected {expected}")

    def keep(self, path: Path) -> Path:
        """The downloaded file, also as evidence."""
        shutil.copy(path, OUTPUT / path.name)
        return path

    # bid → win → paid → 宛先CSV → shipped

    def bid_win_pay_ship(self) -> None:
        market, step = self.market, self.record.step
        code = self.codes[ITEMS[0]["name"]]
        auction = market.auction(code)["id"]
        with step("入札：在庫が確保され、状態は出品中のまま"):
            market.act("bid", auction_id=auction)
            self.sync()
            self.expect_states({code: "出品中"})
            expect(self.reserved(code) == 1, f"reserved: {self.reserved(code)}")
        with step("落札：保留中の受注になる"):
            market.act("end", auction_id=auction)
            self.sync()
            self.expect_orders("on_hold", [code])
            self.expect_states({code: "出品完了"})
        order = market.order(auction)
        with step("入金：未出荷になる"):
            market.act("pay", order_id=order["id"])
            self.sync()
            self.expect_orders("unshipped", [code])
        with step("宛先CSVを出力"):
            path = self.keep(self.export_addresses(code))
            check_addresses(path, order["buyer"], code)
        with step("発送：出荷済みになり、在庫が減る"):
            self.ship_in_market(auction)
            self.sync()
            self.expect_orders("shipped", [code])
            expect(self.on_hand(code) == 0, f"on hand: {self.on_hand(code)}")

    def reserved(self, code: str) -> int:
        return self.stock_count(code, "reserved")

    def on_hand(self, code: str) -> int:
        return self.stock_count(code, "on-hand")

    def stock_count(self, code: str, figure: str) -> int:
        self.clerk.open(f"/stock?q={code}")
        return int(self.clerk.text(f"@{figure}").rstrip("点"))

    def expect_orders(self, tab: str, codes: list[str]) -> None:
        self.clerk.open(f"/ec/orders?tab={tab}")
        words = self.clerk.text("#content")
        missing = [code for code in codes if code not in words]
        expect(not missing, f"受注管理 {tab} has no {missing}: {words}")

    def export_addresses(self, code: str) -> Path:
        """宛先CSV of the order with that item; others may be waiting too."""
        clerk = self.clerk
        clerk.open(f"/ec/orders?tab=unshipped&q={code}")
        clerk.click("@select-all")
        before = set(clerk.downloads.glob("*.csv"))
        clerk.click("@export")
        clerk.click("@download")
        found = eventually(
            "the address CSV", lambda: next(iter(set(clerk.downloads.glob("*.csv")) - before), None)
        )
        if not isinstance(found, Path):
            raise StepDiffers("no address CSV")
        return found

    def ship_in_market(self, auction: str) -> None:
        """As the shop does it: on the market's own page of the order."""
        clerk = self.clerk
        clerk.driver.get(f"{self.market.host('onavi.auctions.yahoo')}/onavi/show/detail?aid={auction}")
        clerk.one('#statusSelect option[value="発送済み"]').click()
        clerk.click("#statusSelect + button")
        eventually("the market's 発送済み", lambda: self.market.order(auction)["status"] == "発送済み")

    # キャンセル, unsold

    def cancel_and_unsold(self) -> None:
        clerk, market, step = self.clerk, self.market, self.record.step
        bag = self.codes[ITEMS[1]["name"]]
        with step("ストアにステータス「キャンセル」を作る"):
            clerk.driver.get(f"{market.host('onavi.auctions.yahoo')}/onavi/show/statussetting")
            clerk.click("#addStatus")
            eventually("the status", lambda: "キャンセル" in clerk.text("#statusWords"))
        with step("落札された商品がキャンセル：在庫が戻り、出品待ちに戻る"):
            auction = market.auction(bag)["id"]
            order = market.act("win", auction_id=auction)["order_ids"][0]
            self.sync()
            self.expect_orders("on_hold", [bag])
            expect(self.reserved(bag) == 1, f"reserved: {self.reserved(bag)}")
            market.act("cancel", order_id=order)
            self.sync()
            self.expect_orders("cancelled", [bag])
            expect(self.reserved(bag) == 0, f"reserved: {self.reserved(bag)}")
            expect(bag in clerk.waiting(), "the item is not back in 出品待ち")
        with step("別の2点を直接出品する"):
            self.codes |= clerk.buy_in(LATER, STAFF)
            self.list_directly([item["name"] for item in LATER])
        with step("入札のないまま終了：出品待ちに戻る"):
            unsold = self.codes[LATER[1]["name"]]
            market.act("end", auction_id=market.auction(unsold)["id"])
            self.sync()
            self.expect_states({unsold: "終了", self.codes[LATER[0]["name"]]: "出品中"})
            expect(unsold in clerk.waiting(), "the unsold item is not back in 出品待ち")

    def list_directly(self, names: list[str], account: str = YAHOO_SHOP) -> None:
        for name in names:
            self.fill_in(name, 1, account)
            self.press_list(name)
        expect(self.clerk.list_directly() == "done", self.clerk.text())
        for name in names:
            expect(len(self.market.auction(self.codes[name])["images"]) == 1, f"{name}: the photo is missing")
        self.expect_states({self.codes[name]: "出品中" for name in names})
        self.clerk.popup()
        self.clerk.click("@popup-direct-close")

    # a zip that nobody uploads

    def forget_an_upload(self) -> None:
        clerk, step = self.clerk, self.record.step
        name = FORGOTTEN[0]["name"]
        with step("ダウンロードしたzipをアップロードし忘れる"):
            self.codes |= clerk.buy_in(FORGOTTEN, STAFF)
            self.fill_in(name, 1)
            self.press_list(name)
            self.keep(clerk.download_zip())
            self.expect_states({self.codes[name]: "出品処理中"})
        with step("待ち時間を0にして2回同期：要確認になる"):
            clerk.open("/settings/shop")
            clerk.type('[name="settle.download_hours"]', "0")
            clerk.click("@save-settings")
            clerk.one("@flash")
            self.sync()
            self.sync()
            eventually(
                "要確認",
                lambda: clerk.listing_states().get(self.codes[name]) == "要確認",
                seconds=150,
                every=3,
            )
            stuck = [number for number, state in clerk.listing_states().items() if state == "出品処理中"]
            expect(not stuck, f"still 出品処理中: {stuck}")
            self.record.needs_review = sum(state == "要確認" for state in clerk.listing_states().values())

    # Amazon: 出品する → 出品中 → 未出荷 → 宛先CSV → 出荷済み → 売上, by the server alone

    def list_on_amazon(self) -> None:
        clerk, market, step = self.clerk, self.market, self.record.step
        name = ON_AMAZON["name"]
        with step("Amazonの出品者アカウントと鍵を登録する"):
            market.act(
                "amazon-settings", visible_after_seconds=1, buyable_after_seconds=5, change_after_seconds=1
            )
            clerk.add_amazon_account(AMAZON_SHOP, next(iter(market.amazon("sellers"))))
        with step("買取してAmazonに【出品する】"):
            self.codes |= clerk.buy_in([ON_AMAZON], STAFF)
            files = draw_photos(self.folder / "photos" / self.codes[name], "camera", 1)
            typed = {"asin": ASIN, "condition": "中古 - 良い"}
            clerk.fill_draft(self.codes[name], files, typed, AMAZON_SHOP)
            self.press_list(name)

    def buy_on_amazon(self) -> None:
        market, step = self.market, self.record.step
        code = self.codes[ON_AMAZON["name"]]
        with step("Amazonで出品中になり、買われる"):
            eventually(
                "出品中", lambda: self.clerk.listing_states().get(code) == "出品中", seconds=240, every=3
            )
            offer = next(each for each in market.amazon("offers") if each["sku"] == code)
            expect(offer["quantity"] == 1, f"Amazon offers {offer}")
            market.act("amazon-buy", skus=[code], paid=True)

    def ship_on_amazon(self) -> None:
        market, step = self.market, self.record.step
        code = self.codes[ON_AMAZON["name"]]
        with step("Amazonの受注が未出荷で届く：宛先CSVを出力"):
            self.wait_for_order("unshipped", code)
            path = self.keep(self.export_addresses(code))
            check_addresses(path, {"name": "山田 花子", "phone": "090-0123-4567"}, code)
        with step("Amazonの画面で出荷する"):
            (order,) = market.amazon("orders")
            market.act("amazon-ship", order_id=order["id"])

    def wait_for_order(self, tab: str, code: str) -> None:
        def is_there() -> bool:
            self.clerk.open(f"/ec/orders?tab={tab}")
            return code in self.clerk.text("#content")

        eventually(f"{code} in {tab}", is_there, seconds=300, every=3)

    def look_at_sales(self) -> None:
        """Everything that was shipped, on both marketplaces, and nothing else."""
        code = self.codes[ON_AMAZON["name"]]
        with self.record.step("Amazonの受注が出荷済みになり、売上に載る"):
            self.wait_for_order("shipped", code)
            expect(self.on_hand(code) == 0, f"on hand: {self.on_hand(code)}")
            words = self.clerk.sales()
            sold = [code, self.codes[ITEMS[0]["name"]], self.codes[MODERN[0]["name"]]]
            missing = [each for each in (*sold, AMAZON_SHOP, YAHOO_SHOP) if each not in words]
            unsold = [each for name, each in self.codes.items() if each not in sold and each in words]
            expect(not missing and not unsold, f"売上 lacks {missing}, has {unsold}: {words}")

    # another store, on today's store tool

    def current_tool(self) -> None:
        clerk, market, step = self.clerk, self.market, self.record.step
        first, second = (item["name"] for item in MODERN)
        with step("新しいストアツールのストアを追加する"):
            clerk.stop_account()
            clerk.add_yahoo_account(SECOND_SHOP, "demo-store-3")
            clerk.driver.get(f"{market.host('login.yahoo')}/config/logout")
            clerk.driver.get(f"{market.host('login.bizmanager.yahoo')}/config/login")
            clerk.type("#login_handle", "store3")
            clerk.type("#password", "store3-pass")
            clerk.click("#btnSubmit")
            eventually("the login", lambda: "/config/login" not in clerk.driver.current_url)
            clerk.choose_account(SECOND_SHOP)
        with step("競りナビに直接出品する：フォルダに保存され、出品される"):
            self.codes |= clerk.buy_in(MODERN, STAFF)
            self.list_directly([first, second], SECOND_SHOP)
        code = self.codes[first]
        with step("落札：注文手続き待ちは保留中"):
            order = market.act("win", auction_id=market.auction(code)["id"])["order_ids"][0]
            self.sync()
            self.expect_orders("on_hold", [code])
            expect(self.reserved(code) == 1, f"reserved: {self.reserved(code)}")
        with step("注文と入金：未出荷になり、住所が届く"):
            market.act("pay", order_id=order)
            self.sync()
            self.expect_orders("unshipped", [code])
            path = self.keep(self.export_addresses(code))
            check_addresses(path, market.order(market.auction(code)["id"])["buyer"], code)
        with step("ストアクリエイターProで発送：出荷済みになる"):
            market.act("ship", order_id=order)
            self.sync()
            self.expect_orders("shipped", [code])
            expect(self.on_hand(code) == 0, f"on hand: {self.on_hand(code)}")


def check_zip(path: Path, codes: list[str], *, photos: int) -> None:
    """Half-width name, CP932, one row per item, the photos named in the rows."""
    expect(path.stem.isalnum() and path.name.isascii(), f"file name: {path.name}")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        sheets = [name for name in names if name.endswith(".csv")]
        expect(len(sheets) == 1, f"files: {names}")
        rows = list(csv.DictReader(io.StringIO(archive.read(sheets[0]).decode("cp932"), newline="")))
        expect([row["管理番号"] for row in rows] == codes, f"rows: {[row['管理番号'] for row in rows]}")
        for row in rows:
            named = [row[f"画像{number}"] for number in range(1, 11) if row[f"画像{number}"]]
            expect(len(named) == photos and set(named) <= set(names), f"photos of {row['管理番号']}: {named}")


def check_addresses(path: Path, buyer: dict[str, str], code: str) -> None:
    """One row with the market's own address of the buyer and our IT code."""
    data = path.read_bytes()
    text = data.decode("utf-8-sig") if data.startswith(b"\xef\xbb\xbf") else data.decode("cp932")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    expect(len(rows) == 1, f"{len(rows)} rows")
    cells = " ".join(rows[0].values())
    missing = [word for word in (buyer["name"], buyer["phone"], code) if word not in cells]
    expect(not missing, f"the address CSV has no {missing}: {cells}")


def main() -> int:
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shop_port, market_port = free_port(), free_port()
        build_extension(folder / "extension", market_port)
        with (
            back_office(folder / "shop", shop_port, OUTPUT / "shop.log", market_port),
            sandbox(folder / "sandbox", market_port, OUTPUT / "sandbox.log"),
            chromium(folder / "profile", folder / "downloads", folder / "extension") as driver,
        ):
            record = Record(OUTPUT, lambda path: driver.save_screenshot(str(path)))
            clerk = Clerk(
                driver,
                f"http://localhost:{shop_port}",
                extension_id(folder / "extension"),
                folder / "downloads",
            )
            try:
                Story(clerk, Market(market_port), record, folder).run()
                record.complete()
            except Exception as error:
                print(f"\nThe demo stopped: {type(error).__name__}: {error}", file=sys.stderr)
                return 1
    print(f"\n{len(record.steps)} steps, needs_review {record.needs_review}; evidence in demo-output/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
