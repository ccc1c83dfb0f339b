"""Orders by a marketplace's official API (R24, R26): what changed is listed page by page, then fetched one by one.

Every page and every order is a commit of its own, so a pull that is killed goes on where it was, and everything may come
twice. A list goes back a little before the last known change and is never cut off at its end: an order that changes while it
is read can only move down or in, not out. What cannot be taken in is set aside with its reason, and the others go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts import health
from recore.accounts.access import change_link
from recore.accounts.queries import account as account_by_id
from recore.accounts.queries import enabled_account
from recore.channels.base import OrderRecord
from recore.channels.order_api import ChangedOrder, ChangedOrders, OrderApi, Place
from recore.orders.queries import without_address
from recore.orders.rules import Sighting
from recore.platform.db import UnitOfWork, upsert
from recore.sync.judging import Fate, judge_records
from recore.sync.models import OrderPull, PulledOrder
from recore.sync.records import own_run, take_record, take_record_of_offers
from recore.sync.rules import PulledState
from recore.sync.service import Tools

MAX_ATTEMPTS = 5
MAX_BEHIND = 15  # attempts, a minute apart, of an order whose own answer lags behind the list
SET_ASIDE_FOR = timedelta(hours=1)  # then it is tried once more, for ever
GRAIN = timedelta(seconds=1)  # lists and orders may write their times in more or less detail
BEHIND = "この注文だけを聞くと、一覧より古い内容が返されます。"
PULLED = cast(sa.Table, PulledOrder.__table__)


# --- the list ----------------------------------------------------------------------------------------------------


def open_list(uow: UnitOfWork, api: OrderApi, account_id: int) -> None:
    """Begin a list unless one is being read."""
    uow.session.execute(
        upsert(uow.session, OrderPull)
        .values(tenant_id=uow.tenant_id, account_id=account_id, total=0)
        .on_conflict_do_nothing()
    )
    pull = pull_of(uow.session, account_id)
    since = pull.changed_since - api.overlap if pull.changed_since else uow.at - api.first_look
    opened = uow.execute_one(
        sa.update(OrderPull)
        .where(OrderPull.account_id == account_id, OrderPull.next_start.is_(None))
        .values(
            listing_since=since, listing_until=api.behind and uow.at - api.behind, began_at=uow.at, next_start=1,
            page_token=None, total=0, newest=None, changed_since=pull.changed_since or since,
        )
    )  # fmt: skip
    if opened:
        _ask_for_addresses(uow, account_id)
        _try_set_aside(uow, account_id)


def pull_of(session: Session, account_id: int) -> OrderPull:
    """As it is now; there is one once `open_list` was called."""
    return session.scalars(
        sa.select(OrderPull).where(OrderPull.account_id == account_id),
        execution_options={"populate_existing": True},
    ).one()


def place(session: Session, account_id: int) -> Place | None:
    """The page to read next; None when no list is being read."""
    row = session.execute(
        sa.select(
            OrderPull.listing_since, OrderPull.listing_until, OrderPull.next_start, OrderPull.page_token
        ).where(OrderPull.account_id == account_id, OrderPull.next_start.is_not(None))
    ).one_or_none()
    if row is None or row.listing_since is None or row.next_start is None:
        return None
    return Place(row.listing_since, row.listing_until, row.next_start, row.page_token)


def _still_at(account_id: int, place: Place) -> sa.ColumnElement[bool]:
    return sa.and_(
        OrderPull.account_id == account_id,
        OrderPull.next_start == place.start,
        OrderPull.listing_since == place.since,
        OrderPull.page_token.is_not_distinct_from(place.token),
    )


def begin_again(uow: UnitOfWork, account_id: int, place: Place) -> None:
    """The list cannot go on at that place any more: it is read from its first page again. What was taken stays taken."""
    uow.execute_one(
        sa.update(OrderPull).where(_still_at(account_id, place)).values(next_start=1, page_token=None)
    )


def heard_until(session: Session, account_id: int) -> datetime | None:
    """Every change before it, by the marketplace's clock, was listed."""
    return session.scalar(sa.select(OrderPull.changed_since).where(OrderPull.account_id == account_id))


