"""Row-level security for a new table on PostgreSQL, as 0002 gave it to the first ones (architecture rule 10)."""

from __future__ import annotations

from alembic import op


def protect(table: str) -> None:
    """Rows of other tenants are neither seen nor written, whatever the query forgets."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant_rows ON {table} USING ("
        " current_setting('recore.tenant', true) = '*'"
        " OR tenant_id::text = current_setting('recore.tenant', true))"
    )
