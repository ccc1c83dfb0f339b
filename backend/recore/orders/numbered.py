"""Lists that show orders by their number and name no auctions (current store tool): which of them must be read in full."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.orders.models import Order, OrderExternalId
from recore.orders.rules import ORDER_NUMBER, WAITING_STATES, OrderState
from recore.platform.bulk import among
from recore.platform.db import UnitOfWork
from recore.platform.paging import AnyRow


def orders_by_number(session: Session, account_id: int) -> Sequence[AnyRow]:
    """(id, external_id, raw_status) of every order that has a number; `id` is of the number."""
    return session.execute(_numbers(account_id)).all()


def numbers_of(uow: UnitOfWork, account_id: int, number_ids: Sequence[int]) -> dict[str, str]:
    """order number → status as known, by the ids of `orders_by_number`."""
    chosen = _numbers(account_id).where(among(uow.session, OrderExternalId.id, number_ids))
    return {row.external_id: row.raw_status for row in uow.session.execute(chosen)}


def wanted_numbers(
    uow: UnitOfWork, account_id: int, shown: Mapping[str, str], in_lists: Callable[[str], str]
) -> list[str]:
    """Of order numbers with their status as shown: those whose own page should be read: unknown ones, those that say
    something else than is known (`in_lists`: how lists write a known status), and those without an address.
    """
    chosen = _numbers(account_id).where(among(uow.session, OrderExternalId.external_id, sorted(shown)))
    known = {row.external_id: row for row in uow.session.execute(chosen)}
    return [
        number
        for number, word in shown.items()
        if number not in known
        or in_lists(known[number].raw_status) != word
        or (known[number].state in WAITING_STATES and not known[number].has_address)
    ]


def _numbers(account_id: int) -> sa.Select[int, str, str, OrderState, bool]:
    return (
        sa.select(
            OrderExternalId.id, OrderExternalId.external_id, Order.raw_status, Order.state, Order.has_address
        )
        .join(Order, Order.id == OrderExternalId.order_id)
        .where(OrderExternalId.account_id == account_id, OrderExternalId.kind == ORDER_NUMBER)
    )
