"""Approvals: an agent asks a contact for work to be approved; the contact grants or declines."""
