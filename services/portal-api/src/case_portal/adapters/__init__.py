"""The ports made real: PostgreSQL, the Door, intake over HTTP."""
