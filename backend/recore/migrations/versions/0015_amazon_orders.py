"""Orders that come in pages chained by tokens, up to when they are known, and offers that wait for that (R22, R27)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0023"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("order_pulls", sa.Column("listing_until", MOMENT))
    op.add_column("order_pulls", sa.Column("page_token", sa.String(4000)))
    op.add_column("api_links", sa.Column("heard_until", MOMENT))
    op.add_column("api_offers", sa.Column("raise_to", NUMBER))
    op.add_column("api_offers", sa.Column("raise_since", MOMENT))


def downgrade() -> None:
    op.drop_column("api_offers", "raise_since")
    op.drop_column("api_offers", "raise_to")
    op.drop_column("api_links", "heard_until")
    op.drop_column("order_pulls", "page_token")
    op.drop_column("order_pulls", "listing_until")
