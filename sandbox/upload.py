"""一括アップロード: reading a CSV or a zip and refusing what Yahoo is known to refuse, row by row (yahoo.md, "The file")."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

MAX_IMAGES, MAX_IMAGE_BYTES = 10, 5 * 1024 * 1024
CONDITIONS = {
    "未使用", "未使用に近い", "目立った傷や汚れなし", "やや傷や汚れあり", "傷や汚れあり", "全体的に状態が悪い",
}  # fmt: skip
CHOICES = {
    "送料負担": {"落札者", "出品者"},
    "代金先払い、後払い": {"代金先払い", "代金後払い"},
    "商品の状態": CONDITIONS,
    "最低評価": {"-5", "0", ""},
    "悪評割合制限": {"はい", "いいえ", ""},
    "入札者認証制限": {"はい", "いいえ", ""},
    "自動延長": {"はい", "いいえ", ""},
    "消費税設定": {"10", "8", "0", ""},
}
NUMBERS = {"個数": (1, 9), "期間": (2, 7), "終了時間": (0, 23), "開始価格": (1, 10**8)}
OPTIONAL_NUMBERS = {"即決価格": (0, 10**8), "商品の自動再出品": (0, 3)}
PREFECTURES = {
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
}
HEADER_FILE = Path(__file__).parent / "classic_header.txt"


class FileRefused(Exception):
    """The whole file is refused; the text is for the shop."""


@dataclass(frozen=True)
class Refusal:
    """A row that is refused: its line in the CSV (the header is line 1), the column, and why."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class Read:
    """What a file holds: rows as auctions, images by file name, and what is refused."""

    rows: list[dict[str, Any]]
    images: dict[str, bytes]
    refused: list[Refusal]


@cache
def header() -> list[str]:
    """The 99 columns of the classic format, one per line in the file beside."""
    return HEADER_FILE.read_text("utf-8").splitlines()


def read(file_name: str, data: bytes, *, max_rows: int, max_bytes: int) -> Read:
    """Raises FileRefused."""
    if len(data) > max_bytes:
        raise FileRefused(f"ファイルサイズが上限（{max_bytes // 2**20}MB）を超えています。")
    if file_name.lower().endswith(".zip"):
        if not re.fullmatch(r"[0-9A-Za-z]+\.zip", file_name):
            raise FileRefused("ZIPファイル名には半角英数字だけを使ってください。")
        text, images = _unpack(data)
    elif file_name.lower().endswith(".csv"):
        text, images = data, {}
    else:
        raise FileRefused("CSVファイルかZIPファイルを選んでください。")
    lines = list(_records(text))
    if not lines or lines[0] != header():
        raise FileRefused("1行目の項目名が正しくありません。")
    if len(lines) == 1:
        raise FileRefused("商品がありません。")
    if len(lines) - 1 > max_rows:
        raise FileRefused(f"一度に登録できるのは{max_rows}件までです。")
    rows: list[dict[str, Any]] = []
    refused: list[Refusal] = []
    for line, cells in enumerate(lines[1:], 2):
        problems = list(_problems(line, cells, images))
        refused += problems
        if not problems:
            rows.append(_as_auction(dict(zip(header(), cells, strict=True)), images))
    return Read(rows, images, refused)


