"""Who may call which route. Every view says so; a view that says nothing is refused (and a test finds it).

@public                 anyone who reaches the tenant (login page, health)
@signed_in              any login of the tenant
@permission("ec.list")  a login whose policy allows the operation
@device_only            the extension, by its device token
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeVar
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from recore.identity.devices import device_for_token, note_seen, was_seen_long_ago
from recore.identity.models import Account, Policy, Staff, StaffStatus
from recore.identity.rules import OPERATIONS, Scope, allows, scope
from recore.identity.settings import setting
from recore.platform import clock
from recore.platform.actor import Actor, ActorKind
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Denied, DeniedHere, NotIdentified
from recore.platform.tenancy import system_scope, tenant_scope
from recore.platform.tenants import tenant_for_host

View = TypeVar("View", bound=Callable[..., object])

PUBLIC, SIGNED_IN, DEVICE = "public", "signed_in", "device"


def _declare(view: View, access: str) -> View:
    view.recore_access = access  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    return _declare(view, PUBLIC)


def signed_in(view: View) -> View:
    return _declare(view, SIGNED_IN)


def device_only(view: View) -> View:
    return _declare(view, DEVICE)


def permission(operation: str) -> Callable[[View], View]:
    if operation not in OPERATIONS:
        raise ValueError(f"no such operation: {operation}")
    return lambda view: _declare(view, operation)


def access_of(app: Flask, endpoint: str) -> str | None:
    """What the view of `endpoint` declares, None when it declares nothing."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return PUBLIC
    return getattr(app.view_functions[endpoint], "recore_access", None)


def install(app: Flask) -> None:
    app.before_request(_bind_tenant)
    app.before_request(_enforce)
    app.teardown_request(_unbind)


def _bind_tenant() -> None:
    g.scopes = ExitStack()
    if request.endpoint is None or request.endpoint == "static":
        return
    with system_scope():
        tenant = tenant_for_host(db.session(), request.host.rsplit(":", 1)[0])
        g.tenant_name, tenant_id = tenant.name, tenant.id
        db.session.rollback()
    g.scopes.enter_context(tenant_scope(tenant_id))
    g.tenant_id = tenant_id


def _unbind(error: BaseException | None) -> None:
    scopes: ExitStack | None = g.pop("scopes", None)
    if scopes is not None:
        db.session.remove()
        scopes.close()


def _enforce() -> Response | None:
    if request.endpoint is None:
        return None
    access = access_of(current_app, request.endpoint)
    if access is None:
        raise RuntimeError(f"the view {request.endpoint} does not say who may call it")
    if request.endpoint == "static":
        return None
    if access == DEVICE:
        _load_device()
        return None
    _load_account()
    if access == PUBLIC:
        return None
    if g.account is None:
        return _ask_to_log_in()
    if access != SIGNED_IN and not may(access):
        raise Denied(
            "NOT_ALLOWED",
            f"この画面・操作には「{OPERATIONS[access]}」の権限が必要です。",
            remedy="権限のあるアカウントでログインするか、店長に相談してください。",
        )
    return None


def _load_device() -> None:
    g.device = device_for_token(db.session(), request.headers.get("Authorization", ""))
    if request.method != "GET" and was_seen_long_ago(g.device, clock.now()):
        device_id, actor = g.device.id, current_actor()
        with unit_of_work(actor) as uow:
            note_seen(uow, device_id)


def _load_account() -> None:
    g.account, g.policy_rules, g.staff = None, {}, None
    if "account_id" not in session or session.get("tenant_id") != g.tenant_id:
        return
    row = db.session.execute(
        sa.select(Account, Policy.rules)
        .join(Policy, Policy.id == Account.policy_id)
        .where(Account.id == session["account_id"], Account.is_enabled)
    ).one_or_none()
    if row is None or row[0].session_version != session.get("session_version"):
        session.clear()
        return
    g.account, g.policy_rules = row
    if staff_id := session.get("staff_id"):
        g.staff = None if _was_left_alone() else _active_staff(staff_id)


def _active_staff(staff_id: int) -> Staff | None:
    return db.session.scalars(
        sa.select(Staff).where(Staff.id == staff_id, Staff.status == StaffStatus.ACTIVE)
    ).one_or_none()


def _was_left_alone() -> bool:
    """Whether nobody has opened or sent a page at this PC for longer than the shop lets staff stay chosen: nobody is, then."""
    now, last, minutes = int(clock.now().timestamp()), session.get("staff_at"), staff_idle_minutes()
    if minutes and last is not None and now - last > minutes * 60:
        session.pop("staff_id"), session.pop("staff_at")
        return True
    if "HX-Request" not in request.headers and (last is None or now - last >= 30):
        session["staff_at"] = now  # what the page asks by itself is no sign of life
    return False


def staff_idle_minutes() -> int:
    """After how many minutes the staff member chosen at a PC leaves it; 0: never."""
    return setting(db.session(), "staff.idle_minutes")


def _ask_to_log_in() -> Response:
    by_script = request.headers.get("HX-Request") or request.accept_mimetypes.best == "application/json"
    if by_script or (request.blueprint and request.blueprint.endswith("api")):
        raise NotIdentified(
            "LOGIN_REQUIRED", "ログインの有効期限が切れました。", remedy="もう一度ログインしてください。"
        )
    if request.method == "GET":
        return redirect(url_for("identity.login", next=request.full_path.rstrip("?")))
    flash(
        "ログインが切れていたため、まだ送られていません。ログインすると、入力した内容が画面に戻ります。",
        "warning",
    )
    sent_from = urlsplit(request.referrer or "")
    page = sent_from._replace(scheme="", netloc="").geturl() if sent_from.netloc == request.host else None
    return redirect(url_for("identity.login", next=page))


def may(operation: str, account_id: int | None = None) -> bool:
    """Whether the logged-in account's policy allows `operation` in its shop, on the marketplace account (None: on any); for
    templates too.
    """
    return bool(g.get("account")) and allows(
        g.policy_rules, operation, shop_id=g.account.shop_id, account_id=account_id
    )


def scope_of(operation: str) -> Scope:
    """The marketplace accounts on which the login may do it."""
    return scope(g.policy_rules, operation, shop_id=g.account.shop_id)


def require_on_account(operation: str, account_id: int, name: str) -> None:
    """For what a login does or sees on one marketplace account. Raises DeniedHere NOT_ALLOWED."""
    if not may(operation, account_id):
        raise DeniedHere(
            "NOT_ALLOWED", f"このログインには、「{name}」で「{OPERATIONS[operation]}」権限がありません。",
            remedy="権限のあるアカウントでログインするか、店長に相談してください。",
        )  # fmt: skip


def current_actor() -> Actor:
    """The actor of this request: the paired device, else the staff chosen at this PC, else the login."""
    if device := g.get("device"):
        return Actor(ActorKind.DEVICE, device.id, device.name)
    account: Account | None = g.get("account")
    if account is None:
        raise NotIdentified("LOGIN_REQUIRED", "ログインしてください。")
    if staff := g.get("staff"):
        return Actor(ActorKind.STAFF, staff.id, staff.name, account.id)
    return Actor(ActorKind.ACCOUNT, account.id, account.name, account.id)
