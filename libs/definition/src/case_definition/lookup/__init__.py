"""Definitions and reference data, compiled for many lookups a second."""
