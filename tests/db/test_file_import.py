"""R4: products and stock from Excel and CSV: a result per row, the refused rows back, the same file twice changes nothing."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from recore.buyin.jobs import FORGET
from recore.buyin.models import Purchase, PurchaseLine, PurchaseState
from recore.buyin.rules import Seller
from recore.buyin.sellers import keep as keep_seller
from recore.catalog.models import Product
from recore.catalog.service import register_product
from recore.identity.models import Shop as ShopRow
from recore.identity.models import Staff
from recore.identity.settings import change_setting
from recore.listings import import_undo
from recore.platform import imports
from recore.platform.audit import AuditEntry
from recore.platform.import_rules import REASON, Fate, ImportState
from recore.platform.import_undo import UNDO
from recore.platform.imports import TAKE, FileImport, FileImportRow
from recore.platform.jobs import Job, JobState, enqueue
from recore.platform.tables import read_table, write_csv
from recore.sales.service import SaleLine, sell
from recore.stock.models import StockItem, StockLedgerEntry
from recore.stock.rules import ReservationKind, SalesRoute
from recore.stock.service import adjust, hold
from tests.support.desk import run_jobs, wired
from tests.support.every_route import SELLER
from tests.support.shop import Shop
from tests.support.store import listing

JAN = "4902370535709"
HEADER = ("取込番号", "商品名", "JANコード", "グレード", "買取価格", "販売価格", "数量", "販路")
WATCH = ("K-1", "腕時計", "", "A", "1,000", "5,000円", "2", "併売")
CAMERA = ("K-2", "カメラ", JAN, "b", "800", "３０００", "", "ECのみ")
BAD = ("K-3", "皿", "", "Z", "千円", "1", "0", "通販")
LATER = datetime(2026, 11, 28, 3, tzinfo=UTC)


@pytest.fixture
def till(shop: Shop) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    client = shop.app.test_client()
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    return client


def csv_of(*rows: Sequence[str], header: Sequence[str] = HEADER) -> bytes:
    return write_csv(header, rows)


def xlsx_of(*rows: Sequence[Any]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    return book


def bytes_of(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def uploaded(till: FlaskClient, body: bytes, kind: str = "stock", name: str = "在庫.csv") -> TestResponse:
    return till.post("/buyin/imports", data={"kind": kind, "file": (io.BytesIO(body), name)})


def previewed(till: FlaskClient, body: bytes, kind: str = "stock") -> dict[int, tuple[str, str]]:
    """(what it would do, why) of each row by its number."""
    page = till.get(uploaded(till, body, kind).headers["Location"]).text
    rows = re.findall(r'data-testid="row-(\d+)">(.*?)</tr>', page, re.S)
    texts = {
        int(number): [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.S)]
        for number, row in rows
    }
    return {number: (cells[1], cells[3]) for number, cells in texts.items()}


def take(shop: Shop, till: FlaskClient, body: bytes, kind: str = "stock") -> int:
    where = uploaded(till, body, kind).headers["Location"]
    assert till.post(f"{where}/take", data={"staff_code": "1001"}).status_code == 302
    run_jobs(shop)
    return int(where.rsplit("/", 1)[-1])


def fates(shop: Shop, import_id: int) -> dict[int, str]:
    with shop.read() as session:
        return {row.row_number: Fate(row.fate).name for row in imports.results(session, import_id)}


def stock(shop: Shop) -> list[tuple[Any, ...]]:
    with shop.read() as session:
        rows = session.execute(
            sa.select(
                Product.name,
                Product.jan,
                StockItem.grade,
                StockItem.cost,
                StockItem.price,
                StockItem.on_hand,
                StockItem.sales_route,
            )
            .join(Product, Product.id == StockItem.product_id)
            .order_by(StockItem.id)
        )
        return [tuple(row) for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_r4_the_good_rows_become_stock_and_the_bad_ones_come_back_with_their_reasons(
    shop: Shop, till: FlaskClient, encoding: str
) -> None:
    body = csv_of(WATCH, CAMERA, BAD).decode("utf-8-sig").encode(encoding)
    shown = previewed(till, body)
    assert [fate for fate, _ in shown.values()] == ["取り込めない", "追加", "追加"]
    assert stock(shop) == []
    import_id = take(shop, till, body)
    assert fates(shop, import_id) == {2: "NEW", 3: "NEW", 4: "REFUSED"}
    assert stock(shop) == [
        ("腕時計", None, "A", 1000, 5000, 2, SalesRoute.BOTH),
        ("カメラ", JAN, "B", 800, 3000, 1, SalesRoute.EC_ONLY),
    ]
    refused = read_table(till.get(f"/buyin/imports/{import_id}/refused").data)
    assert refused.header == (*HEADER, REASON)
    (row,) = refused.rows
    assert row.cells[:-1] == BAD
    for said in ("「グレード」の「Z」：S・A・B・C・D・Jのどれか", "「買取価格」の「千円」：数字", "「数量」の「0」：1〜9,999点", "「販路」の「通販」：店頭のみ・併売・ECのみ"):  # fmt: skip
        assert said in row.cells[-1]


def test_r4_the_same_file_twice_changes_nothing_and_a_corrected_one_adds_only_what_was_refused(
    shop: Shop, till: FlaskClient
) -> None:
    first = take(shop, till, csv_of(WATCH, CAMERA, BAD))
    before = stock(shop)
    shown = previewed(till, csv_of(CAMERA, WATCH))
    assert shown[2] == ("変わらない", "取り込み済みです（IT0000002）。")
    assert fates(shop, take(shop, till, csv_of(WATCH, CAMERA, BAD))) == {2: "SAME", 3: "SAME", 4: "REFUSED"}
    assert stock(shop) == before
    header, row = (
        (table := read_table(till.get(f"/buyin/imports/{first}/refused").data)).header,
        table.rows[0],
    )
    corrected = [*row.cells[:3], "C", "10", "20", "1", "店頭のみ", row.cells[-1]]
    assert fates(shop, take(shop, till, csv_of(corrected, header=header))) == {2: "NEW"}
    assert stock(shop)[2:] == [("皿", None, "C", 10, 20, 1, SalesRoute.STORE_ONLY)]


def test_r4_an_old_number_on_other_goods_is_refused_and_never_lost_in_silence(
    shop: Shop, till: FlaskClient
) -> None:
    take(shop, till, csv_of(WATCH))
    other = ("K-1", "別の時計", *WATCH[2:])
    double = ("K-9", *WATCH[1:])
    shown = previewed(till, csv_of(other, double, double))
    assert shown[2] == (
        "取り込めない",
        "「取込番号」の「K-1」：IT0000001として、別の内容で取り込み済みです。別の商品なら、番号を変えてください。",
    )
    assert shown[3][0] == "追加"
    assert shown[4] == (
        "取り込めない",
        "「取込番号」の「K-9」：3行目と同じ番号です。行ごとに違う番号にしてください。",
    )


def test_r4_excel_cells_stay_what_was_typed(shop: Shop, till: FlaskClient) -> None:
    header = (
        "取込番号",
        "商品名",
        "ＪＡＮ",
        "グレード",
        "買取価格（円）",
        "販売価格",
        "販路",
        "買取日",
        "仕入先",
    )
    book = xlsx_of(
        header,
        ("0001", "文字のJAN", "0036000291452", "A", 100, 200.0, "併売", datetime(2026, 11, 1)),
        (1, "数のJAN", 4901234567894.0, "A", 100, "1,200円", "ＥＣのみ", "2026年11月2日"),
        (2, "指数のJAN", "4.90123E+12", "A", 100, 200, "併売", None),
        (3, "=1+1", None, "A", "=100*2", 200.5, "併売", 46327),
    )
    hidden = book.create_sheet("hidden", 0)
    hidden.sheet_state = "hidden"
    hidden.append(["取込番号"])
    book.active = 1
    shown = previewed(till, bytes_of(book))
    assert [shown[number][0] for number in (2, 3, 4, 5)] == ["追加", "追加", "取り込めない", "取り込めない"]
    assert "「JANコード」の「4.90123E+12」：Excelで桁が失われています" in shown[4][1]
    for said in (
        "「商品名」の「=1+1」：数式は読めません",
        "「買取価格」の「=100*2」：数字",
        "「販売価格」の「200.5」：数字",
        "「買取日」の「46327」：日付は",
    ):
        assert said in shown[5][1]
    take(shop, till, bytes_of(book))
    assert [(name, jan, price) for name, jan, _, _, price, *_ in stock(shop)] == [
        ("文字のJAN", "0036000291452", 200), ("数のJAN", "4901234567894", 1200),
    ]  # fmt: skip
    with shop.read() as session:
        days = session.scalars(sa.select(Purchase.confirmed_at).order_by(Purchase.id)).all()
    assert [day and (day + timedelta(hours=9)).date().isoformat() for day in days] == [
        "2026-11-01",
        "2026-11-02",
    ]


def test_r4_a_registered_product_is_used_and_a_new_one_registered_once(shop: Shop, till: FlaskClient) -> None:
    with shop.work() as uow:
        register_product(uow, name="カメラ", jan=JAN)
    header = ("取込番号", "PDコード", "商品名", "JAN", "グレード", "買取価格", "販売価格", "販路")
    rest = ("A", "1", "2", "併売")
    rows = [
        ("1", "ｐｄ0000001", "", "", *rest), ("2", "", "名前が違う", JAN, *rest), ("3", "", "新品", "", *rest),
        ("4", "", "新品", "", *rest), ("5", "PD9999999", "", "", *rest), ("6", "", "", "", *rest),
    ]  # fmt: skip
    shown = previewed(till, csv_of(*rows, header=header))
    assert "登録されていません" in shown[6][1]
    assert "「商品名」：入力してください" in shown[7][1]
    take(shop, till, csv_of(*rows, header=header))
    assert [row[0] for row in stock(shop)] == ["カメラ", "カメラ", "新品", "新品"]
    with shop.read() as session:
        assert session.scalar(sa.select(sa.func.count(Product.id))) == 2


def test_r4_products_alone(shop: Shop, till: FlaskClient) -> None:
    header = ("PDコード", "商品名", "ブランド", "JAN")
    rows = [
        ("", "カメラ", "キヤノン", JAN), ("", "腕時計", "", ""), ("", "腕時計", "", ""), ("", "皿", "", "4902370535708"),
        ("PD0000001", "カメラ", "ニコン", JAN),
    ]  # fmt: skip
    body = csv_of(*rows, header=header)
    first = take(shop, till, body, "products")
    assert fates(shop, first) == {2: "NEW", 3: "NEW", 4: "SAME", 5: "REFUSED", 6: "REFUSED"}
    results = till.get(f"/buyin/imports/{first}").text
    assert results.index("PD0000001") < results.index("カメラ") < results.index("PD0000002")
    with shop.read() as session:
        assert session.execute(sa.select(Product.pd_code, Product.name, Product.brand).order_by(Product.id)).all() == [
            ("PD0000001", "カメラ", "キヤノン"), ("PD0000002", "腕時計", None),
        ]  # fmt: skip
    again = take(shop, till, csv_of(*rows[:4], header=header), "products")
    assert fates(shop, again) == {2: "SAME", 3: "SAME", 4: "SAME", 5: "REFUSED"}
    assert stock(shop) == []


def test_r4_a_row_with_a_pd_code_changes_its_product_where_a_column_is_not_empty(
    shop: Shop, till: FlaskClient
) -> None:
    take(shop, till, csv_of(("K-1", "カメラ", JAN, *WATCH[3:]), ("K-2", "腕時計", "", *WATCH[3:])))
    header = ("PDコード", "商品名", "ブランド", "JAN", "カテゴリ")
    rows = [
        ("PD0000001", "デジタルカメラ", "ニコン", "", ""), ("PD0000002", "", "", "", "時計"), ("PD0000001", "", "キヤノン", "", ""),
        ("PD0000002", "", "", JAN, ""), ("PD9999999", "皿", "", "", ""), ("PD0000001", "", "", JAN, ""),
    ]  # fmt: skip
    body = csv_of(*rows, header=header)
    shown = previewed(till, body, "products")
    assert shown[2] == ("変更", "商品名：カメラ → デジタルカメラブランド：（空） → ニコン")
    assert shown[3] == ("変更", "カテゴリ：（空） → 時計")
    assert shown[4] == ("取り込めない", "「PDコード」の「PD0000001」：2行目で、同じ商品を変えています。")
    assert f"「JANコード」の「{JAN}」：「カメラ」（PD0000001）のJANコードです。" in shown[5][1]
    assert shown[6][0] == "取り込めない" and shown[7][0] == "変わらない"
    import_id = take(shop, till, body, "products")
    assert fates(shop, import_id) == {
        2: "CHANGED",
        3: "CHANGED",
        4: "REFUSED",
        5: "REFUSED",
        6: "REFUSED",
        7: "SAME",
    }
    assert "変更 <strong>2行</strong>" in till.get(f"/buyin/imports/{import_id}").text
    with shop.read() as session:
        now = session.execute(
            sa.select(Product.name, Product.brand, Product.jan, Product.category).order_by(Product.id)
        )
        assert [tuple(row) for row in now] == [
            ("デジタルカメラ", "ニコン", JAN, None),
            ("腕時計", None, None, "時計"),
        ]
        entry = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "product.change").limit(1)
        ).one()
        assert (entry.subject_label, entry.before) == ("PD0000001", {"name": "カメラ", "brand": ""})
    assert "IT0000001" in till.get("/stock?q=にこん").text  # its stock is found by what it is called now
    assert "IT0000001" not in till.get("/stock?q=腕時計").text
    good = csv_of(*rows[:2], header=header)
    assert fates(shop, take(shop, till, good, "products")) == {2: "SAME", 3: "SAME"}


def test_r4_two_rows_about_one_product_are_told_apart_however_far_they_lie_from_each_other(
    shop: Shop, till: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 1)
    take(shop, till, csv_of(WATCH))
    header = ("PDコード", "商品名")
    body = csv_of(("PD0000001", "時計"), ("PD0000001", "懐中時計"), header=header)
    assert fates(shop, take(shop, till, body, "products")) == {2: "CHANGED", 3: "REFUSED"}
    with shop.read() as session:
        assert session.scalars(sa.select(Product.name)).all() == ["時計"]


def test_r4_the_template_is_a_file_that_can_be_filled_in_and_taken(shop: Shop, till: FlaskClient) -> None:
    for kind in ("stock", "products"):
        table = read_table(till.get(f"/buyin/imports/template/{kind}").data)
        assert table.rows == ()
    filled = dict(zip(table.header, [""] * len(table.header), strict=True)) | {"商品名": "カメラ"}
    assert fates(shop, take(shop, till, csv_of(list(filled.values()), header=table.header), "products")) == {
        2: "NEW"
    }


def test_r4_a_job_that_was_killed_half_way_goes_on_without_doubles(
    shop: Shop, till: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 2)
    rows = [(f"K-{number}", f"商品{number}", *WATCH[2:]) for number in range(5)]
    kind, calls = wired(shop).jobs.kinds[TAKE], []
    importer = kind.handler.__self__  # type: ignore[attr-defined]
    inner = importer.kinds["stock"]

    def dies(uow: Any, upload: Any, rows: Any) -> Any:
        calls.append(len(rows))
        if len(calls) == 2:
            raise KeyboardInterrupt  # as a kill: nobody catches it
        return inner.take(uow, upload, rows)

    class Dying:
        columns, judge, take = inner.columns, staticmethod(inner.judge), staticmethod(dies)

    where = uploaded(till, csv_of(*rows)).headers["Location"]
    till.post(f"{where}/take", data={"staff_code": "1001"})
    monkeypatch.setitem(importer.kinds, "stock", Dying())
    with pytest.raises(KeyboardInterrupt):
        run_jobs(shop)
    assert len(stock(shop)) == 2
    with shop.work() as uow:
        uow.session.execute(
            sa.update(Job).where(Job.kind == TAKE).values(lease_until=uow.at - timedelta(seconds=1)),
            execution_options={"synchronize_session": False},
        )
    run_jobs(shop)
    assert [row[0] for row in stock(shop)] == [f"商品{number}" for number in range(5)]
    assert calls == [2, 2, 2, 1]
    with shop.read() as session:
        assert session.scalars(sa.select(FileImport.state)).one() is ImportState.DONE


def test_r4_two_imports_of_one_file_at_once_make_the_stock_once(shop: Shop, till: FlaskClient) -> None:
    rows = [(f"K-{number}", f"商品{number}", *WATCH[2:]) for number in range(10)]
    places = [uploaded(till, csv_of(*rows)).headers["Location"] for _ in range(2)]
    for where in places:
        till.post(f"{where}/take", data={"staff_code": "1001"})
    workers = [threading.Thread(target=run_jobs, args=[shop]) for _ in places]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(row[0] for row in stock(shop)) == sorted(row[1] for row in rows)
    found = [fates(shop, int(where.rsplit("/", 1)[-1])) for where in places]
    one, other = found
    assert len(one) == len(other) == 10
    assert all({one[number], other[number]} == {"NEW", "SAME"} for number in one)


def test_r4_a_row_that_breaks_unexpectedly_is_named_and_the_others_go_in(
    shop: Shop, till: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = StockItem.__init__

    def breaks(self: StockItem, **values: Any) -> None:
        if values["cost"] == 800:
            raise ZeroDivisionError("秘密の値")
        original(self, **values)

    monkeypatch.setattr(StockItem, "__init__", breaks)
    import_id = take(shop, till, csv_of(WATCH, CAMERA))
    assert fates(shop, import_id) == {2: "NEW", 3: "REFUSED"}
    with shop.read() as session:
        (note,) = session.scalars(sa.select(FileImportRow.note).where(FileImportRow.fate == "R")).all()
        assert "運用者" in note
        assert session.scalar(sa.select(sa.func.count(Product.id))) == 1
        assert session.scalars(sa.select(Purchase.state)).all() == [PurchaseState.CONFIRMED]


def test_r4_while_the_database_is_away_no_row_is_refused_and_the_job_comes_again(
    shop: Shop, till: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that breaks is refused by itself; that the database was away for a moment says nothing of the row."""
    real, calls = imports._note, []

    def away_at_first(*given: Any) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise OperationalError("INSERT", {}, Exception("the connection is gone"))
        real(*given)

    monkeypatch.setattr(imports, "_note", away_at_first)
    import_id = take(shop, till, csv_of(WATCH, CAMERA))
    assert (fates(shop, import_id), stock(shop), len(calls)) == ({}, [], 1)
    assert "取り込んでいます" in till.get(f"/buyin/imports/{import_id}").text
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
        run_jobs(shop)
    assert fates(shop, import_id) == {2: "NEW", 3: "NEW"}
    assert len(stock(shop)) == 2


