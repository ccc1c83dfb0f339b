"""R10: the category file, and what the category field of the listing form finds."""

from __future__ import annotations

import csv
import io
import re
import threading
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from recore.categories import queries, service
from recore.categories.models import CategoryImport, CategoryRow, CategoryTree, CategoryUse
from recore.channels.registry import CHANNELS
from recore.identity.models import Staff
from recore.listings.drafts import Refused, list_item
from recore.listings.forms import forms_of, item_for_listing
from recore.platform.audit import AuditEntry
from recore.platform.errors import Conflict, Invalid, NotFound
from recore.platform.import_rules import Fate
from recore.platform.tables import write_csv
from tests.support.desk import draft, queued, wired
from tests.support.shop import Shop, open_shop

YAHOO = CHANNELS["yahoo_auction"]
HEADER = ("category_id", "parent_id", "name", "path", "is_leaf")
Line = tuple[str, ...]
WATCHES: list[Line] = [
    ("100", "0", "時計", "時計", "0"),
    ("101", "100", "メンズ腕時計", "時計 > メンズ腕時計", "1"),
    ("102", "100", "置き時計", "時計 > 置き時計", "1"),
]
SHOES: list[Line] = [("200", "0", "靴", "靴", "0"), ("201", "200", "革靴", "靴 > 革靴", "1")]


def file_of(*lines: Line) -> bytes:
    return write_csv(HEADER, lines)


def take(shop: Shop, body: bytes, *, removes: bool = False) -> int:
    with shop.work() as uow:
        _, rows = service.read_file(body)
        import_id = service.keep_upload(uow, YAHOO, "categories.csv", body, len(rows))
        assert service.take(uow, import_id, removes=removes)
    return import_id


def tree(shop: Shop) -> dict[str, str]:
    with shop.read() as session:
        return {each.category_id: each.path for each in session.scalars(sa.select(CategoryRow))}


def search(shop: Shop, text: str) -> list[str]:
    with shop.read() as session:
        return [each.id for each in queries.search(session, YAHOO, text)]


