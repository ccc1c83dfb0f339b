"""What a purchase line may hold; no I/O."""

from __future__ import annotations

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
