"""The entry points of intake: SMTP, HTTP, the command line."""
