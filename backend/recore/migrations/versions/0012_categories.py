"""category_trees, categories, category_imports, category_uses: imported category trees and which of them a shop uses (R10)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from recore.migrations.row_security import protect

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _of_channel(
        "category_trees",
        ("channel",),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.Column("imported_by", sa.String(120), nullable=False),
    )
    _of_channel(
        "categories",
        ("channel", "category_id"),
        sa.Column("category_id", sa.String(40), nullable=False),
        sa.Column("parent_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("path", sa.String(1000), nullable=False),
        sa.Column("is_leaf", sa.Boolean(), nullable=False),
    )
    state = sa.Enum("READ", "DONE", name="importstate", native_enum=False, create_constraint=True, length=24)
    _of_channel(
        "category_imports",
        None,
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("total", NUMBER, nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("fates", sa.Text()),
        sa.Column("notes", JSON),
        sa.Column("removed", NUMBER, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("taken_at", MOMENT),
    )
    op.create_index("ix_category_imports_tenant_id_made_at", "category_imports", ["tenant_id", "made_at"])
    _of_channel(
        "category_uses",
        ("channel", "word", "category_id"),
        sa.Column("word", sa.String(40), nullable=False),
        sa.Column("category_id", sa.String(40), nullable=False),
        sa.Column("uses", NUMBER, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=False),
    )


def _of_channel(name: str, key: tuple[str, ...] | None, *columns: sa.Column) -> None:
    """A tenant table about a channel, in which `key` names one row."""
    unique = []
    if key is not None:
        named = f"uq_{name}_{'_'.join(('tenant_id', *key))}"
        unique.append(sa.UniqueConstraint("tenant_id", *key, name=named))
    op.create_table(
        name,
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        sa.Column("channel", sa.String(30), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{name}_tenant_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("tenant_id", "id", name=f"uq_{name}_tenant_id_id"),
        *unique,
    )
    protect(name)


def downgrade() -> None:
    for name in ("category_uses", "category_imports", "categories", "category_trees"):
        op.drop_table(name)
