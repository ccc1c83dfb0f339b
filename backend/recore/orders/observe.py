"""What the marketplace shows of orders → our orders (R17, R18, R25, R26).

Callers hold the account's sync run, so one account's observations come one after the other; (run, seq) decides which is
newer, and an older one never overwrites a newer one (rule 7). People's commands are kept out by the order's row lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from recore.channels.base import OrderWords
from recore.commands.service import merge_orders
from recore.listings.models import Listing
from recore.orders import buyers, winners
from recore.orders.line_stock import attach, count_units
from recore.orders.models import Order, OrderEvent, OrderExternalId, OrderLine
from recore.orders.rules import (
    AUCTION,
    MERGED,
    ORDER_NUMBER,
    REMOVED,
    WAITING_STATES,
    Buyer,
    LineStock,
    OrderState,
    Review,
    SeenDetail,
    SeenItem,
    SeenRow,
    Sighting,
    SourceKind,
    combine,
    is_step_back,
    rows_digest,
)
from recore.orders.service import (
    buyer_ends_at,
    flag,
    keep_buyer_until,
    lines_of_flushed,
    locked,
    move,
    refresh_search,
    release_bids_of_sold_out,
    settle_lines,
    unflag,
    write_event,
)
from recore.platform.audit import record
from recore.platform.bulk import among
from recore.platform.crypto import Keyring
from recore.platform.db import UnitOfWork
from recore.platform.numbering import next_number
from recore.platform.paging import AnyRow
from recore.sales.book import take_over_order


@dataclass
class Taken:
    """What became of a page: orders that are new, changed, and as they were; and the details wanted (auction ids)."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    wanted: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """Where observations come from: `words` reads what it says, `links` are its auctions (or items) that are our listings.

    `as_of`: of when its news are; None is now, and of a file that does not say it: nobody knows. `changed_at`: when the order told
    of last changed there, by the marketplace's own clock.
    """

    account_id: int
    at: Sighting
    words: OrderWords
    links: Mapping[str, int]
    kind: SourceKind = SourceKind.PAGES
    as_of: datetime | None = None
    changed_at: datetime | None = None

    def state_of(self, word: str) -> OrderState | None:
        """None for a word that nobody mapped."""
        state = self.words.order_state(word)
        return OrderState(state) if state else None

    @property
    def is_whole(self) -> bool:
        """What is not told is not there."""
        return self.kind is not SourceKind.FILE

    def observed_at(self, now: datetime) -> datetime | None:
        return now if self.as_of is None and self.is_whole else self.as_of


def take_rows(uow: UnitOfWork, source: Source, rows: Sequence[SeenRow], as_known: Mapping[str, int]) -> Taken:
    """Rows of the order list. Of a win that occurs twice on a page the last row counts. `as_known`: auction id →
    order of rows that say what is known, which count as seen.
    """
    keyed = winners.keyed_rows(uow.session, source.account_id, source.at.run, rows, as_known)
    by_auction = {row.auction_id: row for row in keyed}
    known = _known_lines(uow, source.account_id, list(by_auction))
    taken = Taken()
    touched: dict[int, list[SeenRow]] = {}
    for row in sorted(by_auction.values(), key=lambda each: (each.won_at, each.auction_id)):
        line = known.get(row.auction_id)
        if line is None:
            _create(uow, source, row)
            taken.new += 1
        elif _is_news(source, line, row):
            touched.setdefault(line.order_id, []).append(row)
        else:
            taken.unchanged += 1
    for order_id in sorted(touched):
        _take_rows_of(uow, source, order_id, touched[order_id])
        taken.changed += 1
    uow.session.flush()
    taken.unchanged += len(as_known.keys() - by_auction.keys())
    seen = {key: line.order_id for key, line in known.items()} | dict(as_known)
    _note_sighting(uow, source, list(seen.values()), list(seen))
    taken.wanted = _wanted(uow, source.account_id, list(by_auction.keys() | as_known.keys()))
    return taken


def _known_lines(uow: UnitOfWork, account_id: int, auction_ids: list[str]) -> dict[str, AnyRow]:
    rows = uow.session.execute(
        sa.select(
            OrderExternalId.external_id, OrderExternalId.order_id, Order.observed_run, Order.observed_seq,
            Order.buyer_label, OrderLine.raw_status, OrderLine.stock_state,
        )
        .join(Order, Order.id == OrderExternalId.order_id)
        .join(
            OrderLine,
            sa.and_(OrderLine.order_id == Order.id, OrderLine.external_id == OrderExternalId.external_id),
        )
        .where(
            OrderExternalId.account_id == account_id,
            OrderExternalId.kind == AUCTION,
            among(uow.session, OrderExternalId.external_id, auction_ids),
        )
    ).all()  # fmt: skip
    return {row.external_id: row for row in rows}


def _is_news(source: Source, line: AnyRow, row: SeenRow) -> bool:
    if Sighting(line.observed_run, line.observed_seq) >= source.at:
        return not line.buyer_label  # a late row still names the buyer's id where only the detail came
    if line.stock_state is LineStock.UNLINKED and row.auction_id in source.links:
        return True
    if row.buyer_label and line.buyer_label != row.buyer_label[:120]:
        return True  # the next bidder took the first one's place
    return line.raw_status != row.status or line.stock_state is LineStock.OVERSOLD


def _create(uow: UnitOfWork, source: Source, row: SeenRow) -> Order:
    order = _new_order(uow, source, row.status, row.title, row.won_at)
    order.amount, order.buyer_label = row.amount, row.buyer_label[:120]
    uow.session.add(order)
    uow.session.flush()
    _own(uow, source.account_id, order.id, AUCTION, row.auction_id)
    item = SeenItem(row.auction_id, row.management_number, row.title, 1, row.amount)
    _add_line(uow, source, order, item, row.status)
    _announce(uow, source, order)
    return order


def _new_order(uow: UnitOfWork, source: Source, status: str, title: str, ordered_at: object) -> Order:
    return Order(
        number=f"OD{next_number(uow, 'order'):07d}",
        account_id=source.account_id,
        state=source.state_of(status) or OrderState.ON_HOLD,
        state_at=uow.at,
        raw_status=status,
        title=title[:500],
        amount=0,
        ordered_at=ordered_at,
        observed_run=source.at.run,
        observed_seq=source.at.seq,
        observed_at=source.observed_at(uow.at),
        changed_there=source.changed_at,
        created_at=uow.at,
    )


def _announce(uow: UnitOfWork, source: Source, order: Order) -> None:
    """The first event, the flag where the word is unknown, and the stock behind the lines."""
    order.shipped_at = uow.at if order.state is OrderState.SHIPPED else None
    write_event(uow, order, None, f"{source.kind.label}の状態：{order.raw_status}")
    if source.state_of(order.raw_status) is None:
        _flag_unknown(uow, source, order)
    lines = lines_of_flushed(uow, order.id)
    settle_lines(uow, order, lines)
    refresh_search(uow, order, lines)
    uow.session.flush()


def _own(uow: UnitOfWork, account_id: int, order_id: int, kind: str, external_id: str) -> None:
    uow.session.add(
        OrderExternalId(account_id=account_id, kind=kind, external_id=external_id, order_id=order_id)
    )
    uow.session.flush()


def _add_line(
    uow: UnitOfWork, source: Source, order: Order, item: SeenItem, status: str, *, is_cancelled: bool = False
) -> OrderLine:
    line = OrderLine(
        order_id=order.id,
        external_id=item.auction_id,
        management_number=item.management_number and item.management_number[:60],
        title=item.title[:500],
        quantity=item.quantity,
        unit_price=item.unit_price,
        raw_status=status,
        is_cancelled=is_cancelled,
        seen_run=source.at.run,
        stock_state=LineStock.UNLINKED,
    )
    uow.session.add(line)
    uow.session.flush()
    _link(uow, source, line)
    return line


def _link(uow: UnitOfWork, source: Source, line: OrderLine) -> None:
    """An unlinked line gets the listing of its auction, once that is known."""
    listing_id = source.links.get(winners.auction_of(line.external_id))
    if line.stock_state is LineStock.UNLINKED and listing_id is not None:
        attach(uow, line, listing_id)


def _take_rows_of(uow: UnitOfWork, source: Source, order_id: int, rows: list[SeenRow]) -> None:
    order = locked(uow, order_id)
    is_newer = Sighting(order.observed_run, order.observed_seq) < source.at
    if is_newer or not order.buyer_label:
        _name_winner(uow, order, rows[-1].buyer_label[:120])
    lines = {line.external_id: line for line in lines_of_flushed(uow, order_id)}
    if is_newer:
        for row in rows:
            lines[row.auction_id].raw_status = row.status
            _link(uow, source, lines[row.auction_id])
        _follow(uow, source, order)
    refresh_search(uow, order, list(lines.values()))


def _name_winner(uow: UnitOfWork, order: Order, label: str) -> None:
    """Another winner has an address of their own: nothing may go to the first one's."""
    if order.buyer_label and label and label != order.buyer_label:
        buyers.forget(uow, [order.id])
        order.has_address, order.row_digest, order.detail_digest = False, None, None
    order.buyer_label = label or order.buyer_label


