"""再出品 (R36): unsold items are offered again, many at a time, at the same price or another.

The form is that of the single 【出品】: what a clerk typed since, else the last attempt's; its prices and units are those of
the offer that ended, not of a later one that was taken back. `plan` shows what `relist` will do, by the same code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.channels.base import FieldProblem
from recore.identity.models import Staff
from recore.listings import unsold
from recore.listings.drafts import lock_item, note_categories, queue, refusal
from recore.listings.forms import Channels, Form, FormReader, Item, item_for_listing
from recore.listings.models import Listing
from recore.listings.price_change import PriceRule
from recore.platform.audit import record
from recore.platform.db import UnitOfWork
from recore.platform.errors import RecoreError
from recore.platform.paging import AnyRow


@dataclass(frozen=True)
class Prices:
    """Yen; None where there is no number: no 即決, or a form that is half typed."""

    start: int | None
    buyout: int | None


@dataclass(frozen=True)
class Row:
    """One unsold attempt: what it was offered for, what it will be offered for, and what stands in the way.

    `newer_id`: the attempt that followed it already, so nothing is left to do. `queued_id`: the one that `relist` made.
    """

    attempt: AnyRow
    old: Prices
    new: Prices
    quantity: int
    problems: Sequence[FieldProblem] = ()
    queued_id: int | None = None

    @property
    def newer_id(self) -> int | None:
        newer: int | None = self.attempt.newer_id
        return newer

    @property
    def is_ready(self) -> bool:
        return self.newer_id is None and not self.problems


def by_item(session: Session, listing_ids: Sequence[int]) -> dict[int, list[int]]:
    """stock item id → those of `listing_ids` that are attempts of it; an unknown id is left out."""
    rows = session.execute(
        sa.select(Listing.stock_item_id, Listing.id).where(Listing.id.in_(listing_ids)).order_by(Listing.id)
    )
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.stock_item_id, []).append(row.id)
    return found


def plan(session: Session, channels: Channels, listing_ids: Sequence[int], rule: PriceRule) -> list[Row]:
    """The dry run, in the order of `listing_ids`; writes nothing."""
    rows: dict[int, Row] = {}
    for stock_item_id, ids in by_item(session, listing_ids).items():
        offers = _offers(session, channels, stock_item_id, ids, rule)
        rows |= {row.attempt.id: row for row in _all_or_none([offer.row for offer in offers])}
    return [rows[each] for each in listing_ids if each in rows]


def relist(
    uow: UnitOfWork,
    channels: Channels,
    stock_item_id: int,
    wanted: Mapping[int, Prices | None],
    rule: PriceRule,
    staff: Staff,
) -> list[Row]:
    """Offer one item again on the accounts of the attempts in `wanted`: on all of them or, with any problem, on none (R7).

    `wanted` says per attempt which prices the clerk saw; None: whatever they are. An attempt that has a later one is left
    alone, so repeating it changes nothing. Raises DeniedHere, Conflict MANAGEMENT_NUMBER_TAKEN.
    """
    # The attempts before the item, as the sync does; neither can be reopened nor offered by others from here on.
    chosen = sa.select(Listing.id).where(Listing.id.in_(wanted)).order_by(Listing.id)
    uow.session.execute(chosen.with_for_update()).all()
    lock_item(uow, stock_item_id)
    offers = _offers(uow.session, channels, stock_item_id, sorted(wanted), rule)
    rows = _all_or_none([_as_seen(offer.row, wanted[offer.row.attempt.id]) for offer in offers])
    if any(row.problems for row in rows):
        return rows
    listed = []
    for at, (offer, row) in enumerate(zip(offers, rows, strict=True)):
        if row.is_ready and offer.item is not None and offer.form is not None:
            rows[at] = _queue(uow, offer.item, offer.form, row, staff)
            listed.append((offer.item, offer.form))
    if listed:
        note_categories(uow, channels, listed[0][0], [form for _, form in listed])
    return rows


@dataclass(frozen=True)
class _Offer:
    """A row with the form that would be sent; `form` None where there is nothing to send."""

    row: Row
    item: Item | None = None
    form: Form | None = None


def _offers(
    session: Session, channels: Channels, stock_item_id: int, ids: Sequence[int], rule: PriceRule
) -> list[_Offer]:
    attempts = unsold.attempts(session, channels, ids)
    try:
        item = item_for_listing(session, stock_item_id)
    except RecoreError as error:  # 店頭のみ since
        problem = FieldProblem("", "販路", error.message, error.remedy or "")
        return [_Offer(_unpriced(each, problem)) for each in attempts]
    reader = FormReader(session, channels, [item])
    forms = {form.account.id: form for form in reader.forms()[item.id]}
    return [_offer(reader, item, forms.get(each.account_id), each, rule) for each in attempts]


def _offer(reader: FormReader, item: Item, form: Form | None, attempt: AnyRow, rule: PriceRule) -> _Offer:
    if attempt.newer_id is not None:
        return _Offer(_unpriced(attempt))
    if attempt.state not in unsold.UNSOLD_STATES:
        message = f"「{attempt.state.label}」に変わっています。"
        return _Offer(_unpriced(attempt, FieldProblem("", "状態", message, "出品リストで確認してください。")))
    if form is None:
        remedy = "設定のマーケットプレイスで有効にしてください。"
        return _Offer(
            _unpriced(
                attempt, FieldProblem("", "出品先", f"「{attempt.account_name}」は停止中です。", remedy)
            )
        )
    account = form.account
    definition = reader.channels[account.channel].form(account.profile)
    keys = unsold.price_fields(definition)
    values = dict(form.values) if form.version else _as_it_ended(form.values, attempt, item, keys)
    old = prices(values, keys)
    is_low = old.start is not None and rule.refuses(old.start)
    new = old if is_low else _apply(rule, values, keys)
    changed = reader.form(item, account, values, form.template)
    refused = refusal(item, [changed])
    errors = [problem for _, problem in refused.problems] if refused else []
    if item.units <= 0:
        errors = errors[:1]  # sold meanwhile: no field will mend that
    elif is_low:
        message = f"いまの価格{old.start:,}円は、下限の{rule.floor:,}円より安くなっています。"
        remedy = "この商品を外すか、下限を下げてください。"
        errors.append(FieldProblem(keys.start, definition.field(keys.start).label, message, remedy))
    quantity = values.get("quantity", 1)
    row = Row(attempt, old, new, quantity if isinstance(quantity, int) else 1, errors)
    return _Offer(row, item, changed)


def _unpriced(attempt: AnyRow, *problems: FieldProblem) -> Row:
    buyout = str(attempt.buyout_price)
    old = Prices(attempt.start_price, int(buyout) if buyout.isdecimal() else None)
    return Row(attempt, old, old, attempt.quantity, problems)


def _as_it_ended(
    values: Mapping[str, Any], attempt: AnyRow, item: Item, keys: unsold.PriceFields
) -> dict[str, Any]:
    """Nothing was typed since: the prices of the offer that ended, and of its units those that are still there."""
    left = attempt.quantity - attempt.sold_quantity
    again = {**values, "quantity": max(1, min(left, item.units))}
    if attempt.start_price:
        again[keys.start] = attempt.start_price
    if keys.buyout and attempt.buyout_price:
        text = str(attempt.buyout_price)
        again[keys.buyout] = int(text) if text.isdecimal() else text
    return again


def prices(values: Mapping[str, Any], keys: unsold.PriceFields) -> Prices:
    """Those of a form's values."""
    start, buyout = values.get(keys.start), values.get(keys.buyout) if keys.buyout else None
    return Prices(start if isinstance(start, int) else None, buyout if isinstance(buyout, int) else None)


