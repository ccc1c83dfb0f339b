"""Photo upload, order and delivery for the listing form."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import Blueprint, jsonify, render_template, request
from werkzeug.wrappers import Response

from recore.photos import service
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Invalid
from recore.platform.tenancy import require_tenant
from recore.stock.queries import stock_item
from recore.web.access import current_actor, permission
from recore.web.blobs import send_blob
from recore.web.forms import row_ids
from recore.wiring import services

bp = Blueprint("photos", __name__, template_folder="templates")

THUMBNAIL = "thumbnail"


@bp.get("/stock/<int:stock_item_id>/photos")
@permission("ec.read")
def strip(stock_item_id: int) -> str:
    """The item's photos as a fragment, so that a phone's new pictures appear on the PC."""
    return render_template(
        "photos/_strip.html",
        stock_item_id=stock_item(db.session(), stock_item_id).id,
        photos=service.photos_of(db.session(), stock_item_id),
    )


@bp.post("/stock/<int:stock_item_id>/photos")
@permission("ec.edit")
def upload(stock_item_id: int) -> Response:
    """One file per request, so that each has its own progress and its own answer."""
    file = request.files.get("photo")
    if file is None or not file.filename:
        raise Invalid("NO_FILE", "写真が選ばれていません。", remedy="写真を選び直してください。")
    prepared = service.prepare(
        services().blobs, require_tenant(), cast(BinaryIO, file.stream), item=file.filename[:80]
    )
    copies = _copies(prepared.sha256)
    with unit_of_work(current_actor()) as uow:
        photo_id = service.add_photo(uow, stock_item_id, prepared).id
        for spec, copy in copies.items():
            service.keep_copy(uow, photo_id, prepared.sha256, spec, *copy)
    return jsonify({"id": photo_id})


def _copies(sha256: str) -> dict[str, tuple[str, int]]:
    """Every copy that screens and marketplaces will ask for, made while nobody waits for the database."""
    specs = {THUMBNAIL, *(each.photo_spec for each in services().channels.values() if each.photo_spec)}
    return {
        spec: service.make_copy(services().blobs, require_tenant(), sha256, spec) for spec in sorted(specs)
    }


@bp.post("/stock/<int:stock_item_id>/photos/order")
@permission("ec.edit")
def order(stock_item_id: int) -> str:
    wanted = row_ids(request.form.get("order", "").split(","))
    with unit_of_work(current_actor()) as uow:
        service.reorder(uow, stock_item_id, wanted[: service.MAX_PHOTOS])
    return strip(stock_item_id)


@bp.post("/photos/<int:photo_id>/<any(delete, restore, turn):action>")
@permission("ec.edit")
def change(photo_id: int, action: str) -> str:
    photo = service.get(db.session(), photo_id)
    stock_item_id, sha256 = photo.stock_item_id, photo.sha256
    turned = service.prepare_turned(services().blobs, require_tenant(), sha256) if action == "turn" else None
    copies = _copies(turned.sha256) if turned is not None else {}
    with unit_of_work(current_actor()) as uow:
        if turned is not None and service.replace_picture(uow, photo_id, sha256, turned):
            for spec, copy in copies.items():
                service.keep_copy(uow, photo_id, turned.sha256, spec, *copy)
        elif action == "delete":
            service.delete_photo(uow, photo_id)
        elif action == "restore":
            service.restore_photo(uow, photo_id)
    return render_template(
        "photos/_strip.html",
        stock_item_id=stock_item_id,
        photos=service.photos_of(db.session(), stock_item_id),
        deleted_id=photo_id if action == "delete" else None,
    )


@bp.get("/photos/<int:photo_id>/thumbnail.jpg")
@permission("ec.read")
def thumbnail(photo_id: int) -> Response:
    """The small copy; `v` in the URL changes when the photo does, so browsers may keep it.

    Photos from before the spec was changed have none: it is made again for each browser, because a GET writes nothing.
    """
    photo = service.get(db.session(), photo_id)
    known = service.known_copy(db.session(), photo_id, THUMBNAIL)
    tenant_id, blobs, original = require_tenant(), services().blobs, photo.sha256
    if known is None or not blobs.exists(tenant_id, known[0]):
        db.session.rollback()  # no transaction while a picture is decoded
        known = service.make_copy(blobs, tenant_id, original, THUMBNAIL)
    response = send_blob(known[0], service.COPY_TYPE)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
