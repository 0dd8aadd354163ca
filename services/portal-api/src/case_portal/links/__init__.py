"""Other cases: links, split, merge, follow-up, problems."""
