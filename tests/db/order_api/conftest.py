"""A store whose orders come through Yahoo!'s official API, and the sandbox in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.api_market import Market, linked
from tests.support.shop import Shop


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    made = Market(tmp_path / "market")
    yield made
    made.app.close()


@pytest.fixture
def account_id(shop: Shop, market: Market) -> int:
    return linked(shop, market)
