"""api_offers: listings that the server offers through a marketplace's API; stock items whose movements are told (R21, R27)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recore.migrations.row_security import protect

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STATES = ("QUEUED", "PROCESSING", "ACTIVE", "SOLD_OUT", "ENDED", "FAILED", "WITHDRAWN", "NEEDS_REVIEW")


def upgrade() -> None:
    table = "api_offers"
    state = sa.Enum(*STATES, name="listingstate", native_enum=False, create_constraint=True, length=24)
    op.create_table(
        table,
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        sa.Column("listing_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("price", NUMBER, nullable=False),
        sa.Column("ends_as", state),
        sa.Column("ends_because", sa.String(1000)),
        sa.Column("sendings", NUMBER, nullable=False),
        sa.Column("put_at", MOMENT),
        sa.Column("answered_at", MOMENT),
        sa.Column("pushed_quantity", NUMBER),
        sa.Column("pushed_price", NUMBER),
        sa.Column("pushed_at", MOMENT),
        sa.Column("gone_asked_at", MOMENT),
        sa.Column("looked_at", MOMENT),
        sa.Column("seen_quantity", NUMBER),
        sa.Column("seen_price", NUMBER),
        sa.Column("off_since", MOMENT),
        sa.Column("due_at", MOMENT),
        sa.Column("busy_until", MOMENT),
        sa.Column("failing_since", MOMENT),
        sa.Column("failure", sa.String(500)),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{table}_tenant_id"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], name=f"fk_{table}_tenant_id_{column}"
            )
            for column, target in {"listing_id": "listings", "account_id": "marketplace_accounts"}.items()
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("tenant_id", "id", name=f"uq_{table}_tenant_id_id"),
        sa.UniqueConstraint("tenant_id", "listing_id", name=f"uq_{table}_tenant_id_listing_id"),
        sa.UniqueConstraint("tenant_id", "account_id", "number", name=f"uq_{table}_tenant_id_account_id_number"),
    )
    op.create_index(f"ix_{table}_tenant_id_due_at", table, ["tenant_id", "due_at"])
    protect(table)
    op.add_column("stock_items", sa.Column("is_followed", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("stock_items", "is_followed")
    op.drop_table("api_offers")
