"""The ports made real."""

from importlib.resources import files

MIGRATIONS = files("case_workflow.adapters") / "migrations"
