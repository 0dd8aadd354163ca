"""Volumes, backlog and ratings: cases counted."""
