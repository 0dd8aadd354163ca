"""Clocks: their state in the history (`state`), the reports of sla that still hold (`reports`), and
the dormant timers that wait for another agreement (`dormant`)."""
