"""Barcode labels: how many of each item, and the papers that the style sheet knows (print.css)."""

from __future__ import annotations

from collections.abc import Sequence

from recore.platform.paging import AnyRow

MAX_LABELS = 500
PAPERS = {"a4": "A4の紙・シール（24面）", "roll": "ラベルプリンター（62×40mm）"}


def labels_of(lines: Sequence[AnyRow], *, per_item: bool) -> tuple[list[AnyRow], int]:
    """A line per label, one per piece or per item, and how many are too many for one page."""
    wanted = [line for line in lines for _ in range(1 if per_item else line.quantity)]
    return wanted[:MAX_LABELS], max(0, len(wanted) - MAX_LABELS)
