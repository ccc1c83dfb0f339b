"""Adoption (R35): auctions that were there before us become listings of our stock, many at a time.

An adopted auction counts as sent now: what the marketplace puts up again under its 管理番号 is ours too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts import permits
from recore.accounts.models import MarketplaceAccount
from recore.catalog.service import register_product
from recore.channels.base import Channel, store_tool
from recore.identity.models import Shop, Staff
from recore.listings.models import Listing, ObservedListing
from recore.listings.queries import units_to_offer
from recore.listings.rules import OPEN_STATES, ListingState
from recore.listings.service import own_external_id, write_event
from recore.platform.audit import record
from recore.platform.db import UnitOfWork
from recore.platform.text_ja import fold
from recore.stock import service as stock
from recore.stock.models import StockItem
from recore.stock.rules import SalesRoute
from recore.sync import matching
from recore.sync.rules import Phase

_ATTEMPT = re.compile(r"-[0-9]{1,3}\Z")  # `<IT>-2`: a further attempt or the rest of a lot
MAX_NUMBER = 40
NOTE = "マーケットプレイスの出品から登録"
TAKEN = "同じ管理番号の出品がすでにあります。二重出品になっていないか、ヤフオク!で確かめてください。"
OVERTAKEN = "ほかの操作と重なりました。もう一度、連携してください。"
NO_STOCK = "管理番号と同じITコードの在庫がありません。「在庫を作って連携」を選ぶか、ヤフオク!で管理番号を直して同期してください。"


@dataclass(frozen=True)
class Refused:
    """An auction that stays 未連携, and why; `reason` is the same text for the same cause."""

    external_id: str
    title: str
    reason: str


@dataclass(frozen=True)
class Linked:
    """An auction that is ours now."""

    listing_id: int
    stock_item_id: int
    it_code: str
    title: str


@dataclass(frozen=True)
class NewGoods:
    """What is not known from the marketplace about stock that is made for its auctions."""

    grade: str
    sales_route: SalesRoute


@dataclass(frozen=True)
class Adopted:
    linked: list[Linked]
    refused: list[Refused]

    @property
    def count(self) -> int:
        return len(self.linked)

    @property
    def reasons(self) -> dict[str, list[Refused]]:
        """reason → the auctions that it keeps 未連携, the most frequent first."""
        found: dict[str, list[Refused]] = {}
        for each in self.refused:
            found.setdefault(each.reason, []).append(each)
        return dict(sorted(found.items(), key=lambda entry: -len(entry[1])))


def it_code_of(management_number: str | None) -> str:
    """The IT code that a 管理番号 means: itself, without the `-2` of a further attempt."""
    return _ATTEMPT.sub("", fold(management_number or "").upper().strip())


def adopt(
    uow: UnitOfWork,
    channels: Mapping[str, Channel],
    observed_ids: Sequence[int],
    staff: Staff,
    goods: NewGoods | None = None,
) -> Adopted:
    """Link selling auctions to the stock that their 管理番号 names or, with `goods`, to stock that is made for them.

    Each goes or stays on its own. One that was linked meanwhile is left alone, so repeating it changes nothing.
    """
    rows = uow.session.scalars(
        sa.select(ObservedListing)
        .where(
            ObservedListing.id.in_(observed_ids),
            ObservedListing.listing_id.is_(None),
            ObservedListing.seen_phase == Phase.SELLING,
        )
        .order_by(ObservedListing.id)
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).all()
    items = {} if goods else _items_by_code(uow, (it_code_of(row.management_number) for row in rows))
    taken = _open_numbers(uow, rows)
    refused: list[Refused] = []
    linked: list[Linked] = []
    by_account: dict[int, list[int]] = {}
    denied = {each: permits.missing(uow, "ec.list", each) for each in {row.account_id for row in rows}}
    for row in rows:
        if (no := denied[row.account_id]) is not None:
            refused.append(Refused(row.external_id, row.title, no.message))
            continue
        number = _number(row)
        if (row.account_id, number) in taken:
            refused.append(Refused(row.external_id, row.title, TAKEN))
            continue
        item = _new_item(uow, row, goods) if goods else items.get(it_code_of(number))
        reason = _why_not(uow, item)
        if item is None or reason is not None:
            refused.append(Refused(row.external_id, row.title, reason or NO_STOCK))
            continue
        taken.add((row.account_id, number))
        listing_id = _link(uow, row, item, number, staff)
        linked.append(Linked(listing_id, item.id, item.it_code, row.title))
        by_account.setdefault(row.account_id, []).append(listing_id)
    uow.session.flush()
    _settle(uow, channels, by_account)
    return Adopted(linked, refused)


def overtaken(session: Session, observed_ids: Sequence[int]) -> list[Refused]:
    """Auctions that somebody else was linking at the same moment."""
    rows = session.execute(
        sa.select(ObservedListing.external_id, ObservedListing.title).where(
            ObservedListing.id.in_(observed_ids)
        )
    )
    return [Refused(row.external_id, row.title, OVERTAKEN) for row in rows]


def _items_by_code(uow: UnitOfWork, codes: Iterable[str]) -> dict[str, StockItem]:
    """Locked in the order of their ids, as everybody locks stock."""
    found = uow.session.scalars(
        sa.select(StockItem)
        .where(StockItem.it_code.in_(set(codes)))
        .order_by(StockItem.id)
        .with_for_update(),
        execution_options={"populate_existing": True},
    )
    return {item.it_code: item for item in found}


def _open_numbers(uow: UnitOfWork, rows: Sequence[ObservedListing]) -> set[tuple[int, str]]:
    """(account, 管理番号) of attempts that are open: there may be one of each."""
    numbers = {_number(row) for row in rows}
    found = uow.session.execute(
        sa.select(Listing.account_id, Listing.management_number).where(
            Listing.management_number.in_(numbers), Listing.state.in_(OPEN_STATES)
        )
    )
    return {(row.account_id, row.management_number) for row in found}


def _number(row: ObservedListing) -> str:
    """The 管理番号 of the attempt: the auction's own, where it has one that can be ours."""
    own = row.management_number or ""
    return own if 0 < len(own) <= MAX_NUMBER else row.external_id


