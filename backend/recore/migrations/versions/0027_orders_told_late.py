"""When an order last changed there, a buyer's wish to cancel it, and what is in orders that were not taken in (R22, R24, R27)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("orders", sa.Column("changed_there", MOMENT))
    op.add_column("orders", sa.Column("asks_to_cancel", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("pulled_orders", sa.Column("numbers", JSON))
    op.add_column("api_links", sa.Column("unread_numbers", JSON))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT set_config('recore.tenant', '*', true)")
    op.execute(  # what is short of units is told of every movement from now on
        "UPDATE stock_items SET is_followed = true WHERE EXISTS (SELECT 1 FROM order_lines WHERE order_lines.tenant_id ="
        " stock_items.tenant_id AND order_lines.stock_item_id = stock_items.id AND order_lines.stock_state = 'OVERSOLD')"
    )


def downgrade() -> None:
    op.drop_column("api_links", "unread_numbers")
    op.drop_column("pulled_orders", "numbers")
    op.drop_column("orders", "asks_to_cancel")
    op.drop_column("orders", "changed_there")
