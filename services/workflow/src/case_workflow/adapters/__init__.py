"""The case history in PostgreSQL, read through the `eventsourcing` library."""

from importlib.resources import files

MIGRATIONS = files("case_workflow.adapters") / "migrations"
