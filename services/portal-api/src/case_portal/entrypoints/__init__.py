"""Where people and programs come in: API, pages, command line."""