WHOLE_FILE = [
    (b"", "ファイルに何も書かれていません"),
    (b"\xff\xd8\xff\xe0photo", "画像のファイルです"),
    (b"PK\x03\x04not a zip", "Excel"),
    ("取込番号,商品名".encode("utf-16"), "文字コード"),
    (b"a,b\r\n1,2\r\n", "列「取込番号」「グレード」"),
    (write_csv([*HEADER, "仕入番号"], [[*WATCH, "1"]]), "同じ意味の列が2つ"),
    (write_csv(HEADER, []), "行が1つもありません"),
    (write_csv(HEADER, []) + b"1\r\n" * 100_000, "20,000行を超えています"),
    (b"x" * (imports.MAX_BYTES + 1), "10MBを超えています"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "said"), WHOLE_FILE, ids=[said[:12] for _, said in WHOLE_FILE])
def test_r4_a_file_that_cannot_be_read_is_refused_at_the_form(
    shop: Shop, till: FlaskClient, body: bytes, said: str
) -> None:
    answer = uploaded(till, body, name="変な<b>名前.xlsx")
    assert answer.status_code == 422
    assert said in answer.text
    assert "「変な&lt;b&gt;名前.xlsx」" in answer.text
    with shop.read() as session:
        assert session.scalar(sa.select(sa.func.count(FileImport.id))) == 0


