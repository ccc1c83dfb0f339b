"""R34: 一括アップロード of 競りナビ saves into folders, later, twice if sent twice; its answer may lie."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sandbox.conftest import SERINAVI, Visitor
from tests.sandbox.files import GOOD, HEADER, JPEG, PNG, SERINAVI_HEADER, modern_sheet, sheet, zipped


def refusals(visitor: Visitor) -> list[tuple[int, str]]:
    return [(each["line"], each["column"]) for each in visitor.state()["uploads"][0]["refused"]]


def words(visitor: Visitor, data: bytes, name: str = "auctions.csv") -> str:
    answer = visitor.save(data, name).json or {}
    return str(answer.get("done") or answer.get("problem"))


def test_the_header_is_the_one_of_the_facts() -> None:
    assert len(SERINAVI_HEADER) == 53
    assert (SERINAVI_HEADER[0], SERINAVI_HEADER[13], SERINAVI_HEADER[-1]) == (
        "管理番号", "代金先払い、後払い", "発送までの日数",
    )  # fmt: skip


def test_good_rows_are_saved_and_nothing_is_for_sale(modern: Visitor) -> None:
    file = modern_sheet(GOOD, GOOD | {"管理番号": "IT0000002", "商品保存先フォルダパス": "新着商品"})
    assert words(modern, file).startswith("商品データ2件のアップロードを受け付けました。")
    assert (modern.folder(), modern.folder("新着商品")) == (["IT0000001"], ["IT0000002"])
    assert modern.auction_ids() == []


def test_items_appear_only_after_a_while(modern: Visitor) -> None:
    modern.act("settings", items_after_seconds=90)
    modern.save(modern_sheet(GOOD, GOOD | {"個数": "0"}))
    assert modern.folder() == []
    assert "処理中" in str(modern.data("/serinavi/upload/history")["blocks"])
    modern.act("clock", minutes=2)
    assert modern.folder() == ["IT0000001"]
    history = str(modern.data("/serinavi/upload/history")["blocks"])
    assert "完了" in history
    assert "3行目 個数：" in history
    assert "'text': '1件'" in history


def test_the_same_file_again_saves_everything_twice(modern: Visitor) -> None:
    for _ in range(2):
        assert "受け付け" in words(modern, modern_sheet(GOOD))
    assert modern.folder() == ["IT0000001", "IT0000001"]


@pytest.mark.parametrize("outcome", ["error_after_accept", "error_not_accepted"])
def test_the_same_communication_error_means_either(modern: Visitor, outcome: str) -> None:
    modern.act("settings", upload_outcome=outcome)
    answer = modern.save(modern_sheet(GOOD))
    assert (answer.status_code, (answer.json or {})["problem"]) == (
        500, "通信エラーが発生しました。時間をおいて再度お試しください。",
    )  # fmt: skip
    assert modern.folder() == (["IT0000001"] if outcome == "error_after_accept" else [])


def test_the_connection_can_break_after_the_file_was_accepted(modern: Visitor) -> None:
    modern.act("settings", upload_outcome="lost_after_accept")
    with pytest.raises(ConnectionAbortedError):
        modern.save(modern_sheet(GOOD)).get_data()
    assert modern.folder() == ["IT0000001"]


def test_the_classic_tool_can_refuse_with_those_words_too(shop: Visitor) -> None:
    shop.act("settings", upload_outcome="error_not_accepted")
    assert "通信エラー" in shop.upload(sheet(GOOD)).text
    assert shop.auction_ids() == []


def test_a_token_is_for_one_upload(modern: Visitor) -> None:
    token = modern.data("/serinavi/upload")["crumb"]
    assert (modern.save(modern_sheet(GOOD), crumb=token).json or {})["done"]
    assert "有効期限" in (modern.save(modern_sheet(GOOD), crumb=token).json or {})["problem"]
    other = modern.data("/serinavi/items")["crumb"]
    assert "有効期限" in (modern.save(modern_sheet(GOOD), crumb=other).json or {})["problem"]
    assert modern.folder() == ["IT0000001"]


ROWS: list[tuple[str, dict[str, str]]] = [
    ("管理番号", {"管理番号": "X" * 21}),
    ("タイトル", {"タイトル": "あ" * 65 + "a"}),
    ("説明", {"説明": "一行目\r\n二行目"}),
    ("個数", {"個数": "10"}),
    ("期間", {"期間": "8"}),
    ("商品の自動再出品", {"商品の自動再出品": "4"}),
    ("消費税設定", {"消費税設定": "5"}),
    ("税込みフラグ", {"税込みフラグ": "税込"}),
    ("配送グループ", {"配送グループ": "ゆうパック"}),
    ("発送までの日数", {"発送までの日数": "1〜2日"}),
    ("注目のオークション", {"注目のオークション": "-1"}),
    ("商品保存先フォルダパス", {"商品保存先フォルダパス": "ないフォルダ"}),
    ("画像1", {"画像1": "a_1.png"}),
    ("画像1", {"画像1": "missing.jpg"}),
    ("画像10コメント", {"画像10コメント": "画像のないコメント"}),
]


@pytest.mark.parametrize(("column", "change"), ROWS)
def test_a_row_is_refused_by_its_line_and_column(
    modern: Visitor, column: str, change: dict[str, str]
) -> None:
    table = modern_sheet(GOOD, GOOD | change, GOOD | {"管理番号": "IT0000003"})
    said = words(modern, zipped({"auctions.csv": table, "a_1.png": PNG}), "list1.zip")
    assert "3件のアップロードを受け付けました" in said  # of a bad row only the result page tells
    assert refusals(modern) == [(3, column)]
    assert modern.folder() == ["IT0000003", "IT0000001"]


@pytest.mark.parametrize(
    "change",
    [
        {"配送グループ": "1", "発送までの日数": "2", "注目のオークション": "0", "税込みフラグ": "はい"},
        {"消費税設定": "10", "最低評価": "-5", "JANコード・ISBNコード": "なんでも", "重量設定": "3"},
        {"タイトル": "あ" * 64 + "ab", "管理番号": "X" * 20, "画像1": "a_1.jpg", "画像1コメント": "表"},
    ],
)
def test_values_within_the_limits_are_accepted(modern: Visitor, change: dict[str, str]) -> None:
    modern.save(zipped({"auctions.csv": modern_sheet(GOOD | change), "a_1.jpg": JPEG}), "list1.zip")
    assert refusals(modern) == []
    assert len(modern.folder()) == 1


FILES: list[tuple[str, str, Callable[[], bytes]]] = [
    ("文字コード", "auctions.csv", lambda: modern_sheet(GOOD).decode("cp932").encode("utf-8")),
    ("項目名", "auctions.csv", lambda: sheet(GOOD, header=HEADER)),
    ("項目名", "auctions.csv", lambda: modern_sheet(GOOD, header=SERINAVI_HEADER[:-1])),
    ("改行コード", "auctions.csv", lambda: modern_sheet(GOOD).replace(b"\r\n", b"\n")),
    ("商品がありません", "auctions.csv", modern_sheet),
    ("半角英数字", "my-list.zip", lambda: zipped({"auctions.csv": modern_sheet(GOOD)})),
    ("フォルダ", "list.zip", lambda: zipped({"list/auctions.csv": modern_sheet(GOOD)})),
    ("開けません", "list.zip", lambda: b"PK\x03\x04 not a zip"),
    ("CSVファイルかZIP", "auctions.xlsx", lambda: modern_sheet(GOOD)),
]


@pytest.mark.parametrize(("reason", "name", "made"), FILES)
def test_a_file_is_refused_whole_and_at_once(
    modern: Visitor, reason: str, name: str, made: Callable[[], bytes]
) -> None:
    said = words(modern, made(), name)
    assert reason in said
    assert "受け付け" not in said
    assert refusals(modern) == [(0, "")]
    assert reason in str(modern.data("/serinavi/upload/history")["blocks"])
    assert modern.folder() == []


def test_the_limits_are_switches(modern: Visitor) -> None:
    modern.act("settings", max_rows=1)
    assert "1件まで" in words(modern, modern_sheet(GOOD, GOOD))


def test_no_file(modern: Visitor) -> None:
    token = modern.data("/serinavi/upload")["crumb"]
    assert "選択してください" in modern.send("/serinavi/data/upload", token, SERINAVI)["problem"]
