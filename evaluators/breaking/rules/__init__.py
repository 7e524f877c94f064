"""Rules of this family, one a module."""
