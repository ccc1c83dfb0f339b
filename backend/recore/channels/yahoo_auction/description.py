"""The description of a listing: HTML that Yahoo takes, on one line (yahoo.md, "The file")."""

from __future__ import annotations

import re

import nh3

ALLOWED_TAGS = {
    "a", "b", "big", "blockquote", "br", "center", "dd", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "i", "img", "li", "ol", "p", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "th",
    "thead", "tr", "u", "ul",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {
    "*": {"align", "width", "height"},
    "a": {"href", "target"},
    "font": {"color", "size"},
    "img": {"src", "alt"},
    "table": {"border", "cellpadding", "cellspacing", "bgcolor"},
    "td": {"colspan", "rowspan", "bgcolor", "valign"},
    "th": {"colspan", "rowspan", "bgcolor", "valign"},
}


HALF_CHARACTERS = re.compile("[\ud800-\udfff]")


def clean_html(text: str) -> str:
    """`text` without scripts, styles and event handlers; what is left is what Yahoo's editor allows.

    Half a character (a lone surrogate) becomes U+FFFD, which the file refuses by name.
    """
    whole = HALF_CHARACTERS.sub("\ufffd", text)
    return nh3.clean(
        whole, tags=ALLOWED_TAGS, attributes=ALLOWED_ATTRIBUTES, url_schemes={"http", "https"}, link_rel=None
    )


def one_line(html: str) -> str:
    """Line breaks as `<BR>`; no line break may stand in any cell."""
    return re.sub(r"\r\n|\r|\n", "<BR>", html.strip())


def as_sent(text: str) -> str:
    """What stands in the file for what was typed."""
    return one_line(clean_html(text))
