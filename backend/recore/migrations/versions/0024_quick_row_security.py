"""PostgreSQL: row security asks for the tenant once per statement, and listing_seen keeps half of each page free, because
every run marks its rows anew (HOT updates) (B2)."""

from __future__ import annotations

from alembic import op

from recore.migrations.row_security import OWN_ROWS

revision = "0024"
down_revision = "0020"
branch_labels = None
depends_on = None

PER_ROW = "current_setting('recore.tenant', true) = '*' OR tenant_id::text = current_setting('recore.tenant', true)"
PROTECTED = "SELECT tablename FROM pg_policies WHERE policyname = 'tenant_rows' AND schemaname = current_schema()"


def upgrade() -> None:
    _policies(OWN_ROWS)
    _on_postgresql("ALTER TABLE listing_seen SET (fillfactor = 50)")


def downgrade() -> None:
    _policies(PER_ROW)
    _on_postgresql("ALTER TABLE listing_seen RESET (fillfactor)")


def _policies(own_rows: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for (table,) in op.get_bind().exec_driver_sql(PROTECTED).all():
            op.execute(f"ALTER POLICY tenant_rows ON {table} USING ({own_rows})")


def _on_postgresql(statement: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(statement)
