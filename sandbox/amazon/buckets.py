"""Token buckets, one per seller and operation. How fast they fill is data; on whose clock, a switch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from sandbox.amazon.books import data


class Buckets:
    def __init__(self, market_now: Callable[[], datetime]) -> None:
        self._clocks: dict[str, Callable[[], float]] = {
            "real": time.time,
            "market": lambda: market_now().timestamp(),
        }
        self._lock = threading.Lock()
        self._levels: dict[tuple[str, str, str], tuple[float, float]] = {}  # tokens left, when that was

    def take(self, seller_id: str, operation: str, clock: str) -> bool:
        """Whether there was a token; `clock` is real, market or off."""
        if clock == "off":
            return True
        rate, burst = data("rates")[operation]
        now = self._clocks[clock]()
        with self._lock:
            left, since = self._levels.get((seller_id, operation, clock), (float(burst), now))
            left = min(float(burst), left + max(0.0, now - since) * rate)
            is_allowed: bool = left >= 1
            self._levels[(seller_id, operation, clock)] = (left - is_allowed, now)
        return is_allowed

    def fill(self) -> None:
        with self._lock:
            self._levels.clear()
