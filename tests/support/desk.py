"""The listing desk in short: photos, drafts, 【出品】 and the file, as the screens call them."""

from __future__ import annotations

import io
import itertools
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from PIL import Image

from recore.accounts.models import MarketplaceAccount
from recore.channels.registry import CHANNELS
from recore.identity.models import Staff
from recore.listings import batches, waiting
from recore.listings.drafts import Refused, list_item, save_draft
from recore.listings.forms import item_for_listing, prefilled
from recore.listings.models import Listing, UploadBatch
from recore.listings.rules import ListingState
from recore.listings.service import move
from recore.photos.service import add_photo, prepare
from recore.platform.job_runner import run_next
from recore.sync import overdue
from recore.wiring import Services
from tests.support.shop import Shop

TYPED = {
    "category": "9990000032", "description": "動作品です。\n箱はありません。", "buyout_price": "none", "prefecture": "東京都",
    "city": "千代田区", "payment": ["Yahoo!かんたん決済"], "shipping": ["ゆうパック"],
}  # fmt: skip


def wired(shop: Shop) -> Services:
    services: Services = shop.app.extensions["recore"]
    return services


def picture(colour: str = "navy", size: tuple[int, int] = (640, 480)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue()


_widths = itertools.count(640)


def photo(shop: Shop, stock_item_id: int, colour: str = "navy") -> int:
    """A new photo of the item, like no other."""
    file = io.BytesIO(picture(colour, (next(_widths), 480)))
    prepared = prepare(wired(shop).blobs, shop.tenant_id, file, item="test.jpg")
    with shop.work() as uow:
        return add_photo(uow, stock_item_id, prepared).id


def draft(shop: Shop, stock_item_id: int, account_id: int, **typed: Any) -> int:
    """Fill in the form as a clerk would, on top of what is prefilled; its version."""
    with shop.work() as uow:
        account = uow.session.scalars(
            sa.select(MarketplaceAccount).where(MarketplaceAccount.id == account_id)
        ).one()
        item = item_for_listing(uow.session, stock_item_id)
        filled = prefilled(uow.session, wired(shop).channels[account.channel], account, item)
        return save_draft(
            uow, stock_item_id, account_id, fields=filled | TYPED | typed, is_ticked=True, version=0
        )


def press_list(shop: Shop, stock_item_id: int, code: str = "1001") -> list[int] | Refused:
    """【出品】: the new listings, or why there are none."""
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == code)).one()
        done = list_item(uow, wired(shop).channels, stock_item_id, staff)
        if isinstance(done, Refused):
            return done
        uow.session.flush()
        return [each.id for each in done]


def queued(shop: Shop, account_id: int, *, photos: int = 1, quantity: int = 1, **typed: Any) -> int:
    """A new item that was filled in, photographed and listed: its listing."""
    item = shop.item(quantity=quantity)
    for _ in range(photos):
        photo(shop, item)
    draft(shop, item, account_id, **typed)
    listed = press_list(shop, item)
    assert isinstance(listed, list), listed
    return listed[0]


def ended(shop: Shop, account_id: int, *, quantity: int = 1, **typed: Any) -> int:
    """As `queued`, and then it was offered and nobody bought it."""
    listing_id = queued(shop, account_id, quantity=quantity, **typed)
    with shop.work() as uow:
        for state in (ListingState.PROCESSING, ListingState.ENDED):
            move(uow, listing_id, state, "テスト")
    return listing_id


def make_batch(shop: Shop, account_id: int, *, rest_of: int | None = None) -> batches.Made:
    """As the API does: Conflict NOTHING_TO_DO, after the commit, for a file that would be empty."""
    with shop.work() as uow:
        made = batches.create_batches(uow, wired(shop).channels, account_id, rest_of=rest_of)
    if not made.batch_ids:
        raise batches.nothing_to_do([vars(each) for each in made.left_out])
    return made


def run_jobs(shop: Shop) -> int:
    """Run what is due, as the worker would, until nothing is; how many."""
    done = 0
    while run_next(shop.app, wired(shop).jobs) is not None:
        done += 1
    return done


def batch_now(shop: Shop, batch_id: int) -> UploadBatch:
    with shop.read() as session:
        return session.scalars(sa.select(UploadBatch).where(UploadBatch.id == batch_id)).one()


def bytes_of(shop: Shop, batch_id: int) -> bytes:
    sha256 = batch_now(shop, batch_id).blob_sha256
    assert sha256 is not None
    with wired(shop).blobs.open(shop.tenant_id, sha256) as file:
        return file.read()


def waiting_ids(session: sa.orm.Session) -> list[int]:
    """The items of the first page of 出品待ち."""
    return [each.row.id for each in waiting.page(session, CHANNELS, waiting.Wanted()).rows]


def listing_now(shop: Shop, listing_id: int) -> Listing:
    with shop.read() as session:
        return session.scalars(sa.select(Listing).where(Listing.id == listing_id)).one()


def doubt_unseen(shop: Shop, at: datetime) -> int:
    """`overdue.doubt_unseen` as if it were `at`."""
    with shop.work() as uow:
        uow.at = at
        return overdue.doubt_unseen(uow)
