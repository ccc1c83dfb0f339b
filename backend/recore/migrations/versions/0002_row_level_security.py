"""Row-level security on PostgreSQL: the second wall behind the tenant filter (architecture rule 10).

`recore.tenant` is set per transaction by platform/db.py: a tenant's id, or `*` in a system scope.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _tenant_tables() -> list[str]:
    inspector = sa.inspect(op.get_bind())
    return [
        table
        for table in inspector.get_table_names()
        if any(column["name"] == "tenant_id" for column in inspector.get_columns(table))
    ]


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in _tenant_tables():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant_rows ON {table} USING ("
            " current_setting('recore.tenant', true) = '*'"
            " OR tenant_id::text = current_setting('recore.tenant', true))"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in _tenant_tables():
        op.execute(f"DROP POLICY tenant_rows ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