def _follow(uow: UnitOfWork, source: Source, order: Order) -> None:
    """Order and stock follow the words of the lines. Lines that disagree wait for the order's own page."""
    lines = lines_of_flushed(uow, order.id)
    combined = combine({line.external_id: line.raw_status for line in lines}, source.state_of)
    for line in lines:
        if line.is_cancelled != (line.external_id in combined.cancelled):
            line.is_cancelled = not line.is_cancelled
            what = "キャンセル" if line.is_cancelled else "キャンセルの取り消し"
            write_event(uow, order, order.state, f"{line.external_id}だけ{what}")
    if combined.word is not None:
        _follow_word(uow, source, order, combined.word)
    settle_lines(uow, order, lines)
    _release_bids(uow, lines)
    uow.session.flush()


def _follow_word(uow: UnitOfWork, source: Source, order: Order, word: str) -> None:
    if word == order.raw_status:
        return
    order.raw_status = word
    state = source.state_of(word)
    if state is None:
        _flag_unknown(uow, source, order)
        return
    if order.review_code == Review.UNKNOWN_STATUS:
        unflag(order)
    uow.session.flush()
    move(uow, order, state, f"{source.kind.label}の状態：{word}")


def _is_told_late(source: Source, order: Order, word: str) -> bool:
    state = source.state_of(word)
    return not source.words.goes_back and state is not None and is_step_back(order.state, state)


