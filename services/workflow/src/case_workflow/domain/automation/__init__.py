"""Automation: the consequences that a definition adds to an event."""
