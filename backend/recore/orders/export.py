"""Which of the chosen orders go into a 宛先CSV, and why the others do not (R24)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from recore.identity.rules import Scope
from recore.orders import buyers, queries
from recore.orders.address_csv import AddressRow, Encoding, cells_of, unencodable_cells
from recore.orders.rules import Buyer, OrderState
from recore.platform.crypto import Keyring
from recore.platform.paging import AnyRow
from recore.shared_schemas import load


@dataclass(frozen=True)
class Chosen:
    """The file's rows with their order ids, and what is left out as (order number, reason)."""

    order_ids: list[int]
    rows: list[tuple[str, ...]]
    left_out: list[tuple[str, str]]


def choose(
    session: Session,
    keyring: Keyring,
    order_ids: Sequence[int],
    encoding: Encoding,
    marketplaces: Mapping[str, str],
    scope: Scope,
) -> Chosen:
    """Rows for the orders that can be sent now, of the accounts in `scope`. `marketplaces` names the channels."""
    orders = queries.for_export(session, order_ids)
    lines = queries.lines(session, [order.id for order in orders])
    addressed = buyers.read(session, keyring, [order.id for order in orders])
    prefectures: list[str] = load("prefectures.json")
    chosen = Chosen([], [], [])
    gone = len(set(order_ids)) - len(orders)
    if gone:
        lost = "別の受注とひとつにまとめられました。受注管理を開き直して、選び直してください。"
        chosen.left_out.append((f"（{gone}件）", lost))
    for order in orders:
        buyer = addressed[order.id][0] if order.id in addressed else None
        sent = [line for line in lines.get(order.id, []) if not line.is_cancelled]
        reason = _not_now(order, buyer, marketplaces)
        if order.account_id not in scope:
            reason = f"このログインには、「{order.account_name}」の宛先CSVを出力する権限がありません。"
        if reason is None and buyer is not None:
            cells = cells_of(_row(order, sent, buyer, marketplaces), prefectures)
            bad = unencodable_cells(cells) if encoding is Encoding.CP932 else []
            reason = (
                f"{'、'.join(bad)}はShift_JISで表せません。UTF-8で出力するか、送り状を手で書いてください。"
                if bad
                else None
            )
        if reason is not None:
            chosen.left_out.append((order.number, reason))
            continue
        chosen.order_ids.append(order.id)
        chosen.rows.append(cells)
    return chosen


def _not_now(order: AnyRow, buyer: Buyer | None, marketplaces: Mapping[str, str]) -> str | None:
    """Why an order is not to be sent now, or None."""
    if order.needs_review:
        return f"要確認です（{order.review_reason or order.raw_status}）。"
    if order.state is OrderState.ON_HOLD:
        return "保留中です（まだ入金が確認されていません）。"
    if order.state is OrderState.CANCELLED:
        return "キャンセル済みです。"
    if buyer is None or not buyer.can_be_sent_to:
        where = marketplaces.get(order.channel, order.channel)
        return f"お届け先がまだ分かりません。{where}で購入者の入力を確かめ、もう一度同期してください。"
    return None


def _row(order: AnyRow, lines: Sequence[AnyRow], buyer: Buyer, marketplaces: Mapping[str, str]) -> AddressRow:
    return AddressRow(
        number=order.number,
        marketplace=marketplaces.get(order.channel, order.channel),
        it_codes=[line.it_code for line in lines if line.it_code],
        management_numbers=[line.management_number for line in lines if line.management_number],
        buyer=buyer,
        items=[line.title for line in lines],
        quantity=sum(line.quantity for line in lines),
        amount=order.amount + (order.shipping_fee or 0),
        ordered_at=order.ordered_at,
    )