def fates(shop: Shop, *lines: Line) -> list[tuple[Fate, str]]:
    body = file_of(*lines)
    with shop.work() as uow:
        _, rows = service.read_file(body)
        import_id = service.keep_upload(uow, YAHOO, "categories.csv", body, len(rows))
        planned = service.plan(uow.session, queries.import_by_id(uow.session, import_id))
        return [(each.fate, each.note) for each in planned.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_r10_an_imported_tree_is_searched_and_its_numbers_are_known(shop: Shop, encoding: str) -> None:
    take(shop, file_of(*WATCHES).decode("utf-8-sig").encode(encoding))
    assert search(shop, "腕時計") == ["101"]
    assert search(shop, "ﾒﾝｽﾞ　時計") == ["101"]
    assert search(shop, "101") == ["101"]
    with shop.read() as session:
        assert queries.known(session, YAHOO, ["101", "9990000032", ""]).keys() == {"101"}


def test_r10_until_then_the_shipped_tree_counts(shop: Shop) -> None:
    assert search(shop, "腕時計")[:2] == ["9990000032", "9990000033"]


def test_r10_the_same_file_twice_changes_nothing(shop: Shop) -> None:
    take(shop, file_of(*WATCHES))
    with shop.read() as session:
        before = session.execute(sa.select(CategoryTree.digest, CategoryTree.imported_at)).all()
    assert [fate for fate, _ in fates(shop, *WATCHES)] == [Fate.SAME] * 3
    take(shop, file_of(*reversed(WATCHES)), removes=True)
    with shop.read() as session:
        assert session.execute(sa.select(CategoryTree.digest, CategoryTree.imported_at)).all() == before
        actions = session.scalars(
            sa.select(AuditEntry.action).where(AuditEntry.action == "categories.import")
        )
        assert len(actions.all()) == 1
    assert len(tree(shop)) == 3


def test_r10_taking_an_upload_in_again_changes_nothing(shop: Shop) -> None:
    import_id = take(shop, file_of(*WATCHES))
    take(shop, file_of(*SHOES), removes=True)
    with shop.work() as uow:
        assert not service.take(uow, import_id, removes=False)
    assert tree(shop).keys() == {"200", "201"}


def test_r10_another_file_adds_changes_and_removes_only_when_told(shop: Shop) -> None:
    take(shop, file_of(*WATCHES))
    renamed = ("101", "100", "紳士腕時計", "時計 > 紳士腕時計", "1")
    assert [fate for fate, _ in fates(shop, WATCHES[0], renamed, *SHOES)] == [
        Fate.SAME, Fate.CHANGED, Fate.NEW, Fate.NEW,
    ]  # fmt: skip
    take(shop, file_of(WATCHES[0], renamed, *SHOES))
    assert tree(shop) == {"100": "時計", "101": "時計 > 紳士腕時計", "102": "時計 > 置き時計", "200": "靴", "201": "靴 > 革靴"}  # fmt: skip
    assert search(shop, "紳士") == ["101"]
    take(shop, file_of(WATCHES[0], renamed), removes=True)
    assert tree(shop).keys() == {"100", "101"}
    assert search(shop, "革靴") == []


BAD_ROWS: list[tuple[Line, str]] = [
    (("", "100", "名", "道", "1"), "category_id「」は番号ではありません"),
    (("1 2", "100", "名", "道", "1"), "空白のない半角"),
    (("１２", "100", "名", "道", "1"), "空白のない半角"),
    (("2.08E+09", "100", "名", "道", "1"), "Excelで保存したときに番号が変わっています"),
    (("0", "100", "名", "道", "1"), "自分の親"),
    (("300", "300", "名", "道", "1"), "自分の親"),
    (("300", "999", "名", "道", "1"), "親の番号「999」が、ファイルにも今の一覧にもありません"),
    (("300", "100", "", "道", "1"), "nameを1〜200文字"),
    (("300", "100", "あ" * 10_000, "道", "1"), "nameを1〜200文字"),
    (("300", "100", "名", "道\n道", "1"), "見えない文字"),
    (("300", "100", "名", "", "1"), "pathを1〜1000文字"),
    (("300", "100", "名", "道", "たぶん"), "is_leaf「たぶん」"),
    (("101", "100", "別の名", "道", "1"), "3行目に別の内容"),
    (("300", "101", "名", "道", "1"), ""),
    (("300", "100", "名", "道", "1", "余り"), "列の数が見出しより多く"),
]


@pytest.mark.parametrize(("row", "why"), BAD_ROWS, ids=lambda each: str(each)[:30])
def test_r10_a_bad_row_is_refused_with_its_reason_and_the_rest_goes_in(
    shop: Shop, row: Line, why: str
) -> None:
    *good, last = fates(shop, *WATCHES, row)
    if why:
        assert [fate for fate, _ in good] == [Fate.NEW] * 3
        assert last[0] is Fate.REFUSED
        assert why in last[1]
    else:  # a leaf has no children
        assert "5行目の親になっています" in good[1][1]
        assert last[0] is Fate.NEW
    take(shop, file_of(*WATCHES, row))
    assert len(tree(shop)) == 3


def test_r10_strange_characters_are_kept_as_they_are(shop: Shop) -> None:
    names = ["<script>alert(1)</script>", "=cmd()", "𠮷野家", "😀", "ﾊﾝｶｸ", 'a,b"c']
    lines = [(f"{500 + at}", "0", name, name, "1") for at, name in enumerate(names)]
    take(shop, file_of(*lines))
    assert list(tree(shop).values()) == names
    assert search(shop, "𠮷野家") == ["502"]
    assert search(shop, "はんかく") == ["504"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b"category_id,name\n1,a\n", "MISSING_COLUMNS"),
        (b"category_id,parent_id,name,path,is_leaf,name\n", "DOUBLE_COLUMNS"),
        (b"category_id,parent_id,name,path,is_leaf\n", "NO_ROWS"),
        (b"\0\0", "ENCODING"),
        (b"PK\x03\x04broken", "BAD_EXCEL"),
        (b"category_id,parent_id,name,path,is_leaf\n" + b"1,0,a,a,1\n" * 100_001, "TOO_MANY_ROWS"),
    ],
)  # fmt: skip
def test_r10_a_file_that_cannot_be_read_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        service.read_file(body)
    assert refused.value.code == code
    assert refused.value.remedy


def test_r10_a_file_without_a_good_row_is_not_taken_in(shop: Shop) -> None:
    take(shop, file_of(*WATCHES))
    with pytest.raises(Invalid, match="NOTHING_TO_TAKE"):
        take(shop, file_of(("", "", "", "道", "")), removes=True)
    assert len(tree(shop)) == 3


