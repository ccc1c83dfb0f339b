"""Listings that the server offers through a marketplace's API (R21, R27): every change of an ApiOffer, in the caller's commit.

    open_offer (with 【出品】) → claim (leased) → begin_put (committed before anything is sent) → what was answered → read back
Whoever works on an offer holds its lease; who changes what it shall show sets `due_at` on the same row, so that neither misses
the other. The job is only the wake-up call: a sweep finds every row whose time has come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts import permits
from recore.accounts.contact import note_push
from recore.accounts.health import PUSH_FAILING, clear_attention, raise_attention
from recore.accounts.models import ApiLink, MarketplaceAccount
from recore.accounts.queries import account as account_by_id
from recore.channels.base import FieldProblem
from recore.channels.offer_api import Amounts, SeenOffer, Submitted
from recore.identity.models import Staff
from recore.identity.settings import setting
from recore.listings.models import ApiOffer, Listing, ListingDraft
from recore.listings.offer_rules import (
    Finding,
    Standing,
    Waits,
    acknowledged,
    has_sold_since,
    is_stale,
    judge,
    next_look,
)
from recore.listings.rules import OPEN_STATES, ListingState, management_number_for
from recore.listings.service import get as get_listing
from recore.listings.service import move
from recore.platform.audit import record
from recore.platform.bulk import among
from recore.platform.clock import to_jst
from recore.platform.db import UnitOfWork, UtcDateTime, upsert
from recore.platform.errors import Conflict, Invalid, RecoreError
from recore.platform.jobs import enqueue
from recore.stock.models import StockItem
from recore.stock.service import follow

ATTEND = "listings.attend_offer"
LEASE = timedelta(minutes=3)
SOONEST, LATEST = timedelta(seconds=30), timedelta(minutes=15)
TOLD_AFTER = timedelta(minutes=10)

S = ListingState


class LeaseGone(RuntimeError):
    """Somebody else works on the offer by now; stop without writing a result."""


# --- who wants something of an offer --------------------------------------------------------------------------------


def open_offer(uow: UnitOfWork, listing: Listing) -> None:
    """A queued listing is to be offered. Raises Conflict MANAGEMENT_NUMBER_TAKEN: a number is used once and never again."""
    added = uow.session.execute(
        upsert(uow.session, ApiOffer)
        .values(
            tenant_id=uow.tenant_id, listing_id=listing.id, account_id=listing.account_id,
            number=listing.management_number, price=listing.fields["price"], sendings=0, due_at=uow.at,
        )
        .on_conflict_do_nothing()
        .returning(ApiOffer.id)
    ).scalar_one_or_none()  # fmt: skip
    if added is None:
        raise Conflict(
            "MANAGEMENT_NUMBER_TAKEN", f"「{listing.management_number}」は、この出品先で前に使われています。",
            item=listing.management_number, field="management_number",
            remedy="一度使った番号は使えません。別の番号を入力してください。",
        )  # fmt: skip
    follow(uow, listing.stock_item_id)
    _wake(uow, [listing.id])


def follow_stock(uow: UnitOfWork, stock_item_id: int) -> None:
    """The item's units moved: every open offer of it is looked after at once."""
    mine = sa.select(Listing.id).where(Listing.stock_item_id == stock_item_id, Listing.state.in_(OPEN_STATES))
    _make_due(uow, ApiOffer.listing_id.in_(mine))


def by_number(session: Session, account_id: int, numbers: Sequence[str]) -> dict[str, int]:
    """number → the listing that was offered under it, whatever became of it."""
    rows = session.execute(
        sa.select(ApiOffer.number, ApiOffer.listing_id).where(
            ApiOffer.account_id == account_id, among(session, ApiOffer.number, sorted(set(numbers)))
        )
    ).all()
    return {row.number: row.listing_id for row in rows}


