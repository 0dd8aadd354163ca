"""Mails that the portal asks notify for."""
