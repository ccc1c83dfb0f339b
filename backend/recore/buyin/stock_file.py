"""買取 (stock) from a file: one row, one lot under its own IT code (R4).

取込番号 is what a row is known again by, for ever: the shop's own number, such as the one in the system it comes from. The
content alone would not do: two lots of the same goods at the same price are two. The same number with the same content
changes nothing; with another content it is refused, because it would be another item under an old number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.buyin.models import Purchase, PurchaseLine, PurchaseState
from recore.buyin.rules import MAX_NOTE, MAX_QUANTITY, MAX_YEN
from recore.buyin.service import LineInput, stock_of
from recore.catalog.models import Product
from recore.catalog.product_file import (
    PD_CODE,
    PRODUCT_COLUMNS,
    ProductCells,
    ProductFile,
    find_product,
    known_to,
    read_product,
)
from recore.catalog.queries import KnownProducts, Named
from recore.catalog.service import hold_catalogue
from recore.platform import clock
from recore.platform.bulk import among
from recore.platform.db import UnitOfWork
from recore.platform.import_rules import Cells, Column, Fate, FileRow, Judged
from recore.platform.imports import ImportKind, Upload
from recore.platform.numbering import next_number
from recore.platform.text_ja import fold
from recore.stock.models import Grade, StockItem
from recore.stock.rules import SalesRoute
from recore.stock.service import follow_product, take_in

JAPAN = timedelta(hours=9)
MAX_KEY = 80
COLUMNS = (
    Column(
        "import_key", "取込番号", ("仕入番号", "管理番号"), is_required=True, example="2026-0001",
        help="行ごとに違う番号（お店の仕入番号など）。同じ番号の行は、二度と取り込みません。",
    ),
    Column("name", "商品名", ("品名", "名称"), example="腕時計 SEIKO 5", help="PDコードかJANが登録済みなら、空でもかまいません。"),
    *PRODUCT_COLUMNS,
    PD_CODE,
    Column("grade", "グレード", ("ランク", "状態ランク"), is_required=True, example="A"),
    Column("cost", "買取価格", ("仕入価格", "仕入値", "原価"), is_required=True, example="1000", help="1点・円"),
    Column("price", "販売価格", ("売価",), is_required=True, example="3000", help="1点・円"),
    Column("quantity", "数量", ("個数", "在庫数"), example="1", help="空なら1点"),
    Column("sales_route", "販路", ("販売経路",), is_required=True, example="併売", help="店頭のみ・併売・ECのみ"),
    Column("bought_on", "買取日", ("仕入日",), example="2026/11/28", help="空なら取り込んだ日"),
    Column("note", "メモ", ("備考",), example="箱なし"),
)  # fmt: skip
ROUTES = {fold(word): route for route in SalesRoute for word in (route.label, route.value)} | {
    "店頭": SalesRoute.STORE_ONLY,
    "ec": SalesRoute.EC_ONLY,
}


@dataclass(frozen=True)
class Lot:
    """A row that can be taken in."""

    row: FileRow
    key: str
    product: ProductCells
    found: Named | None
    grade: str
    cost: int
    price: int
    quantity: int
    route: SalesRoute
    bought_on: date | None
    note: str


class StockFile:
    name = "stock"
    label = "買取（在庫）"
    help = "1行が1つの在庫（ITコード）になります。登録していない商品は、いっしょに登録します。"
    columns: tuple[Column, ...] = COLUMNS

    def judge(self, session: Session, rows: Sequence[FileRow]) -> list[Judged]:
        return [judged for judged, _ in _judge(session, rows)]

    def take(self, uow: UnitOfWork, upload: Upload, rows: Sequence[FileRow]) -> list[Judged]:
        hold_catalogue(uow)
        found = _judge(uow.session, rows)
        made = _take_in(uow, upload, [lot for _, lot in found if lot is not None])
        return [
            Judged(judged.row, Fate.NEW, judged.title, judged.note, made[judged.row.number])
            if judged.row.number in made
            else judged
            for judged, _ in found
        ]


# --- judging -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Known:
    products: KnownProducts
    lots: dict[str, tuple[str, str]]  # 取込番号 → (digest, IT code)
    first: dict[str, int]  # 取込番号 → the first row of the file that has it
    grades: dict[str, str]  # as written, folded → code
    today: date


def _judge(session: Session, rows: Sequence[FileRow]) -> list[tuple[Judged, Lot | None]]:
    cells = [Cells(row, COLUMNS) for row in rows]
    products = [read_product(each) for each in cells]
    numbers = [row.cells["import_key"] for row in rows]
    grades = session.execute(sa.select(Grade.code, Grade.name).order_by(Grade.position)).all()
    known = _Known(
        known_to(session, products),
        _taken_before(session, numbers),
        {number: row.number for number, row in reversed(list(zip(numbers, rows, strict=True)))},
        {
            fold(word): grade.code
            for grade in grades
            for word in (grade.name, f"{grade.code} {grade.name}", grade.code)
        },
        (clock.now() + JAPAN).date(),
    )
    return [_judged(each, product, known) for each, product in zip(cells, products, strict=True)]


def _taken_before(session: Session, numbers: Sequence[str]) -> dict[str, tuple[str, str]]:
    statement = (
        sa.select(PurchaseLine.import_key, PurchaseLine.import_digest, StockItem.it_code)
        .join(StockItem, StockItem.purchase_line_id == PurchaseLine.id)
        .where(among(session, PurchaseLine.import_key, numbers))
    )
    return {row.import_key: (row.import_digest, row.it_code) for row in session.execute(statement)}


def _judged(cells: Cells, product: ProductCells, known: _Known) -> tuple[Judged, Lot | None]:
    lot = _read(cells, product, known)
    row, title = cells.row, _title(lot)
    if before := known.lots.get(lot.key):
        digest, it_code = before
        if digest == row.digest:
            return Judged(row, Fate.SAME, title, f"取り込み済みです（{it_code}）。", it_code), None
        cells.refuse(
            "import_key", f"{it_code}として、別の内容で取り込み済みです。別の商品なら、番号を変えてください。"
        )
    elif (first := known.first[lot.key]) != row.number and lot.key:
        cells.refuse("import_key", f"{first}行目と同じ番号です。行ごとに違う番号にしてください。")
    if cells.problems:
        return Judged(
            row, Fate.REFUSED, f"{lot.key[:30]}　{product.name[:60]}".strip(), "／".join(cells.problems)
        ), None
    if lot.found is None:
        known.products.add(Named(0, "", product.name), product.jan, product.identity)
        return Judged(row, Fate.NEW, title, "新しい商品も登録。"), lot
    whose = f"登録済みの商品「{lot.found.name}」（{lot.found.pd_code}）。" if lot.found.id else ""
    return Judged(row, Fate.NEW, title, whose), lot


def _read(cells: Cells, product: ProductCells, known: _Known) -> Lot:
    """What is wrong stands in `cells.problems`."""
    key = cells.text("import_key", MAX_KEY, required=True)
    grade = known.grades.get(fold(cells.raw("grade")), "")
    if not grade:
        cells.refuse("grade", f"{'・'.join(dict.fromkeys(known.grades.values()))}のどれかを入れてください。")
    return Lot(
        row=cells.row,
        key=key,
        product=product,
        found=find_product(cells, product, known.products),
        grade=grade,
        cost=cells.whole("cost", 0, MAX_YEN, unit="円"),
        price=cells.whole("price", 0, MAX_YEN, unit="円"),
        quantity=cells.whole("quantity", 1, MAX_QUANTITY, unit="点", default=1),
        route=cells.one_of("sales_route", SalesRoute, ROUTES) or SalesRoute.STORE_ONLY,
        bought_on=cells.day("bought_on", known.today),
        note=cells.text("note", MAX_NOTE),
    )


def _title(lot: Lot) -> str:
    name = lot.product.name or (lot.found.name if lot.found else lot.product.jan)
    return f"{lot.key[:30]}　{name[:60]}　{lot.grade}　{lot.quantity}点　買取 {lot.cost:,}円　販売 {lot.price:,}円　{lot.route.label}"


# --- taking it in ------------------------------------------------------------------------------------------------


def _take_in(uow: UnitOfWork, upload: Upload, lots: Sequence[Lot]) -> dict[int, str]:
    """A confirmed purchase per day of buying, with a line per lot; the IT codes by row number."""
    made: dict[int, str] = {}
    registered = KnownProducts({}, {}, {})
    by_day: dict[date | None, list[Lot]] = {}
    for lot in lots:
        by_day.setdefault(lot.bought_on, []).append(lot)
    for day, of_day in by_day.items():
        at = uow.at if day is None else datetime.combine(day, time(), UTC) - JAPAN
        purchase = Purchase(
            number=f"B{next_number(uow, 'purchase'):06d}", state=PurchaseState.CONFIRMED, shop_id=upload.shop_id,
            staff_id=upload.staff_id, login_id=uow.actor.account_id, import_id=upload.id, created_at=uow.at,
            confirmed_at=at, note=upload.file_name,
        )  # fmt: skip
        uow.session.add(purchase)
        uow.session.flush()
        for position, lot in enumerate(of_day, 1):
            product = _product_of(uow, lot, registered)
            line = _line(lot, product.id)
            row = PurchaseLine(
                purchase_id=purchase.id, position=position, import_key=lot.key, import_digest=lot.row.digest, **vars(line)
            )  # fmt: skip
            uow.session.add(row)
            uow.session.flush()
            item = take_in(uow, stock_of(row, product, upload.shop_id))
            item.created_at = at
            made[lot.row.number] = item.it_code
    return made


def _product_of(uow: UnitOfWork, lot: Lot, registered: KnownProducts) -> Product:
    """The product of a lot, registered at its first one."""
    known = (
        [lot.found] if lot.found and lot.found.id else registered.find(lot.product.jan, lot.product.identity)
    )
    if not known:
        made = lot.product.register(uow)
        registered.add(made, lot.product.jan, lot.product.identity)
        known = [made]
    return uow.session.get_one(Product, known[0].id)


def _line(lot: Lot, product_id: int) -> LineInput:
    return LineInput(product_id, lot.grade, lot.cost, lot.price, lot.quantity, lot.route, lot.note)


KINDS: dict[str, ImportKind] = {kind.name: kind for kind in (StockFile(), ProductFile(follow_product))}
