"""Commands on stock. Every one is a conditional UPDATE plus a ledger row in the caller's unit of work (rule 6).

on_hand    units in the house           available = on_hand - reserved >= 0, held by a CHECK
reserved   units held for bids and orders
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa

from recore.identity.settings import setting
from recore.platform.audit import record
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, Invalid, NotFound
from recore.platform.jobs import enqueue
from recore.platform.numbering import next_number
from recore.platform.undo import has_changed
from recore.stock.models import Reservation, StockItem, StockLedgerEntry
from recore.stock.rules import Movement, ReservationKind, ReservationState, SalesRoute

IMPORT_UNDO = "import_undo"  # cause of a movement: the import that made the lot was taken back
MOVED = "stock.moved"  # the job that tells of a movement; whoever knows who waits for units, and who offers them, registers it


@dataclass(frozen=True)
class NewStock:
    """One lot to take in. `cost` and `price` are yen per unit."""

    product_id: int
    shop_id: int
    purchase_line_id: int | None
    grade: str
    cost: int
    price: int
    quantity: int
    sales_route: SalesRoute
    search_text: str
    note: str = ""


def take_in(uow: UnitOfWork, new: NewStock) -> StockItem:
    """A new IT code with `new.quantity` units on hand."""
    code = f"IT{next_number(uow, 'it_code'):07d}"
    item = StockItem(
        it_code=code,
        product_id=new.product_id,
        shop_id=new.shop_id,
        purchase_line_id=new.purchase_line_id,
        grade=new.grade,
        cost=new.cost,
        price=new.price,
        sales_route=new.sales_route,
        on_hand=new.quantity,
        search_text=f"{new.search_text} {code.lower()}",
        note=new.note,
        created_at=uow.at,
    )
    uow.session.add(item)
    uow.session.flush()
    _write_ledger(
        uow, item.id, Movement.BUYIN, new.quantity, 0, "purchase_line", new.purchase_line_id or item.id
    )
    return item


def follow_product(uow: UnitOfWork, product_id: int, was: str, now: str) -> None:
    """The lots of a product are found by what it is called now; `was`, `now`: its search text."""
    if was == now:
        return
    uow.session.execute(
        sa.update(StockItem)
        .where(StockItem.product_id == product_id, sa.func.substr(StockItem.search_text, 1, len(was)) == was)
        .values(search_text=sa.literal(now) + sa.func.substr(StockItem.search_text, len(was) + 1)),
        execution_options={"synchronize_session": False},
    )


def sell_at_counter(uow: UnitOfWork, stock_item_id: int, quantity: int, sale_id: int) -> None:
    """Take units off the shelf for a counter sale. Raises Conflict EC_ONLY or NO_STOCK, naming what holds the rest."""
    sold = uow.execute_one(
        sa.update(StockItem)
        .where(
            StockItem.id == stock_item_id,
            StockItem.sales_route != SalesRoute.EC_ONLY,
            StockItem.on_hand - StockItem.reserved >= quantity,
        )
        .values(on_hand=StockItem.on_hand - quantity)
    )
    if not sold:
        raise _why_not_sold(uow, stock_item_id, quantity)
    _write_ledger(uow, stock_item_id, Movement.COUNTER_SALE, -quantity, 0, "counter_sale", sale_id)


def undo_counter_sale(uow: UnitOfWork, stock_item_id: int, quantity: int, sale_id: int) -> None:
    """Put the units of a voided sale back; the ledger refuses a second time."""
    _move(uow, stock_item_id, on_hand=quantity, reserved=0)
    _write_ledger(uow, stock_item_id, Movement.COUNTER_SALE_UNDONE, quantity, 0, "counter_sale", sale_id)


def adjust(uow: UnitOfWork, stock_item_id: int, on_hand: int, reason: str) -> None:
    """Set the counted number of units (棚卸). Invalid BELOW_RESERVED when fewer than are held for bids and orders."""
    item = get(uow, stock_item_id)
    delta = on_hand - item.on_hand
    changed = uow.execute_one(
        sa.update(StockItem)
        .where(
            StockItem.id == stock_item_id, StockItem.on_hand == item.on_hand, StockItem.reserved <= on_hand
        )
        .values(on_hand=on_hand)
    )
    if not changed:
        raise Invalid(
            "BELOW_RESERVED",
            f"「{item.it_code}」は{item.reserved}点が入札・受注のために確保されているため、{on_hand}点にはできません。",
            item=item.it_code,
            field="on_hand",
            remedy="画面を再読み込みして、確保されている受注を確認してください。",
        )
    _write_ledger(uow, stock_item_id, Movement.ADJUST, delta, 0, "adjust", stock_item_id)
    record(uow, "stock.adjust", "stock_item", item.id, item.it_code,
           before={"on_hand": item.on_hand}, after={"on_hand": on_hand, "reason": reason})  # fmt: skip


def take_out_untouched(uow: UnitOfWork, stock_item_id: int, import_id: int, reason: str) -> None:
    """A lot that an import made by mistake leaves the books, if nothing has moved it since. The caller has locked its row.

    Raises NotFound, Conflict MOVED_SINCE.
    """
    item = get(uow, stock_item_id)
    moved = sa.select(StockLedgerEntry.id).where(
        StockLedgerEntry.stock_item_id == stock_item_id, StockLedgerEntry.movement != Movement.BUYIN
    )
    statement = sa.update(StockItem).where(
        StockItem.id == stock_item_id, StockItem.on_hand == item.on_hand, StockItem.reserved == 0
    )
    is_untouched = uow.session.scalar(moved.limit(1)) is None
    if not is_untouched or not uow.execute_one(statement.values(on_hand=0)):
        raise Conflict(
            "MOVED_SINCE",
            f"「{item.it_code}」は、売れたか、確保されたか、数が直されたため、残しました。",
            item=item.it_code,
        )
    _write_ledger(uow, stock_item_id, Movement.ADJUST, -item.on_hand, 0, IMPORT_UNDO, import_id)
    record(uow, "stock.adjust", "stock_item", item.id, item.it_code,
           before={"on_hand": item.on_hand}, after={"on_hand": 0, "reason": reason})  # fmt: skip


def change_price(
    uow: UnitOfWork, stock_item_id: int, *, was: int, price: int, bulk_edit_id: int | None = None
) -> None:
    """Another 販売価格, in yen. What is on offer stays at its price. Raises NotFound, Conflict CHANGED_SINCE."""
    item = get(uow, stock_item_id)
    statement = sa.update(StockItem).where(StockItem.id == stock_item_id, StockItem.price == was)
    if not uow.execute_one(statement.values(price=price)):
        raise has_changed(item.it_code)
    record(uow, "stock.price", "stock_item", item.id, item.it_code, before={"price": was}, after={"price": price},
           bulk_edit_id=bulk_edit_id)  # fmt: skip


def change_route(
    uow: UnitOfWork,
    stock_item_id: int,
    *,
    was: SalesRoute,
    route: SalesRoute,
    bulk_edit_id: int | None = None,
) -> None:
    """Another 販路 (R5). Callers see to what is on offer. Raises NotFound, Conflict ROUTE_IS_FIXED, CHANGED_SINCE."""
    item = get(uow, stock_item_id)
    if not setting(uow.session, "route.changeable"):
        raise Conflict(
            "ROUTE_IS_FIXED", f"「{item.it_code}」の販路は買取のときに決まり、変えられません。", item=item.it_code,
            remedy="変えられるようにするには、設定の「お店の設定」で「買取のあとで販路を変えられる」をオンにします。",
        )  # fmt: skip
    statement = sa.update(StockItem).where(StockItem.id == stock_item_id, StockItem.sales_route == was)
    if not uow.execute_one(statement.values(sales_route=route)):
        raise has_changed(item.it_code)
    record(uow, "stock.route", "stock_item", item.id, item.it_code, before={"sales_route": was},
           after={"sales_route": route}, bulk_edit_id=bulk_edit_id)  # fmt: skip


def hold(uow: UnitOfWork, stock_item_id: int, kind: ReservationKind, source_id: int, quantity: int) -> int:
    """Hold `quantity` units in all for (kind, source): an absolute number, so repeating it changes nothing.

    Returns how many are held now: fewer than asked when the item has no more available (the caller flags that).
    """
    reservation = _locked(uow, stock_item_id, kind, source_id)
    held = reservation.quantity if reservation.state is ReservationState.HELD else 0
    if reservation.state is ReservationState.CONSUMED:
        raise Conflict("ALREADY_SHIPPED", "この在庫確保はすでに出荷済みです。")
    if quantity > held:
        held += _reserve_up_to(uow, stock_item_id, quantity - held, kind, source_id)
    elif quantity < held:
        _move(uow, stock_item_id, on_hand=0, reserved=quantity - held)
        _write_ledger(uow, stock_item_id, Movement.RELEASE, 0, quantity - held, str(kind), source_id)
        held = quantity
    reservation.quantity = held
    reservation.state = ReservationState.HELD if held else ReservationState.RELEASED
    reservation.changed_at = uow.at
    uow.session.flush()
    return held


def release(uow: UnitOfWork, kind: ReservationKind, source_id: int) -> int:
    """Let go of what (kind, source) holds; the number of units released, 0 when it held none."""
    reservation = _existing(uow, kind, source_id)
    if reservation is None or reservation.state is not ReservationState.HELD:
        return 0
    released = reservation.quantity
    hold(uow, reservation.stock_item_id, kind, source_id, 0)
    return released


def take_over_bid(
    uow: UnitOfWork, stock_item_id: int, listing_id: int, order_line_id: int, quantity: int
) -> int:
    """A won auction: the bid's units become the order line's, then the rest is held anew; the units held now."""
    bid = _existing(uow, ReservationKind.BID, listing_id)
    if bid is not None and bid.state is ReservationState.HELD and bid.stock_item_id == stock_item_id:
        order = _locked(uow, stock_item_id, ReservationKind.ORDER, order_line_id)
        held = order.quantity if order.state is ReservationState.HELD else 0
        moved = max(0, min(bid.quantity, quantity - held))
        if moved:
            bid.quantity -= moved
            bid.state = ReservationState.HELD if bid.quantity else ReservationState.RELEASED
            order.quantity, order.state = held + moved, ReservationState.HELD
            bid.changed_at = order.changed_at = uow.at
            uow.session.flush()
    return hold(uow, stock_item_id, ReservationKind.ORDER, order_line_id, quantity)


def ship(uow: UnitOfWork, order_line_id: int) -> int:
    """The line's held units leave the house: on hand falls. The number of units; 0 when shipped before or none held."""
    reservation = _existing(uow, ReservationKind.ORDER, order_line_id)
    if reservation is None or reservation.state is not ReservationState.HELD:
        return 0
    units = reservation.quantity
    _move(uow, reservation.stock_item_id, on_hand=-units, reserved=-units)
    _write_ledger(uow, reservation.stock_item_id, Movement.SHIP, -units, -units, "order_line", order_line_id)
    reservation.state, reservation.changed_at = ReservationState.CONSUMED, uow.at
    uow.session.flush()
    return units


