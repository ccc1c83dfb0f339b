"""Listing states (the table of product.md, "Listing states") and the rules around them; no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from recore.platform.states import StateMachine


class ListingState(StrEnum):
    QUEUED = "QUEUED"
    PROCESSING = "PROCESSING"
    ACTIVE = "ACTIVE"
    SOLD_OUT = "SOLD_OUT"
    ENDED = "ENDED"
    FAILED = "FAILED"
    WITHDRAWN = "WITHDRAWN"
    NEEDS_REVIEW = "NEEDS_REVIEW"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    ListingState.QUEUED: "待機中",
    ListingState.PROCESSING: "出品処理中",
    ListingState.ACTIVE: "出品中",
    ListingState.SOLD_OUT: "出品完了",
    ListingState.ENDED: "終了",
    ListingState.FAILED: "出品エラー",
    ListingState.WITHDRAWN: "取り下げ",
    ListingState.NEEDS_REVIEW: "要確認",
}

S = ListingState
OPEN_STATES = (S.QUEUED, S.PROCESSING, S.ACTIVE, S.NEEDS_REVIEW)
CLOSED_UNSOLD_STATES = (S.ENDED, S.FAILED, S.WITHDRAWN)

# The moves of one attempt. 出品処理中 goes back to 待機中 only when its file is given up before it was sent. A listing seen after it was given up is reopened (last three rows), see product.md.
LISTING_MACHINE = StateMachine(
    "listing",
    ListingState,
    S.QUEUED,
    {
        S.QUEUED: {S.PROCESSING, S.WITHDRAWN},
        S.PROCESSING: {S.QUEUED, S.ACTIVE, S.FAILED, S.NEEDS_REVIEW, S.SOLD_OUT, S.ENDED, S.WITHDRAWN},
        S.ACTIVE: {S.SOLD_OUT, S.ENDED, S.WITHDRAWN, S.NEEDS_REVIEW},
        S.NEEDS_REVIEW: {S.ACTIVE, S.WITHDRAWN, S.SOLD_OUT, S.ENDED, S.FAILED},
        S.SOLD_OUT: {S.ACTIVE},  # an offer that stays: a cancelled order gives its units back to it
        S.ENDED: {S.ACTIVE, S.SOLD_OUT},
        S.FAILED: {S.ACTIVE, S.SOLD_OUT},
        S.WITHDRAWN: {S.ACTIVE, S.SOLD_OUT},
    },
)


class BatchState(StrEnum):
    BUILDING = "BUILDING"
    READY = "READY"
    FAILED = "FAILED"


class BulkState(StrEnum):
    """A bulk run; STOPPED: its job was given up, and goes on when somebody presses again."""

    OPEN = "OPEN"
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"
    DONE = "DONE"


class BulkRowState(StrEnum):
    WAITING = "WAITING"
    LISTED = "LISTED"
    REFUSED = "REFUSED"


class UploadState(StrEnum):
    """A direct upload of a file. What SENDING began may have reached the marketplace, whatever became of the answer."""

    CLAIMED = "CLAIMED"
    SENDING = "SENDING"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    NOT_TAKEN = "NOT_TAKEN"
    UNKNOWN = "UNKNOWN"
    ABANDONED = "ABANDONED"


U = UploadState
UPLOAD_MACHINE = StateMachine(
    "direct upload",
    UploadState,
    U.CLAIMED,
    {
        U.CLAIMED: {U.SENDING, U.ABANDONED},
        U.SENDING: {U.ACCEPTED, U.REFUSED, U.NOT_TAKEN, U.UNKNOWN},
        U.ACCEPTED: set(),
        U.REFUSED: set(),
        U.NOT_TAKEN: set(),
        U.UNKNOWN: set(),
        U.ABANDONED: set(),
    },
)
UPLOAD_LEASE = timedelta(minutes=10)  # from the claim to the click: the file is handed over in between
UPLOAD_PATIENCE = timedelta(minutes=3)  # a PC that is at work tells the server something sooner than this
# While one of these stands for a file, nobody may send the file (again).
HOLDING_STATES = (U.CLAIMED, U.SENDING, U.ACCEPTED, U.REFUSED, U.UNKNOWN)
# The file is, or may be, with the marketplace.
SENT_STATES = (U.SENDING, U.ACCEPTED, U.UNKNOWN)


def management_number_for(it_code: str, taken: set[str]) -> str:
    """The IT code itself, or `<IT>-2`, `<IT>-3` … while an older attempt on that account is open."""
    if it_code not in taken:
        return it_code
    number = 2
    while f"{it_code}-{number}" in taken:
        number += 1
    return f"{it_code}-{number}"


def split_into_parts(sizes: Sequence[int], *, max_rows: int, max_bytes: int) -> list[list[int]]:
    """Positions per file, in order, each file within both limits (one item alone may exceed the bytes)."""
    parts: list[list[int]] = []
    total = 0
    for position, size in enumerate(sizes):
        if not parts or len(parts[-1]) >= max_rows or total + size > max_bytes:
            parts.append([])
            total = 0
        parts[-1].append(position)
        total += size
    return parts
