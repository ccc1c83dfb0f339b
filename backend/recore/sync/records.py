"""Orders that come as records of a file or of the official API, into the same intake as those read off the pages.

Which of two tellings is newer (rule 7): an import takes a run number of its account, so it stands in one order with the
syncs. A file is older than the moment it is imported, though, and nobody knows by how much. Where it says of a row when it
last changed there, that is held against the time up to which the order is known; else a row that would turn an order back
or replace an address waits for a person's word. The API tells how an order is when it is asked, as a page does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.channels.base import OrderRecord, OrderWords, PageReader, RecordItem
from recore.identity.models import Device
from recore.listings import offers
from recore.listings.models import Listing, ListingExternalId
from recore.listings.service import AUCTION
from recore.orders import buyers, observe, winners
from recore.orders.models import Order, OrderExternalId, OrderLine
from recore.orders.rules import (
    ORDER_NUMBER,
    Buyer,
    OrderState,
    SeenDetail,
    SeenItem,
    Sighting,
    SourceKind,
    is_backwards,
)
from recore.orders.winners import auction_of
from recore.platform.bulk import among
from recore.platform.crypto import Keyring
from recore.platform.db import UnitOfWork
from recore.platform.errors import Conflict, Invalid
from recore.platform.numbering import NumberSeries, next_number
from recore.platform.text_ja import fold
from recore.sync import matching
from recore.sync.matching import Sighted
from recore.sync.models import SyncRun
from recore.sync.rules import RunState

SYNCING = "SYNCING"
GRAIN = timedelta(minutes=2)  # between two clocks, and between reading a page and taking it in


class Fate(StrEnum):
    """What a record would do."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    SAME = "SAME"
    ASK = "ASK"  # may be older than what is known: only with a person's word
    OLDER = "OLDER"
    UNREADABLE = "UNREADABLE"

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def done_label(self) -> str:
        """The same once the file was taken in."""
        return {Fate.CHANGED: "変わった", Fate.ASK: "取り込んでいない"}.get(self, self.label)


LABELS = {
    Fate.NEW: "新しい受注",
    Fate.CHANGED: "変わる",
    Fate.SAME: "変わらない",
    Fate.ASK: "確認が必要",
    Fate.OLDER: "古い内容",
    Fate.UNREADABLE: "読めない",
}


@dataclass(frozen=True)
class Replaced:
    """Known content that would become something else, for the screen only. `is_private`: buyer's data."""

    label: str
    before: str
    after: str
    is_private: bool = False

    def __repr__(self) -> str:
        return f"<Replaced {self.label}>"


@dataclass(frozen=True)
class Verdict:
    """`order_number`: ours. `changes`: what would change, or why not, for staff; without buyer data. `replaced`: the same
    with old and new content.
    """

    fate: Fate
    order_number: str | None = None
    changes: tuple[str, ...] = ()
    remedy: str = ""
    replaced: tuple[Replaced, ...] = ()


@dataclass(frozen=True)
class Known:
    """An order as we know it; `lines` by auction id."""

    order: Order
    lines: Mapping[str, OrderLine]
    numbers: frozenset[str]
    buyer: Buyer | None


# --- what a record would do --------------------------------------------------------------------------------------


def judge_records(
    session: Session,
    keyring: Keyring,
    account_id: int,
    records: Sequence[OrderRecord],
    words: OrderWords,
    at: Sighting | None = None,
) -> list[tuple[OrderRecord, Verdict]]:
    """Each record, completed by what we know of its auctions, with what it would do now, or seen `at`."""
    run = at.run if at is not None else None
    whole = [_of_one_winner(session, account_id, run, each, words) for each in records]
    wanted = {key for each in whole if each is not None for key in _ids(each, words)}
    known = _known(session, keyring, account_id, wanted)
    judged = []
    for given, record in zip(records, whole, strict=True):
        if record is None:
            judged.append((given, UNPAIRED))
            continue
        found = {each.order.id: each for key in _ids(record, words) if (each := known.get(key)) is not None}
        completed = _completed(record, list(found.values()))
        verdict = _judge(completed, list(found.values()), words)
        if (
            at is not None
            and verdict.fate is not Fate.SAME
            and any(_seen(each) >= at for each in found.values())
        ):
            verdict = Verdict(Fate.OLDER, verdict.order_number, (SEEN_SINCE,))
        judged.append((completed, verdict))
    return judged


def _seen(known: Known) -> Sighting:
    return Sighting(known.order.observed_run, known.order.observed_seq)


