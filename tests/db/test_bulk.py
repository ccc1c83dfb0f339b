"""まとめて出品: many items, mixed templates, a dry run, one result per item (R7, R8, R12)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from recore.channels.registry import CHANNELS
from recore.identity.models import Staff, StaffStatus
from recore.listings import bulk
from recore.listings.bulk_jobs import FORGET
from recore.listings.drafts import save_draft
from recore.listings.form_templates import TemplateForm, add_template
from recore.listings.models import BulkRow, BulkRun, Listing, ListingDraft
from recore.listings.rules import BulkRowState, BulkState
from recore.listings.service import take_back
from recore.listings.waiting import Order, Ready, Wanted, matching_ids, page
from recore.photos.models import Photo
from recore.platform.db import db
from recore.platform.jobs import Job, enqueue
from recore.platform.undo import BulkEdit
from recore.stock.models import StockItem
from recore.stock.rules import SalesRoute
from recore.stock.service import sell_at_counter
from tests.support.desk import draft, photo, queued, run_jobs
from tests.support.shop import Shop

YAHOO, CLASSIC = "yahoo_auction", "classic"
WHOLE = {
    "category": "9990000032", "description": "<b>{{ 商品名 }}</b>", "buyout_price": "none", "prefecture": "東京都",
    "city": "千代田区", "payment": ["Yahoo!かんたん決済"], "shipping": ["ゆうパック"],
}  # fmt: skip


@pytest.fixture
def desk(shop: Shop, client: FlaskClient) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/login", data={"login_id": "demo", "password": "demo-pass"}).status_code == 302
    return client


def template(shop: Shop, name: str, *, category: str = "", automatic: bool = False, **fields: Any) -> int:
    with shop.work() as uow:
        form = TemplateForm(name, category, automatic, WHOLE | fields)
        return add_template(uow, CHANNELS[YAHOO], CLASSIC, form)


def items(shop: Shop, count: int, *, photos: bool = True, **kwargs: Any) -> list[int]:
    made = [shop.item(name=f"腕時計 {at:03}", **kwargs) for at in range(count)]
    if photos:
        first = photo(shop, made[0])
        with shop.work() as uow:  # the same picture for all: only that there is one counts here
            one = uow.session.scalars(sa.select(Photo).where(Photo.id == first)).one()
            copied = {
                each.name: getattr(one, each.name) for each in Photo.__table__.columns if each.name != "id"
            }
            uow.session.execute(
                sa.insert(Photo), [copied | {"stock_item_id": each} for each in made[1:]] or [copied]
            )
    return made


def begin(desk: FlaskClient, ids: list[int], **form: Any) -> int:
    answer = desk.post("/ec/bulk", data={"item": ids, **form})
    assert answer.status_code == 302, answer.text
    return int(answer.headers["Location"].rsplit("/", 1)[-1])


def rows(shop: Shop, run_id: int) -> list[BulkRow]:
    with shop.read() as session:
        return list(bulk.rows_of(session, run_id))


def it_code(shop: Shop, item: int) -> str:
    with shop.read() as session:
        return session.scalars(sa.select(StockItem.it_code).where(StockItem.id == item)).one()


def listed(shop: Shop) -> list[Listing]:
    with shop.read() as session:
        return list(session.scalars(sa.select(Listing).order_by(Listing.id)))


def press(desk: FlaskClient, run_id: int, code: str = "1002") -> int:
    return desk.post(f"/ec/bulk/{run_id}/list", data={"staff_code": code}).status_code


@contextmanager
def statements(shop: Shop) -> Iterator[list[str]]:
    """What goes to the database meanwhile."""
    seen: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    with shop.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


def test_r7_a_hundred_items_with_mixed_templates_93_are_listed_and_the_7_bad_ones_named(
    shop: Shop, desk: FlaskClient, account_id: int
) -> None:
    """Issue 4: 100 items in one bulk run with mixed templates, the 7 bad ones named, the 93 good ones listed."""
    bags = template(shop, "かばん", title="かばん {{ 商品名 }}")
    watches = template(shop, "腕時計", title="時計 {{ 商品名 }}", category="9990000032", automatic=True)
    good = items(shop, 95)
    no_photo = items(shop, 3, photos=False)
    emoji = shop.item(name="時計 😀")
    photo(shop, emoji)
    (sold,) = items(shop, 1)
    ids = [*good, *no_photo, emoji, sold]
    assert len(ids) == 100
    run_id = begin(desk, ids)
    desk.post(f"/ec/bulk/{run_id}/rows", data={"account": account_id, f"template-{account_id}": watches})
    of_item = {each.stock_item_id: each.id for each in rows(shop, run_id)}
    for item in good[:10]:  # ten of them get the other template
        changed = desk.post(
            f"/ec/bulk/{run_id}/rows/{of_item[item]}",
            data={"account": account_id, f"template-{account_id}": bags},
        )
        assert changed.status_code == 200
    unticked = good[90:92]
    for item in unticked:  # and two shall not go anywhere
        desk.post(f"/ec/bulk/{run_id}/rows/{of_item[item]}", data={})
    with shop.work() as uow:
        sell_at_counter(uow, sold, 1, 1)

    dry = desk.get(f"/ec/bulk/{run_id}").text
    assert 'data-testid="ready-count">93件が出品できます' in dry
    assert 'data-testid="mend-count">7件は直すところがあります' in dry
    for item in no_photo:
        assert f'href="/ec/drafts/{item}#photos"' in dry
    assert f'href="/ec/drafts/{emoji}#f-{account_id}-title"' in dry
    assert listed(shop) == []

    assert press(desk, run_id) == 302
    assert press(desk, run_id) == 302  # twice is once
    run_jobs(shop)
    titles = [each.title for each in listed(shop)]
    assert len(titles) == 93
    assert [title.split(" ")[0] for title in titles].count("かばん") == 10
    assert {each.state for each in listed(shop)} == {"QUEUED"}
    result = desk.get(f"/ec/bulk/{run_id}").text
    assert 'data-testid="listed-count">93件を待機中にしました。' in result
    assert 'data-testid="refused-count">7件は出品できませんでした。' in result
    bad = {*no_photo, emoji, sold, *unticked}
    assert {each.stock_item_id for each in rows(shop, run_id) if each.state is BulkRowState.REFUSED} == bad
    text = desk.get(f"/ec/bulk/{run_id}/refused.csv").data.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert {line["ITコード"] for line in lines} == {it_code(shop, each) for each in bad}
    assert all(line["内容"] for line in lines)


def test_r7_a_dry_run_costs_no_query_per_row(shop: Shop, desk: FlaskClient, account_id: int) -> None:
    one = template(shop, "腕時計", automatic=True)
    counts = []
    for number in (2, 40):
        run_id = begin(desk, items(shop, number))
        with statements(shop) as dry:
            assert desk.get(f"/ec/bulk/{run_id}").status_code == 200
        with statements(shop) as filled:
            desk.post(f"/ec/bulk/{run_id}/rows", data={"account": account_id, f"template-{account_id}": one})
        with statements(shop) as waiting:
            desk.get("/ec/drafts?ready=yes")
        counts.append((len(dry), len(filled), len(waiting)))
    assert counts[0] == counts[1]


def test_r7_a_run_that_was_killed_goes_on_where_it_stood(
    shop: Shop, desk: FlaskClient, account_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job dies between two rows, and once in the middle of one; nothing is listed twice and nothing is left out."""
    template(shop, "腕時計", automatic=True)
    run_id = begin(desk, items(shop, 5))
    real, calls = bulk.list_row, []

    def dying(*args: Any) -> None:
        real(*args)
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(bulk, "list_row", dying)
    press(desk, run_id)
    with pytest.raises(KeyboardInterrupt):
        run_jobs(shop)
    assert len(listed(shop)) == 2
    progress = desk.get(f"/ec/bulk/{run_id}").text  # its page shows how far it is, and reloads
    assert 'data-testid="done-count">5件中 2件' in progress
    assert desk.get(f"/ec/bulk/{run_id}/progress").headers.get("HX-Refresh") is None
    with shop.work() as uow:  # its lease runs out, and the sweep finds it
        uow.session.execute(
            sa.update(Job).where(Job.kind == bulk.LIST).values(lease_until=uow.at),
            execution_options={"synchronize_session": False},
        )
    run_jobs(shop)
    assert len(listed(shop)) == len({each.stock_item_id for each in listed(shop)}) == 5
    assert desk.get(f"/ec/bulk/{run_id}/progress").headers["HX-Refresh"] == "true"
    with shop.read() as session:
        assert bulk.run_by_id(session, run_id).state is BulkState.DONE
        assert bulk.unfinished(session) == []


