"""One way to an item's photos for both who come: a login at the shop's pages, and a phone by a QR link (R9).

The views of `pages` and `link_pages` open a door and do nothing else; so both show and do the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from flask import jsonify, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.accounts.queries import accounts
from recore.photos import service
from recore.photos.imaging import browser_shrink, copy_spec, original_limits
from recore.photos.models import Photo
from recore.platform.actor import Actor
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Invalid, NotFound
from recore.platform.tenancy import require_tenant
from recore.web.blobs import send_blob
from recore.web.forms import row_ids
from recore.wiring import services

THUMBNAIL = "thumbnail"


@dataclass(frozen=True)
class Door:
    """`signed`: the token of the QR link by which somebody came; None for a login, which may also turn photos."""

    stock_item_id: int
    actor: Actor | None
    signed: str | None = None

    @property
    def can_turn(self) -> bool:
        return self.signed is None

    def url(self, view: str, **values: Any) -> str:
        """The address of `strip`, `upload`, `order`, or with a `photo_id` of `change` and `thumbnail`."""
        if self.signed is not None:
            return url_for(f"photo_link.{view}", signed=self.signed, **values)
        if "photo_id" not in values:
            values["stock_item_id"] = self.stock_item_id
        return url_for(f"photos.{view}", **values)


@dataclass(frozen=True)
class Limit:
    """How many photos go to a marketplace: the first `most`; 0: none; None: all."""

    label: str
    most: int | None


def context(door: Door) -> dict[str, Any]:
    """What the photo templates need."""
    photos = service.photos_of(db.session(), door.stock_item_id)
    return {
        "door": door, "photos": photos, "limits": limits(), "tag": _tag(photos), "max_photos": service.MAX_PHOTOS,
        "original": original_limits(), "shrink": browser_shrink(),
    }  # fmt: skip


def limits() -> list[Limit]:
    """Of the marketplaces that the shop sells on."""
    used = dict.fromkeys(each.channel for each in accounts(db.session()) if each.is_enabled)
    channels = [services().channels[name] for name in used]
    return [
        Limit(each.label, copy_spec(each.photo_spec).max_photos if each.photo_spec else 0)
        for each in channels
    ]


def _tag(photos: Sequence[Photo]) -> str:
    """Changes whenever the strip would look different."""
    return hashlib.sha256(repr([(each.id, each.sha256) for each in photos]).encode()).hexdigest()[:16]


def strip(door: Door, **changed: Any) -> str:
    """The photos as a fragment; `deleted_id` or `restored_id` after such a change."""
    return render_template("photos/_strip.html", **context(door), **changed)


def look(door: Door) -> str | tuple[str, int]:
    """The fragment, or nothing (204) when it is still the one that the page shows (`tag`)."""
    now = _tag(service.photos_of(db.session(), door.stock_item_id))
    return ("", 204) if request.args.get("tag") == now else strip(door)


def upload(door: Door) -> Response:
    """One file per request, so that each has its own progress and its own answer."""
    file = request.files.get("photo")
    if file is None or not file.filename:
        raise Invalid("NO_FILE", "写真が選ばれていません。", remedy="写真を選び直してください。")
    prepared = service.prepare(
        services().blobs, require_tenant(), cast(BinaryIO, file.stream), item=file.filename[:80]
    )
    copies = _copies(prepared.sha256)
    with unit_of_work(_actor(door)) as uow:
        photo_id = service.add_photo(uow, door.stock_item_id, prepared).id
        for spec, copy in copies.items():
            service.keep_copy(uow, photo_id, prepared.sha256, spec, *copy)
    return jsonify({"id": photo_id})


def _actor(door: Door) -> Actor:
    if door.actor is None:
        raise ValueError("a door for looking only")
    return door.actor


def _copies(sha256: str) -> dict[str, tuple[str, int]]:
    """Every copy that screens and marketplaces will ask for, made while nobody waits for the database."""
    specs = {THUMBNAIL, *(each.photo_spec for each in services().channels.values() if each.photo_spec)}
    return {
        spec: service.make_copy(services().blobs, require_tenant(), sha256, spec) for spec in sorted(specs)
    }


def order(door: Door) -> str:
    wanted = row_ids(request.form.get("order", "").split(","))
    with unit_of_work(_actor(door)) as uow:
        service.reorder(uow, door.stock_item_id, wanted[: service.MAX_PHOTOS])
    return strip(door)


def change(door: Door, photo_id: int, action: str) -> str:
    """`delete` or `restore`. Raises NotFound for a photo of another item."""
    photo_here(door, photo_id)
    with unit_of_work(_actor(door)) as uow:
        if action == "delete":
            service.delete_photo(uow, photo_id)
        else:
            service.restore_photo(uow, photo_id)
    return strip(door, **{f"{action}d_id": photo_id})


def turn(door: Door, photo_id: int) -> str:
    sha256 = photo_here(door, photo_id).sha256
    turned = service.prepare_turned(services().blobs, require_tenant(), sha256)
    copies = _copies(turned.sha256)
    with unit_of_work(_actor(door)) as uow:
        if service.replace_picture(uow, photo_id, sha256, turned):
            for spec, copy in copies.items():
                service.keep_copy(uow, photo_id, turned.sha256, spec, *copy)
    return strip(door)


def photo_here(door: Door, photo_id: int) -> Photo:
    """Raises NotFound, also for a photo of another item."""
    photo = service.get(db.session(), photo_id)
    if photo.stock_item_id != door.stock_item_id:
        raise NotFound("NO_SUCH_PHOTO", "この写真は見つかりません。", remedy="画面を再読み込みしてください。")
    return photo


def thumbnail(photo: Photo) -> Response:
    """The small copy; `v` in the URL changes when the photo does, so browsers may keep it.

    Photos from before the spec was changed have none: it is made again for each browser, because a GET writes nothing.
    """
    known = service.known_copy(db.session(), photo.id, THUMBNAIL)
    tenant_id, blobs, original = require_tenant(), services().blobs, photo.sha256
    if known is None or not blobs.exists(tenant_id, known[0]):
        db.session.rollback()  # no transaction while a picture is decoded
        known = service.make_copy(blobs, tenant_id, original, THUMBNAIL)
    response = send_blob(known[0], service.COPY_TYPE)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
