"""Notices: the last ones to the contacts of a case."""
