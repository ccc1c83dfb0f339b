"""The whole of Amazon: its books, and the token buckets at its gate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sandbox.amazon.buckets import Buckets
from sandbox.amazon.orders import Orders


class Amazon(Orders):
    """All methods that change something are one transaction; several threads may call at once."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        super().__init__(folder, now)
        self.buckets = Buckets(now)

    def reset(self) -> None:
        super().reset()
        self.buckets.fill()
