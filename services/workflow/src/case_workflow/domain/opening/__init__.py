"""Opening: how a case begins, and what the definition makes of what came in."""
