"""Benchmarks: the cost of the platform, compared with the same work done bare (`make bench`)."""
