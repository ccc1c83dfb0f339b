"""photo_links: QR codes by which a phone works on the photos of one item (R9)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recore.migrations.row_security import protect

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLE = "photo_links"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        sa.Column("stock_item_id", NUMBER, nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("actor_id", NUMBER, nullable=False),
        sa.Column("actor_label", sa.String(120), nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("adds_left", NUMBER, nullable=False),
        sa.CheckConstraint("adds_left >= 0", name="ck_photo_links_adds_left"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{TABLE}_tenant_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "stock_item_id"],
            ["stock_items.tenant_id", "stock_items.id"],
            name=f"fk_{TABLE}_tenant_id_stock_item_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["login_accounts.tenant_id", "login_accounts.id"],
            name=f"fk_{TABLE}_tenant_id_account_id",
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.UniqueConstraint("tenant_id", "id", name=f"uq_{TABLE}_tenant_id_id"),
    )
    op.create_index(f"ix_{TABLE}_tenant_id_stock_item_id", TABLE, ["tenant_id", "stock_item_id"])
    protect(TABLE)


def downgrade() -> None:
    op.drop_table(TABLE)
