"""Decisions: a yes or no that a case waits for, given by somebody with the role."""
