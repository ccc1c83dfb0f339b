"""A marketplace's form fields out of a request, by their definitions."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from flask import request

from recore.channels.base import FormField
from recore.platform.errors import Invalid

MAX_TEXT = 100_000


def read_values(fields: Iterable[FormField]) -> dict[str, Any]:
    """The form's values from the request; what cannot be a number stays text, so that nothing typed is lost."""
    return {each.key: value for each in fields if (value := _read(each)) not in (None, "", [])}


def _read(each: FormField) -> Any:
    if each.kind == "saved_choices":
        return [value.replace("\0", "")[:200] for value in request.form.getlist(each.key) if value]
    text = request.form.get(each.key, "").replace("\0", "")  # which no database keeps and no page shows
    if len(text) > MAX_TEXT:
        message = f"「{each.label}」が長すぎます（{len(text):,}文字）。"
        raise Invalid("TOO_LONG", message, field=each.key, remedy="短くしてください。")
    if each.kind == "html":
        return text.replace("\r\n", "\n").strip()
    text = text.strip()
    if each.kind in ("int", "yen", "yen_or_none"):
        number = unicodedata.normalize("NFKC", text).replace(",", "").replace("円", "")
        return int(number) if number.isascii() and number.isdigit() and len(number) <= 12 else text
    return text
