"""Orders by a marketplace's official API (R24): api_links, order_pulls, pulled_orders; rate_buckets for whatever is called."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recore.migrations.row_security import protect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _table("rate_buckets", ("name",), sa.Column("name", sa.String(120), nullable=False), sa.Column("busy_until", NUMBER, nullable=False))
    _of_account(
        "api_links",
        ("account_id",),
        sa.Column("asked", sa.String(64)),
        sa.Column("asked_until", MOMENT),
        sa.Column("linked_at", MOMENT),
        sa.Column("linked_by", sa.String(120)),
        sa.Column("ends_at", MOMENT),
        sa.Column("over_at", MOMENT),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("next_pull_at", MOMENT),
        sa.Column("pulled_at", MOMENT),
        sa.Column("failing_since", MOMENT),
        sa.Column("failure", sa.String(500)),
    )
    _of_account(
        "order_pulls",
        ("account_id",),
        sa.Column("changed_since", MOMENT),
        sa.Column("listing_since", MOMENT),
        sa.Column("began_at", MOMENT),
        sa.Column("next_start", NUMBER),
        sa.Column("total", NUMBER, nullable=False),
        sa.Column("newest", MOMENT),
    )
    state = sa.Enum("WAITING", "TAKEN", "ASIDE", name="pulledstate", native_enum=False, create_constraint=True, length=24)
    _of_account(
        "pulled_orders",
        ("account_id", "order_number"),
        sa.Column("order_number", sa.String(80), nullable=False),
        sa.Column("changed_at", MOMENT),
        sa.Column("status", sa.String(60), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("reason", sa.String(500)),
        sa.Column("noted_at", MOMENT, nullable=False),
    )
    op.create_index(
        "ix_pulled_orders_tenant_id_account_id_state", "pulled_orders", ["tenant_id", "account_id", "state"]
    )


def _of_account(name: str, key: tuple[str, ...], *columns: sa.Column) -> None:
    points = sa.ForeignKeyConstraint(
        ["tenant_id", "account_id"],
        ["marketplace_accounts.tenant_id", "marketplace_accounts.id"],
        name=f"fk_{name}_tenant_id_account_id",
    )
    _table(name, key, sa.Column("account_id", NUMBER, nullable=False), *columns, points)


def _table(name: str, key: tuple[str, ...], *items: sa.schema.SchemaItem) -> None:
    """A tenant table in which `key` names one row."""
    op.create_table(
        name,
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        *items,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{name}_tenant_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("tenant_id", "id", name=f"uq_{name}_tenant_id_id"),
        sa.UniqueConstraint("tenant_id", *key, name=f"uq_{name}_{'_'.join(('tenant_id', *key))}"),
    )
    protect(name)


def downgrade() -> None:
    for name in ("pulled_orders", "order_pulls", "api_links", "rate_buckets"):
        op.drop_table(name)
