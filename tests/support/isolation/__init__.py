"""Two tenants alike in all but what is theirs, and whoever tries to see the other's."""