def take_page(uow: UnitOfWork, account_id: int, place: Place, page: ChangedOrders) -> None:
    """Note the orders of a page, and go on behind it, or end the list; nothing when another worker has taken it."""
    pull = pull_of(uow.session, account_id)
    if page.total is None:
        is_last, has_shrunk = page.token is None, False
    else:
        is_last = page.count == 0 or place.start + page.count > page.total
        has_shrunk = page.total < pull.total and not is_last
    following = None if is_last else 1 if has_shrunk else place.start + max(page.count, 1)
    newest = max((each.changed_at for each in page.orders if each.changed_at), default=None)
    if newest is None or (pull.newest is not None and pull.newest > newest):
        newest = pull.newest
    values: dict[str, object] = {
        "next_start": following, "page_token": page.token, "total": page.total or 0, "newest": newest,
    }  # fmt: skip
    if is_last and place.until is not None:
        values["changed_since"] = max(pull.changed_since or place.until, place.until)
    elif is_last and newest is not None and pull.began_at is not None and pull.changed_since is not None:
        # What changed after its place in the list was read is younger than the list is old. A change that the marketplace
        # dates into the future hides none of those that come before it.
        values["changed_since"] = max(pull.changed_since, min(newest, uow.at) - (uow.at - pull.began_at))
    moved = uow.execute_one(sa.update(OrderPull).where(_still_at(account_id, place)).values(**values))
    if moved:
        _note(uow, account_id, page.orders)
        if is_last:
            _forget_taken(uow, account_id, before=place.since)


def _note(uow: UnitOfWork, account_id: int, orders: Sequence[ChangedOrder]) -> None:
    """An order waits to be fetched unless it was taken, or set aside, just as the list shows it."""
    for each in orders:
        statement = upsert(uow.session, PulledOrder).values(
            tenant_id=uow.tenant_id, account_id=account_id, order_number=each.number[:80], changed_at=each.changed_at,
            status=each.status[:60], state=PulledState.WAITING, attempts=0, noted_at=uow.at,
        )  # fmt: skip
        news = statement.excluded
        uow.session.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "account_id", "order_number"],
                set_={
                    "changed_at": news.changed_at, "status": news.status, "state": PulledState.WAITING, "attempts": 0,
                    "reason": None, "noted_at": news.noted_at,
                },
                where=sa.or_(
                    PULLED.c.changed_at.is_distinct_from(news.changed_at), PULLED.c.status != news.status
                ),
            )
        )  # fmt: skip


def _ask_for_addresses(uow: UnitOfWork, account_id: int) -> None:
    """Orders that are to be sent and came without an address are asked for again, whether they changed or not."""
    for number in without_address(uow.session, account_id):
        statement = upsert(uow.session, PulledOrder).values(
            tenant_id=uow.tenant_id, account_id=account_id, order_number=number, changed_at=None, status="",
            state=PulledState.WAITING, attempts=0, noted_at=uow.at,
        )  # fmt: skip
        uow.session.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "account_id", "order_number"],
                set_={"state": PulledState.WAITING, "attempts": 0},
                where=PULLED.c.state == PulledState.TAKEN,
            )
        )


def _try_set_aside(uow: UnitOfWork, account_id: int) -> None:
    """Amazon, or we, may have mended it since; it is set aside again when it fails once more."""
    uow.session.execute(
        sa.update(PulledOrder)
        .where(
            PulledOrder.account_id == account_id,
            PulledOrder.state == PulledState.ASIDE,
            PulledOrder.noted_at <= uow.at - SET_ASIDE_FOR,
        )
        .values(state=PulledState.WAITING, attempts=MAX_ATTEMPTS - 1),
        execution_options={"synchronize_session": False},
    )


