"""sale_entries: the book of sales (R30), with what was sold before it; who may change settings may read it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from recore.migrations.row_security import protect

revision = "0017"
down_revision = "0019"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLE = "sale_entries"
POINTS_TO = {
    "counter_sale_id": "counter_sales", "counter_line_id": "counter_sale_lines", "order_id": "orders",
    "order_line_id": "order_lines", "account_id": "marketplace_accounts", "shop_id": "shops", "staff_id": "staff",
    "stock_item_id": "stock_items",
}  # fmt: skip
AMOUNTS = "quantity, amount, quantity_after, amount_after"
WRITTEN = "cause, actor_kind, actor_label"


def upgrade() -> None:
    kind = sa.Enum("SALE", "CANCEL", "CORRECTION", name="salekind", native_enum=False, create_constraint=True, length=24)
    op.create_table(
        TABLE,
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        *(sa.Column(name, NUMBER) for name in ("counter_sale_id", "counter_line_id", "order_id", "order_line_id")),
        sa.Column("document", sa.String(20), nullable=False),
        *(sa.Column(name, NUMBER) for name in ("account_id", "shop_id", "staff_id", "stock_item_id")),
        sa.Column("name", sa.String(500), nullable=False),
        *(sa.Column(name, NUMBER, nullable=False) for name in AMOUNTS.split(", ")),
        sa.Column("cause", sa.String(200), nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("actor_label", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{TABLE}_tenant_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.UniqueConstraint("tenant_id", "id", name=f"uq_{TABLE}_tenant_id_id"),
        *(
            sa.UniqueConstraint("tenant_id", line, "seq", name=f"uq_{TABLE}_tenant_id_{line}_seq")
            for line in ("counter_line_id", "order_line_id")
        ),
        sa.CheckConstraint(
            "(counter_line_id IS NULL) <> (order_line_id IS NULL)", name=f"ck_{TABLE}_one_source"
        ),
        sa.CheckConstraint(
            "quantity_after >= 0 AND amount_after >= 0", name=f"ck_{TABLE}_not_below_nothing"
        ),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], name=f"fk_{TABLE}_tenant_id_{column}"
            )
            for column, table in POINTS_TO.items()
        ),
    )
    for column in ("booked_on", "order_id"):
        op.create_index(f"ix_{TABLE}_tenant_id_{column}", TABLE, ["tenant_id", column])
    _see_every_tenant()
    _book_what_was_sold()
    protect(TABLE)
    _allow(lambda rules: rules | {"sales.read": True} if rules.get("settings.manage") is True else rules)


def downgrade() -> None:
    _see_every_tenant()
    _allow(lambda rules: {name: value for name, value in rules.items() if name != "sales.read"})
    op.drop_table(TABLE)


def _see_every_tenant() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT set_config('recore.tenant', '*', true)")


def _allow(change) -> None:  # type: ignore[no-untyped-def]
    policies = sa.table("policies", sa.column("id"), sa.column("rules", JSON))
    bind = op.get_bind()
    for row in bind.execute(sa.select(policies)).all():
        changed = change(row.rules)
        if changed != row.rules:
            bind.execute(sa.update(policies).where(policies.c.id == row.id).values(rules=changed))


def _day(moment: str) -> str:
    """The day in Japan of a moment in UTC."""
    if op.get_bind().dialect.name == "sqlite":
        return f"date({moment}, '+9 hours')"
    return f"CAST(({moment} AT TIME ZONE 'UTC') + INTERVAL '9 hours' AS date)"


def _book_what_was_sold() -> None:
    columns = (
        "tenant_id, booked_on, recorded_at, kind, seq, counter_sale_id, counter_line_id, document, shop_id, staff_id,"
        f" stock_item_id, name, {AMOUNTS}, {WRITTEN}"
    )
    counter = (
        "FROM counter_sale_lines l JOIN counter_sales s ON s.tenant_id = l.tenant_id AND s.id = l.sale_id"
        " JOIN stock_items i ON i.tenant_id = l.tenant_id AND i.id = l.stock_item_id"
        " JOIN products p ON p.tenant_id = i.tenant_id AND p.id = i.product_id"
    )
    of_line = "s.id, l.id, s.number, s.shop_id, s.staff_id, i.id, p.name"
    op.execute(
        f"INSERT INTO {TABLE} ({columns}) SELECT l.tenant_id, {_day('s.sold_at')}, s.sold_at, 'SALE', 1, {of_line},"
        " l.quantity, l.quantity * l.unit_price, l.quantity, l.quantity * l.unit_price, '店頭販売', 'operator', '移行'"
        f" {counter} ORDER BY l.id"
    )
    op.execute(
        f"INSERT INTO {TABLE} ({columns}) SELECT l.tenant_id, {_day('s.voided_at')}, s.voided_at, 'CANCEL', 2, {of_line},"
        " -l.quantity, -l.quantity * l.unit_price, 0, 0, '店頭販売の取消', 'operator', '移行'"
        f" {counter} WHERE s.voided_at IS NOT NULL ORDER BY l.id"
    )
    shipped = "CASE WHEN o.shipped_at = o.created_at THEN o.ordered_at ELSE COALESCE(o.shipped_at, o.state_at) END"
    op.execute(
        f"INSERT INTO {TABLE} (tenant_id, booked_on, recorded_at, kind, seq, order_id, order_line_id, document, account_id,"
        f" shop_id, staff_id, stock_item_id, name, {AMOUNTS}, {WRITTEN})"
        f" SELECT l.tenant_id, {_day(shipped)}, o.state_at, 'SALE', 1, o.id, l.id, o.number, o.account_id,"
        " i.shop_id, g.staff_id, i.id, COALESCE(p.name, l.title), l.quantity, l.quantity * l.unit_price, l.quantity,"
        " l.quantity * l.unit_price, '出荷済み', 'operator', '移行'"
        " FROM order_lines l JOIN orders o ON o.tenant_id = l.tenant_id AND o.id = l.order_id"
        " LEFT JOIN listings g ON g.tenant_id = l.tenant_id AND g.id = l.listing_id"
        " LEFT JOIN stock_items i ON i.tenant_id = l.tenant_id AND i.id = l.stock_item_id"
        " LEFT JOIN products p ON p.tenant_id = i.tenant_id AND p.id = i.product_id"
        " WHERE o.state = 'SHIPPED' AND NOT l.is_cancelled ORDER BY l.id"
    )
