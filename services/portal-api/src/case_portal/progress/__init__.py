"""Phases, decisions, releases and ratings."""
