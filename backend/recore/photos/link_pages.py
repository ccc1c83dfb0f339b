"""What a phone that read the QR code sees and may do: the photos of one item, until the link is over (R9)."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from recore.photos import door, links
from recore.photos.door import Door
from recore.photos.models import PhotoLink
from recore.platform import clock
from recore.platform.db import db, unit_of_work
from recore.stock.queries import stock_item
from recore.web.access import public
from recore.wiring import services

bp = Blueprint("photo_link", __name__, url_prefix="/p/<signed>", template_folder="templates")


def _link(signed: str) -> PhotoLink:
    """Raises NotFound PHOTO_LINK_OVER."""
    return links.opened(db.session(), services().keyring, signed, clock.now())


def _opened(signed: str) -> Door:
    link = _link(signed)
    return Door(link.stock_item_id, links.actor_of(link), signed)


def _for_change(signed: str, *, adds: bool = False) -> Door:
    """The door once the change is counted, before the work for it is done."""
    link = _link(signed)
    found, link_id = Door(link.stock_item_id, links.actor_of(link), signed), link.id
    with unit_of_work(links.actor_of(link)) as uow:
        links.note_use(uow, link_id, adds=adds)
    return found


@bp.get("")
@public  # as all here: the signed link is the permission
def show(signed: str) -> str:
    link = _link(signed)
    return render_template(
        "photos/phone.html",
        item=stock_item(db.session(), link.stock_item_id),
        link=link,
        **door.context(_opened(signed)),
    )


@bp.get("/photos")
@public
def strip(signed: str) -> str | tuple[str, int]:
    return door.look(_opened(signed))


@bp.post("/photos")
@public
def upload(signed: str) -> Response:
    return door.upload(_for_change(signed, adds=True))


@bp.post("/photos/order")
@public
def order(signed: str) -> str:
    return door.order(_for_change(signed))


@bp.post("/photos/<int:photo_id>/<any(delete, restore):action>")
@public
def change(signed: str, photo_id: int, action: str) -> str:
    return door.change(_for_change(signed), photo_id, action)


@bp.get("/photos/<int:photo_id>/thumbnail.jpg")
@public
def thumbnail(signed: str, photo_id: int) -> Response:
    return door.thumbnail(door.photo_here(_opened(signed), photo_id))
