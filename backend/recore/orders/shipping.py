"""【発送済みにする】 (R24): has the marketplace told, by the extension on its pages or by a job through its API, as the marketplace's
`ShippingForm` says. The order itself stays what the marketplace shows (R18).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from recore.accounts import permits
from recore.accounts.queries import enabled_account
from recore.channels.base import Channel, ShippingForm, store_tool
from recore.commands.rules import CommandKind
from recore.commands.service import Target, ask
from recore.identity.models import Staff
from recore.orders.models import Order, OrderExternalId, OrderLine
from recore.orders.rules import AUCTION, ORDER_NUMBER, OrderState
from recore.orders.service import locked, write_event
from recore.orders.winners import page_keys
from recore.platform.audit import record
from recore.platform.db import UnitOfWork
from recore.platform.errors import Conflict, Invalid
from recore.platform.jobs import enqueue

SHIP_BY_API = "orders.ship"  # the job that tells a marketplace; whoever talks to it registers it


@dataclass(frozen=True)
class Parcel:
    """As typed. `carrier` is a code of the marketplace's list; both may be empty where it does not ask for them."""

    carrier: str
    tracking_number: str


def ship(
    uow: UnitOfWork, channels: Mapping[str, Channel], order_id: int, parcel: Parcel, staff: Staff
) -> Order:
    """Put the notice in line. Raises NotFound, DeniedHere, Conflict NOT_UNSHIPPED, IN_REVIEW, ACCOUNT_DISABLED, ALREADY_ASKED,
    NO_ORDER_NUMBER, Invalid CARRIER, TRACKING_NUMBER.
    """
    order = locked(uow, order_id)
    permits.require(uow, "orders.write", order.account_id, order.number)
    _refuse_unfit(order)
    account = enabled_account(uow.session, order.account_id)
    channel = channels[account.channel]
    form = channel.shipping(account.profile)
    payload = checked(form, order.number, parcel)
    by_number = form.by_api or store_tool(channel).pages(account.profile).details_by_number
    key = _key(uow, order, ORDER_NUMBER if by_number else AUCTION)
    target = Target(CommandKind.SHIP, account.id, key, order.number, order_id=order.id, by_server=form.by_api)
    command_id = ask(uow, target, payload, cause=f"{staff.name}さんが発送通知を依頼")
    if command_id is None:
        raise Conflict(
            "ALREADY_ASKED", f"受注「{order.number}」の発送通知は、もう依頼されています。", item=order.number,
            remedy="画面を再読み込みして、発送通知の欄を確かめてください。",
        )  # fmt: skip
    if form.by_api:
        enqueue(uow, SHIP_BY_API, {"command_id": command_id}, dedupe_key=str(command_id))
    write_event(uow, order, order.state, f"{staff.name}さんが発送通知を依頼")
    record(uow, "order.ship", "order", order.id, order.number, after={"carrier": payload["carrier"]})
    return order


def _refuse_unfit(order: Order) -> None:
    if order.state is not OrderState.UNSHIPPED:
        raise Conflict(
            "NOT_UNSHIPPED", f"受注「{order.number}」は{order.state.label}のため、発送済みにできません。", item=order.number,
            remedy="「未出荷」の受注だけを発送済みにできます。",
        )  # fmt: skip
    if order.needs_review:
        raise Conflict(
            "IN_REVIEW", f"受注「{order.number}」は要確認のため、発送済みにできません。", item=order.number,
            remedy="受注を開いて、要確認の内容を確かめ、解除してください。",
        )  # fmt: skip


def checked(form: ShippingForm, number: str, parcel: Parcel) -> dict[str, str]:
    """Carrier and tracking number as the marketplace takes them. Raises Invalid naming order, field and what is wanted."""
    tracking = "".join(unicodedata.normalize("NFKC", parcel.tracking_number).split())
    carrier = form.carrier(parcel.carrier)
    if carrier is None and (parcel.carrier or tracking or form.needs_number):
        raise Invalid(
            "CARRIER", f"受注「{number}」の配送会社を選んでください。", item=number, field="carrier",
            remedy=f"{'・'.join(each.label for each in form.carriers)}から選べます。",
        )  # fmt: skip
    is_missing = form.needs_number and not tracking
    if is_missing or (carrier is not None and tracking and not re.fullmatch(carrier.pattern, tracking)):
        label = carrier.label if carrier else ""
        what = "を入力してください" if is_missing else f"「{tracking[:40]}」は使えません"
        raise Invalid(
            "TRACKING_NUMBER", f"受注「{number}」の伝票番号{what}。", item=number, field="tracking_number",
            remedy=f"{label}の伝票番号は、{carrier.hint if carrier else ''}です。",
        )  # fmt: skip
    return {"carrier": parcel.carrier, "tracking_number": tracking}


def _key(uow: UnitOfWork, order: Order, kind: str) -> str:
    """How the order's page is found: by its number, or by an auction of it that is not cancelled."""
    if kind == AUCTION:
        statement = sa.select(OrderLine.external_id).where(OrderLine.order_id == order.id)
        found = uow.session.scalar(statement.order_by(OrderLine.is_cancelled, OrderLine.id).limit(1))
    else:
        statement = sa.select(OrderExternalId.external_id).where(
            OrderExternalId.order_id == order.id, OrderExternalId.kind == ORDER_NUMBER
        )
        found = uow.session.scalar(statement.order_by(OrderExternalId.id.desc()).limit(1))
    if kind == AUCTION and found is not None:
        found = page_keys(uow.session, order.account_id, {found: order.buyer_label})[found]
    if found is None:
        raise Conflict(
            "NO_ORDER_NUMBER", f"受注「{order.number}」の注文番号がまだ分かりません。", item=order.number,
            remedy="拡張機能で【同期開始】を押してから、もう一度行ってください。",
        )  # fmt: skip
    return found
