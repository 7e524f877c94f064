"""The design assistant: from a sentence to a proved change in a project."""
