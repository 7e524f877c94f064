"""Files in folders, with a quota and share links."""
