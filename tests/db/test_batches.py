"""The upload file: claimed once, made once, stored, served; what becomes of its listings (R15, product.md)."""

from __future__ import annotations

import io
import threading
import uuid
import zipfile
from datetime import timedelta

import pandas as pd
import pytest
import sqlalchemy as sa

from recore.identity.models import Staff
from recore.identity.settings import change_setting
from recore.listings import batches
from recore.listings.models import Listing, UploadBatch
from recore.listings.rules import BatchState, ListingState
from recore.listings.service import confirm_listed, move, take_back
from recore.photos.models import DerivedPhoto
from recore.photos.service import get as get_photo
from recore.photos.service import keep_copy
from recore.platform.clock import now
from recore.platform.errors import Conflict
from recore.platform.job_runner import MAX_DEATHS
from recore.platform.jobs import Job, JobState
from recore.stock.service import sell_at_counter
from tests.support.desk import (
    batch_now,
    bytes_of,
    doubt_unseen,
    draft,
    listing_now,
    make_batch,
    photo,
    press_list,
    queued,
    run_jobs,
)
from tests.support.shop import Shop, open_shop
from tests.support.store import Pc, auction, pc_of


def rows_of(data: bytes) -> pd.DataFrame:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("auctions.csv")
    return pd.read_csv(io.BytesIO(sheet), encoding="cp932", dtype=str, keep_default_na=False)


def ready_batch(shop: Shop, account_id: int, listings: int = 1) -> tuple[int, list[int]]:
    made = [queued(shop, account_id) for _ in range(listings)]
    (batch_id,) = make_batch(shop, account_id).batch_ids
    run_jobs(shop)
    assert batch_now(shop, batch_id).state is BatchState.READY
    return batch_id, made


def test_r15_a_file_holds_every_queued_listing_in_order(shop: Shop, account_id: int) -> None:
    first, second = queued(shop, account_id, photos=2), queued(shop, account_id)
    (batch_id,) = make_batch(shop, account_id).batch_ids
    assert (batch_now(shop, batch_id).state, listing_now(shop, first).state) == ("BUILDING", "QUEUED")
    run_jobs(shop)
    batch = batch_now(shop, batch_id)
    assert (batch.state, batch.item_count, batch.done_count) == ("READY", 2, 2)
    data = bytes_of(shop, batch_id)
    assert len(data) == batch.size_bytes
    rows = rows_of(data)
    assert list(rows["管理番号"]) == [listing_now(shop, each).management_number for each in (first, second)]
    assert list(rows["画像2"]) == ["item00001_02.jpg", ""]
    assert {listing_now(shop, each).state for each in (first, second)} == {ListingState.PROCESSING}


def test_r15_nothing_to_do_is_said(shop: Shop, account_id: int) -> None:
    with pytest.raises(Conflict, match="NOTHING_TO_DO"):
        make_batch(shop, account_id)


def test_r15_the_job_run_twice_makes_the_file_once(shop: Shop, account_id: int) -> None:
    batch_id, _ = ready_batch(shop, account_id)
    before = batch_now(shop, batch_id)
    with shop.work() as uow:
        uow.session.execute(sa.update(Job).where(Job.kind == batches.BUILD).values(state=JobState.QUEUED))
    assert run_jobs(shop) == 1
    after = batch_now(shop, batch_id)
    assert (after.blob_sha256, after.ready_at) == (before.blob_sha256, before.ready_at)


def test_r15_downloading_again_gives_the_same_bytes(shop: Shop, pc: Pc, account_id: int) -> None:
    batch_id, (listing,) = ready_batch(shop, account_id)
    bodies = []
    for _ in range(2):
        answer = pc.call(
            "POST", f"/batches/{batch_id}/downloads", {"confirm_whole": False}, answer="download_answer"
        )
        assert answer.status_code == 201
        fetched = pc.client.get(answer.get_json()["url"])
        assert fetched.headers["Content-Disposition"].endswith(answer.get_json()["file_name"])
        bodies.append(fetched.data)
    assert bodies[0] == bodies[1] == bytes_of(shop, batch_id)
    assert listing_now(shop, listing).sent_at is not None


