"""Books on shelves, their authors, tags and memos."""
