"""売り主 and 古物台帳: note the seller of a 買取, look at it, export the ledger (R37)."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from recore.buyin import queries, sellers
from recore.buyin.rules import Seller, check_seller
from recore.identity.service import identify_staff, staff_actor
from recore.platform.clock import now, to_jst
from recore.platform.db import UnitOfWork, db, unit_of_work
from recore.platform.errors import Denied, Invalid, NotIdentified, RecoreError
from recore.platform.tables import EXCEL, write_excel, write_spreadsheet_csv
from recore.web.access import current_actor, permission
from recore.web.forms import problems_by_field
from recore.wiring import services

bp = Blueprint("sellers", __name__, url_prefix="/buyin", template_folder="templates")

FIELDS = ("name", "address", "birth_date", "occupation", "document", "document_number")
JAPAN = timedelta(hours=9)
LONGEST = timedelta(days=366)


@bp.get("/<int:purchase_id>/seller")
@permission("buyin.write")
def edit(purchase_id: int) -> str:
    return _form(purchase_id)


def _form(purchase_id: int, error: RecoreError | None = None) -> str:
    """Never with what is stored: that is shown by `look`, which is audited."""
    session = db.session()
    return render_template(
        "buyin/seller.html",
        purchase=queries.purchase(session, purchase_id),
        is_on=sellers.is_on(session),
        is_kept=sellers.has_seller(session, purchase_id),
        documents=[("", "選んでください"), *((name, name) for name in sellers.DOCUMENTS)],
        form=request.form if error else {},
        error=error,
        problems=problems_by_field(error),
        seller=None,
    )


@bp.post("/<int:purchase_id>/seller")
@permission("buyin.write")
def keep(purchase_id: int) -> BaseResponse | tuple[str, int]:
    typed = {name: unicodedata.normalize("NFC", request.form.get(name, "")).strip() for name in FIELDS}
    try:
        with unit_of_work(current_actor()) as uow:
            queries.purchase(uow.session, purchase_id)
            seller = Seller(**typed)
            check_seller(seller, sellers.DOCUMENTS, to_jst(uow.at).date())
            sellers.keep(uow, services().keyring, purchase_id, seller)
    except Invalid as error:
        return _form(purchase_id, error), error.status
    flash("売り主を記録しました。", "success")
    return redirect(url_for("buyin.show", purchase_id=purchase_id))


@bp.post("/<int:purchase_id>/seller/look")
@permission("ledger.read")
def look(purchase_id: int) -> str | tuple[str, int]:
    try:
        with unit_of_work(current_actor()) as uow:
            _identify(uow)
            seller = sellers.look(uow, services().keyring, purchase_id)
    except (NotIdentified, Denied) as error:
        return _form(purchase_id, error), error.status
    return render_template(
        "buyin/seller.html", purchase=queries.purchase(db.session(), purchase_id), seller=seller, problems={}
    )


def _identify(uow: UnitOfWork) -> None:
    """Who looks: the audit log names them."""
    staff = identify_staff(uow, request.form.get("staff_code", ""), "ledger.read")
    uow.actor = staff_actor(staff, uow.actor.account_id)


@bp.get("/ledger")
@permission("ledger.read")
def ledger() -> str:
    return _ledger(None)


def _ledger(error: RecoreError | None) -> str:
    today = to_jst(now()).date()
    return render_template(
        "buyin/ledger.html",
        since=request.form.get("since", today.replace(day=1).isoformat()),
        until=request.form.get("until", today.isoformat()),
        error=error,
        problems=problems_by_field(error),
    )


@bp.post("/ledger")
@permission("ledger.read")
def export() -> Response | tuple[str, int]:
    try:
        since, until = _day("since", "始め"), _day("until", "終わり") + timedelta(days=1)
        if not timedelta() < until - since <= LONGEST:
            raise Invalid("PERIOD", "期間は1日〜1年にしてください。", field="until")
        with unit_of_work(current_actor()) as uow:
            _identify(uow)
            header, rows = sellers.ledger(uow, services().keyring, since, until)
    except (Invalid, NotIdentified, Denied) as error:
        return _ledger(error), error.status
    name = f"kobutsu_{since + JAPAN:%Y%m%d}_{until + JAPAN - timedelta(days=1):%Y%m%d}"
    if request.form.get("format") == "csv":
        body, kind, name = write_spreadsheet_csv(header, rows), "text/csv", f"{name}.csv"
    else:
        body, kind, name = write_excel("古物台帳", header, rows), EXCEL, f"{name}.xlsx"
    response = Response(body, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _day(field: str, label: str) -> datetime:
    """Midnight in Japan."""
    try:
        return (
            datetime.combine(date.fromisoformat(request.form.get(field, "")), datetime.min.time(), UTC)
            - JAPAN
        )
    except (ValueError, OverflowError) as error:
        raise Invalid("DAY", f"{label}の日を選んでください。", field=field) from error
