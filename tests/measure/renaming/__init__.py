"""The parts of renaming a service: words, what must stay, names, keys, the envelope."""
