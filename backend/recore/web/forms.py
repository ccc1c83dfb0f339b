"""Reading plain HTML forms: full-width digits and thousands separators are welcome, the rest is a clear error."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from werkzeug.routing import IntegerConverter

from recore.platform.errors import Invalid, RecoreError

E = TypeVar("E", bound=StrEnum)


class RowId(IntegerConverter):
    """`<int:…>` in a URL: as many digits as a database key may have; more is no such page (404)."""

    regex = r"\d{1,18}"


def row_ids(texts: Iterable[str]) -> list[int]:
    """The ids among the values of a form's boxes; anything else was not put there by our pages."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= 18]


def whole_number(form: Mapping[str, str], field: str, label: str, *, default: int | None = None) -> int:
    """A whole number ≥ 0. Raises Invalid NOT_A_NUMBER, or REQUIRED without a `default`, naming the field."""
    typed = form.get(field, "")
    text = unicodedata.normalize("NFKC", typed).replace(",", "").replace("円", "").strip()
    if not text and default is not None:
        return default
    if not text:
        raise Invalid("REQUIRED", f"{label}を入力してください。", field=field)
    if not (text.isascii() and text.isdigit()) or len(text) > 12:
        raise Invalid(
            "NOT_A_NUMBER", f"{label}は数字で入力してください（入力された値:「{typed[:30]}」）。", field=field,
            remedy="0以上の整数を入力してください。",
        )  # fmt: skip
    return int(text)


def one_of(kind: type[E], form: Mapping[str, str], field: str, label: str) -> E:
    """A member of `kind` by its value. Raises Invalid NOT_CHOSEN naming the field."""
    try:
        return kind(form.get(field, ""))
    except ValueError as error:
        raise Invalid("NOT_CHOSEN", f"{label}を選んでください。", field=field) from error


def day(form: Mapping[str, str], field: str) -> date | None:
    """A day as a date field sends it, or with slashes; None when nothing is typed. Raises Invalid NOT_A_DAY."""
    text = unicodedata.normalize("NFKC", form.get(field, "")).strip()
    if not text:
        return None
    try:
        return datetime.strptime(text.replace("/", "-"), "%Y-%m-%d").date()
    except ValueError as error:
        raise Invalid(
            "NOT_A_DAY", f"「{text[:20]}」は日付ではありません。", field=field,
            remedy="2026-11-28のように入力してください。",
        ) from error  # fmt: skip


def cursor(form: Mapping[str, str], field: str = "before") -> int | None:
    """The keyset cursor of a list page; anything that is not a number starts from the top."""
    text = form.get(field, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def problems_by_field(error: RecoreError | None) -> dict[str, str]:
    """What to write at each field of a refused form; one error may have several problems."""
    listed = error.problems if isinstance(error, Invalid) and error.problems else [error] if error else []
    return {each.field: each.message for each in listed if each.field}