def count_sold(uow: UnitOfWork, listing_id: int, units: int) -> None:
    """`units` of the offer are sold there by now, in all; fewer after a cancel, and then it goes on. A sale there changes what it
    shows without our doing, and a cancel may: so that is read back before anything is sent.
    """
    listing = get_listing(uow, listing_id, lock=True)
    sold = min(units, listing.quantity)
    if (
        sold == listing.sold_quantity
    ):  # an order that came and was cancelled before we heard of it counts nothing
        if listing.state in OPEN_STATES:
            _make_due(uow, ApiOffer.listing_id == listing_id, looked_at=None)
        return
    uow.execute_one(sa.update(Listing).where(Listing.id == listing_id).values(sold_quantity=sold))
    if sold == listing.quantity:
        move(uow, listing_id, S.SOLD_OUT, "すべて注文された")
    elif listing.state is S.SOLD_OUT:
        move(uow, listing_id, S.ACTIVE, "注文がキャンセルされた")
    _make_due(
        uow, ApiOffer.listing_id == listing_id, pushed_quantity=None, seen_quantity=None, looked_at=None
    )


def orders_heard(uow: UnitOfWork, account_id: int) -> None:
    """Every order there was taken in: what waited for that before it shows more goes on."""
    _make_due(uow, ApiOffer.account_id == account_id, ApiOffer.raise_to.is_not(None))


def change_price(uow: UnitOfWork, listing_id: int, price: int, staff: Staff) -> None:
    """Raises NotFound, Conflict NOT_OPEN, Invalid PRICE."""
    listing, offer = _open(uow, listing_id)
    if not 1 <= price <= 99_999_999:
        raise Invalid(
            "PRICE",
            "価格は1〜99,999,999円で入力してください。",
            item=listing.management_number,
            field="price",
        )
    before = offer.price
    _make_due(uow, ApiOffer.listing_id == listing_id, price=price)
    record(
        uow, "listing.price", "listing", listing_id, listing.management_number,
        before={"price": before}, after={"price": price, "staff": staff.name},
    )  # fmt: skip


def withdraw(uow: UnitOfWork, listing_id: int, staff: Staff) -> None:
    """Take it off the marketplace; the listing ends when it is seen to be gone. Raises NotFound, Conflict NOT_OPEN."""
    listing, _ = _open(uow, listing_id)
    reason = f"{staff.name}さんが取り下げました。"
    _make_due(uow, ApiOffer.listing_id == listing_id, ends_as=S.WITHDRAWN, ends_because=reason)
    record(uow, "listing.withdraw", "listing", listing_id, listing.management_number)


def look_soon(uow: UnitOfWork, listing_id: int) -> None:
    """Read it back at once. Raises NotFound, Conflict NOT_OPEN."""
    _open(uow, listing_id)
    _make_due(uow, ApiOffer.listing_id == listing_id, looked_at=None)


def _open(uow: UnitOfWork, listing_id: int) -> tuple[Listing, ApiOffer]:
    """For what a person does with it."""
    listing = get_listing(uow, listing_id, lock=True)
    permits.require(uow, "ec.list", listing.account_id)
    offer = of_listing(uow.session, listing_id)
    if offer is None or listing.state not in OPEN_STATES:
        raise Conflict(
            "NOT_OPEN", f"「{listing.management_number}」は{listing.state.label}のため、この操作ができません。",
            item=listing.management_number, remedy="画面を再読み込みして、最新の状態を確認してください。",
        )  # fmt: skip
    return listing, offer


def _make_due(uow: UnitOfWork, *conditions: sa.ColumnElement[bool], **values: object) -> None:
    ids = uow.session.scalars(
        sa.update(ApiOffer).where(*conditions).values(due_at=uow.at, **values).returning(ApiOffer.listing_id),
        execution_options={"synchronize_session": False},
    ).all()
    _wake(uow, ids)


def _wake(uow: UnitOfWork, listing_ids: Sequence[int]) -> None:
    for listing_id in sorted(listing_ids):
        enqueue(uow, ATTEND, {"listing_id": listing_id}, dedupe_key=str(listing_id))


def wake_due(uow: UnitOfWork) -> None:
    """A job for every offer whose time has come; nobody asks the marketplace for an account that is switched off."""
    due = (
        sa.select(ApiOffer.listing_id)
        .join(MarketplaceAccount, MarketplaceAccount.id == ApiOffer.account_id)
        .where(ApiOffer.due_at <= uow.at, MarketplaceAccount.is_enabled)
        .order_by(ApiOffer.due_at)
        .limit(500)
    )
    _wake(uow, uow.session.scalars(due).all())


