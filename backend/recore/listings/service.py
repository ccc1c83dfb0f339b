"""Commands on listings: every move goes through `move` (rule 8).

What "back in 出品待ち" means needs no command: an item is there whenever it has units that no open listing offers.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from recore.accounts import permits
from recore.identity.models import Staff
from recore.listings.models import ApiOffer, Listing, ListingEvent, ListingExternalId, ObservedListing
from recore.listings.rules import LISTING_MACHINE, ListingState
from recore.platform.audit import record, record_all
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, Invalid, NotFound

AUCTION = "auction"


def move(
    uow: UnitOfWork,
    listing_id: int,
    target: ListingState,
    cause: str,
    *,
    expected: ListingState | None = None,
    reason: str | None = None,
) -> bool:
    """Move a listing to `target` and write the event; True when it moved, False when it already was there.

    `cause` is for the history, `reason` is shown to staff (failed, needs review). The table of `rules` decides what may
    move. Raises Conflict FORBIDDEN_MOVE (also when it is not in `expected`, were it in `target` already), NotFound.
    """
    row = uow.session.execute(
        sa.select(Listing.state, Listing.management_number).where(Listing.id == listing_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound(
            "NO_SUCH_LISTING", "この出品は見つかりません。", remedy="出品リストから選び直してください。"
        )
    source: ListingState = row.state
    if source is target and expected is None:
        return False
    if expected is not None and source is not expected:
        raise Conflict(
            "FORBIDDEN_MOVE", f"「{row.management_number}」は{source.label}に変わっています。", item=row.management_number,
            remedy="画面を再読み込みして、最新の状態を確認してください。",
        )  # fmt: skip
    LISTING_MACHINE.check(source, target, item=row.management_number)
    values: dict[str, object] = {"state": target, "state_at": uow.at, "reason": reason}
    if target is ListingState.ACTIVE:
        values["activated_at"] = uow.at
    moved = uow.execute_one(
        sa.update(Listing).where(Listing.id == listing_id, Listing.state == source).values(**values)
    )
    if not moved:
        raise Conflict(
            "FORBIDDEN_MOVE",
            f"「{row.management_number}」はほかの操作で変わりました。",
            item=row.management_number,
        )
    write_event(uow, listing_id, source, target, cause)
    record(
        uow, "listing.state", "listing", listing_id, row.management_number,
        before={"listing_state": source}, after={"listing_state": target, "cause": cause},
    )  # fmt: skip
    return True


def move_all(
    uow: UnitOfWork,
    listing_ids: Sequence[int],
    source: ListingState,
    target: ListingState,
    cause: str,
    reason: str | None = None,
) -> list[int]:
    """`move` for many: those of `listing_ids` that are in `source` go to `target`; the ids that moved."""
    LISTING_MACHINE.check(source, target, item=f"{len(listing_ids)}件の出品")
    moved: list[tuple[int, str]] = []
    for start in range(0, len(listing_ids), 500):
        statement = (
            sa.update(Listing)
            .where(Listing.id.in_(listing_ids[start : start + 500]), Listing.state == source)
            .values(state=target, state_at=uow.at, reason=reason)
            .returning(Listing.id, Listing.management_number)
        )
        rows = uow.session.execute(statement, execution_options={"synchronize_session": False}).all()
        moved += [(row.id, row.management_number) for row in rows]
    event = {
        "tenant_id": uow.tenant_id, "source": source, "target": target, "cause": cause, "at": uow.at,
        "actor_kind": str(uow.actor.kind), "actor_label": uow.actor.label,
    }  # fmt: skip
    if moved:
        uow.session.execute(sa.insert(ListingEvent), [event | {"listing_id": each} for each, _ in moved])
    before, after = {"listing_state": source}, {"listing_state": target, "cause": cause}
    record_all(uow, "listing.state", "listing", [(each, label, before, after) for each, label in moved])
    return [each for each, _ in moved]


def write_event(
    uow: UnitOfWork, listing_id: int, source: ListingState | None, target: ListingState, cause: str
) -> None:
    uow.session.add(
        ListingEvent(
            listing_id=listing_id,
            source=source,
            target=target,
            cause=cause[:200],
            actor_kind=str(uow.actor.kind),
            actor_label=uow.actor.label,
            at=uow.at,
        )
    )


def own_external_id(uow: UnitOfWork, listing_id: int, account_id: int, external_id: str) -> bool:
    """Give the listing an auction id; False when another listing owns it already (rule 9)."""
    values = {"tenant_id": uow.tenant_id, "account_id": account_id, "kind": AUCTION, "external_id": external_id,
              "listing_id": listing_id, "at": uow.at}  # fmt: skip
    uow.session.execute(upsert(uow.session, ListingExternalId).values(**values).on_conflict_do_nothing())
    owner = uow.session.scalar(
        sa.select(ListingExternalId.listing_id).where(
            ListingExternalId.account_id == account_id,
            ListingExternalId.kind == AUCTION,
            ListingExternalId.external_id == external_id,
        )
    )
    return owner == listing_id


def count_sold(uow: UnitOfWork, listing_id: int, units: int) -> None:
    """`units` of the listing are sold in all (an absolute number); 出品完了 when none is left.

    A later cancel takes nothing back: the listing stays sold, the unit is available again (product.md).
    """
    uow.execute_one(
        sa.update(Listing)
        .where(Listing.id == listing_id, Listing.sold_quantity < units)
        .values(sold_quantity=sa.case((Listing.quantity < units, Listing.quantity), else_=units))
    )
    is_sold_out = uow.session.scalar(
        sa.select(Listing.sold_quantity == Listing.quantity).where(Listing.id == listing_id)
    )
    if is_sold_out:
        move(uow, listing_id, ListingState.SOLD_OUT, "すべて落札された")


def take_back(uow: UnitOfWork, listing_id: int) -> None:
    """QUEUED → WITHDRAWN, before anything was sent; a repeat is a no-op.

    Raises DeniedHere, Conflict FILE_IN_PROGRESS while its file is being made, FORBIDDEN_MOVE when it has left.
    """
    listing = get(uow, listing_id, lock=True)  # no file can claim it from here on
    permits.require(uow, "ec.list", listing.account_id, listing.management_number)
    if listing.state is ListingState.WITHDRAWN:
        return
    if listing.state is ListingState.QUEUED and listing.batch_id is not None:
        raise Conflict(
            "FILE_IN_PROGRESS", f"「{listing.management_number}」は出品ファイルを作成中です。", item=listing.management_number,
            remedy="作成が終わってから、もう一度確認してください。",
        )  # fmt: skip
    move(uow, listing_id, ListingState.WITHDRAWN, "送る前に取り下げ", expected=ListingState.QUEUED)
    record(uow, "listing.take_back", "listing", listing_id, listing.management_number)


def confirm_listed(uow: UnitOfWork, listing_id: int, auction_id: str, staff: Staff) -> None:
    """要確認 resolved by a person: it is listed, under this auction id → ACTIVE. Raises DeniedHere, Conflict, Invalid."""
    auction_id = auction_id.strip()
    listing = get(uow, listing_id)
    permits.require(uow, "ec.review", listing.account_id)
    _refuse_by_api(uow, listing)
    if not auction_id.isascii() or not auction_id.isalnum() or len(auction_id) > 40:
        raise Invalid(
            "AUCTION_ID", "オークションIDを入力してください。", item=listing.management_number, field="auction_id",
            remedy="ヤフオク!の商品ページのURLの最後にある、英字で始まる番号です。",
        )  # fmt: skip
    if not own_external_id(uow, listing_id, listing.account_id, auction_id):
        raise Conflict(
            "AUCTION_ID_TAKEN", f"オークションID「{auction_id}」は別の出品に使われています。", item=listing.management_number,
            field="auction_id", remedy="番号を確かめてください。",
        )  # fmt: skip
    uow.session.execute(  # it may have been seen before as 未連携: now we know whose it is
        sa.update(ObservedListing)
        .where(
            ObservedListing.account_id == listing.account_id,
            ObservedListing.external_id == auction_id,
            ObservedListing.listing_id.is_(None),
        )
        .values(listing_id=listing_id),
        execution_options={"synchronize_session": False},
    )
    move(
        uow,
        listing_id,
        ListingState.ACTIVE,
        f"{staff.name}さんが出品中と確認",
        expected=ListingState.NEEDS_REVIEW,
    )
    record(
        uow,
        "listing.confirm_listed",
        "listing",
        listing_id,
        listing.management_number,
        after={"auction_id": auction_id},
    )


def confirm_not_listed(uow: UnitOfWork, listing_id: int, staff: Staff) -> None:
    """要確認 resolved by a person: it is not listed → WITHDRAWN, so the item is back in 出品待ち. Raises DeniedHere, Conflict."""
    listing = get(uow, listing_id)
    permits.require(uow, "ec.review", listing.account_id)
    _refuse_by_api(uow, listing)
    cause = f"{staff.name}さんが出品待ちに戻した"
    move(uow, listing_id, ListingState.WITHDRAWN, cause, expected=ListingState.NEEDS_REVIEW)
    record(uow, "listing.confirm_not_listed", "listing", listing_id, listing.management_number)


def _refuse_by_api(uow: UnitOfWork, listing: Listing) -> None:
    """What the server itself offers is read back there; nobody's word is needed, and it must be taken off there too."""
    if uow.session.scalar(sa.select(ApiOffer.id).where(ApiOffer.listing_id == listing.id)) is not None:
        raise Conflict(
            "BY_API", f"「{listing.management_number}」は、サーバーが出品先に確かめています。",
            item=listing.management_number, remedy="【いまの様子を確かめる】か【取り下げる】を押してください。",
        )  # fmt: skip


def get(uow: UnitOfWork, listing_id: int, *, lock: bool = False) -> Listing:
    """The listing as it is now, locked until the end of the transaction if asked. Raises NotFound."""
    statement = sa.select(Listing).where(Listing.id == listing_id)
    listing = uow.session.scalars(
        statement.with_for_update() if lock else statement, execution_options={"populate_existing": True}
    ).one_or_none()
    if listing is None:
        raise NotFound(
            "NO_SUCH_LISTING", "この出品は見つかりません。", remedy="出品リストから選び直してください。"
        )
    return listing
