"""R24: the order API's XML → records, and what makes no sense is named."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree.ElementTree import Element, fromstring

import httpx
import pytest

from recore.channels.base import Recipient, RecordItem
from recore.channels.order_api import ChangedOrder, ChangedOrders, Place, UnreadableOrder
from recore.channels.yahoo_auction.order_api import YahooOrderApi
from recore.channels.yahoo_auction.order_xml import (
    changed_orders,
    list_request,
    order_record,
    order_request,
)

ITEM = """<Item><LineId>1</LineId><Title>腕時計 SEIKO 5</Title><UnitPrice>3000</UnitPrice><Quantity>1</Quantity>
<ItemYahooAucId>a1</ItemYahooAucId><ItemYahooAucMerchantId>N1</ItemYahooAucMerchantId></Item>"""
SHIP = """<Ship><ShipStatus>1</ShipStatus><ShipMethodName>宅配便</ShipMethodName><ShipLastName>山田</ShipLastName>
<ShipFirstName>花子</ShipFirstName><ShipLastNameKana>ヤマダ</ShipLastNameKana><ShipFirstNameKana>ハナコ</ShipFirstNameKana>
<ShipZipCode>0600001</ShipZipCode><ShipPrefecture>北海道</ShipPrefecture><ShipCity>札幌市中央区</ShipCity>
<ShipAddress1>北1条西2-3</ShipAddress1><ShipAddress2>リユースビル401</ShipAddress2><ShipPhoneNumber>09001234567</ShipPhoneNumber></Ship>"""


def order(items: str = ITEM, **changes: str) -> Element:
    """An answer of orderInfo; `changes` by element."""
    own = {
        "OrderId": "store-10000001", "OrderTime": "2026-11-20T10:02:03+09:00", "LastUpdateTime": "2026-11-20T11:00:00+09:00",
        "OrderStatus": "2", "YahooAuctionId": "a1", "YahooAuctionMerchantId": "N1",
    }  # fmt: skip
    pay = {"PayStatus": "1", "PayType": "1", "PayMethodName": "PayPay残高等"}
    detail = {"ShipCharge": "800", "TotalPrice": "3800"}

    def written(group: dict[str, str]) -> str:
        return "".join(f"<{name}>{changes.get(name, text)}</{name}>" for name, text in group.items())

    return fromstring(  # noqa: S314 - written above
        f"<ResultSet><Result><Status>OK</Status><OrderInfo>{written(own)}<Pay>{written(pay)}</Pay>{SHIP}"
        f"<Detail>{written(detail)}</Detail>{items}</OrderInfo></Result></ResultSet>"
    )


def test_an_order_is_read_whole() -> None:
    record = order_record(order(), "store")
    assert record.items == (RecordItem("a1", "N1", "腕時計 SEIKO 5", 1, 3000),)
    assert (record.order_number, record.other_numbers, record.status) == (
        "store-10000001",
        ("10000001",),
        "2-1-1",
    )
    assert record.ordered_at == datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)
    assert record.updated_at == datetime(2026, 11, 20, 2, tzinfo=UTC)
    assert record.recipient == Recipient(
        "山田 花子", "ヤマダ ハナコ", "0600001", "北海道札幌市中央区北1条西2-3 リユースビル401", "09001234567"
    )
    assert (record.shipping_method, record.payment_method) == ("宅配便", "PayPay残高等")
    assert (record.shipping_fee, record.total, record.message, record.asked_at) == (800, 3800, None, None)


def test_paid_later_is_part_of_the_status() -> None:
    assert order_record(order(PayType="0", PayStatus="0"), "store").status == "2-0-1-後払い"


def test_several_auctions_are_named_by_their_items() -> None:
    two = ITEM + ITEM.replace("a1", "a2").replace("N1", "N2").replace("3000", "500")
    record = order_record(order(two, YahooAuctionId="", YahooAuctionMerchantId=""), "store")
    assert [(each.auction_id, each.management_number, each.unit_price) for each in record.items] == [
        ("a1", "N1", 3000), ("a2", "N2", 500),
    ]  # fmt: skip


def test_an_auction_in_several_items_has_all_their_units() -> None:
    more = ITEM.replace("<LineId>1", "<LineId>2").replace("<Quantity>1", "<Quantity>2")
    (item,) = order_record(order(ITEM + more), "store").items
    assert (item.auction_id, item.quantity, item.unit_price) == ("a1", 3, 3000)
    with pytest.raises(UnreadableOrder):
        order_record(order(ITEM + more.replace("3000", "2500")), "store")


def test_one_item_may_be_named_by_the_order_alone() -> None:
    unnamed = ITEM.replace("<ItemYahooAucId>a1</ItemYahooAucId>", "<ItemYahooAucId/>")
    assert order_record(order(unnamed), "store").items[0].auction_id == "a1"


def test_what_was_taken_out_of_the_order_is_not_in_it() -> None:
    two = ITEM + ITEM.replace("a1", "a2").replace("<Quantity>1", "<Quantity>0")
    assert [each.auction_id for each in order_record(order(two), "store").items] == ["a1"]


@pytest.mark.parametrize(
    ("items", "changes", "told"),
    [
        (ITEM, {"OrderStatus": ""}, "注文ステータス（OrderStatus）：ステータスが空です。"),
        (ITEM, {"OrderStatus": "処理"}, "注文ステータス（OrderStatus）：ステータスとして読めません。"),
        (ITEM, {"OrderTime": "きのう"}, "注文日時（OrderTime）：日時として読めません。"),
        (ITEM, {"ShipCharge": "無料"}, "送料（ShipCharge）：数字ではありません。"),
        (
            ITEM.replace("3000", ""),
            {},
            "商品の単価（UnitPrice）：金額の数が、オークションIDの数と合いません。",
        ),
        (ITEM.replace("<Quantity>1", "<Quantity>1.5"), {}, "数量（Quantity）：数字ではありません。"),
        (ITEM.replace("<Quantity>1", "<Quantity>0"), {}, "数量（Quantity）：数量は1以上の整数です。"),
        (
            ITEM.replace("a1", "12345"),
            {},
            "オークションID（ItemYahooAucId）：オークションIDの形ではありません（英字1文字と数字）。",
        ),
        (ITEM + ITEM.replace("a1", ""), {}, "オークションIDのない商品があります。"),
        ("", {}, "商品が1つもありません。"),
    ],
)
def test_what_makes_no_sense_is_named(items: str, changes: dict[str, str], told: str) -> None:
    with pytest.raises(UnreadableOrder) as unreadable:
        order_record(order(items, **changes), "store")
    assert (unreadable.value.message, unreadable.value.item) == (told, "store-10000001")
    assert unreadable.value.remedy


def test_a_reason_quotes_no_buyer() -> None:
    with pytest.raises(UnreadableOrder) as unreadable:
        order_record(order(ShipCharge="山田 花子"), "store")
    assert "山田" not in str(unreadable.value) + unreadable.value.message


def test_a_list_says_what_changed() -> None:
    row = (
        "<OrderInfo><Index>{0}</Index><OrderId>s-{0}</OrderId><LastUpdateTime>{1}</LastUpdateTime>"
        "<IsYahooAuctionOrder>{2}</IsYahooAuctionOrder><OrderStatus>2</OrderStatus><PayStatus>1</PayStatus>"
        "<ShipStatus>3</ShipStatus></OrderInfo>"
    )
    rows = [
        ("1", "2026-11-20T11:00:00+09:00", "true"),
        ("2", "2026-11-20T11:00:00+09:00", "false"),
        ("3", "?", "true"),
        ("4", "?", "TRUE"),
        ("5", "?", ""),
    ]
    text = "".join(row.format(*each) for each in rows)
    page = changed_orders(fromstring(f"<Result><Search><TotalCount>7</TotalCount>{text}</Search></Result>"))  # noqa: S314
    assert (page.total, page.count) == (7, 5)
    assert page.orders == (
        ChangedOrder("s-1", datetime(2026, 11, 20, 2, tzinfo=UTC), "2-1-3"), ChangedOrder("s-3", None, "2-1-3"),
        ChangedOrder("s-4", None, "2-1-3"), ChangedOrder("s-5", None, "2-1-3"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "<Result/>",
        "<Result><Search/></Result>",
        "<Result><Search><TotalCount>x</TotalCount></Search></Result>",
    ],
)
def test_a_list_that_is_none_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):
        changed_orders(fromstring(text))  # noqa: S314


def test_questions_are_asked_in_japans_time_and_cannot_be_broken_out_of() -> None:
    asked = fromstring(list_request("store<&>", datetime(2026, 11, 20, 15, 30, tzinfo=UTC), 101))  # noqa: S314
    assert asked.findtext("Search/Condition/LastUpdateTimeFrom") == "20261121003000"
    assert asked.findtext("Search/Condition/IsYahooAuctionOrder") == "true"
    assert (asked.findtext("Search/Start"), asked.findtext("SellerId")) == ("101", "store<&>")
    one = fromstring(order_request("store", "store-1"))  # noqa: S314
    fields = (one.findtext("Target/Field") or "").split(",")
    assert (
        one.findtext("Target/OrderId") == "store-1"
        and len(fields) == len(set(fields))
        and "Quantity" in fields
    )


def test_an_answer_in_a_namespace_is_read_as_well() -> None:
    text = "<Result><Status>OK</Status><Search><TotalCount>0</TotalCount></Search></Result>"
    named = text.replace("<Result>", '<Result xmlns="urn:yahoo:jp:shopping:orderList">')

    def answered(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=named)

    api = YahooOrderApi(transport=httpx.MockTransport(answered))
    assert api.changed_orders("a", "store", Place(datetime(2026, 11, 20, tzinfo=UTC))) == ChangedOrders(
        0, 0, ()
    )
