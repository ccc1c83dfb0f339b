"""B1: 100,000 listing rows posted to the real server through the extension's API: new, unchanged, replayed.

Pages of 5,000 rows, the largest that the API takes. Against raw sqlite3 `executemany` of the same rows into a copy of the
same (empty, indexed) table, in one transaction: the median of three, before, between and after the posts, because
machines are busier at one time than at another. `memory_growth` is the server's
peak during the last three quarters of the rows against its peak before: flat means that it does not grow with them.
"""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

from bench.result import Result
from recore.accounts.models import MarketplaceAccount
from recore.app import create_app
from recore.demo import add_tenant
from recore.identity.pairing import pair_now
from recore.migrations import upgrade
from recore.platform.actor import OPERATOR
from recore.platform.db import db, unit_of_work
from recore.platform.tenancy import tenant_scope
from recore.settings import Settings

ROWS, PAGE = 100_000, 5_000
COLUMNS = (
    "tenant_id", "account_id", "external_id", "management_number", "title", "current_price", "bid_count", "ends_at",
    "seen_phase", "content_hash", "first_run", "changed_run",
)  # fmt: skip


def prepare(folder: Path, database_url: str = "") -> tuple[int, str]:
    """An empty shop with one account and one paired browser: (account, device token)."""
    app = create_app(Settings(data_dir=folder, database_url=database_url, log_level="WARNING"))
    with app.app_context():
        upgrade()
        tenant_id = add_tenant("bench", "計測")
        with tenant_scope(tenant_id), unit_of_work(OPERATOR) as uow:
            account = MarketplaceAccount(
                channel="yahoo_auction", name="計測", profile="classic", store_id="bench", options={}
            )
            uow.session.add(account)
            uow.session.flush()
            account_id = account.id
            _, token = pair_now(uow, "計測PC", "1.0.0", OPERATOR.label)
        db.session.remove()
        db.engine.dispose()
    return account_id, token


def listing(number: int) -> dict[str, Any]:
    ends = datetime(2030, 1, 1, 12, tzinfo=UTC) + timedelta(hours=number % 120)
    return {
        "auction_id": f"x{10**9 + number}", "management_number": f"IT{number:08d}", "title": f"腕時計 SEIKO 5 自動巻き {number}",
        "current_price": 1000 + number % 5000, "bid_count": number % 3,
        "ends_at": ends.isoformat().replace("+00:00", "Z"), "result": None,
    }  # fmt: skip


class Extension:
    """One keep-alive connection to the API, as the extension's worker has it."""

    def __init__(self, port: int, account_id: int, token: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port)
        self._account_id, self._token = account_id, token

    def post(self, path: str, body: bytes) -> dict[str, Any]:
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid.uuid4()),
        }
        self._connection.request("POST", f"/api/ext/v1{path}", body, headers)
        answer = self._connection.getresponse()
        data = answer.read()
        assert answer.status < 300, (answer.status, data[:500])
        found: dict[str, Any] = json.loads(data)
        return found

    def start(self) -> int:
        body = json.dumps({"trigger": "button", "sent_at": now()}).encode()
        return int(self.post(f"/accounts/{self._account_id}/runs", body)["run_id"])

    def finish(self, run: int) -> None:
        phases = [
            {"phase": each, "pages": 1, "rows": 1, "complete": False} for each in ("selling", "closed", "won")
        ]
        self.post(
            f"/runs/{run}/finish",
            json.dumps({"outcome": "complete", "phases": phases, "error": None}).encode(),
        )


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def bodies() -> list[bytes]:
    """The pages as the extension would send them; encoding them is not measured."""
    pages = []
    for seq, start in enumerate(range(0, ROWS, PAGE), 1):
        rows = [listing(number) for number in range(start, start + PAGE)]
        page = {"seq": seq, "phase": "selling", "page": seq, "contract": "classic_selling@1", "observed_at": now(),
                "last_page": start + PAGE == ROWS, "listings": rows, "orders": [], "details": [], "unchanged": [], "numbers": []}  # fmt: skip
        pages.append(json.dumps(page, ensure_ascii=False).encode())
    return pages


def post_all(
    extension: Extension, run: int, pages: list[bytes], server: int | None = None
) -> tuple[float, list[int]]:
    """(seconds, the server's peak kilobytes after each page)"""
    peaks = []
    started = time.perf_counter()
    for page in pages:
        extension.post(f"/runs/{run}/pages", page)
        if server is not None:
            peaks.append(peak_kilobytes(server))
    return time.perf_counter() - started, peaks


def peak_kilobytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def raw_insert(folder: Path) -> float:
    """Seconds of sqlite3 for the same rows in the same table."""
    source = next(folder.glob("*.sqlite3"))
    target = folder / "raw.db"
    with sqlite3.connect(source) as connection:
        statements = [
            row[0]
            for row in connection.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = 'observed_listings' AND sql IS NOT NULL"
                " ORDER BY type DESC"
            )
        ]
    raw = sqlite3.connect(target)
    raw.execute("PRAGMA journal_mode=WAL")
    for statement in statements:
        raw.execute(statement)
    rows = [
        (1, 1, row["auction_id"], row["management_number"], row["title"], row["current_price"], row["bid_count"],
         row["ends_at"], "selling", number, 1, 1)
        for number, row in enumerate(map(listing, range(ROWS)))
    ]  # fmt: skip
    places = ", ".join("?" * len(COLUMNS))
    started = time.perf_counter()
    with raw:
        raw.executemany(f"INSERT INTO observed_listings ({', '.join(COLUMNS)}) VALUES ({places})", rows)  # noqa: S608
    seconds = time.perf_counter() - started
    raw.close()
    target.unlink()
    return seconds


def main() -> None:
    pages = bodies()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        account_id, token = prepare(folder)
        raws = [raw_insert(folder)]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "recore.cli",
            "--data-dir",
            str(folder),
            "serve",
            "--port",
            str(port),
        ]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until_up(port, server)
            extension = Extension(port, account_id, token)
            run = extension.start()
            new, peaks = post_all(extension, run, pages, server.pid)
            raws.append(raw_insert(folder))
            replayed, _ = post_all(extension, run, pages)
            extension.finish(run)
            run = extension.start()
            unchanged, _ = post_all(extension, run, pages)
            raws.append(raw_insert(folder))
            extension.finish(run)
        finally:
            server.terminate()
            server.wait()
    raw = median(raws)
    quarter = peaks[len(peaks) // 4 - 1]
    Result(
        "B1",
        ratios={
            "new": raw / new,
            "unchanged": raw / unchanged,
            "replayed": raw / replayed,
            "memory_growth": (peaks[-1] - quarter) / quarter,
        },
        targets={"new": 0.25, "unchanged": 0.6, "replayed": 1.8, "memory_growth": 0.1},
        at_most=frozenset({"memory_growth"}),
        details={
            "raw_seconds": raw, "new_seconds": new, "unchanged_seconds": unchanged, "replayed_seconds": replayed,
            "peak_megabytes": peaks[-1] / 1024,
        },
    ).save()  # fmt: skip


def wait_until_up(port: int, server: subprocess.Popen[bytes]) -> None:
    while True:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/login")
            connection.getresponse().read()
            return
        except ConnectionError:
            assert server.poll() is None
            time.sleep(0.05)


if __name__ == "__main__":
    main()
