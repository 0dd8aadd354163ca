"""Who takes part in a case: watchers, and colleagues who are consulted."""
