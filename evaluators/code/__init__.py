"""The code: one module a language, secrets, dependencies."""
