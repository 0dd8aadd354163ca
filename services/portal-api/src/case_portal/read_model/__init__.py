"""The read model of a case, and the part of it that a principal may see."""
