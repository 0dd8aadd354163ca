"""Folds events into cases and decides what follows."""
