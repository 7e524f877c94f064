"""Model backends: anything that turns a Prompt into a Completion."""