def test_r10_two_imports_at_once_end_in_one_whole_tree(shop: Shop) -> None:
    bodies = [file_of(*WATCHES), file_of(*SHOES)]
    threads = [threading.Thread(target=take, args=(shop, body), kwargs={"removes": True}) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tree(shop).keys() in ({"100", "101", "102"}, {"200", "201"})
    with shop.read() as session:
        assert session.scalars(sa.select(CategoryTree.size)).one() == len(tree(shop))
    assert len(search(shop, "時計 靴 革靴")) >= 1


def test_r10_a_tree_counts_for_its_own_shop_only(app: Flask) -> None:
    ours, theirs = open_shop(app, "ours", "ours.example"), open_shop(app, "theirs", "theirs.example")
    import_id = take(ours, file_of(*WATCHES))
    assert search(ours, "メンズ腕時計") == ["101"]
    assert search(theirs, "メンズ腕時計") == ["9990000032"]
    with pytest.raises(NotFound), theirs.work() as uow:
        service.take(uow, import_id, removes=True)


def test_r10_old_files_are_forgotten(shop: Shop) -> None:
    fates(shop, *WATCHES)
    done = take(shop, file_of(*WATCHES))

    def left() -> list[int]:
        with shop.work() as uow:
            service.forget_old(uow)
        with shop.read() as session:
            return list(session.scalars(sa.select(CategoryImport.id)))

    assert len(left()) == 2
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2)):
        assert left() == [done]
    with time_machine.travel(datetime.now(UTC) + timedelta(days=91)):
        assert left() == []
    assert len(tree(shop)) == 3


# --- what the shop uses ------------------------------------------------------------------------------------------


def groups(shop: Shop, name: str) -> dict[str, list[str]]:
    with shop.read() as session:
        return {
            each.label: [category.id for category in each.categories]
            for each in queries.suggestions(session, YAHOO, name)
        }


def test_r10_what_was_listed_is_suggested_for_similar_names_and_comes_first(shop: Shop) -> None:
    account_id = shop.yahoo_account()
    queued(shop, account_id)  # 腕時計 SEIKO 5 in 9990000032
    queued(shop, account_id, category="9990000033")
    queued(shop, account_id, category="9990000033")
    assert groups(shop, "SEIKO プレサージュ 腕時計")["似た商品で選んだカテゴリ"] == [
        "9990000033",
        "9990000032",
    ]
    assert groups(shop, "革の財布") == {
        "商品名に合うカテゴリ": ["9990000029"],
        "よく使うカテゴリ": ["9990000033", "9990000032"],
    }
    assert search(shop, "腕時計")[:2] == ["9990000033", "9990000032"]
    assert search(shop, "財布") == ["9990000029"]


def test_r10_uses_noted_at_once_by_several_clerks_are_all_counted(shop: Shop) -> None:
    chosen = [("yahoo_auction", "1"), ("yahoo_auction", "2")]

    def note(turn: int) -> None:
        for _ in range(10):
            with shop.work() as uow:
                service.note_uses(uow, "SEIKO 腕時計", chosen if turn % 2 else reversed(chosen))

    threads = [threading.Thread(target=note, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with shop.read() as session:
        rows = session.execute(sa.select(CategoryUse.word, CategoryUse.category_id, CategoryUse.uses)).all()
    assert sorted(rows) == [(word, number, 40) for word in ("", "seiko", "腕時計") for number in ("1", "2")]


def test_r10_a_number_that_is_not_in_the_list_is_remembered_too(shop: Shop) -> None:
    queued(shop, shop.yahoo_account(), category="2084999999")
    with shop.read() as session:
        (group,) = [
            each for each in queries.suggestions(session, YAHOO, "") if each.label == "よく使うカテゴリ"
        ]
    assert [(each.id, each.path) for each in group.categories] == [("2084999999", queries.NOT_IN_THE_LIST)]


def test_r10_a_category_that_is_no_leaf_any_more_is_not_suggested(shop: Shop) -> None:
    queued(shop, shop.yahoo_account(), category="101")
    take(shop, file_of(WATCHES[0], ("101", "100", "腕時計", "時計 > 腕時計", "0"), ("103", "101", "金", "時計 > 腕時計 > 金", "1")))  # fmt: skip
    assert "よく使うカテゴリ" not in groups(shop, "")


def test_r10_a_listing_that_is_refused_counts_no_use(shop: Shop) -> None:
    account_id = shop.yahoo_account()
    item = shop.item()
    draft(shop, item, account_id)  # no photo
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        assert isinstance(list_item(uow, wired(shop).channels, item, staff), Refused)
    with shop.read() as session:
        assert session.scalars(sa.select(CategoryUse)).all() == []


def test_r10_an_unknown_number_is_a_warning_and_a_branch_an_error(shop: Shop) -> None:
    take(shop, file_of(*WATCHES))
    account_id = shop.yahoo_account()

    def severities(number: str) -> list[str]:
        item = shop.item()
        draft(shop, item, account_id, category=number)
        with shop.read() as session:
            (form,) = forms_of(session, wired(shop).channels, item_for_listing(session, item))
            return [each.severity for each in form.problems if each.field == "category"]

    assert severities("101") == []
    assert severities("9990000032") == ["warning"]  # of the shipped tree, which counts no more
    assert severities("100") == ["error"]


# --- screens -----------------------------------------------------------------------------------------------------


class Manager:
    def __init__(self, shop: Shop, client: FlaskClient) -> None:
        shop.app.config["WTF_CSRF_ENABLED"] = False
        self.client = client
        assert client.post("/login", data={"login_id": "demo", "password": "demo-pass"}).status_code == 302

    def upload(self, body: bytes, channel: str = "yahoo_auction") -> TestResponse:
        data = {"channel": channel, "file": (io.BytesIO(body), "categories.csv")}
        return self.client.post("/settings/categories", data=data)

    def rows(self, path: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.client.get(path).data.decode("utf-8-sig"))))


