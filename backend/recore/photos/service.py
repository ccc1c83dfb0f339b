"""Photos of a stock item: originals in order, copies as each marketplace wants them (R9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.channels.base import PhotoFact
from recore.photos.imaging import Picture, copy_spec, derive, inspect, normalise, turn
from recore.photos.models import DerivedPhoto, Photo
from recore.platform.audit import record
from recore.platform.blobs import BlobStore
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, Invalid, NotFound
from recore.stock.models import StockItem
from recore.stock.service import get as get_item

MAX_PHOTOS = 30
COPY_TYPE = "image/jpeg"


@dataclass(frozen=True)
class Prepared:
    """An upright picture that lies in the blob store and waits for its row."""

    sha256: str
    size_bytes: int
    media_type: str
    width: int
    height: int


def prepare(blobs: BlobStore, tenant_id: int, stream: BinaryIO, item: str | None = None) -> Prepared:
    """Check an uploaded file, turn it upright, drop its metadata, store it. Decoding takes time: open no transaction.

    Raises the refusals of `imaging`, naming the file.
    """
    inspect(stream, item=item)
    return _stored(blobs, tenant_id, normalise(stream, item=item))


def prepare_turned(blobs: BlobStore, tenant_id: int, sha256: str) -> Prepared:
    """A stored original, a quarter turn clockwise."""
    with blobs.open(tenant_id, sha256) as file:
        return _stored(blobs, tenant_id, turn(file, 1))


def _stored(blobs: BlobStore, tenant_id: int, picture: Picture) -> Prepared:
    stored = blobs.put(tenant_id, [picture.data])
    return Prepared(stored.sha256, stored.size_bytes, picture.media_type, picture.width, picture.height)


def add_photo(uow: UnitOfWork, stock_item_id: int, prepared: Prepared) -> Photo:
    """Append a prepared photo. Raises NotFound, Invalid TOO_MANY_PHOTOS, Conflict SAME_PHOTO."""
    last = _room_after(uow, stock_item_id)
    _refuse_same(uow, stock_item_id, prepared.sha256)
    photo = Photo(
        stock_item_id=stock_item_id,
        position=last + 1,
        sha256=prepared.sha256,
        media_type=prepared.media_type,
        size_bytes=prepared.size_bytes,
        width=prepared.width,
        height=prepared.height,
        added_at=uow.at,
        added_by=uow.actor.label,
    )
    uow.session.add(photo)
    uow.session.flush()
    _record(uow, "photo.add", stock_item_id, after={"photo": photo.id})
    return photo


def _record(uow: UnitOfWork, action: str, stock_item_id: int, **change: Any) -> None:
    record(uow, action, "stock_item", stock_item_id, get_item(uow, stock_item_id).it_code, **change)


def _lock(uow: UnitOfWork, stock_item_id: int) -> None:
    """Nobody else adds or moves the item's photos until the end of the transaction. Raises NotFound."""
    get_item(uow, stock_item_id)
    uow.session.execute(sa.select(StockItem.id).where(StockItem.id == stock_item_id).with_for_update())


def _refuse_same(uow: UnitOfWork, stock_item_id: int, sha256: str) -> None:
    """The same picture, byte for byte, is not put there twice; the item is locked."""
    shown = [photo.sha256 for photo in photos_of(uow.session, stock_item_id)]
    if sha256 in shown:
        raise Conflict(
            "SAME_PHOTO", f"同じ写真がもう入っています（{shown.index(sha256) + 1}枚目）。", remedy="追加しませんでした。"
        )  # fmt: skip


def _room_after(uow: UnitOfWork, stock_item_id: int) -> int:
    """Lock the item's photos for one more; the position of the last, -1 without any. Raises NotFound, TOO_MANY_PHOTOS."""
    _lock(uow, stock_item_id)
    count, last = uow.session.execute(
        sa.select(sa.func.count(Photo.id), sa.func.coalesce(sa.func.max(Photo.position), -1)).where(
            Photo.stock_item_id == stock_item_id, Photo.deleted_at.is_(None)
        )
    ).one()
    if count >= MAX_PHOTOS:
        raise Invalid(
            "TOO_MANY_PHOTOS",
            f"写真は{MAX_PHOTOS}枚までです。",
            remedy="いらない写真を消してから追加してください。",
        )
    return int(last)


def delete_photo(uow: UnitOfWork, photo_id: int) -> None:
    """Hide the photo; `restore_photo` brings it back. Listings made with it keep it. Raises NotFound."""
    photo = get(uow.session, photo_id)
    deleted = uow.execute_one(
        sa.update(Photo).where(Photo.id == photo_id, Photo.deleted_at.is_(None)).values(deleted_at=uow.at)
    )
    if deleted:
        _record(uow, "photo.delete", photo.stock_item_id, before={"photo": photo_id})


def restore_photo(uow: UnitOfWork, photo_id: int) -> None:
    """Raises NotFound; Invalid TOO_MANY_PHOTOS or Conflict SAME_PHOTO: others may have been added meanwhile."""
    photo = get(uow.session, photo_id)
    if photo.deleted_at is None:
        return
    _room_after(uow, photo.stock_item_id)
    _refuse_same(uow, photo.stock_item_id, photo.sha256)
    restored = uow.execute_one(
        sa.update(Photo).where(Photo.id == photo_id, Photo.deleted_at.is_not(None)).values(deleted_at=None)
    )
    if restored:
        _record(uow, "photo.restore", photo.stock_item_id, after={"photo": photo_id})


