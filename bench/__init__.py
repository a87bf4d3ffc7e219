"""Benchmarks: one command each, run by `make bench`."""
