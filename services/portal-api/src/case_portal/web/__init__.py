"""Shared by all pages and routes."""
