"""直接出品 (R16): a file leaves at most once, each item ends listed, refused or 要確認, and there is always a way on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.accounts.models import MarketplaceAccount
from recore.listings.models import DirectUpload, Listing, UploadBatch
from recore.listings.queries import batches
from recore.listings.rules import ListingState
from recore.platform.clock import now
from recore.stock.models import StockItem
from tests.support.desk import batch_now, doubt_unseen, listing_now, make_batch, queued, run_jobs
from tests.support.shop import Shop
from tests.support.store import Pc, auction, pc_of, state_of

NONCE = "0c2a5e4e-6a0e-4f0f-9d2c-1f2e3d4c5b6a"
Answer = tuple[int, dict[str, object]]


@pytest.fixture
def clerk(shop: Shop, new_client: Callable[[], FlaskClient]) -> FlaskClient:
    """A browser that is logged in."""
    shop.app.config["WTF_CSRF_ENABLED"] = False
    client = new_client()
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    return client


def ready(shop: Shop, account_id: int, items: int = 2) -> tuple[int, list[int]]:
    listings = [queued(shop, account_id) for _ in range(items)]
    (batch_id,) = make_batch(shop, account_id).batch_ids
    run_jobs(shop)
    return batch_id, listings


def call(pc: Pc, path: str, body: object = None) -> Answer:
    response = pc.call("POST", path, {} if body is None else body, answer="upload")
    return response.status_code, response.get_json()


def claim(pc: Pc, batch_id: int) -> int:
    status, answer = call(pc, f"/batches/{batch_id}/uploads")
    assert (status, answer["state"]) == (201, "claimed"), answer
    return int(str(answer["id"]))


def send(pc: Pc, upload_id: int, nonce: str = NONCE) -> Answer:
    return call(pc, f"/uploads/{upload_id}/sending", {"nonce": nonce})


def conclude(pc: Pc, upload_id: int, kind: str, message: str = "", *refused: tuple[int, str]) -> Answer:
    rows = [{"position": position, "reason": reason} for position, reason in refused]
    return call(pc, f"/uploads/{upload_id}/outcome", {"kind": kind, "message": message, "refused": rows})


def test_r16_claimed_sent_accepted_and_seen(shop: Shop, pc: Pc, account_id: int) -> None:
    batch_id, listings = ready(shop, account_id, 3)
    upload = claim(pc, batch_id)
    file = pc.call("GET", f"/uploads/{upload}", answer="upload").get_json()["file"]
    assert len(pc.client.get(file["url"]).data) == file["size_bytes"]
    assert send(pc, upload)[1]["state"] == "sending"
    status, answer = conclude(
        pc, upload, "accepted", "2件", (2, "カテゴリがありません。"), (2, "個数が大きすぎます。")
    )
    assert (status, answer["state"], answer["file"]) == (200, "accepted", None)
    numbers = [listing_now(shop, each).management_number for each in listings]
    pc.sync(selling=[auction("a1", numbers[0]), auction("a2", numbers[2])])
    items = pc.call("GET", f"/uploads/{upload}", answer="upload").get_json()["items"]
    assert [(each["management_number"], each["state"], each["reason"]) for each in items] == [
        (numbers[0], "active", None),
        (numbers[1], "failed", "カテゴリがありません。、個数が大きすぎます。"),
        (numbers[2], "active", None),
    ]


def test_r16_a_claimed_file_belongs_to_one_pc_until_its_lease_runs_out(
    shop: Shop, client: FlaskClient, pc: Pc, account_id: int
) -> None:
    batch_id, _ = ready(shop, account_id)
    other = pc_of(shop, client, account_id)
    first = claim(pc, batch_id)
    assert claim(pc, batch_id) == first, "its own claim is renewed"
    status, answer = call(other, f"/batches/{batch_id}/uploads")
    assert (status, answer["code"], answer["holder"]) == (409, "UPLOAD_RUNNING", pc.name)
    with shop.work() as uow:
        uow.session.execute(sa.update(DirectUpload).values(lease_until=uow.at - timedelta(seconds=1)))
    second = claim(other, batch_id)
    assert send(pc, first)[1]["code"] == "ALREADY_SENT"
    assert other.call("GET", f"/uploads/{first}").status_code == 404, "another PC's"
    assert send(other, second)[1]["state"] == "sending"


def test_r16_a_direct_listing_that_stopped_on_a_pc_is_told_with_who_may_go_on(
    shop: Shop, pc: Pc, account_id: int, clerk: FlaskClient
) -> None:
    batch_id, (listing_id, _) = ready(shop, account_id)
    url = f"/ec/batches/{batch_id}/download"
    assert '未アップロード：<strong data-testid="not-uploaded">2件' in clerk.get("/ec/listings").text
    upload = claim(pc, batch_id)
    assert "終わるまで待ってください" in clerk.post(url).text
    assert "未アップロード" not in clerk.get("/ec/listings").text
    with shop.work() as uow:
        quiet = sa.update(DirectUpload).values(lease_until=uow.at + timedelta(minutes=6))
        uow.session.execute(quiet)  # it was heard of four minutes ago
    for page in (
        clerk.get("/ec/listings"),
        clerk.get(f"/ec/listings/{listing_id}"),
        clerk.get("/ec/batches"),
        clerk.post(url),
    ):
        assert (
            "止まっています" in page.text and "【続きから実行】か【取りやめる】を押してください" in page.text
        )
        assert pc.name in page.text and "ほかのPCでこのファイルをダウンロードできます" in page.text
    assert "止まっている直接出品" in clerk.get("/").text
    assert f'data-testid="download-{batch_id}"' not in clerk.get("/ec/batches").text
    send(pc, upload)
    with shop.work() as uow:
        uow.session.execute(sa.update(DirectUpload).values(sent_at=uow.at - timedelta(minutes=4)))
    page = clerk.get(f"/ec/listings/{listing_id}").text
    assert "【続きから実行】を押してください" in page and "【取りやめる】" not in page
    conclude(pc, upload, "accepted", "2件")
    assert "止まっています" not in clerk.get("/ec/listings").text


def test_r16_one_click_per_file_whatever_is_repeated(
    shop: Shop, client: FlaskClient, pc: Pc, account_id: int
) -> None:
    batch_id, _ = ready(shop, account_id)
    upload = claim(pc, batch_id)
    assert send(pc, upload)[0] == 200
    assert send(pc, upload)[0] == 200, "the same click, which has not happened yet"
    assert send(pc, upload, "another-click")[1]["code"] == "ALREADY_SENT"
    assert call(pc, f"/batches/{batch_id}/uploads")[1]["code"] == "UPLOAD_RUNNING"
    assert call(pc, f"/uploads/{upload}/cancel")[1]["code"] == "UPLOAD_RUNNING"
    other = pc_of(shop, client, account_id)
    with shop.work() as uow:
        uow.session.execute(sa.update(DirectUpload).values(lease_until=uow.at - timedelta(days=1)))
    assert call(other, f"/batches/{batch_id}/uploads")[1]["code"] == "UPLOAD_RUNNING", (
        "a lease frees no click"
    )


def test_r16_a_click_that_never_came_is_not_made_up_for_later(shop: Shop, pc: Pc, account_id: int) -> None:
    """The PC slept between its word and its click; by then the item was given up and may go another way."""
    batch_id, (first, _) = ready(shop, account_id)
    upload = claim(pc, batch_id)
    assert send(pc, upload)[0] == 200
    with shop.work() as uow:
        uow.session.execute(
            sa.update(Listing).where(Listing.id == first).values(state=ListingState.NEEDS_REVIEW)
        )
    answer = send(pc, upload)[1]
    assert (answer["code"], [each["listing_id"] for each in answer["left_out"]]) == ("PARTLY_LISTED", [first])  # type: ignore[attr-defined]
    with shop.work() as uow:
        uow.session.execute(sa.update(Listing).values(state=ListingState.PROCESSING))
        uow.session.execute(sa.update(DirectUpload).values(sent_at=uow.at - timedelta(minutes=11)))
    assert send(pc, upload)[1]["code"] == "ALREADY_SENT"


@pytest.mark.parametrize("kind", [None, "accepted", "refused", "unknown"])
def test_r15_a_file_that_was_sent_directly_cannot_be_downloaded(
    shop: Shop, pc: Pc, account_id: int, kind: str | None
) -> None:
    batch_id, _ = ready(shop, account_id)
    upload = claim(pc, batch_id)
    send(pc, upload)
    if kind is not None:
        conclude(pc, upload, kind, "通信エラー")
    answer = pc.call("POST", f"/batches/{batch_id}/downloads", {"confirm_whole": True})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "UPLOAD_RUNNING")


def test_r16_the_list_of_files_says_that_it_was_sent(shop: Shop, pc: Pc, account_id: int) -> None:
    batch_id, _ = ready(shop, account_id)

    def is_sent() -> bool:
        with shop.read() as session:
            return bool(batches(session, account_id).rows[0].is_sent_directly)

    upload = claim(pc, batch_id)
    assert not is_sent()
    send(pc, upload)
    assert is_sent()


def test_r16_a_file_that_was_downloaded_cannot_be_sent_directly(shop: Shop, pc: Pc, account_id: int) -> None:
    batch_id, _ = ready(shop, account_id)
    pc.call("POST", f"/batches/{batch_id}/downloads", {"confirm_whole": False}, answer="download_answer")
    assert call(pc, f"/batches/{batch_id}/uploads")[1]["code"] == "ALREADY_SENT"


def test_r16_a_file_that_the_page_did_not_take_may_be_sent_again(shop: Shop, pc: Pc, account_id: int) -> None:
    batch_id, listings = ready(shop, account_id)
    upload = claim(pc, batch_id)
    send(pc, upload)
    assert conclude(pc, upload, "not_taken", "有効期限が切れました。")[1]["state"] == "not_taken"
    again = claim(pc, batch_id)
    assert again != upload
    assert send(pc, again, "second-click")[1]["state"] == "sending"
    assert {state_of(shop, each) for each in listings} == {"PROCESSING"}


def test_r16_a_refused_file_leaves_every_item_with_the_reason(shop: Shop, pc: Pc, account_id: int) -> None:
    batch_id, listings = ready(shop, account_id)
    upload = claim(pc, batch_id)
    send(pc, upload)
    conclude(pc, upload, "refused", "ファイルが大きすぎます。")
    found = {(state_of(shop, each), listing_now(shop, each).reason) for each in listings}
    assert found == {("FAILED", "ファイルが大きすぎます。")}
    conclude(pc, upload, "accepted", "second thoughts")
    assert {state_of(shop, each) for each in listings} == {"FAILED"}


def test_r16_of_a_file_refused_for_one_row_the_others_wait_again(shop: Shop, pc: Pc, account_id: int) -> None:
    batch_id, (bad, good) = ready(shop, account_id)
    upload = claim(pc, batch_id)
    send(pc, upload)
    conclude(pc, upload, "refused", "登録できた商品はありません。", (1, "カテゴリがありません。"))
    assert (state_of(shop, bad), state_of(shop, good)) == ("FAILED", "QUEUED")
    (again,) = make_batch(shop, account_id).batch_ids
    run_jobs(shop)
    items = pc.call("GET", f"/uploads/{claim(pc, again)}").get_json()["items"]
    assert [each["management_number"] for each in items] == [listing_now(shop, good).management_number]


@pytest.mark.parametrize("kind", [None, "accepted", "unknown"])
def test_r16_what_is_not_found_in_time_is_doubted_and_never_sent_again(
    shop: Shop, pc: Pc, account_id: int, kind: str | None
) -> None:
    batch_id, (seen, unseen) = ready(shop, account_id)
    upload = claim(pc, batch_id)
    send(pc, upload)
    if kind is not None:
        conclude(pc, upload, kind, "通信エラー")
    for _ in range(2):
        pc.sync(selling=[auction("a1", listing_now(shop, seen).management_number)])
    doubt_unseen(shop, now() + timedelta(minutes=29))
    assert (state_of(shop, seen), state_of(shop, unseen)) == ("ACTIVE", "PROCESSING")
    doubt_unseen(shop, now() + timedelta(minutes=31))
    assert (state_of(shop, seen), state_of(shop, unseen)) == ("ACTIVE", "NEEDS_REVIEW")
    assert "直接出品" in str(listing_now(shop, unseen).reason)
    assert call(pc, f"/batches/{batch_id}/uploads")[0] == 409


def test_r16_given_up_before_it_was_sent_the_items_wait_again(
    shop: Shop, pc: Pc, account_id: int, clerk: FlaskClient
) -> None:
    batch_id, listings = ready(shop, account_id)
    upload = claim(pc, batch_id)
    for _ in range(2):
        status, answer = call(pc, f"/uploads/{upload}/cancel")
        assert (status, answer["state"]) == (200, "abandoned")
    assert {state_of(shop, each) for each in listings} == {"QUEUED"}
    assert (batch_now(shop, batch_id).state, batch_now(shop, batch_id).error) == (
        "FAILED",
        "送る前に取りやめました。",
    )
    shown = clerk.get("/ec/batches").text
    assert "取りやめ</span>" in shown and "2件は待機中に戻りました" in shown and "作成失敗" not in shown
    (again,) = make_batch(shop, account_id).batch_ids
    run_jobs(shop)
    assert len(pc.call("GET", f"/uploads/{claim(pc, again)}").get_json()["items"]) == 2


def test_r16_an_item_sold_meanwhile_stops_the_sending_and_the_rest_can_go(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    batch_id, (sold, other) = ready(shop, account_id)
    upload = claim(pc, batch_id)
    with shop.work() as uow:
        item = listing_now(shop, sold).stock_item_id
        uow.session.execute(sa.update(StockItem).where(StockItem.id == item).values(on_hand=0))
    status, answer = send(pc, upload)
    assert (status, answer["code"]) == (409, "PARTLY_LISTED")
    assert [each["listing_id"] for each in answer["left_out"]] == [sold]  # type: ignore[attr-defined]
    call(pc, f"/uploads/{upload}/cancel")
    made = make_batch(shop, account_id)
    assert [each.listing_id for each in made.left_out] == [sold]
    run_jobs(shop)
    rest = claim(pc, made.batch_ids[0])
    assert send(pc, rest)[1]["state"] == "sending"
    assert (state_of(shop, sold), state_of(shop, other)) == ("WITHDRAWN", "PROCESSING")


def test_r16_two_pcs_at_once_one_claim(
    shop: Shop, new_client: Callable[[], FlaskClient], account_id: int
) -> None:
    batch_id, _ = ready(shop, account_id)
    pcs = [pc_of(shop, new_client(), account_id) for _ in range(4)]
    barrier = threading.Barrier(len(pcs))
    answers: list[int] = []

    def press(pc: Pc) -> None:
        barrier.wait()
        answers.append(call(pc, f"/batches/{batch_id}/uploads")[0])

    threads = [threading.Thread(target=press, args=(each,)) for each in pcs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 409, 409, 409]


def test_r16_a_disabled_account_is_not_sent_to(shop: Shop, pc: Pc, account_id: int) -> None:
    batch_id, _ = ready(shop, account_id)
    with shop.work() as uow:
        uow.session.execute(sa.update(MarketplaceAccount).values(is_enabled=False))
    assert call(pc, f"/batches/{batch_id}/uploads")[1]["code"] == "ACCOUNT_DISABLED"


def test_r16_a_file_that_is_not_ready_is_not_sent(shop: Shop, pc: Pc, account_id: int) -> None:
    queued(shop, account_id)
    (batch_id,) = make_batch(shop, account_id).batch_ids
    assert call(pc, f"/batches/{batch_id}/uploads")[1]["code"] == "NOT_READY"
    with shop.read() as session:
        assert session.scalar(sa.select(sa.func.count(UploadBatch.id))) == 1


def test_r16_what_is_sold_between_the_upload_and_its_sale_is_told_at_the_item(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    batch_id, (sold, other) = ready(shop, account_id)
    upload = claim(pc, batch_id)
    assert [each["risk"] for each in send(pc, upload)[1]["items"]] == [None, None]  # type: ignore[attr-defined]
    with shop.work() as uow:
        item = listing_now(shop, sold).stock_item_id
        uow.session.execute(sa.update(StockItem).where(StockItem.id == item).values(on_hand=0))
    items = pc.call("GET", f"/uploads/{upload}", answer="upload").get_json()["items"]
    assert [each["risk"] for each in items] == ["在庫がありません（ほかで売れました）。", None]
    conclude(pc, upload, "accepted", "", (1, "在庫がありません（ほかで売れました）。"))
    assert (state_of(shop, sold), state_of(shop, other)) == ("FAILED", "PROCESSING")