def _new_item(uow: UnitOfWork, row: ObservedListing, goods: NewGoods) -> StockItem:
    product = register_product(uow, name=row.title[:200].strip() or row.external_id)
    shop_id = uow.session.scalars(sa.select(Shop.id).order_by(Shop.id).limit(1)).one()
    words = f"{product.search_text} {fold(row.management_number or '')}"
    new = stock.NewStock(
        product.id, shop_id, None, goods.grade, 0, row.current_price, 1, goods.sales_route, words, NOTE
    )
    return stock.take_in(uow, new)


def _why_not(uow: UnitOfWork, item: StockItem | None) -> str | None:
    if item is None:
        return NO_STOCK
    if item.sales_route is SalesRoute.STORE_ONLY:
        return f"在庫の販路が「{item.sales_route.label}」です。在庫の画面で販路を変えてください。"
    units = uow.session.scalar(sa.select(units_to_offer()).where(StockItem.id == item.id))
    if (units or 0) < 1:
        return "出品できる在庫が残っていません。"
    return None


def _link(uow: UnitOfWork, row: ObservedListing, item: StockItem, number: str, staff: Staff) -> int:
    listing = Listing(
        stock_item_id=item.id, account_id=row.account_id, management_number=number, state=ListingState.ACTIVE,
        state_at=uow.at, quantity=1, title=row.title[:300], fields={}, photo_ids=[], staff_id=staff.id,
        queued_at=uow.at, sent_at=uow.at, activated_at=uow.at,
        search_text=fold(f"{number} {item.it_code} {row.title} {row.external_id}"),
    )  # fmt: skip
    uow.session.add(listing)
    uow.session.flush()
    own_external_id(uow, listing.id, row.account_id, row.external_id)
    row.listing_id = listing.id
    write_event(uow, listing.id, None, ListingState.ACTIVE, f"{staff.name}さんが{row.external_id}を連携")
    record(
        uow, "listing.adopt", "listing", listing.id, number,
        after={"auction_id": row.external_id, "it_code": item.it_code},
    )  # fmt: skip
    return listing.id


def _settle(uow: UnitOfWork, channels: Mapping[str, Channel], linked: Mapping[int, Sequence[int]]) -> None:
    """Units that are bid for are held at once (R20)."""
    accounts = uow.session.scalars(sa.select(MarketplaceAccount).where(MarketplaceAccount.id.in_(linked)))
    for account in accounts:
        matching.settle(
            uow, account.id, linked[account.id], store_tool(channels[account.channel]).pages(account.profile)
        )
