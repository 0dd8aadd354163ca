"""Automation: what follows by itself from an event, as the definition says."""
