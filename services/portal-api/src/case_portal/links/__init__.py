"""Links between cases: links, split, merge, follow-up, problems."""
