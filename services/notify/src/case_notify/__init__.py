"""The service notify: tells people and other systems what happened to a case."""
