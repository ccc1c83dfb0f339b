"""Upload files made by hand, so that a refusal has one cause."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

HEADERS = Path(__file__).parents[2] / "sandbox/upload"
HEADER = (HEADERS / "classic_header.txt").read_text("utf-8").splitlines()
SERINAVI_HEADER = (HEADERS / "serinavi_header.txt").read_text("utf-8").splitlines()
JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 20
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 20
GOOD = {
    "管理番号": "IT0000001",
    "カテゴリ": "23632",
    "タイトル": "コンパクトカメラ①",
    "説明": "動作品です。<BR>髙品質、安心。",
    "開始価格": "1000",
    "即決価格": "5000",
    "個数": "1",
    "期間": "3",
    "終了時間": "21",
    "商品発送元の都道府県": "東京都",
    "送料負担": "落札者",
    "代金先払い、後払い": "代金先払い",
    "商品の状態": "目立った傷や汚れなし",
}


def sheet(*rows: Mapping[str, str], header: Sequence[str] = HEADER) -> bytes:
    """The CSV as the store tool wants it: CP932, CRLF."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([row.get(column, "") for column in header] for row in rows)
    return text.getvalue().encode("cp932")


def modern_sheet(*rows: Mapping[str, str], header: Sequence[str] = SERINAVI_HEADER) -> bytes:
    return sheet(*rows, header=header)


def zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()