def test_hostile_cells_are_text_or_a_named_problem(shop: Shop, till: FlaskClient) -> None:
    texts = [
        "<script>alert(1)</script>",
        "あ" * 10_000,
        "😀",
        "𠮷野家",
        "ﾊﾝｶｸ",
        "一行目\n二行目",
        "=cmd()",
        "%_\\'",
        "-1+1",
    ]
    rows = [(f"N{at}", text, *WATCH[2:]) for at, text in enumerate(texts)]
    rows += [(text, "皿", *WATCH[2:]) for text in texts]
    rows += [(f"G{at}", "皿", text, text, text, text, text, text) for at, text in enumerate(texts)]
    where = uploaded(till, csv_of(*rows)).headers["Location"]
    assert "<script>alert" not in till.get(where).text
    import_id = take(shop, till, csv_of(*rows))
    assert [row[0] for row in stock(shop)] == [
        "<script>alert(1)</script>", "😀", "𠮷野家", "ﾊﾝｶｸ", "%_\\'", "-1+1", *["皿"] * 6,
    ]  # fmt: skip
    assert "<script>alert" not in till.get(f"/buyin/imports/{import_id}").text
    assert till.get(f"/buyin/imports/{import_id}/refused").status_code == 200


def test_r4_a_file_is_kept_encrypted_and_not_for_long(shop: Shop, till: FlaskClient) -> None:
    secret = "ヒミツノ仕入先"
    header, rows = (*HEADER, "仕入先"), [(*WATCH, secret), (*BAD, secret)]
    uploaded(till, csv_of(*rows, header=header))
    import_id = take(shop, till, csv_of(*rows, header=header))
    with shop.read() as session:
        for table in (FileImport, FileImportRow, Job, Product, StockItem, PurchaseLine):
            assert secret not in str(session.execute(sa.select(table.__table__)).all())
    with time_machine.travel(datetime.now(UTC) + timedelta(days=8)):
        with shop.work() as uow:
            enqueue(uow, FORGET, {})
        run_jobs(shop)
    with shop.read() as session:
        assert session.execute(sa.select(FileImport.id, FileImport.cipher)).all() == [(import_id, None)]
    assert till.get(f"/buyin/imports/{import_id}/refused").status_code == 409
    assert "1行は取り込みませんでした" in till.get(f"/buyin/imports/{import_id}").text


