"""Background work of listings: packing upload files."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

from recore.channels.base import store_tool
from recore.listings import batches
from recore.listings.models import UploadBatch
from recore.photos.service import keep_copy, make_copy
from recore.platform.db import UnitOfWork, db, unit_of_work
from recore.platform.errors import Invalid
from recore.platform.jobs import JobRun
from recore.wiring import Services

PROGRESS_SECONDS = 0.3


def register(wired: Services) -> None:
    wired.jobs.add(
        batches.BUILD, lambda run: build_batch(wired, run), "出品ファイルの作成", given_up=give_up_batch
    )


def build_batch(wired: Services, run: JobRun) -> None:
    """Pack one file: missing photo copies first, then the zip, then READY with its listings in one commit.

    Killed half-way it is run again from the start; a file that is READY is left alone.
    """
    batch_id = run.payload["batch_id"]
    parcel = _parcel(wired, batch_id)
    if parcel is not None and _make_missing_copies(wired, run, parcel):
        parcel = _parcel(wired, batch_id)
    if parcel is None:
        return
    items = batches.file_items(parcel, wired.blobs, run.tenant_id)
    channel = store_tool(wired.channels[parcel.channel])
    chunks = channel.write_file(parcel.profile, items, progress=_Progress(run, batch_id))
    try:
        stored = wired.blobs.put(run.tenant_id, chunks)
    except (
        UnicodeEncodeError,
        ValueError,
    ) as error:  # what validation should have refused: trying again is no use
        raise Invalid("FILE_VALUE", f"ファイルにできない値があります：{error}") from error
    with unit_of_work(run.actor) as uow:
        batches.finish_batch(uow, batch_id, stored.sha256, stored.size_bytes)


def _parcel(wired: Services, batch_id: int) -> batches.Parcel | None:
    parcel = batches.parcel(db.session(), wired.channels, batch_id)
    db.session.rollback()
    return parcel


def _make_missing_copies(wired: Services, run: JobRun, parcel: batches.Parcel) -> bool:
    """Derive and keep the copies that the file still lacks; whether there were any."""
    missing = {
        photo_id: original
        for _, _, photos in parcel.rows
        for photo_id, original, copy, _ in photos
        if copy is None or not wired.blobs.exists(run.tenant_id, copy)
    }
    spec = store_tool(wired.channels[parcel.channel]).photo_spec
    for photo_id, original in missing.items():
        sha256, size = make_copy(wired.blobs, run.tenant_id, original, spec)
        run.heartbeat()
        with unit_of_work(run.actor) as uow:
            keep_copy(uow, photo_id, original, spec, sha256, size)
    return bool(missing)


class _Progress:
    """Keeps the lease and shows how far the file is, a few times a second at most."""

    def __init__(self, run: JobRun, batch_id: int) -> None:
        self._run, self._batch_id = run, batch_id
        self._next = 0.0

    def __call__(self, done: int) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + PROGRESS_SECONDS
        self._run.heartbeat()
        with unit_of_work(self._run.actor) as uow:
            uow.execute_one(
                sa.update(UploadBatch).where(UploadBatch.id == self._batch_id).values(done_count=done)
            )


def give_up_batch(uow: UnitOfWork, payload: dict[str, Any], why: str) -> None:
    """The listings wait again without a file, and the list of files says why."""
    batches.fail_batch(uow, payload["batch_id"], why)
