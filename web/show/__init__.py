"""How a run's parts look: pure functions from values to frozen view models and escaped pieces."""
