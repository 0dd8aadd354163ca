"""The pure domain of intake: no I/O, no clock, no randomness."""
