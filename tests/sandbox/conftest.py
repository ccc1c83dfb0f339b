"""A market of one's own and somebody who visits it like a browser: cookies, forms with their tokens, pages read by eye."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from werkzeug.test import Client, TestResponse

from sandbox.app import HostDispatcher, create_app
from tests.sandbox.amazon_program import Program

PORT = 8100
AUCTIONS, ONAVI, LOGIN = "auctions.yahoo", "onavi.auctions.yahoo", "login.yahoo"
UPLOAD = "/jp/store/bulkupload"
SERINAVI, PRO, BIZ_LOGIN = "auctions.store.yahoo", "pro.store.yahoo", "login.bizmanager.yahoo"


class Visitor:
    """One browser; `store1`, `store2`, `store3`, `store4` or `kojin` may be logged in."""

    def __init__(self, market: HostDispatcher) -> None:
        self.client = Client(market)

    def get(self, host: str, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, base_url=f"http://{host}.localhost:{PORT}", **options)

    def post(self, host: str, path: str, **options: Any) -> TestResponse:
        return self.client.post(path, base_url=f"http://{host}.localhost:{PORT}", **options)

    def log_in(self, login: str = "store1", done: str = "") -> TestResponse:
        form = {"login": login, "passwd": f"{login}-pass", ".done": done}
        return self.post(LOGIN, "/config/login", data=form)

    def act(self, action: str, **body: Any) -> dict[str, Any]:
        answer = self.post("sandbox", f"/control/{action}", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json or {})

    def refused(self, action: str, **body: Any) -> str:
        answer = self.post("sandbox", f"/control/{action}", json=body)
        assert answer.status_code == 400, answer.text
        return str((answer.json or {})["error"])

    def state(self) -> dict[str, Any]:
        return dict(self.get("sandbox", "/control/state").json or {})

    def auction_ids(self) -> list[str]:
        return [each["id"] for each in self.state()["auctions"]]

    def form_of(self, host: str, path: str) -> dict[str, str]:
        """The hidden fields of the form on that page."""
        hidden = page(self.get(host, path)).css(
            "main form input[type=hidden], .wrapB form input[type=hidden]"
        )
        return {each.attributes["name"] or "": each.attributes["value"] or "" for each in hidden}

    def upload(self, data: bytes, name: str = "auctions.csv") -> TestResponse:
        form = self.form_of(AUCTIONS, UPLOAD) | {"upfile": (io.BytesIO(data), name)}
        return self.post(AUCTIONS, UPLOAD, data=form)

    def data(self, path: str, host: str = SERINAVI) -> dict[str, Any]:
        """What the script of a page of the current tool is told: `path` as the browser's address bar shows it."""
        answer = self.get(host, data_path(path))
        assert answer.status_code == 200, answer.text
        return dict(answer.json or {})

    def send(self, path: str, crumb: str, host: str = SERINAVI, **form: Any) -> dict[str, Any]:
        answer = self.post(host, path, data=form | {".crumb": crumb})
        assert answer.status_code == 200, answer.text
        return dict(answer.json or {})

    def agree(self, answer: dict[str, Any], host: str = SERINAVI, **more: str) -> dict[str, Any]:
        """Say yes to the dialog that an answer is."""
        dialog = answer["dialog"]
        form: dict[str, Any] = {}
        for name, value in dialog["fields"]:
            form.setdefault(name, []).append(value)
        return self.send(dialog["post"], dialog["crumb"], host, **form | more)

    def save(self, data: bytes, name: str = "auctions.csv", crumb: str | None = None) -> TestResponse:
        """Upload in 競りナビ."""
        token = self.data("/serinavi/upload")["crumb"] if crumb is None else crumb
        form = {".crumb": token, "file": (io.BytesIO(data), name)}
        return self.post(SERINAVI, "/serinavi/data/upload", data=form)

    def folder(self, name: str = "未分類", page: int = 1) -> list[str]:
        """The 管理番号 that a page of a folder shows."""
        (found,) = (
            each
            for each in self.state()["folders"]
            if (each["store_id"], each["name"]) == ("demo-store-3", name)
        )
        return card_numbers(
            self.data(f"/serinavi/items?folder_id={found['id']}&sort=-update_date&page={page}")
        )

    def table(self, select: str, number: int = 1, rpp: int = 50) -> list[dict[str, str]]:
        """A list as a person reads it: heading → text, row by row."""
        shown = self.get(ONAVI, f"/onavi/show/storelist?select={select}&page={number}&rpp={rpp}")
        return rows_of(page(shown).css_first("table"))


def data_path(path: str) -> str:
    tool = path.split("/")[1]
    return f"/{tool}/data{path.removeprefix(f'/{tool}')}"


def list_of(view: dict[str, Any]) -> dict[str, Any]:
    (found,) = (block for block in view["blocks"] if block["kind"] == "list")
    return dict(found)


def cards(view: dict[str, Any]) -> list[dict[str, str]]:
    """Rows whose cells carry their headings; the title's cell has none, and 管理番号 under the title."""
    found = []
    for row in list_of(view)["rows"]:
        texts = [[line["text"] for line in cell] for cell in row["cells"]]
        shown = {text[0]: text[1] for text in texts if len(text) > 1 and not text[1].startswith("管理番号 ")}
        (number,) = (text[1].removeprefix("管理番号 ") for text in texts if text[-1].startswith("管理番号 "))
        found.append(shown | {"管理番号": number, "value": row["value"]})
    return found


def card_numbers(view: dict[str, Any]) -> list[str]:
    return [row["管理番号"] for row in cards(view)]


def page(answer: TestResponse) -> LexborHTMLParser:
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def rows_of(table: LexborNode | None) -> list[dict[str, str]]:
    if table is None:
        return []
    heads = [cell.text(strip=True) for cell in table.css("thead th")]
    return [
        dict(zip(heads, [cell.text(strip=True) for cell in row.css("td")], strict=True))
        for row in table.css("tbody tr")
    ]


def facts_of(shown: LexborHTMLParser) -> dict[str, str]:
    """Heading → text of a detail page's two-column tables."""
    rows = [row for row in shown.css("table tr") if row.css_first("th") and row.css_first("td")]
    return {row.css("th")[0].text(strip=True): row.css("td")[0].text(strip=True) for row in rows}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "market"


@pytest.fixture
def market(data: Path) -> Iterator[HostDispatcher]:
    made = create_app(data)
    yield made
    made.close()


@pytest.fixture
def visitor(market: HostDispatcher) -> Visitor:
    return Visitor(market)


@pytest.fixture
def modern(visitor: Visitor) -> Visitor:
    """Logged in as demo-store-3, which has the current tool; what is uploaded shows at once."""
    visitor.log_in("store3")
    visitor.act("settings", items_after_seconds=0)
    return visitor


@pytest.fixture
def shop(visitor: Visitor) -> Visitor:
    """Logged in as demo-store-1."""
    visitor.log_in()
    return visitor


@pytest.fixture
def program(visitor: Visitor) -> Program:
    """The program of `amazon1`, which may ask as fast as it likes."""
    visitor.act("amazon-settings", throttle="off")
    return Program(visitor)


@pytest.fixture
def fast(program: Program) -> Program:
    """On an Amazon where everything takes effect at once."""
    at_once = {"visible_after_seconds": 0, "buyable_after_seconds": 0, "change_after_seconds": 0}
    program.visitor.act("amazon-settings", **at_once)
    return program
