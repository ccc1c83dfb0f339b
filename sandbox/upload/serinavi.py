"""What 競りナビ alone asks of a row: its own columns, and a folder that exists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from sandbox.upload.rules import YES_NO, Problems

WHOLE_NUMBERS = ("注目のオークション", "配送グループ", "発送までの日数")


def rules(folder_exists: Callable[[str], bool]) -> Callable[[Mapping[str, str]], Problems]:
    def problems(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        if row["税込みフラグ"] not in YES_NO:
            yield "税込みフラグ", f"「{row['税込みフラグ']}」は指定できません。"
        for column in WHOLE_NUMBERS:
            if not re.fullmatch(r"[0-9]{0,9}", row[column]):
                yield column, "半角数字で入力してください。"
        if not folder_exists(row["商品保存先フォルダパス"]):
            yield "商品保存先フォルダパス", f"フォルダ「{row['商品保存先フォルダパス']}」がありません。"

    return problems
