"""R34: 一括アップロード takes what Yahoo takes and refuses the rest by line, column and reason."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable

import pytest

from tests.sandbox.conftest import AUCTIONS, UPLOAD, Visitor, page
from tests.sandbox.files import GOOD, HEADER, JPEG, PNG, sheet, zipped


def refusals(visitor: Visitor) -> list[tuple[int, str]]:
    return [(each["line"], each["column"]) for each in visitor.state()["uploads"][0]["refused"]]


def test_good_rows_become_auctions(shop: Visitor) -> None:
    answer = shop.upload(sheet(GOOD, GOOD | {"管理番号": "IT0000002", "即決価格": "0", "個数": "3"}))
    assert "2件の商品を受け付けました" in answer.text
    first, second = shop.state()["auctions"]
    assert (first["management_number"], first["title"], first["start_price"], first["buyout_price"]) == (
        "IT0000001", "コンパクトカメラ①", 1000, 5000,
    )  # fmt: skip
    assert (second["buyout_price"], second["quantity"], second["store_id"]) == (None, 3, "demo-store-1")
    assert [row["管理番号"] for row in shop.table("selling")] == ["IT0000001", "IT0000002"]


def test_an_auction_ends_at_its_hour_in_japan_within_its_days(shop: Visitor) -> None:
    shop.upload(sheet(GOOD))
    auction = shop.state()["auctions"][0]
    assert auction["ends_at"].endswith("T12:00:00+00:00")  # 21 o'clock in Tokyo
    shop.act("clock", minutes=3 * 24 * 60)
    assert shop.state()["auctions"][0]["result"] == "落札者なし"


def test_the_log_names_the_file_and_its_bytes(shop: Visitor) -> None:
    data = sheet(GOOD, GOOD | {"個数": "10"})
    shop.upload(data, "auctions.csv")
    logged = shop.state()["uploads"][0]
    assert (logged["file_name"], logged["bytes"], logged["accepted"]) == ("auctions.csv", len(data), 1)
    assert logged["sha256"] == hashlib.sha256(data).hexdigest()


def test_images_of_a_zip_are_shown_on_the_item_page(shop: Visitor) -> None:
    row = GOOD | {"画像1": "b_1.jpg", "画像2": "b_2.GIF", "画像2コメント": "裏面"}
    gif = b"GIF89a" + b"x" * 50
    shop.upload(zipped({"auctions.csv": sheet(row), "b_1.jpg": JPEG, "b_2.GIF": gif}), "list1.zip")
    auction = shop.state()["auctions"][0]
    assert auction["images"] == [hashlib.sha256(each).hexdigest() for each in (JPEG, gif)]
    shown = page(shop.get(AUCTIONS, f"/jp/auction/{auction['id']}"))
    sources = [each.attributes["src"] or "" for each in shown.css("img")]
    assert [shop.get(AUCTIONS, each).data for each in sources] == [JPEG, gif]


def test_a_sellers_html_is_shown_but_runs_no_script(shop: Visitor) -> None:
    shop.upload(sheet(GOOD | {"説明": "<b>美品</b><script>steal()</script>"}))
    answer = shop.get(AUCTIONS, f"/jp/auction/{shop.auction_ids()[0]}")
    assert "<b>美品</b>" in answer.text
    assert "script-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_same_file_again_lists_everything_twice(shop: Visitor) -> None:
    data = sheet(GOOD)
    shop.upload(data)
    shop.upload(data)
    auctions = shop.state()["auctions"]
    assert [each["management_number"] for each in auctions] == ["IT0000001", "IT0000001"]
    assert len({each["id"] for each in auctions}) == 2


def test_a_number_twice_in_one_file_is_accepted(shop: Visitor) -> None:
    shop.upload(sheet(GOOD, GOOD))
    assert len(shop.auction_ids()) == 2


ROWS: list[tuple[str, dict[str, str]]] = [
    ("管理番号", {"管理番号": ""}),
    ("管理番号", {"管理番号": "X" * 21}),
    ("管理番号", {"管理番号": "ＩＴ１"}),
    ("カテゴリ", {"カテゴリ": "カメラ"}),
    ("カテゴリ", {"カテゴリ": ""}),
    ("タイトル", {"タイトル": ""}),
    ("タイトル", {"タイトル": "あ" * 65 + "a"}),
    ("タイトル", {"タイトル": "a\r\nb"}),
    ("説明", {"説明": "一行目\r\n二行目"}),
    ("説明", {"説明": "一行目\n二行目"}),
    ("説明", {"説明": "あ" * 25_001}),
    ("その他配送方法1", {"その他配送方法1": "a\nb"}),
    ("開始価格", {"開始価格": "1,000"}),
    ("開始価格", {"開始価格": "1000.5"}),
    ("開始価格", {"開始価格": "0"}),
    ("開始価格", {"開始価格": "9" * 5000}),
    ("即決価格", {"即決価格": "５０００"}),
    ("即決価格", {"即決価格": "999"}),
    ("個数", {"個数": "10"}),
    ("個数", {"個数": ""}),
    ("期間", {"期間": "1"}),
    ("期間", {"期間": "8"}),
    ("終了時間", {"終了時間": "24"}),
    ("商品発送元の都道府県", {"商品発送元の都道府県": "東京"}),
    ("送料負担", {"送料負担": "店舗"}),
    ("代金先払い、後払い", {"代金先払い、後払い": "先払い"}),
    ("商品の状態", {"商品の状態": "中古"}),
    ("自動延長", {"自動延長": "ON"}),
    ("商品の自動再出品", {"商品の自動再出品": "4"}),
    ("消費税設定", {"消費税設定": "5"}),
    ("画像1", {"画像1": "missing.jpg"}),
    ("画像1", {"画像1": "a_1.png"}),
    ("画像1", {"画像1": "renamed.jpg"}),
    ("画像1", {"画像1": "big.jpg"}),
    ("画像1", {"画像1": "写真.jpg"}),
    ("画像1コメント", {"画像1コメント": "画像のないコメント"}),
    ("画像1コメント", {"画像1": "a_1.jpg", "画像1コメント": "あ" * 21}),
]


@pytest.mark.parametrize(("column", "change"), ROWS)
def test_a_row_is_refused_by_its_line_and_column(shop: Visitor, column: str, change: dict[str, str]) -> None:
    images = {
        "a_1.jpg": JPEG,
        "a_1.png": PNG,
        "renamed.jpg": PNG,
        "big.jpg": JPEG + bytes(5 * 1024 * 1024),
        "写真.jpg": JPEG,
    }
    table = sheet(GOOD, GOOD | change, GOOD | {"管理番号": "IT0000003"})
    answer = shop.upload(zipped({"auctions.csv": table, **images}), "list.zip")
    assert refusals(shop) == [(3, column)]
    cells = [cell.text(strip=True) for cell in page(answer).css("#refusedRows td")]
    assert cells[:2] == ["3", column]
    assert cells[2]
    assert [each["management_number"] for each in shop.state()["auctions"]] == ["IT0000001", "IT0000003"]


@pytest.mark.parametrize(
    "change",
    [
        {"タイトル": "あ" * 64 + "ab"},
        {"タイトル": "ｱ" * 130},
        {"管理番号": "X" * 20},
        {"説明": "あ" * 25_000},
        {"即決価格": ""},
        {"即決価格": "0"},
        {"落札ナビ決済方法設定": "銀行振込_現金書留", "Tポイントオプション": "なんでも", "入札個数制限": "?"},
        {"画像1": "", "JANコード・ISBNコード": "4900000000000"},
    ],
)
def test_limits_themselves_and_classic_only_columns_are_accepted(
    shop: Visitor, change: dict[str, str]
) -> None:
    shop.upload(sheet(GOOD | change))
    assert refusals(shop) == []
    assert len(shop.auction_ids()) == 1


def test_a_row_with_several_faults_names_each(shop: Visitor) -> None:
    shop.upload(sheet(GOOD | {"タイトル": "", "個数": "0", "商品の状態": "A"}))
    assert refusals(shop) == [(2, "タイトル"), (2, "個数"), (2, "商品の状態")]


def test_lines_count_as_in_an_editor_after_a_cell_with_a_line_break(shop: Visitor) -> None:
    shop.upload(sheet(GOOD | {"説明": "a\r\nb"}, GOOD | {"個数": "0"}))
    assert refusals(shop) == [(2, "説明"), (4, "個数")]


def test_a_row_with_a_column_too_few_is_refused_as_a_whole(shop: Visitor) -> None:
    shop.upload(sheet(GOOD) + b"a,b\r\n")
    assert refusals(shop) == [(3, "")]


def test_one_bad_row_can_refuse_the_whole_file(shop: Visitor) -> None:
    shop.act("settings", bad_rows="refuse_file")
    answer = shop.upload(sheet(GOOD, GOOD | {"個数": "0"}))
    assert "受け付け" not in answer.text
    assert refusals(shop) == [(3, "個数")]
    assert shop.auction_ids() == []


def many(count: int) -> bytes:
    return sheet(*({**GOOD, "管理番号": f"N{number}"} for number in range(count)))


def folder_zip() -> bytes:
    return zipped({"list/auctions.csv": sheet(GOOD)})


def encrypted_zip() -> bytes:
    packed = bytearray(zipped({"auctions.csv": sheet(GOOD)}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(signature) + flags] |= 1
    return bytes(packed)


def broken_zip() -> bytes:
    packed = bytearray(zipped({"auctions.csv": sheet(GOOD)}))
    packed[60] ^= 0xFF
    return bytes(packed)


def twice_named_zip() -> bytes:
    """zipfile warns, so the second name is patched in afterwards."""
    packed = zipped({"auctions.csv": sheet(GOOD), "a_1.jpg": JPEG, "a_2.jpg": JPEG})
    return packed.replace(b"a_2.jpg", b"a_1.jpg")


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("auctions.csv", sheet(GOOD))
        archive.writestr("a_1.jpg", bytes(5 * 2**20))
    return packed.getvalue()


FILES: list[tuple[str, str, Callable[[], bytes]]] = [
    ("文字コード", "auctions.csv", lambda: sheet(GOOD).decode("cp932").encode("utf-8")),
    ("文字コード", "auctions.csv", lambda: sheet(GOOD).decode("cp932").encode("utf-8-sig")),
    ("文字コード", "auctions.csv", lambda: sheet(GOOD).decode("cp932").encode("utf-16")),
    ("文字コード", "auctions.csv", lambda: sheet(GOOD) + b"\x81\r\n"),
    ("項目名", "auctions.csv", lambda: sheet(GOOD, header=HEADER[:-1])),
    ("項目名", "auctions.csv", lambda: sheet(GOOD, header=[HEADER[1], HEADER[0], *HEADER[2:]])),
    ("項目名", "auctions.csv", lambda: sheet(GOOD, header=[*HEADER, "配送グループ"])),
    ("項目名", "auctions.csv", lambda: b""),
    ("商品がありません", "auctions.csv", sheet),
    ("改行コード", "auctions.csv", lambda: sheet(GOOD).replace(b"\r\n", b"\n")),
    ("CSVの形式", "auctions.csv", lambda: sheet(GOOD) + b'"a"b,c\r\n'),
    ("CSVの形式", "auctions.csv", lambda: sheet(GOOD) + b'"never closed\r\n'),
    ("100件まで", "auctions.csv", lambda: many(101)),
    ("半角英数字", "出品.zip", lambda: zipped({"auctions.csv": sheet(GOOD)})),
    ("半角英数字", "my-list_1.zip", lambda: zipped({"auctions.csv": sheet(GOOD)})),
    ("フォルダ", "list.zip", folder_zip),
    ("フォルダ", "list.zip", lambda: zipped({"auctions.csv": sheet(GOOD), "../../evil.jpg": JPEG})),
    ("フォルダ", "list.zip", lambda: zipped({"auctions.csv": sheet(GOOD), "..\\evil.jpg": JPEG})),
    ("フォルダ", "list.zip", lambda: zipped({"auctions.csv": sheet(GOOD), "/evil.jpg": JPEG})),
    ("同じ名前", "list.zip", twice_named_zip),
    ("CSVファイルを1つ", "list.zip", lambda: zipped({"a_1.jpg": JPEG})),
    ("CSVファイルを1つ", "list.zip", lambda: zipped({"a.csv": sheet(GOOD), "b.csv": sheet(GOOD)})),
    ("開けません", "list.zip", lambda: b"PK\x03\x04 not a zip"),
    ("開けません", "list.zip", encrypted_zip),
    ("開けません", "list.zip", broken_zip),
    ("CSVファイルかZIP", "auctions.xlsx", lambda: sheet(GOOD)),
]


@pytest.mark.parametrize(("reason", "name", "made"), FILES)
def test_a_file_is_refused_whole(shop: Visitor, reason: str, name: str, made: Callable[[], bytes]) -> None:
    answer = shop.upload(made(), name)
    problem = page(answer).css_first("#uploadError")
    assert problem is not None and reason in problem.text()
    assert "受け付け" not in answer.text
    assert shop.auction_ids() == []
    assert refusals(shop) == [(0, "")]


def test_the_limits_are_switches(shop: Visitor) -> None:
    shop.act("settings", max_rows=2, max_megabytes=1)
    assert "2件まで" in shop.upload(many(3)).text
    assert "2件の商品を受け付けました" in shop.upload(many(2)).text
    assert "上限（1MB）" in shop.upload(sheet(GOOD) + bytes(2**20)).text
    assert "中身が大きすぎます" in shop.upload(bomb(), "bomb.zip").text


def test_nothing_chosen(shop: Visitor) -> None:
    answer = shop.post(AUCTIONS, UPLOAD, data=shop.form_of(AUCTIONS, UPLOAD))
    assert "ファイルを選択してください" in answer.text


def test_a_token_is_for_one_upload_of_its_own_session(shop: Visitor) -> None:
    old = shop.form_of(AUCTIONS, UPLOAD)
    sent = old | {"upfile": (io.BytesIO(sheet(GOOD)), "auctions.csv")}
    shop.post(AUCTIONS, UPLOAD, data=sent)
    again = old | {"upfile": (io.BytesIO(sheet(GOOD)), "auctions.csv")}
    assert "有効期限が切れました" in shop.post(AUCTIONS, UPLOAD, data=again).text
    foreign = shop.form_of(AUCTIONS, UPLOAD) | {"upfile": (io.BytesIO(sheet(GOOD)), "auctions.csv")}
    shop.log_in("store2")
    assert "有効期限が切れました" in shop.post(AUCTIONS, UPLOAD, data=foreign).text
    assert len(shop.auction_ids()) == 1


def test_uploads_can_take_their_time_to_appear(shop: Visitor) -> None:
    shop.act("settings", show_after_minutes=30)
    shop.upload(sheet(GOOD))
    (auction,) = shop.auction_ids()
    assert shop.table("selling") == []
    assert shop.get(AUCTIONS, f"/jp/auction/{auction}").status_code == 404
    assert "まだ始まっていません" in shop.refused("bid", auction_id=auction)
    shop.act("clock", minutes=31)
    assert [row["オークションID"] for row in shop.table("selling")] == [auction]
