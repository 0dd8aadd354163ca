"""Tags: words by which the desk groups its cases, put on a case and taken off it."""
