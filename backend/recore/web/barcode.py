"""Barcodes of labels and name tags."""

from __future__ import annotations

import io

from barcode import Code128
from barcode.writer import SVGWriter
from flask import Response


def barcode_svg(code: str) -> Response:
    """Code 128 without its text; `code` is ASCII."""
    buffer = io.BytesIO()
    options = {"module_height": 9.0, "write_text": False, "quiet_zone": 2.0}
    Code128(code, writer=SVGWriter()).write(buffer, options)
    response = Response(buffer.getvalue(), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "private, max-age=86400"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response
