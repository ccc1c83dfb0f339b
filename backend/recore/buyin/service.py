"""買取: draft, lines, confirmation into stock (R4)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from recore.buyin import sellers
from recore.buyin.models import Purchase, PurchaseLine, PurchaseSeller, PurchaseState
from recore.buyin.rules import check_line
from recore.catalog.models import Product
from recore.identity.models import Staff
from recore.platform.audit import record
from recore.platform.db import UnitOfWork
from recore.platform.errors import Conflict, Invalid, NotFound
from recore.platform.numbering import next_number
from recore.platform.text_ja import fold
from recore.stock.models import Grade, StockItem
from recore.stock.rules import SalesRoute
from recore.stock.service import NewStock, take_in


@dataclass(frozen=True)
class LineInput:
    """One line as typed: yen per unit, whole units."""

    product_id: int
    grade: str
    cost: int
    price: int
    quantity: int
    sales_route: SalesRoute
    note: str = ""


def open_purchase(uow: UnitOfWork, shop_id: int) -> Purchase:
    """A new draft, or the empty one that was opened at this login before and left; one with a seller is not empty."""
    has_lines = sa.exists().where(
        PurchaseLine.purchase_id == Purchase.id, PurchaseLine.tenant_id == uow.tenant_id
    )
    has_seller = sa.exists().where(
        PurchaseSeller.purchase_id == Purchase.id, PurchaseSeller.tenant_id == uow.tenant_id
    )
    empty = uow.session.scalars(
        sa.select(Purchase)
        .where(
            Purchase.state == PurchaseState.DRAFT,
            Purchase.shop_id == shop_id,
            Purchase.login_id == uow.actor.account_id,
            ~has_lines,
            ~has_seller,
        )
        .order_by(Purchase.id)
        .limit(1)
    ).one_or_none()
    if empty is not None:
        return empty
    number = f"B{next_number(uow, 'purchase'):06d}"
    purchase = Purchase(number=number, shop_id=shop_id, login_id=uow.actor.account_id, created_at=uow.at)
    uow.session.add(purchase)
    uow.session.flush()
    return purchase


def add_line(uow: UnitOfWork, purchase_id: int, line: LineInput) -> PurchaseLine:
    """Raises Conflict NOT_DRAFT, NotFound NO_SUCH_PRODUCT, Invalid LINE_INVALID with every wrong field."""
    purchase = _draft(uow, purchase_id)
    _check(uow, line)
    position = uow.session.scalar(
        sa.select(sa.func.coalesce(sa.func.max(PurchaseLine.position), 0) + 1).where(
            PurchaseLine.purchase_id == purchase.id
        )
    )
    row = PurchaseLine(purchase_id=purchase.id, position=position or 1, **_values(line))
    uow.session.add(row)
    uow.session.flush()
    return row


def change_line(uow: UnitOfWork, purchase_id: int, line_id: int, line: LineInput) -> None:
    """Set every value of a line. Raises as `add_line`, and NotFound NO_SUCH_LINE."""
    purchase = _draft(uow, purchase_id)
    _check(uow, line)
    changed = uow.execute_one(
        sa.update(PurchaseLine)
        .where(
            PurchaseLine.id == line_id,
            PurchaseLine.purchase_id == purchase.id,
            PurchaseLine.removed_at.is_(None),
        )
        .values(**_values(line))
    )
    if not changed:
        raise NotFound(
            "NO_SUCH_LINE", "直そうとした明細は、ほかの人が削除しました。",
            remedy="買取の画面を開き直し、必要なら「元に戻す」を押してください。",
        )  # fmt: skip


def remove_line(uow: UnitOfWork, purchase_id: int, line_id: int) -> None:
    """Take a line out of the draft; `restore_line` puts it back until the purchase is confirmed."""
    _set_removed(uow, purchase_id, line_id, uow.at)


def restore_line(uow: UnitOfWork, purchase_id: int, line_id: int) -> None:
    _set_removed(uow, purchase_id, line_id, None)


def _set_removed(uow: UnitOfWork, purchase_id: int, line_id: int, at: datetime | None) -> None:
    purchase = _draft(uow, purchase_id)
    uow.execute_one(
        sa.update(PurchaseLine)
        .where(PurchaseLine.id == line_id, PurchaseLine.purchase_id == purchase.id)
        .values(removed_at=at)
    )


def _check(uow: UnitOfWork, line: LineInput) -> None:
    product = uow.session.scalars(sa.select(Product).where(Product.id == line.product_id)).one_or_none()
    if product is None:
        raise NotFound(
            "NO_SUCH_PRODUCT", "選んだ商品が見つかりません。", remedy="商品を検索し直してください。"
        )
    grades = uow.session.scalars(sa.select(Grade.code).order_by(Grade.position)).all()
    check_line(
        product.name, line.grade, line.cost, line.price, line.quantity, line.note, known_grades=list(grades)
    )


def _values(line: LineInput) -> dict[str, Any]:
    return {field.name: getattr(line, field.name) for field in fields(line)}


def confirm(uow: UnitOfWork, purchase_id: int, staff: Staff) -> list[StockItem]:
    """Turn every line into stock with its own IT code. A second confirmation raises Conflict NOT_DRAFT."""
    taken = uow.execute_one(
        sa.update(Purchase)
        .where(Purchase.id == purchase_id, Purchase.state == PurchaseState.DRAFT)
        .values(state=PurchaseState.CONFIRMED, staff_id=staff.id, confirmed_at=uow.at)
    )
    if not taken:
        raise _not_draft(uow, purchase_id)
    rows = uow.session.execute(
        sa.select(PurchaseLine, Product, Purchase.shop_id, Purchase.number)
        .join(Product, Product.id == PurchaseLine.product_id)
        .join(Purchase, Purchase.id == PurchaseLine.purchase_id)
        .where(PurchaseLine.purchase_id == purchase_id, PurchaseLine.removed_at.is_(None))
        .order_by(PurchaseLine.position)
    ).all()
    if not rows:
        raise Invalid(
            "NO_LINES",
            "買取する商品がまだありません。",
            remedy="商品を検索または登録して、明細に追加してください。",
        )
    uow.session.execute(
        sa.delete(PurchaseLine).where(
            PurchaseLine.purchase_id == purchase_id, PurchaseLine.removed_at.is_not(None)
        ),
        execution_options={"synchronize_session": False},
    )
    items = [take_in(uow, stock_of(line, product, shop_id)) for line, product, shop_id, _ in rows]
    record(uow, "buyin.confirm", "purchase", purchase_id, rows[0].number,
           after={"it_codes": [item.it_code for item in items]})  # fmt: skip
    return items


def cancel(uow: UnitOfWork, purchase_id: int) -> None:
    """Give a draft up, and forget its seller; a confirmed purchase stays."""
    purchase = _draft(uow, purchase_id)
    uow.execute_one(
        sa.update(Purchase)
        .where(Purchase.id == purchase.id, Purchase.state == PurchaseState.DRAFT)
        .values(state=PurchaseState.CANCELLED)
    )
    sellers.forget(uow, purchase_id)


def stock_of(line: PurchaseLine, product: Product, shop_id: int) -> NewStock:
    return NewStock(
        product_id=product.id,
        shop_id=shop_id,
        purchase_line_id=line.id,
        grade=line.grade,
        cost=line.cost,
        price=line.price,
        quantity=line.quantity,
        sales_route=line.sales_route,
        search_text=f"{product.search_text} {fold(line.note)}".strip(),
        note=line.note,
    )


def _draft(uow: UnitOfWork, purchase_id: int) -> Purchase:
    """The draft, locked for this transaction so that a confirmation cannot slip in between."""
    purchase = uow.session.scalars(
        sa.select(Purchase)
        .where(Purchase.id == purchase_id, Purchase.state == PurchaseState.DRAFT)
        .with_for_update()
    ).one_or_none()
    if purchase is None:
        raise _not_draft(uow, purchase_id)
    return purchase


def _not_draft(uow: UnitOfWork, purchase_id: int) -> NotFound | Conflict:
    found = uow.session.execute(
        sa.select(Purchase.number, Purchase.state).where(Purchase.id == purchase_id)
    ).one_or_none()
    if found is None:
        return NotFound(
            "NO_SUCH_PURCHASE", "この買取は見つかりません。", remedy="買取の一覧から選び直してください。"
        )
    done = "確定済み" if found.state is PurchaseState.CONFIRMED else "取り消し済み"
    return Conflict(
        "NOT_DRAFT", f"買取「{found.number}」は{done}のため、変更できません。", item=found.number,
        remedy="画面を再読み込みしてください。追加の商品は新しい買取に入力してください。",
    )  # fmt: skip
