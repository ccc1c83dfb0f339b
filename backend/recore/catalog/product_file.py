"""Products from a file: one row, one product (R4). A row is known again by its PD code, JAN, or name, brand and model.

Only a row with a PD code changes a product, in the columns that are not empty: who writes the code knows which one is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from recore.catalog.queries import KnownProducts, Named, known_products
from recore.catalog.rules import LIMITS, jan_problem, normal_jan
from recore.catalog.service import FIELDS, change_product, hold_catalogue, register_product
from recore.platform.db import UnitOfWork
from recore.platform.import_rules import Cells, Column, Fate, FileRow, Judged
from recore.platform.imports import Upload, rows_by_code
from recore.platform.text_ja import fold

PD_CODE = Column(
    "pd_code", "PDコード", ("商品コード",), example="PD0000123", help="登録済みの商品のときだけ。"
)

PRODUCT_COLUMNS = (
    Column("brand", "ブランド", ("メーカー", "ブランド名"), example="セイコー"),
    Column("model_number", "型番", ("モデル", "品番"), example="SNK809"),
    Column(
        "jan", "JANコード", ("JAN", "バーコード", "EAN"), example="4902370535709",
        help="8桁か13桁（UPCは12桁）。Excelではセルの表示形式を「文字列」にすると、先頭の0が残ります。",
    ),
    Column("category", "カテゴリ", ("分類",), example="腕時計"),
)  # fmt: skip
COLUMNS = (
    Column("name", "商品名", ("品名", "名称"), is_required=True, example="腕時計 SEIKO 5", help="PDコードのある行では、空なら変えません。"),
    *PRODUCT_COLUMNS,
    replace(PD_CODE, help="入れた行は、登録済みのその商品を変えます。空の列は変えません。"),
)  # fmt: skip


@dataclass(frozen=True)
class ProductCells:
    """The product part of a row, as it would be registered."""

    name: str
    brand: str
    model_number: str
    jan: str
    category: str
    pd_code: str

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.name, self.brand, self.model_number

    @property
    def content(self) -> tuple[str, ...]:
        return self.name, self.brand, self.model_number, self.jan, self.category

    def register(self, uow: UnitOfWork) -> Named:
        made = register_product(
            uow, name=self.name, brand=self.brand, model_number=self.model_number, jan=self.jan,
            category=self.category,
        )  # fmt: skip
        return Named(made.id, made.pd_code, made.name, self.content)


def read_product(cells: Cells) -> ProductCells:
    """What is wrong stands in `cells.problems`. A name is needed where no code names a product."""
    jan, pd_code = normal_jan(cells.digits("jan")), fold(cells.text("pd_code", 20)).upper()
    if jan and (problem := jan_problem(jan)):
        cells.refuse("jan", problem)
    name = cells.text("name", LIMITS["name"])
    return ProductCells(
        name=name,
        jan=jan,
        pd_code=pd_code,
        **{key: cells.text(key, LIMITS[key]) for key in ("brand", "model_number", "category")},
    )


def find_product(cells: Cells, product: ProductCells, known: KnownProducts) -> Named | None:
    """The one that is meant, None for a new one. What is wrong goes into `cells.problems`."""
    if product.pd_code:
        found = [known.by_code[product.pd_code]] if product.pd_code in known.by_code else []
        if not found:
            cells.refuse("pd_code", "登録されていません。新しい商品なら、空にしてください。")
    else:
        found = known.find(product.jan, product.identity)
    if len(found) > 1:
        codes = "・".join(each.pd_code for each in found)
        cells.refuse(
            "jan", f"商品が{len(found)}つあります（{codes}）。PDコードの列に、どれかを入れてください。"
        )
    if not found and not product.name:
        cells.refuse("name", "入力してください（登録済みの商品ではありません）。")
    return found[0] if found else None


def known_to(session: Session, products: Sequence[ProductCells]) -> KnownProducts:
    return known_products(
        session,
        [each.pd_code for each in products],
        [each.jan for each in products if each.jan],
        [each.name for each in products],
    )


class ProductFile:
    """`renamed` is told of a product by which one searches otherwise now: (its id, search text before, after)."""

    name = "products"
    label = "商品（カタログ）"
    help = "商品だけを登録します。PDコードを入れた行は、登録済みの商品を変えます。在庫は増えません。"
    columns: tuple[Column, ...] = COLUMNS

    def __init__(self, renamed: Callable[[UnitOfWork, int, str, str], None]) -> None:
        self._renamed = renamed

    def judge(self, session: Session, rows: Sequence[FileRow]) -> list[Judged]:
        return [judged for judged, _ in _judge(session, rows, {})]

    def take(self, uow: UnitOfWork, upload: Upload, rows: Sequence[FileRow]) -> list[Judged]:
        hold_catalogue(uow)
        before = rows_by_code(uow.session, upload.id, Fate.CHANGED)
        return [self._taken(uow, *each) for each in _judge(uow.session, rows, before)]

    def _taken(self, uow: UnitOfWork, judged: Judged, change: Change | None) -> Judged:
        if judged.fate is Fate.CHANGED and change is not None:
            texts = change_product(uow, change.product_id, change.before, change.after)
            self._renamed(uow, change.product_id, *texts)
            return judged
        if judged.fate is not Fate.NEW:
            return judged
        made = read_product(Cells(judged.row, COLUMNS)).register(uow)
        return Judged(judged.row, Fate.NEW, judged.title, made=made.pd_code)


@dataclass(frozen=True)
class Change:
    """What a row changes of a product: the same keys before and after."""

    product_id: int
    before: dict[str, str]
    after: dict[str, str]

    @property
    def note(self) -> str:
        labels = {each.key: each.label for each in COLUMNS}
        return "／".join(
            f"{labels[key]}：{self.before[key] or '（空）'} → {value}" for key, value in self.after.items()
        )


def _judge(
    session: Session, rows: Sequence[FileRow], changed: Mapping[str, int]
) -> list[tuple[Judged, Change | None]]:
    """`changed`: PD code → the row further up in the file that changes it."""
    cells = [Cells(row, COLUMNS) for row in rows]
    products = [read_product(each) for each in cells]
    known, done = known_to(session, products), dict(changed)
    return [_judged(each, product, known, done) for each, product in zip(cells, products, strict=True)]


def _judged(
    cells: Cells, product: ProductCells, known: KnownProducts, changed: dict[str, int]
) -> tuple[Judged, Change | None]:
    found = find_product(cells, product, known)
    title = " ".join(
        part for part in (product.name, product.brand, product.model_number, product.jan) if part
    )[:120]
    change = _change(cells, product, found, known) if product.pd_code and found else None
    if change is not None and product.pd_code in changed:
        cells.refuse("pd_code", f"{changed[product.pd_code]}行目で、同じ商品を変えています。")
    if cells.problems:
        return Judged(cells.row, Fate.REFUSED, title, "／".join(cells.problems)), None
    if found is None:
        known.add(Named(0, "", product.name), product.jan, product.identity)
        return Judged(cells.row, Fate.NEW, title), None
    if change is not None:
        changed[product.pd_code] = cells.row.number
        return Judged(
            cells.row, Fate.CHANGED, f"{found.pd_code} {found.name}"[:120], change.note, found.pd_code
        ), change
    same = (
        f"「{found.name}」（{found.pd_code}）として登録済みです。" if found.id else "上の行と同じ商品です。"
    )
    return Judged(cells.row, Fate.SAME, title, same, found.pd_code), None


def _change(cells: Cells, product: ProductCells, found: Named, known: KnownProducts) -> Change | None:
    """None where nothing differs. A JAN that another product has stands in `cells.problems`."""
    was = dict(zip(FIELDS, found.content, strict=True))
    wanted = dict(zip(FIELDS, product.content, strict=True))
    differs = [key for key in FIELDS if wanted[key] and wanted[key] != was[key]]
    if others := [each for each in known.by_jan.get(product.jan, []) if each.id != found.id]:
        cells.refuse("jan", f"「{others[0].name}」（{others[0].pd_code}）のJANコードです。")
    if not differs:
        return None
    return Change(found.id, {key: was[key] for key in differs}, {key: wanted[key] for key in differs})
