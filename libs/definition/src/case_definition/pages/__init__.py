"""Definitions as pictures and pages."""
