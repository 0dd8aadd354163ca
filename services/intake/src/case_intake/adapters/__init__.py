"""Intake's ports made real."""
