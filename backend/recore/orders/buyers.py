"""The buyer's data of an order: encrypted, found through blind indexes, deleted after its time (rule 13)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.orders.models import Order, OrderBuyer, OrderBuyerIndex
from recore.orders.rules import Buyer, SeenDetail
from recore.platform.crypto import Keyring
from recore.platform.db import UnitOfWork, upsert
from recore.platform.tenancy import require_tenant
from recore.platform.text_ja import fold

TABLE, PURPOSE = OrderBuyer.__tablename__, "buyer"
CANDIDATES = 500


def keep(uow: UnitOfWork, keyring: Keyring, order_id: int, buyer: Buyer, message: str | None) -> None:
    """Store or replace the buyer of an order, with the tokens it is searched by."""
    envelope = keyring.encrypt_json(
        asdict(buyer) | {"message": message}, tenant_id=uow.tenant_id, table=TABLE, purpose=PURPOSE
    )
    values = {"tenant_id": uow.tenant_id, "order_id": order_id, "cipher": envelope, "updated_at": uow.at}
    uow.session.execute(
        upsert(uow.session, OrderBuyer)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["tenant_id", "order_id"], set_={"cipher": envelope, "updated_at": uow.at}
        )
    )
    _forget_tokens(uow, [order_id])
    tokens = keyring.buyer_tokens(
        uow.tenant_id, name=buyer.name or "", phone=buyer.phone or "", postcode=buyer.postal_code or ""
    )
    uow.session.add_all(
        OrderBuyerIndex(order_id=order_id, purpose=str(token.purpose), token=token.token) for token in tokens
    )
    uow.session.flush()


def read(session: Session, keyring: Keyring, order_ids: Iterable[int]) -> dict[int, tuple[Buyer, str | None]]:
    """order id → (buyer, their message) of those orders that have one. Raises Terminal when a key is missing."""
    rows = session.execute(
        sa.select(OrderBuyer.order_id, OrderBuyer.cipher).where(OrderBuyer.order_id.in_(list(order_ids)))
    ).all()
    found = {}
    for row in rows:
        data: dict[str, Any] = keyring.decrypt_json(
            row.cipher, tenant_id=require_tenant(), table=TABLE, purpose=PURPOSE
        )
        message = data.pop("message")
        found[row.order_id] = (Buyer(**data), message)
    return found


def matching_orders(session: Session, keyring: Keyring, text: str) -> list[int]:
    """Orders whose buyer's name contains `text`, or whose phone (whole, or its last four digits) or postcode it is.

    At most CANDIDATES, newest first; bigrams may meet by chance, so names are checked on the decrypted data.
    """
    tenant_id = require_tenant()
    order_ids: set[int] = set()
    for tokens in keyring.query_tokens(tenant_id, text):
        statement = sa.select(OrderBuyerIndex.order_id).where(
            sa.or_(
                *(
                    sa.and_(OrderBuyerIndex.purpose == str(each.purpose), OrderBuyerIndex.token == each.token)
                    for each in tokens
                )
            )
        )
        enough = statement.group_by(OrderBuyerIndex.order_id).having(sa.func.count() == len(tokens))
        order_ids |= set(session.scalars(enough.order_by(OrderBuyerIndex.order_id.desc()).limit(CANDIDATES)))
    words = [word for word in fold(text).split() if not word.replace("-", "").isdecimal()]
    if not words:
        return sorted(order_ids)
    named = read(session, keyring, order_ids)
    return sorted(
        key for key, (buyer, _) in named.items() if "".join(words) in fold(buyer.name or "").replace(" ", "")
    )


def digest(keyring: Keyring, tenant_id: int, detail: SeenDetail) -> str:
    """Keyed, because a plain digest of an address could be guessed."""
    buyer = asdict(detail.buyer) if detail.buyer else None
    content = {key: value for key, value in asdict(detail).items() if key != "buyer_label"} | {"buyer": buyer}
    return keyring.blind_index(tenant_id, "order_detail", json.dumps(content, sort_keys=True, default=str))


def forget(uow: UnitOfWork, order_ids: list[int]) -> None:
    """Delete cipher and tokens."""
    _forget_tokens(uow, order_ids)
    uow.session.execute(
        sa.delete(OrderBuyer).where(OrderBuyer.order_id.in_(order_ids)),
        execution_options={"synchronize_session": False},
    )


def set_retention(uow: UnitOfWork, order_id: int, delete_after: datetime | None) -> None:
    uow.execute_one(
        sa.update(OrderBuyer).where(OrderBuyer.order_id == order_id).values(delete_after=delete_after)
    )


def forget_expired(uow: UnitOfWork, *, limit: int = 500) -> int:
    """Delete the buyers whose time is over; how many orders."""
    order_ids = list(
        uow.session.scalars(
            sa.select(OrderBuyer.order_id)
            .where(OrderBuyer.delete_after <= uow.at)
            .order_by(OrderBuyer.id)
            .limit(limit)
        )
    )
    if order_ids:
        forget(uow, order_ids)
        uow.session.execute(
            sa.update(Order).where(Order.id.in_(order_ids)).values(has_address=False),
            execution_options={"synchronize_session": False},
        )
    return len(order_ids)


def _forget_tokens(uow: UnitOfWork, order_ids: list[int]) -> None:
    uow.session.execute(
        sa.delete(OrderBuyerIndex).where(OrderBuyerIndex.order_id.in_(order_ids)),
        execution_options={"synchronize_session": False},
    )
