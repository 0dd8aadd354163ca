"""Benchmarks: what the platform takes, beside what the same work takes bare (`make bench`)."""
