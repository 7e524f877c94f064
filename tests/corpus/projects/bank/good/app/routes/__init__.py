"""The routes, one module for each tag of the contract."""
