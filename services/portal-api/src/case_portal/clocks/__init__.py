"""The clocks of a case, and why they say what they say."""
