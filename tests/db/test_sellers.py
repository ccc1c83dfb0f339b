"""R37: the seller of a 買取: optional, encrypted, seen only by who may, deleted after its time, and never in a log."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient
from openpyxl import load_workbook

from recore.buyin.jobs import FORGET_SELLERS
from recore.buyin.models import PurchaseSeller
from recore.identity.models import Policy
from recore.identity.settings import change_setting
from recore.platform.audit import AuditEntry
from recore.platform.jobs import enqueue
from recore.platform.tables import read_table
from tests.support.desk import run_jobs, wired
from tests.support.every_route import rows_of
from tests.support.shop import Shop

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)
STAFF = {"staff_code": "1001"}
SECRET = {
    "name": "ヒミツ氏名𠮷", "address": "ヒミツ住所1-2-3", "birth_date": "1987-06-05", "occupation": "ヒミツ職業", "document": "運転免許証",
    "document_number": "999888777666",
}  # fmt: skip
LINE = {
    "name": "カメラ",
    "grade": "A",
    "cost": "1000",
    "price": "3000",
    "quantity": "2",
    "sales_route": "BOTH",
}


@pytest.fixture(autouse=True)
def at_noon() -> object:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def till(shop: Shop) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    client = shop.app.test_client()
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    return client


@pytest.fixture
def where(shop: Shop, till: FlaskClient) -> str:
    """A confirmed 買取 of a shop that keeps the ledger, with its seller."""
    with shop.work() as uow:
        change_setting(uow, "ledger.enabled", 1)
    found = str(till.post("/buyin").headers["Location"])
    till.post(f"{found}/lines", data=LINE)
    assert till.post(f"{found}/seller", data=SECRET).status_code == 302
    till.post(f"{found}/confirm", data=STAFF)
    return found


def actions(shop: Shop) -> list[tuple[str, str]]:
    with shop.read() as session:
        statement = sa.select(AuditEntry.action, AuditEntry.actor_label).where(
            AuditEntry.action.like("seller.%")
        )
        return [tuple(row) for row in session.execute(statement.order_by(AuditEntry.id))]


def kept(shop: Shop) -> int:
    with shop.read() as session:
        return session.scalar(sa.select(sa.func.count(PurchaseSeller.id))) or 0


def test_r37_it_is_off_until_the_shop_wants_it(shop: Shop, till: FlaskClient) -> None:
    found = till.post("/buyin").headers["Location"]
    assert "to-seller" not in till.get(found).text
    assert "to-ledger" not in till.get("/buyin").text
    assert till.post(f"{found}/seller", data=SECRET).status_code == 409
    assert kept(shop) == 0


def test_r37_every_look_and_export_is_audited_by_the_person(
    shop: Shop, till: FlaskClient, where: str
) -> None:
    assert SECRET["name"] not in till.get(where).text + till.get(f"{where}/seller").text
    assert till.post(f"{where}/seller/look", data={"staff_code": "1003"}).status_code == 403
    page = till.post(f"{where}/seller/look", data=STAFF)
    assert all(value in page.text for value in SECRET.values() if value != SECRET["birth_date"])
    assert "1987/06/05" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    form = {**STAFF, "since": "2026-11-28", "until": "2026-11-28"}
    till.post("/buyin/ledger", data=form)
    assert actions(shop) == [
        ("seller.keep", "店長PC"),
        ("seller.look", "佐藤 店長"),
        ("seller.export", "佐藤 店長"),
    ]


def test_r37_who_may_not_see_it_may_note_it(shop: Shop, where: str) -> None:
    clerk = shop.app.test_client()
    clerk.post("/login", data={"login_id": "till", "password": "demo-pass"})
    assert clerk.post(f"{where}/seller", data={**SECRET, "occupation": "自営業"}).status_code == 302
    assert clerk.post(f"{where}/seller/look", data=STAFF).status_code == 403
    assert clerk.get("/buyin/ledger").status_code == 403
    assert (
        clerk.post("/buyin/ledger", data={**STAFF, "since": "2026-11-28", "until": "2026-11-28"}).status_code
        == 403
    )
    with shop.read() as session:
        rules = session.scalars(sa.select(Policy.rules).where(Policy.name != "店長")).all()
    assert not any(each.get("ledger.read") for each in rules)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_r37_the_ledger_names_date_goods_features_quantity_price_and_seller(
    shop: Shop, till: FlaskClient, where: str, form: str
) -> None:
    other = str(till.post("/buyin").headers["Location"])
    till.post(f"{other}/lines", data={**LINE, "name": "=cmd()", "note": "@傷あり"})
    till.post(f"{other}/confirm", data=STAFF)
    period = {**STAFF, "since": "2026-11-28", "until": "2026-11-28", "format": form}
    answer = till.post("/buyin/ledger", data=period)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="kobutsu_20261128_20261128.{form}"'
    table = read_table(answer.data)
    known, unknown = (dict(zip(table.header, row.cells, strict=True)) for row in table.rows)
    assert known == {
        "取引年月日": "2026/11/28", "買取番号": "B000001", "区分": "買受", "品目": "カメラ", "特徴": "グレードA", "数量": "2",
        "代価（円）": "2000", "相手方の氏名": SECRET["name"], "住所": SECRET["address"], "生年月日": "1987/06/05",
        "職業": SECRET["occupation"], "確認の方法": "運転免許証", "書類の番号": "999888777666",
    }  # fmt: skip
    assert unknown["相手方の氏名"] == "（記録なし）"
    assert unknown["品目"] == ("=cmd()" if form == "xlsx" else "'=cmd()")
    if form == "xlsx":
        cells = load_workbook(io.BytesIO(answer.data)).active["D3"]
        assert (cells.value, cells.data_type) == ("=cmd()", "s")
    before = till.post("/buyin/ledger", data={**period, "since": "2026-11-27", "until": "2026-11-27"})
    assert read_table(before.data).rows == ()


@pytest.mark.parametrize(
    ("since", "until"),
    [("", "2026-11-28"), ("2026-11-28", "2026-11-27"), ("2025-01-01", "2026-11-28"), ("x", "9999-12-31")],
)
def test_r37_a_period_that_makes_no_sense_is_named(
    shop: Shop, till: FlaskClient, where: str, since: str, until: str
) -> None:
    answer = till.post("/buyin/ledger", data={**STAFF, "since": since, "until": until})
    assert answer.status_code == 422
    assert "problem-since" in answer.text or "problem-until" in answer.text


WRONG = [
    ("name", ""), ("name", "あ" * 101), ("name", "一\n二"), ("address", ""), ("birth_date", "昭和62年"), ("birth_date", "2027-01-01"),
    ("birth_date", "1899-12-31"), ("occupation", "\0"), ("document", "学生証"), ("document", "マイナンバーカード"), ("document_number", ""),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), WRONG, ids=[f"{field}-{value[:6]!r}" for field, value in WRONG])
def test_r37_what_may_not_be_noted_is_refused_at_its_field(
    shop: Shop, till: FlaskClient, where: str, field: str, value: str
) -> None:
    before = rows_of(shop)
    answer = till.post(f"{where}/seller", data={**SECRET, field: value})
    assert answer.status_code == 422
    at = "document_number" if value == "マイナンバーカード" else field
    assert f'data-testid="problem-{at}"' in answer.text
    assert rows_of(shop) == before


def test_rule_13_nothing_of_a_seller_stands_in_any_table_or_log_in_plain_text(
    shop: Shop,
    till: FlaskClient,
    where: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level("DEBUG")
    till.post(f"{where}/seller", data={**SECRET, "birth_date": "x"})
    till.post(f"{where}/seller", data=SECRET)
    till.post(f"{where}/seller/look", data=STAFF)
    till.post("/buyin/ledger", data={**STAFF, "since": "2026-11-28", "until": "2026-11-28"})
    with shop.work() as uow:
        enqueue(uow, FORGET_SELLERS, {})
    run_jobs(shop)
    assert kept(shop) == 1
    output = capfd.readouterr()
    everything = f"{rows_of(shop)}{caplog.text}{output.out}{output.err}"
    for secret in (SECRET["name"], "ヒミツ", SECRET["document_number"], SECRET["birth_date"], "1987/06/05"):
        assert secret not in everything
        assert repr(secret.encode())[2:-1] not in everything


def test_rule_13_a_seller_is_deleted_when_its_own_time_is_over(
    shop: Shop, till: FlaskClient, where: str
) -> None:
    with shop.work() as uow:
        change_setting(uow, "ledger.retention_days", 10)
    till.post(f"{where}/seller", data=SECRET)
    for days, left in ((9, 1), (11, 0)):
        with time_machine.travel(NOW + timedelta(days=days)):
            with shop.work() as uow:
                enqueue(uow, FORGET_SELLERS, {})
            run_jobs(shop)
            assert kept(shop) == left
    assert till.post(f"{where}/seller/look", data=STAFF).status_code == 404
    assert till.get(where).status_code == 200


def test_r37_a_purchase_that_is_called_off_forgets_its_seller(
    shop: Shop, till: FlaskClient, where: str
) -> None:
    found = str(till.post("/buyin").headers["Location"])
    till.post(f"{found}/seller", data=SECRET)
    assert kept(shop) == 2
    till.post(f"{found}/cancel")
    assert kept(shop) == 1
    assert till.post(f"{found}/seller", data=SECRET).status_code == 409


def test_r37_the_next_customer_never_gets_the_draft_of_one_who_left(
    shop: Shop, till: FlaskClient, where: str
) -> None:
    left = str(till.post("/buyin").headers["Location"])
    till.post(f"{left}/seller", data=SECRET)
    assert till.post("/buyin").headers["Location"] not in (left, where)


def test_rule_13_a_seller_of_one_tenant_cannot_be_read_with_the_key_of_another_place(
    shop: Shop, where: str
) -> None:
    with shop.read() as session:
        cipher = session.scalars(sa.select(PurchaseSeller.cipher)).one()
    keyring = wired(shop).keyring
    for tenant, table in ((shop.tenant_id + 1, "purchase_sellers"), (shop.tenant_id, "order_buyers")):
        with pytest.raises(Exception, match="CIPHER_BROKEN"):
            keyring.decrypt_json(cipher, tenant_id=tenant, table=table, purpose="seller")
