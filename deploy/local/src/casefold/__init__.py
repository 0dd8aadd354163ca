"""The casefold command and the whole platform on one machine."""
