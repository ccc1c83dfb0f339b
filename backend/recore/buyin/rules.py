"""What a purchase line may hold; no I/O."""

from __future__ import annotations

from recore.platform.errors import Invalid, RecoreError

MAX_YEN = 99_999_999
MAX_QUANTITY = 9_999


def check_line(
    name: str, grade: str, cost: int, price: int, quantity: int, *, known_grades: list[str]
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
    if problems:
        raise Invalid(
            "LINE_INVALID", f"「{name}」の入力内容を確認してください。", item=name, problems=problems
        )
