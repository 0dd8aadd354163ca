"""Notices: the last ones that the contacts of a case were sent."""
