"""Experiments on the prompt library: what a change of a prompt does to the answers, and how sure that is."""
