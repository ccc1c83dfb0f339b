"""マーケットプレイス: the shop's stores, what its forms are filled with, and how the connection is (R3, R28)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.accounts import queries, service, store_key
from recore.accounts.contact import next_pulls
from recore.accounts.health import blind_accounts, blind_since
from recore.accounts.models import MarketplaceAccount
from recore.accounts.page_addresses import addresses_of, known_pages
from recore.channels.base import Channel, FormDefinition
from recore.platform import clock
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Invalid, RecoreError
from recore.web.access import current_actor, may, permission
from recore.web.channel_forms import read_values
from recore.web.forms import problems_by_field
from recore.wiring import services

bp = Blueprint("accounts", __name__, url_prefix="/settings/accounts", template_folder="templates")


@bp.app_context_processor
def _banner() -> dict[str, object]:
    """What base.html shouts about on every page, and what `_contact.html` says (R28)."""
    return {
        "marketplace_accounts": lambda: queries.accounts(db.session()) if may("staff.manage") else [],
        "blind_accounts": lambda: blind_accounts(db.session(), clock.now()) if may("ec.read") else [],
        "next_pulls": lambda: next_pulls(db.session(), clock.now()),
        "is_by_api": lambda account: _channel(account).lists_by_api,
    }


@bp.get("")
@permission("settings.manage")
def index() -> str:
    return _index_page()


def _index_page(error: RecoreError | None = None) -> str:
    accounts = queries.accounts(db.session())
    return render_template(
        "accounts/index.html",
        accounts=accounts,
        blind_of={account.id: blind_since(account) for account in accounts},
        channels=services().channels,
        error=error,
        problems=problems_by_field(error),
        form=request.form,
    )


@bp.post("")
@permission("settings.manage")
def add() -> tuple[str, int] | Response:
    form = request.form
    channel = services().channels.get(form.get("channel", ""))
    try:
        if channel is None:
            raise Invalid("NOT_CHOSEN", "マーケットプレイスを選んでください。", field="channel")
        only = next(iter(channel.profiles)) if len(channel.profiles) == 1 else None
        with unit_of_work(current_actor()) as uow:
            account_id = service.add_account(
                uow, channel, only or form.get("profile", ""), form.get("name", ""), form.get("store_id", "")
            )
    except RecoreError as error:
        return _index_page(error), error.status
    flash("追加しました。続けて、この画面の設定を入れてください。", "success")
    return redirect(url_for(".show", account_id=account_id))


@bp.get("/<int:account_id>")
@permission("settings.manage")
def show(account_id: int) -> str:
    account = queries.account(db.session(), account_id)
    return _show_page(account, _stored(account))


def _show_page(
    account: MarketplaceAccount, form: service.AccountForm, error: RecoreError | None = None
) -> str:
    api, link = services().order_apis.get(account.channel), queries.api_link(db.session(), account.id)
    if api is not None and not api.by_consent:
        api = None  # its keys have a section of their own
    is_usable = api is not None and account.profile in api.profiles
    return render_template(
        "accounts/show.html",
        marketplace=account,
        api=api if is_usable or (link and link.linked_at) else None,
        link=link,
        is_usable=is_usable,
        has_client=account.credentials is not None,
        key_version=store_key.version(db.session(), services().keyring, account.id) if is_usable else "",
        blind=blind_since(account),
        channel=_channel(account),
        definition=_definition(account),
        known_pages=known_pages(account.channel, account.profile),
        form=form,
        error=error,
        problems=problems_by_field(error),
    )


@bp.post("/<int:account_id>")
@permission("settings.manage")
def change(account_id: int) -> tuple[str, int] | Response:
    account = queries.account(db.session(), account_id)
    form, channel = _typed(account), _channel(account)
    try:
        with unit_of_work(current_actor()) as uow:
            service.change_account(uow, channel, account_id, form)
    except RecoreError as error:
        return _show_page(queries.account(db.session(), account_id), form, error), error.status
    flash("保存しました。これから入力する出品フォームに、この値が入ります。", "success")
    return redirect(url_for(".show", account_id=account_id))


@bp.post("/<int:account_id>/<any(enable, disable):action>")
@permission("settings.manage")
def enable(account_id: int, action: str) -> Response:
    with unit_of_work(current_actor()) as uow:
        service.enable_account(uow, account_id, is_enabled=action == "enable")
    flash(
        "有効にしました。" if action == "enable" else "停止しました。出品と同期の対象から外れます。",
        "success",
    )
    return redirect(url_for(".show", account_id=account_id))


def _channel(account: MarketplaceAccount) -> Channel:
    return services().channels[account.channel]


def _definition(account: MarketplaceAccount) -> FormDefinition:
    return _channel(account).form(account.profile)


def _stored(account: MarketplaceAccount) -> service.AccountForm:
    return service.AccountForm(
        name=account.name,
        profile=account.profile,
        store_id=account.store_id,
        defaults=account.options.get("defaults", {}),
        saved_choices=account.options.get("saved_choices", {}),
        addresses=addresses_of(account),
    )


def _typed(account: MarketplaceAccount) -> service.AccountForm:
    definition = _definition(account)
    return service.AccountForm(
        name=request.form.get("name", ""),
        profile=request.form.get("profile", account.profile),
        store_id=request.form.get("store_id", ""),
        defaults=read_values(definition.shop_defaults()),
        saved_choices={
            key: [line.strip() for line in request.form.get(f"saved-{key}", "").splitlines() if line.strip()]
            for key in definition.saved_lists()
        },
        addresses={
            page.phase: request.form.get(f"address-{page.phase}", "")
            for page in known_pages(account.channel, account.profile)
        },
    )
