"""The extension's part of listings: upload files (docs/developers/extension-api.md)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, g, jsonify, request, url_for
from werkzeug.wrappers import Response

from recore.accounts import permits
from recore.accounts.queries import account
from recore.listings import batches, queries, uploads
from recore.listings.models import DirectUpload, UploadBatch
from recore.listings.rules import BatchState, ListingState, UploadState
from recore.platform import clock
from recore.platform.clock import to_wire
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Invalid, NotFound
from recore.platform.receipts import once
from recore.platform.tenancy import require_tenant
from recore.web.access import current_actor, device_only, public
from recore.web.api_bodies import body_of, idempotency_key
from recore.web.blobs import send_blob
from recore.web.security import csrf
from recore.wiring import services

bp = Blueprint("listings_api", __name__, url_prefix="/api/ext/v1")
csrf.exempt(bp)

LINK_LIFE = timedelta(minutes=5)
PURPOSE = "upload-file"


@bp.get("/accounts/<int:account_id>/batches")
@device_only
def list_batches(account_id: int) -> Response:
    page = queries.batches(db.session(), account(db.session(), account_id).id)
    return jsonify({"batches": [_batch(row) for row in page.rows]})


@bp.get("/batches/<int:batch_id>")
@device_only
def show_batch(batch_id: int) -> Response:
    return jsonify(_batch_by_id(batch_id))


@bp.post("/accounts/<int:account_id>/batches")
@device_only
def create(account_id: int) -> tuple[Response, int]:
    body = body_of("batch_request")
    rest_of = body["batch_id"] if body["source"] == "rest" else None

    with unit_of_work(current_actor()) as uow:

        def effect() -> dict[str, Any]:
            made = batches.create_batches(uow, services().channels, account_id, rest_of=rest_of)
            return {"batch_ids": made.batch_ids, "left_out": [vars(each) for each in made.left_out]}

        answer = once(uow, f"batches:{account_id}", idempotency_key(), request.get_data(), effect)
    if not answer["batch_ids"]:
        raise batches.nothing_to_do(answer["left_out"])
    made_batches = [_batch_by_id(batch_id) for batch_id in answer["batch_ids"]]
    return jsonify({"batches": made_batches, "left_out": answer["left_out"]}), 202


@bp.post("/batches/<int:batch_id>/downloads")
@device_only
def download(batch_id: int) -> tuple[Response, int]:
    body = body_of("download_request")
    with unit_of_work(current_actor()) as uow:
        permits.require(uow, "ec.list", batches.get_batch(uow.session, batch_id).account_id)
        batch = batches.record_download(uow, batch_id, confirm_whole=body["confirm_whole"])
        answer = _link(batch)
    return jsonify(answer), 201


def _link(batch: UploadBatch) -> dict[str, Any]:
    expires_at = clock.now() + LINK_LIFE
    token = services().keyring.sign(PURPOSE, {"tenant": require_tenant(), "batch": batch.id}, expires_at)
    return {
        "url": url_for(".file", signed=token, _external=True),
        "file_name": batch.file_name,
        "size_bytes": batch.size_bytes,
        "sha256": batch.blob_sha256,
        "expires_at": to_wire(expires_at),
    }


@bp.get("/files/<signed>")
@public
def file(signed: str) -> Response:
    """The stored zip; the signed link is its own permission, for five minutes and this file only."""
    payload = services().keyring.verify(PURPOSE, signed)
    if payload["tenant"] != require_tenant():
        raise NotFound("NO_SUCH_BATCH", "この出品ファイルは見つかりません。")
    batch = batches.get_batch(db.session(), payload["batch"])
    if batch.state is not BatchState.READY or batch.blob_sha256 is None:
        raise Invalid("NOT_READY", "この出品ファイルはまだできていません。", item=batch.file_name)
    response = send_blob(batch.blob_sha256, "application/zip", download_name=batch.file_name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


# --- direct upload -----------------------------------------------------------------------------------------------


@bp.post("/batches/<int:batch_id>/uploads")
@device_only
def claim(batch_id: int) -> tuple[Response, int]:
    with unit_of_work(current_actor()) as uow:
        answer = _upload(uploads.claim(uow, batch_id))
    return jsonify(answer), 201


@bp.get("/uploads/<int:upload_id>")
@device_only
def show_upload(upload_id: int) -> Response:
    return jsonify(_upload(uploads.get(db.session(), upload_id, g.device.id)))


@bp.post("/uploads/<int:upload_id>/sending")
@device_only
def begin_sending(upload_id: int) -> Response:
    nonce = body_of("sending_request")["nonce"]
    with unit_of_work(current_actor()) as uow:
        answer = _upload(uploads.begin_sending(uow, upload_id, nonce))
    return jsonify(answer)


@bp.post("/uploads/<int:upload_id>/outcome")
@device_only
def conclude(upload_id: int) -> Response:
    body = body_of("outcome_request")
    with unit_of_work(current_actor()) as uow:
        answer = _upload(uploads.conclude(uow, upload_id, body["kind"], body["message"], body["refused"]))
    return jsonify(answer)


@bp.post("/uploads/<int:upload_id>/cancel")
@device_only
def cancel(upload_id: int) -> Response:
    with unit_of_work(current_actor()) as uow:
        answer = _upload(uploads.cancel(uow, upload_id))
    return jsonify(answer)


@bp.post("/batches/<int:batch_id>/give-back")
@device_only
def give_back(batch_id: int) -> tuple[str, int]:
    with unit_of_work(current_actor()) as uow:
        batches.give_back(uow, batch_id)
    return "", 204


def _upload(upload: DirectUpload) -> dict[str, Any]:
    session = db.session()
    batch = batches.get_batch(session, upload.batch_id)
    risks = {each.listing_id: each.reason for each in batches.risks_of_whole(session, batch.id)}
    return {
        "id": upload.id,
        "batch_id": batch.id,
        "account_id": batch.account_id,
        "state": upload.state.lower(),
        "message": upload.message,
        "file": _link(batch) if upload.state in (UploadState.CLAIMED, UploadState.SENDING) else None,
        "items": [
            {
                "position": row.position,
                "management_number": row.management_number,
                "title": row.title,
                "state": row.state.lower(),
                "state_label": row.state.label,
                "reason": row.reason,
                "risk": risks.get(row.id) if row.state is ListingState.PROCESSING else None,
            }
            for row in uploads.items(session, batch.id)
        ],
    }


def _batch_by_id(batch_id: int) -> dict[str, Any]:
    session = db.session()
    batch = batches.get_batch(session, batch_id)
    page = queries.batches(session, batch.account_id, before=batch_id + 1)
    return _batch(page.rows[0])


def _batch(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "account_id": row.account_id,
        "file_name": row.file_name,
        "state": row.state.lower(),
        "progress": {"done": row.done_count, "total": row.item_count},
        "item_count": row.item_count,
        "listed_count": row.listed,
        "processing_count": row.processing,
        "failed_count": row.failed,
        "review_count": row.review,
        "created_at": to_wire(row.created_at),
        "created_by": row.created_by,
        "size_bytes": row.size_bytes,
        "sha256": row.blob_sha256,
        "last_downloaded_at": to_wire(row.last_downloaded_at) if row.last_downloaded_at else None,
        "error": row.error,
        "whole_needs_confirm": row.listed + row.failed > 0,
        "rest_count": row.failed,
    }
