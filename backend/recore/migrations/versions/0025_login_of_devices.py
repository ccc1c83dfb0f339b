"""devices.login_id, pairing_requests.login_id: the login that let a browser in, whose policy it acts by (R2)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0027"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("devices", sa.Column("login_id", NUMBER))
    op.add_column("pairing_requests", sa.Column("login_id", NUMBER))


def downgrade() -> None:
    op.drop_column("pairing_requests", "login_id")
    op.drop_column("devices", "login_id")
