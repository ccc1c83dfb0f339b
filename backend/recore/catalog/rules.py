"""What a product may look like; no I/O."""

from __future__ import annotations

import re
import unicodedata

from recore.platform.errors import Invalid, RecoreError

LIMITS = {"name": 200, "brand": 120, "model_number": 120, "category": 120}
LABELS = {
    "name": "商品名",
    "brand": "ブランド",
    "model_number": "型番",
    "category": "カテゴリ",
    "jan": "JANコード",
}


_BETWEEN_DIGITS = re.compile(r"[\s\0\-‐−ー]+")


def normal_jan(text: str) -> str:
    """As it is kept: half-width, without spaces and dashes; a UPC of 12 digits is the JAN with a zero in front."""
    code = _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))
    return f"0{code}" if len(code) == 12 and code.isascii() and code.isdigit() else code


def jan_problem(jan: str) -> str | None:
    """Why `jan` is not a JAN/EAN of 8 or 13 digits with a right check digit, in Japanese; None when it is one."""
    if not (jan.isascii() and jan.isdigit()) or len(jan) not in (8, 13):
        return "JANコードは8桁または13桁の数字です。"
    digits = [int(char) for char in reversed(jan)]
    total = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return None if total % 10 == 0 else "JANコードの検査数字が合いません。読み取り直してください。"


def check_product(fields: dict[str, str | None]) -> None:
    """Raise Invalid PRODUCT_INVALID with one problem per field."""
    problems: list[RecoreError] = []
    name = fields.get("name") or ""
    if not name:
        problems.append(Invalid("REQUIRED", "商品名を入力してください。", field="name"))
    for field, limit in LIMITS.items():
        value = fields.get(field) or ""
        if len(value) > limit:
            message = f"{LABELS[field]}は{limit}文字までです（今は{len(value)}文字）。"
            problems.append(Invalid("TOO_LONG", message, field=field, item=name[:30]))
        if any(ord(char) < 32 for char in value):
            message = f"{LABELS[field]}に改行やタブは使えません。"
            problems.append(Invalid("CONTROL_CHARACTER", message, field=field, item=name[:30]))
    if (jan := fields.get("jan")) and (message_or_none := jan_problem(jan)):
        problems.append(Invalid("JAN", message_or_none, field="jan", item=name[:30]))
    if problems:
        raise Invalid("PRODUCT_INVALID", "商品の登録内容を確認してください。", problems=problems)