def _forget_taken(uow: UnitOfWork, account_id: int, before: datetime) -> None:
    """Lists do not reach back to them any more."""
    uow.session.execute(
        sa.delete(PulledOrder).where(
            PulledOrder.account_id == account_id,
            PulledOrder.state == PulledState.TAKEN,
            PulledOrder.changed_at < before,
        ),
        execution_options={"synchronize_session": False},
    )


# --- one order ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """An order to be fetched, as the list last showed it."""

    id: int
    account_id: int
    number: str
    changed_at: datetime | None
    status: str
    attempts: int


def next_order(session: Session, account_id: int) -> Waiting | None:
    """The next to fetch; what failed before comes after the others."""
    statement = _waiting(account_id).order_by(PulledOrder.attempts, PulledOrder.id).limit(1)
    return _read(session, account_id, statement)


def waiting_order(session: Session, account_id: int, listed: ChangedOrder) -> Waiting | None:
    """That one, if it waits as a list has just shown it."""
    statement = _waiting(account_id).where(
        PulledOrder.order_number == listed.number[:80],
        PulledOrder.changed_at.is_not_distinct_from(listed.changed_at),
        PulledOrder.status == listed.status[:60],
    )
    return _read(session, account_id, statement)


def _read(
    session: Session, account_id: int, statement: sa.Select[int, str, datetime | None, str, int]
) -> Waiting | None:
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    return Waiting(row.id, account_id, row.order_number, row.changed_at, row.status, row.attempts)


def _waiting(account_id: int) -> sa.Select[int, str, datetime | None, str, int]:
    return sa.select(
        PulledOrder.id, PulledOrder.order_number, PulledOrder.changed_at, PulledOrder.status, PulledOrder.attempts
    ).where(PulledOrder.account_id == account_id, PulledOrder.state == PulledState.WAITING)  # fmt: skip


class Taking(StrEnum):
    DONE = "DONE"
    OVERTAKEN = "OVERTAKEN"  # something was seen since it was asked for
    BEHIND = "BEHIND"  # it does not tell the change that the list shows


def take_order(uow: UnitOfWork, tools: Tools, waiting: Waiting, record: OrderRecord) -> Taking:
    """Take a fetched order in; unless that is DONE, it waits to be asked for again. Raises Conflict SYNCING, ACCOUNT_DISABLED."""
    account = account_by_id(uow.session, waiting.account_id)
    fate, changes = take_record_now(uow, tools, waiting.account_id, record)
    if fate is Fate.UNREADABLE:
        set_aside(uow, waiting, "、".join(changes), numbers_of(record))
    elif tools.order_words(account).goes_back:
        if fate is Fate.OLDER:
            _settle(uow, waiting, attempts=waiting.attempts + 1)
            return Taking.OVERTAKEN
        _settle(uow, waiting, state=PulledState.TAKEN, reason=None)
    elif _is_behind(waiting, record):
        note_attempt(uow, waiting, BEHIND, is_own_fault=True, most=MAX_BEHIND, numbers=numbers_of(record))
        return Taking.BEHIND
    else:
        _settle(uow, waiting, state=PulledState.TAKEN, reason=None)
    return Taking.DONE


def _is_behind(waiting: Waiting, record: OrderRecord) -> bool:
    """Where an order only goes on, the marketplace's time of its last change says whether it tells what the list has shown."""
    listed, told = waiting.changed_at, record.updated_at
    return listed is not None and told is not None and told < listed - GRAIN


def numbers_of(record: OrderRecord | None) -> tuple[str, ...]:
    """Our own numbers of what was ordered."""
    items = record.items if record else ()
    return tuple(item.management_number for item in items if item.management_number)


