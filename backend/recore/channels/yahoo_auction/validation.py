"""What Yahoo is known to refuse, checked before anything is sent: each problem names field and remedy (R8, R15)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from recore.channels.base import FieldProblem, FormContext, FormDefinition, FormField, Severity, Values
from recore.channels.yahoo_auction.description import as_sent
from recore.platform.text_ja import half_widths, unencodable
from recore.shared_schemas import load

NONE = "none"  # the stored value of 「設定しない」


def check_form(form: FormDefinition, values: Values, context: FormContext) -> list[FieldProblem]:
    """Every problem of `values`, in the order of the form, photos last."""
    problems = [
        problem for each in form.fields for problem in _check_field(each, values.get(each.key), context)
    ]
    return [*problems, *_check_prices(form, values), *_check_photos(context)]


def _check_field(each: FormField, value: Any, context: FormContext) -> Iterator[FieldProblem]:
    if value in (None, []) or (isinstance(value, str) and not value.strip()):
        if each.required:
            verb = (
                "選んで"
                if each.kind in ("choice", "saved_choices", "saved_choice", "yen_or_none")
                else "入力して"
            )
            yield FieldProblem(
                each.key,
                each.label,
                f"「{each.label}」が入っていません。",
                f"「{each.label}」を{verb}ください。",
            )
        return
    if each.kind in ("int", "yen") or (each.kind == "yen_or_none" and value != NONE):
        yield from _check_number(each, value, context)
    elif each.kind == "choice":
        if value not in each.choices:
            yield FieldProblem(
                each.key, each.label, f"「{value}」は選べない値です。", "一覧から選び直してください。"
            )
    elif each.kind in ("saved_choices", "saved_choice"):
        yield from _check_saved(each, value, context)
    elif isinstance(value, str):
        yield from _check_text(each, value, context)
    elif value != NONE:
        yield FieldProblem(each.key, each.label, "値の形が違います。", "入力し直してください。")


def _check_number(each: FormField, value: Any, context: FormContext) -> Iterator[FieldProblem]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield FieldProblem(
            each.key, each.label, f"「{value}」は数字ではありません。", "半角の整数で入力してください。"
        )
        return
    low, high = each.minimum, each.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        yield FieldProblem(
            each.key,
            each.label,
            f"{value:,}は範囲の外です。",
            f"{low or 0:,}〜{high or 0:,}で入力してください。",
        )
    elif each.key == "quantity" and value > context.units:
        remedy = f"{max(context.units, 0)}以下にしてください。"
        yield FieldProblem(each.key, each.label, f"出品できる在庫は{context.units}点です。", remedy)


def _check_saved(each: FormField, value: Any, context: FormContext) -> Iterator[FieldProblem]:
    chosen = value if isinstance(value, list) else [value]
    saved = context.saved_choices.get(each.saved or "", ())
    for each_value in chosen:
        if not isinstance(each_value, str) or each_value not in saved:
            message = f"「{each_value}」は保存された値にありません。"
            yield FieldProblem(
                each.key,
                each.label,
                message,
                "設定のマーケットプレイスで値を保存するか、選び直してください。",
            )
        else:
            yield from _check_characters(each, each_value)


def _check_text(each: FormField, typed: str, context: FormContext) -> Iterator[FieldProblem]:
    value = as_sent(typed) if each.kind == "html" else typed
    if not value:
        yield FieldProblem(each.key, each.label, "文字が残りません。", "使えるHTMLと文章で入力してください。")
    if each.kind != "html" and re.search(r"[\r\n\t]", value):
        yield FieldProblem(each.key, each.label, "改行やタブは使えません。", "1行で入力してください。")
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80]", typed):
        message = "目に見えない制御文字が入っています。"
        yield FieldProblem(each.key, each.label, message, "貼り付けた文字を消して、入力し直してください。")
    if each.max_half_widths is not None and (width := half_widths(value)) > each.max_half_widths:
        message = f"長すぎます（全角{width / 2:g}文字分）。"
        yield FieldProblem(
            each.key, each.label, message, f"全角{each.max_half_widths // 2}文字以内にしてください。"
        )
    if each.max_characters is not None and len(value) > each.max_characters:
        message = f"長すぎます（{len(value):,}文字）。"
        yield FieldProblem(each.key, each.label, message, f"{each.max_characters:,}文字以内にしてください。")
    if each.kind == "management_number" and not re.fullmatch(r"[!-~]+", value):
        message = "管理番号は半角の英数字と記号だけです。"
        yield FieldProblem(each.key, each.label, message, "半角で入力してください（空白は使えません）。")
    if each.pattern and not re.fullmatch(each.pattern, value):
        yield FieldProblem(
            each.key, each.label, f"「{value[:30]}」は決まった形ではありません。", "数字を確かめてください。"
        )
    if each.kind == "category":
        yield from _check_category(each, value, context)
    yield from _check_characters(each, typed)
    if each.kind == "html" and not unencodable(typed):
        yield from _check_characters(each, value)  # what an entity such as &#128512; turned into


def _check_characters(each: FormField, value: str) -> Iterator[FieldProblem]:
    for bad in unencodable(value):
        remedy = (
            f"「{bad.suggestion}」に置き換えてください。" if bad.suggestion else "この文字を消してください。"
        )
        message = f"「{bad.character}」（{bad.position + 1}文字目）はヤフオク!で使えない文字です。"
        yield FieldProblem(each.key, each.label, message, remedy)


def _check_category(each: FormField, value: str, context: FormContext) -> Iterator[FieldProblem]:
    if not re.fullmatch(r"[0-9]{1,12}", value):
        yield FieldProblem(
            each.key, each.label, "カテゴリは番号で入力します。", "キーワードで探して選んでください。"
        )
        return
    known = context.categories.get(value)
    if known is None:
        message = f"カテゴリ番号「{value}」は一覧にありません。"
        yield FieldProblem(
            each.key, each.label, message, "番号が正しければそのまま出品できます。", Severity.WARNING
        )
    elif not known.is_leaf:
        message = f"「{known.path}」にはまだ下の分類があります。"
        yield FieldProblem(each.key, each.label, message, "いちばん下の分類を選んでください。")


def _check_prices(form: FormDefinition, values: Values) -> Iterator[FieldProblem]:
    start, buyout = values.get("start_price"), values.get("buyout_price")
    if isinstance(start, int) and isinstance(buyout, int) and buyout < start:
        label = form.field("buyout_price").label
        yield FieldProblem(
            "buyout_price", label, "即決価格が開始価格より安くなっています。", "開始価格以上にしてください。"
        )


def _check_photos(context: FormContext) -> Iterator[FieldProblem]:
    limits = load("yahoo_auction/limits.json")
    most, size, types = (
        limits["images"]["value"],
        limits["image_bytes"]["value"],
        limits["image_types"]["value"],
    )
    if not context.photos:
        yield FieldProblem("photos", "写真", "写真がありません。", "1枚以上の写真を追加してください。")
    if len(context.photos) > most:
        message = f"写真が{len(context.photos)}枚あります。"
        yield FieldProblem("photos", "写真", message, f"先頭の{most}枚だけが送られます。", Severity.WARNING)
    for number, photo in enumerate(context.photos[:most], 1):
        if photo.media_type not in types:
            yield FieldProblem(
                "photos", "写真", f"{number}枚目の形式が使えません。", "JPEGかGIFの写真にしてください。"
            )
        if photo.size_bytes > size:
            yield FieldProblem(
                "photos",
                "写真",
                f"{number}枚目が大きすぎます。",
                f"{size // 1024 // 1024}MB以下にしてください。",
            )
