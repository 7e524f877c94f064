"""The gate: judges a draft or a folder; knows nothing of prompts, models, CLI or web."""