def test_r12_who_is_suspended_after_pressing_lists_nothing_more(
    shop: Shop, desk: FlaskClient, account_id: int
) -> None:
    template(shop, "腕時計", automatic=True)
    run_id = begin(desk, items(shop, 2))
    assert press(desk, run_id, "1003") == 403
    assert press(desk, run_id, "") == 401
    assert listed(shop) == []
    press(desk, run_id)
    with shop.work() as uow:
        one = uow.session.scalars(sa.select(Staff).where(Staff.code == "1002")).one()
        one.status = StaffStatus.SUSPENDED
    run_jobs(shop)
    assert listed(shop) == []
    assert [each.problems[0][4] for each in rows(shop, run_id) if each.problems] == [
        "鈴木 EC担当さん（1002）は停止または退職になっています。"
    ] * 2


def test_r10_another_template_for_a_row_takes_the_place_of_the_first_and_can_be_taken_out(
    shop: Shop, desk: FlaskClient, account_id: int
) -> None:
    first = template(shop, "一", title="一 {{ 商品名 }}", duration=2)
    second = template(shop, "二", title="二 {{ 商品名 }}")
    (item,) = items(shop, 1)
    draft(shop, item, account_id, city="大阪市", title="")
    run_id = begin(desk, [item])
    url = f"/ec/bulk/{run_id}/rows/{rows(shop, run_id)[0].id}"

    def fields(choice: object) -> dict[str, Any]:
        assert (
            desk.post(url, data={"account": account_id, f"template-{account_id}": choice}).status_code == 200
        )
        with shop.read() as session:
            return dict(session.scalars(sa.select(ListingDraft.fields)).one())

    before = fields("")
    one = fields(first)
    assert (one["title"], one["duration"], one["city"]) == ("一 腕時計 000", 2, "大阪市")
    two = fields(second)
    assert (two["title"], two.get("duration")) == ("二 腕時計 000", before.get("duration"))
    assert fields(bulk.NONE) == before


