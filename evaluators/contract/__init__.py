"""The OpenAPI contract: facts, validation and lint."""
