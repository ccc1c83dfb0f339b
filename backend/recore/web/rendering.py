"""What every template may use: money, Japan's time, labels, permissions."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path

from flask import Flask, g, url_for

from recore.platform.clock import to_jst
from recore.web.access import may, staff_idle_minutes
from recore.web.navigation import navigation

DIST = Path(__file__).parent / "static" / "dist"


def yen(amount: int | None) -> str:
    """`1234` → `1,234円`; None → `―`."""
    return "―" if amount is None else f"{amount:,}円"


def jst(moment: datetime | None, style: str = "minute") -> str:
    """`2026/11/23 18:05` in Japan's time; style `day` leaves the time out, `time` the day, `second` adds seconds;
    None → `―`.
    """
    if moment is None:
        return "―"
    form = {"day": "%Y/%m/%d", "minute": "%Y/%m/%d %H:%M", "second": "%Y/%m/%d %H:%M:%S", "time": "%H:%M"}[
        style
    ]
    return to_jst(moment).strftime(form)


def asset(name: str) -> str:
    """The URL of a built file; it changes with the file, so browsers never show an old one."""
    return url_for("static", filename=f"dist/{name}", v=_fingerprint(DIST / name))


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def install(app: Flask) -> None:
    app.jinja_env.filters.update(yen=yen, jst=jst)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset=asset, navigation=navigation, staff_idle_minutes=staff_idle_minutes)
    app.context_processor(_globals)


def _globals() -> dict[str, object]:
    return {
        "may": may,
        "account": g.get("account"),
        "current_staff": g.get("staff"),
        "tenant_name": g.get("tenant_name", ""),
    }
