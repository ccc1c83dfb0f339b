"""What a record of an order would do to what we know, before anything is changed: new, changed, the same, older, or for a person.

Which of two tellings is newer (rule 7): an import takes a run number of its account, so it stands in one order with the
syncs. A file is older than the moment it is imported, though, and nobody knows by how much. Where it says of a row when it
last changed there, that is held against the time up to which the order is known; else a row that would turn an order back
or replace an address waits for a person's word. The API tells how an order is when it is asked, as a page does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from recore.channels.base import OrderRecord, OrderWords
from recore.orders.rules import (
    Buyer,
    OrderState,
    Sighting,
    is_backwards,
)
from recore.platform.crypto import Keyring
from recore.platform.text_ja import fold
from recore.sync.known_orders import Known, completed, ids_of, known_orders, of_one_winner

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
    whole = [of_one_winner(session, account_id, run, each, words) for each in records]
    wanted = {key for each in whole if each is not None for key in ids_of(each, words)}
    known = known_orders(session, keyring, account_id, wanted)
    judged = []
    for given, record in zip(records, whole, strict=True):
        if record is None:
            judged.append((given, UNPAIRED))
            continue
        found = {each.order.id: each for key in ids_of(record, words) if (each := known.get(key)) is not None}
        whole_record = completed(record, list(found.values()))
        verdict = _judge(whole_record, list(found.values()), words)
        if (
            at is not None
            and verdict.fate is not Fate.SAME
            and any(_seen(each) >= at for each in found.values())
        ):
            verdict = Verdict(Fate.OLDER, verdict.order_number, (SEEN_SINCE,))
        judged.append((whole_record, verdict))
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
