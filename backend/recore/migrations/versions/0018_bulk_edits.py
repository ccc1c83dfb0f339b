"""bulk_edits: changes of many rows at once that can be undone; audit_entries point to theirs (R31)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recore.migrations.row_security import protect

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
POINTS = "fk_audit_entries_tenant_id_bulk_edit_id"


def upgrade() -> None:
    op.create_table(
        "bulk_edits",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("summary", sa.String(200), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("undone_at", MOMENT),
        sa.Column("undone_by", sa.String(120)),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_bulk_edits_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_edits"),
        sa.UniqueConstraint("tenant_id", "id", name="uq_bulk_edits_tenant_id_id"),
    )
    protect("bulk_edits")
    with op.batch_alter_table("audit_entries") as entries:
        entries.add_column(sa.Column("bulk_edit_id", NUMBER))
        entries.create_foreign_key(POINTS, "bulk_edits", ["tenant_id", "bulk_edit_id"], ["tenant_id", "id"])
    op.create_index("ix_audit_entries_tenant_id_bulk_edit_id", "audit_entries", ["tenant_id", "bulk_edit_id"])


def downgrade() -> None:
    op.drop_index("ix_audit_entries_tenant_id_bulk_edit_id", "audit_entries")
    with op.batch_alter_table("audit_entries") as entries:
        entries.drop_constraint(POINTS, type_="foreignkey")
        entries.drop_column("bulk_edit_id")
    op.drop_table("bulk_edits")
