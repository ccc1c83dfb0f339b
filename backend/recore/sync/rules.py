"""Sync runs, and what the auctions of a listing as last seen mean for it; no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from recore.listings.rules import ListingState
from recore.platform.states import StateMachine


class RunState(StrEnum):
    RUNNING = "RUNNING"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    ABANDONED = "ABANDONED"  # its lease ran out and another run took over


class Phase(StrEnum):
    SELLING = "selling"
    CLOSED = "closed"
    WON = "won"
    NUMBERED = "numbered"  # orders by their number, where a list names no auctions (current store tool)
    DETAIL = "detail"


OFFER_PHASES = frozenset({Phase.SELLING, Phase.CLOSED})
LIST_PHASES = {
    "classic": frozenset({Phase.SELLING, Phase.CLOSED, Phase.WON}),
    "current": frozenset({Phase.SELLING, Phase.CLOSED, Phase.WON, Phase.NUMBERED}),
}

RUN_MACHINE = StateMachine(
    "sync run",
    RunState,
    RunState.RUNNING,
    {
        RunState.RUNNING: {RunState.COMPLETE, RunState.FAILED, RunState.ABANDONED},
        RunState.COMPLETE: set(),
        RunState.FAILED: set(),
        RunState.ABANDONED: set(),
    },
)


class PulledState(StrEnum):
    """An order that the official API listed: to be fetched, taken in, set aside until a person or a change."""

    WAITING = "WAITING"
    TAKEN = "TAKEN"
    ASIDE = "ASIDE"


class OfferEnd(StrEnum):
    """How an offer ended, in the marketplace's list of ended ones."""

    SOLD = "SOLD"
    UNSOLD = "UNSOLD"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True)
class Offer:
    """An auction that belongs to a listing, as last seen. `word` is the raw result of an ended one."""

    external_id: str
    is_selling: bool
    bids: int
    ends_at: datetime | None
    word: str | None
    end: OfferEnd | None


class Bids(StrEnum):
    """What becomes of the units held for bids."""

    HOLD = "HOLD"
    RELEASE = "RELEASE"
    KEEP = "KEEP"


@dataclass(frozen=True)
class Verdict:
    """`target` None: the listing stays where it is. `reason` is shown to staff, `cause` stands in the history."""

    bids: Bids
    target: ListingState | None = None
    cause: str = ""
    reason: str | None = None


S = ListingState
SEEN_MAKES_ACTIVE = frozenset({S.PROCESSING, S.NEEDS_REVIEW, S.ENDED, S.FAILED, S.WITHDRAWN})
OVER_NOW = frozenset({S.PROCESSING, S.ACTIVE, S.NEEDS_REVIEW})
DOUBLE_REASON = (
    "同じ商品のオークションが2つ以上出品されています（二重出品）。ヤフオク!で片方を取り消してください。"
)


def judge(state: ListingState, offers: Sequence[Offer], relists: int, live_under_number: int) -> Verdict:
    """What the auctions of a listing, as last seen, say about it. `offers` is not empty.

    `relists`: how often it goes up again by itself. `live_under_number`: auctions selling under its 管理番号, whoever's
    attempt they are; more than one is a 二重出品, which stays in 要確認. A sold auction changes nothing here: its order does. The units bid for stay held until that order takes them over.
    """
    live = [offer for offer in offers if offer.is_selling]
    if live:
        return _judge_live(state, live, live_under_number)
    last = max(offers, key=lambda offer: (offer.ends_at is not None, offer.ends_at, offer.external_id))
    match last.end:
        case OfferEnd.SOLD:
            target = S.ACTIVE if state is S.PROCESSING else None
            return Verdict(Bids.KEEP, target, "終了一覧に「落札者あり」で表示")
        case OfferEnd.UNSOLD:
            return _judge_unsold(state, waits=relists > len(offers) - 1)
        case OfferEnd.WITHDRAWN:
            target = S.WITHDRAWN if state in OVER_NOW else None
            return Verdict(Bids.RELEASE, target, "ヤフオク!で取り消し", "ヤフオク!で取り消されました。")
    target = S.NEEDS_REVIEW if state in (S.PROCESSING, S.ACTIVE) else None
    return Verdict(
        Bids.KEEP,
        target,
        "終了の結果が不明",
        f"終了したオークションの結果「{last.word or ''}」の意味が分かりません。",
    )


def _judge_live(state: ListingState, live: Sequence[Offer], live_under_number: int) -> Verdict:
    bids = Bids.HOLD if any(offer.bids for offer in live) else Bids.RELEASE
    doubtful = state is S.NEEDS_REVIEW and live_under_number > 1
    target = S.ACTIVE if state in SEEN_MAKES_ACTIVE and not doubtful else None
    return Verdict(bids, target, "出品中の一覧に表示")


def _judge_unsold(state: ListingState, *, waits: bool) -> Verdict:
    if not waits:
        return Verdict(Bids.RELEASE, S.ENDED if state in OVER_NOW else None, "落札者なしで終了")
    target = S.ACTIVE if state in (S.PROCESSING, S.NEEDS_REVIEW) else None
    return Verdict(Bids.RELEASE, target, "落札者なしで終了、自動再出品を待つ")


CLOCK_GRAIN = timedelta(minutes=1)  # the lists show minutes


def may_be_ours(
    sent_at: datetime, ends_at: datetime | None, *, is_selling: bool, earliest_end: datetime
) -> bool:
    """Whether an auction seen for the first time now can be the one that was sent at `sent_at`.

    An auction that ends too early for that began before (a pre-existing one). One that was bought, sold or withdrawn may
    be over at any time after the sending.
    """
    if ends_at is None:
        return True
    return ends_at >= (earliest_end if is_selling else sent_at) - CLOCK_GRAIN
