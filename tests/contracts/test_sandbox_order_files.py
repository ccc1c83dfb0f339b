"""R24: the order files of the pretend store tools, whose author has not seen our reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recore.channels.yahoo_auction.importer import YahooPages
from recore.channels.yahoo_auction.order_file import read_order_file
from recore.platform.tables import read_table
from sandbox.app import create_app
from tests.sandbox.conftest import ONAVI, PRO, Visitor

STORE = "demo-store-3"
DOWNLOAD = f"/pro.{STORE}/order/manage/download"


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    market = create_app(tmp_path / "market")
    yield Visitor(market)
    market.close()


def win(visitor: Visitor, **bid: Any) -> tuple[str, int]:
    (auction,) = visitor.act("seed", store=STORE, prefix=f"N{len(visitor.auction_ids())}-")["auction_ids"]
    return auction, visitor.act("win", auction_id=auction, **bid)["order_ids"][0]


def test_the_current_tool_with_a_bundle_and_an_order_paid_later(visitor: Visitor) -> None:
    visitor.log_in("store3")
    bundle = [win(visitor, bidder="hanako"), win(visitor, bidder="hanako")]
    later = win(visitor, bidder="taro")
    visitor.act("bundle", order_ids=[order for _, order in bundle])
    visitor.act("pay", order_id=bundle[0][1])
    visitor.act("proceed", order_id=later[1], pay_later=True)
    form = {".crumb": visitor.data(DOWNLOAD, PRO)["crumb"], "template": "標準テンプレート"}
    file = read_order_file("current", STORE, read_table(visitor.post(PRO, DOWNLOAD, data=form).data))
    assert (file.problems, file.outside) == ((), ())
    first, second = sorted(file.records, key=lambda each: len(each.items), reverse=True)
    assert [item.auction_id for item in first.items] == [auction for auction, _ in bundle]
    assert all(item.management_number and item.unit_price for item in first.items)
    assert (first.status, second.status) == ("2-1-1", "2-0-1-後払い")
    assert [YahooPages("current").order_state(each.status) for each in (first, second)] == [
        "UNSHIPPED",
        "UNSHIPPED",
    ]
    assert first.order_number is not None
    assert first.other_numbers == (first.order_number.removeprefix(f"{STORE}-"),)
    assert first.recipient is not None
    assert first.recipient.address


def test_the_classic_tool(visitor: Visitor) -> None:
    visitor.log_in()
    (auction,) = visitor.act("seed")["auction_ids"]
    visitor.act("win", auction_id=auction, bidder="taro")
    answer = visitor.post(ONAVI, "/onavi/show/csv", data=visitor.form_of(ONAVI, "/onavi/show/csv"))
    (record,) = read_order_file("classic", "demo-store-1", read_table(answer.data)).records
    assert (record.items[0].auction_id, record.status, record.buyer_label) == (auction, "未処理", "taro")
    assert record.recipient is not None
    assert record.recipient.address
