"""The API's operations: every module brings its `router`."""
