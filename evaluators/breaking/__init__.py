"""What changed between two states of a project, and whom it breaks."""
