"""R8, R15: what the form accepts arrives in the file as typed, read back by pandas and zipfile; the rest is refused before."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recore.channels.base import FieldProblem, FileItem, FilePhoto, FormContext, PhotoFact, Severity
from recore.channels.yahoo_auction.channel import YahooAuction

CHANNEL = YahooAuction()
FACTS = Path(__file__).parents[3] / "shared/facts"
HEADERS = {"classic": "yahoo_classic_header.csv", "current": "yahoo_serinavi_header.csv"}
SAVED = {
    "payment": ["Yahoo!かんたん決済", "銀行振込"], "shipping": ["ヤマト運輸", "ゆうパック_定形外"],
    "delivery_group": ["3", "7"], "days_to_ship": ["1", "2"],
}  # fmt: skip
GOOD: dict[str, Any] = {
    "title": "SEIKO 5 自動巻き 腕時計", "category": "9990000032", "condition": "やや傷や汚れあり", "description": "動作品です。",
    "start_price": 4980, "buyout_price": "none", "quantity": 1, "tax": "10", "tax_included": "はい",
    "shipping_payer": "落札者", "payment_timing": "代金先払い", "payment": ["Yahoo!かんたん決済", "銀行振込"],
    "shipping": ["ヤマト運輸"], "delivery_group": "3", "days_to_ship": "2", "prefecture": "東京都", "city": "千代田区",
    "duration": 5, "closing_hour": 21, "management_number": "IT00000001",
}  # fmt: skip
profiles = pytest.mark.parametrize("profile", ["classic", "current"])


def good(profile: str, **changes: Any) -> dict[str, Any]:
    keys = {field.key for field in CHANNEL.form(profile).fields}
    return {key: value for key, value in (GOOD | changes).items() if key in keys}


def photo(data: bytes) -> FilePhoto:
    return FilePhoto(len(data), lambda: io.BytesIO(data))


def problems(
    profile: str, values: Mapping[str, Any], photos: Sequence[PhotoFact] | None = None
) -> list[FieldProblem]:
    facts = [PhotoFact("image/jpeg", 1000)] if photos is None else photos
    context = FormContext(photos=facts, units=9, saved_choices=SAVED)
    return [each for each in CHANNEL.validate(profile, values, context) if each.severity is Severity.ERROR]


def read_back(profile: str, items: Sequence[FileItem]) -> tuple[pd.DataFrame, dict[str, bytes], bytes]:
    """(rows as text, photos by name, raw CSV)"""
    packed = io.BytesIO(b"".join(CHANNEL.write_file(profile, items, progress=lambda done: None)))
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    raw = files.pop("auctions.csv")
    rows = pd.read_csv(io.BytesIO(raw), encoding="cp932", dtype=str, keep_default_na=False, na_filter=False)
    return rows, files, raw


@profiles
def test_r15_the_header_is_that_of_the_facts_to_the_letter(profile: str) -> None:
    path = FACTS / HEADERS[profile]
    if not path.exists():
        pytest.skip(f"{path.name}: the facts are not beside this checkout")
    _, _, raw = read_back(profile, [])
    assert raw.decode("cp932") == path.read_text("utf-8-sig").rstrip("\r\n") + "\r\n"


@profiles
def test_r15_a_row_says_what_the_form_said(profile: str) -> None:
    pictures = [bytes([number]) * 500 for number in range(12)]
    rows, files, raw = read_back(profile, [FileItem(good(profile), [photo(each) for each in pictures])])
    row = rows.iloc[0]
    assert (row["管理番号"], row["カテゴリ"], row["タイトル"]) == (
        "IT00000001",
        "9990000032",
        "SEIKO 5 自動巻き 腕時計",
    )
    assert (row["開始価格"], row["即決価格"], row["個数"], row["期間"], row["終了時間"]) == (
        "4980",
        "",
        "1",
        "5",
        "21",
    )
    assert (row["商品発送元の都道府県"], row["商品発送元の市区町村"]) == ("東京都", "千代田区")
    assert row["代金先払い、後払い"] == "代金先払い"
    assert [row[f"画像{number}"] for number in range(1, 11)] == [
        f"item00001_{number:02d}.jpg" for number in range(1, 11)
    ]
    assert [files[row[f"画像{number}"]] for number in range(1, 11)] == pictures[:10]
    assert len(files) == 10
    assert raw.startswith("管理番号,".encode("cp932")), "no byte order mark"
    assert raw.count(b"\r\n") == raw.count(b"\n") == 2
    if profile == "classic":
        assert row["落札ナビ決済方法設定"] == "Yahoo!かんたん決済_銀行振込"
    else:
        assert (row["配送グループ"], row["発送までの日数"], row["税込みフラグ"]) == ("3", "2", "はい")


CP932 = sorted(
    {
        char
        for pair in itertools.product(range(0x81, 0xFD), range(0x40, 0xFD))
        if len(char := bytes(pair).decode("cp932", "ignore")) == 1 and char > "\u00a0"
    }
    | set(map(chr, range(0x20, 0x7F)))
)
any_text = st.text(st.one_of(st.sampled_from(CP932), st.characters()), max_size=70)
sent_text = st.text(st.sampled_from(CP932), min_size=1)
SENT_AS = str.maketrans(
    "\u2014\u301c\u2016\u2212\u00a2\u00a3\u00ac", "\u2015\uff5e\u2225\uff0d\uffe0\uffe1\uffe2"
)


@profiles
@given(title=sent_text.filter(str.strip), words=sent_text, count=st.integers(1, 12))
@example(title="none", words="none", count=1)  # the word for a price that is not set is no word of a title
def test_r15_every_cp932_text_comes_back_as_typed(profile: str, title: str, words: str, count: int) -> None:
    title = title[:65]
    description = words.translate({ord(char): None for char in "<>&"}).strip() or "なし"
    values = good(profile, title=title, description=f"{description}\r\n二行目\n三行目", keywords=words[:100])
    assert problems(profile, values) == []
    pictures = [photo(f"{number}".encode()) for number in range(count)]
    rows, files, _ = read_back(profile, [FileItem(values, pictures), FileItem(good(profile), [])])
    assert len(rows) == 2
    assert rows.at[0, "タイトル"] == title.translate(SENT_AS)
    assert rows.at[0, "ストア内商品検索用キーワード"] == words[:100].translate(SENT_AS)
    assert rows.at[0, "説明"] == f"{description.translate(SENT_AS)}<BR>二行目<BR>三行目"
    assert len(files) == min(count, 10)
    assert rows.at[1, "画像1"] == ""


@profiles
@given(title=any_text, description=any_text, city=any_text)
def test_r15_any_text_is_refused_by_name_or_arrives_on_one_line(
    profile: str, title: str, description: str, city: str
) -> None:
    values = good(profile, title=title, description=description, city=city)
    found = problems(profile, values)
    assert {each.field for each in found} <= {"title", "description", "city"}
    assert all(each.message and each.remedy and each.label for each in found)
    if found:
        return
    rows, _, raw = read_back(profile, [FileItem(values, [])])
    assert rows.at[0, "タイトル"] == title.translate(SENT_AS)
    assert rows.at[0, "商品発送元の市区町村"] == city.translate(SENT_AS)
    assert raw.count(b"\n") == 2


REFUSED = [
    ("title", "あ" * 65 + "a", "長すぎます"), ("title", "", "入っていません"), ("title", "時計\nSEIKO", "改行"),
    ("title", "時計😀", "😀"), ("title", "𠮷田の時計", "𠮷"), ("title", "時計\x07", "制御文字"),
    ("description", "&#128512;", "😀"), ("description", "<script>alert(1)</script>", "文字が残りません"),
    ("description", "あ" * 25001, "長すぎます"), ("description", "\n" * 3 + "あ\n" * 6000, "長すぎます"),
    ("category", "腕時計", "番号"), ("condition", "新品", "選べない"), ("start_price", 0, "範囲の外"),
    ("start_price", "千円", "数字ではありません"), ("start_price", True, "数字ではありません"), ("buyout_price", None, "入っていません"),
    ("buyout_price", 100, "安く"), ("quantity", 10, "範囲の外"), ("duration", 8, "範囲の外"), ("closing_hour", 24, "範囲の外"),
    ("prefecture", "東京", "選べない"), ("management_number", "IT00000001-123456789012", "長すぎます"),
    ("management_number", "ＩＴ１", "半角"), ("management_number", "IT 1", "半角"), ("jan", "12345", "決まった形"),
    ("tax", "5", "選べない"),
]  # fmt: skip


@profiles
@pytest.mark.parametrize(("field", "value", "words"), REFUSED)
def test_r8_what_yahoo_refuses_is_refused_before(profile: str, field: str, value: object, words: str) -> None:
    found = problems(profile, good(profile) | {field: value})
    assert [each.field for each in found if words in each.message] == [field]
    assert all(each.remedy for each in found)


def test_r8_sixty_five_full_width_characters_are_a_title() -> None:
    assert problems("classic", good("classic", title="あ" * 60 + "a" * 8 + "ｱ" * 2)) == []


def test_r10_a_saved_value_that_was_removed_is_refused() -> None:
    found = problems("classic", good("classic", payment=["現金書留"]))
    assert [(each.field, "現金書留" in each.message) for each in found] == [("payment", True)]


@pytest.mark.parametrize(
    ("photos", "words"),
    [([], "写真がありません"), ([PhotoFact("image/png", 10)], "1枚目の形式"),
     ([PhotoFact("image/jpeg", 10), PhotoFact("image/jpeg", 6_000_000)], "2枚目が大きすぎます")],
)  # fmt: skip
def test_r8_photos_that_yahoo_would_refuse_are_refused_before(photos: list[PhotoFact], words: str) -> None:
    found = problems("classic", good("classic"), photos)
    assert [each.field for each in found] == ["photos"]
    assert words in found[0].message


def test_r10_an_unknown_category_is_a_warning_and_a_branch_an_error() -> None:
    categories = {each.id: each for each in CHANNEL.own_categories()}
    context = FormContext([PhotoFact("image/jpeg", 10)], 9, SAVED, categories)
    unknown = CHANNEL.validate("classic", good("classic", category="2084999999"), context)
    assert [(each.field, each.severity) for each in unknown] == [("category", Severity.WARNING)]
    branch = CHANNEL.validate("classic", good("classic", category="23000"), context)
    assert [(each.field, each.severity) for each in branch] == [("category", Severity.ERROR)]
