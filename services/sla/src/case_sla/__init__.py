"""Keeps the clocks: deadlines, warnings, breaches, escalations."""