def test_r15_the_link_is_for_this_file_and_this_tenant_only(shop: Shop, pc: Pc, account_id: int) -> None:
    batch_id, _ = ready_batch(shop, account_id)
    url = pc.call("POST", f"/batches/{batch_id}/downloads", {"confirm_whole": False}).get_json()["url"]
    assert pc.client.get(url[:-3] + "xxx").status_code == 401
    stranger = pc_of(open_shop(shop.app, "stranger", "other.localhost"), pc.client, account_id)
    answer = stranger.client.get(url.replace("localhost", "other.localhost"))
    assert answer.status_code == 404


def test_r15_the_file_is_the_same_for_a_repeated_request(shop: Shop, pc: Pc, account_id: int) -> None:
    queued(shop, account_id)
    body, key = {"source": "queued"}, str(uuid.uuid4())
    first = pc.call("POST", f"/accounts/{account_id}/batches", body, key=key, answer="batch_request_answer")
    again = pc.call("POST", f"/accounts/{account_id}/batches", body, key=key, answer="batch_request_answer")
    assert (first.status_code, again.status_code) == (202, 202)
    assert [each["id"] for each in first.get_json()["batches"]] == [
        each["id"] for each in again.get_json()["batches"]
    ]
    with shop.read() as session:
        assert session.scalar(sa.select(sa.func.count(UploadBatch.id))) == 1


def test_r15_two_pcs_at_once_never_take_the_same_listing(shop: Shop, account_id: int) -> None:
    for _ in range(4):
        queued(shop, account_id)
    start, outcomes = threading.Barrier(3), []

    def press() -> None:
        start.wait()
        try:
            outcomes.append(make_batch(shop, account_id).batch_ids)
        except Conflict as error:
            outcomes.append([error.code])

    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run_jobs(shop)
    with shop.read() as session:
        ids = session.scalars(sa.select(UploadBatch.id)).all()
    numbers = [number for each in ids for number in rows_of(bytes_of(shop, each))["管理番号"]]
    assert len(numbers) == len(set(numbers)) == 4
    assert len(outcomes) == 3


def test_r15_files_are_split_by_rows(shop: Shop, account_id: int) -> None:
    with shop.work() as uow:
        change_setting(uow, "yahoo.rows_per_file", 2)
    made = [queued(shop, account_id) for _ in range(5)]
    batch_ids = make_batch(shop, account_id).batch_ids
    run_jobs(shop)
    assert [batch_now(shop, each).item_count for each in batch_ids] == [2, 2, 1]
    names = [batch_now(shop, each).file_name for each in batch_ids]
    assert len(set(names)) == 3
    assert all(name.removesuffix(".zip").isalnum() and name.isascii() for name in names)
    assert {listing_now(shop, each).state for each in made} == {ListingState.PROCESSING}


def test_r15_what_was_sold_meanwhile_is_not_sent(shop: Shop, account_id: int) -> None:
    gone, there = queued(shop, account_id), queued(shop, account_id)
    with shop.work() as uow:
        sell_at_counter(uow, listing_now(shop, gone).stock_item_id, 1, 1)
    made = make_batch(shop, account_id)
    assert [each.listing_id for each in made.left_out] == [gone]
    assert listing_now(shop, gone).state is ListingState.WITHDRAWN
    run_jobs(shop)
    assert list(rows_of(bytes_of(shop, made.batch_ids[0]))["管理番号"]) == [
        listing_now(shop, there).management_number
    ]


def test_r15_a_listing_in_a_file_cannot_be_taken_back(shop: Shop, account_id: int) -> None:
    listing = queued(shop, account_id)
    make_batch(shop, account_id)
    with shop.work() as uow, pytest.raises(Conflict, match="FILE_IN_PROGRESS"):
        take_back(uow, listing)


def test_r15_the_rest_of_a_partly_listed_file(shop: Shop, account_id: int) -> None:
    batch_id, (listed, failed, unknown) = ready_batch(shop, account_id, 3)
    with shop.work() as uow:
        batches.record_download(uow, batch_id, confirm_whole=False)
        move(uow, listed, ListingState.ACTIVE, "試験")
        move(uow, failed, ListingState.FAILED, "試験", reason="カテゴリが違います")
    with shop.work() as uow, pytest.raises(Conflict, match="PARTLY_LISTED"):
        batches.record_download(uow, batch_id, confirm_whole=False)
    item = listing_now(shop, failed).stock_item_id
    draft(shop, item, account_id, category="9990000033")
    again = press_list(shop, item)
    assert isinstance(again, list)
    made = make_batch(shop, account_id, rest_of=batch_id)
    run_jobs(shop)
    rows = rows_of(bytes_of(shop, made.batch_ids[0]))
    assert list(rows["カテゴリ"]) == ["9990000033"]
    assert list(rows["管理番号"]) == [listing_now(shop, again[0]).management_number]
    assert [each.listing_id for each in made.left_out] == [unknown]
    with shop.work() as uow:
        assert batches.record_download(uow, batch_id, confirm_whole=True).id == batch_id