def _flag_unknown(uow: UnitOfWork, source: Source, order: Order) -> None:
    there = source.words.label
    reason = (
        f"{there}の状態「{order.raw_status}」の意味が分かりません。{there}で取引の内容を確かめてください。"
    )
    flag(uow, order, Review.UNKNOWN_STATUS, reason)


def _release_bids(uow: UnitOfWork, lines: Iterable[OrderLine]) -> None:
    """Bids on a listing that is sold out hold nothing any more."""
    listing_ids = sorted({line.listing_id for line in lines if line.listing_id})
    sold_out = sa.select(Listing.id).where(
        Listing.id.in_(listing_ids), Listing.sold_quantity == Listing.quantity
    )
    for listing_id in uow.session.scalars(sold_out).all():
        release_bids_of_sold_out(uow, listing_id)


def _note_sighting(uow: UnitOfWork, source: Source, order_ids: list[int], auction_ids: list[str]) -> None:
    """Unchanged rows count as seen too: what comes late must not overwrite them."""
    at = source.at
    older = sa.or_(
        Order.observed_run < at.run, sa.and_(Order.observed_run == at.run, Order.observed_seq < at.seq)
    )
    uow.session.execute(
        sa.update(Order)
        .where(among(uow.session, Order.id, order_ids), older)
        .values(observed_run=at.run, observed_seq=at.seq, observed_at=source.observed_at(uow.at)),
        execution_options={"synchronize_session": False},
    )
    uow.session.execute(
        sa.update(OrderLine)
        .where(
            among(uow.session, OrderLine.order_id, order_ids),
            among(uow.session, OrderLine.external_id, auction_ids),
            OrderLine.seen_run < at.run,
        )
        .values(seen_run=at.run),
        execution_options={"synchronize_session": False},
    )


