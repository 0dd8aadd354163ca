"""Mails that the portal requests from notify."""