# --- whoever works on it --------------------------------------------------------------------------------------------


def claim(uow: UnitOfWork, listing_id: int) -> Standing | None:
    """The offer, for this worker alone until the lease ends; None when somebody else works on it or nobody may."""
    mark = uow.at + LEASE
    taken = uow.execute_one(
        sa.update(ApiOffer)
        .where(
            ApiOffer.listing_id == listing_id,
            sa.or_(ApiOffer.busy_until.is_(None), ApiOffer.busy_until <= uow.at),
            sa.exists().where(
                MarketplaceAccount.tenant_id == ApiOffer.tenant_id,
                MarketplaceAccount.id == ApiOffer.account_id,
                MarketplaceAccount.is_enabled,
            ),
        )
        .values(busy_until=mark, due_at=mark)
    )
    return standing(uow, listing_id, mark) if taken else None


def renew(uow: UnitOfWork, offer: Standing) -> Standing:
    """The offer as it is now, for this worker alone through another step. Raises LeaseGone."""
    mark = uow.at + LEASE
    asked = sa.case((ApiOffer.due_at < offer.mark, ApiOffer.due_at), else_=sa.literal(mark, UtcDateTime()))
    _keep(uow, offer, busy_until=mark, due_at=asked)
    return standing(uow, offer.listing_id, mark)


