"""Decisions: a yes or no that a case waits for, by a person with the role."""
