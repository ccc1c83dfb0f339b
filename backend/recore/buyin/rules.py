"""What a purchase line and the record of a seller may hold; no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from recore.platform.errors import Invalid, RecoreError

MAX_YEN = 99_999_999
MAX_QUANTITY = 9_999
MAX_NOTE = 500


def check_line(
    name: str, grade: str, cost: int, price: int, quantity: int, note: str, *, known_grades: list[str]
) -> None:
    """Raise Invalid LINE_INVALID with one problem per wrong field; yen per unit, whole units."""
    problems: list[RecoreError] = []
    if grade not in known_grades:
        message = f"「{name}」のグレードを{'・'.join(known_grades)}から選んでください。"
        problems.append(Invalid("GRADE", message, item=name, field="grade"))
    for field, label, value in (("cost", "買取価格", cost), ("price", "販売価格", price)):
        if not 0 <= value <= MAX_YEN:
            message = f"「{name}」の{label}は0〜{MAX_YEN:,}円で入力してください。"
            problems.append(Invalid("YEN", message, item=name, field=field))
    if not 1 <= quantity <= MAX_QUANTITY:
        message = f"「{name}」の数量は1〜{MAX_QUANTITY:,}で入力してください。"
        problems.append(Invalid("QUANTITY", message, item=name, field="quantity"))
    if len(note) > MAX_NOTE:
        message = f"「{name}」のメモは{MAX_NOTE}文字までです（今は{len(note)}文字）。"
        problems.append(Invalid("TOO_LONG", message, item=name, field="note"))
    if any(ord(char) < 32 for char in note):
        message = f"「{name}」のメモに改行やタブは使えません。"
        problems.append(Invalid("CONTROL_CHARACTER", message, item=name, field="note"))
    if problems:
        raise Invalid(
            "LINE_INVALID", f"「{name}」の入力内容を確認してください。", item=name, problems=problems
        )


@dataclass(frozen=True, repr=False)
class Seller:
    """Whom goods were bought from (R37). `birth_date` is ISO 8601; `document`: what proved it. Never in a log."""

    name: str
    address: str
    birth_date: str
    occupation: str
    document: str
    document_number: str


SELLER_LIMITS = {
    "name": ("氏名", 100), "address": ("住所", 300), "occupation": ("職業", 100), "document_number": ("書類の番号", 60),
}  # fmt: skip


def check_seller(seller: Seller, documents: Mapping[str, bool], today: date) -> None:
    """Raise Invalid SELLER_INVALID with one problem per wrong field, without what was typed.

    `documents`: whether the number of a document may be noted (個人番号 may not).
    """
    problems: list[RecoreError] = []
    for key, (label, limit) in SELLER_LIMITS.items():
        value: str = getattr(seller, key)
        if len(value) > limit:
            problems.append(
                Invalid("TOO_LONG", f"{label}は{limit}文字までです（今は{len(value)}文字）。", field=key)
            )
        elif any(ord(char) < 32 for char in value):
            problems.append(Invalid("CONTROL_CHARACTER", f"{label}に改行やタブは使えません。", field=key))
        elif not value and key != "document_number":
            problems.append(Invalid("REQUIRED", f"{label}を入力してください。", field=key))
    if not _is_birth_date(seller.birth_date, today):
        problems.append(Invalid("DAY", "生年月日を正しく入力してください。", field="birth_date"))
    takes_number = documents.get(seller.document)
    if takes_number is None:
        problems.append(Invalid("NOT_CHOSEN", "確認した書類を選んでください。", field="document"))
    elif takes_number and not seller.document_number:
        problems.append(Invalid("REQUIRED", "書類の番号を入力してください。", field="document_number"))
    elif not takes_number and seller.document_number:
        message = f"{seller.document}の番号は記録できません（法律で禁じられています）。空にしてください。"
        problems.append(Invalid("FORBIDDEN_NUMBER", message, field="document_number"))
    if problems:
        raise Invalid("SELLER_INVALID", "売り主の入力内容を確認してください。", problems=problems)


def _is_birth_date(text: str, today: date) -> bool:
    try:
        return date(1900, 1, 1) <= date.fromisoformat(text) <= today
    except ValueError:
        return False
