"""The work log: time booked on a case, and corrected, within what was approved."""
