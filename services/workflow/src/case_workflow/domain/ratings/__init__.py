"""Ratings: the stars that a contact gives a case."""
