"""Routes: the contract, without rules and without queries."""
