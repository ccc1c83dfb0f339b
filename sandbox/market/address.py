"""A Japanese address in its parts, as orders of ストアクリエイターPro have it."""

from __future__ import annotations

import re

PREFECTURE = re.compile(r"(東京都|北海道|(?:京都|大阪)府|.{2,3}県)(.*)", re.DOTALL)
CITY = re.compile(
    r"([^市]{1,6}市[^市区]{1,6}区|[^区市]{1,6}[市区]|.{1,5}郡.{1,6}[町村]|.{1,6}[町村])(.*)", re.DOTALL
)


def split(address: str) -> dict[str, str]:
    """prefecture, city, address1, address2 (what comes after the first space)."""
    found = PREFECTURE.match(address)
    prefecture, rest = found.groups() if found else ("", address)
    found = CITY.match(rest)
    city, rest = found.groups() if found else ("", rest)
    street, _, building = rest.partition(" ")
    return {"prefecture": prefecture, "city": city, "address1": street, "address2": building}
