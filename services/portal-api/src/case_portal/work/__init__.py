"""Approvals and work: requested, granted, booked, billed."""
