"""Bounces of notices, and addresses that take mail again."""
