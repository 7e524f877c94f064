"""A blog with drafts, tags, comments and moderation."""
