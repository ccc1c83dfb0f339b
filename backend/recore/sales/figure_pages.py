"""売上: what was sold, booked on the day it was shipped; a counter sale at once (R30)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from flask import Blueprint, Response, render_template, request

from recore.accounts.queries import accounts
from recore.platform import clock
from recore.platform.db import db
from recore.platform.errors import Invalid
from recore.platform.tables import EXCEL, write_excel, write_spreadsheet_csv
from recore.sales import figures
from recore.sales.figures import COUNTER, ONLINE, Filter, Order
from recore.web.access import permission
from recore.web.forms import cursor, day

bp = Blueprint("figures", __name__, url_prefix="/sales", template_folder="templates")

LONGEST = 366  # days at once
MOST_ROWS = 50_000  # in one file
HEADER = (
    "計上日", "区分", "販売先", "店舗", "ITコード", "商品名", "数量", "金額（税込・送料を除く）", "受注・伝票番号", "担当", "備考",
    "記録日時",
)  # fmt: skip


class Period(StrEnum):
    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"
    CHOSEN = "chosen"

    @property
    def label(self) -> str:
        return {"today": "今日", "yesterday": "昨日", "this-month": "今月", "last-month": "先月", "chosen": "期間を指定"}[self.value]  # fmt: skip


def days_of(period: Period, today: date) -> tuple[date, date]:
    """First and last day; of CHOSEN, the month so far as a start to choose from."""
    match period:
        case Period.TODAY:
            return today, today
        case Period.YESTERDAY:
            return today - timedelta(days=1), today - timedelta(days=1)
        case Period.LAST_MONTH:
            last = today.replace(day=1) - timedelta(days=1)
            return last.replace(day=1), last
    return today.replace(day=1), today


@bp.get("")
@permission("sales.read")
def index() -> str:
    session, problem = db.session(), None
    period = next((each for each in Period if each == request.args.get("period")), Period.THIS_MONTH)
    try:
        chosen = _chosen(request.args, period)
    except Invalid as error:
        problem, chosen = error, _filter(request.args, *days_of(period, _today()))
    order = next((each for each in Order if each == request.args.get("order")), Order.NEWEST)
    by_day = figures.sums_by_day(session, chosen) if chosen.first != chosen.last else []
    return render_template(
        "sales/figures.html",
        period=period,
        periods=list(Period),
        chosen=chosen,
        problem=problem,
        order=order,
        orders=list(Order),
        accounts=accounts(session),
        shops=figures.shops(session),
        counter=COUNTER,
        online=ONLINE,
        page=figures.entries(session, chosen, order, before=request.args.get("before")),
        sums=figures.sums(session, chosen),
        by_day=by_day,
        filters={name: request.args[name] for name in ("where", "shop", "order") if request.args.get(name)},
        typed=request.args,
    )


@bp.get("/file.<any(csv, xlsx):form>")
@permission("sales.read")
def file(form: str) -> Response:
    """What is chosen, oldest first. Raises Invalid for a period that cannot be, or too much at once."""
    session = db.session()
    period = next((each for each in Period if each == request.args.get("period")), Period.THIS_MONTH)
    chosen = _chosen(request.args, period)
    if figures.sums(session, chosen).entries > MOST_ROWS:
        raise Invalid(
            "TOO_MANY_ROWS", f"{MOST_ROWS:,}行を超えるため、ファイルにできません。", field="period",
            remedy="期間を短くしてください。",
        )  # fmt: skip
    rows = (
        (
            row.booked_on, row.kind.label, row.account_name or "店頭", row.shop_name or "", row.it_code or "", row.name,
            row.quantity, row.amount, row.document, row.staff_name or "", row.cause,
            clock.to_jst(row.recorded_at).strftime("%Y/%m/%d %H:%M"),
        )
        for row in figures.all_entries(session, chosen)
    )  # fmt: skip
    body = write_excel("売上", HEADER, rows) if form == "xlsx" else write_spreadsheet_csv(HEADER, rows)
    response = Response(body, mimetype=EXCEL if form == "xlsx" else "text/csv")
    name = f"sales_{chosen.first:%Y%m%d}-{chosen.last:%Y%m%d}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _today() -> date:
    return clock.to_jst(clock.now()).date()


def _chosen(args: Mapping[str, str], period: Period) -> Filter:
    """Raises Invalid BAD_PERIOD."""
    first, last = days_of(period, _today())
    if period is Period.CHOSEN:
        first, last = day(args, "from") or first, day(args, "to") or last
    if first > last:
        raise _bad_period(
            "期間の終わりが、始まりより前になっています。", "始まりと終わりを入れ替えてください。"
        )
    if (last - first).days >= LONGEST:
        raise _bad_period(f"一度に見られるのは{LONGEST}日までです。", "期間を短くしてください。")
    return _filter(args, first, last)


def _filter(args: Mapping[str, str], first: date, last: date) -> Filter:
    where = args.get("where")
    place = where if where in (COUNTER, ONLINE) else cursor(args, "where")
    return Filter(first, last, place, cursor(args, "shop"))


def _bad_period(message: str, remedy: str) -> Invalid:
    return Invalid("BAD_PERIOD", message, field="period", remedy=remedy)
