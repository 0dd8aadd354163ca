"""The commands `casefold definition` and `casefold calendar`."""
