"""The current principal, the problems of a request, and time zones."""
