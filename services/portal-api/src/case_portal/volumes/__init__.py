"""Counts of cases: volumes, backlog and ratings."""
