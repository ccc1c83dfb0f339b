"""公式APIの鍵: entering them, trying them out, and taking them away (R3)."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from recore.accounts import access, api_keys, credentials, linking, queries
from recore.accounts.api_keys import Counter
from recore.accounts.link_pages import said
from recore.accounts.linking import Reach
from recore.accounts.models import MarketplaceAccount
from recore.channels.offer_api import OfferApi, Operation
from recore.channels.order_api import OrderOperation
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Conflict, RecoreError
from recore.web.access import current_actor, permission
from recore.wiring import services

bp = Blueprint("api_keys", __name__, url_prefix="/settings/accounts", template_folder="templates")


@bp.get("/<int:account_id>/keys")
@permission("settings.manage")
def section(account_id: int) -> str:
    """The part of an account's page that is about its keys; nothing where it needs none."""
    session = db.session()
    account = queries.account(session, account_id)
    api = services().offer_apis.get(account.channel)
    if api is None:
        return ""
    return render_template(
        "accounts/_api_keys.html",
        marketplace=account,
        api=api,
        link=queries.api_link(session, account_id),
        pulls_orders=account.channel in services().order_apis,
        has_keys=bool(credentials.read(session, services().keyring, account_id).get(access.REFRESH)),
    )


@bp.post("/<int:account_id>/keys")
@permission("settings.manage")
def save(account_id: int) -> Response:
    try:
        with unit_of_work(current_actor()) as uow:
            api = _api_of(queries.account(uow.session, account_id))
            api_keys.save_keys(uow, services().keyring, api, account_id, request.form)
    except RecoreError as error:
        return said(account_id, error)
    return said(account_id, "登録しました。続けて【接続テスト】を押してください。")


@bp.post("/<int:account_id>/keys/<any(try_out, forget):action>")
@permission("settings.manage")
def use(account_id: int, action: str) -> Response:
    try:
        message = _try_out(account_id) if action == "try_out" else _forget(account_id)
    except RecoreError as error:
        return said(account_id, error)
    return said(account_id, message)


def _try_out(account_id: int) -> str:
    account = queries.account(db.session(), account_id)
    api, channel, seller_id = _api_of(account), account.channel, account.store_id
    db.session.rollback()  # nothing is held while the marketplace is asked
    counter = Counter(current_actor(), services().keyring, api)
    api_keys.ask(counter, account_id, seller_id, Operation.LOOK, api.try_out)
    told = f"つながりました。{api.label}に、出品者ID「{seller_id}」として出品できます。"
    orders = services().order_apis.get(channel)
    if orders is None:
        return told
    reach = Reach(current_actor(), services().keyring, orders)
    return told + linking.with_access(
        reach, account_id, OrderOperation.ORDER, lambda access: orders.try_out(access, seller_id)
    )


def _forget(account_id: int) -> str:
    with unit_of_work(current_actor()) as uow:
        linking.unlink(uow, services().keyring, account_id)
    return "鍵を消しました。出品と数量の送信、受注の取り込みは止まります。"


def _api_of(account: MarketplaceAccount) -> OfferApi:
    api = services().offer_apis.get(account.channel)
    if api is None:
        raise Conflict(
            "NO_API", f"「{account.name}」は、鍵を使うマーケットプレイスではありません。", item=account.name,
            remedy="マーケットプレイスの一覧から選び直してください。",
        )  # fmt: skip
    return api