def take_back(uow: UnitOfWork, order_line_id: int) -> int:
    """Shipped units came back to the shelf, as a person confirmed (R25). The number of units."""
    reservation = _existing(uow, ReservationKind.ORDER, order_line_id)
    if reservation is None or reservation.state is not ReservationState.CONSUMED:
        return 0
    units = reservation.quantity
    _move(uow, reservation.stock_item_id, on_hand=units, reserved=0)
    _write_ledger(uow, reservation.stock_item_id, Movement.RETURN, units, 0, "order_line", order_line_id)
    reservation.state, reservation.quantity, reservation.changed_at = ReservationState.RELEASED, 0, uow.at
    uow.session.flush()
    return units


def wait_for_units(uow: UnitOfWork, stock_item_id: int | None) -> None:
    """The job MOVED tells of whatever becomes free of the item, also of what another transaction lets go of at this moment."""
    if stock_item_id is not None:
        follow(uow, stock_item_id)
        enqueue(uow, MOVED, {"stock_item_id": stock_item_id})


def follow(uow: UnitOfWork, stock_item_id: int) -> None:
    """From now on the job MOVED tells of every movement of the item."""
    uow.execute_one(
        sa.update(StockItem)
        .where(StockItem.id == stock_item_id, StockItem.is_followed.is_(False))
        .values(is_followed=True)
    )


