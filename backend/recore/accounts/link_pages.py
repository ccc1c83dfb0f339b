"""受注API: letting this program in at the marketplace, trying the link out, and switching it (R24).

The way to the marketplace is a page, not a redirect: the Content-Security-Policy lets our forms end only here. The way back is
a GET, which writes nothing, so it ends in one more button.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from recore.accounts import linking, queries, store_key
from recore.accounts.linking import Reach
from recore.accounts.models import MarketplaceAccount
from recore.channels.order_api import ConsentApi, OrderOperation, consent_api
from recore.platform.crypto import same_token
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Conflict, NotFound, RecoreError
from recore.web.access import current_actor, permission
from recore.wiring import services

bp = Blueprint("api_links", __name__, url_prefix="/settings/accounts", template_folder="templates")

ASKED = "api_link"
NOT_OURS = "この許可は、このブラウザから始めたものではないか、すでに使われています。マーケットプレイスの設定から【連携する】を押してください。"


@bp.post("/<int:account_id>/api/client")
@permission("settings.manage")
def save_client(account_id: int) -> Response:
    typed = request.form.get("client_id", ""), request.form.get("client_secret", "")
    try:
        with unit_of_work(current_actor()) as uow:
            _api_of(queries.account(uow.session, account_id))
            linking.save_client(uow, services().keyring, account_id, *typed)
    except RecoreError as error:
        return said(account_id, error)
    return said(account_id, "登録しました。続けて【連携する】を押してください。")


@bp.post("/<int:account_id>/api/key")
@permission("settings.manage")
def save_key(account_id: int) -> Response:
    try:
        with unit_of_work(current_actor()) as uow:
            api = _api_of(queries.account(uow.session, account_id))
            store_key.save(uow, services().keyring, api, account_id, request.form)
    except RecoreError as error:
        return said(account_id, error)
    return said(account_id, "公開鍵を登録しました。【接続を確かめる】を押すと、使えるかどうかが分かります。")


@bp.post("/<int:account_id>/api/consent")
@permission("settings.manage")
def ask(account_id: int) -> str | Response:
    try:
        with unit_of_work(current_actor()) as uow:
            api = _api_of(queries.account(uow.session, account_id))
            back = url_for(".consented", _external=True)
            state, url = linking.ask_consent(uow, services().keyring, api, account_id, back)
    except RecoreError as error:
        return said(account_id, error)
    session[ASKED] = {"account_id": account_id, "state": state}
    marketplace = queries.account(db.session(), account_id)
    return render_template("accounts/link_go.html", marketplace=marketplace, api=api, url=url)


@bp.get("/consented")
@permission("settings.manage")
def consented() -> str:
    """The marketplace sends the person back here."""
    state, code = request.args.get("state", ""), request.args.get("code", "")
    account_id = _asked(state)
    if account_id is None:
        return render_template("accounts/link_back.html", marketplace=None, refusal=NOT_OURS)
    marketplace = queries.account(db.session(), account_id)
    refusal = None if code else "許可されなかったため、連携していません。"
    return render_template(
        "accounts/link_back.html", marketplace=marketplace, refusal=refusal, code=code, state=state
    )


@bp.post("/consented")
@permission("settings.manage")
def finish() -> Response:
    account_id = _asked(request.form.get("state", ""))
    if account_id is None:
        flash(NOT_OURS, "danger")
        return redirect(url_for("accounts.index"))
    session.pop(ASKED)
    try:
        reach = _reach(account_id)
        linking.finish_consent(reach, account_id, request.form["state"], request.form.get("code", ""))
    except RecoreError as error:
        return said(account_id, error)
    return said(account_id, "連携しました。受注の取り込みを始めます。")


@bp.post("/<int:account_id>/api/try")
@permission("settings.manage")
def try_out(account_id: int) -> Response:
    """Ask for what changed within a day, and say in plain words how that went."""
    try:
        reach, store_id = _reach(account_id), queries.account(db.session(), account_id).store_id
        db.session.rollback()
        api = consent_api(reach.api)
        try:
            found = linking.with_access(
                reach, account_id, OrderOperation.LIST, lambda access: api.try_out(access, store_id)
            )
        finally:
            with unit_of_work(current_actor()) as uow:
                store_key.note_heard(uow, api, account_id)
    except RecoreError as error:
        return said(account_id, error)
    of_the_key = ""
    if api.key_heard is not None:
        of_the_key = api.key_heard.problem or "公開鍵も使えています。"
    return said(account_id, f"つながりました。{found}{of_the_key}")


@bp.post("/<int:account_id>/api/<any(pull, on, off, unlink, forget_key):action>")
@permission("settings.manage")
def change(account_id: int, action: str) -> Response:
    try:
        with unit_of_work(current_actor()) as uow:
            account = queries.account(uow.session, account_id)
            if action == "forget_key":
                store_key.forget(uow, services().keyring, _api_of(account), account_id)
            elif action == "pull":
                linking.pull_soon(uow, account_id)
            elif action == "unlink":
                linking.unlink(uow, services().keyring, account_id)
            else:
                linking.switch(uow, account_id, is_on=action == "on")
    except RecoreError as error:
        return said(account_id, error)
    return said(
        account_id,
        {
            "pull": "取り込みを始めます。",
            "on": "受注APIでの取り込みを始めます。",
            "off": "受注APIでの取り込みを止めました。受注は、拡張機能の同期で取り込んでください。",
            "unlink": "連携を解除し、Client IDとシークレット、公開鍵を消しました。",
            "forget_key": "公開鍵を消しました。",
        }[action],
    )


def _asked(state: str) -> int | None:
    """The account for which this browser's session asked with `state`."""
    asked = session.get(ASKED)
    return asked["account_id"] if asked and same_token(asked["state"], state) else None


def _reach(account_id: int) -> Reach:
    """For a call: nothing is held open. Raises NotFound, Conflict NO_API."""
    account, keyring = queries.account(db.session(), account_id), services().keyring
    api = store_key.with_its_key(db.session(), keyring, _api_of(account), account)
    reach = Reach(current_actor(), keyring, api)
    db.session.rollback()
    return reach


def _api_of(account: MarketplaceAccount) -> ConsentApi:
    api = services().order_apis.get(account.channel)
    if api is None or account.profile not in api.profiles:
        raise Conflict(
            "NO_API", f"「{account.name}」のストアツールでは、受注APIを使えません。", item=account.name
        )
    return consent_api(api)


def said(account_id: int, what: str | RecoreError) -> Response:
    """Back at the top of the account's page, where it is said. What names no account of this tenant is no page at all."""
    if isinstance(what, NotFound):
        raise what
    if isinstance(what, RecoreError):
        problems = "".join(f"{each.message}{each.remedy or ''}" for each in getattr(what, "problems", []))
        flash(f"{what.message}{problems}{what.remedy or ''}", "danger")
    else:
        flash(what, "success")
    return redirect(url_for("accounts.show", account_id=account_id))
