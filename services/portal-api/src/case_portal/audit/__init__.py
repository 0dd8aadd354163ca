"""The security log, as the features publish it."""
