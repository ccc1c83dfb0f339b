"""R1, R2: who may enter, who acts, what they may do; and the settings in which shops differ."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from recore.demo import LOGIN_ID, PASSWORD
from recore.identity.models import Account, Policy, Staff
from recore.identity.rules import OPERATIONS, allows
from recore.identity.service import LOCK, MAX_FAILURES, identify_staff
from recore.identity.settings import DEFINITIONS, change_setting, setting
from recore.platform.audit import AuditEntry
from recore.platform.errors import Denied, NotIdentified
from tests.support.shop import Shop

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_csrf(shop: Shop) -> None:
    shop.app.config["WTF_CSRF_ENABLED"] = False


def log_in(client: FlaskClient, login_id: str = LOGIN_ID, password: str = PASSWORD) -> int:
    form = {"login_id": login_id, "password": password}
    return client.post("/login", data=form).status_code


def is_in(client: FlaskClient) -> bool:
    return client.get("/").status_code == 200


@pytest.fixture
def manager(client: FlaskClient) -> FlaskClient:
    assert log_in(client) == 302
    return client


@pytest.fixture
def till(new_client: Callable[[], FlaskClient]) -> FlaskClient:
    client = new_client()
    assert log_in(client, "till") == 302
    return client


def one(shop: Shop, table: type[Any], **by: object) -> Any:
    with shop.read() as session:
        return session.scalars(sa.select(table).filter_by(**by)).one()


def audited(shop: Shop, feature: str) -> list[tuple[str, str, Any, Any]]:
    with shop.read() as session:
        entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
        return [
            (each.action, each.subject_label, each.before, each.after)
            for each in entries
            if each.action.startswith(feature)
        ]


# --- logging in --------------------------------------------------------------------------------------------------


def test_r2_a_login_opens_the_shop_and_logging_out_closes_it(client: FlaskClient) -> None:
    assert not is_in(client)
    assert log_in(client) == 302 and is_in(client)
    client.post("/logout")
    assert not is_in(client)


@pytest.mark.parametrize(
    ("login_id", "password"), [("demo", "wrong"), ("nobody", "demo-pass"), ("", ""), ("demo", "")]
)
def test_r2_a_wrong_pair_says_nothing_about_which_half_is_wrong(
    client: FlaskClient, login_id: str, password: str
) -> None:
    answer = client.post("/login", data={"login_id": login_id, "password": password})
    assert answer.status_code == 422
    assert "ログインIDまたはパスワードが違います。" in answer.text
    assert not is_in(client)


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/ec/drafts?q=%E6%99%82%E8%A8%88", "/ec/drafts?q=%E6%99%82%E8%A8%88"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ],
)
def test_r2_after_logging_in_one_is_where_one_wanted_to_go_but_never_elsewhere(
    client: FlaskClient, wanted: str, goes_to: str
) -> None:
    form = {"login_id": "demo", "password": "demo-pass", "next": wanted}
    assert client.post("/login", data=form).headers["Location"] == goes_to


@pytest.mark.parametrize(
    ("sent_from", "goes_to"),
    [
        ("http://localhost/buyin/1?product_id=2", "/login?next=/buyin/1?product_id%3D2"),
        ("https://evil.example/buyin/1", "/login"),
        (None, "/login"),
    ],
)
def test_r2_a_form_sent_after_the_login_ended_leads_back_to_its_page_and_says_that_nothing_was_sent(
    client: FlaskClient, sent_from: str | None, goes_to: str
) -> None:
    answer = client.post("/buyin/1/lines", headers={"Referer": sent_from} if sent_from else {})
    assert unquote(answer.headers["Location"]) == unquote(goes_to)
    page = client.get(answer.headers["Location"]).text
    assert "まだ送られていません" in page and "data-unsent" in page


@pytest.mark.parametrize(
    ("address", "page"),
    [("/buyin/1/lines", "/buyin/1"), ("/counter/scan", "/counter"), ("/ec/drafts/7/list", "/ec/drafts/7")],
)
def test_r8_the_address_of_a_refused_form_opened_again_leads_to_its_page(
    client: FlaskClient, address: str, page: str
) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, page)


def test_r2_too_many_wrong_passwords_lock_the_login_for_a_while(
    shop: Shop, client: FlaskClient, new_client: Callable[[], FlaskClient]
) -> None:
    with time_machine.travel(NOW, tick=False):
        for _ in range(MAX_FAILURES):
            assert log_in(client, password="wrong") == 422
        assert log_in(client) == 422  # the right one, too
        assert log_in(new_client(), "till") == 302  # other logins are free
    with time_machine.travel(NOW + LOCK, tick=False):
        assert log_in(client) == 302
    assert one(shop, Account, login_id="demo").failed_logins == 0


def test_r2_a_success_in_between_starts_the_count_again(client: FlaskClient) -> None:
    for _ in range(2):
        for _ in range(MAX_FAILURES - 1):
            log_in(client, password="wrong")
        assert log_in(client) == 302


def test_r2_wrong_passwords_sent_all_at_once_are_all_counted(
    shop: Shop, new_client: Callable[[], FlaskClient]
) -> None:
    clients = [new_client() for _ in range(MAX_FAILURES + 2)]
    with ThreadPoolExecutor(len(clients)) as pool:
        assert set(pool.map(lambda each: log_in(each, password="wrong"), clients)) == {422}
    account = one(shop, Account, login_id="demo")
    assert account.failed_logins == MAX_FAILURES and account.locked_until is not None
    assert log_in(new_client()) == 422


# --- logins ------------------------------------------------------------------------------------------------------


def test_r2_a_login_for_a_further_till(
    shop: Shop, manager: FlaskClient, new_client: Callable[[], FlaskClient]
) -> None:
    policy_id = one(shop, Policy, name="店頭スタッフ").id
    form = {"login_id": "till2", "name": "2番レジ", "password": "eight-ch", "policy_id": policy_id}
    assert manager.post("/settings/logins", data=form).status_code == 302
    till = new_client()
    assert log_in(till, "till2", "eight-ch") == 302
    assert till.get("/counter").status_code == 200 and till.get("/settings/logins").status_code == 403
    again = manager.post("/settings/logins", data=form)
    assert again.status_code == 409
    assert 'data-testid="problem-login_id">ログインID「till2」はすでに使われています。' in again.text
    assert audited(shop, "login.") == [("login.add", "till2", None, {"name": "2番レジ", "policy": policy_id})]
    assert "eight-ch" not in one(shop, Account, login_id="till2").password_hash


@pytest.mark.parametrize("password", ["", "7-chars", "x" * 201])
def test_r2_a_password_has_eight_characters_at_least(shop: Shop, manager: FlaskClient, password: str) -> None:
    till = one(shop, Account, login_id="till")
    form = {"login_id": "till2", "name": "2番レジ", "password": password, "policy_id": till.policy_id}
    for path, sent in (
        ("/settings/logins", form),
        (f"/settings/logins/{till.id}/password", {"password": password}),
    ):
        answer = manager.post(path, data=sent)
        assert answer.status_code == 422 and 'data-testid="problem-password"' in answer.text
    assert one(shop, Account, login_id="till").password_hash == till.password_hash
    assert audited(shop, "login.") == []


def test_r2_a_new_password_logs_the_old_one_out(
    shop: Shop, manager: FlaskClient, till: FlaskClient, new_client: Callable[[], FlaskClient]
) -> None:
    login = one(shop, Account, login_id="till").id
    assert (
        manager.post(f"/settings/logins/{login}/password", data={"password": "new-password"}).status_code
        == 302
    )
    assert not is_in(till)
    assert log_in(new_client(), "till") == 422
    assert log_in(new_client(), "till", "new-password") == 302
    assert audited(shop, "login.") == [("login.password", "till", None, None)]


def test_r2_ones_own_new_password_keeps_this_browser_only(
    shop: Shop, manager: FlaskClient, new_client: Callable[[], FlaskClient]
) -> None:
    elsewhere = new_client()
    log_in(elsewhere)
    own = one(shop, Account, login_id="demo").id
    manager.post(f"/settings/logins/{own}/password", data={"password": "new-password"})
    assert is_in(manager) and not is_in(elsewhere)


def test_r2_a_new_password_lifts_the_lock(
    shop: Shop, manager: FlaskClient, new_client: Callable[[], FlaskClient]
) -> None:
    for _ in range(MAX_FAILURES):
        log_in(new_client(), "till", "wrong")
    login = one(shop, Account, login_id="till").id
    manager.post(f"/settings/logins/{login}/password", data={"password": "new-password"})
    assert log_in(new_client(), "till", "new-password") == 302


def test_r2_a_disabled_login_is_out_at_once_and_comes_back(
    shop: Shop, manager: FlaskClient, till: FlaskClient, new_client: Callable[[], FlaskClient]
) -> None:
    login = one(shop, Account, login_id="till").id
    assert manager.post(f"/settings/logins/{login}/disable").status_code == 302
    assert not is_in(till)
    assert log_in(new_client(), "till") == 422
    manager.post(f"/settings/logins/{login}/enable")
    assert not is_in(till)  # the old session stays dead
    assert log_in(new_client(), "till") == 302
    assert [each[3] for each in audited(shop, "login.")] == [{"is_enabled": False}, {"is_enabled": True}]


def test_r2_nobody_disables_the_login_they_use(shop: Shop, manager: FlaskClient) -> None:
    own = one(shop, Account, login_id="demo").id
    answer = manager.post(f"/settings/logins/{own}/disable")
    assert answer.status_code == 409 and "いま使っているログインは停止できません。" in answer.text
    assert is_in(manager)


def test_r2_the_last_login_that_manages_staff_keeps_its_policy(shop: Shop, manager: FlaskClient) -> None:
    own, clerk = one(shop, Account, login_id="demo"), one(shop, Policy, name="店頭スタッフ").id
    answer = manager.post(f"/settings/logins/{own.id}", data={"name": "店長PC", "policy_id": clerk})
    assert answer.status_code == 409 and "有効なログインがなくなります。" in answer.text
    assert one(shop, Account, login_id="demo").policy_id == own.policy_id
    other = one(shop, Account, login_id="till").id
    manager.post(f"/settings/logins/{other}", data={"name": "レジPC", "policy_id": own.policy_id})
    moved = manager.post(f"/settings/logins/{own.id}", data={"name": "店長PC", "policy_id": clerk})
    assert moved.status_code == 302 and manager.get("/settings/logins").status_code == 403


def test_r2_two_managers_cannot_take_the_last_permission_from_each_other(
    shop: Shop, manager: FlaskClient, till: FlaskClient
) -> None:
    own, other = one(shop, Account, login_id="demo"), one(shop, Account, login_id="till")
    manager.post(f"/settings/logins/{other.id}", data={"name": "レジPC", "policy_id": own.policy_id})
    start = threading.Barrier(2)

    def disable(client: FlaskClient, login: int) -> int:
        start.wait(10)
        return client.post(f"/settings/logins/{login}/disable").status_code

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(disable, (manager, till), (other.id, own.id)))
    with shop.read() as session:
        enabled = sa.select(Account.id).where(Account.is_enabled, Account.policy_id == own.policy_id)
        assert session.scalars(enabled).first() is not None


# --- staff -------------------------------------------------------------------------------------------------------


def identify(shop: Shop, code: str, operation: str) -> str:
    with shop.work() as uow:
        return identify_staff(uow, code, operation).name


def test_r2_staff_say_who_they_are_by_code_and_need_the_permission(shop: Shop) -> None:
    assert identify(shop, " 1002 ", "ec.list") == "鈴木 EC担当"
    refusals = {"": "STAFF_CODE_MISSING", "9999": "STAFF_UNKNOWN"}
    for code, expected in refusals.items():
        with pytest.raises(NotIdentified) as refused:
            identify(shop, code, "ec.list")
        assert refused.value.code == expected
    with pytest.raises(Denied) as denied:
        identify(shop, "1003", "ec.list")
    assert (denied.value.code, denied.value.message) == (
        "STAFF_NOT_ALLOWED", "高橋 店頭さん（1003）には「ECに出品する」の権限がありません。",
    )  # fmt: skip


def change_staff(client: FlaskClient, staff: Staff, **typed: object) -> TestResponse:
    form = {"code": staff.code, "name": staff.name, "policy_id": staff.policy_id, "status": str(staff.status)}
    return client.post(f"/settings/staff/{staff.id}", data=form | typed)


@pytest.mark.parametrize(("status", "label"), [("SUSPENDED", "停止"), ("RETIRED", "退職")])
def test_r2_staff_are_suspended_or_retired_never_deleted_and_come_back(
    shop: Shop, manager: FlaskClient, status: str, label: str
) -> None:
    staff = one(shop, Staff, code="1002")
    assert change_staff(manager, staff, status=status).status_code == 302
    with pytest.raises(NotIdentified, match="STAFF_INACTIVE"):
        identify(shop, "1002", "ec.list")
    page = manager.get("/settings/staff").text
    assert "鈴木 EC担当" in page and label in page
    change_staff(manager, staff)
    assert identify(shop, "1002", "ec.list") == "鈴木 EC担当"
    ((_, _, before, after), _) = audited(shop, "staff.")
    assert (before["status"], after["status"]) == ("ACTIVE", status)
    no_delete = manager.delete(f"/settings/staff/{staff.id}")
    assert no_delete.status_code == 405


def test_r2_whoever_is_suspended_while_chosen_at_a_pc_acts_no_more(shop: Shop, manager: FlaskClient) -> None:
    manager.post("/staff/current", data={"staff_code": "1002"})
    assert 'data-testid="current-staff">鈴木 EC担当<' in manager.get("/").text
    change_staff(manager, one(shop, Staff, code="1002"), status="SUSPENDED")
    assert 'data-testid="current-staff">担当者を選ぶ<' in manager.get("/").text


def test_r2_a_new_staff_member_has_a_code_of_their_own(shop: Shop, manager: FlaskClient) -> None:
    policy_id = one(shop, Policy, name="EC担当").id
    form = {"code": " 2001 ", "name": "田中", "policy_id": policy_id}
    assert manager.post("/settings/staff", data=form).status_code == 302
    assert identify(shop, "2001", "ec.list") == "田中"
    assert audited(shop, "staff.") == [("staff.add", "2001", None, {"name": "田中", "policy": policy_id})]
    again = manager.post("/settings/staff", data=form | {"name": "別人"})
    assert again.status_code == 409 and 'value="別人"' in again.text
    assert 'data-testid="problem-code">スタッフコード「2001」はすでに使われています。' in again.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"code": ""}, "code"), ({"code": "x" * 41}, "code"), ({"name": " "}, "name"), ({"policy_id": "999"}, "policy_id"),
     ({"policy_id": ""}, "policy_id"), ({"status": "FIRED"}, "status")],
)  # fmt: skip
def test_r2_what_cannot_be_saved_is_said_at_its_field(
    shop: Shop, manager: FlaskClient, typed: dict[str, str], field: str
) -> None:
    staff = one(shop, Staff, code="1002")
    answer = change_staff(manager, staff, **typed)
    assert answer.status_code in (404, 422) and f'data-testid="problem-{field}"' in answer.text
    assert one(shop, Staff, id=staff.id).code == "1002" and audited(shop, "staff.") == []


def test_r2_a_code_may_change_but_not_to_anothers(shop: Shop, manager: FlaskClient) -> None:
    staff = one(shop, Staff, code="1002")
    assert change_staff(manager, staff, code="1003").status_code == 409
    assert one(shop, Staff, id=staff.id).code == "1002"
    assert change_staff(manager, staff, code="2002").status_code == 302
    assert identify(shop, "2002", "ec.list") == "鈴木 EC担当"
    with pytest.raises(NotIdentified, match="STAFF_UNKNOWN"):
        identify(shop, "1002", "ec.list")
    assert [(each[0], each[2]["code"], each[3]["code"]) for each in audited(shop, "staff.")] == [
        ("staff.change", "1002", "2002")
    ]


def test_r2_one_code_taken_at_once_goes_to_one(shop: Shop, manager: FlaskClient, till: FlaskClient) -> None:
    boss = one(shop, Account, login_id="demo").policy_id
    manager.post(
        f"/settings/logins/{one(shop, Account, login_id='till').id}",
        data={"name": "レジPC", "policy_id": boss},
    )
    first, second = one(shop, Staff, code="1002"), one(shop, Staff, code="1003")
    start = threading.Barrier(2)

    def take(client: FlaskClient, staff: Staff) -> int:
        start.wait(10)
        return change_staff(client, staff, code="7777").status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, (manager, till), (first, second))) == [302, 409]


# --- policies ----------------------------------------------------------------------------------------------------


def test_r2_what_no_rule_mentions_is_denied() -> None:
    assert not allows({}, "ec.list")
    assert not allows({"ec.list": "yes"}, "ec.list")
    assert allows({"ec.list": True}, "ec.list")
    with pytest.raises(KeyError):
        allows({"ec.list": True}, "ec.lst")


def test_r2_a_policy_allows_what_is_ticked_from_the_next_click_on(
    shop: Shop, manager: FlaskClient, till: FlaskClient
) -> None:
    clerk = one(shop, Policy, name="店頭スタッフ")
    page = manager.get(f"/settings/staff/policies/{clerk.id}").text
    assert all(label in page for label in OPERATIONS.values())
    assert (
        'data-testid="allow-counter.sell" checked' in page
        and 'data-testid="allow-ec.list" checked' not in page
    )
    assert till.get("/counter").status_code == 200
    form = {"name": "EC見習い", "allowed": ["ec.list", "ec.read"]}
    assert manager.post(f"/settings/staff/policies/{clerk.id}", data=form).status_code == 302
    assert till.get("/counter").status_code == 403 and till.get("/ec/drafts").status_code == 200
    assert identify(shop, "1003", "ec.list") == "高橋 店頭"
    ((action, label, before, after),) = audited(shop, "policy.")
    assert (action, label, before["name"], after) == (
        "policy.change", "EC見習い", "店頭スタッフ", {"name": "EC見習い", "allowed": ["ec.list", "ec.read"]},
    )  # fmt: skip
    assert "counter.sell" in before["allowed"]


def test_r2_a_new_policy_allows_nothing_yet(shop: Shop, manager: FlaskClient) -> None:
    assert manager.post("/settings/staff/policies", data={"policy_name": "見習い"}).status_code == 302
    assert set(one(shop, Policy, name="見習い").rules.values()) == {False}
    again = manager.post("/settings/staff/policies", data={"policy_name": "見習い"})
    assert again.status_code == 409 and "権限「見習い」はすでにあります。" in again.text
    clerk = one(shop, Policy, name="店頭スタッフ").id
    renamed = manager.post(f"/settings/staff/policies/{clerk}", data={"name": "見習い", "allowed": []})
    assert renamed.status_code == 409 and 'data-testid="problem-name"' in renamed.text


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"name": "店長", "allowed": ["ec.read"]}, 409, "有効なログインがなくなります。"),
        ({"name": "店長", "allowed": [*OPERATIONS, "shop.burn"]}, 422, "知らない操作が選ばれています。"),
        ({"name": "", "allowed": list(OPERATIONS)}, 422, "権限の名前を1〜80文字で入力してください。"),
    ],
)
def test_r2_a_policy_change_that_cannot_be_is_refused_whole(
    shop: Shop, manager: FlaskClient, form: dict[str, Any], status: int, code: str
) -> None:
    boss = one(shop, Policy, name="店長")
    answer = manager.post(f"/settings/staff/policies/{boss.id}", data=form)
    assert answer.status_code == status and code in answer.text
    assert one(shop, Policy, id=boss.id).rules == boss.rules
    assert manager.get("/settings/staff").status_code == 200 and audited(shop, "policy.") == []


# --- settings ----------------------------------------------------------------------------------------------------


def value(shop: Shop, key: str) -> int:
    with shop.read() as session:
        return setting(session, key)


def shown(shop: Shop) -> dict[str, int]:
    values = {key: value(shop, key) for key in DEFINITIONS}
    return values | {f"was-{key}": each for key, each in values.items()}


def test_settings_are_the_defaults_until_changed_and_each_change_is_audited(
    shop: Shop, manager: FlaskClient
) -> None:
    form = shown(shop)
    assert (form["settle.download_hours"], form["route.changeable"]) == (24, 0)
    typed = form | {"settle.download_hours": "４８", "route.changeable": "1"}
    assert manager.post("/settings/shop", data=typed).status_code == 302
    assert (value(shop, "settle.download_hours"), value(shop, "route.changeable")) == (48, 1)
    assert audited(shop, "settings.") == [
        ("settings.change", "settle.download_hours", {"value": 24}, {"value": 48}),
        ("settings.change", "route.changeable", {"value": 0}, {"value": 1}),
    ]


def test_settings_that_cannot_be_are_all_named_and_none_is_saved(shop: Shop, manager: FlaskClient) -> None:
    typed = shown(shop) | {
        "settle.download_hours": "241", "yahoo.rows_per_file": "0", "buyer.retention_days": "90",
    }  # fmt: skip
    answer = manager.post("/settings/shop", data=typed)
    assert answer.status_code == 422
    for key in ("settle.download_hours", "yahoo.rows_per_file"):
        assert f'data-testid="problem-{key}"' in answer.text
    assert "は0〜240時間で入力してください。" in answer.text and 'value="241"' in answer.text
    words = manager.post("/settings/shop", data=shown(shop) | {"yahoo.pacing_ms": "速く"})
    assert words.status_code == 422 and 'data-testid="problem-yahoo.pacing_ms"' in words.text
    assert {key: value(shop, key) for key in DEFINITIONS} == {
        key: int(each.default) for key, each in DEFINITIONS.items()
    }
    assert audited(shop, "settings.") == []


def test_settings_changed_by_somebody_else_meanwhile_stay(shop: Shop, manager: FlaskClient) -> None:
    form = shown(shop)
    with shop.work() as uow:
        change_setting(uow, "settle.download_hours", 12)
    manager.post("/settings/shop", data=form | {"buyer.retention_days": "90"})
    assert (value(shop, "settle.download_hours"), value(shop, "buyer.retention_days")) == (12, 90)


def test_settings_home_leads_where_one_may_go(manager: FlaskClient, till: FlaskClient) -> None:
    parts = {"accounts", "devices", "staff", "logins", "settings"}
    page = manager.get("/settings").text
    assert {part for part in parts if f'data-testid="to-{part}"' in page} == parts
    page = till.get("/settings").text
    assert not any(f'data-testid="to-{part}"' in page for part in parts)
    assert "このログインで変えられる設定はありません。" in page


def test_r2_a_staff_code_is_checked_before_anything_is_asked_or_sent(
    shop: Shop, manager: FlaskClient
) -> None:
    def check(code: str, operation: str = "") -> tuple[int, str]:
        form = {"staff_code": code, "operation": operation}
        answer = manager.post("/staff/check", data=form, headers={"Accept": "application/json"})
        return answer.status_code, (answer.get_json(silent=True) or {}).get("field", "")

    assert check("1001", "ec.list") == check("1001") == (204, "")
    assert check("1003", "ec.list") == (403, "staff_code")
    assert check("1003", "no.such.operation") == (204, "")
    assert check("", "ec.list") == check("9999", "ec.list") == (401, "staff_code")


def test_the_address_of_a_refused_form_leads_to_its_page_and_never_to_another_host(
    manager: FlaskClient,
) -> None:
    for path in ("/stock/edit/done/1/undo", "//stock/edit/done/1/undo"):
        assert manager.get("/", environ_overrides={"PATH_INFO": path}).location == "/stock/edit/done/1"