def test_r4_a_job_that_is_given_up_says_so_and_gives_the_rest_back(shop: Shop, till: FlaskClient) -> None:
    where = uploaded(till, csv_of(WATCH)).headers["Location"]
    till.post(f"{where}/take", data={"staff_code": "1001"})
    with shop.work() as uow:
        uow.session.execute(
            sa.update(Job).where(Job.kind == TAKE).values(deaths=8),
            execution_options={"synchronize_session": False},
        )
    run_jobs(shop)
    with shop.read() as session:
        assert session.scalars(sa.select(Job.state).where(Job.kind == TAKE)).one() is JobState.FAILED
    assert "途中で止まりました" in till.get(where).text
    assert read_table(till.get(f"{where}/refused").data).rows[0].cells[:8] == WATCH
    assert stock(shop) == []


def test_r4_taking_needs_a_staff_code_that_may_buy_in(shop: Shop, till: FlaskClient) -> None:
    where = uploaded(till, csv_of(WATCH)).headers["Location"]
    assert till.post(f"{where}/take", data={"staff_code": "9999"}).status_code == 401
    run_jobs(shop)
    assert stock(shop) == []


# --- この取込を取り消す ------------------------------------------------------------------------------------------


def undo(shop: Shop, till: FlaskClient, import_id: int, code: str = "1001") -> int:
    status = till.post(f"/buyin/imports/{import_id}/undo", data={"staff_code": code}).status_code
    run_jobs(shop)
    return status


