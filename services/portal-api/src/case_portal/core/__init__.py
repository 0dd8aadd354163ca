"""Who asks, what is wrong with what they ask, and in which zone they read times."""
