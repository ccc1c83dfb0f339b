"""pull_plans: when which PC reads an account next (R28)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recore.migrations.row_security import protect

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "pull_plans",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("device_id", NUMBER, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_pull_plans_tenant_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["marketplace_accounts.tenant_id", "marketplace_accounts.id"],
            name="fk_pull_plans_tenant_id_account_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "device_id"],
            ["devices.tenant_id", "devices.id"],
            name="fk_pull_plans_tenant_id_device_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pull_plans"),
        sa.UniqueConstraint("tenant_id", "id", name="uq_pull_plans_tenant_id_id"),
        sa.UniqueConstraint(
            "tenant_id", "account_id", "device_id", name="uq_pull_plans_tenant_id_account_id_device_id"
        ),
    )
    protect("pull_plans")


def downgrade() -> None:
    op.drop_table("pull_plans")
