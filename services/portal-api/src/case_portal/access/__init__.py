"""Access: log-ins, invitations, personal codes, passwords."""