@pytest.fixture
def manager(shop: Shop, client: FlaskClient) -> Manager:
    return Manager(shop, client)


def test_r10_the_screens_show_what_a_file_would_do_and_what_became_of_it(
    shop: Shop, manager: Manager
) -> None:
    bad = ("300", "999", "<b>迷子</b>", "迷子", "1")
    where = manager.upload(file_of(*WATCHES, bad)).headers["Location"]
    page = manager.client.get(where).text
    assert 'data-testid="count-NEW">3<' in page
    assert 'data-testid="count-REFUSED">1<' in page
    assert tree(shop) == {}
    assert manager.client.post(where).status_code == 302
    assert len(tree(shop)) == 3
    assert "追加 <strong>3行" in manager.client.get(where).text
    refused = manager.rows(f"{where}/refused")
    assert refused[0] == [*HEADER, "取り込めなかった理由"]
    assert [row[:5] for row in refused[1:]] == [list(bad)]
    assert "親の番号「999」" in refused[1][5]
    assert [row[5] for row in manager.rows(f"{where}/results")[1:]] == [
        "追加",
        "追加",
        "追加",
        "取り込めない",
    ]
    mended = ",".join(refused[0]) + "\r\n" + ",".join(["300", "100", *refused[1][2:]])
    again = manager.upload(mended.encode()).headers["Location"]
    manager.client.post(again)
    assert len(tree(shop)) == 4
    assert "categories.csv" in manager.client.get("/settings/categories").text


def test_r10_a_bad_upload_is_refused_at_the_form(manager: Manager) -> None:
    assert "列「parent_id」" in manager.upload(b"category_id,name,path,is_leaf\n1,a,a,1\n").text
    assert manager.upload(b"x", channel="no_such").status_code == 422
    assert manager.client.post("/settings/categories", data={"channel": "yahoo_auction"}).status_code == 422


def test_r10_the_field_finds_suggests_and_says_what_to_do(shop: Shop, manager: Manager) -> None:
    item = shop.item(name="SEIKO 腕時計")

    def field(**query: str) -> str:
        answer = manager.client.get("/ec/categories/yahoo_auction", query_string=query)
        assert answer.status_code == 200
        return unescape(answer.text)

    options = re.findall(r'role="option"[^>]*data-value="(\d+)"', field(q="うでどけい"))
    assert options == ["9990000032", "9990000033"]
    assert 'aria-label="商品名に合うカテゴリ"' in field(**{"q": "", "for": str(item)})
    nothing = field(q="ぬりかべ<b>")
    assert "合うカテゴリはありません" in nothing
    assert "カテゴリ一覧を取り込む" in nothing
    assert "アクセサリー・時計 > メンズ腕時計" in field(category="9990000032")
    assert field(category="77").strip() == ""
    for strange in ("😀", "𠮷" * 500, "'; DROP TABLE x", "\x00", "%_", "{{ 7*7 }}"):
        field(q=strange)
        field(category=strange)
    assert manager.client.get("/ec/categories/no_such?q=x").status_code == 404


def test_r10_an_expired_upload_says_so(shop: Shop, manager: Manager) -> None:
    where = manager.upload(file_of(*WATCHES)).headers["Location"]
    with shop.work() as uow:
        uow.session.execute(sa.update(CategoryImport).values(body=None))
    assert manager.client.post(where).status_code == 409
    with pytest.raises(Conflict, match="UPLOAD_EXPIRED"), shop.read() as session:
        service.plan(session, session.scalars(sa.select(CategoryImport)).one())
