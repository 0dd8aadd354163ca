"""The clocks of a case, and the explanation of their values."""
