"""What a row must satisfy; each refusal names line, column and reason. Columns not named here take anything."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.upload.reader import Sheet

MAX_IMAGES, MAX_IMAGE_BYTES = 10, 5 * 1024 * 1024
MAX_NUMBER, MAX_TITLE, MAX_COMMENT, MAX_DESCRIPTION = 20, 65, 20, 25_000
JPEG_OR_GIF = (b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
YES_NO = {"はい", "いいえ", ""}
CHOICES = {
    "送料負担": {"落札者", "出品者"},
    "代金先払い、後払い": {"代金先払い", "代金後払い"},
    "商品の状態": {
        "未使用", "未使用に近い", "目立った傷や汚れなし", "やや傷や汚れあり", "傷や汚れあり", "全体的に状態が悪い",
    },
    "最低評価": {"-5", "0", ""},
    "悪評割合制限": YES_NO,
    "入札者認証制限": YES_NO,
    "自動延長": YES_NO,
    "消費税設定": {"10", "8", "0", ""},
}  # fmt: skip
NUMBERS = {"個数": (1, 9), "期間": (2, 7), "終了時間": (0, 23), "開始価格": (1, 10**8)}
OPTIONAL_NUMBERS = {"即決価格": (0, 10**8), "商品の自動再出品": (0, 3)}
PREFECTURES = frozenset((Path(__file__).parent / "prefectures.txt").read_text("utf-8").split())


@dataclass(frozen=True)
class Refusal:
    """`line` of the CSV (the header is line 1); `column` is empty when the row as a whole is wrong."""

    line: int
    column: str
    reason: str


Problems = Iterable[tuple[str, str]]


def no_more(row: Mapping[str, str]) -> Problems:
    """The classic tool asks nothing more than what both tools ask."""
    return ()


def check(
    sheet: Sheet, more: Callable[[Mapping[str, str]], Problems] = no_more
) -> tuple[list[dict[str, Any]], list[Refusal]]:
    """The good rows as auctions, and what is wrong with the others; `more` is what one tool alone asks of a row.

    A 管理番号 may come twice, as it may there.
    """
    good: list[dict[str, Any]] = []
    refused: list[Refusal] = []
    for line, cells in sheet.rows:
        problems = [Refusal(line, *problem) for problem in _problems(sheet, cells, more)]
        refused += problems
        if not problems:
            good.append(as_auction(dict(zip(sheet.header, cells, strict=True)), sheet.images))
    return good, refused


def as_auction(row: Mapping[str, str], images: Mapping[str, bytes]) -> dict[str, Any]:
    """A checked row in the market's words; `images` as SHA-256 in order, `cells` as they came."""
    named = [row[f"画像{number}"] for number in range(1, MAX_IMAGES + 1)]
    return {
        "management_number": row["管理番号"],
        "title": row["タイトル"],
        "description": row["説明"],
        "start_price": int(row["開始価格"]),
        "buyout_price": int(row["即決価格"] or 0) or None,
        "quantity": int(row["個数"]),
        "days": int(row["期間"]),
        "end_hour": int(row["終了時間"]),
        "relists": int(row["商品の自動再出品"] or 0),
        "images": [hashlib.sha256(images[name]).hexdigest() for name in named if name],
        "cells": dict(row),
    }


def width(text: str) -> float:
    """Full-width characters: 1 each, half-width ones 0.5."""
    return sum(0.5 if unicodedata.east_asian_width(char) in ("N", "Na", "H") else 1 for char in text)


def _problems(
    sheet: Sheet, cells: list[str], more: Callable[[Mapping[str, str]], Problems]
) -> Iterator[tuple[str, str]]:
    if len(cells) != len(sheet.header):
        yield "", f"項目の数が{len(cells)}個です（{len(sheet.header)}個必要です）。"
        return
    row = dict(zip(sheet.header, cells, strict=True))
    for column, value in row.items():
        if re.search(r"[\r\n]", value):
            yield column, "項目の中に改行があります。"
    yield from _text_problems(row)
    yield from _number_problems(row)
    for column, words in CHOICES.items():
        if row[column] not in words:
            yield column, f"「{row[column]}」は指定できません。"
    for number in range(1, MAX_IMAGES + 1):
        yield from _image_problems(row, f"画像{number}", sheet.images)
    yield from more(row)


def _text_problems(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    number = row["管理番号"]
    if not number or len(number) > MAX_NUMBER or not number.isascii():
        yield "管理番号", f"半角{MAX_NUMBER}文字以内で入力してください。"
    if not re.fullmatch(r"[0-9]+", row["カテゴリ"]):
        yield "カテゴリ", "カテゴリ番号を半角数字で入力してください。"
    if not row["タイトル"] or width(row["タイトル"]) > MAX_TITLE:
        yield "タイトル", f"全角{MAX_TITLE}文字以内で入力してください。"
    if not row["説明"] or width(row["説明"]) > MAX_DESCRIPTION:
        yield "説明", f"全角{MAX_DESCRIPTION:,}文字以内で入力してください。"
    if row["商品発送元の都道府県"] not in PREFECTURES:
        yield "商品発送元の都道府県", "都道府県名が正しくありません。"


def _number_problems(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    found: dict[str, int] = {}
    for column, (low, high) in (NUMBERS | OPTIONAL_NUMBERS).items():
        value = row[column]
        if value == "" and column in OPTIONAL_NUMBERS:
            continue
        if re.fullmatch(r"[0-9]{1,9}", value) and low <= int(value) <= high:
            found[column] = int(value)
        else:
            yield column, f"{low}〜{high}の半角数字で入力してください。"
    if 0 < found.get("即決価格", 0) < found.get("開始価格", 0):
        yield "即決価格", "開始価格以上にしてください。"


def _image_problems(
    row: Mapping[str, str], column: str, images: Mapping[str, bytes]
) -> Iterator[tuple[str, str]]:
    name, comment = row[column], row[f"{column}コメント"]
    if comment and not name:
        yield f"{column}コメント", "画像がないのにコメントがあります。"
    if width(comment) > MAX_COMMENT:
        yield f"{column}コメント", f"全角{MAX_COMMENT}文字以内で入力してください。"
    if not name:
        return
    data = images.get(name)
    if not re.fullmatch(r"[A-Za-z0-9_]+\.(jpg|jpeg|gif)", name, re.IGNORECASE):
        yield column, f"画像ファイル名「{name}」が正しくありません（JPEGかGIF、半角英数字と「_」）。"
    elif data is None:
        yield column, f"画像「{name}」がZIPファイルにありません。"
    elif not data.startswith(JPEG_OR_GIF):
        yield column, f"画像「{name}」の形式が正しくありません（JPEGかGIF）。"
    elif len(data) > MAX_IMAGE_BYTES:
        yield column, f"画像「{name}」が5MBを超えています。"
