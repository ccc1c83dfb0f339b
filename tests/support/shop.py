"""A shop to test with: one tenant of an app, and short ways to give it products and stock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask

from recore.accounts.models import MarketplaceAccount
from recore.catalog.service import register_product
from recore.demo import SAVED_CHOICES, add_tenant
from recore.identity.models import Account, Staff
from recore.identity.models import Shop as ShopRow
from recore.platform.actor import OPERATOR, Actor, ActorKind
from recore.platform.db import UnitOfWork, db, unit_of_work
from recore.platform.tenancy import tenant_scope
from recore.stock.models import StockItem
from recore.stock.rules import SalesRoute
from recore.stock.service import NewStock, take_in


@dataclass
class Shop:
    """Everything runs inside its own app context and tenant scope, as a request would."""

    app: Flask
    tenant_id: int

    @contextmanager
    def work(self, actor: Actor = OPERATOR) -> Iterator[UnitOfWork]:
        with self.app.app_context(), tenant_scope(self.tenant_id):
            try:
                with unit_of_work(actor) as uow:
                    yield uow
            finally:
                db.session.remove()

    @contextmanager
    def read(self) -> Iterator[sa.orm.Session]:
        with self.app.app_context(), tenant_scope(self.tenant_id):
            try:
                yield db.session()
            finally:
                db.session.remove()

    def item(
        self,
        *,
        name: str = "腕時計 SEIKO 5",
        quantity: int = 1,
        route: SalesRoute = SalesRoute.BOTH,
        price: int = 5000,
        grade: str = "A",
        jan: str | None = None,
    ) -> int:
        """The id of a new stock item of a new product."""
        with self.work() as uow:
            product = register_product(uow, name=name, jan=jan)
            shop_id = uow.session.scalars(sa.select(ShopRow.id).limit(1)).one()
            new = NewStock(
                product_id=product.id, shop_id=shop_id, purchase_line_id=None, grade=grade, cost=1000, price=price,
                quantity=quantity, sales_route=route, search_text=product.search_text,
            )  # fmt: skip
            return take_in(uow, new).id

    def counts(self, stock_item_id: int) -> tuple[int, int, int]:
        """(on hand, reserved, available)"""
        with self.read() as session:
            row = session.execute(
                sa.select(StockItem.on_hand, StockItem.reserved, StockItem.available).where(
                    StockItem.id == stock_item_id
                )
            ).one()
            return row.on_hand, row.reserved, row.available

    def staff_id(self, code: str = "1001") -> int:
        with self.read() as session:
            return session.scalars(sa.select(Staff.id).where(Staff.code == code)).one()

    def yahoo_account(self, profile: str = "classic", store_id: str = "demo-store-1") -> int:
        with self.work() as uow:
            account = MarketplaceAccount(
                channel="yahoo_auction", name=f"ヤフオク!{store_id}", profile=profile, store_id=store_id,
                options={"saved_choices": SAVED_CHOICES},
            )  # fmt: skip
            uow.session.add(account)
            uow.session.flush()
            return account.id


def open_shop(app: Flask, slug: str = "shop", host: str | None = None) -> Shop:
    """A new tenant of `app` with the demo shop's logins (demo, till), staff (1001, 1002, 1003) and grades."""
    with app.app_context():
        return Shop(app, add_tenant(slug, f"リユース{slug}", host))


def staff_of(shop: Shop, code: str = "1001", login_id: str = "demo") -> Actor:
    """A staff member at a PC that is logged in."""
    with shop.read() as session:
        staff = session.scalars(sa.select(Staff).where(Staff.code == code)).one()
        login = session.scalars(sa.select(Account.id).where(Account.login_id == login_id)).one()
        return Actor(ActorKind.STAFF, staff.id, staff.name, login)
