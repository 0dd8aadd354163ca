"""Attainment and breaches of promises."""
