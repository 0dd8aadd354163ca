"""Approvals and work: asked, granted, booked, billed."""
