"""Clocks as pure values: no I/O, no clock of the machine."""
