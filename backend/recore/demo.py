"""The demo shop of `make run`: one tenant with a shop, logins, staff, grades and the sandbox's first Yahoo store."""

from __future__ import annotations

import sqlalchemy as sa

from recore.accounts.models import MarketplaceAccount
from recore.identity.models import Account, Policy, Shop, Staff
from recore.identity.rules import allow_all, allow_only
from recore.identity.service import hash_password
from recore.platform.actor import OPERATOR
from recore.platform.db import db, unit_of_work
from recore.platform.tenancy import system_scope, tenant_scope
from recore.platform.tenants import Tenant
from recore.stock.models import Grade

LOGIN_ID, PASSWORD = "demo", "demo-pass"
GRADES = (
    ("S", "新品・未使用"),
    ("A", "美品"),
    ("B", "良品"),
    ("C", "並品"),
    ("D", "難あり"),
    ("J", "ジャンク"),
)
CLERK = ("buyin.write", "stock.read", "counter.sell", "ec.read", "ec.edit", "orders.read")
DEFAULTS = {
    "prefecture": "東京都", "city": "千代田区", "payment": ["Yahoo!かんたん決済"], "shipping": ["ゆうパック"],
}  # fmt: skip
SAVED_CHOICES = {
    "payment": ["Yahoo!かんたん決済", "Yahoo!かんたん決済_銀行振込"],
    "shipping": ["ヤマト運輸_佐川急便", "ゆうパック"],
}


def add_tenant(slug: str, name: str, host: str | None = None) -> int:
    """A tenant with everything a shop needs to begin: its id."""
    with system_scope(), unit_of_work(OPERATOR) as uow:
        tenant = Tenant(slug=slug, name=name, host=host)
        uow.session.add(tenant)
        uow.session.flush()
        tenant_id = tenant.id
    with tenant_scope(tenant_id), unit_of_work(OPERATOR) as uow:
        shop = Shop(name="本店")
        manager = Policy(name="店長", rules=allow_all())
        lister = Policy(
            name="EC担当", rules=allow_only(*CLERK, "ec.list", "ec.review", "orders.write", "orders.export")
        )
        clerk = Policy(name="店頭スタッフ", rules=allow_only(*CLERK))
        uow.session.add_all([shop, manager, lister, clerk])
        uow.session.flush()
        uow.session.add_all(
            [
                Account(login_id=LOGIN_ID, password_hash=hash_password(PASSWORD), name="店長PC", shop_id=shop.id, policy_id=manager.id),
                Account(login_id="till", password_hash=hash_password(PASSWORD), name="レジPC", shop_id=shop.id, policy_id=clerk.id),
                Staff(code="1001", name="佐藤 店長", policy_id=manager.id),
                Staff(code="1002", name="鈴木 EC担当", policy_id=lister.id),
                Staff(code="1003", name="高橋 店頭", policy_id=clerk.id),
            ]
        )  # fmt: skip
        uow.session.add_all(
            Grade(code=code, name=label, position=at) for at, (code, label) in enumerate(GRADES)
        )
    return tenant_id


def add_demo_shop() -> bool:
    """Add the demo shop unless it is there; whether it was added."""
    with system_scope():
        exists = db.session.scalar(sa.select(Tenant.id).where(Tenant.slug == "demo")) is not None
        db.session.rollback()
    if exists:
        return False
    tenant_id = add_tenant("demo", "リユースデモ店")
    with tenant_scope(tenant_id), unit_of_work(OPERATOR) as uow:
        uow.session.add(
            MarketplaceAccount(
                channel="yahoo_auction",
                name="ヤフオク!本店",
                profile="classic",
                store_id="demo-store-1",
                options={"saved_choices": SAVED_CHOICES, "defaults": DEFAULTS},
            )
        )
    return True
