"""Make the goldens of the classic page contracts anew: pages from the sandbox, mutants of them, and what the engine reads.

`python -m tests.contracts.make_goldens`; then read the difference before committing it: a golden says what is *right*.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from werkzeug.test import Client, TestResponse

from sandbox.app import create_app
from tests.sandbox.files import GOOD, sheet, zipped

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests/contracts/golden"
READER = ROOT / "extension/tests/support/goldenReadings.ts"
ONAVI, AUCTIONS = "onavi.auctions.yahoo", "auctions.yahoo"
PORT = 8100


@dataclass
class Page:
    url: str
    html: str
    page: int | None
    mutant_of: str | None = None


class Browser:
    """Somebody at the sandbox; addresses come back as the real ones."""

    def __init__(self, folder: Path) -> None:
        self.client = Client(create_app(folder))

    def act(self, action: str, **body: Any) -> dict[str, Any]:
        answer = self.client.post(f"/control/{action}", json=body, base_url=f"http://localhost:{PORT}")
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    def log_in(self, name: str) -> None:
        self.client.post(
            "/config/login",
            data={"login": name, "passwd": f"{name}-pass"},
            base_url=f"http://login.yahoo.localhost:{PORT}",
        )

    def upload(self, data: bytes) -> Page:
        form = self.get("/jp/store/bulkupload", None, AUCTIONS)
        crumb = re.search(r'name=".crumb" value="([^"]+)"', form.html)
        assert crumb is not None
        answer = self.client.post(
            "/jp/store/bulkupload",
            data={".crumb": crumb[1], "upfile": (BytesIO(data), "items.zip")},
            base_url=f"http://{AUCTIONS}.localhost:{PORT}",
        )
        return Page(form.url, real(answer.text), None)

    def send(self, there: str, form: Page, host: str, **fields: str) -> Page:
        """Send the form of that page, and follow where it leads."""
        crumb = re.search(r'name=".crumb" value="([^"]+)"', form.html)
        assert crumb is not None
        answer = self.client.post(
            there, data={".crumb": crumb[1], **fields}, base_url=f"http://{host}.localhost:{PORT}"
        )
        if answer.status_code == 302:
            parts = urlsplit(answer.headers["Location"])
            return self.get(f"{parts.path}?{parts.query}", None, host)
        return Page(f"https://{host}.co.jp{there}", real(answer.text), None)

    def get(self, path: str, page: int | None, host: str = ONAVI) -> Page:
        url = f"http://{host}.localhost:{PORT}{path}"
        while (answer := self.open(url)).status_code == 302:
            url = urljoin(url, answer.headers["Location"])
        return Page(real(url), real(answer.text), page)

    def open(self, url: str) -> TestResponse:
        parts = urlsplit(url)
        return self.client.get(f"{parts.path}?{parts.query}", base_url=f"http://{parts.netloc}")


def real(text: str) -> str:
    return re.sub(rf"http://([a-z.]+\.yahoo)\.localhost(:{PORT})?", r"https://\1.co.jp", text)


def list_path(select: str, page: int) -> str:
    return f"/onavi/show/storelist?select={select}&page={page}&rpp=100"


def prepare(shop: Browser) -> str:
    """Two auctions on sale (one with a bid), two won, one unsold, one withdrawn; the auction id of an order."""
    made: list[str] = shop.act("seed", auctions=6, prefix="IT")["auction_ids"]
    shop.act("bid", auction_id=made[0], price=12345)
    orders = [shop.act("win", auction_id=auction)["order_ids"][0] for auction in made[2:4]]
    shop.act("pay", order_id=orders[1])
    shop.act("end", auction_id=made[4])
    shop.act("withdraw", auction_id=made[5])
    return made[3]


def uploads(shop: Browser, stranger: Browser, personal: Browser) -> dict[str, Page]:
    """The form, and what the page says of a file."""
    path = "/jp/store/bulkupload"
    forms = {"normal": shop.get(path, None, AUCTIONS)} | dict(cases(shop, path, None, AUCTIONS))
    bad = GOOD | {"管理番号": "IT0000002", "カテゴリ": ""}
    good_zip, mixed, no_zip = (
        zipped({"auctions.csv": sheet(GOOD)}),
        zipped({"auctions.csv": sheet(GOOD, bad)}),
        b"no",
    )
    answers = {
        "accepted": shop.upload(good_zip),
        "partly": shop.upload(mixed),
        "refused": shop.upload(no_zip),
    }
    shop.act("settings", bad_rows="refuse_file")
    answers["refused_rows"] = shop.upload(mixed)
    shop.act("settings", refuse_tokens=1)
    answers["stale_token"] = shop.upload(good_zip)
    shop.act("settings", upload_outcome="error_after_accept")
    answers["connection_error"] = shop.upload(good_zip)
    shop.act("settings", upload_outcome="normal", bad_rows="accept_good")
    renamed = changed(answers["partly"], lambda html: html.replace("<th>理由</th>", "<th>わけ</th>"))
    answers["renamed_rows"] = Page(renamed.url, renamed.html, None)  # nobody knows then what was taken
    return forms | answers | everywhere(shop, stranger, personal, path, None, AUCTIONS)


def commands(shop: Browser, stranger: Browser, personal: Browser) -> dict[str, dict[str, Page]]:
    """An order to mark as shipped, an auction to end, and what the pages say to it; the public page of an auction."""
    free, taken, sold = shop.act("seed", auctions=3, prefix="WORK")["auction_ids"]
    shop.act("bid", auction_id=taken)
    shop.act("pay", order_id=shop.act("win", auction_id=sold)["order_ids"][0])
    found = {}
    for contract, path, host in (
        ("classic_ship", f"/onavi/show/detail?aid={sold}", ONAVI),
        ("classic_withdraw", f"/jp/store/cancel?aid={free}", AUCTIONS),
        ("public_item", f"/jp/auction/{taken}", AUCTIONS),
    ):
        own = {"normal": shop.get(path, None, host)} | dict(cases(shop, path, None, host))
        found[contract] = own | everywhere(shop, stranger, personal, path, None, host)
        if contract != "public_item":
            found[contract]["speaking_title"] = speaking(own["normal"])

    def ship(status: str) -> Page:
        form = shop.get(f"/onavi/show/detail?aid={sold}", None)
        order = re.search(r'name="order" value="(\d+)"', form.html)
        assert order is not None
        return shop.send("/onavi/status", form, ONAVI, order=order[1], status=status)

    def withdraw(auction: str) -> Page:
        form = shop.get(f"/jp/store/cancel?aid={auction}", None, AUCTIONS)
        return shop.send("/jp/store/cancel", form, AUCTIONS, aid=auction)

    found["classic_ship"]["refused"] = ship("どこにもない状態")
    found["classic_withdraw"]["refused"] = withdraw(taken)
    for name, settings in (
        ("stale_token", {"refuse_tokens": 1}),
        ("connection_error", {"write_outcome": "error_not_accepted"}),
        ("accepted", {"write_outcome": "normal"}),
    ):
        for contract, press in (
            ("classic_ship", lambda: ship("発送済み")),
            ("classic_withdraw", lambda: withdraw(free)),
        ):
            shop.act("settings", **settings)
            found[contract][name] = press()
    found["classic_withdraw"]["over"] = shop.get(f"/jp/store/cancel?aid={free}", None, AUCTIONS)
    return found


def many(shop: Browser) -> None:
    """More than a page of each list."""
    made: list[str] = shop.act("seed", auctions=300, prefix="MANY")["auction_ids"]
    for auction in made[:100]:
        shop.act("win", auction_id=auction)
    for auction in made[100:200]:
        shop.act("end", auction_id=auction)


def cases_of_list(shop: Browser, select: str) -> dict[str, Page]:
    normal = shop.get(list_path(select, 1), 1)
    return {"normal": normal, "mutant_columns": changed(normal, swap_headings)}


def cases(shop: Browser, path: str, page: int | None, host: str = ONAVI) -> Iterator[tuple[str, Page]]:
    normal = shop.get(path, page, host)
    for skin in ("reshuffled", "renamed", "missing"):
        shop.act("settings", skin=skin)
        found = shop.get(path, page, host)
        yield skin, Page(found.url, found.html, page, "normal")
    shop.act("settings", skin="normal")
    yield "other_store", Page(normal.url, normal.html.replace("demo-store-1", "demo-store-2"), page)
    yield "mutant_class", changed(normal, other_classes)
    if page is not None or host == ONAVI:
        yield "mutant_missing", changed(normal, drop_last_cells)


def speaking(page: Page) -> Page:
    """The goods are called what the site itself says when something goes wrong."""
    words = "通信エラーのジャンク品 大きな傷はありません 返品は取り消せません そのステータスはありません"
    html = re.sub(r"以前からの商品 WORK\d+", words, page.html)
    assert html != page.html
    return Page(page.url, html, page.page)


def other_classes(html: str) -> str:
    return html.replace('class="', 'class="x-').replace("<table>", '<table class="x">')


def changed(page: Page, change: Callable[[str], str]) -> Page:
    html = change(page.html)
    assert html != page.html
    return Page(page.url, html, page.page, "normal")


def swap_headings(html: str) -> str:
    """The first two headings change places, the cells do not: what a careless redesign looks like."""
    first, second = re.findall(r"<th>([^<]+)</th>", html)[:2]
    return html.replace(f"<th>{first}</th><th>{second}</th>", f"<th>{second}</th><th>{first}</th>", 1)


def drop_last_cells(html: str) -> str:
    """Every row loses its last cell, the heading stays."""
    return re.sub(r"<td[^>]*>(?:(?!</?td).)*</td>(\s*</tr>)", r"\1", html, flags=re.S)


def error_page(shop: Browser, path: str, page: int | None, host: str) -> Page:
    shop.act("settings", maintenance=True)
    found = shop.get(path, page, host)
    shop.act("settings", maintenance=False)
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        shop = Browser(Path(name))
        shop.log_in("store1")
        stranger, personal = Browser(Path(name)), Browser(Path(name))
        personal.log_in("kojin")
        lists = ("selling", "closed", "won")
        pages = {f"classic_{select}": {"empty": shop.get(list_path(select, 1), 1)} for select in lists}
        order = prepare(shop)
        for select in lists:
            path = list_path(select, 1)
            own = cases_of_list(shop, select) | dict(cases(shop, path, 1))
            pages[f"classic_{select}"] |= own | everywhere(shop, stranger, personal, path, 1)
        path = f"/onavi/show/detail?aid={order}"
        own = {"normal": shop.get(path, None)} | dict(cases(shop, path, None))
        pages["classic_order"] = own | everywhere(shop, stranger, personal, path, None)
        pages["classic_upload"] = uploads(shop, stranger, personal)
        pages |= commands(shop, stranger, personal)
        many(shop)
        for select in lists:
            full, last = (shop.get(list_path(select, page), page) for page in (1, 2))
            pages[f"classic_{select}"] |= {"full": full, "last": last}
    write(pages)


def everywhere(
    shop: Browser, stranger: Browser, personal: Browser, path: str, page: int | None, host: str = ONAVI
) -> dict[str, Page]:
    return {
        "login": stranger.get(path, page, host),
        "personal": personal.get(path, page, host),
        "error": error_page(shop, path, page, host),
    }


def write(pages: dict[str, dict[str, Page]]) -> None:
    observed_at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    inputs = [
        {"contract": contract, "name": name, "html": page.html, "url": page.url, "page": page.page,
         "observed_at": observed_at, **({"mutant_of": page.mutant_of} if page.mutant_of else {})}
        for contract, named in pages.items()
        for name, page in named.items()
    ]  # fmt: skip
    with tempfile.TemporaryDirectory(dir=ROOT / "extension") as name:  # beside node_modules, for jsdom
        bundle = Path(name) / "reader.mjs"
        esbuild = [ROOT / "node_modules/.bin/esbuild", READER, "--bundle", "--platform=node", "--format=esm"]
        subprocess.run([*esbuild, "--external:jsdom", f"--outfile={bundle}"], check=True, capture_output=True)
        text = json.dumps(inputs, ensure_ascii=False)
        answer = subprocess.run(
            ["node", bundle], input=text, check=True, capture_output=True, text=True
        ).stdout
    for given, reading in zip(inputs, json.loads(answer), strict=True):
        folder = FOLDER / str(given.pop("contract"))
        folder.mkdir(parents=True, exist_ok=True)
        name = given.pop("name")
        (folder / f"{name}.html").write_text(str(given.pop("html")), "utf-8")
        expected = json.dumps(given | {"reading": reading}, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{name}.expected.json").write_text(expected, "utf-8")
        print(
            f"{folder.name}/{name}: {reading['kind']} {len(reading.get('rows', []))} {reading.get('missing', '')}"
        )


if __name__ == "__main__":
    main()
