"""The prompt library: data. Only this package marker is Python."""