def reorder(uow: UnitOfWork, stock_item_id: int, photo_ids: list[int]) -> None:
    """Put the item's photos into this order; ids that are not its photos are ignored. Raises NotFound."""
    _lock(uow, stock_item_id)
    before = [photo.id for photo in photos_of(uow.session, stock_item_id)]
    for position, photo_id in enumerate(photo_ids):
        uow.execute_one(
            sa.update(Photo)
            .where(Photo.id == photo_id, Photo.stock_item_id == stock_item_id)
            .values(position=position)
        )
    uow.session.expire_all()
    after = [photo.id for photo in photos_of(uow.session, stock_item_id)]
    if after != before:
        _record(uow, "photo.order", stock_item_id, before={"photos": before}, after={"photos": after})


def replace_picture(uow: UnitOfWork, photo_id: int, old_sha256: str, prepared: Prepared) -> bool:
    """Show the turned picture instead of `old_sha256`; its copies are made anew when they are needed.

    False when someone turned it in the meantime.
    """
    replaced = uow.execute_one(
        sa.update(Photo)
        .where(Photo.id == photo_id, Photo.sha256 == old_sha256)
        .values(
            sha256=prepared.sha256,
            size_bytes=prepared.size_bytes,
            width=prepared.width,
            height=prepared.height,
        )
    )
    if replaced:
        uow.session.execute(
            sa.delete(DerivedPhoto).where(DerivedPhoto.photo_id == photo_id),
            execution_options={"synchronize_session": False},
        )
        _record(uow, "photo.turn", get(uow.session, photo_id).stock_item_id, after={"photo": photo_id})
    return replaced


def photos_of(session: Session, stock_item_id: int) -> list[Photo]:
    return list(
        session.scalars(
            sa.select(Photo)
            .where(Photo.stock_item_id == stock_item_id, Photo.deleted_at.is_(None))
            .order_by(Photo.position, Photo.id)
        )
    )


def get(session: Session, photo_id: int) -> Photo:
    """Raises NotFound."""
    photo = session.scalars(sa.select(Photo).where(Photo.id == photo_id)).one_or_none()
    if photo is None:
        raise NotFound("NO_SUCH_PHOTO", "この写真は見つかりません。", remedy="画面を再読み込みしてください。")
    return photo


def copy_facts(
    session: Session, stock_item_ids: Sequence[int], spec_name: str | None
) -> dict[int, list[PhotoFact]]:
    """By item the photos as a marketplace would get them: our copies are JPEG and within its size limit by construction. None
    where it takes no photos.
    """
    facts: dict[int, list[PhotoFact]] = {}
    if spec_name is None:
        return facts
    most = copy_spec(spec_name).max_bytes
    rows = session.execute(
        sa.select(Photo.stock_item_id, Photo.size_bytes)
        .where(Photo.stock_item_id.in_(stock_item_ids), Photo.deleted_at.is_(None))
        .order_by(Photo.position, Photo.id)
    )
    for row in rows:
        facts.setdefault(row.stock_item_id, []).append(PhotoFact(COPY_TYPE, min(row.size_bytes, most)))
    return facts


def make_copy(blobs: BlobStore, tenant_id: int, sha256: str, spec_name: str) -> tuple[str, int]:
    """Derive the copy of an original under a spec of photo_limits.json: (sha256, bytes). No transaction is needed."""
    with blobs.open(tenant_id, sha256) as file:
        stored = blobs.put(tenant_id, [derive(file, copy_spec(spec_name))])
    return stored.sha256, stored.size_bytes


def known_copy(session: Session, photo_id: int, spec_name: str) -> tuple[str, int] | None:
    row = session.execute(
        sa.select(DerivedPhoto.sha256, DerivedPhoto.size_bytes).where(
            DerivedPhoto.photo_id == photo_id, DerivedPhoto.spec == copy_spec(spec_name).key
        )
    ).one_or_none()
    return (row.sha256, row.size_bytes) if row else None


def keep_copy(
    uow: UnitOfWork, photo_id: int, original: str, spec_name: str, sha256: str, size_bytes: int
) -> None:
    """Remember the copy of `original` (a sha256); nothing when the photo was turned meanwhile, or for a repeat."""
    is_current = uow.session.execute(
        sa.select(Photo.id).where(Photo.id == photo_id, Photo.sha256 == original).with_for_update()
    ).one_or_none()
    if is_current is None:
        return
    values = {"tenant_id": uow.tenant_id, "photo_id": photo_id, "spec": copy_spec(spec_name).key, "sha256": sha256,
              "size_bytes": size_bytes}  # fmt: skip
    statement = upsert(uow.session, DerivedPhoto).values(**values)
    key = ["tenant_id", "photo_id", "spec"]
    uow.session.execute(
        statement.on_conflict_do_update(index_elements=key, set_={"sha256": sha256, "size_bytes": size_bytes})
    )