def test_a_copy_that_is_missing_is_made_for_the_file(shop: Shop, account_id: int) -> None:
    queued(shop, account_id)
    with shop.work() as uow:
        uow.session.execute(sa.delete(DerivedPhoto))
    (batch_id,) = make_batch(shop, account_id).batch_ids
    run_jobs(shop)
    with zipfile.ZipFile(io.BytesIO(bytes_of(shop, batch_id))) as archive:
        assert archive.read("item00001_01.jpg")[:3] == b"\xff\xd8\xff"
    with shop.read() as session:
        assert session.scalar(sa.select(sa.func.count(DerivedPhoto.id))) == 1


def test_a_file_that_cannot_be_made_gives_its_listings_back(shop: Shop, account_id: int) -> None:
    listing = queued(shop, account_id)
    with shop.work() as uow:  # as an older version might have let through
        broken = listing_now(shop, listing).fields | {"title": "𠮷田の時計"}
        uow.session.execute(sa.update(Listing).where(Listing.id == listing).values(fields=broken))
    (batch_id,) = make_batch(shop, account_id).batch_ids
    run_jobs(shop)
    batch = batch_now(shop, batch_id)
    assert batch.state is BatchState.FAILED
    assert batch.error
    now_ = listing_now(shop, listing)
    assert (now_.state, now_.batch_id) == (ListingState.QUEUED, None)


def test_a_never_uploaded_file_ends_in_review(shop: Shop, pc: Pc, account_id: int) -> None:
    batch_id, (listing,) = ready_batch(shop, account_id)
    with shop.work() as uow:
        batches.record_download(uow, batch_id, confirm_whole=False)
    pc.sync()
    pc.sync()
    assert doubt_unseen(shop, now() + timedelta(hours=23)) == 0
    assert doubt_unseen(shop, now() + timedelta(hours=25)) == 1
    after = listing_now(shop, listing)
    assert (after.state, "見つかりません" in (after.reason or "")) == (ListingState.NEEDS_REVIEW, True)


def test_one_sync_is_not_enough_to_doubt(shop: Shop, pc: Pc, account_id: int) -> None:
    ready_batch(shop, account_id)
    pc.sync()
    pc.start()
    pc.fail("LOGIN_REQUIRED")
    assert doubt_unseen(shop, now() + timedelta(hours=25)) == 0


def test_without_any_sync_twice_the_time_is_enough(shop: Shop, account_id: int) -> None:
    ready_batch(shop, account_id)
    assert doubt_unseen(shop, now() + timedelta(hours=47)) == 0
    assert doubt_unseen(shop, now() + timedelta(hours=49)) == 1


def test_a_settle_time_of_nothing_still_waits_for_two_syncs_or_a_day(shop: Shop, account_id: int) -> None:
    ready_batch(shop, account_id)
    with shop.work() as uow:
        change_setting(uow, "settle.download_hours", 0)
    assert doubt_unseen(shop, now() + timedelta(hours=23)) == 0
    assert doubt_unseen(shop, now() + timedelta(hours=25)) == 1


def test_r15_a_file_downloaded_late_is_known_when_it_appears(shop: Shop, pc: Pc, account_id: int) -> None:
    """Made, forgotten, in 要確認, and then uploaded after all."""
    batch_id, (listing,) = ready_batch(shop, account_id)
    assert doubt_unseen(shop, now() + timedelta(hours=49)) == 1
    with shop.work() as uow:
        batches.record_download(uow, batch_id, confirm_whole=False)
    pc.sync(selling=[auction("a1", listing_now(shop, listing).management_number)])
    assert listing_now(shop, listing).state is ListingState.ACTIVE


