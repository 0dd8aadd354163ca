"""Mails of many kinds, broken at random: what fuzzing and benchmarks read."""
