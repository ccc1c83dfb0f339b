"""purchases.login_id: whose empty draft it is; purchase_lines.removed_at: a deleted line that can be put back (R4)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0013"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("purchases", sa.Column("login_id", NUMBER))
    op.add_column("purchase_lines", sa.Column("removed_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("purchase_lines", "removed_at")
    op.drop_column("purchases", "login_id")
