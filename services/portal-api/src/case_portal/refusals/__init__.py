"""Refusals: refused input and refused commands."""