def standing(uow: UnitOfWork, listing_id: int, mark: datetime) -> Standing:
    """The offer as it is now. Raises LeaseGone."""
    row = uow.session.execute(
        sa.select(
            ApiOffer, Listing, StockItem, MarketplaceAccount, ApiLink.heard_until, ApiLink.unread_numbers
        )
        .join(Listing, Listing.id == ApiOffer.listing_id)
        .join(StockItem, StockItem.id == Listing.stock_item_id)
        .join(MarketplaceAccount, MarketplaceAccount.id == ApiOffer.account_id)
        .outerjoin(
            ApiLink,
            sa.and_(ApiLink.account_id == ApiOffer.account_id, ApiLink.tenant_id == ApiOffer.tenant_id),
        )
        .where(ApiOffer.listing_id == listing_id, ApiOffer.busy_until == mark),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if row is None:
        raise LeaseGone(listing_id)
    offer, listing, item, account, heard_until, unread = row
    units = min(listing.quantity - listing.sold_quantity, max(item.on_hand - item.reserved, 0))
    return Standing(
        at=uow.at,
        mark=mark,
        waits=Waits(
            timedelta(minutes=setting(uow.session, "settle.command_minutes")),
            timedelta(minutes=setting(uow.session, "settle.api_minutes")),
        ),
        listing_id=listing.id,
        account_id=account.id,
        channel=account.channel,
        seller_id=account.store_id,
        item=item.it_code,
        number=offer.number,
        values=listing.fields,
        state=listing.state,
        on_hand=item.on_hand,
        wanted=Amounts(units, offer.price),
        ends_as=offer.ends_as,
        ends_because=offer.ends_because or "",
        sendings=offer.sendings,
        put_at=offer.put_at,
        sent_at=listing.sent_at,
        answered_at=offer.answered_at,
        pushed_quantity=offer.pushed_quantity,
        pushed_price=offer.pushed_price,
        pushed_at=offer.pushed_at,
        gone_asked_at=offer.gone_asked_at,
        looked_at=offer.looked_at,
        seen_quantity=offer.seen_quantity,
        seen_price=offer.seen_price,
        off_since=offer.off_since,
        raise_to=offer.raise_to,
        raise_since=offer.raise_since,
        heard_until=None if offer.number in (unread or ()) else heard_until,
        failing_since=offer.failing_since,
    )


def begin_put(uow: UnitOfWork, offer: Standing) -> None:
    """From here on it may be on the marketplace. Raises LeaseGone, Conflict when it was taken back meanwhile."""
    if offer.state is S.QUEUED:
        move(uow, offer.listing_id, S.PROCESSING, "マーケットプレイスに送る", expected=S.QUEUED)
    uow.execute_one(
        sa.update(Listing)
        .where(Listing.id == offer.listing_id)
        .values(sent_at=sa.func.coalesce(Listing.sent_at, sa.literal(uow.at, UtcDateTime())))
    )
    _keep(
        uow, offer, sendings=ApiOffer.sendings + 1, put_at=uow.at, answered_at=None, pushed_at=uow.at,
        pushed_quantity=offer.wanted.quantity, pushed_price=offer.wanted.price,
    )  # fmt: skip


def put_not_taken(uow: UnitOfWork, offer: Standing) -> None:
    """The marketplace certainly took nothing of the last sending; the first one waits again. Raises LeaseGone."""
    _keep(uow, offer, sendings=offer.sendings, put_at=offer.put_at)
    if offer.sendings == 0:
        move(uow, offer.listing_id, S.QUEUED, "送れなかった", expected=S.PROCESSING)
        uow.execute_one(sa.update(Listing).where(Listing.id == offer.listing_id).values(sent_at=None))


def put_answered(uow: UnitOfWork, offer: Standing, answer: Submitted) -> None:
    """Accepted is not yet on sale; refused is 出品エラー with the field. `offer` as it stood before the sending."""
    get_listing(uow, offer.listing_id, lock=True)  # before the offer's row, as everybody does
    if answer.is_accepted:
        _keep(uow, offer, answered_at=uow.at)
        note_push(uow, offer.account_id)
    elif offer.sendings:  # an earlier one may have been taken
        _end_later(uow, offer, answer.problems)
    else:
        _end(uow, offer, S.FAILED, in_words(answer.problems), answer.problems)


def note_rise(uow: UnitOfWork, offer: Standing) -> None:
    """From now on it waits to show more, or does not any more. Raises LeaseGone."""
    more = offer.rise
    _keep(uow, offer, raise_to=more, raise_since=None if more is None else uow.at)


def begin_change(uow: UnitOfWork, offer: Standing, sent: Mapping[str, int]) -> None:
    """From here on nobody knows what the offer shows, until the change is acknowledged. `sent`: quantity or price.
    Raises LeaseGone.
    """
    _keep(uow, offer, pushed_at=uow.at, looked_at=None, **{f"pushed_{name}": None for name in sent})


def change_answered(uow: UnitOfWork, offer: Standing, sent: Mapping[str, int], answer: Submitted) -> None:
    """Raises Conflict CHANGE_REFUSED, which is tried again: an offer that shows too much must not stay."""
    if not answer.is_accepted:
        raise Conflict("CHANGE_REFUSED", f"数量・価格の変更が断られました：{in_words(answer.problems)}")
    _keep(uow, offer, pushed_at=uow.at, **{f"pushed_{name}": value for name, value in sent.items()})
    note_push(uow, offer.account_id)


def withdrawal_answered(uow: UnitOfWork, offer: Standing, answer: Submitted) -> None:
    """Raises Conflict CHANGE_REFUSED."""
    if not answer.is_accepted:
        raise Conflict("CHANGE_REFUSED", f"取り下げが断られました：{in_words(answer.problems)}")
    _keep(uow, offer, gone_asked_at=offer.gone_asked_at or uow.at, pushed_at=uow.at)
    note_push(uow, offer.account_id)


def end_unsent(uow: UnitOfWork, offer: Standing) -> None:
    """Nothing of it is on the marketplace, and nothing is to be."""
    target = offer.ends_as or S.WITHDRAWN
    reason = offer.ends_because or "在庫がなくなったため、送る前に取り下げました。"
    _end(uow, offer, target, reason, ())


def note_seen(uow: UnitOfWork, offer: Standing, seen: SeenOffer | None) -> None:
    """A read-back. What it says of the listing: `offer_rules.judge`."""
    get_listing(uow, offer.listing_id, lock=True)  # before the offer's row, as everybody does
    values: dict[str, object] = {"looked_at": uow.at}
    if seen is not None:
        values |= {"seen_quantity": seen.quantity, "seen_price": seen.price}
        if offer.answered_at is None:
            values["answered_at"] = uow.at
        values |= acknowledged(offer, seen)
        if is_stale(offer, seen):
            values["pushed_quantity"] = None  # send it again
        if has_sold_since(offer, seen):
            values |= {"pushed_quantity": None, "raise_since": uow.at}  # wait for the orders up to now
    finding = judge(offer, seen)
    is_off = offer.state is S.ACTIVE and finding is not Finding.ON_SALE
    values["off_since"] = (offer.off_since or uow.at) if is_off else None
    _keep(uow, offer, **values)
    _follow(uow, offer, finding, seen)


def _follow(uow: UnitOfWork, offer: Standing, finding: Finding, seen: SeenOffer | None) -> None:
    problems = seen.problems if seen is not None else ()
    if finding is Finding.ON_SALE and offer.state is not S.ACTIVE and offer.ends_as is None:
        move(uow, offer.listing_id, S.ACTIVE, "購入できることを確認")
    elif finding is Finding.GONE and offer.ends_as is not None:
        _end(uow, offer, offer.ends_as, offer.ends_because, problems)
    elif finding is Finding.GONE:
        reason = (
            "在庫がなくなったため、取り下げました。"
            if seen is not None
            else "マーケットプレイスで削除されていました。"
        )
        _end(uow, offer, S.WITHDRAWN, reason, ())
    elif finding is Finding.REFUSED and offer.state is S.PROCESSING:
        _end_later(uow, offer, problems)
    elif finding in (Finding.REFUSED, Finding.DOUBTFUL):
        _doubt(uow, offer, in_words(problems) if problems else "")


def _doubt(uow: UnitOfWork, offer: Standing, words: str) -> None:
    if offer.state is S.NEEDS_REVIEW:
        return
    if offer.ends_as is not None:
        words = (
            "取り下げを送りましたが、まだ購入できる状態です。マーケットプレイスの画面で取り下げてください。"
        )
    elif offer.state is S.PROCESSING and offer.wanted.quantity == 0:
        words = "ほかの販路のために確保されているため、数量0で登録されています。"
    reason = words or "送りましたが、購入できる状態になったことを確認できません。"
    move(uow, offer.listing_id, S.NEEDS_REVIEW, "時間内に購入できることが確認できない", reason=reason[:1000])


def _end_later(uow: UnitOfWork, offer: Standing, problems: Sequence[FieldProblem]) -> None:
    """Refused, but something may be there that could come on sale yet: it is taken off first."""
    reason = in_words(problems)
    _keep(uow, offer, ends_as=S.FAILED, ends_because=reason, answered_at=uow.at)
    uow.execute_one(sa.update(Listing).where(Listing.id == offer.listing_id).values(reason=reason))
    _put_back(uow, offer, problems)


def _end(
    uow: UnitOfWork, offer: Standing, target: ListingState, reason: str, problems: Sequence[FieldProblem]
) -> None:
    source = get_listing(uow, offer.listing_id, lock=True).state
    if source is S.QUEUED and target is S.FAILED:
        move(uow, offer.listing_id, S.PROCESSING, "マーケットプレイスが断った")
    if source is S.ACTIVE and target is S.FAILED:
        target = S.WITHDRAWN
    move(uow, offer.listing_id, target, reason[:200], reason=reason[:1000])
    if target is S.FAILED:
        _put_back(uow, offer, problems)


def _put_back(uow: UnitOfWork, offer: Standing, problems: Sequence[FieldProblem]) -> None:
    """The form comes back with the reason at each field, and with another number: its own is used up."""
    listing = get_listing(uow, offer.listing_id)
    used = sa.select(ApiOffer.number).where(
        ApiOffer.account_id == offer.account_id, ApiOffer.number.startswith(offer.item, autoescape=True)
    )
    number = management_number_for(offer.item, set(uow.session.scalars(used)))
    fields = listing.fields | {"management_number": number}
    reasons = {each.field: f"{each.message}{each.remedy}" for each in problems}
    back = upsert(uow.session, ListingDraft).values(
        tenant_id=uow.tenant_id, stock_item_id=listing.stock_item_id, account_id=listing.account_id, is_ticked=True,
        fields=fields, problems=reasons, version=1, updated_at=uow.at, updated_by=uow.actor.label,
    )  # fmt: skip
    uow.session.execute(
        back.on_conflict_do_update(
            index_elements=["tenant_id", "stock_item_id", "account_id"],
            set_={"problems": back.excluded.problems},
        )
    )


def in_words(problems: Sequence[FieldProblem]) -> str:
    """For the list of listings: every field with what is wrong."""
    words = "、".join(f"{each.label}：{each.message}{each.remedy}" for each in problems)
    return words[:1000] or "理由は示されていません。"


# --- letting go ------------------------------------------------------------------------------------------------------


def release(uow: UnitOfWork, offer: Standing) -> None:
    """The work is done for now: when it goes on. What was asked meanwhile goes on at once."""
    now = standing(uow, offer.listing_id, offer.mark)
    next_at = next_look(now) if now.state in OPEN_STATES and now.sendings else None
    _let_go(uow, offer, next_at, failing_since=None, failure=None)
    if offer.failing_since is not None and not _others_fail(uow, offer.account_id):
        clear_attention(account_by_id(uow.session, offer.account_id, locked=True), PUSH_FAILING)


def _others_fail(uow: UnitOfWork, account_id: int) -> bool:
    """What is told of them stands."""
    told = sa.select(ApiOffer.id).where(
        ApiOffer.account_id == account_id, ApiOffer.failing_since <= uow.at - TOLD_AFTER
    )
    return uow.session.scalar(told.limit(1)) is not None


def release_failed(uow: UnitOfWork, offer: Standing, error: RecoreError) -> None:
    """It could not be done this time: tried again, for ever, but less and less often; staff are told."""
    now = standing(uow, offer.listing_id, offer.mark)
    since = offer.failing_since or uow.at
    told = timedelta(seconds=getattr(error, "retry_after_seconds", None) or 0)
    pause = max(min(max((uow.at - since) / 2, SOONEST), LATEST), told)
    why = f"{error.message}{error.remedy or ''}"[:500]
    if now.state is S.PROCESSING and now.is_overdue:
        _doubt(uow, now, f"送りましたが、結果を確認できていません。{why}")
    _let_go(uow, offer, uow.at + pause, failing_since=since, failure=why)
    if uow.at >= since + TOLD_AFTER:
        account = account_by_id(uow.session, offer.account_id, locked=True)
        message = f"{to_jst(since):%m/%d %H:%M} から、出品・数量の変更を送れていません：{why}"
        raise_attention(uow, account, PUSH_FAILING, message)


def _let_go(uow: UnitOfWork, offer: Standing, next_at: datetime | None, **values: object) -> None:
    asked = ApiOffer.due_at < offer.mark
    later = sa.case((asked, sa.literal(uow.at, UtcDateTime())), else_=sa.literal(next_at, UtcDateTime()))
    due_at = uow.session.execute(
        sa.update(ApiOffer)
        .where(ApiOffer.listing_id == offer.listing_id, ApiOffer.busy_until == offer.mark)
        .values(busy_until=None, due_at=later, **values)
        .returning(ApiOffer.due_at),
        execution_options={"synchronize_session": False},
    ).scalar_one_or_none()
    if due_at is not None and due_at <= uow.at:
        _wake(uow, [offer.listing_id])


def _keep(uow: UnitOfWork, offer: Standing, **values: object) -> None:
    kept = uow.execute_one(
        sa.update(ApiOffer)
        .where(ApiOffer.listing_id == offer.listing_id, ApiOffer.busy_until == offer.mark)
        .values(**values)
    )
    if not kept:
        raise LeaseGone(offer.listing_id)


def of_listing(session: Session, listing_id: int) -> ApiOffer | None:
    return session.scalars(
        sa.select(ApiOffer).where(ApiOffer.listing_id == listing_id),
        execution_options={"populate_existing": True},
    ).one_or_none()