def _wanted(uow: UnitOfWork, account_id: int, auction_ids: list[str]) -> list[str]:
    """Every order on the page whose own page should be read: it is new, its rows say something else than when it was
    read, or its buyer has not said where to send it. One of its auctions each, as the extension finds the page.
    """
    on_page = (
        sa.select(OrderExternalId.order_id)
        .where(
            OrderExternalId.account_id == account_id,
            OrderExternalId.kind == AUCTION,
            among(uow.session, OrderExternalId.external_id, auction_ids),
        )
        .distinct()
    )
    rows = uow.session.execute(
        sa.select(
            OrderLine.order_id, OrderLine.external_id, OrderLine.raw_status, Order.row_digest, Order.has_address,
            Order.state, Order.buyer_label,
        )
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.order_id.in_(on_page))
        .order_by(OrderLine.order_id, OrderLine.id)
    ).all()  # fmt: skip
    by_order: dict[int, list[AnyRow]] = {}
    for row in rows:
        by_order.setdefault(row.order_id, []).append(row)
    shown = set(auction_ids)
    wanted: dict[str, str] = {}
    for lines in by_order.values():
        digest = rows_digest((line.external_id, line.raw_status) for line in lines)
        waits = lines[0].state in WAITING_STATES and not lines[0].has_address
        if waits or lines[0].row_digest != digest:
            wanted[next(line.external_id for line in lines if line.external_id in shown)] = lines[
                0
            ].buyer_label
    return list(winners.page_keys(uow.session, account_id, wanted).values())


def take_details(uow: UnitOfWork, keyring: Keyring, source: Source, details: Sequence[SeenDetail]) -> Taken:
    """Pages of single orders; one that shows several auctions is one order, whatever we took them for before (R26)."""
    taken = Taken()
    for shown in details:
        detail = shown
        if not source.words.names_offers:
            detail = winners.keyed_detail(uow.session, source.account_id, source.at.run, shown)
        order = _order_of(uow, source, detail)
        if order is None:
            order = _create_from_detail(uow, source, detail)
            taken.new += 1
        elif Sighting(order.observed_run, order.observed_seq) >= source.at or _is_told_late(
            source, order, detail.status
        ):
            taken.unchanged += 1
            continue
        digest = buyers.digest(keyring, uow.tenant_id, detail) if source.is_whole else None
        changed = digest is None or digest != order.detail_digest
        taken.changed += changed
        taken.unchanged += not changed
        _take_items(uow, source, order, detail)
        _follow(uow, source, order)
        if changed:
            _take_contents(uow, keyring, source, order, detail)
        _follow_wish(uow, source, order, detail)
        _close_detail(uow, source, order, digest)
    return taken


def _order_of(uow: UnitOfWork, source: Source, detail: SeenDetail) -> Order | None:
    """The one order of all ids on the page, locked; orders that turn out to be one are merged. None: it is new."""
    owned: list[sa.ColumnElement[bool]] = []
    if not source.words.names_offers:
        auctions = {detail.auction_id, *(item.auction_id for item in detail.items)}
        owned.append(
            sa.and_(OrderExternalId.kind == AUCTION, OrderExternalId.external_id.in_(sorted(auctions)))
        )
    if detail.order_number:
        number = detail.order_number[:80]
        owned.append(sa.and_(OrderExternalId.kind == ORDER_NUMBER, OrderExternalId.external_id == number))
    order_ids = uow.session.scalars(
        sa.select(OrderExternalId.order_id)
        .where(OrderExternalId.account_id == source.account_id, sa.or_(*owned))
        .distinct()
        .order_by(OrderExternalId.order_id)
    ).all()
    if not order_ids:
        return None
    orders = [locked(uow, order_id) for order_id in order_ids]
    newest = max(Sighting(order.observed_run, order.observed_seq) for order in orders)
    if newest >= source.at:
        return orders[0] if len(orders) == 1 else _newest(orders)
    for other in orders[1:]:
        _merge(uow, orders[0], other)
    return locked(uow, orders[0].id)


