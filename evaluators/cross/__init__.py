"""What the artifacts say about each other."""
