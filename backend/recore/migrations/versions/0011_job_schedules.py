"""job_schedules: what is done regularly; jobs: deaths, started_at, dismissed_at and an index by tenant."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recore.migrations.row_security import protect

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("jobs", sa.Column("deaths", NUMBER, nullable=False, server_default="0"))
    op.add_column("jobs", sa.Column("started_at", MOMENT))
    op.add_column("jobs", sa.Column("dismissed_at", MOMENT))
    op.create_index("ix_jobs_in_line", "jobs", ["tenant_id", "state", "not_before"])
    op.create_table(
        "job_schedules",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_job_schedules_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_job_schedules"),
        sa.UniqueConstraint("tenant_id", "id", name="uq_job_schedules_tenant_id_id"),
        sa.UniqueConstraint("tenant_id", "kind", name="uq_job_schedules_tenant_id_kind"),
    )
    op.create_index("ix_job_schedules_next_at", "job_schedules", ["next_at"])
    protect("job_schedules")


def downgrade() -> None:
    op.drop_table("job_schedules")
    op.drop_index("ix_jobs_in_line", "jobs")
    with op.batch_alter_table("jobs") as jobs:
        for name in ("dismissed_at", "started_at", "deaths"):
            jobs.drop_column(name)
