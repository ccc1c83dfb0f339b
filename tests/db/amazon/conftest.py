"""A shop with an Amazon account, and the sandbox's Amazon in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from tests.sandbox.amazon_market import NOW, Clock, Market, amazon_account, go_on, hear
from tests.support.shop import Shop


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield Clock(traveller)


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    made = Market(tmp_path / "market")
    yield made
    made.app.close()


@pytest.fixture
def account_id(shop: Shop, market: Market) -> int:
    return amazon_account(shop, market)


@pytest.fixture
def pulls(shop: Shop, account_id: int, clock: Clock) -> Callable[[], None]:
    """A pull in which everything that has happened so far can be found."""

    def pull() -> None:
        clock.pass_by(minutes=5)
        hear(shop, account_id, NOW)
        go_on(shop)

    return pull
