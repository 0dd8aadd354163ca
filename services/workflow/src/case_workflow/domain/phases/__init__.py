"""Phases: entering one, and the status that goes with it."""