def _newest(orders: list[Order]) -> Order:
    return max(orders, key=lambda order: (order.observed_run, order.observed_seq))


def _merge(uow: UnitOfWork, order: Order, other: Order) -> None:
    """`other` becomes part of `order`: lines (and what they hold), ids and history move over; its number still finds it."""
    number, other_id, account_id = other.number, other.id, other.account_id
    exported = other.exported_at
    uow.session.flush()
    for table in (OrderLine, OrderExternalId, OrderEvent):
        uow.session.execute(
            sa.update(table).where(table.order_id == other_id).values(order_id=order.id),
            execution_options={"synchronize_session": False},
        )
    buyers.forget(uow, [other_id])
    merge_orders(uow, order.id, other_id)
    take_over_order(uow, order.id, other_id)
    uow.session.expunge(other)
    uow.execute_one(sa.delete(Order).where(Order.id == other_id))
    uow.session.expire_all()
    _own(uow, account_id, order.id, MERGED, number)
    order.exported_at = order.exported_at or exported
    write_event(uow, order, order.state, f"まとめ取引のため受注{number}と1つにした")
    record(uow, "order.merge", "order", order.id, order.number, before={"merged": number})


def _create_from_detail(uow: UnitOfWork, source: Source, detail: SeenDetail) -> Order:
    """The order's own page came before its row: the row adds the buyer's id later."""
    items = detail.items or (SeenItem(detail.auction_id, None, "", 1, detail.total or 0),)
    order = _new_order(uow, source, detail.status, items[0].title, detail.ordered_at or uow.at)
    uow.session.add(order)
    uow.session.flush()
    for item in items:
        _add_line_of(uow, source, order, item, detail)
    _announce(uow, source, order)
    return order


def _add_line_of(
    uow: UnitOfWork, source: Source, order: Order, item: SeenItem, detail: SeenDetail
) -> OrderLine:
    if not source.words.names_offers:
        _own(uow, source.account_id, order.id, AUCTION, item.auction_id)
    off = OrderState.CANCELLED
    is_cancelled = source.state_of(item.status or "") is off and source.state_of(detail.status) is not off
    return _add_line(uow, source, order, item, item.status or detail.status, is_cancelled=is_cancelled)


def _take_items(uow: UnitOfWork, source: Source, order: Order, detail: SeenDetail) -> None:
    """Lines as the page lists them, under the page's status; a line that is off by its own row stays off."""
    lines = {line.external_id: line for line in lines_of_flushed(uow, order.id)}
    for item in detail.items:
        line = lines.get(item.auction_id)
        if line is None:
            lines[item.auction_id] = _add_line_of(uow, source, order, item, detail)
            continue
        grown = item.quantity != line.quantity
        line.quantity, line.unit_price = item.quantity, item.unit_price
        title = (item.title or line.title) if source.is_whole else (line.title or item.title)
        line.title = title[:500]
        line.management_number = (item.management_number or line.management_number or "")[:60] or None
        _link(uow, source, line)
        if grown and line.listing_id is not None:
            count_units(uow, line.listing_id)
    words = {item.auction_id: item.status or detail.status for item in detail.items}
    listed = set(words) or set(lines)
    off = source.state_of(detail.status) is OrderState.CANCELLED
    for line in lines.values():
        if line.external_id not in listed:
            if source.is_whole:
                _drop(uow, source, order, line)
        elif off or source.state_of(line.raw_status) is not OrderState.CANCELLED or len(lines) == 1:
            line.raw_status = words.get(line.external_id, detail.status)


def _drop(uow: UnitOfWork, source: Source, order: Order, line: OrderLine) -> None:
    """The page does not list this line any more: a partial cancel, unless the list of this very run still shows it."""
    is_off = source.state_of(line.raw_status) is OrderState.CANCELLED or line.raw_status == REMOVED
    if is_off:
        return
    if line.seen_run < source.at.run:
        line.raw_status = REMOVED
    elif order.review_code is None:
        reason = f"まとめ取引の明細に{line.external_id}がありません。{source.words.label}で取引の内容を確かめてください。"
        flag(uow, order, Review.BUNDLE_CHANGED, reason)