def item_of(shop: Shop, it_code: str) -> int:
    with shop.read() as session:
        return session.scalars(sa.select(StockItem.id).where(StockItem.it_code == it_code)).one()


def test_r4_an_import_is_taken_back_but_for_what_was_touched_which_is_named(
    shop: Shop, till: FlaskClient
) -> None:
    rows = [(f"K-{number}", f"商品{number}", *WATCH[2:]) for number in range(7)]
    import_id = take(shop, till, csv_of(*rows, BAD))
    free, sold, held, counted, listed, released, last = (item_of(shop, f"IT000000{at}") for at in range(1, 8))
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        shop_id = uow.session.scalars(sa.select(ShopRow.id)).one()
        sell(uow, "k1", shop_id, staff, [SaleLine(sold, 1, 5000)])
        hold(uow, held, ReservationKind.BID, 1, 1)
        adjust(uow, counted, 3, "棚卸")
        hold(uow, released, ReservationKind.BID, 2, 1)
        hold(uow, released, ReservationKind.BID, 2, 0)
    listing(shop, shop.yahoo_account(), listed, "IT0000005")
    assert undo(shop, till, import_id) == 302
    assert [shop.counts(each)[0] for each in (free, sold, held, counted, listed, released, last)] == [
        0,
        1,
        2,
        3,
        2,
        2,
        0,
    ]
    page = till.get(f"/buyin/imports/{import_id}").text
    assert "<strong>2行</strong>の在庫を取り消しました" in page and "5行は残しました" in page
    for at in (2, 3, 4, 6):
        assert f"「IT000000{at}」は、売れたか、確保されたか、数が直されたため、残しました。" in page
    assert "「IT0000005」は、出品したことがあるため、残しました。" in page
    with shop.read() as session:
        actions = session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
        lines = session.scalars(sa.select(PurchaseLine.import_key).order_by(PurchaseLine.id)).all()
    assert (actions.count("import.undo"), actions.count("stock.adjust")) == (1, 3)
    assert lines == [None, "K-1", "K-2", "K-3", "K-4", "K-5", None]
    assert undo(shop, till, import_id) == 409
    assert [shop.counts(each)[0] for each in (free, sold)] == [0, 1]