def _apply(rule: PriceRule, values: dict[str, Any], keys: unsold.PriceFields) -> Prices:
    """Change the prices in `values`, 即決 by the same rule where it is set; what is no number stays for validation."""
    old = prices(values, keys)
    if old.start is not None:
        values[keys.start] = rule.of(old.start)
    if old.buyout is not None and keys.buyout:
        values[keys.buyout] = rule.of(old.buyout)
    return prices(values, keys)


def _as_seen(row: Row, seen: Prices | None) -> Row:
    """What the clerk confirmed is what is offered: another price since then is a reason to look again."""
    if seen is None or not row.is_ready or row.new == seen:
        return row
    message = "確認したあとに、価格が変わりました。"
    return replace(row, problems=[FieldProblem("", "価格", message, "もう一度、価格を確認してください。")])


def _all_or_none(rows: list[Row]) -> list[Row]:
    """One item on several accounts goes to all of them or stays (R7): afterwards no unit would be left for the others."""
    wrong = next((row for row in rows if row.problems), None)
    if wrong is None:
        return rows
    message = f"同じ商品の「{wrong.attempt.account_name}」に直すところがあります。"
    remedy = "直すか、この出品先だけを選んでください。"
    problem = FieldProblem("", "ほかの出品先", message, remedy)
    return [replace(row, problems=[problem]) if row.is_ready else row for row in rows]


def _queue(uow: UnitOfWork, item: Item, form: Form, row: Row, staff: Staff) -> Row:
    listing = queue(uow, item, form, staff, f"{staff.name}さんが再出品")
    record(
        uow, "listing.relist", "listing", listing.id, listing.management_number,
        before={"listing_id": row.attempt.id, **vars(row.old)}, after=vars(row.new),
    )  # fmt: skip
    return replace(row, queued_id=listing.id)
