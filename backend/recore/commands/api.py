"""The extension's part of commands: what it is to do on the marketplace's pages (docs/developers/extension-api.md)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, jsonify
from werkzeug.wrappers import Response

from recore.channels.base import PageReader
from recore.commands import service
from recore.commands.models import MarketplaceCommand
from recore.commands.rules import Seen
from recore.platform.db import UnitOfWork, db, unit_of_work
from recore.web.access import current_actor, device_only
from recore.web.api_bodies import body_of
from recore.web.security import csrf
from recore.wiring import services

bp = Blueprint("commands_api", __name__, url_prefix="/api/ext/v1")
csrf.exempt(bp)


@bp.post("/accounts/<int:account_id>/commands")
@device_only
def claim(account_id: int) -> Response:
    with unit_of_work(current_actor()) as uow:
        command = service.claim(uow, account_id)
        answer = None if command is None else _command(command)
    return jsonify({"command": answer})


@bp.get("/commands/<int:command_id>")
@device_only
def show(command_id: int) -> Response:
    return jsonify(_command(service.get(db.session(), command_id, g.device.id)))


@bp.post("/commands/<int:command_id>/sending")
@device_only
def begin_sending(command_id: int) -> Response:
    body = body_of("command_sending_request")
    with unit_of_work(current_actor()) as uow:
        reader = _reader(uow, command_id)
        answer = _command(service.begin_sending(uow, reader, command_id, body["nonce"], Seen(**body["seen"])))
    return jsonify(answer)


@bp.post("/commands/<int:command_id>/seen")
@device_only
def note_seen(command_id: int) -> Response:
    seen = Seen(**body_of("command_seen"))
    with unit_of_work(current_actor()) as uow:
        answer = _command(service.note_seen(uow, _reader(uow, command_id), command_id, seen))
    return jsonify(answer)


@bp.post("/commands/<int:command_id>/outcome")
@device_only
def conclude(command_id: int) -> Response:
    body = body_of("command_outcome_request")
    conclude_as = service.refuse if body["kind"] == "refused" else service.not_taken
    with unit_of_work(current_actor()) as uow:
        answer = _command(conclude_as(uow, command_id, body["message"], body.get("nonce")))
    return jsonify(answer)


@bp.post("/commands/<int:command_id>/give-back")
@device_only
def give_back(command_id: int) -> Response:
    code = body_of("command_give_back_request")["code"]
    with unit_of_work(current_actor()) as uow:
        answer = _command(service.give_back(uow, command_id, code))
    return jsonify(answer)


def _reader(uow: UnitOfWork, command_id: int) -> PageReader:
    return service.reader_of(
        uow.session, services().channels, service.get(uow.session, command_id, g.device.id)
    )


def _command(command: MarketplaceCommand) -> dict[str, Any]:
    return {
        "id": command.id,
        "account_id": command.account_id,
        "kind": command.kind.lower(),
        "state": command.state.lower(),
        "key": command.key,
        "label": command.label,
        "carrier": command.payload.get("carrier") or None,
        "tracking_number": command.payload.get("tracking_number") or None,
        "reason": command.reason,
    }
