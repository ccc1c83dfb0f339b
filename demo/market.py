"""The other side: what the sandbox itself knows, and what its buyers do (its control API); nothing of ours."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Market:
    """`port` of the sandbox."""

    port: int

    def host(self, name: str) -> str:
        return f"http://{name}.localhost:{self.port}"

    def state(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://localhost:{self.port}/control/state", timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def act(self, action: str, **body: Any) -> dict[str, Any]:
        """Press one of the control room's buttons; HTTPError when it refuses."""
        request = urllib.request.Request(
            f"http://localhost:{self.port}/control/{action}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def auction(self, management_number: str) -> dict[str, Any]:
        """The one auction with this 管理番号. AssertionError when there is none or more than one."""
        found = [each for each in self.state()["auctions"] if each["management_number"] == management_number]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} auctions with 管理番号 {management_number}")
        return dict(found[0])

    def amazon(self, part: str) -> list[dict[str, Any]]:
        """`sellers`, `offers` or `orders` of the pretend Amazon, as they really are."""
        return [dict(each) for each in self.state()["amazon"][part]]

    def order(self, auction_id: str) -> dict[str, Any]:
        """The one order with this auction."""
        found = [
            each
            for each in self.state()["orders"]
            if any(line["auction_id"] == auction_id for line in each["lines"])
        ]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} orders of auction {auction_id}")
        return dict(found[0])
