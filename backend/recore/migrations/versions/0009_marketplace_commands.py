"""marketplace_commands, marketplace_command_events: what the extension does on the marketplace's own pages (R24, R27)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from recore.migrations.row_security import protect

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
STATES = ("QUEUED", "CLAIMED", "SENDING", "DONE", "FAILED", "NEEDS_REVIEW", "CANCELLED")
OPEN = sa.text("state IN ('QUEUED', 'CLAIMED', 'SENDING', 'NEEDS_REVIEW')")
TARGETS = {"account_id": "marketplace_accounts", "order_id": "orders", "listing_id": "listings", "device_id": "devices"}


def upgrade() -> None:
    _commands()
    op.create_table(
        "marketplace_command_events",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        sa.Column("command_id", NUMBER, nullable=False),
        sa.Column("source", sa.String(24)),
        sa.Column("target", sa.String(24), nullable=False),
        sa.Column("cause", sa.String(1000), nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("actor_label", sa.String(120), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_marketplace_command_events_tenant_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "command_id"],
            ["marketplace_commands.tenant_id", "marketplace_commands.id"],
            name="fk_marketplace_command_events_tenant_id_command_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_marketplace_command_events"),
        sa.UniqueConstraint("tenant_id", "id", name="uq_marketplace_command_events_tenant_id_id"),
    )
    op.create_index(
        "ix_marketplace_command_events_tenant_id_command_id", "marketplace_command_events", ["tenant_id", "command_id"]
    )
    protect("marketplace_commands")
    protect("marketplace_command_events")


def _commands() -> None:
    table = "marketplace_commands"
    kind = sa.Enum("SHIP", "END", name="commandkind", native_enum=False, create_constraint=True, length=24)
    state = sa.Enum(*STATES, name="commandstate", native_enum=False, create_constraint=True, length=24)
    op.create_table(
        table,
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("tenant_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("order_id", NUMBER),
        sa.Column("listing_id", NUMBER),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("state_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(1000)),
        sa.Column("asked_by", sa.String(120), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("device_id", NUMBER),
        sa.Column("lease_until", MOMENT),
        sa.Column("nonce", sa.String(80)),
        sa.Column("clicks", NUMBER, nullable=False),
        sa.Column("not_taken", NUMBER, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.CheckConstraint(
            "(kind = 'SHIP' AND order_id IS NOT NULL AND listing_id IS NULL)"
            " OR (kind = 'END' AND listing_id IS NOT NULL AND order_id IS NULL)",
            name=op.f("ck_marketplace_commands_target"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{table}_tenant_id"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], name=f"fk_{table}_tenant_id_{column}"
            )
            for column, target in TARGETS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("tenant_id", "id", name=f"uq_{table}_tenant_id_id"),
    )
    for target in ("order", "listing"):
        columns = ["tenant_id", f"{target}_id"]
        op.create_index(
            f"uq_{table}_open_{target}", table, columns, unique=True, sqlite_where=OPEN, postgresql_where=OPEN
        )
        op.create_index(f"ix_{table}_tenant_id_{target}_id", table, columns)
    op.create_index(f"ix_{table}_open", table, ["tenant_id", "account_id"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_table("marketplace_command_events")
    op.drop_table("marketplace_commands")
