"""file_imports.undo_at, undo_by, undone_at; file_import_rows.undo_note: an import that was taken back (R4)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("file_imports", sa.Column("undo_at", MOMENT))
    op.add_column("file_imports", sa.Column("undo_by", sa.String(120)))
    op.add_column("file_imports", sa.Column("undone_at", MOMENT))
    op.add_column("file_import_rows", sa.Column("undo_note", sa.String(500)))


def downgrade() -> None:
    op.drop_column("file_import_rows", "undo_note")
    for name in ("undone_at", "undo_by", "undo_at"):
        op.drop_column("file_imports", name)
