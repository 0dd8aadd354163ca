"""The people of a case: watchers, and colleagues who are consulted."""