def _unpack(data: bytes) -> tuple[bytes, dict[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.testzip() is not None:
                raise FileRefused("ZIPファイルが壊れています。")
            names = archive.namelist()
            if any(PurePosixPath(name).name != name or "\\" in name for name in names):
                raise FileRefused("ZIPファイルの中にフォルダを作らないでください。")
            if len(set(names)) != len(names):
                raise FileRefused("ZIPファイルの中に同じ名前のファイルがあります。")
            sheets = [name for name in names if name.lower().endswith(".csv")]
            if len(sheets) != 1:
                raise FileRefused("ZIPファイルにはCSVファイルを1つだけ入れてください。")
            return archive.read(sheets[0]), {name: archive.read(name) for name in names if name not in sheets}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise FileRefused("ZIPファイルを開けません。") from error


def _records(data: bytes) -> Iterator[list[str]]:
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused("文字コードが正しくありません。Shift_JISで保存してください。")
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError as error:
        raise FileRefused("文字コードが正しくありません。Shift_JISで保存してください。") from error
    if re.search(r"(?<!\r)\n", text):
        raise FileRefused("改行コードはCRLFにしてください。項目の中で改行はできません。")
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise FileRefused("CSVの形式が正しくありません。") from error


def _problems(line: int, cells: list[str], images: dict[str, bytes]) -> Iterator[Refusal]:
    if len(cells) != len(header()):
        yield Refusal(line, "", f"項目の数が{len(cells)}個です（{len(header())}個必要です）。")
        return
    row = dict(zip(header(), cells, strict=True))
    for column, value in row.items():
        if "\n" in value or "\r" in value:
            yield Refusal(line, column, "項目の中に改行があります。")
    for check in (_text_problems, _number_problems, _choice_problems):
        for column, reason in check(row):
            yield Refusal(line, column, reason)
    for column, reason in _image_problems(row, images):
        yield Refusal(line, column, reason)


def _text_problems(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    number = row["管理番号"]
    if not number or len(number) > 20 or not number.isascii():
        yield "管理番号", "半角20文字以内で入力してください。"
    if not re.fullmatch(r"[0-9]+", row["カテゴリ"]):
        yield "カテゴリ", "カテゴリ番号を半角数字で入力してください。"
    if not row["タイトル"] or _width(row["タイトル"]) > 65:
        yield "タイトル", "全角65文字以内で入力してください。"
    if not row["説明"] or _width(row["説明"]) > 25_000:
        yield "説明", "全角25,000文字以内で入力してください。"
    if row["商品発送元の都道府県"] not in PREFECTURES:
        yield "商品発送元の都道府県", "都道府県名が正しくありません。"


def _width(text: str) -> float:
    """Full-width characters: 1 each, half-width ones 0.5."""
    return sum(0.5 if unicodedata.east_asian_width(char) in "NaH" else 1 for char in text)


def _number_problems(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    for column, (low, high) in (NUMBERS | OPTIONAL_NUMBERS).items():
        value = row[column]
        if value == "" and column in OPTIONAL_NUMBERS:
            continue
        if not re.fullmatch(r"[0-9]+", value) or not low <= int(value) <= high:
            yield column, f"{low}〜{high}の半角数字で入力してください。"
    if all(row[each].isdigit() for each in ("開始価格", "即決価格")) and 0 < int(row["即決価格"]) < int(
        row["開始価格"]
    ):
        yield "即決価格", "開始価格以上にしてください。"


def _choice_problems(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    for column, words in CHOICES.items():
        if row[column] not in words:
            yield column, f"「{row[column]}」は指定できません。"


def _image_problems(row: dict[str, str], images: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    for number in range(1, MAX_IMAGES + 1):
        column = f"画像{number}"
        name = row[column]
        if not name:
            if row[f"{column}コメント"]:
                yield f"{column}コメント", "画像がないのにコメントがあります。"
            continue
        data = images.get(name)
        if not re.fullmatch(r"[A-Za-z0-9_]+\.(jpg|jpeg|gif)", name, re.IGNORECASE):
            yield column, "画像ファイル名が正しくありません（JPEGかGIF）。"
        elif data is None:
            yield column, f"画像「{name}」がZIPファイルにありません。"
        elif not data.startswith((b"\xff\xd8\xff", b"GIF87a", b"GIF89a")):
            yield column, f"画像「{name}」の形式が正しくありません（JPEGかGIF）。"
        elif len(data) > MAX_IMAGE_BYTES:
            yield column, f"画像「{name}」が5MBを超えています。"


def _as_auction(row: dict[str, str], images: dict[str, bytes]) -> dict[str, Any]:
    named = [row[f"画像{number}"] for number in range(1, MAX_IMAGES + 1)]
    return {
        "management_number": row["管理番号"],
        "title": row["タイトル"],
        "description": row["説明"],
        "start_price": int(row["開始価格"]),
        "buyout_price": int(row["即決価格"] or 0) or None,
        "quantity": int(row["個数"]),
        "days": int(row["期間"]),
        "relists": int(row["商品の自動再出品"] or 0),
        "images": [hashlib.sha256(images[name]).hexdigest() for name in named if name],
        "cells": row,
    }
