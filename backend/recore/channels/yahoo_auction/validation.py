"""What Yahoo is known to refuse, checked before anything is sent: each problem names field and remedy (R8, R15)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from recore.channels.base import FieldProblem, FormContext, FormDefinition, FormField, Severity, Values
from recore.channels.form_checks import check_fields
from recore.channels.yahoo_auction.description import as_sent
from recore.platform.text_ja import half_widths, unencodable
from recore.shared_schemas import load


def check_form(form: FormDefinition, values: Values, context: FormContext) -> list[FieldProblem]:
    """Every problem of `values`, in the order of the form, photos last."""
    problems = check_fields(
        form,
        values,
        context,
        check_text=lambda each, typed: _check_text(each, typed, context),
        check_saved=_check_characters,
    )
    return [*problems, *_check_prices(form, values), *_check_photos(context)]


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
