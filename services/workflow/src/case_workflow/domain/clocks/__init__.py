"""Clocks: what the history has of them (`state`), which reports of sla still hold (`reports`),
and the dormant timers that wait for another agreement (`dormant`)."""
