"""The service workflow: decides what happens to a case, and writes its history."""
