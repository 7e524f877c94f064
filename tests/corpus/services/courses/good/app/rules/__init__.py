"""Business rules: visibility, states, conflicts, grading, transactions."""
