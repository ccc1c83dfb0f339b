"""自動処理: what runs in the background, for the manager and the operator (the table is platform/jobs.py)."""
