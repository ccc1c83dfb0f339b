"""Stored files as answers."""

from __future__ import annotations

from flask import Response, send_file

from recore.platform.tenancy import require_tenant
from recore.wiring import services


def send_blob(sha256: str, mimetype: str, *, download_name: str | None = None) -> Response:
    """The tenant's blob, with byte ranges; an attachment when it has a `download_name`. Raises NotFound NO_SUCH_BLOB."""
    blobs = services().blobs
    path = blobs.path_for_send(require_tenant(), sha256)
    source = path if path is not None else blobs.open(require_tenant(), sha256)
    return send_file(
        source,
        mimetype=mimetype,
        as_attachment=download_name is not None,
        download_name=download_name,
        conditional=path is not None,
    )
