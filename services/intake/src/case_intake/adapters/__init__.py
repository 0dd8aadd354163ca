"""Implementations of the ports of intake: PostgreSQL, memory, effect handlers."""
