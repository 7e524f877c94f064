"""Orders against stock and a balance."""