def test_r4_after_it_was_taken_back_the_corrected_file_goes_in_under_the_same_numbers(
    shop: Shop, till: FlaskClient
) -> None:
    import_id = take(shop, till, csv_of(WATCH, CAMERA))
    assert undo(shop, till, import_id) == 302
    with shop.read() as session:
        assert session.scalars(sa.select(Purchase.state)).all() == [PurchaseState.CANCELLED]
    corrected = (*WATCH[:4], "2,000", *WATCH[5:])
    assert fates(shop, take(shop, till, csv_of(corrected, CAMERA))) == {2: "NEW", 3: "NEW"}
    with shop.read() as session:
        found = session.execute(
            sa.select(StockItem.it_code, StockItem.on_hand, StockItem.cost).order_by(StockItem.id)
        )
        assert [tuple(row) for row in found] == [
            ("IT0000001", 0, 1000), ("IT0000002", 0, 800), ("IT0000003", 2, 2000), ("IT0000004", 1, 800),
        ]  # fmt: skip
        assert session.scalar(sa.select(sa.func.count(Product.id))) == 2


def test_r4_a_purchase_with_its_seller_in_the_ledger_is_not_taken_back(shop: Shop, till: FlaskClient) -> None:
    import_id = take(shop, till, csv_of(WATCH))
    with shop.work() as uow:
        change_setting(uow, "ledger.enabled", 1)
        purchase_id = uow.session.scalars(sa.select(Purchase.id)).one()
        keep_seller(uow, wired(shop).keyring, purchase_id, Seller(**SELLER))
    undo(shop, till, import_id)
    assert "売り主が記録されているため、残しました" in till.get(f"/buyin/imports/{import_id}").text
    assert shop.counts(item_of(shop, "IT0000001"))[0] == 2


