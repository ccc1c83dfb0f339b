"""B7: a steady-state sync of 10,000 listings with 20 changes, against the full one before it.

The real extension in real Chromium reads the pretend classic store; the bytes are those that arrive at the back office's
`/runs/…/pages`, the pages those that each run reports. Pacing is off.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from werkzeug.serving import make_server

from bench.result import Result
from demo.market import Market
from demo.record import eventually
from demo.shop import Clerk
from demo.stage import build_extension, chromium, extension_id, free_port, grant_host, sandbox
from recore.app import create_app
from recore.identity.settings import change_setting
from recore.platform.actor import OPERATOR
from recore.platform.db import db, unit_of_work
from recore.platform.tenancy import tenant_scope
from recore.settings import Settings
from recore.sync.models import SyncRun

LISTINGS, CHANGES = 10_000, 20
PER_PAGE = 100


class Counted:
    """The app, counting the bytes of posted pages."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app, self.posted = app, 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].endswith("/pages"):
            self.posted += int(environ.get("CONTENT_LENGTH") or 0)
        return self.app(environ, start_response)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(
            [sys.executable, "-m", "recore.cli", "--data-dir", str(folder / "shop"), "init"], check=True
        )
        app = create_app(Settings(data_dir=folder / "shop", log_level="WARNING"))
        with app.app_context(), tenant_scope(1), unit_of_work(OPERATOR) as uow:
            change_setting(uow, "yahoo.pacing_ms", 0)
        counted = Counted(app.wsgi_app)
        shop_port, market_port = free_port(), free_port()
        server = make_server("localhost", shop_port, counted, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        build_extension(folder / "extension", market_port)
        with (
            sandbox(folder / "sandbox", market_port, folder / "sandbox.log"),
            chromium(folder / "profile", folder / "downloads", folder / "extension") as driver,
        ):
            market = Market(market_port)
            auctions = market.act("seed_auctions", store="demo-store-1", count=LISTINGS)["auction_ids"]
            clerk = Clerk(
                driver,
                f"http://localhost:{shop_port}",
                extension_id(folder / "extension"),
                folder / "downloads",
            )
            begin(clerk, market)
            full = sync(clerk, counted)
            for auction in auctions[: CHANGES * 37 : 37]:
                market.act("bid", auction_id=auction)
            part = sync(clerk, counted)
        server.shutdown()
        with app.app_context(), tenant_scope(1):
            rows = db.session.execute(
                sa.select(SyncRun.phases, SyncRun.summary).order_by(SyncRun.number)
            ).all()
    pages = [sum(phase["pages"] for phase in row.phases) for row in rows]
    list_pages = LISTINGS // PER_PAGE + 2  # selling; one each of the ended list and of 落札管理
    assert [row.summary["selling"] for row in rows] == [LISTINGS, LISTINGS], rows
    Result(
        "B7",
        ratios={"bytes": part / full, "pages": pages[1] / list_pages},
        targets={"bytes": 0.02, "pages": 1.0},
        at_most=frozenset({"bytes", "pages"}),
        details={"bytes_full": full, "bytes_part": part, "pages_full": pages[0], "pages_part": pages[1], "changes": CHANGES},
    ).save()  # fmt: skip


def begin(clerk: Clerk, market: Market) -> None:
    for pattern in ("http://localhost/*", "http://*.yahoo.localhost/*"):
        grant_host(clerk.driver, clerk.extension, pattern)
    clerk.log_in("demo", "demo-pass")
    clerk.pair()
    clerk.driver.get(f"{market.host('login.yahoo')}/config/login")
    clerk.type("#login_handle", "store1")
    clerk.type("#password", "store1-pass")
    clerk.click("#btnSubmit")
    eventually("the login", lambda: "/config/login" not in clerk.driver.current_url)


def sync(clerk: Clerk, counted: Counted) -> int:
    """One whole sync; the bytes it posted."""
    before = counted.posted
    clerk.popup()
    last = clerk.last_sync()[0]
    clerk.click("@popup-sync")
    eventually("the sync has ended", lambda: clerk.last_sync()[0] not in ("", last), seconds=600, every=1)
    assert clerk.last_sync()[1] == "complete", clerk.text()
    return counted.posted - before


if __name__ == "__main__":
    main()
