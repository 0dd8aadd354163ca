"""A new case: its form, and how it goes to intake."""
