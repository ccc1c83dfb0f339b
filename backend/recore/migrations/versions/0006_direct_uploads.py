"""direct_uploads: which PC sends which file through the store's own form (R16)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recore.migrations.row_security import protect

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("CLAIMED", "SENDING", "ACCEPTED", "REFUSED", "NOT_TAKEN", "UNKNOWN", "ABANDONED")
HOLDING = sa.text("state IN ('CLAIMED', 'SENDING', 'ACCEPTED', 'REFUSED', 'UNKNOWN')")


def upgrade() -> None:
    state = sa.Enum(*STATES, name="uploadstate", native_enum=False, create_constraint=True, length=24)
    op.create_table(
        "direct_uploads",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        sa.Column("batch_id", NUMBER, nullable=False),
        sa.Column("device_id", NUMBER, nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("nonce", sa.String(80)),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("message", sa.String(1000)),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_direct_uploads_tenant_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "batch_id"],
            ["upload_batches.tenant_id", "upload_batches.id"],
            name="fk_direct_uploads_tenant_id_batch_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "device_id"],
            ["devices.tenant_id", "devices.id"],
            name="fk_direct_uploads_tenant_id_device_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_direct_uploads"),
        sa.UniqueConstraint("tenant_id", "id", name="uq_direct_uploads_tenant_id_id"),
    )
    op.create_index(
        "uq_direct_uploads_holding",
        "direct_uploads",
        ["tenant_id", "batch_id"],
        unique=True,
        sqlite_where=HOLDING,
        postgresql_where=HOLDING,
    )
    protect("direct_uploads")


def downgrade() -> None:
    op.drop_table("direct_uploads")