BUYER_FIELDS = ("お名前", "フリガナ", "郵便番号", "住所", "電話番号")  # as in Buyer
SEEN_SINCE = "同期で分かった内容の方が新しいため、取り込みません"


UNPAIRED = Verdict(
    Fate.UNREADABLE, None, ("管理番号が2つ以上ありますが、オークションIDが1つしかありません。",),
    "拡張機能の【同期開始】で取り込むか、オークションIDの欄に、管理番号と同じ順に改行で書き足してください。",
)  # fmt: skip


def _judge(record: OrderRecord, found: Sequence[Known], words: OrderWords) -> Verdict:
    if not found:
        return Verdict(Fate.NEW, None, _first_told(record, _state_of(record, words)))
    if len(found) > 1:
        if record.asked_at is not None and not all(_was_asked_since(record, each) for each in found):
            return Verdict(Fate.OLDER, found[0].order.number, (SEEN_SINCE,))
        numbers = "と".join(each.order.number for each in found)
        return Verdict(Fate.CHANGED, found[0].order.number, (f"受注{numbers}を1つにまとめる",))
    known = found[0]
    changes = _changes(record, known, words)
    fate = _fate(record, known, changes, words)
    if fate is Fate.OLDER:
        return Verdict(fate, known.order.number, (SEEN_SINCE,))
    return Verdict(fate, known.order.number, changes.all, replaced=tuple(changes.details))


def _state_of(record: OrderRecord, words: OrderWords) -> OrderState | None:
    state = words.order_state(record.status)
    return OrderState(state) if state else None


def _first_told(record: OrderRecord, state: OrderState | None) -> tuple[str, ...]:
    word = state.label if state else f"状態「{record.status}」の意味が分かりません（要確認）"
    where = Buyer(**asdict(record.recipient)) if record.recipient else None
    return (word,) if where and where.can_be_sent_to else (word, "お届け先なし")


def _fate(record: OrderRecord, known: Known, changes: Changes, words: OrderWords) -> Fate:
    """Of two tellings of an order that only goes on, the marketplace's own time of its last change decides: one of its answers
    may lag behind another, and our clock may be set back.
    """
    told, seen = record.updated_at, known.order.changed_there
    if record.asked_at is not None and told is not None and seen is not None and not words.goes_back:
        if told < seen:
            return Fate.OLDER
        return Fate.CHANGED if changes else Fate.SAME
    if not changes:
        return Fate.SAME
    if record.asked_at is not None:
        return Fate.CHANGED if _was_asked_since(record, known) else Fate.OLDER
    if record.updated_at is None or known.order.observed_at is None:
        return Fate.ASK if changes.is_back or changes.replaced else Fate.CHANGED
    is_news = record.updated_at > known.order.observed_at - GRAIN
    return Fate.CHANGED if is_news or _only_fills(record, known) else Fate.OLDER


def _was_asked_since(record: OrderRecord, known: Known) -> bool:
    """A change that the marketplace's clock puts later than ours was told too."""
    seen = known.order.observed_at
    return seen is None or any(
        each is not None and each > seen for each in (record.asked_at, record.updated_at)
    )


@dataclass
class Changes:
    """`told`: what was not known before; `replaced`: known content that would become something else."""

    told: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    details: list[Replaced] = field(default_factory=list)
    is_back: bool = False

    def __bool__(self) -> bool:
        return bool(self.told or self.replaced)

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.told, *self.replaced)

    def note(self, label: str, before: object, after: object, *, show: Callable[[Any], str] = str) -> None:
        """What the record does not tell changes nothing."""
        if after is None or after == before:
            return
        (self.told if before is None else self.replaced).append(label)
        if before is not None:
            self.details.append(Replaced(label, show(before), show(after)))

    def note_buyer(self, before: Buyer | None, after: Buyer) -> None:
        """お届け先, field by field; one that nothing can be sent to yet is filled in, not replaced."""
        pairs = list(zip(BUYER_FIELDS, _plain(before) if before else [""] * 5, _plain(after), strict=True))
        if all(old == new for _, old, new in pairs):
            return
        if before is None or not before.can_be_sent_to:
            self.told.append("お届け先")
            return
        self.replaced.append("お届け先")
        written = zip(asdict(before).values(), asdict(after).values(), strict=True)
        for (label, old, new), (old_text, new_text) in zip(pairs, written, strict=True):
            if old != new:
                self.details.append(Replaced(label, old_text or "なし", new_text or "なし", is_private=True))


