"""The photos of an item for who is logged in, and the QR links for phones that are not."""

from __future__ import annotations

from urllib.parse import urlsplit

import segno
from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.photos import door, links, service
from recore.photos.door import Door
from recore.photos.models import PhotoLink
from recore.platform import clock
from recore.platform.db import db, unit_of_work
from recore.stock.queries import stock_item
from recore.web.access import current_actor, permission
from recore.wiring import services

bp = Blueprint("photos", __name__, template_folder="templates")


def opened(stock_item_id: int) -> Door:
    """Raises NotFound for an item that is not there."""
    return Door(stock_item(db.session(), stock_item_id).id, current_actor())


def _of_photo(photo_id: int) -> Door:
    return Door(service.get(db.session(), photo_id).stock_item_id, current_actor())


@bp.get("/stock/<int:stock_item_id>/photos")
@permission("ec.read")
def strip(stock_item_id: int) -> str | tuple[str, int]:
    """What the form asks for every few seconds, so that a phone's new pictures appear on the PC."""
    return door.look(opened(stock_item_id))


@bp.post("/stock/<int:stock_item_id>/photos")
@permission("ec.edit")
def upload(stock_item_id: int) -> Response:
    return door.upload(opened(stock_item_id))


@bp.post("/stock/<int:stock_item_id>/photos/order")
@permission("ec.edit")
def order(stock_item_id: int) -> str:
    return door.order(opened(stock_item_id))


@bp.post("/photos/<int:photo_id>/<any(delete, restore, turn):action>")
@permission("ec.edit")
def change(photo_id: int, action: str) -> str:
    if action == "turn":
        return door.turn(_of_photo(photo_id), photo_id)
    return door.change(_of_photo(photo_id), photo_id, action)


@bp.get("/photos/<int:photo_id>/thumbnail.jpg")
@permission("ec.read")
def thumbnail(photo_id: int) -> Response:
    return door.thumbnail(service.get(db.session(), photo_id))


# --- QR links ----------------------------------------------------------------------------------------------------


@bp.post("/stock/<int:stock_item_id>/photos/links")
@permission("ec.edit")
def make_link(stock_item_id: int) -> str:
    if not _origin():
        stock_item(db.session(), stock_item_id)  # NotFound where there is none
        return _phones(stock_item_id, is_out_of_reach=True)
    with unit_of_work(current_actor()) as uow:
        link_id = links.make_link(uow, stock_item_id).id
    return _phones(stock_item_id, link_id)


@bp.post("/stock/<int:stock_item_id>/photos/links/<int:link_id>/revoke")
@permission("ec.edit")
def revoke_link(stock_item_id: int, link_id: int) -> str:
    with unit_of_work(current_actor()) as uow:
        links.revoke_link(uow, stock_item_id, link_id)
    return _phones(stock_item_id)


def _phones(stock_item_id: int, shown_id: int | None = None, *, is_out_of_reach: bool = False) -> str:
    live = live_links(stock_item_id)
    shown = next((each for each in live if each.id == shown_id), None)
    address = _address(shown) if shown else None
    return render_template(
        "photos/_phones.html",
        stock_item_id=stock_item_id,
        phone_links=live,
        shown=shown,
        is_out_of_reach=is_out_of_reach,
        address=address,
        qr=segno.make_qr(address, error="m").svg_data_uri(scale=5, border=4, light="#fff") if address else "",
    )


def live_links(stock_item_id: int) -> list[PhotoLink]:
    return list(links.live_links(db.session(), stock_item_id, clock.now()))


def _address(link: PhotoLink) -> str:
    return _origin() + url_for("photo_link.show", signed=links.token_of(services().keyring, link))


def _origin() -> str:
    """Where a phone reaches the shop; empty where this PC's own address (localhost) says nothing to a phone."""
    origin = request.host_url.rstrip("/")
    return services().settings.phone_origin if _is_this_machine(urlsplit(origin).hostname or "") else origin


def _is_this_machine(host: str) -> bool:
    return host in ("localhost", "::1") or host.endswith(".localhost") or host.startswith("127.")
