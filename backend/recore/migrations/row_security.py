"""Row-level security for a table on PostgreSQL (architecture rule 10)."""

from __future__ import annotations

from alembic import op

# Subselects: the setting is read once per statement, not once per row, and the planner sees how many rows one tenant has.
SETTING = "(SELECT current_setting('recore.tenant', true))"
OWN_ROWS = (
    f"{SETTING} = '*' OR tenant_id = (SELECT CASE WHEN {SETTING} ~ '^[0-9]+$' THEN {SETTING}::bigint END)"
)


def protect(table: str) -> None:
    """Rows of other tenants are neither seen nor written, whatever the query forgets."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant_rows ON {table} USING ({OWN_ROWS})")
