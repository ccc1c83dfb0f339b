"""file_imports: products and stock from files (R4); purchase_sellers: the seller of a 買取, encrypted (R37)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recore.migrations.row_security import protect

revision = "0020"
down_revision = "0021"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STATES = ("READ", "TAKING", "DONE")


def table(name: str, columns: list[sa.Column], points_to: dict[str, str], unique: list[str]) -> None:
    op.create_table(
        name,
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{name}_tenant_id"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], name=f"fk_{name}_tenant_id_{column}"
            )
            for column, target in points_to.items()
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("tenant_id", "id", name=f"uq_{name}_tenant_id_id"),
        *([sa.UniqueConstraint("tenant_id", *unique, name=f"uq_{name}_tenant_id_{'_'.join(unique)}")] if unique else []),
    )
    protect(name)


def upgrade() -> None:
    state = sa.Enum(*STATES, name="importstate", native_enum=False, create_constraint=True, length=24)
    table(
        "file_imports",
        [
            sa.Column("kind", sa.String(30), nullable=False),
            sa.Column("file_name", sa.String(120), nullable=False),
            sa.Column("state", state, nullable=False),
            sa.Column("total", NUMBER, nullable=False),
            sa.Column("shop_id", NUMBER, nullable=False),
            sa.Column("cipher", sa.LargeBinary()),
            sa.Column("expires_at", MOMENT, nullable=False),
            sa.Column("made_at", MOMENT, nullable=False),
            sa.Column("made_by", sa.String(120), nullable=False),
            sa.Column("staff_id", NUMBER),
            sa.Column("taken_by", sa.String(120)),
            sa.Column("login_id", NUMBER),
            sa.Column("finished_at", MOMENT),
            sa.Column("problem", sa.String(500)),
        ],
        {"shop_id": "shops", "staff_id": "staff"},
        [],
    )
    op.create_index("ix_file_imports_tenant_id_made_at", "file_imports", ["tenant_id", "made_at"])
    table(
        "file_import_rows",
        [
            sa.Column("import_id", NUMBER, nullable=False),
            sa.Column("row_number", NUMBER, nullable=False),
            sa.Column("fate", sa.String(1), nullable=False),
            sa.Column("made", sa.String(20), nullable=False),
            sa.Column("note", sa.String(500), nullable=False),
        ],
        {"import_id": "file_imports"},
        ["import_id", "row_number"],
    )
    table(
        "purchase_sellers",
        [
            sa.Column("purchase_id", NUMBER, nullable=False),
            sa.Column("cipher", sa.LargeBinary(), nullable=False),
            sa.Column("updated_at", MOMENT, nullable=False),
            sa.Column("delete_after", MOMENT, nullable=False),
        ],
        {"purchase_id": "purchases"},
        ["purchase_id"],
    )
    op.create_index("ix_purchase_sellers_tenant_id_delete_after", "purchase_sellers", ["tenant_id", "delete_after"])
    op.add_column("purchases", sa.Column("import_id", NUMBER))
    op.create_index("ix_purchases_tenant_id_import_id", "purchases", ["tenant_id", "import_id"])
    op.add_column("purchase_lines", sa.Column("import_key", sa.String(80)))
    op.add_column("purchase_lines", sa.Column("import_digest", sa.String(64)))
    op.create_index("uq_purchase_lines_import_key", "purchase_lines", ["tenant_id", "import_key"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_purchase_lines_import_key", "purchase_lines")
    op.drop_column("purchase_lines", "import_digest")
    op.drop_column("purchase_lines", "import_key")
    op.drop_index("ix_purchases_tenant_id_import_id", "purchases")
    op.drop_column("purchases", "import_id")
    op.drop_table("purchase_sellers")
    op.drop_table("file_import_rows")
    op.drop_table("file_imports")