def test_r10_what_a_template_cannot_render_for_an_item_is_named_at_its_row(
    shop: Shop, desk: FlaskClient, account_id: int
) -> None:
    broken = template(shop, "長い", description="{{ 商品名 }}" * 900)
    item = shop.item(name="長い名前の腕時計" * 15)
    photo(shop, item)
    run_id = begin(desk, [item])
    desk.post(f"/ec/bulk/{run_id}/rows", data={"account": account_id, f"template-{account_id}": broken})
    assert "テンプレート「長い」" in desk.get(f"/ec/bulk/{run_id}").text
    press(desk, run_id)
    run_jobs(shop)
    assert listed(shop) == []


def test_r7_all_ticked_marketplaces_or_none(shop: Shop, desk: FlaskClient, account_id: int) -> None:
    other = shop.yahoo_account(store_id="demo-store-2")
    template(shop, "腕時計", automatic=True)
    (item,) = items(shop, 1)
    draft(shop, item, other, category="")
    run_id = begin(desk, [item])
    desk.post(f"/ec/bulk/{run_id}/rows", data={"account": [account_id, other]})
    press(desk, run_id)
    run_jobs(shop)
    assert listed(shop) == []
    with shop.work() as uow:
        (row,) = bulk.rows_of(uow.session, run_id)
        assert row.problems is not None
        assert {problem[0] for problem in row.problems} == {other}
    again = begin(desk, [item])  # ticks are remembered, and one of them goes
    assert set(rows(shop, again)[0].choices) == {str(account_id), str(other)}
    desk.post(f"/ec/bulk/{again}/rows", data={"account": account_id})
    press(desk, again)
    run_jobs(shop)
    assert [each.account_id for each in listed(shop)] == [account_id]


def test_r7_a_run_that_was_pressed_is_not_changed_any_more(
    shop: Shop, desk: FlaskClient, account_id: int
) -> None:
    template(shop, "腕時計", automatic=True)
    run_id = begin(desk, items(shop, 1))
    press(desk, run_id)
    assert desk.post(f"/ec/bulk/{run_id}/rows", data={"account": account_id}).status_code == 409