def _changes(record: OrderRecord, known: Known, words: OrderWords) -> Changes:
    order, changes = known.order, Changes()
    _note_status(changes, record, known, words)
    _note_items(changes, record, known)
    if record.order_number and record.order_number[:80] not in known.numbers:
        changes.told.append("注文ID")
    changes.note("送料", order.shipping_fee, record.shipping_fee, show="{:,}円".format)
    changes.note("配送方法", order.shipping_method, record.shipping_method and record.shipping_method[:200])
    changes.note("支払い方法", order.payment_method, record.payment_method and record.payment_method[:200])
    changes.note("落札者", order.buyer_label or None, record.buyer_label or None)
    if record.recipient is not None:
        changes.note_buyer(known.buyer, Buyer(**asdict(record.recipient)).filled_from(known.buyer))
    return changes


def _note_status(changes: Changes, record: OrderRecord, known: Known, words: OrderWords) -> None:
    order, after = known.order, _state_of(record, words)
    lines = [(item, known.lines[item.auction_id]) for item in record.items if item.auction_id in known.lines]
    if all(line.raw_status == (item.status or record.status) for item, line in lines):
        return
    changes.is_back = after is not None and is_backwards(order.state, after)
    changes.told.append(
        f"{order.state.label} → {after.label}"
        if after is not None and after is not order.state
        else f"{words.label}での状態 {order.raw_status} → {record.status}"
    )


def _note_items(changes: Changes, record: OrderRecord, known: Known) -> None:
    added = sum(item.auction_id not in known.lines for item in record.items)
    if added:
        changes.told.append(f"商品を{added}点追加")
    for item in record.items:
        line = known.lines.get(item.auction_id)
        if line is not None:
            sums = (line.quantity, line.unit_price), (item.quantity, item.unit_price)
            changes.note(f"{item.auction_id}の金額・数量", *sums, show=_sum)
            changes.note(f"{item.auction_id}の管理番号", line.management_number, item.management_number)


def _sum(units: tuple[int, int | None]) -> str:
    quantity, price = units
    return f"{'―' if price is None else f'{price:,}円'} × {quantity}"


def _plain(buyer: Buyer) -> list[str]:
    """060-0001 and 0600001 are one postcode."""
    return ["".join(filter(str.isalnum, fold(value or ""))) for value in asdict(buyer).values()]


def _only_fills(record: OrderRecord, known: Known) -> bool:
    """The file is older than what is known, but brings the address that is still missing, under the same status."""
    lines = [known.lines.get(item.auction_id) for item in record.items]
    same = all(line is not None and line.raw_status == record.status for line in lines)
    return same and not known.order.has_address and record.recipient is not None


def _ids(record: OrderRecord, words: OrderWords) -> list[tuple[str, str]]:
    numbers = (record.order_number, *record.other_numbers) if record.order_number else ()
    auctions = () if words.names_offers else record.items
    return [
        *((AUCTION, item.auction_id) for item in auctions),
        *((ORDER_NUMBER, number[:80]) for number in numbers),
    ]


def _known(
    session: Session, keyring: Keyring, account_id: int, wanted: set[tuple[str, str]]
) -> dict[tuple[str, str], Known]:
    """(kind, external id) → the order that owns it."""
    owners = session.execute(
        sa.select(OrderExternalId.kind, OrderExternalId.external_id, OrderExternalId.order_id).where(
            OrderExternalId.account_id == account_id,
            among(session, OrderExternalId.external_id, sorted({key for _, key in wanted})),
        )
    ).all()
    owned = {
        (row.kind, row.external_id): row.order_id for row in owners if (row.kind, row.external_id) in wanted
    }
    orders = _orders(session, keyring, sorted(set(owned.values())))
    return {key: orders[order_id] for key, order_id in owned.items()}


def _orders(session: Session, keyring: Keyring, order_ids: list[int]) -> dict[int, Known]:
    fresh = {"populate_existing": True}
    lines: dict[int, dict[str, OrderLine]] = {}
    for line in session.scalars(
        sa.select(OrderLine).where(among(session, OrderLine.order_id, order_ids)), execution_options=fresh
    ):
        lines.setdefault(line.order_id, {})[line.external_id] = line
    numbers: dict[int, set[str]] = {}
    for row in session.execute(
        sa.select(OrderExternalId.order_id, OrderExternalId.external_id).where(
            among(session, OrderExternalId.order_id, order_ids), OrderExternalId.kind == ORDER_NUMBER
        )
    ):
        numbers.setdefault(row.order_id, set()).add(row.external_id)
    people = buyers.read(session, keyring, order_ids)
    return {
        order.id: Known(
            order,
            lines.get(order.id, {}),
            frozenset(numbers.get(order.id, ())),
            people[order.id][0] if order.id in people else None,
        )
        for order in session.scalars(
            sa.select(Order).where(among(session, Order.id, order_ids)), execution_options=fresh
        )
    }


