"""Getting in: log-ins, invitations, personal codes, passwords."""
