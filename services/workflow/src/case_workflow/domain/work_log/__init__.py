"""The work log: time that is booked on a case, and corrected, within the approvals."""