def _take_contents(
    uow: UnitOfWork, keyring: Keyring, source: Source, order: Order, detail: SeenDetail
) -> None:
    lines = [line for line in lines_of_flushed(uow, order.id) if line.raw_status != REMOVED]
    more = f" ほか{len(lines) - 1}点" if len(lines) > 1 else ""
    order.title = f"{lines[0].title[:480]}{more}"
    order.amount = sum(line.quantity * line.unit_price for line in lines)
    for name, told in (
        ("shipping_fee", detail.shipping_fee),
        ("shipping_method", detail.shipping_method and detail.shipping_method[:200]),
        ("payment_method", detail.payment_method and detail.payment_method[:200]),
    ):
        if source.is_whole or told is not None:
            setattr(order, name, told)
    if source.is_whole:
        order.ordered_at = detail.ordered_at or order.ordered_at
    if source.is_whole:
        _name_winner(uow, order, detail.buyer_label[:120])
    else:  # it may write the same winner in another way
        order.buyer_label = detail.buyer_label[:120] or order.buyer_label
    if detail.order_number and not _owns(uow, order, detail.order_number[:80]):
        _own(uow, order.account_id, order.id, ORDER_NUMBER, detail.order_number[:80])
    ends_at = buyer_ends_at(uow, order)
    if detail.buyer is not None and (ends_at is None or ends_at > uow.at):
        buyer, message = detail.buyer, detail.message
        if not source.is_whole:
            buyer, message = _completed(uow, keyring, order, buyer, message)
        buyers.keep(uow, keyring, order.id, buyer, message)
        order.has_address = buyer.can_be_sent_to
        keep_buyer_until(uow, order)


def _completed(
    uow: UnitOfWork, keyring: Keyring, order: Order, buyer: Buyer, message: str | None
) -> tuple[Buyer, str | None]:
    """What the file leaves out of a buyer stays as it is known."""
    known, known_message = buyers.read(uow.session, keyring, [order.id]).get(order.id, (None, None))
    return buyer.filled_from(known), message or known_message


def _follow_wish(uow: UnitOfWork, source: Source, order: Order, detail: SeenDetail) -> None:
    """The buyer asks to cancel what is still to be sent: told once, and not again after a person has looked at it."""
    is_asked = detail.asks_to_cancel and order.state in WAITING_STATES
    if is_asked and not order.asks_to_cancel and order.review_code is None:
        there = source.words.label
        reason = (
            f"購入者がキャンセルを希望しています。まだ発送しないでください。{there}の注文管理でこの注文を開いて、キャンセルするか決めて"
            f"ください。{there}でキャンセルすると、ここも自動でキャンセル済みになります。発送するときは、下のボタンで要確認を解除してください。"
        )
        flag(uow, order, Review.CANCEL_ASKED, reason)
        order.asks_to_cancel = True
    elif not is_asked:
        order.asks_to_cancel = False
        if order.review_code == Review.CANCEL_ASKED:
            unflag(order)


def _owns(uow: UnitOfWork, order: Order, number: str) -> bool:
    statement = sa.select(OrderExternalId.id).where(
        OrderExternalId.order_id == order.id,
        OrderExternalId.kind == ORDER_NUMBER,
        OrderExternalId.external_id == number,
    )
    return uow.session.scalar(statement) is not None


def _close_detail(uow: UnitOfWork, source: Source, order: Order, digest: str | None) -> None:
    """A file leaves the digests alone: it may tell less than the order's own page, which is still wanted."""
    lines = lines_of_flushed(uow, order.id)
    if digest is not None:
        order.row_digest = rows_digest((line.external_id, line.raw_status) for line in lines)
        order.detail_digest = digest
        if order.review_code == Review.PAGE_UNREADABLE:
            unflag(order)
    order.observed_run, order.observed_seq = source.at.run, source.at.seq
    order.observed_at = source.observed_at(uow.at) or order.observed_at
    order.changed_there = source.changed_at or order.changed_there
    refresh_search(uow, order, lines)
    uow.session.flush()
