"""未連携: auctions that are on the marketplace but belong to no stock of ours (R35)."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, render_template, request
from sqlalchemy.exc import IntegrityError

from recore.buyin.queries import grades
from recore.identity.service import identify_staff, staff_actor
from recore.platform.db import again_after_deadlock, db, unit_of_work
from recore.platform.errors import Denied, Invalid, NotIdentified, RecoreError
from recore.stock.rules import SalesRoute
from recore.sync import queries
from recore.sync.adoption import Adopted, NewGoods, adopt, it_code_of, overtaken
from recore.web.access import current_actor, permission
from recore.web.forms import cursor, problems_by_field, row_ids
from recore.wiring import services

bp = Blueprint("adoption", __name__, url_prefix="/ec/unlinked", template_folder="templates")

AT_ONCE = 50  # auctions per transaction
ROUTES = (SalesRoute.BOTH, SalesRoute.EC_ONLY)


@bp.get("")
@permission("ec.read")
def index() -> str:
    return _page()


def _page(adopted: Adopted | None = None, error: RecoreError | None = None) -> str:
    """With what was ticked and chosen, where it came back with an `error` or with some that stay."""
    session, text = db.session(), request.args.get("q", "").strip()
    page = queries.unlinked(session, text=text, before=cursor(request.args))
    codes = {row.id: it_code_of(row.management_number) for row in page.rows}
    return render_template(
        "sync/unlinked.html",
        page=page,
        query=text,
        items=queries.items_by_code(session, set(codes.values())),
        codes=codes,
        total=queries.unlinked_count(session),
        grades=grades(session),
        routes=ROUTES,
        adopted=adopted,
        error=error,
        problems=problems_by_field(error),
        ticked=set(row_ids(request.form.getlist("auction"))),
        typed=request.form if error else {},
    )


@bp.post("")
@permission("ec.edit")
def link() -> str | tuple[str, int]:
    """Link the ticked auctions, 50 per transaction; those that cannot be stay, with their reasons."""
    ids = sorted(set(row_ids(request.form.getlist("auction"))))
    if not ids:
        raise Invalid(
            "NOTHING_SELECTED", "出品が選ばれていません。", remedy="連携する出品に印を付けてください。"
        )
    done = Adopted([], [])
    try:
        goods = _goods() if request.form.get("how") == "make" else None
        _link_all(ids, goods, done)
    except (Invalid, NotIdentified, Denied) as error:
        return _page(error=error), error.status
    page = _page(done)
    return (page, 422) if done.refused else page


def _link_all(ids: list[int], goods: NewGoods | None, done: Adopted) -> None:
    for start in range(0, len(ids), AT_ONCE):
        for part in _link_some(ids[start : start + AT_ONCE], goods):
            done.linked.extend(part.linked)
            done.refused.extend(part.refused)


def _link_some(chosen: list[int], goods: NewGoods | None) -> Iterator[Adopted]:
    """All in one transaction; when somebody else's breaks it, each in its own."""
    actor = current_actor()

    def work() -> Adopted:
        with unit_of_work(actor) as uow:
            staff = identify_staff(uow, request.form.get("staff_code", ""), "ec.list")
            uow.actor = staff_actor(staff, actor.account_id)
            return adopt(uow, services().channels, chosen, staff, goods)

    try:
        yield again_after_deadlock(work)
    except IntegrityError:
        if len(chosen) == 1:
            yield Adopted([], overtaken(db.session(), chosen))
        else:
            for each in chosen:
                yield from _link_some([each], goods)


def _goods() -> NewGoods:
    """Raises Invalid GRADE or ROUTE."""
    grade, route = request.form.get("grade", ""), request.form.get("sales_route", "")
    if grade not in {each.code for each in grades(db.session())}:
        raise Invalid("GRADE", "グレードを選んでください。", field="grade")
    if route not in ROUTES:
        raise Invalid("ROUTE", "販路を選んでください。", field="sales_route")
    return NewGoods(grade, SalesRoute(route))
