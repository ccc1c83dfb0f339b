"""EC screens: 出品待ち, its forms, 出品リスト, 生成済みリスト."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from recore.categories.queries import has_tree, known, search, suggestions
from recore.channels.base import Channel, FormDefinition
from recore.identity.service import identify_staff, staff_actor
from recore.identity.settings import setting
from recore.listings import (
    batches,
    bulk,
    drafts,
    form_templates,
    offer_check,
    offer_pages,
    offers,
    queries,
    service,
    unsold,
)
from recore.listings import waiting as waiting_list
from recore.listings.forms import Form, enabled_accounts, forms_of, item_for_listing
from recore.listings.models import Listing
from recore.listings.on_pcs import on_pcs
from recore.listings.rules import ListingState
from recore.listings.waiting import wanted_of
from recore.photos import door as photo_door
from recore.photos import pages as photo_pages
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Conflict, NotFound, RecoreError
from recore.web.access import current_actor, permission, require_on_account
from recore.web.blobs import send_blob
from recore.web.channel_forms import MAX_TEXT, read_values
from recore.web.forms import cursor, row_ids
from recore.wiring import services

QUEUED_NEXT = "待機中にしました。次に拡張機能の【直接出品を実行】（またはファイルのダウンロード）で、ヤフオク!に送ります。"
SENT_BY_SERVER = "待機中にしました。サーバーが自動で送ります。出品リストで状態を確かめられます。"

bp = Blueprint("listings", __name__, url_prefix="/ec", template_folder="templates")


@bp.get("/drafts")
@permission("ec.read")
def waiting() -> str:
    session, channels, wanted = db.session(), services().channels, wanted_of(request.args)
    page = waiting_list.page(session, channels, wanted, before=request.args.get("before"))
    ids = [each.row.id for each in page.rows]
    return render_template(
        "listings/waiting.html",
        page=page,
        wanted=wanted,
        total=queries.waiting_count(session),
        orders=list(waiting_list.Order),
        states=list(waiting_list.Ready),
        accounts=enabled_accounts(session),
        templates=form_templates.templates(session),
        runs=bulk.unfinished(session),
        most=bulk.MOST,
        thumbnails=queries.first_photos(session, ids),
        refusals=queries.last_refusals(session, ids),
        came_back=unsold.among(session, ids),
        not_sent=queries.not_yet_sent(session),
    )


@bp.get("/drafts/<int:stock_item_id>")
@permission("ec.read")
def draft(stock_item_id: int) -> str:
    return _draft_page(stock_item_id)


def _draft_page(
    stock_item_id: int, refused: drafts.Refused | None = None, error: RecoreError | None = None
) -> str:
    session = db.session()
    item = item_for_listing(session, stock_item_id)
    forms = forms_of(session, services().channels, item)
    return render_template(
        "listings/draft.html",
        item=item,
        forms=forms,
        definitions={form.account.id: _definition(form) for form in forms},
        channels=services().channels,
        stock_item_id=stock_item_id,
        phone_links=photo_pages.live_links(stock_item_id),
        **photo_door.context(photo_pages.opened(stock_item_id)),
        offered=queries.open_listings_of(session, stock_item_id),
        refusal=queries.last_refusals(session, [stock_item_id]).get(stock_item_id),
        refused=refused,
        error=error,
        show_problems=refused is not None,
    )


def _definition(form: Form) -> FormDefinition:
    return services().channels[form.account.channel].form(form.account.profile)


@bp.get("/drafts/<int:stock_item_id>/accounts/<int:account_id>")
@permission("ec.read")
def saved(stock_item_id: int, account_id: int) -> Response:
    """What is saved, which an open form asks for every few seconds; only its version while that is still `version`."""
    session = db.session()
    _form(session, stock_item_id, account_id)
    now = drafts.draft_now(session, stock_item_id, account_id)
    is_known = str(now["version"]) == request.args.get("version")
    return jsonify({"version": now["version"]} if is_known else now)


@bp.post("/drafts/<int:stock_item_id>/accounts/<int:account_id>")
@permission("ec.edit")
def save(stock_item_id: int, account_id: int) -> Response:
    """Autosave: everything typed so far, incomplete or not; answers what is saved now and the problems as they stand."""
    form = _form(db.session(), stock_item_id, account_id)
    values, before = read_values(_definition(form).fields), form.values
    version = request.form.get("version", "0")
    with unit_of_work(current_actor()) as uow:
        drafts.save_draft(
            uow,
            stock_item_id,
            account_id,
            fields=values,
            is_ticked=request.form.get("is_ticked") == "1",
            version=next(iter(row_ids([version])), 0),
        )
        applied = form_templates.apply_automatic(uow, services().channels, stock_item_id, account_id, before)
        now = drafts.draft_now(uow.session, stock_item_id, account_id)
    problems = [
        {"field": each.field, "message": each.message, "remedy": each.remedy, "severity": each.severity}
        for each in _form(db.session(), stock_item_id, account_id).problems
    ]
    return jsonify(
        {
            **now,
            "problems": problems,
            "filled": sorted(applied.values) if applied else [],
            "template": applied.template if applied else "",
        }
    )


def _form(session: Session, stock_item_id: int, account_id: int) -> Form:
    """Raises NotFound, Conflict STORE_ONLY or ACCOUNT_DISABLED."""
    item = item_for_listing(session, stock_item_id)
    forms = forms_of(session, services().channels, item)
    found = next((each for each in forms if each.account.id == account_id), None)
    if found is None:
        raise Conflict(
            "ACCOUNT_DISABLED",
            "このマーケットプレイスは停止中です。",
            remedy="画面を再読み込みしてください。",
        )
    return found


@bp.post("/drafts/<int:stock_item_id>/list")
@permission("ec.edit")
def list_one(stock_item_id: int) -> tuple[str, int] | BaseResponse:
    """【出品】 of one item. Marketplaces with an API are asked first: all forms are valid or nothing is sent (R7)."""
    actor = current_actor()
    try:
        if (refused := _refused_there(stock_item_id)) is not None:
            return _draft_page(stock_item_id, refused=refused), 422
        with unit_of_work(actor) as uow:
            staff = identify_staff(uow, request.form.get("staff_code", ""), "ec.list")
            uow.actor = staff_actor(staff, actor.account_id)
            outcome = drafts.list_item(uow, services().channels, stock_item_id, staff)
    except RecoreError as error:
        return _draft_page(stock_item_id, error=error), error.status
    if isinstance(outcome, drafts.Refused):
        return _draft_page(stock_item_id, refused=outcome), 422
    flash(f"1件を{_next(outcome)}", "success")
    return redirect(url_for(".waiting"))


def _next(listed: list[Listing]) -> str:
    """What happens to what was queued, by who sends it."""
    by_api = [offers.of_listing(db.session(), each.id) is not None for each in listed]
    if all(by_api):
        return SENT_BY_SERVER
    return QUEUED_NEXT + ("APIで送る出品先へは、サーバーが自動で送ります。" if any(by_api) else "")


def _refused_there(stock_item_id: int) -> drafts.Refused | None:
    """What a marketplace with an API says of its form, when all forms are valid here."""
    session = db.session()
    item = item_for_listing(session, stock_item_id)
    forms = [form for form in forms_of(session, services().channels, item) if form.is_ticked]
    asked = [form for form in forms if form.by_api]
    if not asked or any(offer_check.has_errors(form) for form in forms):
        return None
    counters = {form.account.channel: offer_pages.counter_of(form.account) for form in asked}
    session.expunge_all()
    session.rollback()  # nothing is held while the marketplace is asked
    problems = offer_check.refusals(counters, asked)
    return drafts.Refused(item.id, item.it_code, item.name, problems) if problems else None


@bp.get("/categories/<channel>")
@permission("ec.read")
def categories(channel: str) -> str:
    """What was typed finds; before that, what fits the item `for` and what the shop used last; or where `number` is."""
    wanted, session = _channel(channel), db.session()
    if (number := request.args.get("category", "").strip()) != "":
        category = known(session, wanted, [number]).get(number)
        return render_template("listings/_category_path.html", category=category)
    query = request.args.get("q", "").strip()
    hits = search(session, wanted, query) if query else []
    return render_template(
        "listings/_categories.html",
        query=query,
        hits=hits,
        groups=[] if query else suggestions(session, wanted, _product_name(session)),
        has_tree=bool(hits) or has_tree(session, wanted),
    )


def _product_name(session: Session) -> str:
    for stock_item_id in row_ids(request.args.getlist("for")[:1]):
        return item_for_listing(session, stock_item_id).name
    return ""


def _channel(name: str) -> Channel:
    known_channel = services().channels.get(name)
    if known_channel is None:
        raise NotFound("NO_SUCH_CHANNEL", "このマーケットプレイスは見つかりません。")
    return known_channel


@bp.post("/preview/<channel>")
@permission("ec.read")
def preview(channel: str) -> Response:
    """The cleaned description, for a sandboxed frame: it may show pictures and styles, run nothing, and reach nothing."""
    html = _channel(channel).preview(request.form.get("description", "")[:MAX_TEXT])
    response = Response(
        f"<!doctype html><meta charset=utf-8><title>プレビュー</title><body>{html}", mimetype="text/html"
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; img-src https: data:; sandbox"
    return response


@bp.get("/listings")
@permission("ec.read")
def index() -> str:
    session, text = db.session(), request.args.get("q", "").strip()
    wanted = request.args.get("state", "")
    state = ListingState(wanted) if wanted in set(ListingState) else None
    return render_template(
        "listings/index.html",
        page=queries.listings(session, state=state, text=text, before=cursor(request.args)),
        counts=queries.state_counts(session),
        states=list(ListingState),
        state=state,
        query=text,
        not_sent=queries.not_yet_sent(session),
        without_stock=queries.without_stock(session),
        ends_by_itself=bool(setting(session, "yahoo.end_auctions")),
    )


@bp.get("/listings/<int:listing_id>")
@permission("ec.read")
def show(listing_id: int) -> str:
    session = db.session()
    listing = queries.listing(session, listing_id)
    return render_template(
        "listings/show.html",
        listing=listing,
        on_pc=on_pcs(session, [listing.batch_id]).get(listing.batch_id) if listing.batch_id else None,
        events=queries.events(session, listing_id),
        observed=queries.observed(session, listing_id),
        by_api=offers.of_listing(session, listing_id) is not None,
        states=ListingState,
    )


@bp.post("/listings/<int:listing_id>/<any(take_back, listed, not_listed):action>")
@permission("ec.read")
def resolve(listing_id: int, action: str) -> BaseResponse:
    actor = current_actor()
    with unit_of_work(actor) as uow:
        operation = "ec.list" if action == "take_back" else "ec.review"
        staff = identify_staff(uow, request.form.get("staff_code", ""), operation)
        uow.actor = staff_actor(staff, actor.account_id)
        if action == "take_back":
            service.take_back(uow, listing_id)
            message = "出品を取り下げ、出品待ちに戻しました。"
        elif action == "listed":
            service.confirm_listed(uow, listing_id, request.form.get("auction_id", ""), staff)
            message = "出品中にしました。"
        else:
            service.confirm_not_listed(uow, listing_id, staff)
            message = "出品待ちに戻しました。"
    flash(message, "success")
    return redirect(url_for(".show", listing_id=listing_id))


@bp.get("/batches")
@permission("ec.read")
def batch_list() -> str:
    session = db.session()
    page = queries.batches(session, before=cursor(request.args))
    held = on_pcs(session, [row.id for row in page.rows])
    return render_template("listings/batches.html", page=page, on_pcs=held)


@bp.post("/batches/<int:batch_id>/download")
@permission("ec.list")
def download(batch_id: int) -> BaseResponse:
    with unit_of_work(current_actor()) as uow:
        confirm = request.form.get("confirm_whole") == "1"
        batch = batches.record_download(uow, batch_id, confirm_whole=confirm)
        require_on_account("ec.list", batch.account_id, batch.file_name)
        sha256, name = str(batch.blob_sha256), batch.file_name
    return send_blob(sha256, "application/zip", download_name=name)