def take_record_now(
    uow: UnitOfWork, tools: Tools, account_id: int, record: OrderRecord
) -> tuple[Fate, tuple[str, ...]]:
    """What it did, and what that changed or why not; OLDER and UNREADABLE are not taken. Raises Conflict SYNCING,
    ACCOUNT_DISABLED.
    """
    account = enabled_account(uow.session, account_id)
    at = Sighting(own_run(uow, account.id), 1)
    words = tools.order_words(account)
    ((completed, verdict),) = judge_records(uow.session, tools.keyring, account.id, [record], words, at)
    if verdict.fate not in (Fate.UNREADABLE, Fate.OLDER):
        if words.names_offers:
            take_record_of_offers(uow, tools.keyring, account.id, at, completed, words)
        else:
            take_record(uow, tools.keyring, account.id, at, completed, tools.reader(account))
    return verdict.fate, verdict.changes


def note_attempt(
    uow: UnitOfWork, waiting: Waiting, why: str, *, is_own_fault: bool, most: int = MAX_ATTEMPTS,
    numbers: Sequence[str] = (),
) -> None:  # fmt: skip
    """It could not be fetched this time. `is_own_fault`: others can, it seems; `most` times, and it is set aside."""
    if is_own_fault and waiting.attempts + 1 >= most:
        set_aside(uow, waiting, why, numbers)
    else:
        _settle(uow, waiting, attempts=waiting.attempts + 1)


def set_aside(uow: UnitOfWork, waiting: Waiting, reason: str, numbers: Sequence[str] = ()) -> None:
    """`numbers`: our own numbers of what was ordered; nothing holds their units, so staff are told, and nothing is raised."""
    goods = f"この注文の商品（{'、'.join(numbers)}）の在庫は、まだ確保していません。" if numbers else ""
    _settle(
        uow, waiting,
        state=PulledState.ASIDE, reason=f"{reason}{goods}"[:500], numbers=list(numbers) or None, noted_at=uow.at,
    )  # fmt: skip
    tell(uow, waiting.account_id)


def _settle(uow: UnitOfWork, waiting: Waiting, **values: object) -> None:
    """Unless a list has shown a further change since it was read; then it waits on."""
    uow.execute_one(
        sa.update(PulledOrder)
        .where(
            PulledOrder.id == waiting.id,
            PulledOrder.state == PulledState.WAITING,
            PulledOrder.changed_at.is_not_distinct_from(waiting.changed_at),
            PulledOrder.status == waiting.status,
        )
        .values(**values)
    )


def tell(uow: UnitOfWork, account_id: int) -> None:
    """The account says how many of its orders are set aside (R28)."""
    aside = uow.session.scalars(
        sa.select(PulledOrder.numbers).where(
            PulledOrder.account_id == account_id, PulledOrder.state == PulledState.ASIDE
        )
    ).all()
    account = account_by_id(uow.session, account_id, locked=True)
    numbers = sorted({number for each in aside for number in each or ()})
    change_link(uow, account_id, unread_numbers=numbers or None)
    if aside:
        message = health.orders_aside_message(len(aside), numbers)
        health.raise_attention(uow, account, health.ORDERS_ASIDE, message)
    else:
        health.clear_attention(account, health.ORDERS_ASIDE)


def fetch_again(uow: UnitOfWork, account_id: int) -> None:
    """Everything that was set aside waits once more."""
    uow.session.execute(
        sa.update(PulledOrder)
        .where(PulledOrder.account_id == account_id, PulledOrder.state == PulledState.ASIDE)
        .values(state=PulledState.WAITING, attempts=0, reason=None),
        execution_options={"synchronize_session": False},
    )
    tell(uow, account_id)


def set_aside_orders(session: Session, account_id: int, limit: int = 100) -> Sequence[PulledOrder]:
    return session.scalars(
        sa.select(PulledOrder)
        .where(PulledOrder.account_id == account_id, PulledOrder.state == PulledState.ASIDE)
        .order_by(PulledOrder.id.desc())
        .limit(limit)
    ).all()
