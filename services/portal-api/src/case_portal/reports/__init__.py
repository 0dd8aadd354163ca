"""Attainment and breaches of what was promised."""
