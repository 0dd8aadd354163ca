"""Two tenants that differ only in their own data, and attackers who try to see the other's."""