def test_r15_an_old_file_of_what_was_listed_again_is_not_given_out_unasked(
    shop: Shop, account_id: int
) -> None:
    batch_id, (first,) = ready_batch(shop, account_id)
    with shop.work() as uow:
        move(uow, first, ListingState.NEEDS_REVIEW, "試験")
        move(uow, first, ListingState.WITHDRAWN, "試験")
    assert isinstance(press_list(shop, listing_now(shop, first).stock_item_id), list)
    with shop.work() as uow, pytest.raises(Conflict, match="PARTLY_LISTED") as refused:
        batches.record_download(uow, batch_id, confirm_whole=False)
    assert [each["reason"] for each in refused.value.extra["left_out"]] == ["もう一度【出品】されています。"]


def test_r15_an_item_sold_after_packing_stops_the_download(shop: Shop, account_id: int) -> None:
    batch_id, (listing,) = ready_batch(shop, account_id)
    with shop.work() as uow:
        sell_at_counter(uow, listing_now(shop, listing).stock_item_id, 1, 1)
    with shop.work() as uow, pytest.raises(Conflict, match="PARTLY_LISTED"):
        batches.record_download(uow, batch_id, confirm_whole=False)


def test_r15_what_was_withdrawn_stays_so_when_nothing_is_left(shop: Shop, account_id: int) -> None:
    listing = queued(shop, account_id)
    with shop.work() as uow:
        sell_at_counter(uow, listing_now(shop, listing).stock_item_id, 1, 1)
    with pytest.raises(Conflict, match="NOTHING_TO_DO") as refused:
        make_batch(shop, account_id)
    assert [each["listing_id"] for each in refused.value.extra["left_out"]] == [listing]
    assert listing_now(shop, listing).state is ListingState.WITHDRAWN


def test_r27_a_lot_is_never_offered_beyond_its_units(shop: Shop, account_id: int) -> None:
    """Two units, one on sale, one waiting for its file, one sold at the counter: the waiting one is taken back."""
    item = shop.item(quantity=2)
    photo(shop, item)
    draft(shop, item, account_id, quantity=1)
    first = press_list(shop, item)
    draft(shop, item, account_id, quantity=1)
    second = press_list(shop, item)
    assert isinstance(first, list)
    assert isinstance(second, list)
    with shop.work() as uow:
        move(uow, first[0], ListingState.PROCESSING, "試験")
        move(uow, first[0], ListingState.ACTIVE, "試験")
        sell_at_counter(uow, item, 1, 1)
    with pytest.raises(Conflict, match="NOTHING_TO_DO"):
        make_batch(shop, account_id)
    assert listing_now(shop, second[0]).state is ListingState.WITHDRAWN


def test_r15_files_are_split_by_the_bytes_of_their_photos(shop: Shop, account_id: int) -> None:
    for _ in range(3):
        listing = queued(shop, account_id)
        with shop.work() as uow:
            for photo_id in listing_now(shop, listing).photo_ids:
                original = get_photo(uow.session, photo_id).sha256
                keep_copy(uow, photo_id, original, "yahoo_auction", "0" * 64, 700_000)
    with shop.work() as uow:
        change_setting(uow, "yahoo.megabytes_per_file", 1)
    assert len(make_batch(shop, account_id).batch_ids) == 3


def test_a_job_that_dies_every_time_gives_its_listings_back(shop: Shop, account_id: int) -> None:
    listing = queued(shop, account_id)
    (batch_id,) = make_batch(shop, account_id).batch_ids
    with shop.work() as uow:  # as after the last of many deaths
        uow.session.execute(sa.update(Job).where(Job.kind == batches.BUILD).values(deaths=MAX_DEATHS))
    run_jobs(shop)
    assert batch_now(shop, batch_id).state is BatchState.FAILED
    assert listing_now(shop, listing).batch_id is None


def test_a_seen_auction_that_a_person_names_is_linked(shop: Shop, pc: Pc, account_id: int) -> None:
    """It was 未連携 when the sync first saw it; from now on its bids hold the unit."""
    pc.sync(selling=[auction("a1", "edited on Yahoo")])
    listing = queued(shop, account_id)
    with shop.work() as uow:
        move(uow, listing, ListingState.PROCESSING, "試験")
        move(uow, listing, ListingState.NEEDS_REVIEW, "試験")
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        confirm_listed(uow, listing, "a1", staff)
    for _ in range(3):
        pc.sync(selling=[auction("a1", "edited on Yahoo", bid_count=1)])
    now_ = listing_now(shop, listing)
    assert (now_.state, shop.counts(now_.stock_item_id)) == (ListingState.ACTIVE, (1, 1, 0))
