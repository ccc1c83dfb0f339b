"""The parts of a client-rendered page, as the JSON that static/tool.js builds them from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.skins import Skin


@dataclass(frozen=True)
class Place:
    """Which page of a list; `address` takes the number of another page at its end."""

    page: int
    size: int
    address: str

    @property
    def start(self) -> int:
        return (self.page - 1) * self.size


Line = dict[str, str]
Cell = list[Line]


def lines(*texts: str) -> Cell:
    return [{"text": text} for text in texts]


def linked(text: str, href: str) -> Cell:
    return [{"text": text, "href": href}]


def text(words: str) -> dict[str, Any]:
    return {"kind": "text", "text": words}


def heading(words: str) -> dict[str, Any]:
    return {"kind": "heading", "text": words}


def links(*found: tuple[str, str]) -> dict[str, Any]:
    return {"kind": "links", "links": found}


def buttons(*found: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "buttons", "buttons": found}


def button(label: str, post: str, **fields: str) -> dict[str, Any]:
    return {"label": label, "post": post, "fields": list(fields.items())}


def copy_button(label: str, text: str) -> dict[str, Any]:
    """Puts a text on the clipboard."""
    return {"label": label, "copy": text}


def field(name: str, label: str, value: str = "", options: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    return {"name": name, "label": label, "value": value} | ({"options": options} if options else {})


def form(label: str, *inputs: dict[str, Any], post: str = "", action: str = "") -> dict[str, Any]:
    """Sent by the script to `post`, by the browser to `action`, or as the page's own query."""
    return {"kind": "form", "label": label, "inputs": inputs, "post": post, "action": action}


def upload(post: str) -> dict[str, Any]:
    return {"kind": "upload", "post": post}


def facts(skin: Skin, name: str, cells: Mapping[str, Cell]) -> dict[str, Any]:
    return {"kind": "facts", "facts": [[skin.label(column), cells[column]] for column in skin.columns(name)]}


def cards(skin: Skin, name: str, row: Mapping[str, Cell], *, plain: Sequence[str] = ()) -> list[Cell]:
    """A row whose cells carry their own headings, except the plain ones."""
    return [
        row[column] if column in plain else [{"text": skin.label(column)}, *row[column]]
        for column in skin.columns(name)
    ]


def page_of(
    rows: Sequence[dict[str, Any]], total: int, place: Place, empty: str, *,
    columns: Sequence[str] = (), buttons: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:  # fmt: skip
    """One page of a list, each row {value, cells}: a table when it has columns, else cards."""
    first = (place.page - 1) * place.size + 1
    return {
        "kind": "list", "look": "table" if columns else "cards", "columns": list(columns), "rows": list(rows),
        "total": f"{total:,}", "first": first, "last": first + len(rows) - 1, "page": place.page, "empty": empty,
        "buttons": list(buttons), "checks": bool(buttons),
        "prev": f"{place.address}{place.page - 1}" if place.page > 1 else None,
        "next": f"{place.address}{place.page + 1}" if place.page * place.size < total else None,
    }  # fmt: skip
