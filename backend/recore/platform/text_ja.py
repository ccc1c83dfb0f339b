"""Japanese text: search folding, Yahoo's title width, and what CP932 can carry (architecture rule 11)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import jaconv

# Characters whose usual Unicode form is not the one CP932 decodes to (yahoo.md, "The file"). Left: typed, right: sent.
CP932_FORMS = str.maketrans(
    {
        "\u2014": "\u2015",  # EM DASH → HORIZONTAL BAR
        "\u301c": "\uff5e",  # WAVE DASH → FULLWIDTH TILDE
        "\u2016": "\u2225",  # DOUBLE VERTICAL LINE → PARALLEL TO
        "\u2212": "\uff0d",  # MINUS SIGN → FULLWIDTH HYPHEN-MINUS
        "\u00a2": "\uffe0",
        "\u00a3": "\uffe1",
        "\u00ac": "\uffe2",
    }
)
SUGGESTIONS = {"𠮷": "吉", "𠮟": "叱", "﨑": "崎", "髙": "高", "\u00a0": " ", "⁇": "？", "–": "―", "•": "・"}


@dataclass(frozen=True)
class Unencodable:
    """A character that CP932 has not; `position` counts characters from 0; `suggestion` '' means: delete it."""

    position: int
    character: str
    name: str
    suggestion: str


_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def holds_nul(body: bytes) -> bool:
    """Whether a string of this JSON holds the character NUL, which PostgreSQL keeps nowhere (and no page shows)."""
    return b"\\u0000" in body and _NUL.search(body) is not None


def fold(text: str) -> str:
    """The search form: NFKC, case-folded, katakana as hiragana, runs of space as one. Never for what is listed.

    Without NUL, which PostgreSQL does not even take to compare with.
    """
    folded = jaconv.kata2hira(unicodedata.normalize("NFKC", text.replace("\0", "")).casefold())
    return " ".join(folded.split())


def half_widths(text: str) -> int:
    """Yahoo's counting in half-width units: half-width ASCII and kana 1, everything else 2 (65 full-width = 130)."""
    return sum(1 if unicodedata.east_asian_width(char) in ("Na", "H") else 2 for char in text)


def to_cp932_forms(text: str) -> str:
    """`text` with the dashes and waves that CP932 carries."""
    return text.translate(CP932_FORMS)


def unencodable(text: str) -> list[Unencodable]:
    """Every character that CP932 cannot carry even after `to_cp932_forms`."""
    found = []
    for position, char in enumerate(text):
        try:
            char.translate(CP932_FORMS).encode("cp932")
        except UnicodeEncodeError:
            name = unicodedata.name(char, f"U+{ord(char):04X}")
            found.append(Unencodable(position, char, name, SUGGESTIONS.get(char, "")))
    return found


def encode_cp932(text: str) -> bytes:
    """CP932 bytes; UnicodeEncodeError for what `unencodable` names."""
    return to_cp932_forms(text).encode("cp932")
