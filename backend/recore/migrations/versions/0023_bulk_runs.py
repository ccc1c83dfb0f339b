"""bulk_runs, bulk_rows: まとめて出品 (R7); listing_drafts.applied: what a template put into a form (R10)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from recore.migrations.row_security import protect

revision = "0023"
down_revision = "0017"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
RUNS, ROWS = "bulk_runs", "bulk_rows"


def _states(name: str, *states: str) -> sa.Enum:
    return sa.Enum(*states, name=name, native_enum=False, create_constraint=True, length=24)


def _keys(table: str, **targets: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{table}_tenant_id"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], name=f"fk_{table}_tenant_id_{column}"
            )
            for column, target in targets.items()
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("tenant_id", "id", name=f"uq_{table}_tenant_id_id"),
    ]


def upgrade() -> None:
    op.create_table(
        RUNS,
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        sa.Column("state", _states("bulkstate", "OPEN", "RUNNING", "STOPPED", "DONE"), nullable=False),
        sa.Column("item_count", NUMBER, nullable=False),
        sa.Column("is_cut", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(120), nullable=False),
        sa.Column("staff_id", NUMBER),
        sa.Column("login_id", NUMBER),
        sa.Column("pressed_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("error", sa.String(500)),
        *_keys(RUNS, staff_id="staff", login_id="login_accounts"),
    )
    op.create_table(
        ROWS,
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        sa.Column("run_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("stock_item_id", NUMBER, nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("state", _states("bulkrowstate", "WAITING", "LISTED", "REFUSED"), nullable=False),
        sa.Column("problems", JSON),
        sa.Column("listing_ids", JSON),
        sa.Column("done_at", MOMENT),
        *_keys(ROWS, run_id=RUNS, stock_item_id="stock_items"),
        sa.UniqueConstraint("tenant_id", "run_id", "position", name=f"uq_{ROWS}_tenant_id_run_id_position"),
        sa.UniqueConstraint("tenant_id", "run_id", "stock_item_id", name=f"uq_{ROWS}_tenant_id_run_id_stock_item_id"),
    )
    op.create_index(f"ix_{ROWS}_tenant_id_stock_item_id", ROWS, ["tenant_id", "stock_item_id"])
    op.add_column("listing_drafts", sa.Column("applied", JSON))
    for table in (RUNS, ROWS):
        protect(table)


def downgrade() -> None:
    op.drop_column("listing_drafts", "applied")
    op.drop_table(ROWS)
    op.drop_table(RUNS)
