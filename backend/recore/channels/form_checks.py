"""What every marketplace's form is checked for, from its definition alone: each problem names field and remedy (R8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from recore.channels.base import FieldProblem, FormContext, FormDefinition, FormField, Values

Check = Callable[[FormField, str], Iterable[FieldProblem]]
"""What a marketplace itself refuses in a text."""
NUMBERS = ("int", "yen", "yen_or_none")
CHOSEN = ("choice", "saved_choices", "saved_choice")
NONE = "none"  # the stored value of 「設定しない」


def first_values(form: FormDefinition, known: Mapping[str, Any], defaults: Values) -> dict[str, Any]:
    """Per field: what is known of the item, then the account's default, then the field's own."""
    values: dict[str, Any] = {}
    for each in form.fields:
        candidates = (known.get(each.prefill or ""), defaults.get(each.key), each.default)
        chosen = next((value for value in candidates if value not in (None, "")), None)
        if chosen is not None:
            values[each.key] = chosen
    return values


def check_fields(
    form: FormDefinition, values: Values, context: FormContext, *, check_text: Check, check_saved: Check
) -> list[FieldProblem]:
    """Every problem of `values`, in the order of the form. `check_text` is for what is typed, `check_saved` for what is chosen
    from the account's own list.
    """
    found: list[FieldProblem] = []
    for each in form.fields:
        value = values.get(each.key)
        if value in (None, []) or (isinstance(value, str) and not value.strip()):
            found += _check_missing(each)
        elif each.kind in ("saved_choices", "saved_choice"):
            found += _check_saved(each, value, context, check_saved)
        elif each.kind in NUMBERS or each.kind == "choice" or not isinstance(value, str):
            found += _check_value(each, value, context)
        else:
            found += check_text(each, value)
    return found


def _check_missing(each: FormField) -> Iterator[FieldProblem]:
    if each.required:
        remedy = "選んでください。" if each.kind in CHOSEN else "入力してください。"
        if each.kind == "yen_or_none":
            remedy = "金額を入れるか、「設定しない」を選んでください。"
        yield FieldProblem(each.key, each.label, "入っていません。", remedy)


def _check_value(each: FormField, value: Any, context: FormContext) -> Iterator[FieldProblem]:
    if each.kind in NUMBERS:
        if each.kind != "yen_or_none" or value != NONE:
            yield from _check_number(each, value, context)
    elif each.kind == "choice":
        if value not in each.choices:
            message = f"「{value}」は選べない値です。"
            yield FieldProblem(each.key, each.label, message, "一覧から選び直してください。")
    else:
        yield FieldProblem(each.key, each.label, "値の形が違います。", "入力し直してください。")


def _check_number(each: FormField, value: Any, context: FormContext) -> Iterator[FieldProblem]:
    if not isinstance(value, int) or isinstance(value, bool):
        message = f"「{value}」は数字ではありません。"
        yield FieldProblem(each.key, each.label, message, "半角の整数で入力してください。")
        return
    low, high = each.minimum, each.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        remedy = f"{low or 0:,}〜{high or 0:,}で入力してください。"
        yield FieldProblem(each.key, each.label, f"{value:,}は範囲の外です。", remedy)
    elif each.key == "quantity" and value > context.units:
        remedy = f"{max(context.units, 0)}以下にしてください。"
        yield FieldProblem(each.key, each.label, f"出品できる在庫は{context.units}点です。", remedy)


def _check_saved(
    each: FormField, value: Any, context: FormContext, check_saved: Check
) -> Iterator[FieldProblem]:
    saved = context.saved_choices.get(each.saved or "", ())
    for chosen in value if isinstance(value, list) else [value]:
        if not isinstance(chosen, str) or chosen not in saved:
            message = f"「{chosen}」は保存された値にありません。"
            remedy = "設定のマーケットプレイスで値を保存するか、選び直してください。"
            yield FieldProblem(each.key, each.label, message, remedy)
        else:
            yield from check_saved(each, chosen)


def check_line(each: FormField, value: str) -> Iterator[FieldProblem]:
    """One line without control characters, not too long."""
    if re.search(r"[\x00-\x1f\x7f\x80]", value):
        message = "改行や、目に見えない制御文字が入っています。"
        yield FieldProblem(each.key, each.label, message, "1行で入力し直してください。")
    if each.max_characters is not None and len(value) > each.max_characters:
        message = f"長すぎます（{len(value):,}文字）。"
        yield FieldProblem(each.key, each.label, message, f"{each.max_characters:,}文字以内にしてください。")
