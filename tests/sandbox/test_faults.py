"""R34: what goes wrong on request, for the market or one store, and layouts that keep, rename or lose facts."""

from __future__ import annotations

import io

import pytest

from tests.sandbox.conftest import AUCTIONS, LOGIN, ONAVI, UPLOAD, Visitor, facts_of, page, rows_of
from tests.sandbox.files import GOOD, sheet

SELLING = "/onavi/show/storelist?select=selling"


@pytest.mark.parametrize(("kind", "after"), [("503", "5"), ("429", "5"), ("500", None)])
def test_the_next_answers_fail(shop: Visitor, kind: str, after: str | None) -> None:
    shop.act("break", count=2, kind=kind)
    answers = [shop.get(ONAVI, SELLING) for _ in range(3)]
    assert [each.status_code for each in answers] == [int(kind), int(kind), 200]
    assert answers[0].headers.get("Retry-After") == after
    assert answers[0].mimetype == "text/html"


def test_a_connection_can_drop(shop: Visitor) -> None:
    shop.act("break", kind="drop")
    with pytest.raises(ConnectionAbortedError):
        shop.get(ONAVI, SELLING).get_data()
    assert shop.get(ONAVI, SELLING).status_code == 200


def test_only_one_store_may_suffer(shop: Visitor) -> None:
    shop.act("break", kind="503", store="demo-store-2")
    shop.act("settings", store="demo-store-2", maintenance=True)
    assert "出品中" in shop.get(ONAVI, SELLING).text
    shop.log_in("store2")
    assert "メンテナンス" in shop.get(ONAVI, SELLING).text
    shop.act("settings", store="demo-store-2", maintenance=None)
    assert shop.get(ONAVI, SELLING).status_code == 503
    assert shop.get(ONAVI, SELLING).status_code == 200


def test_maintenance_looks_like_success(shop: Visitor) -> None:
    shop.act("settings", maintenance=True)
    for host, path in ((ONAVI, SELLING), (AUCTIONS, UPLOAD), (LOGIN, "/")):
        answer = shop.get(host, path)
        assert (answer.status_code, "メンテナンスを行っています" in answer.text) == (200, True)
        assert page(answer).css_first("table") is None
    assert shop.get("sandbox", "/").status_code == 200


def test_slow_answers_wait_their_seconds(shop: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("sandbox.faults.time.sleep", waited.append)
    shop.act("settings", slow_seconds=2.5)
    assert shop.get(ONAVI, SELLING).status_code == 200
    assert waited == [2.5]


def test_a_communication_error_although_the_upload_was_accepted(shop: Visitor) -> None:
    shop.act("settings", upload_outcome="error_after_accept")
    answer = shop.upload(sheet(GOOD))
    assert "通信エラー" in answer.text
    assert "受け付け" not in answer.text
    assert [row["管理番号"] for row in shop.table("selling")] == ["IT0000001"]


def test_an_answer_lost_after_the_upload_was_accepted(shop: Visitor) -> None:
    shop.act("settings", upload_outcome="lost_after_accept")
    with pytest.raises(ConnectionAbortedError):
        shop.upload(sheet(GOOD)).get_data()
    assert shop.state()["uploads"][0]["accepted"] == 1


def test_a_token_can_be_refused_and_then_nothing_is_listed(shop: Visitor) -> None:
    shop.act("settings", refuse_tokens=1)
    assert "有効期限が切れました" in shop.upload(sheet(GOOD)).text
    assert (shop.auction_ids(), shop.state()["uploads"]) == ([], [])
    assert "受け付けました" in shop.upload(sheet(GOOD)).text
    shop.act("settings", upload_outcome="refused_token")
    assert "有効期限が切れました" in shop.upload(sheet(GOOD)).text


def test_a_session_that_ends_before_the_upload_lists_nothing(shop: Visitor) -> None:
    form = shop.form_of(AUCTIONS, UPLOAD) | {"upfile": (io.BytesIO(sheet(GOOD)), "a.csv")}
    shop.act("expire-sessions")
    assert shop.post(AUCTIONS, UPLOAD, data=form).status_code == 302
    assert shop.auction_ids() == []


# skins


@pytest.fixture
def busy(shop: Visitor) -> Visitor:
    """Something in each list."""
    selling, unsold, won = shop.act("seed", auctions=3)["auction_ids"]
    shop.act("bid", auction_id=selling)
    shop.act("end", auction_id=unsold)
    shop.act("win", auction_id=won)
    return shop


def facts(shop: Visitor) -> dict[str, object]:
    """All that the pages say, in no order."""
    found: dict[str, object] = {}
    for select in ("selling", "closed", "won"):
        found[select] = [sorted(row.values()) for row in shop.table(select)]
    (won,) = (row for row in shop.state()["orders"])
    shown = page(shop.get(ONAVI, f"/onavi/show/detail?aid={won['lines'][0]['auction_id']}"))
    found["detail"] = sorted(facts_of(shown).values())
    found["goods"] = [sorted(row.values()) for row in rows_of(shown.css_first("table.goods"))]
    return found


@pytest.mark.parametrize("skin", ["reshuffled", "renamed"])
def test_other_layouts_still_say_everything(busy: Visitor, skin: str) -> None:
    normal = facts(busy)
    busy.act("settings", skin=skin)
    assert facts(busy) == normal


def test_reshuffled_keeps_headings_but_moves_columns_and_classes(busy: Visitor) -> None:
    normal, before = busy.table("won"), busy.get(ONAVI, "/onavi/show/storelist?select=won").text
    busy.act("settings", skin="reshuffled")
    after = busy.get(ONAVI, "/onavi/show/storelist?select=won").text
    assert busy.table("won") == normal
    assert list(busy.table("won")[0]) != list(normal[0])
    assert 'class="itemRow"' in before
    assert 'class="itemRow"' not in after
    assert 'class="wrapB"' in after


def test_renamed_changes_headings_that_a_reader_needs(busy: Visitor) -> None:
    busy.act("settings", skin="renamed")
    headings = set(busy.table("closed")[0]) | set(busy.table("won")[0])
    assert {"商品番号", "終了予定", "取引状況"} <= headings
    assert not {"管理番号", "終了日時", "ステータス", "落札日時"} & headings


def test_missing_loses_columns_that_a_reader_needs(busy: Visitor) -> None:
    busy.act("settings", skin="missing")
    assert "管理番号" not in busy.table("selling")[0]
    assert "結果" not in busy.table("closed")[0]
    assert "落札日時" not in busy.table("won")[0]
    auction = busy.table("won")[0]["オークションID"]
    assert "住所" not in facts_of(page(busy.get(ONAVI, f"/onavi/show/detail?aid={auction}")))