def test_r12_what_a_bulk_run_listed_can_be_taken_back_and_listed_again(
    shop: Shop, desk: FlaskClient, account_id: int
) -> None:
    template(shop, "腕時計", automatic=True)
    ids = items(shop, 1)
    for _ in range(2):
        run_id = begin(desk, ids)
        press(desk, run_id)
        run_jobs(shop)
        with shop.work() as uow:
            take_back(uow, listed(shop)[-1].id)
    assert len(listed(shop)) == 2


def test_r7_nothing_selected_too_many_and_foreign_items(
    shop: Shop, desk: FlaskClient, account_id: int
) -> None:
    assert desk.post("/ec/bulk", data={}).status_code == 422
    assert desk.post("/ec/bulk", data={"item": list(range(1, 502))}).status_code == 422
    assert desk.post("/ec/bulk", data={"item": 10**9}).status_code == 422
    with shop.read() as session:
        assert session.scalars(sa.select(BulkRun)).all() == []


# --- the list ----------------------------------------------------------------------------------------------------


def found(shop: Shop, wanted: Wanted, size: int = 3) -> list[int]:
    """Every item that fits, page after page."""
    ids: list[int] = []
    before: str | None = None
    with shop.read() as session:
        while True:
            shown = page(session, CHANNELS, wanted, before=before, size=size)
            assert len(shown.rows) <= size
            ids += [each.row.id for each in shown.rows]
            if (before := shown.older) is None:
                break
        assert matching_ids(session, CHANNELS, wanted, 500) == (ids, False)
    return ids


def test_r7_the_list_is_sorted_filtered_and_paged(shop: Shop, account_id: int) -> None:
    ids = [shop.item(name=f"時計{at}", price=1000 + 500 * (at % 3)) for at in range(7)]
    for item in ids[:2]:
        photo(shop, item)
        draft(shop, item, account_id)
    shop.item(route=SalesRoute.STORE_ONLY)
    queued(shop, account_id)
    by_price = sorted(ids, key=lambda each: (1000 + 500 * (ids.index(each) % 3), each))
    assert found(shop, Wanted()) == ids[::-1]
    assert found(shop, Wanted(order=Order.OLDEST)) == ids
    assert found(shop, Wanted(order=Order.CHEAP)) == by_price
    assert found(shop, Wanted(order=Order.DEAR)) == by_price[::-1]
    assert found(shop, Wanted(ready=Ready.YES)) == ids[1::-1]
    assert found(shop, Wanted(ready=Ready.NO)) == ids[:1:-1]
    assert found(shop, Wanted(text="時計3")) == [ids[3]]
    other = shop.yahoo_account(store_id="demo-store-2")
    assert found(shop, Wanted(account_id=other, ready=Ready.YES)) == []
    assert found(shop, Wanted(account_id=account_id, ready=Ready.YES)) == ids[1::-1]


def test_r10_the_list_tells_items_by_the_template_in_their_form(shop: Shop, account_id: int) -> None:
    typed, *fresh = items(shop, 3)
    draft(shop, typed, account_id)
    one = template(shop, "自動", automatic=True)
    assert found(shop, Wanted(template=str(one))) == fresh[::-1]
    assert found(shop, Wanted(template="none")) == [typed]


