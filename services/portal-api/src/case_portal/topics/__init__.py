"""The report of the most reported topics."""
