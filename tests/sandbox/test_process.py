"""R34: the real process: from an empty folder, in that folder only, and as it was after a restart."""

from __future__ import annotations

import http.client
import json
import os
import socket
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from demo.stage import free_port, sandbox
from sandbox.app import create_app
from tests.sandbox.conftest import Visitor


class Running:
    """A sandbox on a port of its own."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str, host: str = "sandbox.localhost", cookie: str = "") -> bytes:
        headers = {"Host": f"{host}:{self.port}", "Cookie": cookie}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            read: bytes = answer.read()
        return read

    def act(self, action: str, **body: Any) -> dict[str, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/control/{action}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.get("/control/state"))
        return found


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    port = free_port()
    with sandbox(folder / "market", port, folder / "log"):
        yield Running(port)


def test_it_is_the_same_market_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        (auction,) = first.act("seed")["auction_ids"]
        first.act("win", auction_id=auction)
        first.act("clock", minutes=90)
        first.act("settings", skin="renamed")
        before = first.state()
    with running(tmp_path) as second:
        assert second.state() | {"clock": ""} == before | {"clock": ""}


def test_a_folder_from_before_the_current_tool_is_opened(tmp_path: Path) -> None:
    create_app(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "market.sqlite3")) as books:
        books.execute("DELETE FROM folders")
        books.execute("DELETE FROM stores WHERE tool = 'current'")
        books.execute("ALTER TABLE stores DROP COLUMN tool")
        books.commit()
    market = create_app(tmp_path)
    found = Visitor(market).state()
    market.close()
    assert {each["login"]: each["tool"] for each in found["stores"] if each["is_store"]} == {
        "store1": "classic", "store2": "classic", "store3": "current", "store4": "current",
    }  # fmt: skip
    assert len(found["folders"]) == 4


def test_a_dropped_connection_is_an_error_of_the_network(tmp_path: Path) -> None:
    with running(tmp_path) as market:
        market.act("break", kind="drop")
        with pytest.raises((http.client.IncompleteRead, http.client.RemoteDisconnected)):
            market.get("/", host="auctions.yahoo.localhost")
        assert "トップ" in market.get("/", host="auctions.yahoo.localhost").decode()


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as market:
        (auction,) = market.act("seed")["auction_ids"]
        market.act("break", count=5)

        def visit(number: int) -> int:
            market.act("bid", auction_id=auction, bidder=f"bidder{number}")
            try:
                market.get("/", host="auctions.yahoo.localhost")
            except urllib.error.HTTPError as error:
                return error.code
            return 200

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(visit, range(24)))
        assert sorted(answers) == [200] * 19 + [503] * 5
        shown = market.state()["auctions"][0]
        assert (shown["bid_count"], shown["current_price"]) == (24, 1000 + 23 * 10)


def test_large_bodies_wait_in_its_own_folder(tmp_path: Path) -> None:
    """Half an upload: the part that has come is in a nameless file, which only /proc shows."""
    port = free_port()
    with (
        sandbox(tmp_path / "market", port, tmp_path / "log") as server,
        socket.create_connection(("127.0.0.1", port), timeout=30) as half,
    ):
        half.sendall(
            b"POST /jp/store/bulkupload HTTP/1.1\r\nHost: auctions.yahoo.localhost\r\nContent-Length: 3000000\r\n\r\n"
        )
        half.sendall(bytes(2_000_000))
        nameless = eventually(lambda: [each for each in open_files(server.pid) if "(deleted)" in each])
        assert all(each.startswith(str(tmp_path / "market")) for each in nameless)


def open_files(pid: int) -> list[str]:
    found = []
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since it was listed
            found.append(os.readlink(each))
    return found


def eventually(look: Callable[[], list[str]]) -> list[str]:
    deadline = time.monotonic() + 30
    while not (found := look()):
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.02)
    return found