def test_r4_taking_back_goes_on_where_it_was_killed_and_needs_who_may_correct_stock(
    shop: Shop, till: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(f"K-{number}", f"商品{number}", *WATCH[2:]) for number in range(3)]
    import_id = take(shop, till, csv_of(*rows))
    assert undo(shop, till, import_id, "1003") == 403
    real, calls = import_undo.take_out_untouched, []

    def dies(*given: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt  # as a kill: nobody catches it
        real(*given)

    monkeypatch.setattr(import_undo, "take_out_untouched", dies)
    with pytest.raises(KeyboardInterrupt):
        undo(shop, till, import_id)
    assert "取り消しています" in till.get(f"/buyin/imports/{import_id}").text
    with shop.work() as uow:
        uow.session.execute(
            sa.update(Job).where(Job.kind == UNDO).values(lease_until=uow.at - timedelta(seconds=1)),
            execution_options={"synchronize_session": False},
        )
    run_jobs(shop)
    assert [row[5] for row in stock(shop)] == [0, 0, 0] and len(calls) == 4
    with shop.read() as session:
        moved = session.execute(sa.select(StockLedgerEntry.movement, StockLedgerEntry.on_hand_delta)).all()
    assert (
        sorted((str(row.movement), row.on_hand_delta) for row in moved)
        == [("ADJUST", -2)] * 3 + [("BUYIN", 2)] * 3
    )