def get(uow: UnitOfWork, stock_item_id: int) -> StockItem:
    """The item as it is now. Raises NotFound."""
    statement = sa.select(StockItem).where(StockItem.id == stock_item_id)
    item = uow.session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
    if item is None:
        raise NotFound("NO_SUCH_ITEM", "この在庫は見つかりません。", remedy="ITコードを確かめてください。")
    return item


def _reserve_up_to(
    uow: UnitOfWork, stock_item_id: int, wanted: int, kind: ReservationKind, source_id: int
) -> int:
    """Reserve as many of `wanted` units as are available, by conditional updates only."""
    while wanted > 0:
        taken = uow.execute_one(
            sa.update(StockItem)
            .where(StockItem.id == stock_item_id, StockItem.on_hand - StockItem.reserved >= wanted)
            .values(reserved=StockItem.reserved + wanted)
        )
        if taken:
            _write_ledger(uow, stock_item_id, Movement.RESERVE, 0, wanted, str(kind), source_id)
            return wanted
        available = uow.session.execute(
            sa.select(StockItem.on_hand - StockItem.reserved).where(StockItem.id == stock_item_id)
        ).scalar_one()
        wanted = min(wanted - 1, available)
    return 0


def _existing(uow: UnitOfWork, kind: ReservationKind, source_id: int) -> Reservation | None:
    """The reservation of a source, locked for this transaction (a no-op lock on SQLite, which has one writer)."""
    return uow.session.scalars(
        sa.select(Reservation)
        .where(Reservation.kind == kind, Reservation.source_id == source_id)
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()


def _locked(uow: UnitOfWork, stock_item_id: int, kind: ReservationKind, source_id: int) -> Reservation:
    found = _existing(uow, kind, source_id)
    if found is None:
        values = {"tenant_id": uow.tenant_id, "stock_item_id": stock_item_id, "kind": kind, "source_id": source_id,
                  "quantity": 0, "state": ReservationState.RELEASED, "changed_at": uow.at}  # fmt: skip
        uow.session.execute(upsert(uow.session, Reservation).values(**values).on_conflict_do_nothing())
        found = _existing(uow, kind, source_id)
    if found is None or (
        found.stock_item_id != stock_item_id and found.state is not ReservationState.RELEASED
    ):
        raise Conflict("RESERVED_ELSEWHERE", "この受注・入札には別の在庫が確保されています。")
    found.stock_item_id = stock_item_id
    return found


def _move(uow: UnitOfWork, stock_item_id: int, *, on_hand: int, reserved: int) -> None:
    """Move by deltas that the reservation row has already justified; the CHECK refuses what cannot be."""
    moved = uow.execute_one(
        sa.update(StockItem)
        .where(StockItem.id == stock_item_id)
        .values(on_hand=StockItem.on_hand + on_hand, reserved=StockItem.reserved + reserved)
    )
    if not moved:
        raise NotFound("NO_SUCH_ITEM", "この在庫は見つかりません。")


_LEDGER = cast(sa.Table, StockLedgerEntry.__table__)
_ITEM = StockItem.__table__
_GIVEN = (
    "movement",
    "on_hand_delta",
    "reserved_delta",
    "cause_kind",
    "cause_id",
    "actor_kind",
    "actor_label",
    "at",
)
# One INSERT … SELECT, so that the counts written are those of this very transaction. Built once: building it takes
# longer than running it (B5).
_WRITE_LEDGER = sa.insert(_LEDGER).from_select(
    ["tenant_id", "stock_item_id", "on_hand_after", "reserved_after", *_GIVEN],
    sa.select(
        _ITEM.c.tenant_id,
        _ITEM.c.id,
        _ITEM.c.on_hand,
        _ITEM.c.reserved,
        *(sa.bindparam(name, type_=_LEDGER.c[name].type).label(name) for name in _GIVEN),
    ).where(_ITEM.c.tenant_id == sa.bindparam("tenant"), _ITEM.c.id == sa.bindparam("item")),
)

_IS_FOLLOWED = sa.select(_ITEM.c.is_followed).where(
    _ITEM.c.tenant_id == sa.bindparam("tenant"), _ITEM.c.id == sa.bindparam("item")
)


def _write_ledger(
    uow: UnitOfWork,
    stock_item_id: int,
    movement: Movement,
    on_hand: int,
    reserved: int,
    cause_kind: str,
    cause_id: int,
) -> None:
    uow.session.connection().execute(
        _WRITE_LEDGER,
        {
            "tenant": uow.tenant_id,
            "item": stock_item_id,
            "movement": movement,
            "on_hand_delta": on_hand,
            "reserved_delta": reserved,
            "cause_kind": cause_kind,
            "cause_id": cause_id,
            "actor_kind": str(uow.actor.kind),
            "actor_label": uow.actor.label,
            "at": uow.at,
        },
    )
    if uow.session.connection().scalar(_IS_FOLLOWED, {"tenant": uow.tenant_id, "item": stock_item_id}):
        # One job per movement: of two under one key the first might have read the count before the second is committed.
        enqueue(uow, MOVED, {"stock_item_id": stock_item_id})


def _why_not_sold(uow: UnitOfWork, stock_item_id: int, quantity: int) -> Conflict:
    item = get(uow, stock_item_id)
    if not item.sales_route.sells_in_shop:
        return Conflict(
            "EC_ONLY", f"「{item.it_code}」は販路が「ECのみ」のため、店頭では販売できません。", item=item.it_code,
            remedy="別の商品を読み取るか、店長に販路を確認してください。",
        )  # fmt: skip
    held = (
        f"（在庫{item.on_hand}点のうち{item.reserved}点は入札・受注のために確保中）" if item.reserved else ""
    )
    return Conflict(
        "NO_STOCK", f"「{item.it_code}」は販売できる数が{item.available}点のため、{quantity}点は売れません{held}。",
        item=item.it_code, field="quantity", remedy="数量を減らすか、受注管理で確保の状況を確認してください。",
    )  # fmt: skip
