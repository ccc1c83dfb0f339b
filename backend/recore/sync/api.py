"""The extension's API: pairing, context and sync runs (docs/developers/extension-api.md)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from flask_cors import CORS

from recore.accounts import contact
from recore.accounts.models import MarketplaceAccount
from recore.accounts.page_addresses import addresses_of
from recore.commands.queries import waiting_counts
from recore.identity import pairing
from recore.identity.settings import setting
from recore.platform import clock
from recore.platform.actor import Actor, ActorKind
from recore.platform.clock import from_wire, to_wire
from recore.platform.db import again_after_deadlock, db, unit_of_work
from recore.platform.errors import Denied
from recore.shared_schemas import load
from recore.sync import queries, service
from recore.sync.queries import Running
from recore.sync.rules import Phase
from recore.web.access import current_actor, device_only, may, public
from recore.web.api_bodies import body_of, idempotency_key
from recore.web.security import csrf
from recore.wiring import services

PREFIX = "/api/ext/v1"
CHANNEL = "yahoo_auction"  # the one marketplace that is read in the browser
POLL_SECONDS = 3

bp = Blueprint("sync_api", __name__, url_prefix=PREFIX)
csrf.exempt(bp)  # device tokens; the pairing routes check the Origin


def extension_origin() -> str:
    return f"chrome-extension://{load('extension.json')['id']}"


def install(app: Flask) -> None:
    """CORS for the known extension only; preflights are answered before anybody is asked for a token."""
    app.before_request(_answer_preflight)
    CORS(
        app,
        resources={rf"{PREFIX}/*": {"origins": [extension_origin()]}},
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
        supports_credentials=True,
        max_age=600,
    )


def _answer_preflight() -> Response | None:
    is_preflight = request.method == "OPTIONS" and request.path.startswith(f"{PREFIX}/")
    return current_app.make_default_options_response() if is_preflight and request.endpoint else None


# --- pairing -----------------------------------------------------------------------------------------------------


def _require_extension() -> None:
    """A web page cannot forge its Origin: only the extension may pair, so a session cookie is not ridden by others."""
    if request.headers.get("Origin") != extension_origin():
        raise Denied(
            "WRONG_ORIGIN",
            "この操作は拡張機能からだけできます。",
            remedy="拡張機能のオプションから接続してください。",
        )


@bp.post("/pairings")
@public
def start_pairing() -> tuple[Response, int]:
    """Paired at once when the browser is logged in with the permission, else a code for a person to approve."""
    _require_extension()
    body = body_of("pairing_request")
    name, version = body["device_name"], body["extension_version"]
    if may("device.pair"):
        actor = current_actor()
        with unit_of_work(actor) as uow:
            device, token = pairing.pair_now(uow, name, version, actor.label, actor.account_id)
            answer = _paired(device.id, token)
        return jsonify(answer), 201
    with unit_of_work(_newcomer(name)) as uow:
        device_code, user_code, _ = pairing.start_pairing(uow, name, version)
    answer = {
        "status": "pending",
        "device_code": device_code,
        "user_code": user_code,
        "verification_uri": f"{request.host_url}pair?code={user_code}",
        "interval": POLL_SECONDS,
        "expires_in": int(pairing.LIFE.total_seconds()),
    }
    return jsonify(answer), 201


@bp.post("/pairings/poll")
@public
def poll_pairing() -> Response:
    _require_extension()
    code = body_of("pairing_poll_request")["device_code"]
    with unit_of_work(_newcomer("拡張機能")) as uow:
        poll = pairing.poll_pairing(uow, code)
        answer: dict[str, Any] = {"status": str(poll.status)}
        if poll.device is not None and poll.token is not None:
            answer = _paired(poll.device.id, poll.token)
    return jsonify(answer)


def _newcomer(name: str) -> Actor:
    return Actor(ActorKind.DEVICE, None, name)


def _paired(device_id: int, token: str) -> dict[str, Any]:
    return {"status": "paired", "device_token": token, "device_id": device_id, "tenant_name": g.tenant_name}


@bp.delete("/device")
@device_only
def delete_device() -> tuple[str, int]:
    actor = current_actor()
    device_id = g.device.id
    with unit_of_work(actor) as uow:
        pairing.revoke_device(uow, device_id)
    return "", 204


# --- context -----------------------------------------------------------------------------------------------------


@bp.get("/context")
@device_only
def context() -> Response:
    session, at = db.session(), clock.now()
    queued, runs = queries.queued_counts(session), queries.running(session, at)
    commands = waiting_counts(session, at)
    body = {
        "tenant": {"name": g.tenant_name, "origin": request.host_url.rstrip("/")},
        "device": {"id": g.device.id, "name": g.device.name[:100]},
        "server_time": to_wire(at),
        "orders_waiting": queries.orders_waiting(session),
        "pacing": {"min_interval_ms": setting(session, "yahoo.pacing_ms")},
        "disabled_contracts": load("yahoo_auction/disabled_contracts.json"),
        "accounts": [
            _account(account, queued.get(account.id, 0), runs.get(account.id))
            | {"commands_waiting": commands.get(account.id, 0)}
            for account in queries.accounts(session, CHANNEL)
        ],
    }
    return jsonify(body)


def _account(account: MarketplaceAccount, queued: int, run: Running | None) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "marketplace": account.channel,
        "profile": account.profile,
        "store_id": account.store_id,
        "enabled": account.is_enabled,
        "queued_count": queued,
        "page_addresses": addresses_of(account),
        "last_sync_at": to_wire(account.last_pull_at) if account.last_pull_at else None,
        "last_sync_device": account.last_pull_device and account.last_pull_device[:100],
        "running": run and {
            "run_id": run.run_id,
            "number": run.number,
            "device_name": run.device_name[:100],
            "mine": run.device_id == g.device.id,
        },
        "attention": [{"code": each["code"], "message": each["message"]} for each in account.attention or []],
    }  # fmt: skip


# --- runs --------------------------------------------------------------------------------------------------------


def _tools() -> service.Tools:
    wired = services()
    return service.Tools(wired.keyring, wired.channels)


@bp.post("/accounts/<int:account_id>/plan")
@device_only
def tell_plan(account_id: int) -> tuple[str, int]:
    next_at = body_of("plan_request")["next_at"]
    with unit_of_work(current_actor()) as uow:
        contact.tell_plan(uow, account_id, next_at and from_wire(next_at))
    return "", 204


@bp.post("/accounts/<int:account_id>/runs")
@device_only
def start_run(account_id: int) -> tuple[Response, int]:
    body, key = body_of("run_request"), idempotency_key()
    with unit_of_work(current_actor()) as uow:
        answer = service.start_run(
            uow, _tools(), account_id, key, request.get_data(), body["trigger"], body["sent_at"]
        )
    return jsonify(answer), 201


@bp.get("/runs/<int:run_id>/known/<any(selling, closed, won, numbered):phase>")
@device_only
def known(run_id: int, phase: str) -> Response:
    return jsonify({"rows": service.known(db.session(), _tools(), run_id, g.device.id, Phase(phase))})


@bp.post("/runs/<int:run_id>/pages")
@device_only
def post_page(run_id: int) -> Response:
    body = request.get_data(cache=False)

    def take() -> dict[str, Any]:
        with unit_of_work(current_actor()) as uow:
            return service.post_page(uow, _tools(), run_id, body)

    return jsonify(again_after_deadlock(take))


@bp.post("/runs/<int:run_id>/finish")
@device_only
def finish_run(run_id: int) -> Response:
    report = body_of("finish_request")

    def end() -> dict[str, Any]:
        with unit_of_work(current_actor()) as uow:
            return service.finish_run(uow, _tools(), run_id, request.get_data(), report)

    return jsonify(again_after_deadlock(end))
