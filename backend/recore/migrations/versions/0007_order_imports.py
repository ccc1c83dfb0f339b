"""order_imports, order_import_rows: files of orders (R24). orders.observed_at: up to when an order is known; NULL before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from recore.migrations.row_security import protect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("orders", sa.Column("observed_at", MOMENT))
    _imports()
    op.create_table(
        "order_import_rows",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        sa.Column("import_id", NUMBER, nullable=False),
        sa.Column("row_number", NUMBER, nullable=False),
        sa.Column("rows", sa.String(200), nullable=False),
        sa.Column("fate", sa.String(20), nullable=False),
        sa.Column("order_number", sa.String(20)),
        sa.Column("note", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_order_import_rows_tenant_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"],
            ["order_imports.tenant_id", "order_imports.id"],
            name="fk_order_import_rows_tenant_id_import_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_import_rows"),
        sa.UniqueConstraint("tenant_id", "id", name="uq_order_import_rows_tenant_id_id"),
        sa.UniqueConstraint(
            "tenant_id", "import_id", "row_number", name="uq_order_import_rows_tenant_id_import_id_row_number"
        ),
    )
    protect("order_imports")
    protect("order_import_rows")


def _imports() -> None:
    state = sa.Enum(
        "READ", "TAKING", "DONE", name="importstate", native_enum=False, create_constraint=True, length=24
    )
    op.create_table(
        "order_imports",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("run_number", NUMBER),
        sa.Column("total", NUMBER, nullable=False),
        sa.Column("ticked", JSON, nullable=False),
        sa.Column("cipher", sa.LargeBinary()),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("staff_id", NUMBER),
        sa.Column("login_id", NUMBER),
        sa.Column("finished_at", MOMENT),
        sa.Column("problem", sa.String(500)),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_order_imports_tenant_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["marketplace_accounts.tenant_id", "marketplace_accounts.id"],
            name="fk_order_imports_tenant_id_account_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"], ["staff.tenant_id", "staff.id"], name="fk_order_imports_tenant_id_staff_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_imports"),
        sa.UniqueConstraint("tenant_id", "id", name="uq_order_imports_tenant_id_id"),
    )
    op.create_index("ix_order_imports_tenant_id_made_at", "order_imports", ["tenant_id", "made_at"])


def downgrade() -> None:
    op.drop_table("order_import_rows")
    op.drop_table("order_imports")
    op.drop_column("orders", "observed_at")
