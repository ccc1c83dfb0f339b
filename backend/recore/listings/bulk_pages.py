"""まとめて出品: from the ticked items of 出品待ち to a result per item."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from recore.identity.service import identify_staff
from recore.listings import bulk, form_templates, waiting
from recore.listings.bulk import AUTO, KEEP, NONE
from recore.listings.forms import enabled_accounts
from recore.listings.models import BulkRun
from recore.listings.rules import BulkRowState, BulkState
from recore.listings.template_undo import KINDS, UNDOERS
from recore.platform import undo
from recore.platform.db import again_after_deadlock, db, unit_of_work
from recore.platform.errors import Conflict, NotFound, RecoreError
from recore.platform.tables import write_spreadsheet_csv
from recore.web.access import current_actor, permission
from recore.web.forms import cursor, row_ids
from recore.wiring import services

bp = Blueprint("bulk", __name__, url_prefix="/ec/bulk", template_folder="templates")


@bp.post("")
@permission("ec.edit")
def begin() -> BaseResponse:
    """A run of the ticked items, or with `all` of everything that the search and the filters show."""
    channels, ids, cut = services().channels, row_ids(request.form.getlist("item")), False
    if request.form.get("all") == "1":
        ids, cut = waiting.matching_ids(db.session(), channels, waiting.wanted_of(request.form), bulk.MOST)
    with unit_of_work(current_actor()) as uow:
        run_id = bulk.begin(uow, channels, ids, is_cut=cut)
    return redirect(url_for(".show", run_id=run_id))


@bp.get("/<int:run_id>")
@permission("ec.read")
def show(run_id: int) -> str:
    return _page(run_id)


def _page(run_id: int, error: RecoreError | None = None) -> str:
    session, channels = db.session(), services().channels
    run = bulk.run_by_id(session, run_id)
    if run.state is BulkState.RUNNING:
        return render_template("listings/bulk_progress.html", run=run, **_progress(run))
    rows = bulk.rows_of(session, run_id)
    if run.state is BulkState.OPEN:
        checked = bulk.check(session, channels, rows)
        return render_template(
            "listings/bulk.html", run=run, rows=checked, error=error, ready=sum(not each.problems for each in checked),
            **_choices(),
        )  # fmt: skip
    done = bulk.results(session, rows)
    return render_template(
        "listings/bulk_result.html",
        run=run,
        error=error,
        waiting=[each for each in done if each.row.state is BulkRowState.WAITING],
        refused=[each for each in done if each.row.state is BulkRowState.REFUSED],
        listed=[each for each in done if each.row.state is BulkRowState.LISTED],
    )


def _choices() -> dict[str, object]:
    """What may be ticked, and the templates of each account."""
    session = db.session()
    templates = form_templates.templates(session)
    accounts = enabled_accounts(session)
    return {
        "accounts": accounts,
        "templates": {
            each.id: [one for one in templates if (one.channel, one.profile) == (each.channel, each.profile)]
            for each in accounts
        },
        "KEEP": KEEP, "AUTO": AUTO, "NONE": NONE,
    }  # fmt: skip


@bp.post("/<int:run_id>/rows")
@permission("ec.edit")
def choose(run_id: int) -> BaseResponse | tuple[str, int]:
    """Marketplaces and templates for all rows of the run."""
    try:
        _choose(run_id, None)
    except RecoreError as error:
        if isinstance(error, NotFound):
            raise
        return _page(run_id, error), error.status
    flash("すべての商品に入れました。", "success")
    return redirect(url_for(".show", run_id=run_id))


@bp.post("/<int:run_id>/rows/<int:row_id>")
@permission("ec.edit")
def choose_one(run_id: int, row_id: int) -> str:
    """Marketplaces and template of one row: the row as it stands then, and the sum of the run beside it."""
    _choose(run_id, [row_id])
    session = db.session()
    checked = bulk.check(session, services().channels, bulk.rows_of(session, run_id))
    return render_template(
        "listings/_bulk_changed.html",
        run=bulk.run_by_id(session, run_id),
        each=next(each for each in checked if each.row.id == row_id),
        count=len(checked),
        ready=sum(not each.problems for each in checked),
        **_choices(),
    )


def _choose(run_id: int, rows: list[int] | None) -> None:
    form = request.form
    choices = {account: form.get(f"template-{account}", KEEP) for account in row_ids(form.getlist("account"))}
    with unit_of_work(current_actor()) as uow:
        bulk.choose(
            uow, services().channels, run_id, choices, row_ids=rows, overwrite=form.get("overwrite") == "1"
        )


@bp.get("/edits")
@permission("ec.edit")
def edits() -> str:
    """What templates were put into many forms at once, newest first: the way to undo one that was left behind."""
    page = undo.bulk_edits(db.session(), KINDS, before=cursor(request.args))
    return render_template("listings/template_edits.html", page=page)


@bp.get("/edits/<int:bulk_edit_id>")
@permission("ec.edit")
def edit(bulk_edit_id: int) -> str:
    return _edit_page(bulk_edit_id)


@bp.post("/edits/<int:bulk_edit_id>/undo")
@permission("ec.edit")
def take_out(bulk_edit_id: int) -> str | tuple[str, int]:
    """Every form that nobody has saved since is as it was before; the others are named. Once."""
    actor = current_actor()

    def work() -> undo.Undone:
        with unit_of_work(actor) as uow:
            return undo.undo(uow, UNDOERS, bulk_edit_id, KINDS)

    try:
        undone = again_after_deadlock(work)
    except Conflict as error:
        return _edit_page(bulk_edit_id, error=error), error.status
    return _edit_page(bulk_edit_id, undone=undone)


def _edit_page(
    bulk_edit_id: int, *, undone: undo.Undone | None = None, error: RecoreError | None = None
) -> str:
    session = db.session()
    found, entries = undo.bulk_edit(session, bulk_edit_id, KINDS), undo.entries_of(session, bulk_edit_id)
    return render_template(
        "listings/template_edit.html", edit=found, entries=entries, undone=undone, error=error,
    )  # fmt: skip


@bp.post("/<int:run_id>/list")
@permission("ec.edit")
def press(run_id: int) -> BaseResponse | tuple[str, int]:
    """【出品】: once, however often it is pressed."""
    actor = current_actor()
    try:
        with unit_of_work(actor) as uow:
            staff = identify_staff(uow, request.form.get("staff_code", ""), "ec.list")
            bulk.press(uow, run_id, staff, actor.account_id)
    except RecoreError as error:
        if isinstance(error, NotFound):
            raise
        return _page(run_id, error), error.status
    return redirect(url_for(".show", run_id=run_id))


@bp.get("/<int:run_id>/progress")
@permission("ec.read")
def progress(run_id: int) -> Response:
    """How far it is; when it is over the page is loaded again, with the results."""
    run = bulk.run_by_id(db.session(), run_id)
    response = Response(render_template("listings/_bulk_progress.html", run=run, **_progress(run)))
    if run.state is not BulkState.RUNNING:
        response.headers["HX-Refresh"] = "true"
    return response


def _progress(run: BulkRun) -> dict[str, int]:
    counts = bulk.counts(db.session(), run.id)
    listed, refused = counts.get(BulkRowState.LISTED, 0), counts.get(BulkRowState.REFUSED, 0)
    return {"done": listed + refused, "listed": listed, "refused": refused}


@bp.get("/<int:run_id>/refused.csv")
@permission("ec.read")
def refused_file(run_id: int) -> Response:
    """The rows that stayed, a line per reason."""
    session = db.session()
    bulk.run_by_id(session, run_id)
    rows = [row for row in bulk.rows_of(session, run_id) if row.state is BulkRowState.REFUSED]
    body = write_spreadsheet_csv(bulk.HEADER, bulk.as_lines(bulk.results(session, rows)))
    response = Response(body, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="not_listed_{run_id}.csv"'
    return response
