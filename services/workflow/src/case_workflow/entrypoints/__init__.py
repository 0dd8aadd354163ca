"""The HTTP API of the history, and the commands of the command line."""
