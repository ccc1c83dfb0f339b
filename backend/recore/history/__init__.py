"""操作履歴 (R31): who changed what, for people; the table is platform/audit.py."""
