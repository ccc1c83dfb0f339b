"""Records of orders, of a file or of the official API, taken into the same intake as those read off the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import sqlalchemy as sa

from recore.channels.base import OrderRecord, OrderWords, PageReader, RecordItem
from recore.identity.models import Device
from recore.listings import offers
from recore.listings.service import AUCTION
from recore.orders import observe, winners
from recore.orders.models import Order, OrderExternalId
from recore.orders.rules import (
    Buyer,
    SeenDetail,
    SeenItem,
    Sighting,
    SourceKind,
)
from recore.orders.winners import auction_of
from recore.platform.crypto import Keyring
from recore.platform.db import UnitOfWork
from recore.platform.errors import Conflict, Invalid
from recore.platform.numbering import NumberSeries, next_number
from recore.sync import matching
from recore.sync.matching import Sighted
from recore.sync.models import SyncRun
from recore.sync.rules import RunState

SYNCING = "SYNCING"


def own_run(uow: UnitOfWork, account_id: int) -> int:
    """A run number for an import, and the account held until the end of the transaction. Raises Conflict SYNCING."""
    number = next_number(uow, _series(account_id))
    _refuse_while_syncing(uow, account_id)
    return number


def hold_account(uow: UnitOfWork, account_id: int) -> None:
    """The same without a new number: a sync takes one when it starts, so it waits for us. Raises Conflict SYNCING."""
    uow.session.execute(
        sa.select(NumberSeries.last).where(NumberSeries.name == _series(account_id)).with_for_update()
    ).one()
    _refuse_while_syncing(uow, account_id)


def _series(account_id: int) -> str:
    return f"sync_run:{account_id}"


def _refuse_while_syncing(uow: UnitOfWork, account_id: int) -> None:
    """A sync that is under way would lose what it reads from now on to the import's higher number."""
    running = uow.session.execute(
        sa.select(SyncRun.id, SyncRun.lease_until, Device.name)
        .join(Device, Device.id == SyncRun.device_id)
        .where(SyncRun.account_id == account_id, SyncRun.state == RunState.RUNNING)
        .with_for_update(of=SyncRun)
    ).one_or_none()
    if running is None:
        return
    if running.lease_until > uow.at:
        raise Conflict(
            SYNCING,
            f"「{running.name}」で同期しています。",
            remedy="同期が終わると、続きを自動で取り込みます。",
        )
    uow.execute_one(
        sa.update(SyncRun)
        .where(SyncRun.id == running.id, SyncRun.state == RunState.RUNNING)
        .values(state=RunState.ABANDONED, finished_at=uow.at)
    )


def take_record(
    uow: UnitOfWork,
    keyring: Keyring,
    account_id: int,
    at: Sighting,
    record: OrderRecord,
    reader: PageReader,
) -> str:
    """Take one record of a store tool in; our number of its order. The caller holds the account, and has judged the record."""
    won = [
        Sighted(auction_of(item.auction_id), item.management_number, record.ordered_at, is_selling=False)
        for item in record.items
    ]
    links = matching.won_links(uow, account_id, won, reader)
    _take(uow, keyring, account_id, at, record, reader, links)
    matching.link_observed(uow, account_id, links)
    first = auction_of(record.items[0].auction_id)
    keyed = winners.keys_of(
        uow.session, account_id, [first], label=record.buyer_label, number=record.order_number
    )
    number = uow.session.scalar(
        sa.select(Order.number)
        .join(OrderExternalId, OrderExternalId.order_id == Order.id)
        .where(
            OrderExternalId.account_id == account_id,
            OrderExternalId.kind == AUCTION,
            OrderExternalId.external_id == keyed[first],
        )
    )
    return number or ""


def take_record_of_offers(
    uow: UnitOfWork,
    keyring: Keyring,
    account_id: int,
    at: Sighting,
    record: OrderRecord,
    words: OrderWords,
) -> None:
    """The same of a marketplace whose orders name our offers. An item that we did not offer is 未連携."""
    numbers = [item.management_number for item in record.items if item.management_number]
    ours = offers.by_number(uow.session, account_id, numbers)
    links = {
        item.auction_id: ours[item.management_number]
        for item in record.items
        if item.management_number in ours
    }
    _take(uow, keyring, account_id, at, record, words, links)


def _take(
    uow: UnitOfWork,
    keyring: Keyring,
    account_id: int,
    at: Sighting,
    record: OrderRecord,
    words: OrderWords,
    links: Mapping[str, int],
) -> None:
    kind = SourceKind.FILE if record.asked_at is None else SourceKind.API
    as_of = record.asked_at or record.updated_at
    changed_at = record.updated_at if kind is SourceKind.API else None
    source = observe.Source(account_id, at, words, links, kind, as_of, changed_at)
    observe.take_details(uow, keyring, source, [_detail(record)])


def _detail(record: OrderRecord) -> SeenDetail:
    return SeenDetail(
        auction_id=record.items[0].auction_id,
        order_number=record.order_number,
        status=record.status,
        ordered_at=record.ordered_at,
        items=tuple(_item(item) for item in record.items),
        buyer=Buyer(**asdict(record.recipient)) if record.recipient else None,
        shipping_method=record.shipping_method,
        payment_method=record.payment_method,
        shipping_fee=record.shipping_fee,
        total=record.total,
        message=record.message,
        buyer_label=record.buyer_label,
        asks_to_cancel=record.asks_to_cancel,
    )


def _item(item: RecordItem) -> SeenItem:
    if item.unit_price is None:
        raise Invalid("NO_PRICE", "金額が分かりません。", item=item.auction_id)
    return SeenItem(
        item.auction_id, item.management_number, item.title, item.quantity, item.unit_price, item.status
    )
