"""The public key that proves a store's calls of the order API, and how it is taken (R24)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_links", sa.Column("key_taken_at", sa.DateTime(timezone=True)))
    op.add_column("api_links", sa.Column("key_problem", sa.String(500)))
    op.add_column("api_links", sa.Column("key_ends_on", sa.Date()))


def downgrade() -> None:
    op.drop_column("api_links", "key_ends_on")
    op.drop_column("api_links", "key_problem")
    op.drop_column("api_links", "key_taken_at")
