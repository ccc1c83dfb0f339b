"""listing_templates: values and texts for the listing form (R10)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from recore.migrations.row_security import protect

revision = "0013"
down_revision = "0014"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLE = "listing_templates"
IN_USE = sa.text("archived_at IS NULL")
AUTOMATIC = sa.text("is_automatic AND archived_at IS NULL")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        sa.Column("channel", sa.String(30), nullable=False),
        sa.Column("profile", sa.String(20), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", sa.String(120), nullable=False),
        sa.Column("archived_at", MOMENT),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{TABLE}_tenant_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.UniqueConstraint("tenant_id", "id", name=f"uq_{TABLE}_tenant_id_id"),
    )
    for name, column, where in (("name_in_use", "name", IN_USE), ("automatic", "category", AUTOMATIC)):
        op.create_index(
            f"uq_{TABLE}_{name}",
            TABLE,
            ["tenant_id", "channel", "profile", column],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    protect(TABLE)


def downgrade() -> None:
    op.drop_table(TABLE)
