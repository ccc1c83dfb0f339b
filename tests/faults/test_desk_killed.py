"""R7, R4: まとめて出品 and a file that is taken in, on PostgreSQL and Celery, their workers killed with SIGKILL: nothing twice, nothing
lost."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from recore.buyin.models import PurchaseLine
from recore.buyin.stock_file import KINDS
from recore.channels.registry import CHANNELS
from recore.identity.models import Account, Staff
from recore.identity.models import Shop as ShopRow
from recore.listings import bulk
from recore.listings.models import Listing, ListingDraft
from recore.listings.rules import BulkRowState, BulkState, ListingState
from recore.platform import imports
from recore.platform.audit import AuditEntry
from recore.platform.import_rules import ImportState
from recore.platform.imports import Importer
from recore.platform.jobs import JobState
from recore.platform.tables import write_csv
from recore.settings import Settings
from recore.stock.models import StockItem, StockLedgerEntry
from tests.faults.workers import jobs_by_state, wait_until, workers
from tests.support.desk import draft, photo, wired
from tests.support.shop import open_shop, staff_of

KILLS = 3  # at most, and one at least: a worker with nothing left to do is not waited for. A job that died eight times is given up


def test_r7_a_bulk_run_whose_workers_are_killed_lists_every_item_once(
    web: Flask, scaled: Settings, dice: random.Random, tmp_path: Path
) -> None:
    shop = open_shop(web)
    account_id, items = shop.yahoo_account(), [shop.item() for _ in range(8)]
    for item in items:
        photo(shop, item)
        draft(shop, item, account_id)
    with shop.work() as uow:
        run_id = bulk.begin(uow, CHANNELS, items)
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        login = uow.session.scalars(sa.select(Account.id).where(Account.login_id == "demo")).one()
        bulk.press(uow, run_id, staff, login)

    def is_done() -> bool:
        with shop.read() as session:
            return bulk.run_by_id(session, run_id).state is BulkState.DONE

    with workers(scaled, tmp_path, [dice.randint(20, 150) for _ in range(KILLS)]) as them:
        wait_until(lambda: them.kills > 0 and is_done(), them.replace_the_dead, tmp_path)
    with shop.read() as session:
        rows = bulk.rows_of(session, run_id)
        listed = session.execute(
            sa.select(Listing.stock_item_id, Listing.id, Listing.state).order_by(Listing.id)
        ).all()
        audited = session.scalars(
            sa.select(AuditEntry.subject_id).where(AuditEntry.action == "listing.queue")
        ).all()
        drafts = session.scalars(sa.select(ListingDraft.id)).all()
    assert sorted(row.stock_item_id for row in listed) == items
    assert {row.state for row in listed} == {ListingState.QUEUED} and drafts == []
    assert {row.stock_item_id: row.listing_ids for row in rows} == {
        row.stock_item_id: [row.id] for row in listed
    }
    assert {row.state for row in rows} == {BulkRowState.LISTED}
    assert sorted(each or 0 for each in audited) == [row.id for row in listed]
    assert JobState.FAILED not in {state for _, state in jobs_by_state(web)}


def test_r4_a_file_whose_workers_are_killed_becomes_stock_once(
    web: Flask, scaled: Settings, dice: random.Random, tmp_path: Path
) -> None:
    shop = open_shop(web)
    importer = Importer(wired(shop).keyring, KINDS)
    header = ("取込番号", "商品名", "グレード", "買取価格", "販売価格", "数量", "販路")
    rows = [(f"K-{at}", f"商品{at // 2}", "A", "1000", "5000", "2", "併売") for at in range(150)]
    table = importer.read(KINDS["stock"], write_csv(header, rows))
    with shop.work() as uow:
        shop_id = uow.session.scalars(sa.select(ShopRow.id)).one()
        import_id = importer.keep(uow, KINDS["stock"], "在庫.csv", table, shop_id)
    with shop.work(staff_of(shop)) as uow:
        importer.start(uow, import_id)

    def is_done() -> bool:
        with shop.read() as session:
            return imports.import_by_id(session, import_id).state is ImportState.DONE

    with workers(scaled, tmp_path, [dice.randint(20, 400) for _ in range(KILLS)]) as them:
        wait_until(lambda: them.kills > 0 and is_done(), them.replace_the_dead, tmp_path)
    with shop.read() as session:
        fates = Counter(row.fate for row in imports.results(session, import_id))
        lots = session.execute(
            sa.select(PurchaseLine.import_key, StockItem.on_hand).join(StockItem, StockItem.purchase_line_id == PurchaseLine.id)
        ).all()  # fmt: skip
        moved = session.scalars(sa.select(StockLedgerEntry.on_hand_delta)).all()
    assert fates == {"N": 150}
    assert sorted((row.import_key, row.on_hand) for row in lots) == sorted((row[0], 2) for row in rows)
    assert moved == [2] * 150
    assert JobState.FAILED not in {state for _, state in jobs_by_state(web)}
