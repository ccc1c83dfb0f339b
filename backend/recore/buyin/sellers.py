"""古物台帳 (R37): the seller of a 買取, encrypted, deleted after its time; every look and export is audited (rule 13).

Optional: the tenant setting `ledger.enabled`. Nothing of a seller is in audit, jobs, receipts or logs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.buyin.models import Purchase, PurchaseLine, PurchaseSeller, PurchaseState
from recore.buyin.rules import Seller
from recore.catalog.models import Product
from recore.identity.settings import setting
from recore.platform.audit import record
from recore.platform.clock import to_jst
from recore.platform.crypto import Keyring
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, Invalid, NotFound
from recore.platform.tables import Cell
from recore.platform.tenancy import require_tenant
from recore.shared_schemas import load

TABLE, PURPOSE = PurchaseSeller.__tablename__, "seller"
LEDGER: dict[str, Any] = load("ledger.json")
DOCUMENTS: dict[str, bool] = {each["name"]: each["number"] for each in LEDGER["documents"]}
MAX_ROWS = 20_000
QUIETLY = {"synchronize_session": False}


def is_on(session: Session) -> bool:
    return bool(setting(session, "ledger.enabled"))


def keep(uow: UnitOfWork, keyring: Keyring, purchase_id: int, seller: Seller) -> None:
    """Store or replace the seller of a purchase. Raises NotFound, Conflict LEDGER_OFF or CANCELLED."""
    number, state = _purchase(uow.session, purchase_id)
    if not is_on(uow.session):
        raise Conflict(
            "LEDGER_OFF", "このお店では、売り主を記録しない設定になっています。",
            remedy="「設定 → お店の設定」で、古物台帳の記録を「はい」にしてください。",
        )  # fmt: skip
    if state is PurchaseState.CANCELLED:
        raise Conflict("CANCELLED", f"買取「{number}」は取り消し済みです。", item=number)
    values = {
        "cipher": keyring.encrypt_json(asdict(seller), tenant_id=uow.tenant_id, table=TABLE, purpose=PURPOSE),
        "updated_at": uow.at,
        "delete_after": uow.at + timedelta(days=setting(uow.session, "ledger.retention_days")),
    }
    uow.session.execute(
        upsert(uow.session, PurchaseSeller)
        .values(tenant_id=uow.tenant_id, purchase_id=purchase_id, **values)
        .on_conflict_do_update(index_elements=["tenant_id", "purchase_id"], set_=values)
    )
    record(uow, "seller.keep", "purchase", purchase_id, number)


def has_seller(session: Session, purchase_id: int) -> bool:
    found = sa.select(PurchaseSeller.id).where(PurchaseSeller.purchase_id == purchase_id)
    return session.execute(found).one_or_none() is not None


def look(uow: UnitOfWork, keyring: Keyring, purchase_id: int) -> Seller:
    """The seller of a purchase; that somebody looked is audited. Raises NotFound, Terminal when a key is missing."""
    number, _ = _purchase(uow.session, purchase_id)
    found = _read(uow.session, keyring, [purchase_id])
    if purchase_id not in found:
        raise NotFound(
            "NO_SELLER", f"買取「{number}」に、売り主の記録はありません。", item=number,
            remedy="記録していないか、保存期間が過ぎて消えています。",
        )  # fmt: skip
    record(uow, "seller.look", "purchase", purchase_id, number)
    return found[purchase_id]


def forget(uow: UnitOfWork, purchase_id: int) -> None:
    uow.execute_one(sa.delete(PurchaseSeller).where(PurchaseSeller.purchase_id == purchase_id))


def forget_expired(uow: UnitOfWork) -> int:
    """Delete sellers whose time is over, a bounded number; how many."""
    over = sa.select(PurchaseSeller.id).where(PurchaseSeller.delete_after <= uow.at).limit(500)
    gone = uow.session.execute(
        sa.delete(PurchaseSeller).where(PurchaseSeller.id.in_(over)), execution_options=QUIETLY
    )
    return cast("sa.CursorResult[tuple[()]]", gone).rowcount


def ledger(
    uow: UnitOfWork, keyring: Keyring, since: datetime, until: datetime
) -> tuple[Sequence[str], list[tuple[Cell, ...]]]:
    """(columns, a row per bought lot) of the purchases confirmed in [since, until); the export is audited.

    Raises Invalid TOO_MANY_ROWS.
    """
    statement = (
        sa.select(
            Purchase.id, Purchase.number, Purchase.confirmed_at, PurchaseLine.grade, PurchaseLine.quantity,
            PurchaseLine.cost, PurchaseLine.note, Product.name, Product.brand, Product.model_number, Product.jan,
            Product.category,
        )
        .join(PurchaseLine, PurchaseLine.purchase_id == Purchase.id)
        .join(Product, Product.id == PurchaseLine.product_id)
        .where(
            Purchase.state == PurchaseState.CONFIRMED, Purchase.confirmed_at >= since, Purchase.confirmed_at < until
        )
        .order_by(Purchase.confirmed_at, Purchase.id, PurchaseLine.position)
        .limit(MAX_ROWS + 1)
    )  # fmt: skip
    lots = uow.session.execute(statement).all()
    if len(lots) > MAX_ROWS:
        raise Invalid(
            "TOO_MANY_ROWS", f"この期間には{MAX_ROWS:,}行より多くの買取があります。", field="until",
            remedy="期間を短くして、分けて出力してください。",
        )  # fmt: skip
    sellers = _read(uow.session, keyring, {lot.id for lot in lots})
    after = {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "rows": len(lots),
        "sellers": len(sellers),
    }
    record(uow, "seller.export", "ledger", None, "古物台帳", after=after)
    return LEDGER["columns"], [_row(lot, sellers.get(lot.id)) for lot in lots]


def _row(lot: Any, seller: Seller | None) -> tuple[Cell, ...]:
    features = (lot.brand, lot.model_number, lot.jan and f"JAN {lot.jan}", f"グレード{lot.grade}", lot.note)
    goods = (
        to_jst(lot.confirmed_at).strftime("%Y/%m/%d"), lot.number, "買受", f"{lot.category or ''} {lot.name}".strip(),
        " ".join(part for part in features if part), lot.quantity, lot.cost * lot.quantity,
    )  # fmt: skip
    if seller is None:
        return (*goods, "（記録なし）", "", "", "", "", "")
    return (
        *goods, seller.name, seller.address, seller.birth_date.replace("-", "/"), seller.occupation, seller.document,
        seller.document_number,
    )  # fmt: skip


def _read(session: Session, keyring: Keyring, purchase_ids: Iterable[int]) -> dict[int, Seller]:
    rows = session.execute(
        sa.select(PurchaseSeller.purchase_id, PurchaseSeller.cipher).where(
            PurchaseSeller.purchase_id.in_(list(purchase_ids))
        )
    )
    return {
        row.purchase_id: Seller(
            **keyring.decrypt_json(row.cipher, tenant_id=require_tenant(), table=TABLE, purpose=PURPOSE)
        )
        for row in rows
    }


def _purchase(session: Session, purchase_id: int) -> tuple[str, PurchaseState]:
    found = session.execute(
        sa.select(Purchase.number, Purchase.state).where(Purchase.id == purchase_id)
    ).one_or_none()
    if found is None:
        raise NotFound(
            "NO_SUCH_PURCHASE", "この買取は見つかりません。", remedy="買取の一覧から選び直してください。"
        )
    return found.number, found.state
