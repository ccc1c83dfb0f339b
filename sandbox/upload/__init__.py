"""一括アップロード: what the store tool does with a file (yahoo.md, "The file"); nothing is shared with who made it."""
