"""A clock that several processes share and a test puts forward: real time plus what a file says, in minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from recore.platform import clock


def follow(path: Path) -> None:
    """From now on this process's `platform.clock` is that one."""

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(minutes=float(path.read_text("ascii")))

    clock.now = now


def put_forward(path: Path, minutes: float) -> None:
    """Readers never see half a file."""
    told = float(path.read_text("ascii")) if path.exists() else 0.0
    fresh = path.with_suffix(".new")
    fresh.write_text(str(told + minutes), "ascii")
    fresh.replace(path)
