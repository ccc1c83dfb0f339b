"""出品待ち as a list: searched, sorted, filtered by what is in the forms, page by page (R7)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.catalog.models import Product
from recore.listings.drafts import nothing_to_list
from recore.listings.forms import Channels, Form, FormReader, items_of
from recore.listings.queries import is_waiting, units_to_offer
from recore.photos.models import Photo
from recore.platform.paging import PAGE_SIZE, AnyRow, AnySelect, like_all_words
from recore.platform.text_ja import fold
from recore.stock.models import StockItem

MOST_LOOKED_AT = 1_000  # items whose forms one page looks at for a filter
CHUNK = 100
_CURSOR = re.compile(r"([0-9]{1,18})_([0-9]{1,18})")


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    DEAR = "dear"
    CHEAP = "cheap"

    @property
    def label(self) -> str:
        return {"newest": "新しい順", "oldest": "古い順", "dear": "価格が高い順", "cheap": "価格が安い順"}[
            self
        ]


class Ready(StrEnum):
    """Whether the ticked forms (all of them, where none is ticked) can be listed as they stand."""

    YES = "yes"
    NO = "no"

    @property
    def label(self) -> str:
        return {"yes": "このまま出品できる", "no": "直すところがある"}[self]


@dataclass(frozen=True)
class Wanted:
    """`template`: the id of the one that filled the form, 'none' for forms without; '' whatever it is."""

    text: str = ""
    order: Order = Order.NEWEST
    account_id: int | None = None
    template: str = ""
    ready: Ready | None = None

    @property
    def looks_into_forms(self) -> bool:
        return self.account_id is not None or self.template != "" or self.ready is not None


def wanted_of(form: Mapping[str, str]) -> Wanted:
    """As the list was asked; what was not put there by our pages counts as not asked."""
    account, template = form.get("account", ""), form.get("template", "")
    is_number = re.compile(r"[0-9]{1,18}").fullmatch
    return Wanted(
        text=form.get("q", "").strip()[:200],
        order=next((each for each in Order if each == form.get("order")), Order.NEWEST),
        account_id=int(account) if is_number(account) else None,
        template=template if template == "none" or is_number(template) else "",
        ready=next((each for each in Ready if each == form.get("ready")), None),
    )


@dataclass(frozen=True)
class Waiting:
    """An item with its forms; `to_mend` counts what keeps it from being listed as it is."""

    row: AnyRow
    forms: Sequence[Form]
    to_mend: int

    @property
    def is_typed(self) -> bool:
        return any(form.version for form in self.forms)

    @property
    def templates(self) -> list[str]:
        return list(dict.fromkeys(form.template[1] for form in self.forms if form.template))


@dataclass(frozen=True)
class WaitingPage:
    """As `platform.paging.Page`; a page without rows may still have items behind `older`, where a filter looks into forms."""

    rows: Sequence[Waiting]
    older: str | None
    is_first: bool


def page(
    session: Session, channels: Channels, wanted: Wanted, *, before: str | None = None, size: int = PAGE_SIZE
) -> WaitingPage:
    """The next `size` items that fit. A filter on forms looks at `MOST_LOOKED_AT` items at most: the rest is behind `older`."""
    found: list[Waiting] = []
    cursor, is_first = before, _CURSOR.fullmatch(before or "") is None
    for _ in range(MOST_LOOKED_AT // CHUNK):
        rows = session.execute(
            _statement(wanted, cursor).limit(CHUNK if wanted.looks_into_forms else size + 1)
        ).all()
        more = len(rows) == (CHUNK if wanted.looks_into_forms else size + 1)
        if more and not wanted.looks_into_forms:
            rows = rows[:size]
        for each in _with_forms(session, channels, rows, wanted.account_id):
            if _fits(each, wanted):
                found.append(each)
            cursor = _cursor_of(each.row, wanted.order)
            if len(found) == size:
                more = more or each.row.id != rows[-1].id
                break
        if len(found) == size or not more:
            return WaitingPage(found, cursor if more else None, is_first)
    return WaitingPage(found, cursor, is_first)


def matching_ids(session: Session, channels: Channels, wanted: Wanted, most: int) -> tuple[list[int], bool]:
    """The first `most` items that fit, and whether there are more."""
    ids: list[int] = []
    before: str | None = None
    while True:
        if wanted.looks_into_forms:
            shown = page(session, channels, wanted, before=before, size=most + 1 - len(ids))
            ids += [each.row.id for each in shown.rows]
            before = shown.older
        else:
            ids = [row.id for row in session.execute(_statement(wanted, None).limit(most + 1))]
            before = None
        if before is None or len(ids) > most:
            return ids[:most], len(ids) > most


def _statement(wanted: Wanted, before: str | None) -> AnySelect:
    photos = (
        sa.select(sa.func.count(Photo.id))
        .where(
            Photo.tenant_id == StockItem.tenant_id,
            Photo.stock_item_id == StockItem.id,
            Photo.deleted_at.is_(None),
        )
        .scalar_subquery()
    )
    statement = (
        sa.select(
            StockItem.id, StockItem.it_code, StockItem.grade, StockItem.price, StockItem.sales_route,
            StockItem.created_at, Product.name, units_to_offer().label("units"), photos.label("photos"),
        )
        .join(Product, Product.id == StockItem.product_id)
        .where(*is_waiting(), *like_all_words(StockItem.search_text, fold(wanted.text)))
    )  # fmt: skip
    by_price = wanted.order in (Order.DEAR, Order.CHEAP)
    falls = wanted.order in (Order.NEWEST, Order.DEAR)
    cursor = _CURSOR.fullmatch(before or "")
    if cursor is not None:
        value, last = int(cursor[1]), int(cursor[2])
        beyond_id = StockItem.id < last if falls else StockItem.id > last
        if by_price:
            beyond = StockItem.price < value if falls else StockItem.price > value
            statement = statement.where(sa.or_(beyond, sa.and_(StockItem.price == value, beyond_id)))
        else:
            statement = statement.where(beyond_id)
    keys = [StockItem.price, StockItem.id] if by_price else [StockItem.id]
    return statement.order_by(*(key.desc() if falls else key.asc() for key in keys))


def _cursor_of(row: AnyRow, order: Order) -> str:
    return f"{row.price if order in (Order.DEAR, Order.CHEAP) else 0}_{row.id}"


def _with_forms(
    session: Session, channels: Channels, rows: Sequence[AnyRow], account_id: int | None
) -> list[Waiting]:
    """With all forms, or with that of one account alone."""
    items = items_of(session, [row.id for row in rows])
    forms = FormReader(session, channels, list(items.values())).forms() if items else {}
    found = []
    for row in rows:
        of_item = [form for form in forms[row.id] if account_id in (None, form.account.id)]
        looked_at = [form for form in of_item if form.is_ticked] or of_item
        missing = nothing_to_list(items[row.id], looked_at)
        to_mend = sum(len(form.errors) for form in looked_at) + (missing is not None)
        found.append(Waiting(row, of_item, to_mend))
    return found


def _fits(each: Waiting, wanted: Wanted) -> bool:
    if wanted.account_id is not None and not any(form.can_tick for form in each.forms):
        return False
    if wanted.ready is not None and (each.to_mend == 0) != (wanted.ready is Ready.YES):
        return False
    used = {str(form.template[0]) for form in each.forms if form.template}
    return wanted.template == "" or (not used if wanted.template == "none" else wanted.template in used)
