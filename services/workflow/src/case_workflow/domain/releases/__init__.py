"""Releases: planning a case for one, moving it to a later one, and the end of a release."""
