"""One module a rule; found by pkgutil."""