def test_r7_everything_that_matches_is_taken_into_one_run(
    shop: Shop, desk: FlaskClient, account_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = items(shop, 4)
    shop.item(name="かばん")
    run_id = begin(desk, [], all="1", q="腕時計", order="oldest")
    assert [each.stock_item_id for each in rows(shop, run_id)] == ids
    monkeypatch.setattr(bulk, "MOST", 3)
    cut = begin(desk, [], all="1", q="腕時計", order="oldest")
    assert [each.stock_item_id for each in rows(shop, cut)] == ids[:3]
    page_text = desk.get(f"/ec/bulk/{cut}").text
    assert 'data-testid="cut"' in page_text
    assert len(re.findall(r'<tr id="row-', page_text)) == 3


def test_r7_a_run_in_preparation_is_shown_until_it_is_forgotten(
    shop: Shop, desk: FlaskClient, account_id: int
) -> None:
    run_id = begin(desk, items(shop, 1, photos=False))
    assert f'data-testid="run-{run_id}"' in desk.get("/ec/drafts").text
    with shop.work() as uow:
        run = bulk.run_by_id(uow.session, run_id)
        run.created_at = uow.at - bulk.FORGOTTEN_AFTER
    assert f'data-testid="run-{run_id}"' not in desk.get("/ec/drafts").text
    assert desk.get(f"/ec/bulk/{run_id}").status_code == 200


def test_old_runs_are_forgotten_and_what_they_listed_stays(
    shop: Shop, desk: FlaskClient, account_id: int
) -> None:
    """The results of ninety days; a run that was left in preparation a few days. One that is being listed is never deleted."""
    whole = template(shop, "腕時計")
    pressed, left, running = (begin(desk, items(shop, 1)) for _ in range(3))
    desk.post(f"/ec/bulk/{pressed}/rows", data={"account": account_id, f"template-{account_id}": whole})
    press(desk, pressed)
    run_jobs(shop)
    with shop.work() as uow:
        uow.session.execute(
            sa.update(BulkRun).where(BulkRun.id == running).values(state=BulkState.RUNNING),
            execution_options={"synchronize_session": False},
        )

    def kept_after(days: int) -> list[int]:
        with time_machine.travel(datetime.now(UTC) + timedelta(days=days)):
            with shop.work() as uow:
                enqueue(uow, FORGET, {})
            run_jobs(shop)
        with shop.read() as session:
            return list(session.scalars(sa.select(BulkRun.id).order_by(BulkRun.id)))

    assert kept_after(3) == [pressed, left, running]
    assert kept_after(5) == [pressed, running]
    assert kept_after(91) == [running]
    assert len(listed(shop)) == 1 and len(rows(shop, running)) == 1


def test_r31_a_template_that_was_put_into_many_forms_is_taken_out_of_all_that_nobody_touched_since(
    shop: Shop, desk: FlaskClient, account_id: int
) -> None:
    first, second = (
        template(shop, "一つ目", title="一 {{ 商品名 }}"),
        template(shop, "二つ目", title="二 {{ 商品名 }}"),
    )
    ids = items(shop, 4)
    run_id = begin(desk, ids)

    def put(template_id: int) -> None:
        desk.post(
            f"/ec/bulk/{run_id}/rows", data={"account": account_id, f"template-{account_id}": template_id}
        )

    def titles() -> list[str]:
        with shop.read() as session:
            drafts = session.scalars(sa.select(ListingDraft).order_by(ListingDraft.stock_item_id))
            return [draft.fields["title"][:1] for draft in drafts]

    put(first)
    with shop.read() as session:
        before = [
            (each.fields, each.applied)
            for each in session.scalars(sa.select(ListingDraft).order_by(ListingDraft.id))
        ]
    put(second)
    put(second)  # changes nothing: there is nothing to undo
    assert titles() == ["二"] * 4
    with shop.read() as session:
        edits = session.scalars(sa.select(BulkEdit).order_by(BulkEdit.id)).all()
    assert [each.summary for each in edits] == [
        "4件の出品フォームにテンプレート「一つ目」を使用", "4件の出品フォームにテンプレート「二つ目」を使用",
    ]  # fmt: skip
    with shop.read() as session:
        version = session.scalars(
            sa.select(ListingDraft.version).where(ListingDraft.stock_item_id == ids[1])
        ).one()
    with shop.work() as uow:
        typed = {"title": "手で入力"}
        save_draft(uow, ids[1], account_id, fields=typed, is_ticked=True, version=version)
    where = f"/ec/bulk/edits/{edits[1].id}"
    assert (
        f'href="{where}"' in desk.get("/settings/history").text
        and f'href="{where}"' in desk.get("/ec/bulk/edits").text
    )
    assert desk.get(where).status_code == 200
    page = desk.post(f"{where}/undo").text
    assert "3件を元に戻しました" in page and f"「{it_code(shop, ids[1])}」は、そのあとで変わっている" in page
    assert titles() == ["一", "手", "一", "一"]
    with shop.read() as session:
        after = [
            (each.fields, each.applied)
            for each in session.scalars(sa.select(ListingDraft).order_by(ListingDraft.id))
        ]
    assert [after[at] for at in (0, 2, 3)] == [before[at] for at in (0, 2, 3)]
    assert [row.choices[str(account_id)] for row in rows(shop, run_id)] == ["", str(second), "", ""]
    assert desk.post(f"{where}/undo").status_code == 409
    assert titles() == ["一", "手", "一", "一"]