def _of_one_winner(
    session: Session, account_id: int, run: int | None, record: OrderRecord, words: OrderWords
) -> OrderRecord | None:
    """The record under the keys of its wins (orders/winners.py), where auctions are what it names."""
    whole = _with_all_auctions(session, account_id, record)
    if whole is None or words.names_offers:
        return whole
    keyed = winners.keys_of(
        session, account_id, [auction_of(item.auction_id) for item in whole.items],
        label=whole.buyer_label, number=whole.order_number, run=run,
    )  # fmt: skip
    items = [replace(item, auction_id=keyed[auction_of(item.auction_id)]) for item in whole.items]
    return replace(whole, items=tuple(items))


def _with_all_auctions(session: Session, account_id: int, record: OrderRecord) -> OrderRecord | None:
    """管理番号 without an auction of their own get the one of our listing under it; None where there is none."""
    if not record.more_numbers:
        return record
    rows = session.execute(
        sa.select(Listing.management_number, ListingExternalId.external_id)
        .join(ListingExternalId, ListingExternalId.listing_id == Listing.id)
        .where(
            Listing.account_id == account_id,
            ListingExternalId.kind == AUCTION,
            among(session, Listing.management_number, record.more_numbers),
        )
        .order_by(Listing.id, ListingExternalId.id)
    )
    auctions = {row.management_number: row.external_id for row in rows}  # the newest of each
    first = record.items[0]
    if set(record.more_numbers) != auctions.keys() or first.auction_id not in auctions.values():
        return None
    items = [RecordItem(auctions[number], number, first.title, 1, None) for number in record.more_numbers]
    return replace(record, items=tuple(items), more_numbers=())


def _completed(record: OrderRecord, found: Sequence[Known]) -> OrderRecord:
    """The record with what is known of its order where the file says the same in another way, or only a part of it."""
    known_numbers = {number for known in found for number in known.numbers}
    if record.order_number not in known_numbers:
        other = next((each for each in record.other_numbers if each in known_numbers), record.order_number)
        record = replace(record, order_number=other)
    return _priced(_with_full_status(record, found), found)


def _with_full_status(record: OrderRecord, found: Sequence[Known]) -> OrderRecord:
    """A file without the column for it leaves off what an order's page adds to a status (2-0-1, then -後払い)."""
    lines = {key: line for known in found for key, line in known.lines.items()}
    words = {lines[item.auction_id].raw_status if item.auction_id in lines else "" for item in record.items}
    if record.asked_at is None and len(words) == 1 and (word := words.pop()).startswith(f"{record.status}-"):
        return replace(record, status=word)
    return record


def _priced(record: OrderRecord, found: Sequence[Known]) -> OrderRecord:
    """A sum for several items: their known prices where those make the sum, else equal parts, the rest on the first. Without
    a sum: a price that the marketplace itself does not tell (yet, or any more) stays as it is known.
    """
    lines = {key: line for known in found for key, line in known.lines.items()}
    if record.items_total is None:
        return replace(record, items=tuple(_with_known_price(item, lines) for item in record.items))
    known_items = [
        replace(item, quantity=lines[item.auction_id].quantity, unit_price=lines[item.auction_id].unit_price)
        for item in record.items
        if item.auction_id in lines
    ]
    if len(known_items) == len(record.items) and record.items_total == sum(
        item.quantity * (item.unit_price or 0) for item in known_items
    ):
        return replace(record, items=tuple(known_items))
    share, rest = divmod(record.items_total, len(record.items))
    parts = [
        replace(item, quantity=1, unit_price=share + (rest if index == 0 else 0))
        for index, item in enumerate(record.items)
    ]
    return replace(record, items=tuple(parts))


def _with_known_price(item: RecordItem, lines: Mapping[str, OrderLine]) -> RecordItem:
    if item.unit_price is not None:
        return item
    known = lines.get(item.auction_id)
    return replace(item, unit_price=known.unit_price if known else 0)


# --- taking records in -------------------------------------------------------------------------------------------


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
