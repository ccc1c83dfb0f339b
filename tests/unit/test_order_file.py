"""R24: the order files of both store tools, found by the names of their columns."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recore.channels.base import OrderFile, OrderRecord
from recore.channels.yahoo_auction.channel import YahooAuction
from recore.channels.yahoo_auction.order_file import read_order_file
from recore.platform.errors import Invalid
from recore.platform.tables import read_table, write_csv

ROW = {
    "OrderId": "10004866", "OrderTime": "2026-9-17 10:02", "YahooAuctionId": "b1243949032",
    "YahooAuctionMerchantId": "IT00000001", "UnitPrice": "11273", "OrderStatus": "2", "PayStatus": "1", "ShipStatus": "1",
}  # fmt: skip
CLASSIC = {
    "オークションID": "x1",
    "落札日時": "2026/09/17 10:02:13",
    "落札価格": "3,000円",
    "ステータス": "入金済み",
    "落札者": "buyer1",
}


def read(*rows: dict[str, str], profile: str = "current") -> OrderFile:
    names = list(dict.fromkeys(name for row in rows for name in row))
    body = write_csv(names, [[row.get(name, "") for name in names] for row in rows])
    return read_order_file(profile, "demo-store-1", read_table(body))


def only(**changes: str) -> OrderRecord:
    (record,) = read(ROW | changes).records
    return record


def problem(**changes: str) -> str:
    (found,) = read(ROW | changes).problems
    return found.column


def test_the_columns_seen_in_a_store_s_file() -> None:
    record = only()
    item = record.items[0]
    assert (record.order_number, record.status, record.ordered_at) == (
        "10004866",
        "2-1-1",
        datetime(2026, 9, 17, 1, 2, tzinfo=UTC),
    )
    assert (item.auction_id, item.management_number, item.quantity, item.unit_price) == (
        "b1243949032",
        "IT00000001",
        1,
        11273,
    )
    assert (record.recipient, record.updated_at, record.shipping_fee) == (None, None, None)


def test_columns_in_any_order_with_unknown_ones_between() -> None:
    turned = {"メモ": "x", **dict(reversed(ROW.items())), "SomethingNew": ""}
    found = read(turned)
    assert found.records[0].items == only().items
    assert found.ignored == ("メモ", "SomethingNew")
    assert dict(found.understood)["YahooAuctionMerchantId"] == "管理番号"


@pytest.mark.parametrize("name", ["orderid", " OrderId ", "ＯｒｄｅｒＩｄ", "注文ID"])
def test_a_heading_written_a_little_differently(name: str) -> None:
    rest = {key: value for key, value in ROW.items() if key != "OrderId"}
    assert read({name: "1", **rest}).records[0].order_number == "1"


def test_missing_columns_are_refused_by_name() -> None:
    rest = {key: value for key, value in ROW.items() if key not in ("PayStatus", "UnitPrice")}
    with pytest.raises(Invalid) as refused:
        read(rest)
    assert (refused.value.code, refused.value.message) == (
        "MISSING_COLUMNS", "必要な列がありません：UnitPrice（商品の単価）、PayStatus（入金ステータス）",
    )  # fmt: skip


def test_two_columns_for_the_same_thing_are_refused_two_unknown_ones_are_not() -> None:
    body = write_csv([*ROW, "x", "x", "UnitPrice"], [[*ROW.values(), "1", "2", "9"]])
    with pytest.raises(Invalid) as refused:
        read_order_file("current", "s", read_table(body))
    assert refused.value.code == "DOUBLE_COLUMNS"
    assert "UnitPrice" in refused.value.message


def test_a_bundle_has_its_auctions_and_numbers_in_one_cell() -> None:
    record = only(YahooAuctionId="b1\nc2", YahooAuctionMerchantId="N1\r\nN2", UnitPrice="1000\n2000")
    assert [(each.auction_id, each.management_number, each.unit_price) for each in record.items] == [
        ("b1", "N1", 1000), ("c2", "N2", 2000),
    ]  # fmt: skip
    summed = only(YahooAuctionId="b1\nc2", UnitPrice="3000")
    assert ([each.unit_price for each in summed.items], summed.items_total) == ([None, None], 3000)
    assert [each.management_number for each in summed.items] == [None, None], (
        "one number for two auctions names neither"
    )


def test_a_bundle_whose_auctions_are_not_all_named() -> None:
    record = only(YahooAuctionMerchantId="N1\nN2")
    assert (record.more_numbers, record.items_total, len(record.items)) == (("N1", "N2"), 11273, 1)


def test_an_order_of_several_rows_is_one_order() -> None:
    found = read(ROW, ROW | {"OrderId": "2"}, ROW | {"YahooAuctionId": "c2", "UnitPrice": "5"})
    assert [(each.rows, [item.unit_price for item in each.items]) for each in found.records] == [
        ((2, 4), [11273, 5]),
        ((3,), [11273]),
    ]


def test_an_auction_in_several_rows_has_all_their_units() -> None:
    found = read(ROW | {"Quantity": "1"}, ROW | {"Quantity": "2"})
    assert [(item.auction_id, item.quantity) for item in found.records[0].items] == [("b1243949032", 3)]
    assert (
        read(ROW | {"Quantity": "1"}, ROW | {"Quantity": "2", "UnitPrice": "9"}).problems[0].column
        == "UnitPrice"
    )


def test_the_same_row_twice_is_not_guessed() -> None:
    """The units of two, or one row that slipped in again."""
    found = read(ROW, ROW, ROW | {"OrderId": "2"})
    assert ([each.rows for each in found.problems], [each.rows for each in found.records]) == (
        [(2, 3)],
        [(4,)],
    )
    bundle = ROW | {"YahooAuctionId": "b1\nc2", "UnitPrice": "1000"}
    assert read(bundle, bundle).records[0].items_total == 2000


def test_units_of_a_bundle_that_fit_no_auction_are_not_guessed() -> None:
    bundle = {"YahooAuctionId": "b1\nc2", "UnitPrice": "3000"}
    assert [item.quantity for item in only(**bundle, Quantity="2").items] == [1, 1]
    assert problem(**bundle, Quantity="3") == "Quantity"


def test_cells_as_other_programs_write_them() -> None:
    record = only(
        YahooAuctionId="Ｂ１２３",
        UnitPrice="\\1,200.00",
        OrderStatus="２",
        ShipName='="山田 花子"',
        OrderId='="00012"',
    )
    assert (record.items[0].auction_id, record.items[0].unit_price, record.status) == ("b123", 1200, "2-1-1")
    assert (record.order_number, record.recipient and record.recipient.name) == ("00012", "山田 花子")


def test_a_second_name_counts_only_where_the_first_one_is_not_there() -> None:
    (record,) = read({"終了日時": "2026/09/17 09:00", "状態": "未使用", **CLASSIC}, profile="classic").records
    assert (record.status, record.ordered_at) == ("入金済み", datetime(2026, 9, 17, 1, 2, 13, tzinfo=UTC))
    rest = {key: value for key, value in CLASSIC.items() if key != "落札日時"}
    assert read({"終了日時": "2026/09/17 09:00", **rest}, profile="classic").records[0].ordered_at.hour == 0


def test_rows_of_one_order_that_disagree_are_not_guessed() -> None:
    found = read(ROW, ROW | {"YahooAuctionId": "c2", "ShipStatus": "3"})
    assert (found.records, found.problems[0].rows) == ((), (2, 3))


def test_rows_without_an_auction_are_other_orders_of_the_store() -> None:
    assert read(ROW, ROW | {"YahooAuctionId": ""}).outside == (3,)


def test_a_number_with_and_without_the_store_s_id_is_one_number() -> None:
    bare, full = only(), only(OrderId="demo-store-1-10004866")
    assert (bare.order_number, bare.other_numbers) == ("10004866", ("demo-store-1-10004866",))
    assert (full.order_number, full.other_numbers) == ("demo-store-1-10004866", ("10004866",))


def test_statuses_as_words_and_orders_paid_later() -> None:
    assert only(OrderStatus="処理中", PayStatus="入金済み", ShipStatus="出荷可").status == "2-1-1"
    assert only(PayStatus="0", PayType="0").status == "2-0-1-後払い"
    assert only(PayType="1").status == "2-1-1"
    assert only(PayStatus="0", PayMethod="payment_d1").status == "2-0-1-後払い"
    assert only(PayMethodName="PayPayあと払い").status == "2-1-1"


@pytest.mark.parametrize(
    "text",
    ["2026-9-17 10:02", "2026/09/17 10:02:00", "20260917100200", "2026-09-17T10:02:00+09:00", "2026-09-17 01:02:00+00:00",
     "2026年9月17日 10:02", "46282.418055555555"],
)  # fmt: skip
def test_times_as_they_were_seen(text: str) -> None:
    assert only(OrderTime=text).ordered_at == datetime(2026, 9, 17, 1, 2, tzinfo=UTC)


def test_an_address_in_parts_and_what_excel_did_to_it() -> None:
    record = only(
        ShipLastName="山田", ShipFirstName="花子", ShipZipCode="600001", ShipPrefecture="北海道", ShipCity="札幌市中央区",
        ShipAddress1="北1条西2-3", ShipAddress2="リユースビル401", ShipPhoneNumber="9001234567",
    )  # fmt: skip
    assert record.recipient is not None
    assert (record.recipient.name, record.recipient.postal_code, record.recipient.phone) == (
        "山田 花子",
        "0600001",
        "09001234567",
    )
    assert record.recipient.address == "北海道札幌市中央区北1条西2-3 リユースビル401"
    assert "山田" not in repr(record)
    without_street = only(ShipName="山田", ShipPrefecture="北海道", ShipCity="札幌市").recipient
    assert without_street is not None
    assert without_street.address is None


@pytest.mark.parametrize(
    ("column", "value"),
    [("UnitPrice", "=1+1"), ("UnitPrice", "-5"), ("UnitPrice", "12.5"), ("UnitPrice", "9" * 11), ("OrderTime", "昨日"),
     ("OrderTime", "2026-13-40 10:00"), ("OrderTime", "99999999999999"), ("YahooAuctionId", "山田 花子"), ("YahooAuctionId", "b1\nb1"),
     ("OrderStatus", ""), ("PayStatus", "山田 花子"), ("OrderId", "<script>"), ("Quantity", "0"), ("Quantity", "=A1"),
     ("YahooAuctionMerchantId", "x" * 61), ("UnitPrice", "1\n2"), ("ShipCharge", "無料")],
)  # fmt: skip
def test_what_cannot_be_read_names_its_column_and_quotes_nothing(column: str, value: str) -> None:
    (found,) = read(ROW | {column: value}).problems
    assert (found.rows, found.column) == ((2,), column)
    assert found.remedy
    assert value == "" or value not in found.message


def test_a_row_shifted_by_a_comma_is_not_read() -> None:
    names = ",".join(ROW)
    found = read_order_file("current", "s", read_table(f"{names}\n{','.join(ROW.values())},x\n".encode()))
    assert (found.records, found.problems[0].column) == ((), "行")


def test_the_classic_file() -> None:
    (record,) = read(CLASSIC, profile="classic").records
    assert (record.order_number, record.status, record.buyer_label, record.items[0].unit_price) == (
        None,
        "入金済み",
        "buyer1",
        3000,
    )


def test_each_tool_refuses_the_other_s_file() -> None:
    for row, profile in ((ROW, "classic"), (CLASSIC, "current")):
        with pytest.raises(Invalid):
            read(row, profile=profile)


@pytest.mark.parametrize("profile", ["current", "classic"])
def test_no_name_means_two_things(profile: str) -> None:
    names = [name for name, _, _ in YahooAuction().order_file_columns(profile)]
    assert len(set(names)) == len(names)


@given(
    st.dictionaries(
        st.sampled_from([*ROW, "Quantity", "Title", "ShipCharge", "LastUpdateTime"]), st.text(max_size=30)
    )
)
def test_whatever_stands_in_a_cell_the_row_is_read_or_named(changes: dict[str, str]) -> None:
    clean = {
        key: value.replace("\0", "").encode("utf-8", "ignore").decode() for key, value in changes.items()
    }
    found = read(ROW | clean)
    assert len(found.records) + len(found.problems) + len(found.outside) == 1
