"""Tells people what happened to a case."""
